"""SQLite files: what a column is used by, the column dropped from a copy, and the copy compared with the file.

The input is opened read-only and immutable. On the copy no extension can be loaded, the schema is not trusted, and no
trigger fires: dropping a column runs none.
"""

from __future__ import annotations

import hashlib
import mmap
import re
import shutil
import sqlite3
from contextlib import closing, contextmanager
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.readers.artifacts.tables.ddl import tokens
from untag.strip.base import Check, StripError
from untag.strip.data.files import told

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

MAGIC: Final = b"SQLite format 3\0"
LEAST: Final = (3, 35, 5)
"""The first version that drops columns without known faults."""
ROWS: Final = 2_000
VALUES: Final = 2_000
"""Distinct values of a removed column that are looked for in the bytes of the result."""
SHORT: Final = 4
"""Bytes of the shortest value that is looked for: shorter ones come by chance."""
PIECE: Final = 64
"""Bytes of a long value that are looked for: the rest may stand on another page."""
_WRITTEN: Final = re.compile(r"\s*create\s+(?:table|(?:unique\s+)?index|view|trigger)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table."""

    table: str
    name: str
    key: bool
    hidden: int
    """As ``table_xinfo`` tells it: 0 for a plain column, 2 and 3 for generated ones."""


@dataclass(frozen=True, slots=True)
class Use:
    """Something of the schema that names a column."""

    kind: str
    """``index``, ``view``, ``trigger`` or ``table``."""
    name: str
    alone: bool = False
    """An index on nothing else, that goes with the column and changes no rule."""


def quoted(name: str) -> str:
    """Return a name as SQLite takes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


class SqliteFile:
    """One database file, read-only."""

    def __init__(self, path: Path) -> None:
        """Look at the schema; raise `StripError` for a broken file, or one with work in a journal beside it."""
        if sqlite3.sqlite_version_info < LEAST:
            wanted = ".".join(map(str, LEAST))
            raise StripError(f"SQLite {sqlite3.sqlite_version} drops no columns: use a Python with {wanted} or later")
        self.path = path
        for end in ("-wal", "-journal"):
            beside = path.with_name(path.name + end)
            if beside.exists() and beside.stat().st_size:
                raise StripError(
                    f"{path.name}: {beside.name} holds changes that the file does not: close all programs that use "
                    "it, run PRAGMA wal_checkpoint(TRUNCATE), and scan again"
                )
        with self.opened() as db:
            self.objects = _rows(db, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE sql IS NOT NULL")
            self.tables = [str(o[1]) for o in self.objects if o[0] == "table" and not str(o[1]).startswith("sqlite_")]
            self.columns = [c for table in self.tables for c in _columns(db, table)]
        self.virtual = [str(o[1]) for o in self.objects if re.match(r"\s*create\s+virtual", str(o[3]), re.IGNORECASE)]

    @contextmanager
    def opened(self) -> Iterator[sqlite3.Connection]:
        """Open the file so that nothing can write it, or run what stands in it."""
        uri = f"{self.path.resolve().as_uri()}?mode=ro&immutable=1"
        with _mapped_errors(self.path.name), closing(sqlite3.connect(uri, uri=True)) as db:
            _careful(db)
            yield db

    def values(self, column: Column, count: int = 200) -> list[str]:
        """Return distinct texts of a column."""
        with self.opened() as db:
            found = _rows(db, f"SELECT DISTINCT {quoted(column.name)} FROM {quoted(column.table)} LIMIT {count}")  # noqa: S608 - quoted
        return [_text(v) for (v,) in found if isinstance(v, bytes)]

    def uses(self, column: Column) -> list[Use]:
        """Return what names a column: its indexes, and views, triggers and tables that speak of it."""
        out: list[Use] = []
        for kind, name, table, sql in ((str(k), str(n), str(t), str(s)) for k, n, t, s in self.objects):
            words = {t.text.lower() for t in tokens(sql) if t.kind in ("name", "word", "string")}
            wanted = column.name.lower()
            if kind == "index":
                if table.lower() == column.table.lower() and wanted in words:
                    out.append(Use(kind, name, self._alone(name, sql, wanted)))
            elif kind in ("view", "trigger"):
                stars = any(t.text == "*" for t in tokens(sql))
                if column.table.lower() in words and (wanted in words or (kind == "view" and stars)):
                    out.append(Use(kind, name))
            elif name.lower() != column.table.lower() and column.table.lower() in words and wanted in words:
                out.append(Use(kind, name))
        return out

    def _alone(self, name: str, sql: str, column: str) -> bool:
        """Whether an index is on one column alone, and demands nothing of it."""
        with self.opened() as db:
            found = [str(row[2]).lower() for row in _rows(db, f"PRAGMA index_info({quoted(name)})")]
        return found == [column] and re.match(r"\s*create\s+unique", sql, re.IGNORECASE) is None

    def tried(self, columns: Sequence[Column], indexes: Sequence[str]) -> str:
        """Drop columns from an empty copy of the schema; return why that fails, or nothing."""
        with closing(sqlite3.connect(":memory:")) as db:
            _careful(db)
            order = {"table": 0, "index": 1, "view": 2, "trigger": 3}
            for kind, name, _, sql in sorted(self.objects, key=lambda o: order.get(str(o[0]), 4)):
                if str(name).startswith("sqlite_") or _WRITTEN.match(str(sql)) is None:
                    continue
                try:
                    db.execute(str(sql))
                except sqlite3.Error:
                    if str(kind) == "table" and any(str(name) == c.table for c in columns):
                        return "its own statement cannot be read by SQLite here"
            try:
                _drop(db, columns, indexes)
            except sqlite3.Error as error:
                return _said(error)
        return ""


@contextmanager
def _mapped_errors(name: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StripError(
            f"{name} is no whole SQLite database, or is locked ({_said(error)}); nothing was written"
        ) from error
    except OSError as error:
        raise told(error, name) from error


def _said(error: Exception) -> str:
    """Return what SQLite says, on one line."""
    return " ".join(str(error).split())[:300]


def _careful(db: sqlite3.Connection) -> None:
    """Trust nothing that stands in a schema; texts are bytes, so that wrong UTF-8 is kept."""
    db.isolation_level = None
    db.text_factory = bytes
    for pragma in ("trusted_schema=OFF", "cell_size_check=ON", "mmap_size=0", "recursive_triggers=OFF"):
        db.execute(f"PRAGMA {pragma}")


def _text(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _rows(db: sqlite3.Connection, sql: str) -> list[tuple[Any, ...]]:
    """Return rows; words of the schema as text."""
    found = db.execute(sql).fetchall()
    if "sqlite_schema" in sql or sql.startswith("PRAGMA"):
        return [tuple(_text(v) if isinstance(v, bytes) else v for v in row) for row in found]
    return found


def _columns(db: sqlite3.Connection, table: str) -> list[Column]:
    try:
        found = _rows(db, f"PRAGMA table_xinfo({quoted(table)})")
    except sqlite3.OperationalError:  # a virtual table whose module is not here
        return []
    return [Column(table, str(row[1]), bool(row[5]), int(row[6])) for row in found]


def _drop(db: sqlite3.Connection, columns: Sequence[Column], indexes: Sequence[str]) -> None:
    db.execute("BEGIN")
    for name in indexes:
        db.execute(f"DROP INDEX IF EXISTS {quoted(name)}")
    for column in columns:
        db.execute(f"ALTER TABLE {quoted(column.table)} DROP COLUMN {quoted(column.name)}")
    db.execute("COMMIT")


def cut(before: SqliteFile, copy: Path, columns: Sequence[Column], indexes: Sequence[str]) -> list[Check]:
    """Drop columns from a copy of the file, write its pages anew, and compare the two.

    ``copy`` must not be there yet. Raises `StripError` where SQLite refuses; the caller removes the copy.
    """
    name = before.path.name
    with _mapped_errors(name):
        shutil.copyfile(before.path, copy)
        with closing(sqlite3.connect(f"{copy.resolve().as_uri()}?mode=rw", uri=True)) as db:
            _careful(db)
            mode = _text(db.execute("PRAGMA journal_mode").fetchone()[0])
            for pragma in ("journal_mode=DELETE", "secure_delete=ON", "foreign_keys=OFF", "temp_store=MEMORY"):
                db.execute(f"PRAGMA {pragma}").fetchall()
            _drop(db, columns, indexes)
            db.execute("VACUUM")
            if mode == "wal":
                db.execute("PRAGMA journal_mode=WAL").fetchall()
        for end in ("-wal", "-shm", "-journal"):
            copy.with_name(copy.name + end).unlink(missing_ok=True)
    after = SqliteFile(copy)
    return [_whole(after), _alike(before, after, columns), _gone(before, after, columns)]


def _whole(after: SqliteFile) -> Check:
    with after.opened() as db:
        found = [_text(r[0]) for r in db.execute("PRAGMA integrity_check(10)").fetchall()]
    good = found == ["ok"]
    return Check("parses", good, "integrity_check says ok" if good else f"integrity_check finds {len(found)} faults")


def _alike(before: SqliteFile, after: SqliteFile, columns: Sequence[Column]) -> Check:
    """Compare all rows of all tables: types, values and row numbers of the other columns."""
    gone = {(c.table, c.name) for c in columns}
    figures: dict[str, Any] = {"tables": 0, "rows": 0, "digests": {}}
    wrong: list[str] = []
    renumbered = 0
    with before.opened() as old, after.opened() as new:
        for table in before.tables:
            if table in before.virtual:
                continue
            names = [c.name for c in before.columns if c.table == table and (table, c.name) not in gone]
            count, digest, equal, moved = _compared(old, new, table, names)
            figures["tables"] += 1
            figures["rows"] += count
            figures["digests"][table] = digest
            renumbered += moved
            if not equal:
                wrong.append(table)
    same = [o for o in before.tables if o not in before.virtual] == [o for o in after.tables if o not in after.virtual]
    told_rows = (
        f"{figures['rows']:,} rows of {figures['tables']:,} tables read again, equal value for value and type for type"
    )
    if renumbered:
        told_rows += f"; {renumbered:,} tables without an integer key were numbered anew"
    return Check(
        "kept columns equal",
        not wrong and same,
        told_rows if not wrong else f"rows of {', '.join(wrong)} differ",
        figures,
    )


def _compared(
    old: sqlite3.Connection, new: sqlite3.Connection, table: str, names: list[str]
) -> tuple[int, str, bool, bool]:
    """Return the rows of a table, their digest, whether both files hold the same, and whether row numbers moved."""
    listed = ", ".join(map(quoted, names))
    numbered = next((r for r in ("rowid", "_rowid_", "oid") if r not in {n.lower() for n in names}), "")
    order = f" ORDER BY {numbered}" if numbered else ""
    sql = f"SELECT {listed} FROM {quoted(table)}"  # noqa: S608 - quoted
    try:
        old.execute(f"SELECT {numbered} FROM {quoted(table)} LIMIT 0")  # noqa: S608 - quoted
    except sqlite3.OperationalError:  # WITHOUT ROWID: rows stand in the order of the key
        numbered = order = ""
    digest = hashlib.sha256()
    count = 0
    equal = True
    none: list[tuple[Any, ...]] = []
    for one, other in zip_longest(_batches(old, sql + order), _batches(new, sql + order), fillvalue=none):
        mine = repr(one).encode("utf-8", "surrogatepass")
        digest.update(mine)
        count += len(one)
        equal = equal and mine == repr(other).encode("utf-8", "surrogatepass")
    moved = False
    if numbered:
        sql = f"SELECT {numbered} FROM {quoted(table)}{order}"  # noqa: S608 - quoted
        pairs = zip_longest(_batches(old, sql), _batches(new, sql))
        moved = any(a != b for a, b in pairs)
    return count, digest.hexdigest(), equal, moved


def _batches(db: sqlite3.Connection, sql: str) -> Iterator[list[tuple[Any, ...]]]:
    cursor = db.execute(sql)
    while rows := cursor.fetchmany(ROWS):
        yield rows


def _gone(before: SqliteFile, after: SqliteFile, columns: Sequence[Column]) -> Check:
    """Look for the values of the removed columns in the bytes of the result."""
    left = [c for c in after.columns if any(c.table == g.table and c.name == g.name for g in columns)]
    values: dict[bytes, None] = {}
    with before.opened() as db:
        utf16 = _text(db.execute("PRAGMA encoding").fetchone()[0]).upper().replace("-", "").lower()
        codec = {"utf16le": "utf-16-le", "utf16be": "utf-16-be"}.get(utf16, "")
        for column in columns:
            sql = f"SELECT DISTINCT {quoted(column.name)} FROM {quoted(column.table)} LIMIT {VALUES}"  # noqa: S608 - quoted
            for (value,) in db.execute(sql):
                if isinstance(value, bytes) and len(value) >= SHORT:
                    values[value] = None
    with after.path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        found = [value for value in values if data.find(_stored(value, codec)) >= 0]
    rest = _unexplained(after, found)
    good = not left and not rest
    figures = {"values": len(values), "elsewhere": len(found) - len(rest), "left": len(rest)}
    said = f"{len(values) - len(found):,} distinct values of the columns stand nowhere in the file's bytes"
    if figures["elsewhere"]:
        said += f"; {figures['elsewhere']:,} stand in other columns, or in the schema, too, which were not asked to go"
    return Check(
        "removed values absent", good, said if good else f"{len(rest):,} values are still in the file's bytes", figures
    )


def _stored(value: bytes, codec: str) -> bytes:
    """Return the first bytes of a value as the file holds it."""
    raw = value.decode("utf-8", "surrogatepass").encode(codec, "surrogatepass") if codec and _is_text(value) else value
    return raw[:PIECE]


def _is_text(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


def _unexplained(after: SqliteFile, found: list[bytes]) -> list[bytes]:
    """Return the values that stand in the bytes of a file but in no column of its tables, nor in its schema."""
    if not found:
        return []
    wanted = {v: v[:PIECE] for v in found}
    schema = "\n".join(f"{o[1]} {o[2]} {o[3]}" for o in after.objects).encode("utf-8", "replace")
    for value, piece in list(wanted.items()):
        if piece in schema:
            del wanted[value]
    with after.opened() as db:
        for table in after.tables:
            if not wanted:
                break
            names = [c.name for c in after.columns if c.table == table]
            if not names or table in after.virtual or any(table.startswith(f"{v}_") for v in after.virtual):
                continue  # what a virtual table keeps beside it is a copy, not data of its own
            sql = f"SELECT {', '.join(map(quoted, names))} FROM {quoted(table)}"  # noqa: S608 - quoted
            for rows in _batches(db, sql):
                cells = b"\0".join(v for row in rows for v in row if isinstance(v, bytes))
                for value, piece in list(wanted.items()):
                    if piece in cells:
                        del wanted[value]
    return list(wanted)
