"""The count: by client, endpoint, side and attribute, over any number of logs, on all cores.

A file that is not packed is shared between processes by offsets; packed ones go to a process each. What comes home is a
table of counts, never a line of the log.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path
from typing import TYPE_CHECKING, Final

from untag.errors import SourceError, UsageError
from untag.evidence.usage import otlp
from untag.evidence.usage.calls import Call, Parser, body
from untag.evidence.usage.judging import UNREAD, endpoint, judge
from untag.evidence.usage.mapping import Mapping, preset
from untag.evidence.usage.packed import GZIP, ZSTD, opened
from untag.evidence.usage.sieve import blocks, sifted
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from untag.evidence.usage.judging import Judge

SHARE: Final = 32 << 20
"""Bytes of a share: small enough for progress, large enough that starting costs nothing."""
ROWS: Final = 200_000
"""Rows of the result; more clients than that are counted together as ``others``."""
OTHERS: Final = "others"
HEAD: Final = 1 << 16
"""Bytes by which a format is known."""
PARQUET: Final = b"PAR1"
WIDE: Final = (b"\xff\xfe", b"\xfe\xff")
"""Marks of UTF-16."""
FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_.@-]{0,39}")
"""A field's name that may be shown: where data stands in place of names, it is not."""
FIELDS_SHOWN: Final = 8
SEPARATORS: Final = (b",", b";", b"\t")
"""What may stand between the cells of a CSV."""

Key = tuple[str, str, str, str, str]
"""Client, endpoint, side, attribute, operation."""


@dataclass(slots=True)
class Row:
    """One line of the result."""

    count: int = 0
    first: str = ""
    """ISO 8601 in UTC, empty where no time was read."""
    last: str = ""

    def add(self, count: int, first: str, last: str) -> None:
        """Add a count with its first and last moment."""
        self.count += count
        if first and (not self.first or first < self.first):
            self.first = first
        self.last = max(self.last, last)


@dataclass(slots=True)
class Counted:
    """The counts of some logs."""

    rows: dict[Key, Row] = field(default_factory=dict)
    calls: int = 0
    """Lines in all."""
    size: int = 0
    """Bytes read, unpacked."""
    dirty: int = 0
    """Calls that asked for or received an attribute."""
    unparsed: int = 0
    """Lines with a candidate that are not of the log's format: what they say is not counted."""
    too_long: int = 0
    unreadable: int = 0
    """Calls of which a body cannot be understood: only path and query count."""
    unnamed: int = 0
    """Calls that speak of an attribute in fields that the mapping does not name, and nowhere else: not counted."""
    fields: set[str] = field(default_factory=set)
    """Such fields."""
    undated: int = 0
    """Counted calls without a time."""
    failed: list[tuple[str, str]] = field(default_factory=list)
    """Logs that could not be read to their end, and why."""

    def add(self, other: Counted) -> None:
        """Add the counts of another share."""
        for key, row in other.rows.items():
            self._row(key).add(row.count, row.first, row.last)
        self.calls += other.calls
        self.size += other.size
        self.dirty += other.dirty
        self.unparsed += other.unparsed
        self.too_long += other.too_long
        self.unreadable += other.unreadable
        self.unnamed += other.unnamed
        self.fields |= other.fields
        self.undated += other.undated
        self.failed += other.failed

    def _row(self, key: Key) -> Row:
        row = self.rows.get(key)
        if row is None:
            if len(self.rows) >= ROWS:
                key = (OTHERS, *key[1:])
            row = self.rows.setdefault(key, Row())
        return row

    def count(self, key: Key, time: str) -> None:
        """Count one statement of a call."""
        self._row(key).add(1, time, time)


@dataclass(frozen=True, slots=True)
class Task:
    """A share of a log."""

    path: str
    mapping: Mapping
    head: bytes
    start: int
    stop: int
    """-1: to the end."""
    key: bytes
    """With which clients are hashed; empty shows them."""
    policy: str


