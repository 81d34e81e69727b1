"""Archives: what stands inside is stripped as a folder is, and packed again; all other members keep their bytes.

Zip files, wheels, jars and tars. What is unpacked is never run, links are not followed and not written, and what
signs its members, is encrypted or leads out of its folder is refused.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass, replace
from untag.strip.archive import tars, zips
from untag.strip.base import Check, Choice, Edit, Outcome, Refusal, StripError, Unit, sha256
from untag.strip.callers import find_callers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import ModuleType

    from untag.model import Finding

ZIPS: Final = (".zip", ".whl", ".egg", ".jar", ".war", ".mar", ".nupkg", ".aar")
TARS: Final = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz", ".crate")
CALLERS: Final = 12
"""Lines inside of an archive that are told to read what goes."""


@dataclass(frozen=True, slots=True)
class Inside:
    """An archive's members on disk, with what is planned for them."""

    folder: Path
    listing: tuple[str, ...]
    units: dict[str, Unit]
    edits: tuple[Edit, ...]
    refusals: tuple[Refusal, ...]


class Archive:
    """Strips the members of archives."""

    name = "archive"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Whether it is an archive that is packed again here, and a finding stands inside or it is the target."""
        inside = any(len(finding.trail) > 1 for finding in unit.findings)
        return (inside or unit.alone) and _format(unit) is not None

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield the edits of the members, each as one of the archive."""
        with tempfile.TemporaryDirectory(prefix="untag-archive-") as name, _opened(unit, choice, Path(name)) as inside:
            for refused in inside.refusals:
                yield Refusal(
                    unit.name,
                    f"{refused.unit}: {refused.target}" if refused.target != refused.unit else refused.unit,
                    refused.reason,
                    refused.needed,
                    refused.findings,
                )
            digest = sha256(unit.path) if inside.edits else ""
            for edit in inside.edits:
                yield _outer(unit, edit, inside, choice, digest)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """Do the edits of the members, and pack them with the others as these are."""
        chosen, choice = _again(unit, edits)
        kind = _format(unit)
        if kind is None:
            raise StripError(f"{unit.name} is not the archive that the plan was made for; plan again")
        with tempfile.TemporaryDirectory(prefix=".untag-archive-", dir=staging) as name:
            work = Path(name)
            for part in ("in", "out"):
                (work / part).mkdir()
            with _opened(unit, choice, work / "in") as inside:
                outcomes = [
                    outcome
                    for outcome in _done(inside, chosen, work / "out", progress)
                    if outcome.written or outcome.deleted
                ]
            written = {n: work / "out" / n for outcome in outcomes for n in outcome.written}
            deleted = {n for outcome in outcomes for n in outcome.deleted}
            target = staging / unit.name
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                copied = kind.pack(unit.path, unit.name, written, deleted, target)
                checks = [*_checks(kind, unit, target, copied, written, deleted, work)]
            except BaseException:
                target.unlink(missing_ok=True)
                raise
        checks += [replace(c, detail=f"{o.unit}: {c.detail}") for o in outcomes for c in o.checks]
        failed = next((check for check in checks if not check.passed), None)
        if failed is not None:
            target.unlink(missing_ok=True)
            raise StripError(f"{unit.name}: {failed.name}: {failed.detail}; nothing was written")
        notes = [f"{o.unit}: {note}" for o in outcomes for note in o.notes]
        return Outcome(self.name, unit.name, (unit.name,), (), tuple(checks), tuple(notes))


def _format(unit: Unit) -> ModuleType | None:
    """Return the module that packs an archive, by its name and its content."""
    lower = unit.name.lower()
    try:
        with unit.path.open("rb") as file:
            head = file.read(512)
    except OSError:
        return None
    if lower.endswith(ZIPS) and head[:4] == b"PK\x03\x04":
        return zips
    packed = any(head.startswith(mark) for mark, _ in tars.MARKS)
    return tars if lower.endswith(TARS) and (packed or head[257:262] == b"ustar") else None


def _inner(finding: Finding, unit: Unit) -> Finding | None:
    """Return a finding as one of the member that it stands in; nothing for one of the archive itself."""
    trail = finding.trail[1:]
    # a packed tar is a tar inside of its packing
    if len(trail) > 1 and trail[0].lower().endswith(".tar") and not unit.name.lower().endswith((".tar", *ZIPS)):
        trail = trail[1:]
    return replace(finding, trail=(trail[0].removeprefix("./"), *trail[1:])) if trail else None


