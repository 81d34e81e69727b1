"""Arrow IPC files and streams, and Feather: schema, metadata, dictionaries, and a sample of strings.

The messages are read here, without pyarrow: only their heads are parsed, and of their
bodies only dictionaries and the first strings are touched.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Gap
from untag.readers.artifacts.tables.arrow_schema import (
    BUFFERS,
    TEXTS,
    VIEWS,
    Field,
    Schema,
    leaves,
    schema_of,
)
from untag.readers.artifacts.tables.columns import (
    WIDE,
    Column,
    Table,
    ValueSet,
    file_scope,
    sentences_parts,
    stem,
    table_parts,
    thinned,
)
from untag.readers.artifacts.tables.described import described
from untag.readers.artifacts.tables.flatbuf import Node, root
from untag.readers.artifacts.tables.unpack import PAGE, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Buffer
    from untag.readers.base import Part

HEAD: Final = 32 << 20
"""Bytes of the longest message head."""
SAMPLE: Final = 1_000
"""Strings looked at in one record batch."""
SAMPLED: Final = 8
"""Record batches looked at before they are thinned out."""
SCHEMA, DICTIONARY, BATCH = 1, 2, 3
MARK: Final = b"\xff\xff\xff\xff"


class ArrowReader:
    """Reads Arrow IPC, as files (Feather 2) and as streams."""

    name = "arrow"
    version = 1
    formats: tuple[str, ...] = ("arrow", "feather")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format."""
        return head.startswith(b"ARROW1\0\0") or is_stream(head)

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield columns, value sets, class labels and metadata."""
        file = _File(blob.data, deadline)
        trouble: ReadError | None = None
        try:
            file.read()
        except ReadError as error:
            trouble = error
        if file.schema is not None:
            told = described(file.schema.pairs)
            columns = file.columns()
            told.apply(columns)
            columns += told.others(columns)
            yield from table_parts(blob.trail, Table(stem(blob.trail), columns, "", file.rows or -1))
            yield from sentences_parts(file_scope(blob.trail), told.texts)
            yield from told.blobs(blob.trail)
        for reason, detail in file.troubles.items():
            yield Gap(blob.trail, reason, detail)
        if trouble is not None:
            yield Gap(blob.trail, trouble.reason, trouble.detail)


def is_stream(head: bytes) -> bool:
    """Whether bytes begin with a schema message in a stream."""
    if head[:4] != MARK or len(head) < 32:  # noqa: PLR2004 - the least a message takes
        return False
    size = int.from_bytes(head[4:8], "little")
    if not 16 <= size <= HEAD or size % 8:  # noqa: PLR2004 - the least a schema takes
        return False
    try:
        message = root(head, 8)
        return message.number(1, "<B") == SCHEMA and 0 <= message.number(0, "<h") <= 4  # noqa: PLR2004 - versions
    except ReadError:
        return False


@dataclass(slots=True)
class _File:
    """Gathers schema and value sets of one file or stream."""

    data: Buffer
    deadline: Deadline
    schema: Schema | None = None
    rows: int = 0
    batches: int = 0
    sets: dict[str, ValueSet] = field(default_factory=dict)
    """Value sets by column."""
    words: dict[int, ValueSet] = field(default_factory=dict)
    """Value sets by dictionary."""
    owners: dict[int, Field] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)

    def read(self) -> None:
        """Walk the messages in the order of the file; a file is a stream between two magics."""
        start = 8 if bytes(self.data[:6]) == b"ARROW1" else 0
        at = start
        while True:
            self.deadline.check()
            following = self._message(at)
            if following < 0:
                break
            at = following
        if start and bytes(self.data[-6:]) != b"ARROW1":
            raise ReadError("truncated", "no footer at the end of the file")

    def _message(self, at: int) -> int:
        """Read the message at an offset; return where the next one begins, or -1."""
        head = bytes(self.data[at : at + 8])
        if len(head) < 8 or head == MARK + b"\0\0\0\0" or not any(head[:4]):  # noqa: PLR2004 - mark and length
            return -1
        skip = 8 if head[:4] == MARK else 4
        size = int.from_bytes(head[skip - 4 : skip], "little")
        if size > HEAD:
            raise ReadError("corrupt", "a message head of impossible length")
        metadata = bytes(self.data[at + skip : at + skip + size])
        if len(metadata) < size:
            raise ReadError("truncated", "the file ends inside a message")
        message = root(metadata)
        length = message.number(3)
        start = at + skip + size
        if length < 0 or start + length > len(self.data):
            self._take(message, start, len(self.data) - start)
            raise ReadError("truncated", "the file ends inside a message")
        self._take(message, start, length)
        return start + (length + 7 & ~7)

    def _take(self, message: Node, start: int, length: int) -> None:
        kind, inner = message.number(1, "<B"), message.node(2)
        if inner is None:
            raise ReadError("corrupt", "a message without a head")
        if kind == SCHEMA:
            if self.schema is None:
                self.schema = schema_of(inner)
                self.owners = {f.dictionary: f for f in leaves(self.schema.fields) if f.dictionary >= 0}
            return
        if self.schema is None:
            raise ReadError("corrupt", "data before the schema")
        try:
            if kind == DICTIONARY:
                batch = inner.node(1)
                owner = self.owners.get(inner.number(0))
                if batch is not None and owner is not None and owner.kind in TEXTS:
                    values = self.words.setdefault(owner.dictionary, ValueSet())
                    _Batch(self, batch, start, length).strings(0, 0, owner, values, 1 << 16)
            elif kind == BATCH:
                self.rows += max(0, inner.number(0))
                self.batches += 1
                if thinned(self.batches - 1, SAMPLED):
                    _Batch(self, inner, start, length).walk(self.schema.fields)
        except ReadError as error:
            self.troubles.setdefault(error.reason, error.detail)

    def columns(self) -> list[Column]:
        """Return the columns with what was seen of their values."""
        out: dict[str, Column] = {}
        for one in leaves(self.schema.fields if self.schema else []):
            values = self.words.get(one.dictionary) if one.dictionary >= 0 else self.sets.get(one.label)
            known = out.setdefault(one.label, Column(one.label, one.words, one.doc))
            known.values = known.values or values  # a list's items are the column's own values
        return list(out.values())


class _Batch:
    """One record batch: nodes and buffers in the order of a walk down the schema."""

    def __init__(self, file: _File, batch: Node, start: int, length: int) -> None:
        self.file = file
        self.nodes = batch.structs(1, "<qq")
        self.buffers = batch.structs(2, "<qq")
        packing = batch.node(3)
        self.codec = "" if packing is None else "zstd" if packing.number(0, "<b") else "lz4_frame"
        first, count = batch.vector(4, 8)
        self.variadic = list(struct.unpack_from(f"<{count}q", batch.data, first)) if count else []
        self.start, self.length = start, length
        self.node = self.buffer = 0

    def walk(self, fields: list[Field]) -> None:
        """Look at each column of strings."""
        for one in fields:
            number, buffer = self.node, self.buffer
            self.node += 1
            if one.dictionary >= 0:
                self.buffer += 2
                continue
            if one.kind in VIEWS:
                extra = self.variadic.pop(0) if self.variadic else 0
                self.buffer += 2 + max(0, min(extra, 1 << 20))
            elif one.kind == "union":
                self.buffer += 2 if one.dense else 1
            else:
                self.buffer += BUFFERS.get(one.kind, 2)
            if one.kind in TEXTS:
                values = self.file.sets.get(one.label)
                if values is None:
                    if len(self.file.sets) >= WIDE:
                        self.file.troubles["limit"] = f"values of more than {WIDE:,} columns"
                        continue
                    values = self.file.sets[one.label] = ValueSet()
                if not values.full:
                    self.strings(number, buffer, one, values, SAMPLE)
            self.walk(one.children)

    def strings(self, number: int, buffer: int, one: Field, values: ValueSet, limit: int) -> None:
        """Take in the first strings of a column."""
        if number >= len(self.nodes) or buffer + 2 >= len(self.buffers):
            raise ReadError("corrupt", "a batch with too few buffers")
        rows = self.nodes[number][0]
        count = max(0, min(rows, limit))
        wide = 8 if one.kind == "large_string" else 4
        if not count:
            return
        values.sampled = values.sampled or rows > count or self.file.batches > SAMPLED
        raw = self._bytes(buffer + 1, 0, (count + 1) * wide)
        offsets = struct.unpack_from(f"<{len(raw) // wide}{'q' if wide == 8 else 'i'}", raw)  # noqa: PLR2004 - of the format
        if len(offsets) <= count or min(offsets) < 0:
            raise ReadError("corrupt", "a column with too few offsets")
        last = min(offsets[0] + PAGE // 4, max(offsets))
        data = self._bytes(buffer + 2, offsets[0], last)
        first = offsets[0]
        values.add_all(data[low - first : high - first] for low, high in pairwise(offsets) if low <= high <= last)

    def _bytes(self, number: int, low: int, high: int) -> bytes:
        """Return a range of a buffer, unpacked."""
        offset, length = self.buffers[number]
        if offset < 0 or length < 0 or offset + length > self.length:
            raise ReadError("truncated", "a column beyond the end of its message")
        at = self.start + offset
        data = self.file.data
        if not self.codec:
            return bytes(data[at + min(low, length) : at + min(high, length)])
        if not length:
            return b""
        size = int.from_bytes(bytes(data[at : at + 8]), "little", signed=True)
        if size == -1:
            return bytes(data[at + 8 : at + length])[low:high]
        if length > PAGE:
            raise ReadError("limit", f"a column of more than {PAGE:,} bytes in one piece")
        return unpack(self.codec, bytes(data[at + 8 : at + length]), size)[low:high]
