"""Parquet: the pages of the columns that stay are copied as they are, and the footer is written anew.

No page is unpacked, so that types, row groups, encodings, compression and statistics of the other columns cannot
change. Page indexes are moved with their pages, bloom filters copied. Source of the field numbers:
apache/parquet-format, parquet.thrift.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.readers.artifacts.tables.parquet_footer import PLUMBING
from untag.strip.base import Check, StripError
from untag.strip.data import thrift_tree
from untag.strip.data.files import told
from untag.strip.data.parquet_cut import MAGIC, PIECE, PageCut, chunk_of, footer_less, meta_of, schema_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.data.parquet_cut import Element
    from untag.strip.data.thrift_tree import Struct

TAIL: Final = 8
FOOTER: Final = 256 << 20
"""Bytes of the largest footer: 10,000 columns in 1,000 row groups have about as many."""
SAMPLED: Final = 200
SMALL: Final = 1 << 16
"""Bytes that pyarrow reads of a column at once, where it only has a look."""
SHORT: Final = 4
"""Bytes from which on a value is looked for in what is written: shorter ones come by chance."""


class ParquetTable:
    """One Parquet file."""

    noun = "column"
    kind = "parquet"

    def __init__(self, path: Path) -> None:
        """Read the footer; raise `StripError` for a truncated, broken or encrypted file."""
        self.path = path
        self.notes: list[str] = []
        try:
            with path.open("rb") as file:
                self.footer_at, self.footer = _footer(file, path.name)
            self.elements = schema_of(self.footer)
        except OSError as error:
            raise told(error, path.name) from error
        except ReadError as error:
            raise StripError(f"{path.name}: {error.detail}: the footer is broken; nothing was written") from error
        self.by_name: dict[str, list[Element]] = {}
        for one in self.elements[1:]:
            if one.path[-1] not in PLUMBING or len(one.path) == 1:
                self.by_name.setdefault(one.name, []).append(one)
        self.names = list(self.by_name)

    def values(self, name: str) -> list[str]:
        """Return distinct texts of a column in the first rows."""
        import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``
        import pyarrow.parquet as pq  # noqa: PLC0415

        try:
            with pq.ParquetFile(self.path, buffer_size=SMALL, pre_buffer=False) as file:
                batch = next(file.iter_batches(2_000, columns=[".".join(e.path) for e in self.by_name[name]]), None)
                flat = [] if batch is None else _flat(batch.to_pylist())
        except (pa.ArrowException, OSError, ValueError):
            return []
        return list(dict.fromkeys(v for v in flat if isinstance(v, str)))[:SAMPLED]

    def refuses(self, chosen: Sequence[str]) -> str:
        """Return why these columns cannot be cut; empty where they can."""
        gone = self._gone(chosen)
        if len(gone) >= sum(1 for _ in self.elements[0].leaves()):
            return "every column of the table is protected: delete the file"
        for one in self.elements:
            if one.struct.number(6) in (1, 2) and not one.leaf >= 0:  # a MAP, whose key or value may not go alone
                below = set(one.leaves())
                keys = set(one.children[0].children[0].leaves()) if one.children and one.children[0].children else set()
                if below & gone and not below <= gone and (keys & gone or not (below - keys) - gone):
                    return f"{one.name} is a map, of which only the keys or only the values would go"
        return ""

    def says(self, name: str) -> tuple[str, ...]:
        """Return what goes with a column, in words."""
        groups = self.footer.structs(4)
        out = []
        for one in self.by_name[name]:
            for leaf in one.leaves():
                size = sum(meta_of(chunk_of(g, leaf)).number(7, 0) for g in groups)
                out.append(f"column {name}: {size:,} bytes of pages in {len(groups):,} row groups")
        return tuple(out)

    def _gone(self, chosen: Sequence[str]) -> set[int]:
        """Return the numbers of the columns that go."""
        return {leaf for name in chosen for one in self.by_name.get(name, ()) for leaf in one.leaves()}

    def cut(self, chosen: Sequence[str], file: IO[bytes], written: Callable[[], Path]) -> list[Check]:
        """Write the file without the columns; compare pages byte for byte, and open it with pyarrow."""
        gone = self._gone(chosen)
        try:
            with _window(self.path) as data:
                done = PageCut(data, self.footer, self.footer_at, gone, file)
                done.run()
                footer = footer_less(self.footer, self.elements, gone, done, self.notes)
                at = file.tell()
                body = thrift_tree.write(footer)
                file.write(body + len(body).to_bytes(4, "little") + MAGIC)
                path = written()
                with _window(path) as after:
                    return [*self._checks(data, after, done, at, gone), self._opened(path, gone)]
        except ReadError as error:
            raise StripError(f"{self.path.name}: {error.detail}; nothing was written") from error

    def _checks(self, before: Window, after: Window, done: PageCut, footer_at: int, gone: set[int]) -> list[Check]:
        wrong = 0
        for old, new, size in done.copied:
            for low in range(0, size, PIECE):
                high = min(low + PIECE, size)
                wrong += before[old + low : old + high] != after[new + low : new + high]
        size = sum(c[2] for c in done.copied)
        whole = len(MAGIC) + size + done.indexes == footer_at
        names = sorted({e.name for e in self.elements if e.leaf in gone})
        figures = {
            "pages_bytes": size,
            "chunks": len(done.copied),
            "removed_bytes": done.left,
            "index_bytes": done.indexes,
        }
        values = self._rare(gone)
        footer, _ = thrift_tree.read(after[footer_at:][:-TAIL])
        said = b"\0".join(p.get(2, b"") for p in footer.structs(5))
        found = sum(v in said for v in values)
        if found:
            self.notes.append(
                f"{found:,} values of the column stand in the file's key-value metadata: look at it by hand"
            )
        return [
            Check(
                "kept columns equal",
                not wrong and whole,
                f"{size:,} bytes of pages and filters of the other columns are equal byte for byte"
                if not wrong
                else f"{wrong:,} pieces differ",
                figures,
            ),
            Check(
                "removed values absent",
                whole,
                f"of {', '.join(names)} {done.left:,} bytes of pages were left out, with their statistics and filters: "
                "all that was written is pages of the other columns, their indexes, and a footer that does not name it",
                figures,
            ),
        ]

    def _rare(self, gone: set[int]) -> list[bytes]:
        names = {e.name for e in self.elements if e.leaf in gone}
        kept = {e.name for e in self.elements if e.leaf >= 0 and e.leaf not in gone}
        mine = {v.encode() for name in names for v in self.values(name) if len(v.encode()) >= SHORT}
        text = b"\0".join(n.encode() for n in kept)
        return [v for v in mine if v not in text and not v.isdigit()]

    def _opened(self, path: Path, gone: set[int]) -> Check:
        import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``
        import pyarrow.parquet as pq  # noqa: PLC0415

        rows = self.footer.number(3)
        try:
            with pq.ParquetFile(path, buffer_size=SMALL, pre_buffer=False) as file:
                schema = file.schema_arrow
                ok = file.metadata.num_rows == rows and len(file.schema) == len(self._leaves()) - len(gone)
                for group in {0, file.num_row_groups - 1} if file.num_row_groups else set():
                    for batch in file.iter_batches(1_000, row_groups=[group], use_threads=False):
                        ok = ok and batch.schema.names == schema.names
                        break
        except (pa.ArrowException, OSError, ValueError) as error:
            return Check("parses", False, f"pyarrow cannot read the result: {type(error).__name__}")
        return Check(
            "parses",
            ok,
            f"pyarrow {pa.__version__} reads {rows:,} rows, and of the first and last row group",
            {"rows": rows},
        )

    def _leaves(self) -> list[int]:
        return list(self.elements[0].leaves())


def _footer(file: IO[bytes], name: str) -> tuple[int, Struct]:
    """Return where the footer begins, and what it says."""
    size = file.seek(0, 2)
    if size < len(MAGIC) + TAIL:
        raise StripError(f"{name} is truncated; nothing was written")
    file.seek(0)
    start = file.read(4)
    file.seek(-TAIL, 2)
    tail = file.read(TAIL)
    length = int.from_bytes(tail[:4], "little")
    if tail[4:] == b"PARE" or start == b"PARE":
        raise StripError(f"{name} is encrypted; decrypt it first")
    if tail[4:] != MAGIC or start != MAGIC or length > min(size - TAIL - len(MAGIC), FOOTER):
        raise StripError(f"{name} is truncated or broken: it does not end as Parquet does; nothing was written")
    file.seek(-TAIL - length, 2)
    footer, _ = thrift_tree.read(file.read(length))
    if footer.get(8) is not None:
        raise StripError(f"{name} is encrypted; decrypt it first")
    return size - TAIL - length, footer


class Window:
    """The bytes of a file by their ranges, read when they are asked for: a map would count as memory in use."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def __getitem__(self, at: slice) -> bytes:
        """Return a range; shorter where the file ends."""
        self._file.seek(at.start)
        return self._file.read(-1 if at.stop is None else max(at.stop - at.start, 0))


@contextmanager
def _window(path: Path) -> Iterator[Window]:
    with path.open("rb", buffering=0) as file:
        yield Window(file)


def _flat(value: Any) -> list[Any]:
    """Return the scalars in nested lists and dictionaries."""
    if isinstance(value, dict):
        return [one for inner in value.values() for one in _flat(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in _flat(inner)]
    return [value]
