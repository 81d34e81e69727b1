"""Avro: the schema that the file's header carries, with its enums and comments.

Source: the Avro specification, "Object Container Files".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.errors import LimitError, ReadError
from untag.model import Gap
from untag.readers.artifacts.tables.columns import CLIPPED, COLUMNS, PATH, Column, Table, stem, table_parts
from untag.readers.artifacts.tables.described import described, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob
    from untag.readers.base import Part

HEADER: Final = 4 << 20
"""Bytes of the longest header."""
PAIRS: Final = 1_000
DEPTH: Final = 32
"""Records inside records."""
MAGIC: Final = b"Obj\x01"


class AvroReader:
    """Reads the schema of Avro object container files."""

    name = "avro"
    version = 1
    formats: tuple[str, ...] = ("avro",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format."""
        return head.startswith(MAGIC)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield the fields as columns, and what else the header says."""
        pairs = _Header(bytes(blob.data[:HEADER])).pairs()
        schema = parse(pairs.pop("avro.schema", ""))
        if not isinstance(schema, dict | list | str):
            raise ReadError("corrupt", "the header holds no schema")
        columns: list[Column] = []
        _walk(schema, "", columns, 0)
        name = schema.get("name") if isinstance(schema, dict) else ""
        doc = schema.get("doc") if isinstance(schema, dict) else ""
        table = Table(
            name if isinstance(name, str) and name else stem(blob.trail), columns, doc if isinstance(doc, str) else ""
        )
        yield from table_parts(blob.trail, table)
        yield from described({k: v for k, v in pairs.items() if not k.startswith("avro.")}).blobs(blob.trail)
        if len(columns) >= COLUMNS:
            yield Gap(blob.trail, "limit", f"more than {COLUMNS:,} columns")


class _Header:
    """A cursor in the header: a map of strings to bytes."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = len(MAGIC)

    def _long(self) -> int:
        value = 0
        for shift in range(0, 70, 7):
            if self.at >= len(self.data):
                raise ReadError("truncated", "the file ends inside its header")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - of a varint
                return (value >> 1) ^ -(value & 1)
        raise ReadError("corrupt", "a number of more than ten bytes")

    def _text(self) -> str:
        size = self._long()
        if size > HEADER:
            raise LimitError(f"a header of more than {HEADER:,} bytes")
        if not 0 <= size <= len(self.data) - self.at:
            raise ReadError("truncated" if size > 0 else "corrupt", "the file ends inside its header")
        self.at += size
        return self.data[self.at - size : self.at].decode("utf-8", "replace")

    def pairs(self) -> dict[str, str]:
        """Return the header's metadata."""
        out: dict[str, str] = {}
        while True:
            count = self._long()
            if not count:
                return out
            if count < 0:
                count = -count
                self._long()
            for _ in range(count):
                key = self._text()
                out[key] = self._text()
                if len(out) > PAIRS:
                    raise LimitError(f"more than {PAIRS:,} pairs in the header")


def _walk(raw: Any, path: str, out: list[Column], depth: int) -> None:
    """Gather the fields of a schema, records inside records by their path."""
    if depth > DEPTH or len(out) >= COLUMNS:
        return
    if isinstance(raw, list):
        for one in raw:
            _walk(one, path, out, depth + 1)
    elif isinstance(raw, dict):
        kind = raw.get("type")
        if kind == "enum" and isinstance(raw.get("symbols"), list):
            names = tuple(s for s in raw["symbols"][:2_000] if isinstance(s, str))
            known = next((c for c in out if c.name == path), None)
            if known is None:
                known = Column(path or str(raw.get("name", "")))
                out.append(known)
            known.kind, known.classes = "enum", names
        for one in raw.get("fields") or () if isinstance(raw.get("fields"), list) else ():
            if isinstance(one, dict) and isinstance(one.get("name"), str) and len(out) < COLUMNS:
                name = (f"{path}.{one['name'][:CLIPPED]}" if path else one["name"])[:PATH]
                doc = one.get("doc")
                out.append(Column(name, _kind(one.get("type")), doc if isinstance(doc, str) else ""))
                _walk(one.get("type"), name, out, depth + 1)
        for key in ("type", "items", "values"):
            if isinstance(raw.get(key), dict | list):
                _walk(raw[key], path, out, depth + 1)


def _kind(raw: Any) -> str:
    if isinstance(raw, str):
        return raw[:100]
    if isinstance(raw, list):
        return " or ".join(_kind(r) for r in raw[:4] if r != "null")[:100]
    return _kind(raw.get("type")) if isinstance(raw, dict) and not isinstance(raw.get("type"), dict) else ""
