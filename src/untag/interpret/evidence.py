"""Weigh a case: what raises it, what lowers it, in points that can be read.

Each function looks at one kind of evidence and returns `Evidence` items; `weigh`
puts them together. The points are those of `weights.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.interpret.case import INNER, LEVELS, Case, Seen, siblings
from untag.interpret.weights import Weights, weights
from untag.model import Evidence

if TYPE_CHECKING:
    from collections.abc import Iterable

ACTS: Final = ("alerts", "searches", "prompts", "infers", "labels", "trains", "stores", "exports", "documents")
"""Operations that a context word can speak for, the gravest first where several stand at one level."""
TOPICS: Final = (
    "language",
    "sport",
    "game",
    "colour",
    "cuisine",
    "travel",
    "animal",
    "genomics",
    "finance",
    "text",
    "name",
    "place",
    "benign",
)
"""Senses whose presence says that the text is about something else."""
SEEN_ONLY: Final = frozenset(
    (
        "emotion", "emotions", "expression", "smile", "smiling", "glasses", "eyeglasses", "sunglasses", "eyeglass",
        "mask", "facemask", "beard", "facial hair", "mustache", "moustache", "hat", "head pose", "headpose", "pose",
        "landmark", "landmarks", "beauty", "hair color", "hair colour", "haircolor", "hairstyle", "makeup", "eye gaze",
        "eyegaze", "mouth open", "eyes open", "liveness", "hair", "helmet", "bag", "backpack", "upper color",
        "upper body", "lower body", "coat color", "face shape", "faceshape", "attractive",
        "表情", "眼镜", "墨镜", "口罩", "胡子", "胡须", "微笑", "帽子", "发型", "颜值", "情绪", "人脸", "安全帽", "背包",
        "эмоция", "эмоции", "очки", "борода", "маска", "улыбка", "gözlük", "maske", "sakal", "duygu",
        "lunettes", "barbe", "masque", "émotion", "sourire", "gafas", "barba", "mascarilla", "emoción", "sonrisa",
        "brille", "bart", "maske", "lächeln", "眼鏡", "マスク", "ひげ", "笑顔", "帽子", "안경", "마스크", "수염", "표정",
        "óculos", "máscara", "emoção", "نظارة", "نظارات", "لحية", "كمامة", "عاطفة", "चश्मा", "मास्क", "दाढ़ी",
    )
)  # fmt: skip
"""Cohort words that no form asks of a person: only a camera tells them."""


@dataclass(slots=True)
class Weighing:
    """The evidence of one case and what it adds up to."""

    case: Case
    evidence: list[Evidence] = field(default_factory=list)
    pictured: float = 0.0
    """Points for a pictured person, 0 to about 3.5; never enough on their own."""
    act: str = ""
    act_points: float = 0.0
    cohort: int = 0
    seen_only: str = ""
    """A sibling that only a picture tells, or empty."""
    values: int = 0
    """Distinct groups of the attribute among the siblings or in the sentence."""
    lowered: dict[str, float] = field(default_factory=dict)
    """Points taken away, by sense."""

    @property
    def raised(self) -> float:
        """The sum of what raises."""
        return sum(e.weight for e in self.evidence if e.weight > 0)

    @property
    def score(self) -> float:
        """The sum of all."""
        return sum(e.weight for e in self.evidence)

    def add(self, kind: str, text: str, weight: float) -> None:
        """Put one reason on the scales."""
        if weight:
            self.evidence.append(Evidence(kind, text, self.case.span.line, round(weight, 2)))


def weigh(case: Case) -> Weighing:
    """Weigh one case against everything around it."""
    w = weights()
    out = Weighing(case)
    _slot(out, w)
    _pictured(out, w)
    _cohort(out, w)
    _values(out, w)
    _act(out, w)
    _lower(out, w)
    return out


def _slot(out: Weighing, w: Weights) -> None:
    term = out.case.term
    key = term.kind if term.kind in w.slot else term.ambiguity
    label = {
        "field": "coded field",
        "call": "call that infers",
        "model": "known model or data set",
        "group": "names a group",
        "proxy": "stands in for a group",
    }.get(term.kind, f"names {term.attribute.replace('_', ' ')}")
    out.add("slot", f"{label}: {term.text}" + (f" ({term.gloss})" if term.gloss else ""), w.slot[key])


def _pictured(out: Weighing, w: Weights) -> None:
    """Add the best level at which a pictured person, a picture and a person are named."""
    case = out.case
    term = case.term
    if term.person or term.acquisition == "inferred_from_image":
        out.add("pictured person", f"the term itself says so: {term.text}", w.pictured["token"])
        out.pictured = w.pictured["token"]
        return
    total = 0.0
    best = 0.0
    for kind, table, senses in (
        ("pictured person", w.pictured, ("pictured",)),
        ("picture", w.vision, ("vision",)),
        ("person", w.person, ("person",)),
    ):
        levels = [(table[level], level) for level in LEVELS if case.seen(level).has(*senses)]
        if not levels:
            continue
        points, level = max(levels, key=lambda p: p[0])
        points += table["second"] if len(levels) > 1 else 0.0
        if kind != "pictured person" and best:
            points /= 2  # a face is named already: pictures and persons say little more
        best = max(best, points)
        total += points
        out.add(kind, f"{_where(level)}: {case.seen(level).has(*senses)}", points)
    out.pictured = total


def _where(level: str) -> str:
    return {
        "token": "in the name itself",
        "statement": "in the same statement",
        "note": "in its comment",
        "members": "beside it",
        "scope": "in what encloses it",
        "near": "on the lines around it",
        "file": "throughout the file",
        "path": "in the path",
        "package": "in the package's own description",
    }[level]


def _cohort(out: Weighing, w: Weights) -> None:
    """Add siblings such as age, gender, emotion."""
    case = out.case
    beside = dict.fromkeys(
        word for level in ("token", "members", "statement") for word in case.seen(level).senses.get("cohort", ())
    )
    near = case.seen("near").senses.get("cohort", ())
    count = len(beside)
    points = w.cohort["three"] if count >= 3 else w.cohort["two"] if count == 2 else w.cohort["one"] if count else 0.0
    words: Iterable[str] = beside
    where = "beside"
    if len(near) >= 2 and points < w.cohort["near_three"]:
        near_points = w.cohort["near_three"] if len(near) >= 3 else w.cohort["near_two"]
        if near_points > points:
            points, words, where = near_points, near, "near"
    out.cohort = max(count, len(near) if points and where == "near" else 0)
    out.add("cohort", f"{where} {', '.join(list(words)[:5])}", points)
    only = [x for x in (*beside, *near) if x in SEEN_ONLY]
    if only:
        out.seen_only = only[0]
        out.add("cohort", f"and {only[0]}, which only a picture tells", w.cohort["seen_only"])


def _values(out: Weighing, w: Weights) -> None:
    """Add a set of group names among the siblings, in the statement or right below the name."""
    case = out.case
    groups: dict[str, None] = {}
    for level in ("members", "statement", "note", "token"):
        for attribute, names in case.seen(level).groups.items():
            if related(attribute, case.attribute):
                groups.update(dict.fromkeys(names))
    if len(groups) < 2 and case.term.kind != "group":
        for attribute, names in case.seen("near").groups.items():
            if related(attribute, case.attribute) and len(names) >= 3:
                groups.update(dict.fromkeys(names))
    case.groups = tuple(sorted(groups))
    out.values = len(groups)
    count = len(groups)
    points = w.values["four"] if count >= 4 else w.values["three"] if count == 3 else w.values["two"] if count == 2 else 0
    if points:
        out.add("value set", f"{count} groups named together: {', '.join(case.groups[:6])}", points)


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


def _act(out: Weighing, w: Weights) -> None:
    """Add the operation: what the artifact does with the attribute."""
    case = out.case
    if case.term.operation:
        out.act = case.term.operation
        out.act_points = w.operation["token"]
        out.add("operation", f"{out.act}: the term itself says so", out.act_points)
        return
    for level in LEVELS[:7]:
        seen = case.seen(level)
        for act in ACTS:
            word = seen.has(act)
            if word:
                out.act, out.act_points = act, w.operation[level]
                out.add("operation", f"{act}, {_where(level)}: {word}", out.act_points)
                return


def _lower(out: Weighing, w: Weights) -> None:
    """Take away for every sense that gives the candidate another meaning, once per sense."""
    case = out.case
    senses = {
        "concurrency": ("concurrency",),
        "prohibits": ("prohibits",),
        "audit": ("audit",),
        "declared": ("declared",),
        "identity_document": ("identity_document",),
        "discussion": ("news", "research", "aggregate"),
        **{topic: (topic,) for topic in TOPICS},
    }
    for sense, words in senses.items():
        worst = 0.0
        at = ""
        for level in LEVELS:
            seen = case.seen(level)
            count = seen.count(*words)
            if not count:
                continue
            points = w.lowering(sense, level)
            if level in ("file", "near", "scope", "package") and sense not in ("prohibits", "concurrency"):
                points *= _density(seen, words)
            if points > worst:
                worst, at = points, f"{_where(level)}: {seen.has(*words)}"
        if not worst and sense == "language" and _languages(case):
            worst, at = w.lowering("language", "members"), "among names of languages"
        if worst:
            out.lowered[sense] = worst
            out.add(f"lowers: {sense.replace('_', ' ')}", at, -worst)


def _density(seen: Seen, words: tuple[str, ...]) -> float:
    """Return how much of the talk at a level is about another topic, 0 to 1, against pictured people."""
    other = seen.count(*words)
    picture = seen.count("pictured", "vision", "cohort")
    return min(1.0, (other + 1) / (picture + 1)) if picture else 1.0


def _languages(case: Case) -> bool:
    return any(case.seen(level).languages >= 2 for level in (*INNER, "near"))


def sibling_names(case: Case) -> tuple[str, ...]:
    """Return the names beside the candidate, for an excerpt."""
    return tuple(siblings(case.span))[:8]
