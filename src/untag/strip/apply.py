"""Do what a plan says, to a copy, and prove it; or leave nothing.

Everything is written into a staging folder beside the result, which takes its name only when every check has
passed: an interrupted or failed run leaves the input and the place of the result as they were.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.nouns import replace
from untag.scan import scan
from untag.sources import SourceOptions
from untag.sources.database.address import scheme_of
from untag.strip.base import Check, FileProof, RefusedError, StripError, Unit, said, sha256, stamp
from untag.strip.editors import editors
from untag.strip.plan import beside, refusal, walk
from untag.strip.prove import Proof
from untag.strip.staging import staging as staged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.model import Report
    from untag.policy.base import Policy
    from untag.strip.base import Edit, Outcome
    from untag.strip.plan import Plan

BACKUP: Final = ".untag-backup"


def apply(
    plan: Plan,
    out: Path,
    *,
    policy: Policy | str = "untag-core",
    overlays: Sequence[str] = (),
    partial: bool = False,
    in_place: bool = False,
    progress: Callable[[str], None] | None = None,
    proved: Callable[[Proof], None] | None = None,
) -> Proof:
    """Apply a plan to a copy at ``out`` and return the proof, every check of which holds.

    ``partial`` goes on although something was refused. With ``in_place`` the changed files are replaced where
    they stand, after a copy of each was kept below ``NAME.untag-backup``, and ``out`` is not used. ``proved`` is
    called when every check has passed and before the result takes its name: there the proof is written, so that no
    result is ever without it; what it raises leaves no result.
    Raises `StripError`, with nothing written, when the bytes are not those of the plan, when an edit fails or
    cannot be proved, and when the disk or the target does not allow it.
    """
    if plan.refusals and not partial:
        first = plan.refusals[0]
        more = f", and {len(plan.refusals) - 1} more" if len(plan.refusals) > 1 else ""
        target = f"{first.target}: " if first.target != first.unit else ""
        raise RefusedError(f"nothing was written: {first.unit}: {target}{first.reason}{more}; see --dry-run")
    if not plan.due() and not plan.scripts():
        asked = sum(edit.safety == "unsafe" for edit in plan.left())
        how = f"{asked} of class unsafe would be: read the plan, then add --unsafe" if asked else "see the plan"
        raise RefusedError(f"nothing was written: no edit of the plan is done on its own; {how}")
    live = scheme_of(plan.title) != ""
    if in_place and live:
        raise StripError("a live database is never changed: give -o FOLDER for the script that its owner runs")
    _unchanged(plan)
    if in_place:
        _writable(plan)
    if not in_place and (out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir())))):
        raise StripError(f"{out} exists: name a new file or folder, or an empty one")
    if not in_place and not plan.single and not live and out.absolute().resolve().is_relative_to(plan.root.resolve()):
        raise StripError(f"{out} lies inside of {plan.title}: name a place beside it")
    home = (plan.root if plan.single else plan.root.parent) if in_place else out.parent
    with ExitStack() as stack:
        try:
            home.mkdir(parents=True, exist_ok=True)
            staging = stack.enter_context(staged(home))
        except OSError as error:
            raise StripError(f"cannot write beside {out}: {error.strerror or error}; choose another place") from error
        try:
            proof = _staged(plan, staging, policy, overlays, progress, partial=partial)
            _unchanged(plan)
            if proved:
                proved(proof)
            if in_place:
                _replace(plan, proof, staging)
            else:
                _settle(plan, proof, staging, out)
        except OSError as error:
            raise StripError(f"nothing was written: {said(error)}") from error
    return proof


def _writable(plan: Plan) -> None:
    """Refuse to replace what its owner made read-only, though the folder would allow it."""
    for edit in plan.due():
        for name in edit.files:
            path = plan.root / name
            if path.is_file() and not path.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
                raise StripError(f"{name} is read-only, and stays as it is: give -o, or make it writable first")
    if (keep := _backup(plan)).exists():
        raise StripError(f"{keep} exists from a run before: move it away, it holds your backup")


def _backup(plan: Plan) -> Path:
    """Return where the files that are replaced are kept."""
    return plan.root / f"{plan.single}{BACKUP}" if plan.single else plan.root.with_name(plan.root.name + BACKUP)


def _unchanged(plan: Plan) -> None:
    """Hold the files against those of the plan: by their stamps, and by their digests where these differ."""
    for name, digest in plan.digests.items():
        path = plan.root / name
        there = path.is_file() and not path.is_symlink()
        if not there or (stamp(path) != plan.stamps.get(name) and sha256(path) != digest):
            raise StripError(f"{name} is not the file that the plan was made for: make the plan anew")


def _staged(
    plan: Plan,
    staging: Path,
    policy: Policy | str,
    overlays: Sequence[str],
    progress: Callable[[str], None] | None,
    *,
    partial: bool,
) -> Proof:
    """Write the result into the staging folder and prove it there; with ``partial`` leave out files that fail."""
    outcomes: list[Outcome] = []
    for name, edits in _by_unit(plan):
        before = set(walk(staging)) if partial else set()
        try:
            outcomes.append(_edited(plan, name, edits, staging, progress))
        except RefusedError as error:
            if not partial:
                raise
            for file in set(walk(staging)) - before:
                (staging / file).unlink()
            plan = _without(plan, name, edits, str(error))
    if not outcomes:
        raise RefusedError(f"nothing was written: {plan.refusals[-1].unit}: {plan.refusals[-1].reason}")
    written = {name for outcome in outcomes for name in outcome.written}
    deleted = {name for outcome in outcomes for name in outcome.deleted}
    for name in written:
        if (plan.root / name).is_file():
            # who may read and run a file is not ours to change
            shutil.copymode(plan.root / name, staging / name)
    checks = [(outcome.unit, check) for outcome in outcomes for check in outcome.checks]
    same, after = 0, plan.report
    if not scheme_of(plan.title):
        same = _copied(plan, staging, written | deleted)
        after = _rescan(staging, policy, overlays)
        units = {edit.unit for edit in plan.scripts()}
        scripts = {name for outcome in outcomes if outcome.unit in units for name in outcome.written}
        # of a single file the scan before did not see the files beside it that change, too
        told = {d.finding.trail[0] for d in after.decisions} & (written - {plan.single}) if plan.single else set()
        near = sorted(name for name in told if (plan.root / name).is_file())
        others = [scan(str(plan.root / n), policy=policy, overlays=overlays, inline_waivers=False) for n in near]
        checks.append(("", _gone(plan, others, after, scripts, written | deleted)))
        plan = _answered(plan, after)
    failed = next(((name, check) for name, check in checks if not check.passed), None)
    if failed:
        name, check = failed
        raise RefusedError(f"nothing was written: {name + ': ' if name else ''}{check.name} not proved: {check.detail}")
    return Proof(
        plan=plan,
        files=tuple(_proofs(plan, staging, written, deleted, {k: v for o in outcomes for k, v in o.digests.items()})),
        same=same,
        checks=tuple(checks),
        notes=tuple((outcome.unit, note) for outcome in outcomes for note in outcome.notes),
        editors=tuple(sorted({(e.name, e.version) for e in editors() if e.name in {o.editor for o in outcomes}})),
        after=after,
    )


def _answered(plan: Plan, after: Report) -> Plan:
    """Return a plan without what was left to a person and went along: of its file nothing like it is found any more."""
    strict = [d.finding for d in after.decisions if d.action in ("block", "warn")]
    still = {(finding.trail[0], finding.attribute) for finding in strict}
    prints = {finding.fingerprint for finding in after.findings}
    attributes = {finding.fingerprint: finding.attribute for finding in plan.report.findings}

    def stays(edit: Edit) -> bool:
        if edit.safety != "manual" or edit.kind == "migration" or not edit.findings:
            return True
        own = {attributes.get(print_, edit.attribute) for print_ in edit.findings} | {edit.attribute}
        return bool(prints & set(edit.findings)) or any((edit.unit, attribute) in still for attribute in own)

    return replace(plan, edits=tuple(edit for edit in plan.edits if stays(edit)))


def _without(plan: Plan, name: str, edits: list[Edit], why: str) -> Plan:
    """Return a plan without the edits of a file that could not be done."""
    failed = set(map(id, edits))
    prints = {print_ for edit in edits for print_ in edit.findings}
    found = [f for f in plan.report.findings if f.fingerprint in prints]
    return replace(
        plan,
        edits=tuple(edit for edit in plan.edits if id(edit) not in failed),
        refusals=(*plan.refusals, refusal(name, why, found)),
    )


def _by_unit(plan: Plan) -> Iterator[tuple[str, list[Edit]]]:
    todo = (*plan.due(), *plan.scripts())
    for name in dict.fromkeys(edit.unit for edit in todo):
        yield name, [edit for edit in todo if edit.unit == name]


def _edited(plan: Plan, name: str, edits: list[Edit], staging: Path, progress: Callable[[str], None] | None) -> Outcome:
    """Let the editor of one file do its edits."""
    editor = next((e for e in editors() if e.name == edits[0].editor), None)
    if editor is None or any(edit.editor != editor.name for edit in edits):
        raise StripError(f"{name}: no editor {edits[0].editor}; the plan was made by another version")
    if progress:
        progress(f"{name}: {', '.join(edit.target for edit in edits)}")
    if scheme_of(plan.title):
        listing: tuple[str, ...] = ()
    else:
        listing = (plan.single, *beside(plan.root, plan.single)) if plan.single else tuple(walk(plan.root))
    wanted = {print_ for edit in edits for print_ in edit.findings}
    found = tuple(f for f in plan.report.findings if f.trail[0] == name and f.fingerprint in wanted)
    try:
        outcome = editor.apply(Unit(plan.root, name, found, listing), edits, staging, progress)
    except StripError as error:
        said = str(error)
        raise RefusedError(said if name.rsplit("/", 1)[-1] in said else f"{name}: {said}") from error
    except OSError:
        raise
    except Exception as error:
        said = f"the editor {editor.name} failed on it ({type(error).__name__}: {str(error)[:200]})"
        raise RefusedError(f"{name}: {said}; nothing was written") from error
    allowed = {file for edit in edits for file in edit.files}
    for file in (*outcome.written, *outcome.deleted):
        if file not in allowed and (plan.root / file).exists():
            raise StripError(f"{name}: the editor changed {file}, which is not in the plan")
    if not outcome.checks:
        raise StripError(f"{name}: the editor {editor.name} gave no proof")
    return outcome


def _copied(plan: Plan, staging: Path, changed: set[str]) -> int:
    """Copy every file that no edit touches; of a single file, only what the edit wrote belongs to the result."""
    if plan.single:
        return 0
    count = 0
    for folder, folders, files in os.walk(plan.root, followlinks=False):
        here = Path(folder)
        relative = here.relative_to(plan.root)
        (staging / relative).mkdir(exist_ok=True)
        for name in [*folders, *files]:
            source, target = here / name, staging / relative / name
            if source.is_symlink():
                target.symlink_to(source.readlink())
            elif name in files and source.is_file() and (relative / name).as_posix() not in changed:
                shutil.copy2(source, target)
                count += 1
    return count


def _rescan(staging: Path, policy: Policy | str, overlays: Sequence[str]) -> Report:
    options = SourceOptions(gitignore=False)
    return scan(str(staging), policy=policy, overlays=overlays, options=options, inline_waivers=False)


def _gone(plan: Plan, others: Sequence[Report], after: Report, scripts: set[str], changed: set[str]) -> Check:
    """Hold the scan of the result against the findings that were to go; ``scripts`` name what they drop.

    ``others`` are scans of further files before. Findings of files that were ``changed`` are counted: of a single
    file nothing else is in the result.
    """
    asked = {print_ for edit in plan.due() for print_ in edit.findings}
    still = sorted(asked & {f.fingerprint for f in after.findings})
    reports = (plan.report, *others)
    before = {f.fingerprint for report in reports for f in report.findings}
    strict = [d.finding for d in after.decisions if d.action in ("block", "warn")]
    # what stays may be told anew, of fewer groups and at other places: then its file has no more findings than it had;
    # where only a part was chosen, one finding may become several
    had = Counter(d.finding.trail[0] for r in reports for d in r.decisions if d.action in ("block", "warn"))
    part = plan.choice.by_name or plan.choice.attributes or plan.choice.findings
    counts = Counter(f.trail[0] for f in strict)
    more = {name for name, count in counts.items() if not had[name] or (count > had[name] and not part)}
    fresh = sorted({f.fingerprint for f in strict if f.trail[0] in more - scripts} - before)
    passed = not still and not fresh
    was = {f.fingerprint for f in plan.report.findings if f.trail[0] in changed}
    gone = len(was - {f.fingerprint for f in after.findings})
    detail = f"{gone:,} finding{'' if gone == 1 else 's'} gone, no file has a new one"
    if still:
        detail = f"still found: {', '.join(still)}"
    elif fresh:
        detail = f"the result has findings that the input had not: {', '.join(fresh)}"
    figures = {"asked": len(asked), "removed": gone, "left": len(after.findings), "still": still, "new": fresh}
    return Check("re-scan", passed, detail, figures)


def _proofs(
    plan: Plan, staging: Path, written: set[str], deleted: set[str], digests: dict[str, str]
) -> Iterator[FileProof]:
    for name in sorted(written | deleted):
        old, new = plan.root / name, staging / name
        was = name in plan.digests
        yield FileProof(
            name,
            plan.digests[name] if was else "",
            old.stat().st_size if was else 0,
            (digests.get(name) or sha256(new)) if name in written else "",
            new.stat().st_size if name in written else 0,
        )


def _settle(plan: Plan, proof: Proof, staging: Path, out: Path) -> None:
    """Give the staged result its name. A single file keeps its side files in the folder ``out``'s place asks for."""
    if not plan.single:
        if out.is_dir():
            out.rmdir()
        staging.replace(out)
        if plan.root.is_dir():
            _like(plan.root, out)
        return
    written = [file.name for file in proof.files if file.after_sha256]
    if written == [plan.single] and not out.is_dir():
        (staging / plan.single).replace(out)
        return
    # the model's side files go with it: the result is a folder, with the rights of any new one
    out.mkdir(exist_ok=True)
    shutil.copymode(out, staging)
    out.rmdir()
    staging.replace(out)


def _like(root: Path, out: Path) -> None:
    """Give the folders of a result the rights of those that they are copies of, the innermost first."""
    for folder, _, _ in os.walk(out, topdown=False, followlinks=False):
        its = root / Path(folder).relative_to(out)
        with suppress(OSError):
            # a folder that may not be written to could not have been filled, nor be given its name
            (shutil.copystat if its == root else shutil.copymode)(its, folder)


def _replace(plan: Plan, proof: Proof, staging: Path) -> None:
    """Replace the changed files where they stand; a failure puts back what was there."""
    keep = _backup(plan)
    done: list[str] = []
    try:
        for file in proof.files:
            if file.before_sha256:
                (keep / file.name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(plan.root / file.name, keep / file.name)
        for file in proof.files:
            done.append(file.name)
            if file.after_sha256:
                (staging / file.name).replace(plan.root / file.name)
            else:
                (plan.root / file.name).unlink()
    except BaseException:
        for name in done:
            if (keep / name).exists():
                shutil.copy2(keep / name, plan.root / name)
            else:
                (plan.root / name).unlink(missing_ok=True)
        shutil.rmtree(keep, ignore_errors=True)
        raise
