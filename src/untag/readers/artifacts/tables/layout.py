"""What the folders and the file names of pictures say: classes by folder, attributes coded in names.

A pure function over the paths of pictures in one tree: `train/African/0001.jpg` labels a
picture by its folder, `26_1_2_20170116184024662.jpg` by its third number.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Scope
from untag.readers.artifacts.tables.columns import clean
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CLASSES: Final = 200
"""Folders beside each other beyond which they are persons or dates, not classes."""
NAMES: Final = 4_000
"""File names looked at, spread evenly over the tree."""
LEAST: Final = 20
"""Pictures below which nothing is said of file names."""
MOST: Final = 0.9
"""Share of the names that must have a form before it is a form."""
SETS: Final = 40
"""Different sets of folders told of one tree."""
SPOKEN: Final = 50
"""Values of one part of a file name beyond which it is no label."""
BESIDE: Final = 16
"""Other names that a statement quotes."""
SPREAD: Final = 3
"""Values that a coded part must take: constant digits are no classes."""

_PICTURE: Final = re.compile(r"\.(?:jpe?g|png|webp|bmp|gif|tiff?|ppm|pgm|npy|heic)$", re.IGNORECASE)
_SPLIT: Final = re.compile(r"[_\-\s.]+")
_WORD: Final = re.compile(r"[^\W\d_]{2,40}\Z")
_LETTER: Final = re.compile(r"[^\W\d_]")
_IDENTITY: Final = re.compile(r"m\.0\w{3,8}\Z|n\d{6}\Z")
"""Folders of a person each: Freebase ids as in MS-Celeb-1M and RFW, numbers as in VGGFace2 (ImageNet: 8 digits)."""
PERSONS: Final = 20
"""Such folders from which on they are what they look like."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form of file names that is known to code an attribute."""

    name: str
    """The data set that is named so."""
    pattern: re.Pattern[str]
    """Matches the whole name; the group ``code`` holds the attribute's code."""
    members: tuple[str, ...]
    """What the parts of the name say, in order."""
    member: str
    """Which of them is the attribute."""
    source: str


FORMS: Final = (
    Form(
        "UTKFace",
        re.compile(r"(?:\d{1,2}|1[01]\d)_[01]_(?P<code>[0-4])_\d{14,20}\.jpg(?:\.chip\.jpg)?\Z", re.IGNORECASE),
        ("age", "gender", "race", "date"),
        "race",
        "susanqq.github.io/UTKFace: [age]_[gender]_[race]_[date&time].jpg, race 0 to 4",
    ),
    Form(
        "Chicago Face Database",
        re.compile(r"CFD-(?:IN-|MR-)?(?P<code>[ABILWM])[FM]-\d{3}-\d{3}(?:-[A-Z]{1,2})?\.\w+\Z", re.IGNORECASE),
        ("race", "gender", "person", "expression"),
        "race",
        "Ma, Correll & Wittenbrink 2015, chicagofaces.org: CFD-[race][gender]-[person]-[picture]-[expression]",
    ),
    Form(
        "SCUT-FBP5500",
        re.compile(r"(?P<code>AF|AM|CF|CM)\d{1,4}\.\w+\Z", re.IGNORECASE),
        ("ethnicity", "gender", "number"),
        "ethnicity",
        "Liang et al. 2018, SCUT-FBP5500: Asian and Caucasian, female and male",
    ),
)
"""Forms of names, with their source."""


@dataclass(slots=True)
class _Folder:
    """A folder with pictures below it."""

    pictures: int = 0
    inner: dict[str, _Folder] = field(default_factory=dict)


