"""SQLite databases: a column is dropped, the file is written anew, and the old values are looked for in its bytes."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Final

from untag.nouns import replace
from untag.strip.base import Edit, Outcome, Refusal, StripError
from untag.strip.data.choose import choose, missing, plain, unanswered
from untag.strip.data.files import target, told
from untag.strip.data.sqlite_file import MAGIC, SqliteFile, cut

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.model import Finding
    from untag.strip.base import Choice, Unit
    from untag.strip.data.choose import Wanted
    from untag.strip.data.sqlite_file import Column, Use


class SqliteEditor:
    """Drops columns of SQLite files."""

    name = "sqlite"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Say whether the file is a SQLite database."""
        try:
            with unit.path.open("rb") as file:
                return file.read(len(MAGIC)) == MAGIC
        except OSError:
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield an edit for each column that goes, or what keeps it."""
        file = SqliteFile(unit.path)
        answered: set[str] = set()
        for table in file.tables:
            columns = [c for c in file.columns if c.table == table]
            mine = replace(unit, findings=tuple(f for f in unit.findings if _of_table(f, table)))
            outputs = tuple(o.removeprefix(f"{table}.") for o in choice.outputs)
            by_name = {c.name: c for c in columns}
            wanted = list(
                choose(
                    list(by_name),
                    mine,
                    replace(choice, outputs=outputs),
                    partial(_values, file, by_name),
                )
            )
            gone = [w.name for w in wanted if w.safety != "manual"]
            for one in wanted:
                answered.update(one.fingerprints)
                if one.safety != "manual" and len(gone) == len(columns):
                    reason = "every column of the table is protected"
                    yield Refusal(unit.name, f"table {table}", reason, "drop the table", one.fingerprints)
                    continue
                yield _planned(unit, file, by_name[one.name], one)
        names = [n for c in file.columns for n in (c.name, f"{c.table}.{c.name}")]
        yield from missing(unit, choice, names)
        what = "no column of the database is named so; look at the views and triggers, and at the text"
        yield from unanswered(unit, answered, self.name, what)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """Drop the columns of all edits from one copy, and compare it with the file."""
        file = SqliteFile(unit.path)
        columns: list[Column] = []
        indexes: list[str] = []
        for edit in edits:
            if edit.safety == "manual":
                raise StripError(f"{edit.target} of {unit.name} is for a person to change: {edit.why}")
            key = (edit.detail.get("table"), edit.detail.get("name"))
            column = next((c for c in file.columns if (c.table, c.name) == key), None)
            if column is None or edit.unit != unit.name:
                raise StripError(f"{unit.name} has no {edit.target}; make a new plan")
            columns.append(column)
            indexes += [u.name for u in file.uses(column) if u.kind == "index"]
        if progress is not None:
            progress(f"{unit.name}: dropping {len(columns):,} columns, then writing the file anew")
        why = file.tried(columns, indexes)
        if why:
            raise StripError(f"{unit.name}: SQLite does not drop the column: {why}")
        with target(staging, unit.name) as out:
            from pathlib import Path as Place  # noqa: PLC0415 - loaded where it is used

            half = Place(out.name)
            copy = half.with_name(f"{half.name}.db")
            try:
                checks = cut(file, copy, columns, list(dict.fromkeys(indexes)))
                failed = next((c for c in checks if not c.passed), None)
                if failed is not None:
                    raise StripError(f"{unit.name}: {failed.name}: {failed.detail}; nothing was written")
                out.close()  # Windows replaces no open file
                copy.replace(half)
            except OSError as error:
                raise told(error, unit.name) from error
            finally:
                for end in ("", "-wal", "-shm", "-journal"):
                    with suppress(OSError):
                        copy.with_name(copy.name + end).unlink(missing_ok=True)
        return Outcome(self.name, unit.name, (unit.name,), (), tuple(checks), _notes(indexes))


def _values(file: SqliteFile, columns: dict[str, Column], name: str) -> list[str]:
    """Return distinct texts of a column."""
    return file.values(columns[name])


def _notes(indexes: list[str]) -> tuple[str, ...]:
    return (f"dropped with it: indexes {', '.join(dict.fromkeys(indexes))}",) if indexes else ()


def _of_table(finding: Finding, table: str) -> bool:
    """Whether a finding names a table, or no table at all."""
    tables = [part.removeprefix("table ") for part in finding.route if part.startswith("table ")]
    return not tables or plain(table) in tables or table in tables


def _planned(unit: Unit, file: SqliteFile, column: Column, one: Wanted) -> Edit | Refusal:
    """Return the edit of a column, or why it cannot be dropped."""
    uses = file.uses(column)
    shown = f"column {column.table}.{column.name}"
    if one.safety == "manual":
        return _edit(unit, column, one, shown, uses, "manual", one.why)
    if column.key:
        return Refusal(
            unit.name,
            shown,
            "it is part of the table's primary key",
            "give the table another key first",
            one.fingerprints,
        )
    if column.table in file.virtual:
        return Refusal(
            unit.name,
            shown,
            "the table is virtual: its module keeps copies",
            "make the table again without it",
            one.fingerprints,
        )
    why = file.tried([column], [u.name for u in uses if u.kind == "index"])
    if why:
        named = ", ".join(f"{u.kind} {u.name}" for u in uses if u.kind != "index") or "the table itself"
        reason = f"SQLite does not drop it: {why}"
        return Refusal(unit.name, shown, reason, f"change {named} first", one.fingerprints)
    rest = [u for u in uses if not u.alone]
    if rest:
        told_uses = ", ".join(f"{u.kind} {u.name}" for u in rest)
        why = "; ".join(w for w in (one.why, f"this changes with it: {told_uses}") if w)
        return _edit(unit, column, one, shown, uses, "unsafe", why)
    return _edit(unit, column, one, shown, uses, one.safety, one.why)


def _edit(unit: Unit, column: Column, one: Wanted, shown: str, uses: list[Use], safety: str, why: str) -> Edit:
    dropped = tuple(f"index {u.name}" for u in uses if u.kind == "index")
    depends = tuple(f"{u.kind} {u.name} names it" for u in uses if u.kind != "index")
    return Edit(
        "sqlite",
        unit.name,
        "text" if one.prose else "column",
        shown,
        one.attribute,
        safety,
        (unit.name,),
        (f"{shown} with its values; the file is written anew so that their bytes are gone", *dropped),
        (*depends, f"programs that read {shown}"),
        why,
        one.fingerprints,
        {"table": column.table, "name": column.name, "names": [column.name]},
    )


EDITOR: Final = SqliteEditor()
