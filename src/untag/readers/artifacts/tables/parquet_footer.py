"""The footer of a Parquet file: schema, key-value metadata, and where each column's pages are.

Source: apache/parquet-format, parquet.thrift; field numbers are its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.tables.columns import CLIPPED, COLUMNS, PATH
from untag.readers.artifacts.tables.thrift import BINARY, I32, I64, STRUCT, Compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline

TYPES: Final = ("boolean", "int32", "int64", "int96", "float", "double", "bytes", "fixed")
BYTE_ARRAY: Final = 6
CODECS: Final = ("", "snappy", "gzip", "lzo", "brotli", "lz4", "zstd", "lz4_raw")
DICTIONARIES: Final = (2, 8)
"""Encodings of data pages that point into a dictionary."""
CONVERTED: Final = {0: "string", 1: "map", 3: "list", 4: "enum", 19: "json", 20: "bson"}
LOGICAL: Final = {1: "string", 2: "map", 3: "list", 4: "enum", 12: "json", 13: "bson", 14: "uuid"}
TEXTS: Final = ("string", "enum", "json", "")
"""What a column of bytes may say it is when its values are to be looked at."""
PLUMBING: Final = frozenset(("list", "element", "item", "array", "key_value", "bag", "array_element"))
"""Names that a list or map puts into a path and that say nothing."""
PAIRS: Final = 1_000
"""Pairs of key-value metadata that are kept."""
PAIR: Final = 4 << 20
"""Bytes of the longest pair that is kept."""


@dataclass(slots=True)
class Leaf:
    """A column that holds values, as the schema describes it."""

    path: tuple[str, ...]
    kind: int
    said: str
    """Its logical type, or empty."""
    repeats: int
    """Deepest repetition level."""
    optional: int
    """Deepest definition level."""

    @property
    def name(self) -> str:
        """The path as people write it."""
        told = [p for i, p in enumerate(self.path) if i == 0 or p not in PLUMBING]
        return ".".join(told)[:PATH]

    @property
    def words(self) -> str:
        """The type in words."""
        return self.said or (TYPES[self.kind] if 0 <= self.kind < len(TYPES) else "")

    @property
    def is_text(self) -> bool:
        """Whether its values may be words."""
        return self.kind == BYTE_ARRAY and self.said in TEXTS


@dataclass(slots=True)
class Chunk:
    """The pages of one column in one row group."""

    leaf: int
    codec: int = 0
    count: int = 0
    """Values, nulls included."""
    dictionary: int = -1
    data: int = -1
    packed: int = 0
    encodings: tuple[int, ...] = ()
    outside: bool = False
    """Whether the pages lie in another file."""
    encrypted: bool = False

    @property
    def has_dictionary(self) -> bool:
        """Whether a page of distinct values stands before the data."""
        return self.dictionary > 0 or any(e in DICTIONARIES for e in self.encodings)


@dataclass(slots=True)
class Footer:
    """What the footer says, without the row groups, which are read one after the other."""

    leaves: list[Leaf] = field(default_factory=list)
    groups_at: int = -1
    """Where the list of row groups begins."""
    rows: int = 0
    pairs: dict[str, str] = field(default_factory=dict)
    names: list[tuple[str, ...]] = field(default_factory=list)
    """Paths of groups: structs and lists, which have names of their own."""


def read_footer(data: bytes, deadline: Deadline | None = None) -> Footer:
    """Return the file's metadata; the row groups are passed over, and read by `row_groups`."""
    cursor = Compact(data, 0, deadline)
    out = Footer()
    for number, kind in cursor.fields():
        if number == 2:  # noqa: PLR2004 - schema
            _schema(cursor, kind, out)
        elif number == 3 and kind == I64:  # noqa: PLR2004 - num_rows
            out.rows = cursor.number()
        elif number == 4:  # noqa: PLR2004 - row_groups
            out.groups_at = cursor.at
            cursor.skip(kind)
        elif number == 5:  # noqa: PLR2004 - key_value_metadata
            for _ in cursor.structs(kind):
                key, value = _pair(cursor)
                if len(out.pairs) < PAIRS and len(value) <= PAIR:
                    out.pairs[key] = value
        else:
            cursor.skip(kind)
    if not out.leaves and not out.names:
        raise ReadError("corrupt", "the footer holds no schema")
    return out


