"""Arrow IPC files and streams, and Feather 2: read batch by batch with pyarrow and written with the same options."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import zip_longest
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.readers.artifacts.tables.flatbuf import root
from untag.strip.base import Check, StripError
from untag.strip.data.files import told
from untag.strip.data.pairs import schema_less, still_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

BATCH: Final = 3
HEADS: Final = 10_000
"""Messages looked at until a batch says how its buffers are packed."""
SAMPLED: Final = 200


class ArrowTable:
    """One file or stream of record batches."""

    noun = "column"
    kind = "arrow"

    def __init__(self, path: Path) -> None:
        """Read the schema; raise `StripError` where there is none."""
        self.path = path
        self.notes: list[str] = []
        with path.open("rb") as file:
            self.stream = file.read(6) != b"ARROW1"
        with self._reader(path) as reader:
            self.schema = reader.schema
        self.paths = {".".join(p): p for p in _paths(self.schema)}
        self.names = list(dict.fromkeys(self.paths))

    @contextmanager
    def _reader(self, path: Path) -> Iterator[Any]:
        import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

        try:
            with pa.memory_map(str(path)) as file:
                yield pa.ipc.open_stream(file) if self.stream else pa.ipc.open_file(file)
        except OSError as error:
            if error.errno:
                raise told(error, path.name) from error
            raise StripError(
                f"{path.name} is truncated or corrupt: pyarrow cannot read it; nothing was written"
            ) from error
        except (pa.ArrowException, ValueError) as error:
            raise StripError(
                f"{path.name} is truncated or corrupt ({type(error).__name__}); nothing was written"
            ) from error

    def _batches(self, reader: Any) -> Iterator[tuple[Any, Any]]:
        """Yield batches with their own metadata."""
        if self.stream:
            while True:
                try:
                    found = reader.read_next_batch_with_custom_metadata()
                except StopIteration:
                    return
                yield found.batch, found.custom_metadata
        else:
            for number in range(reader.num_record_batches):
                found = reader.get_batch_with_custom_metadata(number)
                yield found.batch, found.custom_metadata

    def values(self, name: str) -> list[str]:
        """Return distinct texts of a column in the first batch."""
        import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

        path = self.paths[name]
        with self._reader(self.path) as reader:
            batch, _ = next(self._batches(reader), (None, None))
            if batch is None or len(path) > 1:
                return []
            found = batch.column(batch.schema.get_all_field_indices(path[0])[0]).slice(0, 2_000)
            if pa.types.is_dictionary(found.type):
                found = found.dictionary
            return list(dict.fromkeys(v for v in found.to_pylist() if isinstance(v, str)))[:SAMPLED]

    def refuses(self, chosen: Sequence[str]) -> str:
        """Return why these columns cannot be cut; empty where they can."""
        gone = [self.paths[n] for n in chosen]
        less = schema_less(self.schema.remove_metadata(), gone)
        if not len(less):
            return "every column of the table is protected: delete the file"
        return ""

    def says(self, name: str) -> tuple[str, ...]:
        """Return what goes with a column, in words."""
        return (f"column {name} of every record batch, with its dictionary if it has one",)

    def cut(self, chosen: Sequence[str], file: IO[bytes], written: Callable[[], Path]) -> list[Check]:
        """Write the batches without the columns; read the result again and compare it value for value."""
        import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

        gone = [self.paths[n] for n in chosen]
        schema = schema_less(self.schema, gone)
        version, codec = _how(self.path, stream=self.stream)
        options = pa.ipc.IpcWriteOptions(
            metadata_version=version, compression=codec, emit_dictionary_deltas=True, use_threads=False
        )
        with self._reader(self.path) as reader:
            new = pa.ipc.new_stream if self.stream else pa.ipc.new_file
            more = {} if self.stream or reader.metadata is None else {"metadata": reader.metadata}
            sink = pa.PythonFile(file, "w")
            with new(sink, schema, options=options, **more) as writer:
                for batch, own in self._batches(reader):
                    writer.write_batch(batch_less(batch, schema, gone), custom_metadata=own)
        named = still_named((schema.metadata or {}).items(), (p[-1] for p in gone))
        self.notes += [f"the metadata {key} still speaks of the column: change it by hand" for key in named]
        return self._checks(chosen, gone, schema, written())

    def _checks(self, chosen: Sequence[str], gone: list[tuple[str, ...]], schema: Any, path: Path) -> list[Check]:
        rows = batches = 0
        alike = True
        with self._reader(self.path) as before, self._reader(path) as after:
            alike = after.schema.equals(schema, check_metadata=True)
            absent = not {".".join(p) for p in _paths(after.schema)} & set(chosen)
            for one, other in zip_longest(self._batches(before), self._batches(after)):
                if one is None or other is None:
                    alike = False
                    break
                batches += 1
                rows += one[0].num_rows
                alike = alike and _equal(batch_less(one[0], schema, gone), other[0]) and one[1] == other[1]
        figures = {"rows": rows, "batches": batches}
        return [
            Check(
                "kept columns equal",
                alike,
                f"{rows:,} rows in {batches:,} batches read again: schema, metadata and values of the others equal",
                figures,
            ),
            Check(
                "removed values absent",
                absent,
                f"no column {' or '.join(chosen)} is left; batches are written anew",
                figures,
            ),
        ]


def _equal(one: Any, other: Any) -> bool:
    """Compare two batches, not-a-number being equal to itself."""
    if one.equals(other):
        return True
    return all(a.equals(b) or _plain(a) == _plain(b) for a, b in zip(one.columns, other.columns, strict=True))


def _plain(column: Any) -> str:
    """Return values as text, in which not-a-number is equal to itself."""
    return repr(column.to_pylist())


def _paths(schema: Any) -> Iterator[tuple[str, ...]]:
    """Yield the paths of columns and of fields inside them; lists and maps add no name."""
    stack: list[tuple[tuple[str, ...], Any]] = [((), schema.field(i)) for i in reversed(range(len(schema)))]
    while stack:
        above, field = stack.pop()
        path = (*above, field.name)
        yield path
        kind = _inner(field.type)
        stack += [(path, kind.field(i)) for i in reversed(range(kind.num_fields))] if _is_struct(kind) else []


def _is_struct(kind: Any) -> bool:
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    return bool(pa.types.is_struct(kind))


def _inner(kind: Any) -> Any:
    """Return the type of the items of lists inside lists."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    while True:
        if pa.types.is_map(kind):
            kind = kind.item_type
        elif pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
            kind = kind.value_type
        else:
            return kind


