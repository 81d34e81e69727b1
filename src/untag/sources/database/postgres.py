"""PostgreSQL 12 and newer, through pg8000: a read-only session, the catalogue, samples.

Every statement stands in a read-only transaction of its own with time limits and with
nothing but ``pg_catalog`` on the search path, so that no function that someone left in
the database can stand in for one of the server's. Views and functions are read as text,
never queried or called; foreign tables are described, never read.
"""

from __future__ import annotations

import contextlib
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from untag.errors import SourceError
from untag.sources.database import postgres_queries as sql
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
    from collections.abc import Iterator, Sequence

    from untag.sources.database.address import Address
    from untag.sources.database.catalog import Catalog

NEEDS: Final = "PostgreSQL is read with pg8000: pip install 'untag[databases]'"
CATALOG: Final = 60.0
"""Seconds for one query of the catalogue."""
LOCK: Final = 2.0
"""Seconds to wait for another's lock: a scan gives way to the work that the database is for."""
GRACE: Final = 5.0
"""Seconds beyond the server's own limit after which the connection is given up."""
PAGES: Final = 400
"""Pages looked at in one table, spread over it."""
BATCH: Final = 1_000
"""Tables named in one query."""
KINDS: Final = {"r": "table", "p": "table", "v": "view", "m": "materialized view", "f": "foreign table"}
Row = list[str | None]


