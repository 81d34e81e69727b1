"""What is seen of a case: what raises it and what lowers it, as named numbers from 0 to 1.

`raising` and `lowering` say what is seen; `untag.interpret.weighing` gives each its points.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from untag import later
from untag.interpret.case import LEVELS, Case
from untag.interpret.denial import PROSE, denied, forbidden, revoked
from untag.model import Evidence
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.interpret.lens import Seen

ACTS: Final = ("alerts", "searches", "prompts", "infers", "labels", "trains", "stores", "exports", "documents")
"""Operations that a context word can speak for, the gravest first where several stand at one level."""
LOWERING: Final = (
    *("concurrency", "prohibits", "audit", "declared", "identity_document", "news", "research", "aggregate"),
    *("medical", "language", "sport", "game", "colour", "cuisine", "travel", "animal", "genomics", "finance"),
    *("text", "name", "place", "benign"),
)
"""Senses of words that give a candidate another meaning."""
KIND_OF: Final = {sense: sense.replace("_", " ") for sense in LOWERING} | {"aggregate": "statistics"}
"""What reports call each of them."""
SEVERAL: Final = 3
"""Distinct words of another topic at one level that say more than one of them does."""
WEAK: Final = ("prohibits", "audit", "declared", "identity_document", "text", "game", "sport", "research", "aggregate")
"""Senses whose everyday words count a little; see ``weak`` in `senses.toml`."""
INNER: Final = LEVELS[:6]
"""Levels around the candidate, the closest first; the file, its path and its package lie beyond."""
CLOSE: Final = ("token", "statement", "note", "members", "scope")
PLACES: Final = {level: "close" if level in CLOSE[:3] else "around" if level in CLOSE else level for level in LEVELS}
"""Levels as the points know them."""


class Feature(NamedTuple):
    """One thing seen, how strongly (0 to 1), and the words that a reason shows."""

    name: str
    value: float
    text: str


@dataclass(slots=True)
class Weighing:
    """The evidence of one case and what it adds up to."""

    case: Case
    features: list[Feature] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    pictured: bool = False
    """Whether a pictured person is spoken of at all; without, nothing is ever more than a mention."""
    act: str = ""
    act_level: str = ""
    cohort: int = 0
    values: int = 0
    """Distinct groups of the attribute among the siblings or in the sentence."""
    lowered: dict[str, float] = field(default_factory=dict)
    """Points taken away, by kind."""

    raised: float = 0.0
    """The sum of what raises."""
    score: float = 0.0
    """The sum of all, also of what is too little to be worded."""

    def support(self, text: str, line: int, points: float) -> None:
        """Add the support of a strong finding elsewhere in the same artifact."""
        self.evidence.append(Evidence("support", text, line, points))
        self.raised += points
        self.score += points


def raising(case: Case, out: Weighing) -> Iterator[Feature]:
    """Yield what raises a case; fills in what the rules ask of ``out``.

    What the file as a whole speaks of is left for `finish`.
    """
    yield from _slot(case)
    yield from _people(case, out)
    yield from _cohort(case, out)
    yield from _values(case, out)
    yield from _act(case, out)
    yield from _joined(case)
    yield from _asked(case)


def _slot(case: Case) -> Iterator[Feature]:
    term = case.term
    label = {
        "field": "coded field",
        "call": "call that infers",
        "model": "known model or data set",
        "group": "names a group",
        "proxy": "stands in for a group",
    }.get(term.kind, f"names {term.attribute.replace('_', ' ')}")
    text = f"{label}: {case.named}" + (f" ({term.gloss})" if term.gloss and not case.record else "")
    yield Feature(f"slot.{term.ambiguity if term.kind == 'slot' else term.kind}", 1.0, text)
    if term.person or term.acquisition == "inferred_from_image":
        yield Feature("slot.names_person", 1.0, f"{text}, which names the pictured person")
    if term.ambiguity == "low" and term.kind != "slot":
        yield Feature("slot.unambiguous", 1.0, text)
    yield Feature(f"attribute.{case.attribute}", 1.0, case.attribute.replace("_", " "))
    yield Feature(f"role.{case.span.role}", 1.0, f"stands as {case.span.role}")


def _people(case: Case, out: Weighing) -> Iterator[Feature]:
    """Yield every level at which a pictured person, a picture or a person is named."""
    named = case.term.person or case.term.acquisition == "inferred_from_image"
    out.pictured = named or (case.labelled and case.around.filed_with_a_model)
    known: set[str] = set()
    for level in INNER:
        yield from _people_at(case, out, level, known)
    yield PEOPLE_OF_FILE
    for level in ("path", "package"):
        yield from _people_at(case, out, level, set())


def _people_at(case: Case, out: Weighing, level: str, known: set[str]) -> Iterator[Feature]:
    """Yield who is spoken of at one level; of the levels around a candidate only the closest counts."""
    senses = case.seen(level).senses
    for kind in ("pictured", "vision", "person"):
        words = senses.get(kind)
        if words and kind not in known:
            known.add(kind)
            out.pictured = True
            value = case.share(kind) if level == "file" else 1.0
            yield Feature(f"{kind}.{level}", value, f"{WHERE[level]}: {words[0]}")
    if level in ("statement", "note", "near") and "vision" in senses and "person" in senses:
        both = f"{WHERE[level]}: {senses['vision'][0]} and {senses['person'][0]}"
        yield Feature(f"pictured.both_{level}", 1.0, both)


WHERE: Final = {
    "token": "in the name itself",
    "statement": "in the same statement",
    "note": "in its comment",
    "members": "beside it",
    "scope": "in what encloses it",
    "near": "on the lines around it",
    "file": "throughout the file",
    "path": "in the path",
    "package": "in the package's own description",
}


def _cohort(case: Case, out: Weighing) -> Iterator[Feature]:
    """Yield siblings such as age, gender, emotion."""
    beside = list(
        dict.fromkeys(
            word
            for level in ("token", "members", "statement", "note")
            for word in (*case.seen(level).senses.get("cohort", ()), *case.seen(level).senses.get("seen_only", ()))
        )
    )
    near = case.seen("near").senses.get("cohort", ())
    out.cohort = len(beside)
    text = f"beside {', '.join(beside[:5])}"
    for count in (1, 2, 3, 5):
        if len(beside) >= count:
            yield Feature(f"cohort.{count}", 1.0, text)
    for count in (1, 2, 4):
        if len(near) >= count:
            yield Feature(f"cohort.near_{count}", 1.0, f"near {', '.join(near[:5])}")
    for level in ("token", "members", "statement", "near"):
        only = case.seen(level).has("seen_only")
        if only:
            yield Feature(f"cohort.seen_only_{level}", 1.0, f"{only} {WHERE[level]}, which only a picture tells")


def _values(case: Case, out: Weighing) -> Iterator[Feature]:
    """Yield a set of group names among the siblings, in the statement or on the lines around."""
    groups: dict[str, None] = {}
    for level in ("members", "statement", "note", "token"):
        for attribute, names in case.seen(level).groups.items():
            if related(attribute, case.attribute):
                groups.update(dict.fromkeys(names))
    near: dict[str, None] = {}
    for attribute, names in case.seen("near").groups.items():
        if related(attribute, case.attribute):
            near.update(dict.fromkeys(names))
    record = case.record or case.span.scope.kind == "table"  # cells are about persons: they are counted, never named
    case.groups = () if record else tuple(sorted(groups))
    together = "" if record else f": {', '.join(case.groups[:6])}"
    nearby = "" if record else f": {', '.join(sorted(near)[:6])}"
    out.values = len(groups)
    for count in (1, 2, 3, 4, 6):
        if len(groups) >= count:
            yield Feature(f"values.{count}", 1.0, f"{len(groups)} groups together{together}")
    for count in (1, 3):
        if len(near) >= count:
            yield Feature(f"values.near_{count}", 1.0, f"{len(near)} groups near{nearby}")


RELATED: Final = {
    "race": {"race", "ethnicity", "skin_tone", "national_origin"},
    "ethnicity": {"race", "ethnicity", "national_origin", "nationality", "tribe", "religion"},
    "skin_tone": {"race", "skin_tone"},
    "national_origin": {"national_origin", "nationality", "ethnicity"},
    "nationality": {"national_origin", "nationality", "ethnicity"},
    "religion": {"religion"},
    "caste": {"caste", "tribe"},
    "tribe": {"tribe", "ethnicity", "caste"},
}
"""Attributes whose group names may fill each other's value sets."""


