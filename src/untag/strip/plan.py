"""From findings to a plan: disjoint edits, what is refused, what a person must do, and who calls what goes.

A plan changes nothing. It holds the digests of the files that it was made for, so that it cannot be
applied to other bytes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass, field, replace
from untag.scan import scan
from untag.sources import SourceOptions
from untag.sources.database.address import scheme_of
from untag.strip.base import Choice, Digest, Edit, Refusal, StripError, Unit, sha256, stamp
from untag.strip.callers import Caller, find_callers
from untag.strip.editors import editors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from untag.model import Decision, Finding, Report
    from untag.policy.base import Policy
    from untag.strip.base import Editor

NEVER: Final = ("self_reported", "document")
"""Acquisitions that are never cut on our own account: people said it of themselves, or a document states it."""
QUIET: Final = ("declared", "audits", "mentions", "prohibits")
"""Operations that take nothing from anyone: text about the practice, declarations, audits."""
MODELS: Final = ("onnx", "tfjs", "safetensors", "torch", "tflite", "opaque", "labels")
"""Editors that choose by findings and by names together."""
LARGE: Final = 32 << 20
"""Bytes from which on a file is digested while its editor plans."""
OWN: Final = re.compile(rb'\s*\{\s*"schema":\s*"untag/[a-z]+/v[0-9]+"')
"""The beginning of a plan, a proof or a report: they speak of what goes, and are no part of what they speak of."""
LISTED: Final = 200_000
"""Files below a root that a plan looks through for side files and callers; larger trees are stripped in parts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be removed from a target, and what would not."""

    root: Path
    """Folder that holds every file of the plan; on disk now, not part of ``plan.json``."""
    title: str
    """The target as the caller named it, without a path of this machine."""
    single: str
    """Relative name of the file when the target is one file, else empty."""
    choice: Choice
    report: Report
    """The scan that it was made from."""
    edits: tuple[Edit, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    callers: tuple[Caller, ...] = ()
    digests: dict[str, str] = field(default_factory=dict)
    """SHA-256 of every file that an edit rewrites or deletes, by relative name."""
    stamps: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    """Size, time of change and inode of the same files when they were digested: a file that is untouched since is
    not read again."""

    def due(self) -> tuple[Edit, ...]:
        """Return the edits that will be done: the safe ones, and the unsafe ones where they were asked for."""
        wanted = ("safe", "unsafe") if self.choice.unsafe else ("safe",)
        return tuple(edit for edit in self.edits if edit.safety in wanted)

    def scripts(self) -> tuple[Edit, ...]:
        """Return the edits for which a script is written, that the owner of a database runs."""
        return tuple(edit for edit in self.edits if edit.kind == "migration")

    def left(self) -> tuple[Edit, ...]:
        """Return the edits that a person must do or ask for."""
        done = set(map(id, self.due()))
        return tuple(edit for edit in self.edits if id(edit) not in done)


def make_plan(
    target: str,
    *,
    choice: Choice | None = None,
    policy: Policy | str = "untag-core",
    overlays: Sequence[str] = (),
    options: SourceOptions | None = None,
    jobs: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Plan:
    """Scan a file or a folder and plan what `untag.strip.apply.apply` will remove from a copy of it.

    Raises `StripError` for a target that cannot be stripped (a link, a package still in its registry), and for
    a choice that names nothing in it; other errors are those of `untag.scan.scan`.
    """
    choice = choice or Choice()
    path = Path(target)
    if scheme_of(target):
        return _of_database(target, choice, policy, overlays)
    if path.is_symlink() or not (path.is_file() or path.is_dir()):
        raise StripError(f"cannot strip {target}: name a file or a folder; fetch and unpack a package first")
    options = options or SourceOptions(gitignore=False)
    report = scan(
        target, policy=policy, overlays=overlays, options=options, jobs=jobs, progress=progress, inline_waivers=False
    )
    # not before: the scan may fork, which a thread does not go well with
    early = Digest(path) if path.is_file() and path.stat().st_size > LARGE else None
    try:
        return _of_files(path, choice, report, early)
    finally:
        if early is not None:
            early.leave()


def _of_files(path: Path, choice: Choice, report: Report, early: Digest | None) -> Plan:
    """Plan for a file or a folder. ``early`` is the digest of a single large file, under way."""
    root, single = (path, "") if path.is_dir() else (path.parent, path.name)
    listing = tuple(n for n in ((single, *beside(root, single)) if single else walk(root)) if not own(root / n))
    chosen, kept = choose((d for d in report.decisions if not own(root / d.finding.trail[0])), choice)
    # of what is named a person has to know what is never cut on its own account
    told = list(report.decisions) if choice.by_name else chosen
    units = units_of(root, listing, single, [d.finding for d in told], choice)
    edits, refusals = planned_of(units, choice)
    by_name = choice.by_name
    manual = [] if by_name else [_manual(decision) for decision in kept]
    unknown = _unknown(units, choice, [*edits, *refusals]) if by_name else ()
    if unknown:
        names = ", ".join(unknown)
        raise StripError(f"nothing in {report.target} is called {names}: names are exact, letter by letter")
    touched = sorted({name for edit in edits if edit.safety != "manual" for name in edit.files})
    stamps = {name: stamp(root / name) for name in touched if (root / name).is_file()}
    return Plan(
        root=root,
        title=report.target,
        single=single,
        choice=choice,
        report=report,
        edits=tuple(sorted((*edits, *manual), key=lambda e: (e.unit, e.editor, e.target))),
        refusals=tuple(sorted(refusals, key=lambda r: (r.unit, r.target))),
        callers=find_callers(root, listing, edits),
        digests={name: early.get() if early and name == single else sha256(root / name) for name in stamps},
        stamps=stamps,
    )


def _unknown(units: list[tuple[int, Unit, Editor]], choice: Choice, items: Sequence[Edit | Refusal]) -> list[str]:
    """Return the names of a choice that nothing has: those for which alone nothing would be planned."""
    names = [*choice.outputs, *choice.classes]
    if not items or len(names) == 1:
        return [] if items else names
    alone = [replace(choice, outputs=(name,), classes=()) for name in choice.outputs]
    alone += [replace(choice, outputs=(), classes=(name,)) for name in choice.classes]
    return [name for name, one in zip(names, alone, strict=True) if not any(planned_of(units, one))]


def own(path: Path) -> bool:
    """Whether a file is a plan, a proof or a report of this tool."""
    if path.suffix.lower() != ".json":
        return False
    try:
        with path.open("rb") as file:
            return OWN.match(file.read(128)) is not None
    except OSError:
        return False


def _of_database(target: str, choice: Choice, policy: Policy | str, overlays: Sequence[str]) -> Plan:
    """Plan for a live database, of which nothing is changed: its tables with findings go to the migration editor."""
    report = scan(target, policy=policy, overlays=overlays, inline_waivers=False)
    root = Path(report.target)
    chosen, kept = choose(report.decisions, choice)
    tables: dict[str, list[Finding]] = {}
    for decision in chosen:
        tables.setdefault(decision.finding.trail[0], []).append(decision.finding)
    editor = next(e for e in editors() if e.name == "migration")
    units = [(0, Unit(root, name, tuple(found)), editor) for name, found in sorted(tables.items())]
    edits, refusals = planned_of(units, choice)
    return Plan(
        root=root,
        title=report.target,
        single="",
        choice=choice,
        report=report,
        edits=tuple(sorted((*edits, *map(_manual, kept)), key=lambda e: (e.unit, e.editor, e.target))),
        refusals=tuple(refusals),
    )


def walk(root: Path) -> Iterable[str]:
    """Yield the relative names of the regular files below ``root``, in byte order; links are left out."""
    count = 0
    for folder, folders, files in os.walk(root, followlinks=False):
        folders.sort()
        for name in sorted(files):
            full = Path(folder) / name
            if full.is_symlink() or not full.is_file():
                continue
            count += 1
            if count > LISTED:
                raise StripError(f"more than {LISTED:,} files below {root.name}: strip the parts on their own")
            yield full.relative_to(root).as_posix()


def beside(root: Path, single: str) -> tuple[str, ...]:
    """Return the files that stand beside a single file and may belong to it: weights, configuration, label maps."""
    entries = os.scandir(root or ".")
    found = [e.name for e in entries if e.is_file(follow_symlinks=False) and e.name != single]
    return tuple(sorted(found)[:LISTED])


def choose(decisions: Iterable[Decision], choice: Choice) -> tuple[list[Decision], list[Decision]]:
    """Return the decisions whose findings are to be removed, and those that a person must judge.

    Raises `StripError` for a fingerprint that no finding has.
    """
    found = list(decisions)
    missing = sorted(set(choice.findings) - {d.finding.fingerprint for d in found})
    if missing:
        raise StripError(f"no finding has the fingerprint {', '.join(missing)}: untag scan lists them")
    chosen, kept = [], []
    for decision in found:
        finding = decision.finding
        named = finding.fingerprint in choice.findings
        if choice.findings and not named:
            continue
        if choice.attributes and finding.attribute not in choice.attributes:
            continue
        if decision.action == "exempt":
            # what the policy exempts is not left over: it stays, unless the caller speaks of it
            if named or (choice.attributes and finding.operation not in QUIET):
                kept.append(decision)
        elif finding.acquisition in NEVER:
            if decision.action in ("block", "warn") or named:
                kept.append(decision)
        elif named or (decision.action in ("block", "warn") and finding.operation not in QUIET):
            chosen.append(decision)
    return chosen, kept


def units_of(
    root: Path, listing: tuple[str, ...], single: str, found: Iterable[Finding], choice: Choice
) -> list[tuple[int, Unit, Editor]]:
    """Return each file that is to be planned, with its editor and the editor's place in the order."""
    by_file: dict[str, list[Finding]] = {}
    for finding in found:
        by_file.setdefault(finding.trail[0], []).append(finding)
    named = choice.by_name
    candidates = [single] if single else sorted(by_file if not named else set(listing) | set(by_file))
    order = list(enumerate(editors()))
    units = []
    for name in candidates:
        unit = Unit(root, name, tuple(by_file.get(name, ())), listing, alone=bool(single))
        if not unit.findings and not named:
            continue
        for rank, editor in order:
            if editor.takes(unit):
                units.append((rank, unit, editor))
                break
    return sorted(units, key=lambda item: (item[0], item[1].name))


