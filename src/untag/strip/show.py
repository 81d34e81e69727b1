"""Plans and proofs as lines for a person. Everything that comes from a file is made safe to show."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from untag.sinks.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.strip.base import Edit
    from untag.strip.plan import Plan
    from untag.strip.prove import Proof

SHOWN: Final = 12
"""Removed things of one edit, and places of one file that are left to a person; the plan as JSON holds all."""
PATCH: Final = 60
"""Lines of a suggested patch."""
WIDTH: Final = 160
"""Characters of a line of a patch, or of what is left to a person: minified code has lines of a megabyte."""
_NUMBER: Final = re.compile(r"([0-9]{1,9})")


def plan_lines(plan: Plan) -> Iterator[str]:
    """Yield a plan."""
    due, asked = plan.due(), [e for e in plan.left() if e.safety == "unsafe" and e.kind != "migration"]
    yield f"plan for {plain(plan.title)}"
    yield from _edits("would be removed", due)
    yield from _edits("scripts would be written, which the owner of the database runs", plan.scripts())
    yield from _edits("would be removed with --unsafe", asked)
    yield from _manual(plan)
    yield from _refused(plan)
    yield from _callers(plan)
    if not due and not plan.refusals and not plan.left():
        yield "  nothing to remove: no finding that the policy blocks or warns of"
    yield from _exempt(plan)
    yield from _gaps(plan)


def proof_lines(proof: Proof, out: str, where: str) -> Iterator[str]:
    """Yield what was done and proved. ``out`` is where the result is, ``where`` the proof, as the caller named them."""
    plan = proof.plan
    yield f"{plain(plan.title)} → {plain(out)}"
    beside = [file.name for file in proof.files if file.after_sha256 and file.name != plan.single]
    if plan.single and beside:
        names = ", ".join(sorted(file.name for file in proof.files if file.after_sha256)[:SHOWN])
        yield f"  (a folder that holds {plain(names)})"
    yield from _edits("removed", plan.due())
    yield from _edits("scripts written, not run", plan.scripts())
    yield from _edits(
        "not done: of class unsafe", [e for e in plan.left() if e.safety == "unsafe" and e.kind != "migration"]
    )
    yield from _manual(plan)
    yield from _refused(plan)
    yield ""
    yield "proved"
    for name, check in proof.checks:
        of = f" ({plain(name)})" if name else ""
        yield f"  {'✓' if check.passed else '✗'} {check.name}{of}: {plain(check.detail)}"
    for file in proof.files:
        after = f"{file.after_sha256[:16]}… {file.after_size:,} bytes" if file.after_sha256 else "deleted"
        before = f"{file.before_sha256[:16]}… {file.before_size:,} bytes" if file.before_sha256 else "new"
        yield f"    {plain(file.name)}: {before} → {after}"
    if proof.same:
        yield f"    {_count(proof.same, 'other file')} copied unchanged"
    for name, note in proof.notes:
        yield f"  note ({plain(name)}): {plain(note)}"
    yield from _callers(plan)
    yield from _exempt(plan)
    yield from _gaps(plan)
    yield ""
    yield f"proof: {plain(where)}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _about(attribute: str) -> str:
    """Return the attribute in brackets; nothing where only the caller says that something goes."""
    return f"  [{attribute}]" if attribute and attribute != "named" else ""


def _edits(title: str, edits: Iterable[Edit]) -> Iterator[str]:
    rows = list(edits)
    if not rows:
        return
    yield ""
    yield title
    said: set[str] = set()
    for edit in rows:
        yield f"  {edit.safety:<7} {plain(edit.unit)}: {plain(edit.target)}{_about(edit.attribute)}"
        patch = str(edit.detail.get("patch", "")).splitlines()
        # a patch shows what goes
        removes = () if patch else edit.removes
        for what in removes[:SHOWN]:
            yield f"      removes {plain(what)}"
        if len(removes) > SHOWN:
            yield f"      and {len(removes) - SHOWN} more: --json lists them"
        others = [name for name in edit.files if name != edit.unit]
        if others and edit.safety != "manual":
            more = f" and {len(others) - SHOWN} more" if len(others) > SHOWN else ""
            yield f"      changes {plain(', '.join(others[:SHOWN]))}{more}, too"
        told = [f"depends: {text}" for text in edit.depends]
        told += [edit.why] if edit.why and edit.why not in edit.depends else []
        for text in told:
            # what is said of every patch is said once
            if not (patch and text in said):
                yield f"      {plain(text)}"
            said.add(text)
        for line in patch_lines(patch[:PATCH]):
            yield f"        {plain(line)}"
        if len(patch) > PATCH:
            yield f"        and {len(patch) - PATCH} more lines: --json holds the whole patch"


def _manual(plan: Plan) -> Iterator[str]:
    """Yield what a person must change, by file: why once, then the places."""
    rows: dict[tuple[str, str], list[Edit]] = {}
    for edit in plan.left():
        if edit.safety == "manual" and edit.kind != "migration":
            rows.setdefault((edit.unit, edit.why), []).append(edit)
    if not rows:
        return
    yield ""
    yield "left to a person"
    for (unit, why), edits in rows.items():
        attributes = ", ".join(dict.fromkeys(e.attribute for e in edits if e.attribute))
        yield f"  manual  {plain(unit)}{_about(attributes)}: {plain(why)}"
        targets = sorted(dict.fromkeys(e.target for e in edits), key=_numbered)
        for target in targets[:SHOWN]:
            yield f"      {plain(_cut(target))}"
        if len(targets) > SHOWN:
            yield f"      and {len(targets) - SHOWN} more: --json lists them"


def _numbered(text: str) -> list[tuple[int, str]]:
    """Return a key by which line 9 stands before line 10."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in _NUMBER.split(text)]