def related(groups_of: str, attribute: str) -> bool:
    """Whether group names of one attribute belong into a value set of another."""
    return groups_of == attribute or groups_of in RELATED.get(attribute, ())


def _act(case: Case, out: Weighing) -> Iterator[Feature]:
    """Yield what the artifact does with the attribute, at each level where a word says so."""
    if case.term.operation:
        out.act, out.act_level = case.term.operation, "token"
        yield Feature("act.term", 1.0, f"{out.act}: the term itself says so")
    known: set[str] = set()
    for level in INNER:
        yield from _acts_at(case, out, level, known)
    yield ACTS_OF_FILE


def _acts_at(case: Case, out: Weighing, level: str, known: set[str]) -> Iterator[Feature]:
    """Yield the operations at one level; each counts where it stands closest, and once."""
    senses = case.seen(level).senses
    if not senses:
        return
    place = PLACES[level]
    for act in ACTS:
        words = senses.get(act)
        if words and act not in known:
            known.add(act)
            if not out.act:
                out.act, out.act_level = act, level
            value = case.share(act) if level == "file" else 1.0
            yield Feature(f"act.{act}_{place}", value, f"{act}, {WHERE[level]}: {words[0]}")


def _joined(case: Case) -> Iterator[Feature]:
    """Yield what stands together in one statement: people and an operation, people and a cohort."""
    for level, where in (("statement", "in one statement"), ("note", "in its comment")):
        seen = case.seen(level)
        people = seen.has("pictured") or (seen.has("vision") and seen.has("person")) or seen.has("seen_only")
        act = seen.has("alerts", "searches", "prompts", "infers")
        cohort = seen.has("cohort")
        if people and act:
            yield Feature(f"joined.act_{level}", 1.0, f"{where}: {people} and {act}")
        if people and cohort:
            yield Feature(f"joined.cohort_{level}", 1.0, f"{where}: {people} and {cohort}")
        if act and cohort:
            yield Feature(f"joined.act_cohort_{level}", 1.0, f"{where}: {act} and {cohort}")
    if case.span.scope.kind in TABLES:
        beside = (case.seen("members"), case.seen("statement"))
        face = next((s.has("pictured") for s in beside if s.has("pictured")), "") if case.attribute in BY_LOOKS else ""
        shown = next((s.has("vision") for s in beside if s.has("vision")), "")
        told = next((s.has("cohort") for s in beside if s.has("cohort")), "")
        if face or (shown and told):
            yield Feature("joined.table", 1.0, f"a column beside {face or f'{shown} and {told}'}")
    elif case.span.scope.kind == "outputs" and case.term.kind != "group":
        told = case.seen("members").has("cohort", "seen_only")
        if told:
            yield Feature("joined.output", 1.0, f"an output of a model beside one of {told}")
    token = case.seen("token")
    if token.has("pictured", "person"):
        yield Feature("joined.token", 1.0, f"in one name: {token.has('pictured', 'person')}")
    inner = [case.seen(level) for level in CLOSE]
    if any(s.has("pictured") for s in inner) and any(s.has("alerts", "searches", "prompts", "infers") for s in inner):
        yield Feature("joined.scope", 1.0, "a pictured person and an operation in what encloses it")
    if any(s.has("pictured") for s in inner) and any(s.has("cohort", "seen_only") for s in inner):
        yield Feature("joined.record", 1.0, "a pictured person and what is told of one, in one structure")