def count(
    paths: Sequence[Path],
    *,
    mapping: Mapping | None = None,
    key: bytes | None = None,
    policy: str = "untag-core",
    jobs: int = 0,
    progress: Callable[[int, int], None] | None = None,
) -> Counted:
    """Count who asked for or received a protected attribute, in logs plain, gzip or zstd.

    ``key`` pseudonymises clients by a keyed hash: None takes a new key, so that two runs cannot be joined; empty
    shows clients as they are. ``progress`` is told bytes done and in all. Raises `SourceError` for a log that is
    not there.
    """
    secret = secrets.token_bytes(32) if key is None else key
    tasks = [task for path in paths for task in _tasks(path, mapping, secret, policy)]
    sizes = [_size(task) for task in tasks]
    total, done = Counted(), 0
    for number, part in enumerate(_run(tasks, jobs or os.cpu_count() or 1)):
        total.add(part)
        done += sizes[number]
        if progress:
            progress(done, sum(sizes))
    return total


def _run(tasks: list[Task], jobs: int) -> Iterator[Counted]:
    if jobs == 1 or len(tasks) == 1:
        yield from map(counted, tasks)
        return
    sifted(b"warm")  # the engine is read once, and shared by what is forked
    kind = "fork" if "fork" in get_all_start_methods() else None
    with ProcessPoolExecutor(min(jobs, len(tasks)), mp_context=get_context(kind)) as pool:
        yield from pool.map(counted, tasks)


def _tasks(path: Path, mapping: Mapping | None, key: bytes, policy: str) -> Iterator[Task]:
    """Yield the shares of a log."""
    if not path.is_file():
        raise SourceError(f"cannot open {path}: name a log file")
    with path.open("rb") as file:
        magic = file.read(4)
    if magic == PARQUET:
        yield Task(str(path), mapping or preset("parquet"), b"", 0, -1, key, policy)
        return
    head = _head(path)
    chosen = mapping or recognised(head, path)
    named = _naming_line(head, chosen)
    if magic.startswith(GZIP) or magic == ZSTD or chosen.format == "otlp":
        yield Task(str(path), chosen, named, 0, -1, key, policy)
        return
    size = path.stat().st_size
    for start in range(0, max(size, 1), SHARE):
        yield Task(str(path), chosen, named, start, min(start + SHARE, size), key, policy)


def _head(path: Path) -> bytes:
    """Return the first lines; of a damaged log those that can be had, because what follows is counted as not read."""
    head = b""
    try:
        with opened(path) as log:
            while len(head) < HEAD and (line := log.readline(HEAD - len(head))):
                head += line
    except (OSError, EOFError, ValueError):
        pass
    return head


def _size(task: Task) -> int:
    return task.stop - task.start if task.stop >= 0 else Path(task.path).stat().st_size


def _naming_line(head: bytes, mapping: Mapping) -> bytes:
    """Return the line in which a log names its fields."""
    if mapping.format == "w3c":
        return next((line for line in head.splitlines() if line.startswith(b"#Fields:")), b"")
    return head.removeprefix(b"\xef\xbb\xbf").partition(b"\n")[0].rstrip(b"\r")


def recognised(head: bytes, path: Path) -> Mapping:
    """Return the preset whose format the first lines have; raise `UsageError` where none has."""
    if head.startswith(WIDE):
        raise UsageError(f"{path} is in UTF-16: write it as UTF-8 first, such as with iconv -f UTF-16 -t UTF-8")
    lines = [line for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:50] if line.strip()]
    if any(line.startswith(b"#Fields:") for line in lines):
        return preset("w3c")
    if lines and sum(line.lstrip().startswith(b"{") for line in lines) * 2 > len(lines):
        return _better_json(lines)
    for name in ("alb", "combined"):
        parser = Parser(preset(name))
        tried = [parser.call(line) is not None for line in lines[:20]]
        if tried and sum(tried) * 2 > len(tried):
            return preset(name)
    if lines and any(lines[0].count(mark) > 1 and b" " not in lines[0].partition(mark)[0] for mark in SEPARATORS):
        return preset("csv")
    if not lines:
        return preset("json")
    raise UsageError(f"{path} has no format that is known: name one with --preset, or write a --mapping file")