def layout(trails: Iterable[tuple[str, ...]]) -> list[Part]:
    """Return what folders and file names of one tree's pictures say, as parts of a text.

    ``trails`` are paths, split at their slashes or not; those that are no pictures are passed
    over. Folder names beside each other are ``item`` s of a ``labels`` scope that is named
    for the folder above; coded file names are a ``member`` of a ``table``; words in file
    names are ``item`` s of a ``labels`` scope. Costs a few microseconds a path.
    """
    root = _Folder()
    names: list[str] = []
    folders: dict[tuple[str, ...], int] = {}
    for trail in trails:
        path = "/".join(trail)
        if not _PICTURE.search(path):
            continue
        folder, _, name = path.rpartition("/")
        key = (folder,)
        folders[key] = folders.get(key, 0) + 1
        names.append(name)
    for (folder,), count in folders.items():
        _count(root, [f for f in folder.split("/") if f], count)
    sampled = names if len(names) <= NAMES else [names[i * len(names) // NAMES] for i in range(NAMES)]
    context = _context(root)
    persons = sum(bool(_IDENTITY.match(folder.rpartition("/")[2])) for (folder,) in folders)
    if persons >= PERSONS and persons >= MOST * len(folders):
        context = f"{context}, faces of {persons:,} persons".removeprefix(", ")
    parts = _folders(root, context)
    if len(sampled) >= LEAST:
        parts += _coded(sampled, len(names), context)
        parts += _spoken(sampled, len(names), context)
    return parts


def _count(root: _Folder, path: Sequence[str], pictures: int) -> None:
    root.pictures += pictures
    at = root
    for name in path[: limits.NESTING]:
        at = at.inner.setdefault(name, _Folder())
        at.pictures += pictures


def _sets(root: _Folder) -> dict[frozenset[str], tuple[list[str], int]]:
    """Return the sets of folder names that stand beside each other, with the folders above and their pictures."""
    out: dict[frozenset[str], tuple[list[str], int]] = {}
    stack: list[tuple[str, _Folder]] = [("", root)]
    while stack:
        name, folder = stack.pop()
        stack += folder.inner.items()
        spoken = [n for n in folder.inner if _LETTER.search(n)]
        if not 2 <= len(spoken) <= CLASSES or len(folder.inner) > CLASSES:  # noqa: PLR2004 - a set
            continue
        above, count = out.setdefault(frozenset(spoken), ([], 0))
        above.append(name)
        out[frozenset(spoken)] = (above, count + folder.pictures)
    return dict(sorted(out.items(), key=lambda item: (-item[1][1], sorted(item[0])))[:SETS])


def _context(root: _Folder) -> str:
    """Return the names of the folders that all pictures share, which name the data set."""
    told = []
    while len(root.inner) == 1:
        name, root = next(iter(root.inner.items()))
        told.append(name)
    return " ".join(told)


def _folders(root: _Folder, context: str) -> list[Part]:
    """Return folder names as classes."""
    parts: list[Part] = []
    sets = _sets(root)
    listed = [", ".join(sorted(s)[:BESIDE]) for s in sets]
    for at, (names, (above, count)) in enumerate(sets.items()):
        ordered = tuple(sorted(names))
        over = ", ".join(dict.fromkeys(clean(a) for a in above if a))[:100]
        others = "; ".join(o for i, o in enumerate(listed) if i != at)[:200]
        told = f"{count:,} pictures" + (f" of {clean(context)}" if context else "")
        doc = f"folders of {told}" + (f", beside folders {others}" if others else "")
        scope = Scope("labels", over or clean(context), tuple(clean(n) for n in ordered)[: limits.MEMBERS], doc)
        parts.append(Part(f"folders of {told}", "heading", Scope("section", "folders")))
        for name in ordered:
            kept = clean(name)
            statement = f"folder {kept} of {told}, label beside {', '.join(n for n in ordered[:BESIDE] if n != name)}"
            parts.append(Part(kept, "item", scope, statement[: limits.STATEMENT], others))
    return parts


def _coded(names: Sequence[str], total: int, context: str) -> list[Part]:
    """Return the attribute that file names of a known form hold as a code."""
    for form in FORMS:
        codes = Counter(m["code"].upper() for m in map(form.pattern.match, names) if m)
        if sum(codes.values()) < MOST * len(names) or len(codes) < SPREAD:
            continue
        told = f"file names of {total:,} face pictures" + (f" of {clean(context)}" if context else "")
        scope = Scope("table", f"file names as in {form.name}", form.members, f"{told}: {form.source}")
        statement = f"label {form.member} in {told}, beside {', '.join(m for m in form.members if m != form.member)}"
        note = f"{len(codes)} codes, as in {form.name}"
        return [
            Part(told, "heading", Scope("section", "file names"), told),
            *(Part(m, "member", scope, f"{m} in {told}") for m in form.members if m != form.member),
            Part(form.member, "member", scope, statement, note),
        ]
    return []


def _spoken(names: Sequence[str], total: int, context: str) -> list[Part]:
    """Return the words that stand at one place of most file names: `Rafd090_01_Caucasian_female_angry.jpg`."""
    split = [_SPLIT.split(_PICTURE.sub("", name)) for name in names]
    width = Counter(map(len, split)).most_common(1)[0]
    if width[1] < MOST * len(names) or not 2 <= width[0] <= 16:  # noqa: PLR2004 - parts of a name
        return []
    columns = [Counter(s[at] for s in split if len(s) == width[0]) for at in range(width[0])]
    labels = {
        at: tuple(sorted(counts))
        for at, counts in enumerate(columns)
        if 2 <= len(counts) <= SPOKEN and all(_WORD.match(v) for v in counts)  # noqa: PLR2004 - a set
    }
    parts: list[Part] = []
    for at, values in labels.items():
        others = "; ".join(", ".join(v[:BESIDE]) for i, v in labels.items() if i != at)[:200]
        told = f"file names of {total:,} pictures" + (f" of {clean(context)}" if context else "")
        scope = Scope("labels", f"part {at + 1} of file names", values, f"{told}, beside {others}" if others else told)
        parts.append(Part(told, "heading", Scope("section", "file names")))
        for value in values:
            statement = f"label {value} in {told}, beside {', '.join(v for v in values if v != value)}"
            parts.append(Part(value, "item", scope, statement[: limits.STATEMENT], others))
    return parts