BY_LOOKS: Final = ("race", "ethnicity", "skin_tone", "caste", "religion")
"""Attributes whose groups, as labels of pictures, are people and no flags, dishes or leagues."""
TABLES: Final = ("table", "row", "sheet")
"""Scopes whose members are columns: one of pictures and one of age make it a table of pictured people."""
QUESTION: Final = later.pattern(
    r"\b(?:what|which|identify|determine|tell me|guess|classify|describe|predict|estimate|name|infer|assess|does|is)\b"
    r"|\ba (?:photo|picture|portrait|image|face) of\b|[?？؟]|\{[a-z_]+\}"
    r"|什么|哪个|哪一|请|是否|какой|какая|какова|определи|назови|укажи"
    r"|quel(?:le)?s?\b|cu[aá]l|welche|hangi|qual\b|\bما\b|هل|何|どの|どちら|무엇|어느|어떤|क्या|कौन|کیا|کون|چه|מה|האם|қандай",
    re.IGNORECASE,
)
"""Words with which a prompt asks or a caption template begins, in the languages of the lexicon."""


def _asked(case: Case) -> Iterator[Feature]:
    """Yield the form of a question or a template, with a person or a picture in the same text."""
    span = case.span
    text = span.statement if span.role in PROSE else span.text
    if len(text) < SHORTEST_QUESTION or not QUESTION.search(text):
        return
    seen = case.around.lens.see(text)
    person = seen.has("pictured", "person")
    picture = seen.has("vision", "pictured")
    if person and picture:
        yield Feature("joined.question_both", 1.0, f"asked of {person} in {picture}")
        if case.record and case.term.kind == "group":
            yield Feature("joined.caption", 1.0, f"a caption that calls {person} so")
    elif person or picture:
        yield Feature("joined.question", 1.0, f"asked of {person or picture}")


