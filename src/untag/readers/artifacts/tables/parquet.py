"""Parquet: the schema, the metadata and the dictionaries of its columns; rows only where there is no dictionary.

The footer and the pages are read here, without pyarrow: a label column of a gigabyte is a
few dictionary pages of a hundred bytes, and no hostile footer meets a parser in C++.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.model import Gap
from untag.readers.artifacts.tables import parquet_pages as pages
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
from untag.readers.artifacts.tables.parquet_footer import Chunk, Footer, Leaf, read_footer, row_groups

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob, Buffer
    from untag.readers.base import Part

FOOTER: Final = 32 << 20
"""Bytes of the longest footer that is read; 3,000 columns in 100 row groups need as much."""
SAMPLE: Final = 1_000
"""Values looked at in one page where a column has no dictionary."""
SAMPLED_GROUPS: Final = 8
"""Row groups from which such a sample is taken before they are thinned out."""


class ParquetReader:
    """Reads Parquet files by their footer and their dictionary pages."""

    name = "parquet"
    version = 1
    formats: tuple[str, ...] = ("parquet",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the content is of this format; a text may begin with its four letters."""
        return head.startswith((b"PAR1", b"PARE")) and (b"\0" in head or tail.endswith((b"PAR1", b"PARE")))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield columns, value sets, class labels and metadata."""
        data = blob.data
        footer_data = _footer_bytes(data)
        footer = read_footer(footer_data, deadline)
        told = described(footer.pairs)
        file = _File(data, footer.leaves, deadline)
        try:
            file.read(footer_data, footer)
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
        columns = file.columns(footer)
        told.apply(columns)
        columns += told.others(columns)
        yield from table_parts(blob.trail, Table(stem(blob.trail), columns, "", footer.rows))
        yield from sentences_parts(file_scope(blob.trail), told.texts)
        yield from told.blobs(blob.trail)
        for reason, detail in file.troubles.items():
            yield Gap(blob.trail, reason, detail)


def _footer_bytes(data: Buffer) -> bytes:
    """Return the footer, which stands before its length and the magic at the end."""
    size = len(data)
    tail = bytes(data[-8:])
    if bytes(data[:4]) == b"PARE" or tail[4:] == b"PARE":
        raise ReadError("encrypted", "the footer is encrypted")
    if size < 12 or tail[4:] != b"PAR1":  # noqa: PLR2004 - magic, length, magic
        raise ReadError("truncated", "no footer at the end of the file")
    length = int.from_bytes(tail[:4], "little")
    if length > FOOTER:
        raise LimitError(f"a footer of {length:,} bytes, more than {FOOTER:,}")
    if length > size - 12:
        raise ReadError("corrupt", "a footer longer than the file")
    return bytes(data[size - 8 - length : size - 8])


@dataclass(slots=True)
class _File:
    """Gathers the value sets of one file."""

    data: Buffer
    leaves: list[Leaf]
    deadline: Deadline
    sets: dict[int, ValueSet] = field(default_factory=dict)
    coded: set[int] = field(default_factory=set)
    """Columns that have a dictionary."""
    known: set[bytes] = field(default_factory=set)
    """Dictionary pages that were seen already: most row groups repeat them."""
    troubles: dict[str, str] = field(default_factory=dict)

    def read(self, footer_data: bytes, footer: Footer) -> None:
        """Look at every row group."""
        texts = [i for i, leaf in enumerate(self.leaves) if leaf.is_text]
        if len(texts) > WIDE:
            self.troubles["limit"] = f"values of more than {WIDE:,} columns"
        wanted = set(texts[:WIDE])
        for number, chunks in enumerate(row_groups(footer_data, footer)):
            self.deadline.check()
            for chunk in chunks:
                if chunk.leaf in wanted:
                    values = self.sets.setdefault(chunk.leaf, ValueSet())
                    if not values.full:
                        self._chunk(chunk, values, number)

    def _chunk(self, chunk: Chunk, values: ValueSet, group: int) -> None:
        """Look at one column in one row group; what goes wrong costs this column only."""
        if chunk.outside:
            self.troubles.setdefault("unsupported", "columns are kept in another file, which is not followed")
            return
        if chunk.encrypted:
            self.troubles.setdefault("encrypted", "a column is encrypted")
            return
        try:
            if chunk.has_dictionary:
                page = pages.dictionary_of(self.data, chunk)
                if page is not None:
                    self._dictionary(chunk, page, values)
                    return
            self._sample(chunk, values, group)
        except ReadError as error:
            self.troubles.setdefault(error.reason, error.detail)

    def _dictionary(self, chunk: Chunk, page: pages.Page, values: ValueSet) -> None:
        self.coded.add(chunk.leaf)
        raw = bytes(self.data[page.start : page.start + min(page.packed, 1 << 12)])
        mark = chunk.leaf.to_bytes(4, "little") + raw
        if page.packed == len(raw):
            if mark in self.known:
                return
            if len(self.known) < 1 << 14:
                self.known.add(mark)
        for value in pages.plain_values(pages.body(self.data, page, chunk.codec), 0, page.count):
            values.add(value)
            if values.full:
                break

    def _sample(self, chunk: Chunk, values: ValueSet, group: int) -> None:
        """Look at the first values of the first row groups, then of ever fewer."""
        values.sampled = values.sampled or chunk.count > SAMPLE or group >= SAMPLED_GROUPS
        if not thinned(group, SAMPLED_GROUPS):
            return
        values.add_all(pages.first_values(self.data, chunk, self.leaves[chunk.leaf], SAMPLE))

    def columns(self, footer: Footer) -> list[Column]:
        """Return the columns, those that hold others before them."""
        out: list[Column] = []
        told: set[str] = set()
        for path in footer.names:
            name = Leaf(path, -1, "", 0, 0).name
            if name not in told and path[-1] not in told:
                told.add(name)
                out.append(Column(name, "struct"))
        for number, leaf in enumerate(self.leaves):
            if leaf.name in told:
                out = [c for c in out if c.name != leaf.name]
            words = f"dictionary<{leaf.words}>" if number in self.coded else leaf.words
            out.append(Column(leaf.name, words, values=self.sets.get(number)))
        return out