def _better_json(lines: list[bytes]) -> Mapping:
    """Return the JSON preset that finds most of a call's fields."""
    if any(map(otlp.wraps, lines)):
        return preset("otlp")
    names = ("nginx-json", "json", "envoy-json", "apigateway", "otel")
    scores = {name: sum(_known(Parser(preset(name)), line) for line in lines[:10]) for name in names}
    return preset(max(names, key=lambda name: scores[name]))


def _known(parser: Parser, line: bytes) -> int:
    call = parser.call(line)
    if call is None:
        return 0
    told = (call.client, call.time, call.method, call.path.strip("/"), call.query, call.request, call.response)
    return sum(map(bool, told))


def counted(task: Task) -> Counted:
    """Count one share."""
    total = Counted()
    decide = judge(task.policy)
    parser = Parser(task.mapping, task.head)
    name = Path(task.path).name
    try:
        for lines, calls, size, too_long, unparsed in _candidates(task):
            total.calls += calls
            total.size += size
            total.too_long += too_long
            total.unparsed += unparsed
            for line in lines:
                _count(line, parser, decide, total, task.key)
    except (OSError, EOFError, ValueError, RuntimeError) as error:
        total.failed.append((name, f"read to {total.size:,} bytes, then: {error}"))
    if task.start == 0 and task.mapping.format in ("csv", "tsv"):
        total.calls -= 1
    return total


def _candidates(task: Task) -> Iterator[tuple[Iterable[bytes], int, int, int, int]]:
    """Yield lines to look at, count of calls, bytes, lines too long and lines that are no call, piece by piece."""
    if task.mapping.format == "parquet":
        from untag.evidence.usage.columns import rows  # noqa: PLC0415 - an extra

        yield from rows(task.path, task.mapping)
        return
    with opened(Path(task.path)) as file:
        if task.mapping.format == "otlp":
            yield from otlp.records(file)
            return
        for block, too_long in blocks(file, task.start, task.stop):
            found = sifted(block, too_long)
            notes = (b"\n" + block).count(b"\n#") if task.mapping.format == "w3c" else 0
            yield found.candidates, found.lines - notes, found.size, found.too_long, 0


def _count(line: bytes, parser: Parser, decide: Judge, total: Counted, key: bytes) -> None:
    if line.startswith(b"#") or line == b"":
        return
    call = parser.call(line)
    if call is None:
        total.unparsed += 1
        return
    found = decide.of(call)
    if UNREAD in found:
        total.unreadable += 1
        found = tuple(one for one in found if one != UNREAD)
    if not found:
        _unnamed(line, parser, decide, total)
        return
    total.dirty += 1
    total.undated += not call.time
    where = endpoint(call)
    client = pseudonym(call.client, key)
    for side, attribute, operation in found:
        total.count((client, where, side, attribute, operation), call.time)


def _unnamed(line: bytes, parser: Parser, decide: Judge, total: Counted) -> None:
    """Take note of a call that would count if the mapping named the field in which it speaks."""
    said = False
    for name, value in parser.rest(line).items():
        text = body(value)
        # a field's name tells as much as its value
        whole = body({name: value})
        if sifted(whole, 0).candidates and any(
            one != UNREAD for one in decide.of(Call("", "", "POST", "/", "", text if text[:1] in b"{[" else whole))
        ):
            said = True
            if FIELD.fullmatch(name) and len(total.fields) < FIELDS_SHOWN:
                total.fields.add(name)
    total.unnamed += said


@lru_cache(maxsize=4_096)
def pseudonym(client: str, key: bytes) -> str:
    """Return a client's name under a keyed hash: the same for the same key, of no use without it."""
    if not key:
        return client or "unknown"
    if not client:
        return "unknown"
    return "client-" + hashlib.blake2b(client.encode("utf-8", "surrogatepass"), key=key[:64], digest_size=8).hexdigest()