class PostgresSession:
    """A session with a PostgreSQL server."""

    def __init__(self, address: Address) -> None:
        """Connect; raise `SourceError` that says what to do."""
        self._address = address
        self._meter = Meter(address.connect_seconds)
        self._sampled: dict[tuple[str, str], tuple[str, int, bool]] = {}
        self._driver = _connected(address, self._meter)
        # raw text for every type: nothing that a server sends is made into an object
        self._driver.pg_types = defaultdict(lambda: str)
        try:
            self._run("SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", CATALOG, plain=True)
            self._run("SET default_transaction_read_only = on", CATALOG, plain=True)
            said = self._run("SHOW server_version_num", CATALOG)
        except (LostError, RefusedError) as error:
            self.close()
            raise SourceError(f"{address.title} gives no read-only session: {error}") from None
        if not said or not str(said[0][0]).isdigit() or int(said[0][0] or 0) < sql.OLDEST:
            self.close()
            raise SourceError(
                f"{address.title} is no PostgreSQL 12 or newer: scan a dump of it (pg_dump --schema-only)"
            )

    def close(self) -> None:
        """Say good-bye."""
        self._meter.start(1.0)
        with contextlib.suppress(Exception):
            self._driver.close()

    def _run(self, text: str, seconds: float, *, plain: bool = False) -> list[Row]:
        """Run one statement in a read-only transaction of its own."""
        self._meter.start(seconds + GRACE)
        try:
            if plain:
                return list(self._driver.run(text) or ())
            self._driver.run(
                f"BEGIN TRANSACTION READ ONLY; SET LOCAL statement_timeout = {int(seconds * 1000)};"
                f" SET LOCAL lock_timeout = {int(LOCK * 1000)}; SET LOCAL search_path = pg_catalog, pg_temp;"
                " SET LOCAL bytea_output = hex; SET LOCAL row_security = on"
            )
            rows = list(self._driver.run(text) or ())
            self._driver.run("ROLLBACK")
        except Exception as error:  # noqa: BLE001 - whatever a driver makes of what a server sends
            refused = _refused(error, seconds)
            if isinstance(refused, RefusedError):
                try:
                    self._driver.run("ROLLBACK")
                except Exception:  # noqa: BLE001 - see above
                    refused = LostError()
            raise refused from None
        return rows

    def describe(self, catalog: Catalog) -> Iterator[None]:
        """Fill the catalogue, query by query."""
        made = _Made()
        wanted = self._address.schemas
        for row in self._run(sql.RELATIONS.format(limit=TABLES + 1), CATALOG):
            oid, schema, name, kind, doc, rows, size, usable = (v or "" for v in row)
            if wanted and schema not in wanted:
                continue
            found = Relation(schema, name, KINDS.get(kind, "table"), doc, _number(rows), max(_number(size), 0))
            made.relations[oid] = found
            if usable != "t":
                made.closed.add(oid)
            catalog.relations.append(found)
        if len(catalog.relations) > TABLES:
            catalog.notes.append(("limit", f"more than {TABLES:,} tables: name schemas, as in ?schema=public"))
        yield
        self._types(catalog, made)
        oids = list(made.relations)
        for at in range(0, len(oids), BATCH):
            self._columns(catalog, made, ",".join(oids[at : at + BATCH]))
            yield
        for query, take in ((sql.CHECKS, _check), (sql.KEYS, _key)):
            for row in self._run(query, CATALOG):
                take(made, [v or "" for v in row])
            yield
        for folder, query in sql.SCRIPTS:
            self._scripts(catalog, folder, query)
            yield

    def _types(self, catalog: Catalog, made: _Made) -> None:
        """Read enum types: labels for their columns, and a script of each, as a type may have no column."""
        for row in self._run(sql.ENUMS, CATALOG):
            oid, schema, name, doc, label = (v or "" for v in row)
            made.enums.setdefault(oid, (schema, name, doc, []))[3].append(label)
        for schema, name, doc, labels in made.enums.values():
            listed = ", ".join("'" + v.replace("'", "''") + "'" for v in labels)
            if not self._address.schemas or schema in self._address.schemas:
                text = f"CREATE TYPE {name} AS ENUM ({listed});"
                catalog.script(schema, "types", name, statement("type", name, text, doc))

    def _columns(self, catalog: Catalog, made: _Made, oids: str) -> None:
        """Read the columns of some tables."""
        for row in self._run(sql.COLUMNS.format(oids=oids), CATALOG):
            oid, number, name, kind, category, element, base, doc, said, usable = (v or "" for v in row)
            if made.count >= COLUMNS:
                if made.count == COLUMNS:
                    catalog.notes.append(
                        ("limit", f"more than {COLUMNS:,} columns: name schemas, as in ?schema=public")
                    )
                made.count += 1
                return
            made.count += 1
            shape = {"S": "text", "A": "array" if element == "S" else ""}.get(category, "")
            if kind in ("json", "jsonb"):
                shape = "json"
            labels = made.enums.get(base)
            docs = "; ".join(d for d in (doc, said) if d)
            readable = usable == "t" and oid not in made.closed
            column = Column(name, kind, docs, shape, readable, tuple(labels[3]) if labels else ())
            relation = made.relations[oid]
            relation.columns.append(column)
            made.columns[(oid, number)] = column
            made.domains.setdefault(base, []).append((relation, name))

    def _scripts(self, catalog: Catalog, folder: str, query: str) -> None:
        """Read the text of views, functions, triggers or policies."""
        try:
            rows = self._run(query.format(limit=SCRIPTS + 1), CATALOG)
        except RefusedError as error:
            catalog.notes.append((error.reason, f"{folder} were not read: {error.detail}"))
            return
        if len(rows) > SCRIPTS:
            catalog.notes.append(("limit", f"more than {SCRIPTS:,} {folder}"))
        for row in rows[:SCRIPTS]:
            schema, name, text, doc = (v or "" for v in row)
            if not self._address.schemas or schema in self._address.schemas:
                catalog.script(schema, folder, name, statement(folder[:-1], name, text, doc))

    def sample(self, relation: Relation, column: Column, rows: int) -> list[Column]:
        """Return the column with the values of a sample of its table."""
        seconds = self._address.statement_seconds
        key = (relation.schema, relation.name)
        if key not in self._sampled:
            self._sampled = {key: self._plan(relation, rows, seconds)}
        source, seen, part = self._sampled[key]
        name = quoted(column.name)
        if column.shape == "json":
            query = f"SELECT v FROM (SELECT {name}::text AS v FROM {source} LIMIT {rows}) AS s WHERE length(v) < {LONGEST} LIMIT {COUNT}"  # noqa: S608, E501
            texts = [r[0] or "" for r in self._run(query, seconds)]
            return fields(column, texts, Values([], len(texts), part or seen > COUNT))
        value = f"unnest({name})" if column.shape == "array" else name
        inner = f"SELECT {value} AS c FROM {source} LIMIT {rows}"  # noqa: S608 - quoted
        query = f"SELECT DISTINCT left(c::text, {VALUE}) FROM ({inner}) AS s WHERE c IS NOT NULL LIMIT {DISTINCT}"  # noqa: S608
        column.values = Values(sorted(r[0] or "" for r in self._run(query, seconds)), seen, part)
        return [column]

    def _plan(self, relation: Relation, rows: int, seconds: float) -> tuple[str, int, bool]:
        """Return what a sample is taken from, how many rows it has, and whether there are more."""
        source = f"{quoted(relation.schema)}.{quoted(relation.name)}"
        pages = relation.pages
        if pages <= 0:
            told = self._run(sql.SIZE.format(name="'" + source.replace("'", "''") + "'"), seconds)
            pages = _number(told[0][0]) if told else 0
        if pages > PAGES:
            # the same pages on each run
            source += f" TABLESAMPLE SYSTEM ({100 * PAGES / pages:.6f}) REPEATABLE (1)"
        counted = self._run(f"SELECT count(*) FROM (SELECT 1 FROM {source} LIMIT {rows}) AS s", seconds)  # noqa: S608 - quoted
        seen = _number(counted[0][0] if counted else "")
        return source, seen, pages > PAGES or seen >= rows


