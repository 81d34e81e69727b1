"""The log of decisions as a SQLite database: the same chained lines, one to a row, for those who want to ask it.

    sqlite3 guard.sqlite "SELECT route, count(*) FROM decisions WHERE verdict = 'refuse' GROUP BY route"

A row holds the line as it was chained, byte for byte; the view ``decisions`` takes it apart. Each record is a
transaction of its own in SQLite's write-ahead log: what was answered survives a ``kill -9``, and no record is ever
torn. Triggers keep careless hands from changing rows; whoever takes them away breaks the chain.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from typing import TYPE_CHECKING, Final

from untag.errors import ConfigError
from untag.guard.log_lines import hold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

APPLICATION: Final = 0x756E7461
""""unta": how a database of ours is told from any other."""
_WAIT: Final = 5.0
"""Seconds to wait for somebody who reads the log."""
_FIELDS: Final = (
    *("time", "kind", "verdict", "operation", "attribute", "clause", "route", "digest", "mode", "fault"),
    "exemption",
)
_MAKE: Final = (
    f"PRAGMA application_id = {APPLICATION}",
    "CREATE TABLE records (n INTEGER PRIMARY KEY, line BLOB NOT NULL)",
    *(
        f"CREATE TRIGGER no_{what.lower()} BEFORE {what} ON records "
        "BEGIN SELECT RAISE(ABORT, 'this log is only ever added to'); END"
        for what in ("UPDATE", "DELETE")
    ),
    "CREATE VIEW decisions AS SELECT n, {} FROM records".format(  # noqa: S608 - names of our own
        ", ".join(f"json_extract(CAST(line AS TEXT), '$.{name}') AS {name}" for name in _FIELDS)
    ),
)
_SYNC: Final = {"always": "FULL", "interval": "NORMAL", "never": "OFF"}


class Table:
    """A database that one process adds rows to; `untag.guard.log.Store`."""

    torn = 0
    """Nothing is: a transaction is whole, or is not there."""

    def __init__(self, path: Path, *, sync: str) -> None:
        self._path = path
        self._lock = path.with_name(f"{path.name}.lock")
        # a file beside it: a lock on the database itself would keep readers out
        self._fd = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        hold(self._fd, path)
        try:
            # SQLite would make a file that others can read
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
            self._base = sqlite3.connect(path, timeout=_WAIT, isolation_level=None, check_same_thread=False)
            self._begin(sync)
        except sqlite3.DatabaseError as error:
            self._let_go()
            raise ConfigError(f"{path}: this is no log of decisions ({error}); move the file away") from error
        except (OSError, ConfigError):
            self._let_go()
            raise
        self.size = path.stat().st_size if self.last() else 0

    def _begin(self, sync: str) -> None:
        base = self._base
        if not base.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            base.execute("PRAGMA journal_mode = WAL")
            with _whole(base):
                for statement in _MAKE:
                    base.execute(statement)
        elif base.execute("PRAGMA application_id").fetchone()[0] != APPLICATION:
            base.close()
            raise ConfigError(f"{self._path}: a database, and no log of decisions; give the log a file of its own")
        base.execute(f"PRAGMA synchronous = {_SYNC[sync]}")

    def last(self) -> bytes | None:
        """Return the last record; None where there is none."""
        row = self._base.execute("SELECT line FROM records ORDER BY n DESC LIMIT 1").fetchone()
        return bytes(row[0]) if row else None

    def append(self, number: int, line: bytes) -> None:
        """Write a record, or raise `OSError` and leave everything as it was."""
        line = line.rstrip(b"\n")
        try:
            self._base.execute("INSERT INTO records VALUES (?, ?)", (number, line))
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: the record cannot be written: {error}") from error
        self.size += len(line)

    def sync(self) -> None:
        """Bring to the disk what was written."""
        try:
            self._base.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: the log cannot be synced: {error}") from error

    def move(self, target: Path) -> None:
        """Sync, and give the file its last name."""
        try:
            # the last to close takes the write-ahead log into the file
            self._base.close()
        except sqlite3.Error as error:
            raise OSError(f"{self._path}: the log cannot be closed: {error}") from error
        for ending in ("-wal", "-shm"):
            # somebody reads it just now: what he holds goes along
            beside = self._path.with_name(self._path.name + ending)
            with contextlib.suppress(FileNotFoundError):
                beside.rename(target.with_name(target.name + ending))
        self._path.rename(target)
        self._let_go()

    def close(self) -> None:
        """Let go of the file; a second call does nothing."""
        with contextlib.suppress(sqlite3.Error):
            self._base.close()
        self._let_go()

    def _let_go(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1


@contextlib.contextmanager
def _whole(base: sqlite3.Connection) -> Iterator[None]:
    base.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        base.execute("ROLLBACK")
        raise
    base.execute("COMMIT")


def records(path: Path, *, backwards: bool = False) -> Iterator[tuple[int, bytes]]:
    """Yield number and line of each record of a database, which may be in use.

    Raises `OSError` where it cannot be read. A row whose number is not that of its line yields a line that no chain
    holds.
    """
    try:
        base = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=_WAIT)
        with contextlib.closing(base):
            order = "DESC" if backwards else "ASC"
            for number, line in base.execute(f"SELECT n, line FROM records ORDER BY n {order}"):  # noqa: S608 - ours
                data = line if isinstance(line, bytes) else b""
                yield number, data if data.startswith(b'{"n":%d,' % number) else b""
    except sqlite3.Error as error:
        raise OSError(0, f"no log of decisions, or a damaged one ({error})", str(path)) from error
