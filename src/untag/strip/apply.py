"""Do what a plan says, to a copy, and prove it; or leave nothing.

Everything is written into a staging folder beside the result, which takes its name only when every check has
passed: an interrupted or failed run leaves the input and the place of the result as they were.
"""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.scan import scan
from untag.sources import SourceOptions
from untag.sources.database.address import scheme_of
from untag.strip.base import Check, FileProof, RefusedError, StripError, Unit, sha256
from untag.strip.editors import editors
from untag.strip.plan import beside, stamp, walk
from untag.strip.prove import Proof

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.model import Report
    from untag.policy.base import Policy
    from untag.strip.base import Edit, Outcome
    from untag.strip.plan import Plan

STAGING: Final = ".untag-strip-"
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
) -> Proof:
    """Apply a plan to a copy at ``out`` and return the proof, every check of which holds.

    ``partial`` goes on although something was refused. With ``in_place`` the changed files are replaced where
    they stand, after a copy of each was kept below ``NAME.untag-backup``, and ``out`` is not used.
    Raises `StripError`, with nothing written, when the bytes are not those of the plan, when an edit fails or
    cannot be proved, and when the disk or the target does not allow it.
    """
    if plan.refusals and not partial:
        first = plan.refusals[0]
        more = f", and {len(plan.refusals) - 1} more" if len(plan.refusals) > 1 else ""
        raise RefusedError(f"nothing was written: {first.unit}: {first.target}: {first.reason}{more}; see --dry-run")
    if not plan.due() and not plan.scripts():
        raise RefusedError("nothing was written: the plan holds no edit that would be done; see --dry-run")
    live = scheme_of(plan.title) != ""
    if in_place and live:
        raise StripError("a live database is never changed: give -o FOLDER for the script that its owner runs")
    _unchanged(plan)
    if not in_place and (out.is_symlink() or (out.exists() and (not out.is_dir() or any(out.iterdir())))):
        raise StripError(f"{out} exists: name a new file or folder, or an empty one")
    home = (plan.root if plan.single else plan.root.parent) if in_place else out.parent
    try:
        home.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=home))
    except OSError as error:
        raise StripError(f"cannot write beside {out}: {error.strerror or error}; choose another place") from error
    try:
        proof = _staged(plan, staging, policy, overlays, progress)
        _unchanged(plan)
        if in_place:
            _replace(plan, proof, staging)
        else:
            _settle(plan, proof, staging, out)
    except OSError as error:
        what = "the disk is full" if error.errno in (errno.ENOSPC, errno.EDQUOT) else str(error.strerror or error)
        raise StripError(f"nothing was written: {what}") from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return proof


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
) -> Proof:
    """Write the result into the staging folder and prove it there."""
    outcomes = [_edited(plan, name, edits, staging, progress) for name, edits in _by_unit(plan)]
    written = {name for outcome in outcomes for name in outcome.written}
    deleted = {name for outcome in outcomes for name in outcome.deleted}
    checks = [(outcome.unit, check) for outcome in outcomes for check in outcome.checks]
    same, after = 0, plan.report
    if not scheme_of(plan.title):
        same = _copied(plan, staging, written | deleted)
        after = _rescan(staging, policy, overlays)
        units = {edit.unit for edit in plan.scripts()}
        scripts = {name for outcome in outcomes if outcome.unit in units for name in outcome.written}
        checks.append(("", _gone(plan, after, scripts)))
    failed = next(((name, check) for name, check in checks if not check.passed), None)
    if failed:
        name, check = failed
        raise RefusedError(f"nothing was written: {name + ': ' if name else ''}{check.name} not proved: {check.detail}")
    return Proof(
        plan=plan,
        files=tuple(_proofs(plan, staging, written, deleted)),
        same=same,
        checks=tuple(checks),
        notes=tuple((outcome.unit, note) for outcome in outcomes for note in outcome.notes),
        editors=tuple(sorted({(e.name, e.version) for e in editors() if e.name in {o.editor for o in outcomes}})),
        after=after,
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
    outcome = editor.apply(Unit(plan.root, name, found, listing), edits, staging, progress)
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


def _gone(plan: Plan, after: Report, scripts: set[str]) -> Check:
    """Hold the scan of the result against the findings that were to go; ``scripts`` name what they drop."""
    asked = {print_ for edit in plan.due() for print_ in edit.findings}
    still = sorted(asked & {f.fingerprint for f in after.findings})
    before = {f.fingerprint for f in plan.report.findings}
    strict = [d.finding for d in after.decisions if d.action in ("block", "warn")]
    fresh = sorted({f.fingerprint for f in strict if f.trail[0] not in scripts} - before)
    passed = not still and not fresh
    detail = f"{len(asked):,} findings gone"
    if still:
        detail = f"still found: {', '.join(still)}"
    elif fresh:
        detail = f"the result has findings that the input had not: {', '.join(fresh)}"
    figures = {"removed": len(asked), "left": len(after.findings), "still": still, "new": fresh}
    return Check("re-scan", passed, detail, figures)


def _proofs(plan: Plan, staging: Path, written: set[str], deleted: set[str]) -> Iterator[FileProof]:
    for name in sorted(written | deleted):
        old, new = plan.root / name, staging / name
        was = name in plan.digests
        yield FileProof(
            name,
            plan.digests[name] if was else "",
            old.stat().st_size if was else 0,
            sha256(new) if name in written else "",
            new.stat().st_size if name in written else 0,
        )


def _settle(plan: Plan, proof: Proof, staging: Path, out: Path) -> None:
    """Give the staged result its name. A single file keeps its side files in the folder ``out``'s place asks for."""
    if not plan.single:
        if plan.root.is_dir():
            shutil.copystat(plan.root, staging)
        if out.is_dir():
            out.rmdir()
        staging.replace(out)
        return
    written = [file.name for file in proof.files if file.after_sha256]
    if written == [plan.single] and not out.is_dir():
        (staging / plan.single).replace(out)
        return
    # the model's side files go with it: the result is a folder
    if out.is_dir():
        out.rmdir()
    staging.replace(out)


def _replace(plan: Plan, proof: Proof, staging: Path) -> None:
    """Replace the changed files where they stand; a failure puts back what was there."""
    keep = plan.root / f"{plan.single}{BACKUP}" if plan.single else plan.root.with_name(plan.root.name + BACKUP)
    if keep.exists():
        raise StripError(f"{keep} exists from a run before: move it away, it holds your backup")
    for file in proof.files:
        if file.before_sha256:
            (keep / file.name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(plan.root / file.name, keep / file.name)
    done: list[str] = []
    try:
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
