"""The record of what the guard decided: JSON Lines that are only ever added to, each line bound to the one before.

They stand in a text file, or one to a row in a SQLite database (`untag.guard.log_table`), as the file's name says.

A line holds what was decided, of which kind of thing, by which clause, on which route, and a digest of the body
under a secret key. It never holds a value, a prompt's text, a picture, a query or a pointer into a document (whose
keys may be names).

**The chain.** ``hash`` of a line is BLAKE2b-256 over the previous line's hash and this line without its ``hash``.
Whoever changes, drops or reorders a line breaks the chain at that line, unless he computes all that follow anew;
so write the last hash down somewhere else from time to time (``untag guard log verify`` prints it).

**What a crash costs.** Each line is one ``write`` to the end of the file, or one transaction, before the answer goes
out: what the process had answered survives its ``kill -9``. ``sync`` says what survives a power cut: ``always`` (each
line is synced), ``interval`` (the last second may be lost; the default) or ``never`` (the kernel decides). A line torn
by a crash is cut off when the log is opened again, and the next line says so.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol, Self

from untag.errors import ConfigError
from untag.guard.log_lines import Lines, last_line, lines
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from untag.guard.base import Verdict

START: Final = "0" * 64
"""The hash before the first line of all."""
SYNCS: Final = ("always", "interval", "never")
SYNC_SECONDS: Final = 1.0
ROTATE: Final = 64 << 20
"""Bytes after which a new file is begun: small enough to verify and ship in one go."""
ROUTE: Final = 256
"""Characters kept of a path: the part that tells routes apart stands in front."""
KNOWN: Final = 256
"""Decisions whose words are kept."""
TABLES: Final = (".sqlite", ".sqlite3", ".db")
"""Endings of the name of a log that is a database."""
_MAGIC: Final = b"SQLite format 3\0"


def _text(fields: dict[str, Any]) -> str:
    return json.dumps(fields, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def chained(previous: str, text: str) -> tuple[bytes, str]:
    """Return a line as it is written, and its hash, of a record as JSON."""
    digest = hashlib.blake2b(f"{previous}\n{text}".encode(), digest_size=32).hexdigest()
    return f'{text[:-1]},"hash":"{digest}"}}\n'.encode(), digest


def _unchained(line: bytes) -> tuple[dict[str, Any], bytes, str]:
    """Return the fields of a line, the bytes that its hash covers, and its hash; raise `ValueError`."""
    fields = json.loads(line)
    if not isinstance(fields, dict) or not isinstance(fields.get("hash"), str):
        raise ValueError("no record with a hash")  # noqa: TRY004 - one kind of error for the caller
    digest = fields["hash"]
    ending = f',"hash":"{digest}"}}'.encode()
    if not line.endswith(ending):
        raise ValueError("the hash does not stand at the end")
    return fields, line[: -len(ending)] + b"}", digest


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of verifying a log."""

    records: int
    first: int
    """Number of the first record; above 1 when older files were not given."""
    last: int
    head: str
    """The hash of the last record: worth writing down elsewhere."""
    torn: int = 0
    """Bytes of a last line that was never finished."""
    fault: str = ""
    """What is wrong with the first broken record, else empty."""
    where: str = ""
    """File and line of the first broken record."""


class Store(Protocol):
    """Where the lines stand; held by one process."""

    size: int
    """Bytes written so far."""
    torn: int
    """Bytes of an unfinished line that were cut off when it was opened."""

    def last(self) -> bytes | None:
        """Return the last line; None where there is none."""

    def append(self, number: int, line: bytes) -> None:
        """Write a line whole, or raise `OSError` and leave everything as it was."""

    def sync(self) -> None:
        """Bring to the disk what was written."""

    def move(self, target: Path) -> None:
        """Sync, and give the file its last name; only `close` may follow."""

    def close(self) -> None:
        """Let go of the file."""


def is_table(path: Path) -> bool:
    """Say whether a log of this name is a database."""
    return path.suffix.lower() in TABLES


