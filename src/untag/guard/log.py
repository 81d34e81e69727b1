"""The record of what the guard decided: JSON Lines that are only ever added to, each line bound to the one before.

A line holds what was decided, of which kind of thing, by which clause, on which route, and a digest of the body
under a secret key. It never holds a value, a prompt's text, a picture, a query or a pointer into a document (whose
keys may be names).

**The chain.** ``hash`` of a line is BLAKE2b-256 over the previous line's hash and this line without its ``hash``.
Whoever changes, drops or reorders a line breaks the chain at that line, unless he computes all that follow anew;
so write the last hash down somewhere else from time to time (``untag guard log verify`` prints it).

**What a crash costs.** Each line is one ``write`` to the end of the file before the answer goes out: what the
process had answered survives its ``kill -9``. ``sync`` says what survives a power cut: ``always`` (each line is
synced), ``interval`` (the last second may be lost; the default) or ``never`` (the kernel decides). A line torn by a
crash is cut off when the log is opened again, and the next line says so.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from untag.errors import ConfigError
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
LINE: Final = 1 << 20
"""Bytes of the longest line that a log may hold when it is read back; ours stay below a few kilobytes."""
ROUTE: Final = 256
"""Characters kept of a path: the part that tells routes apart stands in front."""
_TAIL: Final = 1 << 16


def chained(previous: str, fields: dict[str, Any]) -> tuple[bytes, str]:
    """Return a line as it is written, and its hash."""
    text = json.dumps(fields, ensure_ascii=True, separators=(",", ":"), allow_nan=False)
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


class DecisionLog:
    """The log of one process; safe to use from several threads.

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
        self._number = 0
        self._head = START
        self._size = 0
        self._synced = 0.0
        self._fd = -1
        self._open(first=True)

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
        removed: dict[str, int] = {}
        for one in verdict.removed:
            name = f"{one.attribute} {one.what}"
            removed[name] = removed.get(name, 0) + 1
        fields: dict[str, Any] = {
            "kind": kind,
            "verdict": verdict.verdict if not fault else "fail",
            "operation": verdict.operation,
            "attribute": verdict.attribute,
            "clause": verdict.clause,
            "because": [reason.kind for reason in verdict.because],
            "removed": removed,
            "route": route.partition("?")[0][:ROUTE],
            "digest": self.digest(body),
            "mode": mode,
        }
        if fault:
            fields["fault"] = fault
        if verdict.exemption:
            fields["exemption"] = verdict.exemption
        return self.write(fields)

    def write(self, fields: dict[str, Any]) -> int:
        """Chain and write one record; return its number. Raise `OSError` where the disk does not take it."""
        with self._lock:
            if self._fd < 0:
                raise OSError("the log is closed")
            if self._size >= self.rotate:
                self._rotate()
            self._append(fields)
            return self._number

    def flush(self) -> None:
        """Bring to the disk what was written."""
        with self._lock:
            if self._fd >= 0:
                os.fsync(self._fd)
                self._synced = time.monotonic()

    def close(self) -> None:
        """Sync and close; a second call does nothing."""
        with self._lock:
            if self._fd >= 0:
                os.fsync(self._fd)
                os.close(self._fd)
                self._fd = -1

    def _append(self, fields: dict[str, Any]) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line, head = chained(self._head, {"n": self._number + 1, "time": now, **fields, "prev": self._head})
        written = os.write(self._fd, line)
        if written != len(line):
            # a full disk took half a line: take it back, so that the chain ends with a whole one
            os.ftruncate(self._fd, self._size)
            raise OSError(f"{self.path}: the disk took only a part of a record")
        self._number += 1
        self._head = head
        self._size += written
        if self.sync == "always":
            os.fsync(self._fd)
        elif self.sync == "interval" and time.monotonic() - self._synced > SYNC_SECONDS:
            os.fsync(self._fd)
            self._synced = time.monotonic()

    def _open(self, *, first: bool) -> None:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._fd = os.open(self.path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
            _hold(self._fd, self.path)
            torn = self._resume() if first else 0
        except OSError as error:
            raise ConfigError(f"{self.path}: the log cannot be opened: {error.strerror or error}") from error
        self._size = os.fstat(self._fd).st_size
        if first:
            fields: dict[str, Any] = {"kind": "start"}
            if torn:
                fields["torn"] = torn
            self._append(fields)

    def _resume(self) -> int:
        """Take up the chain where the file ends; return how many bytes of a torn line were cut off."""
        size = os.fstat(self._fd).st_size
        if not size:
            older = rotated(self.path)
            if older:
                self._number, self._head = _last(older[-1])
            return 0
        whole = _whole(self._fd, size)
        torn = size - whole
        if torn:
            os.ftruncate(self._fd, whole)
        if whole:
            self._number, self._head = _last(self.path)
        return torn

    def _rotate(self) -> None:
        """Begin a new file that carries the chain on. The old one keeps its first record's number in its name."""
        os.fsync(self._fd)
        target = self.path.with_name(f"{self.path.name}.{self._number:012d}")
        self.path.rename(target)
        old = self._fd
        self._open(first=False)
        os.close(old)
        self._append({"kind": "rotate", "from": target.name})
        if self.keep:
            for path in rotated(self.path)[: -self.keep]:
                path.unlink(missing_ok=True)


def _hold(fd: int, path: Path) -> None:
    """Lock the file: two writers would break the chain."""
    try:
        import fcntl  # noqa: PLC0415 - not on Windows
    except ImportError:
        return
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(fd)
        raise ConfigError(f"{path}: another process writes this log; give each its own file") from error


def _whole(fd: int, size: int) -> int:
    """Return how many bytes from the start are whole lines."""
    end = size
    while end > 0:
        start = max(0, end - _TAIL)
        at = os.pread(fd, end - start, start).rfind(b"\n") if hasattr(os, "pread") else _rfind(fd, start, end)
        if at >= 0:
            return start + at + 1
        end = start
    return 0


def _rfind(fd: int, start: int, end: int) -> int:
    os.lseek(fd, start, os.SEEK_SET)
    return os.read(fd, end - start).rfind(b"\n")


def _last(path: Path) -> tuple[int, str]:
    """Return number and hash of the last record of a file."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LINE))
        lines = file.read().rstrip(b"\n").rsplit(b"\n", 1)
    try:
        fields, _, digest = _unchained(lines[-1])
        return int(fields["n"]), digest
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path}: the last line is no record of this log ({error}); move the file away, or repair it"
        ) from error


def rotated(path: Path) -> list[Path]:
    """Return the rotated files of a log, oldest first."""
    prefix = f"{path.name}."
    found = [p for p in path.parent.glob(f"{path.name}.*") if p.name.removeprefix(prefix).isdigit()]
    return sorted(found, key=lambda p: int(p.name.removeprefix(prefix)))


def verify(paths: Iterable[Path]) -> Checked:
    """Check that the files, oldest first, hold one unbroken chain; a torn last line is told, and no fault."""
    records = first = last = torn = 0
    head = ""
    for path, number, line, ended in _lines(paths):
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


def _lines(paths: Iterable[Path]) -> Iterator[tuple[Path, int, bytes, bool]]:
    """Yield each line with its file and number, and whether it ends; only the very last may not."""
    files = list(paths)
    for index, path in enumerate(files):
        with path.open("rb") as file:
            number = 0
            while line := file.readline(LINE):
                number += 1
                ended = line.endswith(b"\n")
                is_last = index == len(files) - 1
                # an unfinished line in the middle is a fault, and is judged as one
                yield path, number, line.removesuffix(b"\n"), ended or not is_last or len(line) >= LINE