def batch_less(batch: Any, schema: Any, gone: Sequence[tuple[str, ...]]) -> Any:
    """Return a record batch without the columns and fields at some paths."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    kept = [i for i, f in enumerate(batch.schema) if (f.name,) not in gone]
    columns = [array_less(batch.column(i), gone, (batch.schema.field(i).name,)) for i in kept]
    kept = [i for i, c in zip(kept, columns, strict=True) if c is not None]
    if not columns:
        raise StripError("every column of the table is protected: delete the file")
    arrays = [c if c.type == f.type else c.cast(f.type) for c, f in zip(columns, schema, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def array_less(array: Any, gone: Sequence[tuple[str, ...]], path: tuple[str, ...]) -> Any:
    """Return an array without the fields at some paths inside it; its nulls stay where they are."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    if not any(p[: len(path)] == path and len(p) > len(path) for p in gone):
        return array
    kind = array.type
    nulls = array.is_null()
    if pa.types.is_struct(kind):
        fields = [kind.field(i) for i in range(kind.num_fields) if (*path, kind.field(i).name) not in gone]
        if not fields:
            raise StripError(f"every field of {'.'.join(path)} is protected: name the whole column by --output")
        parts = [array_less(_child(array, f.name), gone, (*path, f.name)) for f in fields]
        fields = [f.with_type(part.type) for f, part in zip(fields, parts, strict=True)]
        return pa.StructArray.from_arrays(parts, fields=fields, mask=nulls)
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        maker = pa.ListArray if pa.types.is_list(kind) else pa.LargeListArray
        values = array_less(array.values, gone, path)
        wanted = (pa.list_ if pa.types.is_list(kind) else pa.large_list)(kind.value_field.with_type(values.type))
        return maker.from_arrays(array.offsets, values, type=wanted, mask=nulls if array.null_count else None)
    raise StripError(f"{'.'.join(path)} is {kind}: nothing inside it can be cut")


def _child(array: Any, name: str) -> Any:
    """Return a field of a struct array, as long as the array."""
    return array.field(name)


def _how(path: Path, *, stream: bool) -> tuple[Any, str | None]:
    """Return the version of the messages, and how their buffers are packed, by the first batch."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    versions = {4: pa.ipc.MetadataVersion.V5, 3: pa.ipc.MetadataVersion.V4}
    version, codec = pa.ipc.MetadataVersion.V5, None
    try:
        with path.open("rb") as file:
            file.seek(0 if stream else 8)
            for _ in range(HEADS):
                head = file.read(8)
                skip = 8 if head[:4] == b"\xff\xff\xff\xff" else 4
                size = int.from_bytes(head[skip - 4 : skip], "little")
                if len(head) < 8 or not size:  # noqa: PLR2004 - mark and length
                    break
                file.seek(skip - 8, 1)
                message = root(file.read(size))
                version = versions.get(message.number(0, "<h"), version)
                inner = message.node(2)
                if message.number(1, "<B") == BATCH and inner is not None:
                    packing = inner.node(3)
                    codec = None if packing is None else "zstd" if packing.number(0, "<b") else "lz4"
                    break
                file.seek(message.number(3) + 7 & ~7, 1)
    except (OSError, ReadError, ValueError) as error:
        raise StripError(f"{path.name} is truncated or corrupt; nothing was written") from error
    return version, codec