def holds_table(path: Path) -> bool:
    """Say whether a file is a database, whatever its name."""
    with path.open("rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


class DecisionLog:
    """The log of one process; safe to use from several threads.

    The name of the file says what it is: ``.sqlite``, ``.sqlite3`` or ``.db`` is a database, all else JSON Lines.

    ``key`` is the secret of the digests: with it, the owner can find the record of a body he holds. Without one a
    random key is drawn for each run and forgotten, so that nobody can test guesses against the log.
    """

    def __init__(
        self, path: Path | str, *, key: bytes = b"", sync: str = "interval", rotate: int = ROTATE, keep: int = 0
    ) -> None:
        if sync not in SYNCS:
            raise ConfigError(f"unknown sync {sync!r} of the log: use one of {', '.join(SYNCS)}")
        if len(key) > hashlib.blake2b.MAX_KEY_SIZE:
            key = hashlib.blake2b(key, digest_size=64).digest()
        self.path = Path(path)
        self.sync = sync
        self.rotate = rotate
        self.keep = keep
        """Rotated files that are kept; 0 keeps all."""
        self._key = key or secrets.token_bytes(32)
        self._lock = threading.Lock()
        self._synced = 0.0
        self._second = (0, "")
        self._known: dict[tuple[object, ...], tuple[tuple[str, ...], tuple[str, str], object]] = {}
        self._store: Store | None = None
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            store = self._opened()
        except OSError as error:
            raise ConfigError(f"{self.path}: the log cannot be opened: {error.strerror or error}") from error
        try:
            self._number, self._head = self._resumed(store)
        except ConfigError:
            store.close()
            raise
        self._store = store
        self._append(f'"kind":"start","torn":{store.torn}' if store.torn else '"kind":"start"')

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def number(self) -> int:
        """Number of the last record."""
        return self._number

    @property
    def head(self) -> str:
        """Hash of the last record."""
        return self._head

    def digest(self, body: bytes) -> str:
        """Return the keyed digest that stands for a body."""
        return hashlib.blake2b(body, key=self._key, digest_size=16).hexdigest()

    def decided(self, kind: str, verdict: Verdict, *, route: str, body: bytes, mode: str, fault: str = "") -> int:
        """Write one decision; return its number. ``kind`` is request, response, prompt, stream or event."""
        before, after = self._said(kind, verdict, route, mode, fault)
        return self._write(f'{before},"digest":"{self.digest(body)}",{after}')

    def _said(self, kind: str, verdict: Verdict, route: str, mode: str, fault: str) -> tuple[str, str]:
        """Return what a record says before and behind the digest, as JSON without its braces.

        A shape that was judged before is decided by the very same reasons, and is not put into words again.
        """
        key = (id(verdict.because), id(verdict.removed), kind, route, mode, fault)
        said_of = (verdict.verdict, verdict.operation, verdict.attribute, verdict.clause, verdict.exemption)
        known = self._known.get(key)
        if known is not None and known[0] == said_of:
            return known[1]
        removed: dict[str, int] = {}
        for one in verdict.removed:
            name = f"{one.attribute} {one.what}"
            removed[name] = removed.get(name, 0) + 1
        before: dict[str, Any] = {
            "kind": kind,
            "verdict": verdict.verdict if not fault else "fail",
            "operation": verdict.operation,
            "attribute": verdict.attribute,
            "clause": verdict.clause,
            "because": [reason.kind for reason in verdict.because],
            "removed": removed,
            "route": route.partition("?")[0][:ROUTE],
        }
        after: dict[str, Any] = {"mode": mode}
        if fault:
            after["fault"] = fault
        if verdict.exemption:
            after["exemption"] = verdict.exemption
        said = _text(before)[1:-1], _text(after)[1:-1]
        if len(self._known) >= KNOWN:
            self._known.clear()
        if len(verdict.removed) <= KNOWN and len(route) <= ROUTE:
            # as long as reasons and removals are held here, nothing else can bear their identities
            self._known[key] = (said_of, said, (verdict.because, verdict.removed))
        return said

    def write(self, fields: dict[str, Any]) -> int:
        """Chain and write one record; return its number. Raise `OSError` where the disk does not take it."""
        return self._write(_text(fields)[1:-1])

    def _write(self, said: str) -> int:
        with self._lock:
            store = self._open_store()
            if store.size >= self.rotate:
                self._rotate(store)
            self._append(said)
            return self._number

    def flush(self) -> None:
        """Bring to the disk what was written."""
        with self._lock:
            if self._store is not None:
                self._store.sync()
                self._synced = time.monotonic()

    def close(self) -> None:
        """Sync and close; a second call does nothing."""
        with self._lock:
            store, self._store = self._store, None
            if store is not None:
                store.sync()
                store.close()

    def _open_store(self) -> Store:
        if self._store is None:
            raise OSError("the log is closed")
        return self._store

    def _append(self, said: str) -> None:
        """Write one record; ``said`` is what it says, as JSON without its braces."""
        store = self._open_store()
        number, head = self._number + 1, self._head
        line, head = chained(head, f'{{"n":{number},"time":"{self._now()}",{said},"prev":"{head}"}}')
        store.append(number, line)
        self._number, self._head = number, head
        if self.sync == "interval" and time.monotonic() - self._synced > SYNC_SECONDS:
            store.sync()
            self._synced = time.monotonic()

    def _now(self) -> str:
        """Return the time to the millisecond, as ISO 8601 has it; the second is put into words once."""
        second, rest = divmod(time.time_ns(), 1_000_000_000)
        if second != self._second[0]:
            self._second = second, datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")
        return f"{self._second[1]}.{rest // 1_000_000:03d}Z"

    def _opened(self) -> Store:
        if is_table(self.path):
            from untag.guard.log_table import Table  # noqa: PLC0415 - only for such a log

            return Table(self.path, sync=self.sync)
        return Lines(self.path, always=self.sync == "always")

    def _resumed(self, store: Store) -> tuple[int, str]:
        """Return number and hash of the record that the next one follows."""
        last, path = store.last(), self.path
        if last is None:
            older = rotated(self.path)
            if not older:
                return 0, START
            path = older[-1]
            last = last_of(path)
        try:
            fields, _, digest = _unchained(last or b"")
            return int(fields["n"]), digest
        except (ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"{path}: the last line is no record of this log ({error}); move the file away, or repair it"
            ) from error

    def _rotate(self, old: Store) -> None:
        """Begin a new file that carries the chain on. The old one keeps its last record's number in its name."""
        target = self.path.with_name(f"{self.path.name}.{self._number:012d}")
        old.move(target)
        try:
            self._store = self._opened()
        finally:
            old.close()
        self._append(_text({"kind": "rotate", "from": target.name})[1:-1])
        if self.keep:
            for path in rotated(self.path)[: -self.keep]:
                path.unlink(missing_ok=True)


def rotated(path: Path) -> list[Path]:
    """Return the rotated files of a log, oldest first."""
    prefix = f"{path.name}."
    found = [p for p in path.parent.glob(f"{path.name}.*") if p.name.removeprefix(prefix).isdigit()]
    return sorted(found, key=lambda p: int(p.name.removeprefix(prefix)))


def verify(paths: Iterable[Path]) -> Checked:
    """Check that the files, oldest first, hold one unbroken chain; a torn last line is told, and no fault."""
    records = first = last = torn = 0
    head = ""
    for path, number, line, ended in _records(paths):
        where = f"{path}:{number}"
        if not ended:
            torn = len(line)
            break
        try:
            fields, covered, digest = _unchained(line)
            at = int(fields["n"])
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            return Checked(records, first, last, head, fault=f"not a record of this log: {error}", where=where)
        previous = str(fields.get("prev"))
        fault = ""
        if not records:
            first = at
            if at == 1 and previous != START:
                fault = "the first record names one before it"
        elif at != last + 1:
            fault = f"number {at} follows number {last}"
        elif previous != head:
            fault = "it does not name the record before it"
        if not fault and hashlib.blake2b(previous.encode() + b"\n" + covered, digest_size=32).hexdigest() != digest:
            fault = "its content does not match its hash"
        if fault:
            return Checked(records, first, last, head, fault=fault, where=where)
        records, last, head = records + 1, at, digest
    return Checked(records, first, last, head, torn=torn)


def _records(paths: Iterable[Path]) -> Iterator[tuple[Path, int, bytes, bool]]:
    """Yield each line with its file and number, and whether it ends; only the very last may not."""
    files = list(paths)
    for index, path in enumerate(files):
        if holds_table(path):
            from untag.guard.log_table import records  # noqa: PLC0415 - only for such a log

            yield from ((path, number, line, True) for number, line in records(path))
            continue
        for number, line, ended in lines(path):
            # an unfinished line in the middle is a fault, and is judged as one
            yield path, number, line, ended or index != len(files) - 1


def last_of(path: Path) -> bytes | None:
    """Return the last record of a file that nobody writes; None where it has none."""
    if holds_table(path):
        from untag.guard.log_table import records  # noqa: PLC0415 - only for such a log

        return next((line for _, line in records(path, backwards=True)), None)
    with path.open("rb") as file:
        return last_line(file)