def _refused(plan: Plan) -> Iterator[str]:
    if not plan.refusals:
        return
    yield ""
    yield "refused"
    for refusal in plan.refusals:
        yield f"  {plain(refusal.unit)}: {plain(refusal.target)}"
        yield f"      {plain(refusal.reason)}"
        if refusal.needed:
            yield f"      needed: {plain(refusal.needed)}"


def _cut(text: str, at: int = 0) -> str:
    """Return a text, or of a long one the part around a place."""
    if len(text) <= WIDTH:
        return text
    start = max(0, min(at - WIDTH // 2, len(text) - WIDTH))
    return f"{'…' if start else ''}{text[start : start + WIDTH]}{'…' if start + WIDTH < len(text) else ''}"


def patch_lines(lines: Sequence[str]) -> Iterator[str]:
    """Yield the lines of a patch, long ones around the first letter that changes."""
    gone = [line[1:] for line in lines if line.startswith("-") and not line.startswith("---")]
    come = [line[1:] for line in lines if line.startswith("+") and not line.startswith("+++")]
    pairs = {old: new for old, new in zip(gone, come, strict=False) if len(old) > WIDTH}
    places = {
        text: sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(*pair, strict=False)))
        for pair in pairs.items()
        for text in pair
    }
    for line in lines:
        at = places.get(line[1:], 0)
        yield line[:1] + _cut(line[1:], at)


def _callers(plan: Plan) -> Iterator[str]:
    if not plan.callers:
        return
    yield ""
    yield "callers in the same tree: they read what goes, and must change with it"
    for caller in plan.callers:
        yield f"  {plain(caller.name)}:{caller.line}  {plain(caller.what)}"


def _exempt(plan: Plan) -> Iterator[str]:
    listed = {print_ for edit in plan.edits for print_ in edit.findings}
    count = sum(d.action == "exempt" and d.finding.fingerprint not in listed for d in plan.report.decisions)
    if count:
        yield ""
        stays = "stays as it is" if count == 1 else "stay as they are"
        yield f"{_count(count, 'finding')} that the policy exempts {stays}"


def _gaps(plan: Plan) -> Iterator[str]:
    gaps: Sequence[object] = plan.report.gaps
    if gaps:
        were = "artifact was" if len(gaps) == 1 else "artifacts were"
        yield ""
        yield f"{len(gaps):,} {were} not read: untag scan says why; what stands there is not removed"