SHORTEST_QUESTION: Final = 12
RACES: Final = 2
"""Names of races around a candidate from which on names beside them (Chinese, Korean) are peoples, no languages."""


def lowering(case: Case) -> Iterator[Feature]:
    """Yield every sense that gives the candidate another meaning, level by level."""
    for level in LEVELS:
        if level == "file":
            yield LOWERED_BY_FILE
        else:
            yield from _lowered_at(case, level)
    yield from _weak(case)
    if denied(case):
        yield Feature("lowers prohibits.direct", 1.0, "denied by the word before it")
    if forbidden(case):
        yield Feature("lowers prohibits.clause", 1.0, "its sentence forbids or denies it")
    elif revoked(case):
        yield Feature("lowers prohibits.behind", 1.0, "its sentence goes on to deny it")
    yield OTHER_USES
    near = [case.seen(level) for level in (*CLOSE, "near")]
    languages = max(seen.languages for seen in near)
    if languages and not any(len(seen.groups.get("race", ())) >= RACES for seen in near):
        yield Feature("lowers language.names", min(1.0, languages / 3), "among names of languages")


def _lowered_at(case: Case, level: str) -> Iterator[Feature]:
    seen = case.seen(level)
    place = PLACES[level]
    for sense, words in seen.senses.items():
        kind = KIND_OF.get(sense)
        if kind is None:
            continue
        count = len(words)
        value = case.share(sense) if level == "file" else _density(seen, count) if level == "near" else 1.0
        yield Feature(f"lowers {kind}.{place}", value, f"{WHERE[level]}: {words[0]}")
        if count >= SEVERAL and level in ("near", "members", "scope", "statement"):
            yield Feature(f"lowers {kind}.several", 1.0, f"{WHERE[level]}: {words[0]} and more")


def _other_uses(case: Case) -> Iterator[Feature]:
    other = case.around.other_uses(case.term)
    if other:
        yield Feature("lowers other use.file", other, "the same word stands in this file with another meaning")


PEOPLE_OF_FILE: Final = Feature("people of the file", 0.0, "")
ACTS_OF_FILE: Final = Feature("acts of the file", 0.0, "")
LOWERED_BY_FILE: Final = Feature("lowered by the file", 0.0, "")
OTHER_USES: Final = Feature("other uses in the file", 0.0, "")
DEFERRED: Final[dict[Feature, Callable[[Case, Weighing], Iterator[Feature]]]] = {
    PEOPLE_OF_FILE: lambda case, out: _people_at(case, out, "file", set()),
    ACTS_OF_FILE: lambda case, out: _acts_at(case, out, "file", set()),
    LOWERED_BY_FILE: lambda case, _: _lowered_at(case, "file"),
    OTHER_USES: lambda case, _: _other_uses(case),
}
"""What only the whole file tells, by what stands in its place until it is asked for: reasons keep their order."""


KEYWORDS: Final = frozenset(("none", "not", "no", "nor", "non", "without"))
"""Values and operators of programming languages: in code they deny nothing (``race: str | None``)."""


def _weak(case: Case) -> Iterator[Feature]:
    """Yield the everyday words that lower a little."""
    known: set[str] = set()
    code = case.span.role not in PROSE
    for level in ("token", "statement", "note"):
        for sense, found in case.seen(level).senses.items():
            if sense.startswith("weak ") and sense[5:] in WEAK and sense not in known:
                words = _telling(found) if code and level != "note" else found
                if words:
                    known.add(sense)
                    yield Feature(f"lowers {sense[5:]}.weak", 1.0, f"{WHERE[level]}: {words[0]}")
    for sense, found in case.seen("near").senses.items():
        words = _telling(found) if code else found
        if words and sense.startswith("weak ") and sense[5:] in WEAK:
            value = min(1.0, len(words) / 4)
            yield Feature(f"lowers {sense[5:]}.weak_near", value, "several words on the lines around")


def _telling(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that say something in code, too."""
    return tuple(w for w in words if w not in KEYWORDS)


def _density(seen: Seen, words: int) -> float:
    """Return how much of the talk around is about another topic, 0 to 1, against pictured people."""
    picture = seen.count("pictured", "vision", "seen_only")
    return (words + 1) / (words + picture + 1)
