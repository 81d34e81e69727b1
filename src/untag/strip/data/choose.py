"""Which columns, keys and classes of a data set go: those that a finding or the caller names, never a neutral one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.interpret import naming
from untag.model import SCOPE_KINDS
from untag.nouns import dataclass
from untag.strip.base import Edit, Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.model import Finding
    from untag.strip.base import Choice, Unit

AUDITS: Final = frozenset(("fairness_evaluation", "bias_correction_data"))
AUDITED: Final = "lowers audit"
"""Evidence that the policy found too weak to exempt: for cutting a data set unasked it is too strong."""
TOLD: Final = ("self_reported", "document")
NAME: Final = 200
"""Characters that a finding keeps of a name."""
_KIND: Final = re.compile(rf"(?:{'|'.join(SCOPE_KINDS)}) (?=.)")
_QUOTES: Final = "`\"'[]"
_DECLARED: Final = re.compile(r"self|declar|report|consent|voluntar|questionnaire|自述|自報|自报|申报", re.IGNORECASE)
"""Words of a name that say that the people said it themselves."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A name that goes, or that a person has to look at."""

    name: str
    attribute: str
    safety: str
    why: str
    fingerprints: tuple[str, ...]
    prose: bool = False
    """Its values are sentences: a caption is rewritten by a person, not cut."""


def plain(name: str) -> str:
    """Return a name as findings write it: on one line, cut to `NAME` characters."""
    return " ".join(name.replace("\0", " ").split())[:NAME]


def leaves(finding: Finding) -> tuple[str, ...]:
    """Return what a finding may call the thing that it is about: the end of its route, with and without its kind."""
    if not finding.route:
        return ()
    bare = leaf(finding)
    return tuple(dict.fromkeys((finding.route[-1], bare, bare.strip(_QUOTES))))


def leaf(finding: Finding) -> str:
    """Return what a finding is about as its route names it, without the kind before it."""
    last = finding.route[-1] if finding.route else ""
    return _KIND.sub("", last, count=1) if _KIND.match(last) else last


def of_values(finding: Finding) -> bool:
    """Whether a finding speaks of the values in a column, whose own name is neutral."""
    return bool(finding.route) and finding.route[-1].startswith("row ")


def hands_off(finding: Finding) -> str:
    """Return why a finding is never answered by a cut that nobody asked for; empty where it may be."""
    if finding.acquisition == "self_reported" or finding.operation == "declared":
        return "the people said it of themselves: whether it is kept is theirs and their lawyer's to say"
    if finding.acquisition == "document":
        return "it is a field of a document or of an entitlement, and is not cut without its owner"
    if AUDITS & set(finding.exemptions):
        return "the data set stands under a bias-audit exemption: it is needed to find and correct bias"
    if any(evidence.kind == AUDITED for evidence in finding.because):
        return "words of a bias audit stand beside it: what is needed to correct bias is not cut unasked"
    return ""


def choose(
    names: Sequence[str], unit: Unit, choice: Choice, values: Callable[[str], Sequence[str]] | None = None
) -> Iterator[Wanted]:
    """Yield what goes among the names of a table, each once, in their order.

    ``values`` gives a sample of the distinct values of a name; it is asked for names that say nothing themselves.
    """
    known = list(dict.fromkeys(names))
    by_name: dict[str, list[Finding]] = {name: [] for name in known}
    plains = {name: plain(name) for name in known}
    for finding in unit.findings:
        ends = leaves(finding)
        for name in known:
            if plains[name] in ends or name in ends:
                by_name[name].append(finding)
    chosen = set(choice.outputs)
    attributes = {f.attribute for name in known for f in by_name[name] if not hands_off(f)}
    for name in known:
        found = by_name[name]
        if name in chosen or plains[name] in chosen:
            yield _named(name, found)
        elif choice.by_name:
            continue
        elif found:
            wanted = _found(name, found, values)
            if wanted is not None:
                yield wanted
        elif naming.attribute_of(name) in attributes:
            yield _beside(name)


def _named(name: str, found: list[Finding]) -> Wanted:
    """Judge a name that the caller names."""
    attribute = found[0].attribute if found else naming.attribute_of(name)
    why = next((w for w in map(hands_off, found) if w), "")
    return Wanted(name, attribute, "unsafe" if why else "safe", why, _prints(found))


def _found(name: str, found: list[Finding], values: Callable[[str], Sequence[str]] | None) -> Wanted | None:
    """Judge a name that findings name."""
    prints, attribute = _prints(found), found[0].attribute
    why = next((w for w in map(hands_off, found) if w), "")
    if why:
        return Wanted(name, attribute, "manual", why, prints)
    if naming.attribute_of(name) or naming.groups_of(name):
        return Wanted(name, attribute, "safe", "", prints)
    told = [v for v in (values(name) if values is not None else ()) if v.strip()]
    if any(v.count(" ") >= 3 for v in told):  # noqa: PLR2004 - as a caption is told
        how = "sentences in it name groups: rewrite them, or drop the column by --output"
        return Wanted(name, attribute, "manual", how, prints, prose=True)
    if not all(of_values(f) for f in found):
        return Wanted(name, attribute, "safe", "", prints)
    groups = sum(map(bool, naming.protected(told, attribute)))
    if groups and groups * 2 >= len(told):
        return Wanted(name, attribute, "safe", "", prints)
    if groups:
        how = f"{groups:,} of {len(told):,} values in it name a group, no others: look at it, or name it by --output"
        return Wanted(name, attribute, "manual", how, prints)
    how = "its name is neutral and its values name no group that is known here: look at it, and name it by --output"
    return Wanted(name, attribute, "manual", how, prints)


def _beside(name: str) -> Wanted:
    """Judge a name that no finding names, beside one that is cut for the same attribute."""
    attribute = naming.attribute_of(name)
    if _DECLARED.search(name):
        why = "its name says that people told it of themselves, and no finding is about it"
        return Wanted(name, attribute, "manual", why, ())
    return Wanted(name, attribute, "unsafe", f"no finding is about it; its name says {attribute}", ())


def _prints(found: list[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f.fingerprint for f in found))


def unanswered(unit: Unit, answered: set[str], editor: str, what: str) -> Iterator[Edit]:
    """Yield what a person has to look at: findings that name nothing which can be cut in this format."""
    left: dict[tuple[str, ...], list[Finding]] = {}
    for finding in unit.findings:
        if finding.fingerprint not in answered:
            left.setdefault(finding.route, []).append(finding)
    for route, found in left.items():
        why = next((w for w in map(hands_off, found) if w), "") or what
        shown = " → ".join(route) or unit.name
        yield Edit(
            editor,
            unit.name,
            "text",
            f"text at {shown}",
            found[0].attribute,
            "manual",
            (unit.name,),
            removes=(f"{len(found):,} findings",),
            why=why,
            findings=_prints(found),
        )


def missing(unit: Unit, choice: Choice, names: Sequence[str]) -> Iterator[Refusal]:
    """Yield a refusal for what the caller names and the only file does not have; a tree has other files."""
    if len(unit.listing) > 1 or unit.findings:
        return
    known = {*names, *map(plain, names)}
    for name in choice.outputs:
        if name not in known:
            yield Refusal(unit.name, name, "no column or key of this name", "check the spelling; names are exact")
