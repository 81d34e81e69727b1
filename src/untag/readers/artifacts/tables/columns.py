"""Columns and their value sets, and the parts that say what a table holds.

Every reader of this family gathers `Column` s and hands them to `table_parts`, so that a
Parquet file, a database and a dump are judged alike: by the column's name, by the set of
its values, and by the company it keeps.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.model import Scope
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

COLUMNS: Final = 20_000
"""Columns kept of one table; the widest feature tables known have ten thousand."""
KEEP: Final = 200
"""Distinct values kept of a column. A column with more is no set of labels."""
NOTED: Final = 50
"""Values of the set that stand in a column's note."""
LABEL: Final = 80
"""Characters of the longest label; longer values are sentences."""
TEXT: Final = 300
"""Characters kept of a sentence in a cell."""
WORDS: Final = 4
"""Words from which a value counts as a sentence: a caption, a prompt."""
BESIDE: Final = 24
"""Neighbouring columns that a statement names."""
CLIPPED: Final = 200
"""Characters kept of a name."""
PATH: Final = 1_000
"""Characters kept of a nested column's path: hostile files repeat a long name ten thousand times."""
WIDE: Final = 2_000
"""Columns of one table whose values are looked at."""
ROOM: Final = 20_000
"""Characters kept of one column's values; captions take the most."""
BYTES: Final = 4 * TEXT
"""Bytes of a cell that are decoded: all that `TEXT` characters can take."""

_TELLS: Final = re.compile(
    r"rac(?:e|ial)|ethni|nationalit|religio|caste|tribe|skin|complexion|minorit|民族|种族|種族|人种|人種|肤色|膚色|宗教|国籍|國籍"
    r"|национальн|этни|раса|рели[гж]|인종|민족|국적|종교|国籍|عرق|قوم",
    re.IGNORECASE,
)
"""Names that say themselves what the values are: the set is noted with them, not told value by value."""
_PERSON: Final = re.compile(
    r"^(?:full|first|last|given|family|sur|user|middle|maiden)?[ _.-]?names?$|^(?:e-?mail|phone|address|author|姓名)",
    re.IGNORECASE,
)
"""Columns of names and addresses of persons, whose values are no labels."""
_CODE: Final = re.compile(r"[0-9a-fA-F.:+-]*\Z")
_NUMBERED: Final = re.compile(r"[A-Za-z]?_?\d+\Z")
"""Columns that are only numbered, such as ``f1`` of an embedding: names that say nothing, and that one is a sport."""
_DIGITS: Final = re.compile(r"\d+")
_SPACE: Final = re.compile(r"\s+")


def clean(text: str, size: int = CLIPPED) -> str:
    """Return ``text`` on one line without NULs and unpaired surrogates, cut to ``size`` characters."""
    text = text[: size * 2].replace("\0", " ")
    return _SPACE.sub(" ", text).strip().encode("utf-8", "replace").decode()[:size]