@contextmanager
def _opened(unit: Unit, choice: Choice, folder: Path) -> Iterator[Inside]:
    """Unpack an archive and plan for what it holds."""
    from untag.strip.plan import planned_of, units_of, walk  # noqa: PLC0415 - the plan asks the editors

    kind = _format(unit)
    if kind is None:
        raise StripError(f"{unit.name} is no archive that can be packed again here")
    kind.unpack(unit.path, unit.name, folder)
    listing = tuple(walk(folder))
    found = [inner for finding in unit.findings if (inner := _inner(finding, unit)) is not None]
    units = units_of(folder, listing, "", found, choice)
    edits, refusals = planned_of(units, choice)
    yield Inside(folder, listing, {one.name: one for _, one, _ in units}, tuple(edits), tuple(refusals))


def _outer(unit: Unit, edit: Edit, inside: Inside, choice: Choice, digest: str) -> Edit:
    """Return the edit of a member as one of its archive."""
    safety, why = edit.safety, edit.why
    if edit.kind == "migration":
        safety, why = "manual", "its script is written where the dump lies unpacked: unpack it and strip the folder"
    callers = find_callers(inside.folder, inside.listing, [edit])
    inner = [f"changes {name} inside, too" for name in edit.files if name != edit.unit]
    return Edit(
        editor="archive",
        unit=unit.name,
        kind="text" if edit.kind == "migration" else edit.kind,
        target=f"{edit.unit}: {edit.target}",
        attribute=edit.attribute,
        safety=safety,
        files=(unit.name,),
        removes=edit.removes,
        depends=(
            *edit.depends,
            *inner,
            *(f"{caller.name}:{caller.line} inside: {caller.what}" for caller in callers[:CALLERS]),
        ),
        why=why,
        findings=edit.findings,
        detail={
            "member": edit.unit,
            "target": edit.target,
            "names": edit.detail.get("names", []),
            "sha256": digest,
            "outputs": list(choice.outputs),
            "classes": list(choice.classes),
            "renormalise": choice.renormalise,
            **({"patch": edit.detail["patch"]} if "patch" in edit.detail else {}),
        },
    )


def _again(unit: Unit, edits: Sequence[Edit]) -> tuple[set[tuple[str, str]], Choice]:
    """Return which edits of members a plan states, and the choice that they were made by."""
    try:
        chosen = {(str(edit.detail["member"]), str(edit.detail["target"])) for edit in edits}
        first: dict[str, Any] = edits[0].detail
        choice = Choice(
            outputs=tuple(map(str, first["outputs"])),
            classes=tuple(map(str, first["classes"])),
            renormalise=bool(first["renormalise"]),
        )
        digests = {str(edit.detail["sha256"]) for edit in edits}
    except (KeyError, TypeError, IndexError) as error:
        raise StripError(f"{unit.name}: the plan does not say which members change; make the plan anew") from error
    if digests != {sha256(unit.path)}:
        raise StripError(f"{unit.name} is not the file that the plan was made for; plan again")
    return chosen, choice


def _done(
    inside: Inside, chosen: set[tuple[str, str]], out: Path, progress: Callable[[str], None] | None
) -> Iterator[Outcome]:
    """Let the editor of each member do what the plan states."""
    from untag.strip.editors import editors  # noqa: PLC0415 - it imports this module

    todo = [edit for edit in inside.edits if (edit.unit, edit.target) in chosen]
    if {(edit.unit, edit.target) for edit in todo} != chosen:
        raise StripError("the members are not those that the plan was made for; plan again")
    for name in dict.fromkeys(edit.unit for edit in todo):
        own = [edit for edit in todo if edit.unit == name]
        editor = next(one for one in editors() if one.name == own[0].editor)
        yield editor.apply(inside.units[name], own, out, progress)


def _checks(
    kind: ModuleType,
    unit: Unit,
    target: Path,
    copied: dict[str, str],
    written: dict[str, Path],
    deleted: set[str],
    work: Path,
) -> Iterator[Check]:
    """Yield the comparison of the new archive, which is read again, with the old one."""
    before, after = kind.held(unit.path, unit.name, work), kind.held(target, unit.name, work)
    others = {name for name in before if name in copied}
    wrong = sorted(name for name in others if not before[name] == after.get(name) == copied[name])
    expected = (set(before) - deleted) | set(written)
    odd = sorted(set(after) ^ expected)
    detail = f"{len(others):,} other members with their headers, as they lie: {len(wrong)} differ"
    if odd:
        detail += f"; {odd[0]} is there, or not, though it should not"
    yield Check("other members", not wrong and not odd, detail, {"members": len(others), "different": wrong})
    digests = kind.read(target, unit.name, work)
    bad = sorted(name for name, path in written.items() if digests.get(name) != sha256(path))
    detail = f"read again: {len(digests):,} members, {len(written)} of them written anew: {len(bad)} differ"
    yield Check("parses", not bad, detail, {"members": len(digests), "written": len(written)})


EDITOR: Final = Archive()
