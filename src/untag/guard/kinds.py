"""What the keys of a record say, whatever its values: looked at once for each set of keys.

A service answers with records of the same few shapes; a thousand faces are one kind.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from untag.guard.words import LOWERING, facts, split
from untag.nouns import dataclass

SEEN: Final = frozenset(("pictured", "seen"))
SIBLINGS: Final = 60
"""Keys of one record that are looked at: more say nothing more."""
NESTED: Final = 8
"""Keys of a record inside it that are looked at."""
MAPPED: Final = 200
"""Keys of a map that may be groups."""
PAIRED: Final = 12
"""Keys of which one may name what stands in the others."""
NO_TAGS: Final[frozenset[str]] = frozenset()
LABELS: Final = (
    *("label", "class", "tag", "category", "class_name", "classname", "name", "value", "prediction", "concept"),
    *("libelle", "libellé", "valeur", "etiqueta", "valor", "bezeichnung", "wert", "etiket", "değer", "etichetta"),
    *(
        "answer",
        "ответ",
        "respuesta",
        "réponse",
        "antwort",
        "cevap",
        "метка",
        "значение",
        "标签",
        "名称",
        "قيمة",
        "تصنيف",
    ),
)
"""Keys whose text labels an object, the likeliest first."""
_VECTORS: Final = frozenset(("vector", "vectors", "vec", "emb", "floats", "dense"))
_HEADS: Final = frozenset(("columns", "fields", "header", "headers", "names", "cols", "schema"))
_ROWS: Final = frozenset(("rows", "data", "values", "records", "tuples"))


@dataclass(frozen=True, slots=True)
class Near:
    """What stands beside something: tags, and how often those that count."""

    tags: frozenset[str] = NO_TAGS
    cohort: int = 0
    """Names such as age or gender."""
    lowering: tuple[int, ...] = (0,) * len(LOWERING)
    """By kind of `LOWERING`: names that speak for it, and not for a face."""

    def __add__(self, other: Near) -> Near:
        if other is NEITHER:
            return self
        counts = tuple(a + b for a, b in zip(self.lowering, other.lowering, strict=True))
        return Near(self.tags | other.tags, self.cohort + other.cohort, counts)


NEITHER: Final = Near()


@dataclass(frozen=True, slots=True)
class Kind:
    """What one tuple of keys says."""

    named: tuple[int, ...]
    """Which of them name an attribute or a group."""
    grouped: tuple[int, ...]
    """Which of the first ones name a group."""
    paired: bool
    """Whether one may name an attribute and another hold its value."""
    tabled: bool
    """Whether it may be a table of columns and rows."""
    labelled: bool
    """Whether one of `LABELS` is among them."""
    measured: bool
    """Whether a score or the like is among them."""
    seen: bool
    """Whether one speaks of a picture."""
    telling: tuple[int, ...]
    """Those whose value may say something that the key does not announce: ``appearance``, ``skin``."""
    shown: frozenset[str]
    """Those that speak of a picture, or of age and the like."""
    near: Near
    nested: Near
    """The same of the first few, for the record above."""
    sources: tuple[int, ...]
    """Those whose value names what the records are of."""
    vectors: tuple[int, ...] = ()
    """Those that may hold what a model made of a picture."""


@lru_cache(maxsize=8_192)
def kind(names: tuple[str, ...]) -> Kind:
    """Return what the keys of a record say."""
    said = [facts(name) for name in names]
    lower = {name.lower() for name in names}
    return Kind(
        named=tuple(i for i, s in enumerate(said) if s.attribute or s.groups or s.tags & {"coded", "regions"}),
        grouped=tuple(i for i, s in enumerate(said[:MAPPED]) if s.groups),
        paired=any("pair_names" in s.tags for s in said[:PAIRED]) and any("pair_values" in s.tags for s in said),
        tabled=bool(lower & _HEADS and lower & _ROWS),
        labelled=not lower.isdisjoint(LABELS),
        measured=any("measured" in s.tags for s in said),
        seen=any(s.tags & {"pictured", "vision"} for s in said),
        telling=tuple(i for i, s in enumerate(said) if "appearance" in s.tags),
        shown=frozenset(
            name for name, s in zip(names, said, strict=True) if s.tags & {"pictured", "seen", "vision", "cohort"}
        ),
        near=near(names[:SIBLINGS]),
        nested=near(names[:NESTED]),
        sources=tuple(i for i, s in enumerate(said[:SIBLINGS]) if "sources" in s.tags),
        vectors=tuple(i for i, name in enumerate(names[:SIBLINGS]) if not _VECTORS.isdisjoint(split(name))),
    )


@lru_cache(maxsize=8_192)
def near(names: tuple[str, ...]) -> Near:
    """Return what some names say as the company of another."""
    tags = [facts(name).tags for name in names]
    if not tags:
        return NEITHER
    counted = [t for t in tags if not t & SEEN]
    return Near(
        frozenset().union(*tags),
        sum("cohort" in t for t in tags),
        tuple(sum(kind in t for t in counted) for kind in LOWERING),
    )