def thinned(number: int, all_of: int) -> bool:
    """Whether a record is in the sample: all of the first ones, then every 2nd, 4th, 8th … as they grow in number.

    Of ``n`` records about ``all_of * (1 + log2(n / all_of) / 2)`` are looked at, spread over the whole file.
    """
    return not number & ((1 << (number // all_of).bit_length()) - 1)


def next_thinned(number: int, all_of: int) -> int:
    """Return the number of the record that is in the sample after this one (see `thinned`)."""
    step = 1 << ((number + 1) // all_of).bit_length()
    return -(-(number + 1) // step) * step


@dataclass(slots=True)
class ValueSet:
    """The distinct values of a column, as far as they were looked at; counted, never quoted."""

    seen: int = 0
    """Values looked at, or dictionary entries."""
    values: dict[str, None] = field(default_factory=dict)
    over: bool = False
    """Whether there were more than `KEEP`."""
    binary: bool = False
    """Whether there was a value that is no text."""
    sampled: bool = False
    """Whether only a part of the rows was looked at."""
    room: int = ROOM

    @property
    def full(self) -> bool:
        """Whether another value would say nothing more."""
        return self.over or self.binary

    def add(self, raw: bytes) -> None:
        """Take in one value of unknown nature."""
        try:
            text = raw[:BYTES].decode()
        except UnicodeDecodeError as error:
            if len(raw) <= BYTES or error.start < BYTES - 3:
                self.binary = True
                return
            text = raw[:BYTES].decode("utf-8", "ignore")
        self.text(text)

    def add_all(self, raws: Iterable[bytes]) -> None:
        """Take in many values, most of them alike."""
        counted = Counter(raws)
        self.seen += sum(counted.values()) - len(counted)
        for raw in counted:
            self.add(raw)

    def text(self, value: str) -> None:
        """Take in one value."""
        self.seen += 1
        if self.full or not value:
            return
        if "\0" in value:
            self.binary = True
            return
        kept = clean(value, TEXT)
        if kept and kept not in self.values:
            self.room -= len(kept)
            if len(self.values) >= KEEP or self.room < 0:
                self.over = True
                return
            self.values[kept] = None

    def labels(self) -> tuple[str, ...]:
        """Return the values where they are a set of labels, else nothing."""
        if self.full or not self.values:
            return ()
        told = tuple(v for v in self.values if not _CODE.match(v))
        return told if all(len(v) <= LABEL for v in told) else ()

    def sentences(self) -> tuple[str, ...]:
        """Return those values that are sentences: captions and prompts."""
        return () if self.binary else tuple(v for v in self.values if is_sentence(v))


def is_sentence(value: str) -> bool:
    """Whether a value is a sentence rather than a label."""
    if value.isascii():
        return value.count(" ") + 1 >= WORDS
    return len(value) > 12 or value.count(" ") + 1 >= WORDS  # noqa: PLR2004 - scripts without spaces


@dataclass(slots=True)
class Column:
    """A column of a table, with what is known of it."""

    name: str
    kind: str = ""
    """Its type in words: ``dictionary<string>``, ``VARCHAR``."""
    doc: str = ""
    """The comment or description attached to it."""
    values: ValueSet | None = None
    classes: tuple[str, ...] = ()
    """Names of its classes, where the schema lists them: a ClassLabel, an enum."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table as a reader found it."""

    name: str
    columns: Sequence[Column]
    doc: str = ""
    rows: int = -1
    """Rows that the file states, or -1."""
    kind: str = "table"
    """``table`` or ``view``, for the words of a statement."""


def stem(trail: Sequence[str]) -> str:
    """Return the file's name without its ending, which names the table of a file that holds one."""
    name = trail[-1].rsplit("/", 1)[-1] if trail else ""
    return name.split(".", 1)[0] or name


def file_scope(trail: Sequence[str]) -> Scope:
    """Return the scope of the file itself."""
    return Scope("file", trail[-1].rsplit("/", 1)[-1] if trail else "")


class Company:
    """The columns of a table that speak for it: of those that differ by their numbers only, the first."""

    def __init__(self, names: Iterable[str]) -> None:
        self._places: dict[str, int] = {}
        kept: list[str] = []
        for name in names:
            if name and not _NUMBERED.match(name) and _DIGITS.sub("#", name) not in self._places:
                self._places[_DIGITS.sub("#", name)] = len(kept)
                kept.append(name)
        self.names: Final = tuple(kept)

    def beside(self, name: str) -> str:
        """Return the columns that stand around one, in order, as words."""
        place = self._places.get(_DIGITS.sub("#", name), 0)
        low = max(0, min(place - BESIDE // 2, len(self.names) - BESIDE))
        others = [n for n in self.names[low : low + BESIDE + 1] if n != name]
        return f" beside {', '.join(others)}" if others else ""


def table_parts(trail: Sequence[str], table: Table) -> Iterator[Part]:
    """Yield what a table says: its name, its columns with their company, its classes and value sets."""
    columns = [(clean(c.name), c) for c in table.columns[:COLUMNS]]
    company = Company(name for name, _ in columns)
    members = company.names[: limits.MEMBERS]
    scope = Scope("table", clean(table.name), members, clean(table.doc, 600), file_scope(trail))
    if scope.name:
        listed = ", ".join(members[:BESIDE])
        yield Part(scope.name, "declaration", scope, f"{table.kind} {scope.name} ({listed})"[: limits.STATEMENT])
    for name, column in columns:
        statement = _statement(table, scope, column, name, company)
        if name and not _NUMBERED.match(name):
            yield Part(name, "member", scope, statement, _note(column))
        doc = clean(column.doc, 600)
        if doc:
            yield Part(doc, "comment", scope, f"{doc}: {statement}"[: limits.STATEMENT], name)
    for name, column in columns:
        yield from _class_parts(scope, column, name, company)
        yield from _value_parts(scope, column, name, company)


def _statement(table: Table, scope: Scope, column: Column, name: str, company: Company) -> str:
    """Return a sentence on a column: what it is, of what table, beside what."""
    kind = f": {column.kind}" if column.kind else ""
    seen = ""
    if column.values is not None and column.values.sampled and column.values.seen:
        of = f" of {table.rows:,} rows" if table.rows >= 0 else ""
        seen = f"; values of a sample of {column.values.seen:,}{of}"
    return f"column {name}{kind} of {table.kind} {scope.name}{company.beside(name)}{seen}"[: limits.STATEMENT]


def _note(column: Column) -> str:
    """Return what is said about a column: its comment, its classes, its value set."""
    labels = column.values.labels()[:NOTED] if column.values is not None else ()
    if _PERSON.search(column.name):
        labels = ()
    told = [clean(column.doc, 600), "; ".join(column.classes[:NOTED]), "; ".join(labels)]
    return " | ".join(t for t in told if t)


def _class_parts(scope: Scope, column: Column, name: str, company: Company) -> Iterator[Part]:
    """Yield the classes that a schema lists for a column."""
    if not column.classes:
        return
    names = tuple(clean(c) for c in column.classes)
    labels = Scope("labels", name, names[: limits.MEMBERS], clean(column.doc, 600), scope)
    beside = company.beside(name)
    for number, item in enumerate(names[:KEEP]):
        if item:
            yield Part(item, "item", labels, f"class {number} {item} of label {name}{beside}"[: limits.STATEMENT])


def _value_parts(scope: Scope, column: Column, name: str, company: Company) -> Iterator[Part]:
    """Yield the value set of a column whose name does not say what it is, and sentences of any column."""
    values = column.values
    if values is None or _PERSON.search(name):
        return
    labels = values.labels()
    if labels and not _TELLS.search(name) and len(labels) > 1:
        row = Scope("row", name, labels[: limits.MEMBERS], "", scope)
        statement = f"label {name} of {scope.name}{company.beside(name)}"[: limits.STATEMENT]
        header = ", ".join([n for n in scope.members if not _TELLS.search(n)][:BESIDE])
        yield Part(header, "heading", scope)  # the header, as it stands above the cells of any table
        for value in labels:
            yield Part(value, "value", row, statement)
        return
    if not labels:
        row = Scope("row", name, (), "", scope)
        for value in values.sentences():
            yield Part(value, "value", row, value)


def sentences_parts(scope: Scope, texts: Iterable[str]) -> Iterator[Part]:
    """Yield running text that a file carries beside its table."""
    for text in texts:
        if text.strip():
            yield Part(clean(text, 4_000), "prose", scope, clean(text, limits.STATEMENT))
