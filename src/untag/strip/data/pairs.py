"""Key-value metadata of tables in columns: what pandas, Hugging Face, Spark and others write of a column in it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Any, Final

from untag.strip.base import StripError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ARROW: Final = b"ARROW:schema"
NAMES: Final = ("name", "field_name", "column", "field", "id")
"""Keys under which a description in a list says which column it describes."""
LARGEST: Final = 64 << 20
"""Bytes of one value that is parsed."""


def rewritten(pairs: Iterable[tuple[bytes, bytes]], paths: Sequence[tuple[str, ...]]) -> list[tuple[bytes, bytes]]:
    """Return the pairs without what they say of some columns, which are named by their paths.

    ``ARROW:schema`` is written again by pyarrow; JSON loses the members and items that a column names; any other
    text is kept. A pair that says nothing of them is returned byte for byte.
    """
    return [(key, _rewritten(key, value, paths)) for key, value in pairs if not own(key, paths)]


def own(key: bytes, paths: Sequence[tuple[str, ...]]) -> bool:
    """Say whether a key belongs to a column as a whole: ``ethnicity``, ``ethnicity.description``."""
    return any(key == p[-1].encode() or key.startswith(p[-1].encode() + b".") for p in paths if len(p) == 1)


def _rewritten(key: bytes, value: bytes, paths: Sequence[tuple[str, ...]]) -> bytes:
    if key == ARROW:
        return _arrow(value, paths)
    names = [p[-1] for p in paths]
    if len(value) > LARGEST or not any(_said(name, value) for name in names):
        return value
    try:
        told = json.loads(value)
    except (ValueError, RecursionError):
        return value
    if not isinstance(told, dict | list):
        return value
    for path in paths:
        told = _less(told, path)
    return json.dumps(told, ensure_ascii=b"\\u" in value).encode("utf-8", "surrogatepass")


def _said(name: str, value: bytes) -> bool:
    return name.encode() in value or json.dumps(name)[1:-1].encode() in value


def _less(value: Any, path: tuple[str, ...]) -> Any:
    """Return JSON without what describes the column at a path; the names above it must be met on the way, in order."""
    if isinstance(value, dict):
        out = {}
        for key, inner in value.items():
            rest = path[1:] if len(path) > 1 and key == path[0] else path
            if key == path[-1] and len(path) == 1:
                continue
            out[key] = _less(inner, rest)
        return out
    if isinstance(value, list):
        kept = []
        for one in value:
            name = next((one[k] for k in NAMES if k in one), None) if isinstance(one, dict) else one
            if len(path) == 1 and name == path[0]:
                continue
            rest = path[1:] if len(path) > 1 and name == path[0] else path
            kept.append(_less(one, rest))
        return kept
    return value


def still_named(pairs: Iterable[tuple[bytes, bytes]], names: Iterable[str]) -> list[str]:
    """Return the keys of pairs whose text still names a column: free text, which a person has to change."""
    told = list(names)
    return [
        key.decode("utf-8", "replace")
        for key, value in pairs
        if key != ARROW and any(f'"{n}"'.encode() in value or n.encode() in value.split() for n in told)
    ]


def _arrow(value: bytes, paths: Sequence[tuple[str, ...]]) -> bytes:
    """Return Arrow's own schema, as Parquet files carry it, without some columns."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    try:
        schema = pa.ipc.read_schema(pa.py_buffer(base64.b64decode(value)))
    except (pa.ArrowException, binascii.Error, OSError, ValueError) as error:
        raise StripError(f"the schema that Arrow left in the file is broken ({type(error).__name__})") from error
    return base64.b64encode(schema_less(schema, paths).serialize().to_pybytes())


def schema_less(schema: Any, paths: Sequence[tuple[str, ...]]) -> Any:
    """Return an Arrow schema without the fields at some paths; its metadata is rewritten, that of fields kept."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    fields = [f for f in (field_less(schema.field(i), paths, ()) for i in range(len(schema))) if f is not None]
    pairs = None if schema.metadata is None else dict(rewritten(schema.metadata.items(), paths))
    return pa.schema(fields, metadata=pairs)


def field_less(field: Any, paths: Sequence[tuple[str, ...]], above: tuple[str, ...]) -> Any:
    """Return an Arrow field without the parts at some paths; None where it goes as a whole.

    Lists and maps add no name to a path: their items are meant.
    """
    path = (*above, field.name)
    if path in paths:
        return None
    kind = type_less(field.type, paths, path)
    return field if kind is field.type else field.with_type(kind)


def type_less(kind: Any, paths: Sequence[tuple[str, ...]], path: tuple[str, ...]) -> Any:
    """Return an Arrow type without the parts at some paths; the same object where none is in it."""
    import pyarrow as pa  # noqa: PLC0415 - the extra ``strip``

    if not any(p[: len(path)] == path and len(p) > len(path) for p in paths):
        return kind
    if pa.types.is_struct(kind):
        kept = [field_less(kind.field(i), paths, path) for i in range(kind.num_fields)]
        return pa.struct([f for f in kept if f is not None])
    if pa.types.is_list(kind):
        return pa.list_(kind.value_field.with_type(type_less(kind.value_type, paths, path)))
    if pa.types.is_large_list(kind):
        return pa.large_list(kind.value_field.with_type(type_less(kind.value_type, paths, path)))
    if pa.types.is_fixed_size_list(kind):
        return pa.list_(kind.value_field.with_type(type_less(kind.value_type, paths, path)), kind.list_size)
    if pa.types.is_map(kind):
        item = kind.item_field.with_type(type_less(kind.item_type, paths, path))
        return pa.map_(kind.key_field, item, keys_sorted=kind.keys_sorted)
    raise StripError(f"{'.'.join(path)} is {kind}: nothing inside it can be cut")