def planned_of(units: list[tuple[int, Unit, Editor]], choice: Choice) -> tuple[list[Edit], list[Refusal]]:
    """Return disjoint edits: a file that one editor's edit rewrites is planned by no other."""
    edits: list[Edit] = []
    refusals: list[Refusal] = []
    owners: dict[str, str] = {}
    for _, unit, editor in units:
        prints = tuple(f.fingerprint for f in unit.findings)
        if unit.name in owners:
            # it goes with another file's edit: a label map beside its model
            owner = owners[unit.name]
            at = next(i for i, e in enumerate(edits) if e.unit == owner)
            edits[at] = replace(edits[at], findings=tuple(dict.fromkeys((*edits[at].findings, *prints))))
            continue
        planned, refused = _of_one(unit, editor, choice)
        taken = sorted({name for e in planned for name in e.files if owners.get(name, unit.name) != unit.name})
        if taken:
            refused.append(
                Refusal(
                    unit.name,
                    ", ".join(taken),
                    f"{', '.join(taken)} is changed by the edit of {owners[taken[0]]}, too",
                    "strip one of the two first, then the other",
                    prints,
                )
            )
        if refused:
            # one edit of a file that is refused leaves the file as it is
            refusals.extend(refused)
            edits.extend(e for e in planned if e.safety == "manual")
            continue
        edits.extend(planned)
        for edit in planned:
            if edit.safety != "manual":
                owners.update(dict.fromkeys(edit.files, unit.name))
    return edits, refusals