@dataclass(slots=True)
class _Made:
    """What the queries share: the server's numbers."""

    relations: dict[str, Relation] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)
    """Tables in schemas that this account may not use."""
    columns: dict[tuple[str, str], Column] = field(default_factory=dict)
    enums: dict[str, tuple[str, str, str, list[str]]] = field(default_factory=dict)
    domains: dict[str, list[tuple[Relation, str]]] = field(default_factory=dict)
    """Columns by their type."""
    count: int = 0


def _check(made: _Made, row: Sequence[str]) -> None:
    """Take in a check constraint of a table or of a domain."""
    oid, base, keys, text = row
    relation = made.relations.get(oid)
    if relation is not None:
        numbers = keys.strip("{}").split(",")
        names = tuple(made.columns[(oid, n)].name for n in numbers if (oid, n) in made.columns)
        relation.checks.append((names, text))
    elif base != "0":
        for owner, name in made.domains.get(base, ()):
            owner.checks.append(((name,), text))


def _key(made: _Made, row: Sequence[str]) -> None:
    """Take in a foreign key."""
    oid, other, keys = row
    source, target = made.relations.get(oid), made.relations.get(other)
    column = made.columns.get((oid, keys.strip("{}")))
    if source is not None and target is not None:
        source.targets[column.name if column else keys] = (target.schema, target.name)


def quoted(name: str) -> str:
    """Return an identifier as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _number(text: str | None) -> int:
    try:
        return int(text or "")
    except ValueError:
        return -1


def _connected(address: Address, meter: Meter) -> Any:
    """Return the driver's connection; raise `SourceError` that says what to do."""
    try:
        from pg8000.native import Connection  # noqa: PLC0415 - the extra ``databases``
    except ImportError:
        raise SourceError(NEEDS) from None
    for secure in {"disable": (False,), "prefer": (True, False)}.get(address.mode, (True,)):
        try:
            meter.start(address.connect_seconds)
            speaks = context(address, meter) if secure else False
            sock = connect(address, meter)
            try:
                return Connection(
                    address.user,
                    address.host,
                    address.database,
                    address.port,
                    address.password or None,
                    ssl_context=speaks,
                    application_name="untag",
                    sock=sock,
                )
            except BaseException:
                sock.close()
                raise
        except Exception as error:  # noqa: BLE001 - whatever a driver makes of what a server sends
            if secure and address.mode == "prefer" and "refuses SSL" in str(error):
                continue
            raise _unreachable(address, error) from None
    raise SourceError(f"cannot connect to {address.title}")


def _code(error: BaseException) -> str:
    """Return the SQLSTATE of an error, or nothing."""
    told = error.args[0] if error.args else None
    code = told.get("C") if isinstance(told, dict) else ""
    return code if isinstance(code, str) and len(code) == 5 and code.isalnum() else ""  # noqa: PLR2004 - of the protocol


def _unreachable(address: Address, error: BaseException) -> SourceError:
    """Say why there is no connection, and what to do; never in the server's or the address's own words."""
    code, text = _code(error), str(error)
    if code[:2] == "28" or "no password was" in text or isinstance(error, AttributeError):
        why = "it refuses the user or the password: set PGPASSWORD or .pgpass, and see pg_hba.conf on the server"
    elif code == "3D000":
        why = "there is no such database: see psql --list"
    elif code == "42501":
        why = "the user may not connect: GRANT CONNECT ON DATABASE … TO the user"
    elif code == "53300":
        why = "it has no connection free: try later, or with another account"
    elif code[:3] == "57P":
        why = "it is starting up or shutting down: try later"
    elif "refuses SSL" in text:
        why = "it offers no TLS: add ?sslmode=disable to go without, if the network is your own"
    elif code:
        why = f"it refuses with SQLSTATE {code}: see its log"
    else:
        why = said(error)
    return SourceError(f"cannot read {address.title}: {why}")


def _refused(error: BaseException, seconds: float) -> LostError | RefusedError:
    """Return what an error means for the rest of the scan."""
    code = _code(error)
    if not code or code.startswith(("08", "57P", "58", "XX")):
        return LostError()
    if code == "57014":
        return RefusedError("limit", f"the statement took more than {seconds:g} seconds")
    if code == "55P03":
        return RefusedError("limit", f"the table was locked for more than {LOCK:g} seconds")
    if code == "42501":
        return RefusedError("permission", "the account may not read it: GRANT SELECT to it")
    return RefusedError("unsupported", f"the server refused with SQLSTATE {code}")
