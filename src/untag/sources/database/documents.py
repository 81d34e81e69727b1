"""JSON in columns: the fields of a sample of documents, as columns of their own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from untag.sources.database.catalog import DISTINCT, VALUE, Column, Values

if TYPE_CHECKING:
    from collections.abc import Iterable

COUNT: Final = 200
"""Documents looked at in one column."""
LONGEST: Final = 8_000
"""Characters of a document that is looked at."""
DEPTH: Final = 4
"""Objects inside objects that are looked into."""
FIELDS: Final = 200
"""Fields kept of one column."""


def fields(column: Column, texts: Iterable[str], values: Values) -> list[Column]:
    """Return a JSON column and the fields of its documents, named ``column.field``, with their value sets."""
    found: dict[str, dict[str, None]] = {}
    for text in texts:
        try:
            _gather(json.loads(text), column.name, found, 0)
        except (ValueError, RecursionError):
            continue
    out = [column]
    for name, kept in found.items():
        if name != column.name:
            seen = Values(sorted(kept), values.seen, values.sampled)
            out.append(Column(name, "json field", "", "", column.readable, (), seen))
    return out


def _gather(value: Any, name: str, found: dict[str, dict[str, None]], depth: int) -> None:
    """Gather names of fields and their texts."""
    if isinstance(value, list):
        for item in value[:50]:
            _gather(item, name, found, depth + 1)
    elif isinstance(value, dict) and depth <= DEPTH:
        for key, inner in list(value.items())[:FIELDS]:
            path = f"{name}.{key[:100]}"
            if path in found or len(found) < FIELDS:
                found.setdefault(path, {})
                _gather(inner, path, found, depth + 1)
    elif isinstance(value, str) and name in found and len(found[name]) < DISTINCT:
        found[name][value[:VALUE]] = None
