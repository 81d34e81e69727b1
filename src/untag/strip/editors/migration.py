"""SQL dumps and live databases: a script that drops the columns, for the owner to run. Nothing here runs it.

A dump is a record of a database: the database is changed and dumped again, and the dump itself is left alone. A live
database comes as a `Unit` whose ``root`` is its address (``postgresql://host/database``, without user and password) and
whose ``name`` is ``schema/table``, as `untag.sources.database` names its tables.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import replace
from untag.strip.base import Check, Edit, Outcome, Refusal, StripError
from untag.strip.data import dump
from untag.strip.data.choose import choose, leaf, plain, unanswered
from untag.strip.data.files import head_of, shape_of, target
from untag.strip.data.migrations import Drop, line, script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.model import Finding
    from untag.strip.base import Choice, Unit
    from untag.strip.data.choose import Wanted

_LIVE: Final = re.compile(r"(?:\A|/)(postgres(?:ql)?|mysql|mariadb)(?:\+\w+)?:/{1,2}(?=[^/])")
_SCHEMA: Final = re.compile(rb"\bCREATE\s+(?:TEMP(?:ORARY)?\s+)?TABLE\b", re.IGNORECASE)
_QUOTES: Final = '`"[]'
NOT_RUN: Final = "its owner reads the script and runs it: nothing here touches a database"


def live_dialect(unit: Unit) -> str:
    """Return the dialect of a live database; empty for a file."""
    found = _LIVE.search(unit.root.as_posix())
    if found is None:
        return ""
    return "postgresql" if found[1].startswith("postgres") else "mysql"


def _head(unit: Unit) -> bytes:
    try:
        return head_of(unit.path, shape_of(unit.path))
    except (OSError, StripError):
        return b""


class MigrationEditor:
    """Writes migration scripts."""

    name = "migration"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Say whether it is a table of a live database, or a dump."""
        if live_dialect(unit):
            return True
        name = unit.name.lower()
        head = _head(unit)
        dumped = name.endswith((".sql", ".sql.gz", ".sql.bz2", ".sql.xz", ".sql.zst", ".ddl", ".dump"))
        return dumped and _SCHEMA.search(head) is not None and not head.startswith(b"PGDMP")

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield an edit for each column that the script drops, and what a person has to look at."""
        dialect = live_dialect(unit)
        answered: set[str] = set()
        made = _live(unit, choice) if dialect else _dumped(unit, choice)
        for drop, one, dialect_of in made:
            answered.update(one.fingerprints)
            yield _edit(unit, drop, one, dialect_of)
        what = "no column of a table is named so: views, functions and rows are changed in the database, by hand"
        yield from unanswered(unit, answered, self.name, what)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Any, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """Write the script of all edits, which are ``manual``: writing it changes nothing."""
        drops: list[Drop] = []
        dialects: set[str] = set()
        for edit in edits:
            if edit.kind != "migration" or edit.unit != unit.name or "column" not in edit.detail:
                raise StripError(f"{edit.target} of {unit.name} is for a person to change: {edit.why}")
            drops.append(_drop(edit.detail))
            dialects.add(str(edit.detail["dialect"]))
        if len(dialects) != 1:
            raise StripError(f"the edits of {unit.name} are of {len(dialects)} dialects; make a new plan")
        (dialect,) = dialects
        name = script_name(unit, dialect)
        if progress is not None:
            progress(f"{unit.name}: writing {name}")
        title = f"{unit.root.as_posix()} {unit.name}" if live_dialect(unit) else unit.name
        text = script(dialect, drops, title)
        with target(staging, name) as file:
            file.write(text.encode("utf-8", "replace"))
        good = all(d.column and d.table for d in drops)
        tables = {(d.schema, d.table) for d in drops}
        said = f"{len(set(drops)):,} columns of {len(tables):,} tables; the script was not run"
        return Outcome(self.name, unit.name, (name,), (), (Check("script written", good, said),), (NOT_RUN,))


def script_name(unit: Unit, dialect: str) -> str:
    """Return the relative name of a script: beside the dump, named for it, and never that of a file that is there."""
    if live_dialect(unit):
        folder, stem = "", re.sub(r"[^\w.-]+", "-", unit.name)
    else:
        folder, _, stem = unit.name.rpartition("/")
        stem = re.sub(r"\.(?:gz|bz2|xz|zst)\Z", "", stem).removesuffix(".sql")
    base = f"{folder}/" if folder else ""
    name = f"{base}migration-{dialect}-{stem}.sql"
    number = 1
    while name in unit.listing:
        number += 1
        name = f"{base}migration-{dialect}-{stem}-{number}.sql"
    return name


def _drop(detail: dict[str, Any]) -> Drop:
    return Drop(
        str(detail.get("schema", "")),
        str(detail["table"]),
        str(detail["column"]),
        tuple(map(str, detail.get("indexes", ()))),
        tuple(map(str, detail.get("depends", ()))),
    )


def _edit(unit: Unit, drop: Drop, one: Wanted, dialect: str) -> Edit:
    shown = f"column {drop.shown}"
    if one.safety == "manual":
        kind = "text" if one.prose else "column"
        return Edit(
            "migration",
            unit.name,
            kind,
            shown,
            one.attribute,
            "manual",
            (unit.name,),
            (shown,),
            (),
            one.why,
            one.fingerprints,
        )
    why = f"{one.why}; {NOT_RUN}" if one.why else NOT_RUN
    return Edit(
        "migration",
        unit.name,
        "migration",
        shown,
        one.attribute,
        "manual",
        (script_name(unit, dialect),),
        (shown, *(f"index {line(i)}" for i in drop.indexes)),
        (*map(line, drop.depends), f"programs that read {shown}", "backups, replicas and logs of the database"),
        why,
        one.fingerprints,
        {
            "dialect": dialect,
            "schema": drop.schema,
            "table": drop.table,
            "column": drop.column,
            "indexes": list(drop.indexes),
            "depends": list(drop.depends),
        },
    )


def _bare(text: str) -> str:
    """Return a name without its quotes and its schema: ``public.`face``` → ``face``."""
    return (
        text.strip().rpartition(".")[2].strip(_QUOTES)
        if text.strip()[:1] not in _QUOTES or "." in text
        else text.strip(_QUOTES)
    )


def _table_of(finding: Finding) -> str:
    """Return the table that a finding names; empty where it names none."""
    return next((part.removeprefix("table ") for part in finding.route if part.startswith("table ")), "")


def _dumped(unit: Unit, choice: Choice) -> Iterator[tuple[Drop, Wanted, str]]:
    """Yield the columns of a dump's tables that are chosen."""
    shape = shape_of(unit.path)
    found = dump.read(unit.path, shape, head_of(unit.path, shape))
    for table in found.tables:
        named = {plain(table.name), table.name, f"{table.schema}.{table.name}"}
        mine = tuple(f for f in unit.findings if not _table_of(f) or {_table_of(f), _bare(_table_of(f))} & named)
        outputs = tuple(o.removeprefix(f"{table.name}.") for o in choice.outputs)
        for one in choose(table.columns, replace(unit, findings=mine), replace(choice, outputs=outputs)):
            uses = [u for u in found.others if {table.name.lower(), one.name.lower()} <= u[2]]
            indexes = tuple(name for kind, name, _ in uses if kind == "index")
            depends = tuple(f"{kind} {name}" for kind, name, _ in uses if kind != "index")
            if one.name in table.key:
                depends = (*depends, "the primary key of the table holds it: give the table another one first")
            yield Drop(table.schema, table.name, one.name, indexes, depends), one, found.dialect


def _live(unit: Unit, choice: Choice) -> Iterator[tuple[Drop, Wanted, str]]:
    """Yield the columns of one table of a live database that findings or the caller name."""
    dialect = live_dialect(unit)
    schema, _, name = unit.name.partition("/")
    if not name:
        raise StripError(f"{unit.name} is no table of a database: it should be named schema/table")
    table = next((t for t in map(_table_of, unit.findings) if t), name)
    own = tuple(o.removeprefix(f"{table}.") for o in choice.outputs)
    names = dict.fromkeys(leaf(f) for f in unit.findings if len(f.route) > 1)
    for one in choose([*names, *(o for o in own if o not in names)], unit, replace(choice, outputs=own)):
        yield Drop(schema, table, one.name), one, dialect


EDITOR: Final = MigrationEditor()