def _of_one(unit: Unit, editor: Editor, choice: Choice) -> tuple[list[Edit], list[Refusal]]:
    planned: list[Edit] = []
    refused: list[Refusal] = []
    if choice.by_name and editor.name in MODELS:
        # findings would choose, too
        unit = replace(unit, findings=())
    try:
        for item in editor.plan(unit, choice):
            if choice.by_name and isinstance(item, Edit) and item.safety == "manual":
                continue
            (planned if isinstance(item, Edit) else refused).append(item)  # type: ignore[arg-type]
    except StripError as error:
        refused.append(refusal(unit.name, str(error), unit.findings))
    except Exception as error:  # noqa: BLE001 - a hostile file may break an editor, and the others go on
        said = f"the editor {editor.name} failed on it ({type(error).__name__}: {str(error)[:200]}); it may be damaged"
        refused.append(refusal(unit.name, said, unit.findings))
    return planned, refused


def refusal(name: str, why: str, findings: Iterable[Finding]) -> Refusal:
    """Return the refusal of a whole file, its name said once."""
    while why.startswith(f"{name}: "):
        why = why[len(name) + 2 :]
    short = name.rsplit("/", 1)[-1]
    return Refusal(name, name, why.removeprefix(f"{short}: "), "", tuple(f.fingerprint for f in findings))


def _manual(decision: Decision) -> Edit:
    """Return the entry of a finding that is never cut without a person's judgement."""
    finding = decision.finding
    if decision.action == "exempt":
        why = f"exempt: {decision.clause}"
    elif finding.acquisition == "self_reported":
        why = "people say it of themselves: whether it may be asked is for a person to judge"
    else:
        why = "read from a document: whether it may be kept is for a person to judge"
    return Edit(
        editor="none",
        unit=finding.trail[0],
        kind="field",
        target=" › ".join(finding.route) or finding.term,
        attribute=finding.attribute,
        safety="manual",
        files=(finding.trail[0],),
        why=why,
        findings=(finding.fingerprint,),
    )
