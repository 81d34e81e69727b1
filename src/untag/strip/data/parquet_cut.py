"""What a Parquet footer says of columns and their pages, and the pages of those that stay, copied as they are.

Source of the field numbers: apache/parquet-format, parquet.thrift.
"""

from __future__ import annotations

from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.nouns import dataclass, field
from untag.readers.artifacts.tables.parquet_footer import PLUMBING
from untag.strip.data import pairs, thrift_tree

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.strip.data.thrift_tree import Struct

MAGIC: Final = b"PAR1"
PIECE: Final = 4 << 20
"""Bytes copied at once."""
BLOOM: Final = 1 << 10
"""Bytes that hold the head of a bloom filter."""


@dataclass(slots=True)
class Element:
    """An element of the schema."""

    struct: Struct
    path: tuple[str, ...]
    """As the file has it, with what lists and maps put in."""
    leaf: int = -1
    children: list[Element] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The path as people write it, as `untag.readers` does."""
        return ".".join(self.plain)

    @property
    def plain(self) -> tuple[str, ...]:
        """The path without what lists and maps put in."""
        return tuple(p for i, p in enumerate(self.path) if i == 0 or p not in PLUMBING)

    def leaves(self) -> Iterator[int]:
        """Yield the numbers of the columns below it."""
        if not self.children:
            yield self.leaf
        for child in self.children:
            yield from child.leaves()


def schema_of(footer: Struct) -> list[Element]:
    """Return the elements of the schema in order, the root first."""
    out: list[Element] = []
    stack: list[tuple[Element, int]] = []
    leaves = 0
    for struct in footer.structs(2):
        while stack and len(stack[-1][0].children) >= stack[-1][1]:
            stack.pop()
        name = struct.get(4)
        if not isinstance(name, bytes) or (out and not stack):
            raise ReadError("corrupt", "the schema is no tree")
        above = stack[-1][0] if stack else None
        one = Element(struct, (*above.path, name.decode("utf-8", "replace")) if above else ())
        out.append(one)
        if above is not None:
            above.children.append(one)
        count = struct.number(5, 0)
        if count > 0 or above is None:
            stack.append((one, count))
        else:
            one.leaf = leaves
            leaves += 1
    if not leaves or any(len(e.children) < n for e, n in stack):
        raise ReadError("corrupt", "the schema holds no columns, or fewer than it says")
    for group in footer.structs(4):
        if len(group.structs(1)) != leaves:
            raise ReadError("corrupt", "a row group has another number of columns than the schema")
        for chunk in group.structs(1):
            if chunk.get(1) is not None:
                raise ReadError("unsupported", "pages of a column lie in another file")
            if chunk.get(8) is not None or chunk.get(9) is not None:
                raise ReadError("encrypted", "a column is encrypted")
            extent(chunk)
    return out


def chunk_of(group: Struct, leaf: int) -> Struct:
    """Return a column of a row group."""
    return group.structs(1)[leaf]


def meta_of(chunk: Struct) -> Struct:
    """Return what is said of the pages of a column; raise `ReadError` where nothing is."""
    found = chunk.get(3)
    if not isinstance(found, thrift_tree.Struct):
        raise ReadError("corrupt", "a column without its metadata")
    return found


def extent(chunk: Struct) -> tuple[int, int]:
    """Return where the pages of a column in one row group begin, and their bytes."""
    meta = meta_of(chunk)
    start, dictionary, size = meta.number(9), meta.number(11, 0), meta.number(7)
    index = meta.number(10, 0)
    start = min(s for s in (start, dictionary, index) if s > 0) if max(start, dictionary, index) > 0 else -1
    if size < 0 or (size and start < len(MAGIC)):
        raise ReadError("corrupt", "a column without a place")
    return max(start, len(MAGIC)), size


@dataclass(slots=True)
class PageCut:
    """Copies what stays; remembers where it went."""

    data: Any
    footer: Struct
    end: int
    """Where the footer begins: no page may lie behind it."""
    gone: set[int]
    file: IO[bytes]
    copied: list[tuple[int, int, int]] = field(default_factory=list)
    """Old offset, new offset and size of each range of pages and filters."""
    moved: dict[tuple[int, int], dict[int, tuple[int, int]]] = field(default_factory=dict)
    """By row group and column: new offset, and change of offsets, of its parts (field numbers of the footer)."""
    indexes: int = 0
    """Bytes of page indexes."""
    left: int = 0
    """Bytes of pages that were not copied."""

    def run(self) -> None:
        """Copy pages, then bloom filters, then indexes, row group by row group."""
        self.file.write(MAGIC)
        groups = self.footer.structs(4)
        self._disjoint(groups)
        for number, group in enumerate(groups):
            for leaf in range(len(group.structs(1))):
                start, size = extent(chunk_of(group, leaf))
                if leaf in self.gone:
                    self.left += size
                    continue
                at = self._copy(start, size)
                self.moved[number, leaf] = {0: (at, at - start)}
        for number, group in enumerate(groups):
            for leaf, chunk in enumerate(group.structs(1)):
                if leaf not in self.gone:
                    self._filter(number, leaf, meta_of(chunk))
        for column, wanted in ((6, 7), (4, 5)):
            for number, group in enumerate(groups):
                for leaf, chunk in enumerate(group.structs(1)):
                    if leaf not in self.gone:
                        self._index(number, leaf, chunk, column, wanted)

    def _disjoint(self, groups: list[Struct]) -> None:
        """Raise where pages of two columns overlap: a copy of one would hold the other."""
        found = sorted(extent(c) for g in groups for c in g.structs(1))
        last = len(MAGIC)
        for start, size in found:
            if size and start < last:
                raise ReadError("corrupt", "pages of two columns overlap")
            if start + size > self.end:
                raise ReadError("truncated", "pages lie beyond the end of the data")
            last = max(last, start + size)

    def _copy(self, start: int, size: int) -> int:
        at = self.file.tell()
        for low in range(start, start + size, PIECE):
            self.file.write(self.data[low : min(low + PIECE, start + size)])
        self.copied.append((start, at, size))
        return at

    def _filter(self, number: int, leaf: int, meta: Struct) -> None:
        """Copy a bloom filter of which the size is known."""
        start = meta.number(14, 0)
        if start <= 0:
            return
        size = meta.number(15, 0)
        if size <= 0:  # older writers leave it out: the head of the filter says it
            head, stop = thrift_tree.read(self.data[start : start + BLOOM])
            size = stop + head.number(1, 0)
        self._inside(start, size)
        self.moved[number, leaf][14] = (self._copy(start, size), 0)

    def _inside(self, start: int, size: int) -> None:
        if start < len(MAGIC) or size < 0 or start + size > self.end:
            raise ReadError("corrupt", "an index or a filter lies outside of the file")

    def _index(self, number: int, leaf: int, chunk: Struct, column: int, length: int) -> None:
        """Write an index of pages: that of values as it is, that of places with the new places."""
        start, size = chunk.number(column, 0), chunk.number(length, 0)
        if start <= 0 or size <= 0:
            return
        self._inside(start, size)
        body = self.data[start : start + size]
        if column == 4:  # noqa: PLR2004 - offset_index_offset
            told, _ = thrift_tree.read(body)
            change = self.moved[number, leaf][0][1]
            for place in told.structs(1):
                place.put(1, place.number(1) + change)
            body = thrift_tree.write(told)
        at = self.file.tell()
        self.file.write(body)
        self.indexes += len(body)
        self.moved[number, leaf][column] = (at, len(body))


def footer_less(footer: Struct, elements: list[Element], gone: set[int], done: PageCut, notes: list[str]) -> Struct:
    """Return the footer of the file that is written; what a person has to change by hand is added to ``notes``."""
    out, _ = thrift_tree.read(thrift_tree.write(footer))
    dead = {id(e) for e in elements[1:] if set(e.leaves()) <= gone}
    kept: list[Struct] = []
    for one, copy in zip(elements, out.structs(2), strict=True):
        if id(one) in dead:
            continue
        if one.children:
            copy.put(5, sum(id(c) not in dead for c in one.children))
        kept.append(copy)
    out.get(2).values = kept
    order = [leaf for leaf in elements[0].leaves() if leaf not in gone]
    place = {leaf: at for at, leaf in enumerate(order)}
    for number, group in enumerate(out.structs(4)):
        _group(number, group, gone, place, done)
    orders = out.get(7)
    if orders is not None:
        orders.values = [v for leaf, v in enumerate(orders.values) if leaf not in gone]
    tops = [
        e
        for e in elements[1:]
        if id(e) in dead and not any(id(e) in map(id, x.children) and id(x) in dead for x in elements)
    ]
    paths = [e.plain for e in tops]
    said = out.get(5)
    if said is not None:
        told_pairs = [(p.get(1, b""), p.get(2, b"")) for p in said.values]
        new = pairs.rewritten(told_pairs, paths)
        said.values = _pairs(said.values, new, paths)
        named = pairs.still_named(new, (p[-1] for p in paths))
        notes.extend(f"the metadata {key} still speaks of the column: change it by hand" for key in named)
    return out


def _pairs(old: list[Struct], new: list[tuple[bytes, bytes]], paths: Sequence[tuple[str, ...]]) -> list[Struct]:
    """Put the new values into the pairs that stay."""
    kept = [p for p in old if not pairs.own(p.get(1, b""), paths)]
    for struct, (_, value) in zip(kept, new, strict=True):
        if struct.get(2) is not None:
            struct.put(2, value)
    return kept


def _group(number: int, group: Struct, gone: set[int], place: dict[int, int], done: PageCut) -> None:
    """Change one row group: columns, sizes, places, and the columns that it is sorted by."""
    chunks = group.structs(1)
    lost = [meta_of(c) for leaf, c in enumerate(chunks) if leaf in gone]
    first = None
    for leaf, chunk in enumerate(chunks):
        if leaf in gone:
            continue
        parts, meta = done.moved[number, leaf], meta_of(chunk)
        change = parts[0][1]
        first = parts[0][0] if first is None else first
        for at in (9, 10, 11):
            if meta.number(at, 0) > 0:
                meta.put(at, meta.number(at) + change)
        if chunk.number(2, 0) > 0:  # where a copy of the metadata stands, or the pages: writers differ
            chunk.put(2, max(chunk.number(2) + change, 0) if chunk.number(2) <= extent(chunk)[0] - change else 0)
        if 14 in parts:  # noqa: PLR2004 - bloom_filter_offset
            meta.put(14, parts[14][0])
        for at, length in ((4, 5), (6, 7)):
            if at in parts:
                chunk.put(at, parts[at][0])
                chunk.put(length, parts[at][1])
    group.get(1).values = [c for leaf, c in enumerate(chunks) if leaf not in gone]
    group.put(2, group.number(2, 0) - sum(m.number(6, 0) for m in lost))
    if group.get(6) is not None:
        group.put(6, group.number(6) - sum(m.number(7, 0) for m in lost))
    if group.get(5) is not None and first is not None:
        group.put(5, first)
    _sorting(group, gone, place)


def _sorting(group: Struct, gone: set[int], place: dict[int, int]) -> None:
    """Leave a column that goes, and those after it, out of what a group is sorted by."""
    sorting = group.get(4)
    if sorting is None:
        return
    kept = []
    for one in sorting.values:
        leaf = one.number(1)
        if leaf in gone or leaf not in place:
            break
        one.put(1, place[leaf])
        kept.append(one)
    sorting.values = kept
    if not kept:
        group.drop(4)
