"""MariaDB and MySQL, through PyMySQL: a read-only session, the catalogue, samples.

Every statement stands in a read-only transaction with time limits. Views and routines
are read as text, never queried or called. `LOAD DATA LOCAL` is off, so that a server
cannot ask for files of this machine. A server hides what an account has no right on,
which `notes` say.
"""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Final

from untag.errors import SourceError
from untag.sources.database.catalog import (
    COLUMNS,
    DISTINCT,
    SCRIPTS,
    TABLES,
    VALUE,
    Column,
    LostError,
    RefusedError,
    Relation,
    Values,
    statement,
)
from untag.sources.database.documents import COUNT, LONGEST, fields
from untag.sources.database.wire import Meter, connect, context, said

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.sources.database.address import Address
    from untag.sources.database.catalog import Catalog

NEEDS: Final = "MariaDB and MySQL are read with PyMySQL: pip install 'untag[databases]'"
CATALOG: Final = 60.0
"""Seconds for one query of the catalogue."""
LOCK: Final = 2
"""Seconds to wait for another's lock: a scan gives way to the work that the database is for."""
GRACE: Final = 5.0
"""Seconds beyond the server's own limit after which the connection is given up."""
SLICES: Final = 8
"""Places of a table, spread over its integer key, from which rows are taken."""
SYSTEM: Final = ("information_schema", "mysql", "performance_schema", "sys")
TEXTS: Final = ("char", "varchar", "tinytext", "text", "mediumtext", "longtext", "set")
WHOLE: Final = ("tinyint", "smallint", "mediumint", "int", "bigint")
_WIDE: Final = re.compile(r"GRANT\s+(?P<rights>.+?)\s+ON\s+(?P<where>\*|`(?:[^`]|``)+`)\.\*\s+TO\s", re.IGNORECASE)

_TABLES: Final = """SELECT table_schema, table_name, table_type, table_comment, table_rows
FROM information_schema.tables WHERE {own} ORDER BY BINARY table_schema, BINARY table_name LIMIT {limit}"""
_COLUMNS: Final = """SELECT table_schema, table_name, column_name, data_type, column_type, column_comment, column_key,
privileges FROM information_schema.columns WHERE {own}
ORDER BY BINARY table_schema, BINARY table_name, ordinal_position LIMIT {limit}"""
_CHECKS: Final = (
    "SELECT constraint_schema, table_name, check_clause FROM information_schema.check_constraints WHERE {own}",
    # MySQL has the table's name elsewhere
    """SELECT c.constraint_schema, t.table_name, c.check_clause FROM information_schema.check_constraints c
JOIN information_schema.table_constraints t USING (constraint_schema, constraint_name) WHERE {own}""",
)
_KEYS: Final = """SELECT table_schema, table_name, column_name, referenced_table_schema, referenced_table_name
FROM information_schema.key_column_usage WHERE {own} AND referenced_table_name IS NOT NULL"""
_SCRIPTS: Final = (
    ("views", "table_schema", "SELECT table_schema, table_name, view_definition, '' FROM information_schema.views"),
    (
        "functions",
        "routine_schema",
        "SELECT routine_schema, routine_name, routine_definition, routine_comment FROM information_schema.routines",
    ),
    (
        "triggers",
        "trigger_schema",
        "SELECT trigger_schema, trigger_name, action_statement, event_object_table FROM information_schema.triggers",
    ),
    (
        "events",
        "event_schema",
        "SELECT event_schema, event_name, event_definition, event_comment FROM information_schema.events",
    ),
)
Row = tuple[Any, ...]


