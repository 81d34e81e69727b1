"""The company that a column keeps: whether a table of labels is about people in pictures, and how a label is worded.

Shared by the readers of data sets that are texts, so that a CSV, a JSON record and a box in an
XML file are judged alike. The values of a person's cells are counted and never quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Scope

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BESIDE: Final = 12
"""Neighbouring columns that a statement names."""
NAME: Final = 200
"""Characters kept of a name."""
SETS: Final = 60
"""Distinct values from which on a column is no set of labels."""
LABEL: Final = 60
"""Characters of the longest label; longer values are sentences."""
PICTURES: Final = frozenset(
    (
        *("image", "images", "img", "imgs", "photo", "photos", "picture", "pic", "jpg", "jpeg", "png", "pixels"),
        *("frame", "crop", "bbox", "bndbox", "box", "face", "faces", "portrait", "selfie", "headshot", "thumbnail"),
        *("landmarks", "embedding", "xmin"),
    )
)
"""Words of column names that say that a row stands for a picture or a place in one."""
PEOPLE: Final = frozenset(
    (
        *("face", "faces", "facial", "person", "persons", "people", "pedestrian", "age", "gender", "sex", "male"),
        *("female", "young", "man", "woman", "emotion", "expression", "smile", "smiling", "glasses", "eyeglasses"),
        *("beard", "goatee", "mustache", "bald", "makeup", "headpose", "selfie", "headshot", "portrait"),
    )
)
"""Words of column names that are told of people; in the company of pictures they are pictured people."""
DECLARED: Final = frozenset(
    (
        *("employee", "employees", "staff", "department", "salary", "reported", "declared", "student", "applicant"),
        *("candidate", "patient", "passport", "enrolled", "hired", "tenant", "donor", "player", "bib", "club", "team"),
        *(
            "member",
            "membership",
            "email",
            "phone",
            "mobile",
            "address",
            "surname",
            "fullname",
            "firstname",
            "lastname",
        ),
        *(
            "birth",
            "birthday",
            "birthdate",
            "dob",
            "username",
            "nickname",
            "occupation",
            "income",
            "marital",
            "volunteer",
        ),
        *("insurance", "voter", "zip", "postcode", "ssn", "bio", "hobby"),
    )
)
"""Words of column names of forms, registers and teams: what stands there was said by the people, or is no label."""
TELLS: Final = re.compile(
    r"(?<![a-z])rac(?:e|ial)(?![a-su-z])|ethni|nationalit|religio|caste|tribe|skin|complexion|minorit|民族|种族|種族|人种|人種|肤色|膚色|宗教|国籍|國籍"
    r"|национальн|этни|раса|рели[гж]|인종|민족|국적|종교|国籍|عرق|قوم",
    re.IGNORECASE,
)
"""Names that say themselves what the values are, as in `untag.readers.artifacts.tables.columns`."""
PICTURE_FILE: Final = re.compile(rb"\.(?:jpe?g|png|bmp|webp|tiff?|gif)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_CODE: Final = re.compile(r"[0-9a-fA-F.:+-]*\Z")


def words(name: str) -> frozenset[str]:
    """Return the words of an identifier, in lower case."""
    return frozenset(part.lower() for part in _WORD.findall(name[:NAME]))


def of_pictures(names: Iterable[str]) -> bool:
    """Whether a column stands for a picture or a box in one."""
    return any(words(name) & PICTURES for name in names)


def of_people(names: Iterable[str]) -> bool:
    """Whether something is told that is told of people."""
    return any(words(name) & PEOPLE for name in names)


def said_of(names: Sequence[str], *, pictures: bool = False) -> str:
    """Return what a careful reader says of a table with these columns; empty where nobody is pictured."""
    if not ((pictures or of_pictures(names)) and of_people(names)):
        return ""
    return "" if declared(names) else "labels of pictured people"


def declared(names: Iterable[str]) -> bool:
    """Whether a table is a form or a register: what people say of themselves, not what a picture is labelled with."""
    return any(found & DECLARED or found in FULL_NAMES for found in map(words, names))


FULL_NAMES: Final = tuple(frozenset((part, "name")) for part in ("full", "first", "last", "given", "family", "user"))
"""Columns in which people's names stand."""


def beside(names: Sequence[str], name: str) -> str:
    """Return the columns that stand around one, as words; addresses say where, not what."""
    place = names.index(name) if name in names else 0
    low = max(0, min(place - BESIDE // 2, len(names) - BESIDE))
    others = [n for n in names[low : low + BESIDE + 1] if n and n != name and "url" not in n.lower()]
    return f" beside {', '.join(others)}" if others else ""


def labelled(name: str, of: str, names: Sequence[str]) -> str:
    """Return a sentence on a label: its name, what it is of, beside what; no value stands in it."""
    return f"label {name}{f' of {of}' if of else ''}{beside(names, name)}"[: limits.STATEMENT]


def label_set(values: Iterable[str]) -> tuple[str, ...]:
    """Return distinct values where they are a small set of short labels, else nothing."""
    found: dict[str, None] = {}
    for value in values:
        kept = value.strip()
        if not kept or _CODE.match(kept):
            continue
        found[kept] = None
        if len(kept) > LABEL or len(found) > SETS:
            return ()
    return tuple(found)


def tells(name: str) -> bool:
    """Whether a column's name says itself what its values are, so that they need not be told one by one."""
    return TELLS.search(name) is not None


def row_scope(name: str, table: Scope, values: tuple[str, ...] = ()) -> Scope:
    """Return the scope of a person's value in a column."""
    return Scope("row", name, values or table.members, "", table)
