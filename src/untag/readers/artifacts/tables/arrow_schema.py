"""Schemas and messages of Arrow's IPC formats.

Source: apache/arrow, format/Schema.fbs, Message.fbs and File.fbs; slots are their order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.readers.artifacts.tables.columns import CLIPPED, COLUMNS, PATH

if TYPE_CHECKING:
    from untag.readers.artifacts.tables.flatbuf import Node

KINDS: Final = (
    *("", "null", "int", "float", "binary", "string", "bool", "decimal", "date", "time", "timestamp", "interval"),
    *("list", "struct", "union", "fixed_size_binary", "fixed_size_list", "map", "duration", "large_binary"),
    *("large_string", "large_list", "run_end_encoded", "binary_view", "string_view", "list_view", "large_list_view"),
)
TEXTS: Final = ("string", "large_string")
BUFFERS: Final = {
    "null": 0,
    "binary": 3,
    "string": 3,
    "large_binary": 3,
    "large_string": 3,
    "struct": 1,
    "fixed_size_list": 1,
    "run_end_encoded": 0,
    "list_view": 3,
    "large_list_view": 3,
}
"""Buffers of a column of each kind, where they are not two: validity and values."""
VIEWS: Final = ("binary_view", "string_view")
PAIRS: Final = 4 << 20
"""Bytes of a schema's key-value metadata."""
TEXT: Final = 2_000
"""Bytes of a field's own metadata."""
DEPTH: Final = 40
"""Types inside types."""
PLUMBING: Final = frozenset(("item", "element", "list", "entries"))


@dataclass(slots=True)
class Field:
    """A column, or a part of one."""

    name: str
    kind: str
    path: tuple[str, ...]
    dictionary: int = -1
    """Id of its dictionary, or -1."""
    children: list[Field] = field(default_factory=list)
    doc: str = ""
    dense: bool = False
    """Whether a union keeps offsets."""

    @property
    def label(self) -> str:
        """The path as people write it."""
        return ".".join(p for i, p in enumerate(self.path) if i == 0 or p not in PLUMBING)[:PATH]

    @property
    def words(self) -> str:
        """The type in words."""
        return f"dictionary<{self.kind}>" if self.dictionary >= 0 else self.kind


@dataclass(slots=True)
class Schema:
    """Fields and key-value metadata."""

    fields: list[Field]
    pairs: dict[str, str]


def pairs_of(node: Node, slot: int, most: int) -> dict[str, str]:
    """Return key-value metadata of at most ``most`` bytes."""
    out: dict[str, str] = {}
    room = most
    for pair in node.nodes(slot):
        value = pair.text(1, room)
        room -= len(value) + 1
        if room <= 0:
            break
        out[pair.text(0, CLIPPED)] = value
    return out


def schema_of(node: Node) -> Schema:
    """Read a schema."""
    if node.number(0, "<h"):
        raise ReadError("unsupported", "numbers in big-endian order")
    count = [0]
    return Schema([_field(f, (), count) for f in node.nodes(1)], pairs_of(node, 2, PAIRS))


def _field(node: Node, path: tuple[str, ...], count: list[int]) -> Field:
    count[0] += 1
    if len(path) > DEPTH or count[0] > COLUMNS:
        raise ReadError("limit", f"more than {COLUMNS:,} columns, or columns that nest more than {DEPTH} deep")
    name = node.text(0, CLIPPED)
    tag = node.number(2, "<B")
    out = Field(name, KINDS[tag] if tag < len(KINDS) else "", (*path, name))
    if not out.kind:
        raise ReadError("unsupported", f"a column of type number {tag}")
    encoding = node.node(4)
    if encoding is not None:
        out.dictionary = encoding.number(0)
    if out.kind == "union":
        kind = node.node(3)
        out.dense = bool(kind and kind.number(0, "<h"))
    told = pairs_of(node, 6, TEXT)
    out.doc = " ".join(v for k, v in told.items() if not k.startswith(("ARROW:", "PARQUET:")))
    out.children = [_field(c, out.path, count) for c in node.nodes(5)]
    return out


def leaves(fields: list[Field]) -> list[Field]:
    """Return all fields, each before its children, without what only lists and maps name."""
    out: list[Field] = []
    for one in fields:
        if len(one.path) == 1 or one.name not in PLUMBING or not one.children:
            out.append(one)
        out += leaves(one.children)
    return out