class MysqlSession:
    """A session with a MariaDB or MySQL server."""

    def __init__(self, address: Address) -> None:
        """Connect; raise `SourceError` that says what to do."""
        self._address = address
        self._meter = Meter(address.connect_seconds)
        self._sampled: dict[tuple[str, str], tuple[int, str]] = {}
        self._driver = _connected(address, self._meter)
        self._maria = "mariadb" in str(self._driver.get_server_info()).lower()
        try:
            self._execute("SET SESSION TRANSACTION READ ONLY", CATALOG)
            for name in ("lock_wait_timeout", "innodb_lock_wait_timeout"):
                self._execute(f"SET SESSION {name} = {LOCK}", CATALOG)
            self._execute("SET SESSION sql_mode = ''", CATALOG)
        except (LostError, RefusedError) as error:
            self.close()
            raise SourceError(f"{address.title} gives no read-only session: {error}") from None

    def close(self) -> None:
        """Say good-bye."""
        self._meter.start(1.0)
        with contextlib.suppress(Exception):
            self._driver.close()

    def _execute(self, text: str, seconds: float) -> list[Row]:
        """Run one statement."""
        self._meter.start(seconds + GRACE)
        try:
            with self._driver.cursor() as cursor:
                cursor.execute(text)
                return list(cursor.fetchall())
        except Exception as error:  # noqa: BLE001 - whatever a driver makes of what a server sends
            raise _refused(error, seconds) from None

    def _run(self, text: str, seconds: float) -> list[Row]:
        """Run one query in a read-only transaction of its own, with a time limit on the server."""
        limit = f"max_statement_time = {seconds:g}" if self._maria else f"max_execution_time = {int(seconds * 1000)}"
        with contextlib.suppress(RefusedError):  # before MySQL 5.7.8 there is none; our own clock stays
            self._execute(f"SET SESSION {limit}", CATALOG)
        self._execute("START TRANSACTION READ ONLY", CATALOG)
        try:
            return self._execute(text, seconds)
        finally:
            with contextlib.suppress(RefusedError):
                self._execute("ROLLBACK", CATALOG)

    def _own(self, column: str) -> str:
        """Return the condition that holds a query to the wanted schemas."""
        wanted = self._address.schemas or ((self._address.database,) if self._address.database else ())
        if wanted:
            return f"{column} IN ({', '.join(self._driver.escape(w) for w in wanted)})"
        return f"{column} NOT IN ({', '.join(repr(s) for s in SYSTEM)})"

    def describe(self, catalog: Catalog) -> Iterator[None]:
        """Fill the catalogue, query by query."""
        own = self._own("table_schema")
        made: dict[tuple[str, str], Relation] = {}
        for row in self._run(_TABLES.format(own=own, limit=TABLES + 1), CATALOG):
            schema, name, kind, doc, rows = (_text(v) for v in row)
            view = "VIEW" in kind
            relation = Relation(schema, name, "view" if view else "table", "" if view else doc, _number(rows))
            made[(schema, name)] = relation
            catalog.relations.append(relation)
        if len(made) > TABLES:
            catalog.notes.append(("limit", f"more than {TABLES:,} tables: name schemas, as in ?schema=NAME"))
        yield
        rows_read = self._run(_COLUMNS.format(own=own, limit=COLUMNS + 1), CATALOG)
        for row in rows_read[:COLUMNS]:
            _column(made, [_text(v) for v in row])
        if len(rows_read) > COLUMNS:
            catalog.notes.append(("limit", f"more than {COLUMNS:,} columns: name schemas, as in ?schema=NAME"))
        yield
        self._constraints(made)
        yield
        for folder, column, query in _SCRIPTS:
            self._scripts(catalog, folder, f"{query} WHERE {self._own(column)}")
            yield
        self._rights(catalog)

    def _constraints(self, made: dict[tuple[str, str], Relation]) -> None:
        """Read check constraints and foreign keys, where the server lists them."""
        for query, column in zip(_CHECKS, ("constraint_schema", "c.constraint_schema"), strict=True):
            try:
                rows = self._run(query.format(own=self._own(column)), CATALOG)
            except RefusedError:
                continue
            for schema, table, text in ([_text(v) for v in row] for row in rows):
                relation = made.get((schema, table))
                if relation is not None:
                    names = tuple(c.name for c in relation.columns if f"`{c.name}`" in text)
                    relation.checks.append((names, text[:20_000]))
            break
        with contextlib.suppress(RefusedError):
            for row in self._run(_KEYS.format(own=self._own("table_schema")), CATALOG):
                schema, table, column, *target = (_text(v) for v in row)
                if (schema, table) in made:
                    made[(schema, table)].targets[column] = (target[0], target[1])

    def _scripts(self, catalog: Catalog, folder: str, query: str) -> None:
        """Read the text of views, routines, triggers or events."""
        try:
            rows = self._run(f"{query} LIMIT {SCRIPTS + 1}", CATALOG)
        except RefusedError as error:
            catalog.notes.append((error.reason, f"{folder} were not read: {error.detail}"))
            return
        if len(rows) > SCRIPTS:
            catalog.notes.append(("limit", f"more than {SCRIPTS:,} {folder}"))
        hidden = 0
        for row in rows[:SCRIPTS]:
            schema, name, text, doc = (_text(v) for v in row)
            hidden += not text
            if folder == "views":
                text = f"CREATE VIEW `{name}` AS {text};" if text else ""
            if text:
                catalog.script(schema, folder, name, statement(folder[:-1], name, text, doc))
        if hidden:
            right = "SHOW VIEW" if folder == "views" else "SHOW CREATE ROUTINE, or SELECT on mysql.proc,"
            catalog.notes.append(
                ("permission", f"the text of {hidden:,} {folder} is hidden from this account: GRANT {right} to it")
            )

    def _rights(self, catalog: Catalog) -> None:
        """Note where the account sees only what it was granted: a server hides other tables altogether."""
        try:
            grants = [_text(row[0]) for row in self._run("SHOW GRANTS", CATALOG)]
        except RefusedError:
            return
        if not self._maria and any(" ON " not in g for g in grants):
            return  # a role of MySQL's, whose own rights are not listed here
        wide = [m for m in map(_WIDE.match, grants) if m]
        seeing = [m["where"].strip("`") for m in wide if re.search(r"\bSELECT\b|\bALL\b", m["rights"], re.IGNORECASE)]
        wanted = self._address.schemas or ((self._address.database,) if self._address.database else ("",))
        if not all(any(w == "*" or (name and _like(w, name)) for w in seeing) for name in wanted):
            told = "the account has rights on single tables or schemas, and the server hides all others from it"
            catalog.notes.append(("permission", f"{told}: GRANT SELECT, SHOW VIEW on the whole to read all"))

    def sample(self, relation: Relation, column: Column, rows: int) -> list[Column]:
        """Return the column with the values of a sample of its table."""
        key = (relation.schema, relation.name)
        if key not in self._sampled:
            self._sampled = {key: self._plan(relation, rows)}
        seen, pattern = self._sampled[key]
        seconds = self._address.statement_seconds
        name = quoted(column.name)
        part = seen >= rows
        if column.shape == "json":
            inner = pattern.format(column=f"LEFT({name}, {LONGEST})")
            query = f"SELECT v FROM ({inner}) AS s WHERE CHAR_LENGTH(v) < {LONGEST} LIMIT {COUNT}"  # noqa: S608 - quoted
            texts = [_text(r[0]) for r in self._run(query, seconds)]
            return fields(column, texts, Values([], len(texts), part or seen > COUNT))
        inner = pattern.format(column=f"LEFT({name}, {VALUE})")
        query = f"SELECT DISTINCT v FROM ({inner}) AS s WHERE v IS NOT NULL LIMIT {DISTINCT}"  # noqa: S608 - quoted
        column.values = Values(sorted(_text(r[0]) for r in self._run(query, seconds)), seen, part)
        return [column]

    def _plan(self, relation: Relation, rows: int) -> tuple[int, str]:
        """Return how many rows a sample has, and the query for one column of it, spread over an integer key."""
        seconds = self._address.statement_seconds
        source = f"{quoted(relation.schema)}.{quoted(relation.name)}".replace("{", "{{").replace("}", "}}")
        whole = f"SELECT {{column}} AS v FROM {source} LIMIT {rows}"  # noqa: S608 - quoted
        if relation.rows > rows and relation.key:
            key = quoted(relation.key).replace("{", "{{").replace("}", "}}")
            query = f"SELECT MIN({key}), MAX({key}) FROM {source}"  # noqa: S608 - quoted
            ends = self._run(query.format(), seconds)
            low, high = (_number(_text(v)) for v in ends[0]) if ends else (-1, -1)
            if high - low >= SLICES:
                each = max(rows // SLICES, 1)
                slices = (
                    f"(SELECT {{column}} AS v FROM {source} WHERE {key} >= {low + (high - low) * n // SLICES}"  # noqa: S608
                    f" ORDER BY {key} LIMIT {each})"
                    for n in range(SLICES)
                )
                whole = " UNION ALL ".join(slices)
        counted = self._run(f"SELECT COUNT(*) FROM ({whole.format(column='1')}) AS s", seconds)  # noqa: S608 - quoted
        return max(_number(_text(counted[0][0])), 0) if counted else 0, whole


def _column(made: dict[tuple[str, str], Relation], row: list[str]) -> None:
    """Take in a row of ``information_schema.columns``."""
    schema, table, name, kind, full, doc, key, rights = row
    relation = made.get((schema, table))
    if relation is None:
        return
    shape = "text" if kind.lower() in TEXTS else "json" if kind.lower() == "json" else ""
    readable = not rights or "select" in rights.lower()
    relation.columns.append(Column(name, full, doc, shape, readable))
    if key == "PRI":
        # of a key of several columns, none serves
        relation.key = name if kind.lower() in WHOLE and not relation.key else ""


def _like(pattern: str, name: str) -> bool:
    """Whether a schema's name is meant by a grant, in which ``_`` and ``%`` stand for others."""
    made = "".join(
        {"%": ".*", "_": "."}.get(one, re.escape(one.removeprefix("\\"))) for one in re.findall(r"\\?.", pattern)
    )
    return re.fullmatch(made, name) is not None


def quoted(name: str) -> str:
    """Return an identifier as MySQL writes it."""
    return "`" + name.replace("`", "``") + "`"


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "" if value is None else str(value)


def _number(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return -1


def _connected(address: Address, meter: Meter) -> Any:
    """Return the driver's connection; raise `SourceError` that says what to do."""
    try:
        from pymysql.connections import Connection  # noqa: PLC0415 - the extra ``databases``
        from pymysql.converters import encoders  # noqa: PLC0415
    except ImportError:
        raise SourceError(NEEDS) from None
    for secure in {"disable": (False,), "prefer": (True, False)}.get(address.mode, (True,)):
        try:
            meter.start(address.connect_seconds)
            driver = Connection(
                user=address.user,
                password=address.password.encode(),
                host=address.host,
                database=address.database or None,
                port=address.port,
                charset="utf8mb4",
                # raw text for every type: nothing that a server sends is made into an object
                conv=encoders,
                local_infile=False,
                defer_connect=True,
                program_name="untag",
                ssl=context(address, meter) if secure else None,
                ssl_disabled=not secure,
            )
            sock = connect(address, meter)
            try:
                driver.connect(sock)
            except BaseException:
                sock.close()
                raise
        except Exception as error:  # noqa: BLE001 - whatever a driver makes of what a server sends
            if secure and address.mode == "prefer" and "SSL is required but" in str(error):
                continue
            raise _unreachable(address, error) from None
        return driver
    raise SourceError(f"cannot connect to {address.title}")


def _code(error: BaseException) -> int:
    """Return the server's or the client's number of an error, or 0."""
    code = error.args[0] if error.args else 0
    return code if isinstance(code, int) else 0


def _unreachable(address: Address, error: BaseException) -> SourceError:
    """Say why there is no connection, and what to do; never in the server's or the address's own words."""
    code = _code(error)
    if code in (1045, 1698, 1251, 2059, 2061) or "cryptography" in str(error):
        why = "it refuses the user or the password, or wants TLS for it: set MYSQL_PWD, see ?sslmode=require"
    elif code in (1044, 1142):
        why = "the user may not use the database: GRANT SELECT, SHOW VIEW ON database.* TO the user"
    elif code == 1049:  # noqa: PLR2004 - of the protocol
        why = "there is no such database: see SHOW DATABASES"
    elif code in (1040, 1203, 1226):
        why = "it has no connection free: try later, or with another account"
    elif code in (1129, 1130):
        why = "it does not let this machine in: see the host of the account, and FLUSH HOSTS"
    elif "SSL is required but" in str(error):
        why = "it offers no TLS: add ?sslmode=disable to go without, if the network is your own"
    elif 1000 <= code < 2000:  # noqa: PLR2004 - the server's own errors
        why = f"it refuses with error {code}: see its log"
    else:
        why = said(error)
    return SourceError(f"cannot read {address.title}: {why}")


def _refused(error: BaseException, seconds: float) -> LostError | RefusedError:
    """Return what an error means for the rest of the scan."""
    code = _code(error)
    if not 1000 <= code < 2000 or code in (1053, 1077, 1079, 1152, 1153, 1158, 1159, 1160, 1161, 1184, 1927):  # noqa: PLR2004
        return LostError()
    if code in (1969, 1317) or code == 3024:  # noqa: PLR2004 - of the protocol
        return RefusedError("limit", f"the statement took more than {seconds:g} seconds")
    if code in (1205, 1213):
        return RefusedError("limit", f"the table was locked for more than {LOCK} seconds")
    if code in (1044, 1142, 1143, 1227, 1345, 1370):
        return RefusedError("permission", "the account may not read it: GRANT SELECT to it")
    return RefusedError("unsupported", f"the server refused with error {code}")
