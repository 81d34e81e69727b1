"""Logs and traces as an OpenTelemetry Collector writes them to a file: many calls in one line of JSON.

Each record of ``resourceLogs`` and each span of ``resourceSpans`` is a call; it becomes a line of JSON of its own,
which is sieved as any other. Sources: the JSON encoding of the OpenTelemetry protocol, the Collector's file exporter.
"""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING, Any, Final

from untag.evidence.usage.calls import fast, read
from untag.evidence.usage.sieve import BLOCK, LINE, sifted, skipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

WRAPS: Final = (("resourceLogs", "scopeLogs", "logRecords"), ("resourceSpans", "scopeSpans", "spans"))
"""How a line wraps its records."""
HEADS: Final = tuple(f'"{names[0]}"'.encode() for names in WRAPS)
_written: Final = json.JSONEncoder(ensure_ascii=False).encode


def wraps(line: bytes) -> bool:
    """Say whether a line of a log begins as one that wraps records."""
    return line.lstrip()[:1] == b"{" and line.lstrip()[1:].lstrip().startswith(HEADS)


def records(file: IO[bytes]) -> Iterator[tuple[tuple[bytes, ...], int, int, int, int]]:
    """Yield candidates, count of calls, bytes, lines too long and lines that could not be read, line by line."""
    while line := file.readline(LINE):
        if len(line) == LINE and not line.endswith(b"\n"):
            yield (), 1, skipped(file) + LINE, 1, 0
            continue
        table = read(line)
        if not isinstance(table, dict):
            yield (), int(bool(line.strip())), len(line), 0, int(bool(line.strip()))
            continue
        calls = 0
        for block in _blocks(_inner(table)):
            calls += block.count(b"\n")
            yield sifted(block).candidates, block.count(b"\n"), 0, 0, 0
        yield (), 0, len(line), 0, 0


def _inner(table: dict[str, Any]) -> Iterator[Any]:
    """Yield the records of a line; of one that wraps none, itself."""
    wrapped = False
    for outer, middle, inner in WRAPS:
        for resource in _list(table, outer):
            wrapped = True
            for scope in _list(resource, middle):
                yield from _list(scope, inner)
    if not wrapped:
        yield table


def _list(table: Any, name: str) -> list[Any]:
    value = table.get(name) if isinstance(table, dict) else None
    return value if isinstance(value, list) else []


def _blocks(rows: Iterable[Any]) -> Iterator[bytes]:
    """Yield rows as lines of JSON, about as many at once as the engine takes in one piece."""
    held: list[bytes] = []
    size = 0
    for row in rows:
        try:
            line = fast().dumps(row)
        except (
            TypeError,
            ValueError,
            AttributeError,
        ):  # halves of characters, long numbers, or the library is not there
            line = _written(row).encode("utf-8", "surrogatepass")
        held.append(line)
        size += len(line)
        if size > BLOCK // 2:
            yield b"\n".join((*held, b""))
            held, size = [], 0
    if held:
        yield b"\n".join((*held, b""))