def _pair(cursor: Compact) -> tuple[str, str]:
    key = value = ""
    for number, kind in cursor.fields():
        if number == 1 and kind == BINARY:
            key = cursor.text()
        elif number == 2 and kind == BINARY:  # noqa: PLR2004 - value
            value = cursor.text()
        else:
            cursor.skip(kind)
    return key, value


def _schema(cursor: Compact, field_kind: int, out: Footer) -> None:
    """Read the schema's elements, which stand in the order of a walk down the tree."""
    stack: list[tuple[int, tuple[str, ...], int, int]] = []  # children left, path, repeats, optional
    for number in cursor.structs(field_kind):
        kind, repetition, name, children, said = _element(cursor)
        while stack and stack[-1][0] == 0:
            stack.pop()
        path: tuple[str, ...] = ()
        repeats = optional = 0
        if stack:
            left, path, repeats, optional = stack[-1]
            stack[-1] = (left - 1, path, repeats, optional)
        if number:
            path = (*path, name)
            repeats += repetition == 2  # noqa: PLR2004 - repeated
            optional += repetition in (1, 2)
        if len(path) > 64 or len(out.leaves) + len(out.names) > COLUMNS:  # noqa: PLR2004 - schemas nest by hand
            raise ReadError("limit", f"more than {COLUMNS:,} columns, or columns that nest more than 64 deep")
        if children > 0 or number == 0:
            stack.append((children, path, repeats, optional))
            if number and name not in PLUMBING:
                out.names.append(path)
        else:
            out.leaves.append(Leaf(path, kind, said, repeats, optional))


def _element(cursor: Compact) -> tuple[int, int, str, int, str]:
    """Read one element of the schema: type, repetition, name, number of children, logical type."""
    kind, repetition, name, children, said = -1, 0, "", 0, ""
    for number, of in cursor.fields():
        if number == 1 and of == I32:
            kind = cursor.number()
        elif number == 3 and of == I32:  # noqa: PLR2004 - repetition_type
            repetition = cursor.number()
        elif number == 4 and of == BINARY:  # noqa: PLR2004 - name
            name = cursor.text()[:CLIPPED]
        elif number == 5 and of == I32:  # noqa: PLR2004 - num_children
            children = cursor.number()
        elif number == 6 and of == I32:  # noqa: PLR2004 - converted_type
            converted = CONVERTED.get(cursor.number(), "other")
            said = said or converted
        elif number == 10 and of == STRUCT:  # noqa: PLR2004 - logicalType, a union
            for which, inner in cursor.fields():
                said = LOGICAL.get(which, "other")
                cursor.skip(inner)
        else:
            cursor.skip(of)
    return kind, repetition, name, children, said


def row_groups(data: bytes, footer: Footer) -> Iterator[list[Chunk]]:
    """Yield the chunks of each row group, in the order of the schema's leaves."""
    if footer.groups_at < 0:
        return
    cursor = Compact(data, footer.groups_at)
    for _ in cursor.structs(9):
        chunks: list[Chunk] = []
        for number, kind in cursor.fields():
            if number == 1:
                chunks += [_chunk(cursor, at) for at in cursor.structs(kind)]
            else:
                cursor.skip(kind)
        yield chunks


def _chunk(cursor: Compact, leaf: int) -> Chunk:
    out = Chunk(leaf)
    for number, kind in cursor.fields():
        if number == 3 and kind == STRUCT:  # noqa: PLR2004 - meta_data
            _metadata(cursor, out)
        else:
            out.outside = out.outside or (number == 1 and kind == BINARY)
            out.encrypted = out.encrypted or number in (8, 9)
            cursor.skip(kind)
    return out


def _metadata(cursor: Compact, out: Chunk) -> None:
    for number, kind in cursor.fields():
        if number == 2:  # noqa: PLR2004 - encodings
            size, of = cursor.items()
            if of == I32:
                out.encodings = tuple(cursor.number() for _ in range(size))[:16]
            else:
                raise ReadError("corrupt", "encodings that are no numbers")
        elif kind in (I32, I64):
            value = cursor.number()
            match number:
                case 4:
                    out.codec = value
                case 5:
                    out.count = value
                case 7:
                    out.packed = value
                case 9:
                    out.data = value
                case 11:
                    out.dictionary = value
        else:
            cursor.skip(kind)
