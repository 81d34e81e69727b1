"""Tables: CSV, TSV, JSON Lines, arrays of records, Parquet, Arrow and Feather lose a column, and nothing else."""

from __future__ import annotations

import re
from importlib import import_module
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

from untag.interpret import naming
from untag.nouns import replace
from untag.strip.base import Check, Edit, Outcome, Refusal, StripError
from untag.strip.data.choose import choose, missing, unanswered
from untag.strip.data.files import HEAD, head_of, shape_of, target
from untag.strip.data.records import RecordTable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit
    from untag.strip.data.choose import Wanted

_PARTITION: Final = re.compile(r"(?:^|/)([^/=]{1,100})=[^/]+(?=/)")
"""A folder that is named for a value of a column, as Hive's partitions are."""


class Table(Protocol):
    """One format behind the editor."""

    noun: str
    """What its users call a column."""
    kind: str
    names: list[str]

    def values(self, name: str) -> list[str]:
        """Return a sample of the distinct values of a name."""
        ...

    def refuses(self, chosen: Sequence[str]) -> str:
        """Return why these cannot be cut; empty where they can."""
        ...

    def says(self, name: str) -> tuple[str, ...]:
        """Return what goes with a name, in words."""
        ...

    def cut(self, chosen: Sequence[str], file: IO[bytes], written: Callable[[], Path]) -> list[Check]:
        """Write the table without them and compare; ``written`` gives the path of what stands in ``file``."""
        ...


FORMATS: Final = {
    "csv": ("delimited", "DelimitedTable"),
    "json": ("records", "RecordTable"),
    "jsonl": ("records", "RecordTable"),
    "parquet": ("parquet", "ParquetTable"),
    "arrow": ("arrow", "ArrowTable"),
}


def kind_of(unit: Unit) -> str:
    """Return the format of a file by its content: one of `FORMATS`, or nothing. Never raises."""
    try:
        with unit.path.open("rb") as file:
            start = file.read(8)
        if start[:4] == b"PAR1":
            return "parquet"
        if start == b"ARROW1\0\0" or start[:4] == b"\xff\xff\xff\xff":
            return "arrow"
        if start == b"SQLite f":
            return ""  # the statements in a small database read as a table
        head = head_of(unit.path, shape_of(unit.path))
    except (OSError, StripError):
        return ""
    return text_kind(head, unit.name)


def text_kind(head: bytes, name: str) -> str:
    """Return the format of a text by its first bytes: ``csv``, ``json``, ``jsonl`` or nothing."""
    from untag.readers.base import Text  # noqa: PLC0415 - loaded where it is used
    from untag.readers.pick import format_of  # noqa: PLC0415

    name = re.sub(r"\.(?:gz|bz2|xz|zst)\Z", "", name)
    found = format_of(Text((name,), head))
    if found == "csv":
        return found
    if found == "jsonl":
        return found
    if found in ("json", "captions") and re.match(rb"\s*\[\s*\{", head) and b'"from_name"' not in head[:HEAD]:
        return "json"
    return ""


def opened(kind: str, path: Path) -> Table:
    """Return the table of a file; raise `StripError` for one that is not what it seemed."""
    module, name = FORMATS[kind]
    return cast("Table", getattr(import_module(f"untag.strip.data.{module}"), name)(path))


class TablesEditor:
    """Cuts columns, keys and struct fields."""

    name = "tables"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Say whether the file is a table that this editor knows."""
        return bool(kind_of(unit))

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield an edit for each column that goes; see `untag.strip.data.choose`."""
        kind = kind_of(unit)
        if not kind:
            head_of(unit.path, shape_of(unit.path))  # says what is wrong with packed data
            raise StripError(f"{unit.name} is no table that can be cut here")
        yield from _partitions(unit)
        table = opened(kind, unit.path)
        wanted = list(choose(table.names, unit, choice, table.values))
        cut = [w.name for w in wanted if w.safety != "manual"]
        why = table.refuses(cut) if cut else ""
        answered = {print_ for w in wanted for print_ in w.fingerprints}
        if why:
            prints = tuple(dict.fromkeys(p for w in wanted for p in w.fingerprints))
            yield Refusal(unit.name, ", ".join(f"{table.noun} {n}" for n in cut), why, "", prints)
            return
        for found in wanted:
            one = _doubted(table, found)
            yield Edit(
                self.name,
                unit.name,
                "text" if one.prose else "column" if table.noun == "column" else "field",
                f"{table.noun} {one.name}",
                one.attribute,
                one.safety,
                (unit.name,),
                table.says(one.name),
                (f"programs that read {table.noun} {one.name} of {unit.name}",),
                one.why,
                one.fingerprints,
                {"format": kind, "name": one.name, "names": [one.name]},
            )
        yield from missing(unit, choice, table.names)
        what = f"no {table.noun} of the table is named so: look at the text"
        yield from unanswered(unit, answered, self.name, what)

    def apply(
        self, unit: Unit, edits: Sequence[Edit], staging: Path, progress: Callable[[str], None] | None = None
    ) -> Outcome:
        """Cut the columns of all edits in one pass, and compare what is left."""
        chosen = _chosen(edits, unit)
        kind = kind_of(unit)
        if not kind or any(e.detail.get("format") != kind for e in edits):
            raise StripError(f"{unit.name} is not the file that the plan was made for; make a new plan")
        table = opened(kind, unit.path)
        unknown = [name for name in chosen if name not in table.names]
        if unknown:
            raise StripError(f"{unit.name} has no {table.noun} {unknown[0]}; make a new plan")
        why = table.refuses(chosen)
        if why:
            raise StripError(f"{unit.name}: {why}")
        if progress is not None:
            progress(f"{unit.name}: cutting {', '.join(chosen)}")
        with target(staging, unit.name) as file:
            checks = table.cut(chosen, file, lambda: _path(file))
            failed = next((c for c in checks if not c.passed), None)
            if failed is not None:
                raise StripError(f"{unit.name}: {failed.name}: {failed.detail}; nothing was written")
        return Outcome(self.name, unit.name, (unit.name,), (), tuple(checks), tuple(_notes(table)))


def _doubted(table: Table, one: Wanted) -> Wanted:
    """Ask before a key is cut that stands in several places: it may mean a contest in one of them."""
    doubt = table.doubt(one.name) if isinstance(table, RecordTable) and one.safety == "safe" else ""
    return replace(one, safety="unsafe", why=doubt) if doubt else one


def _path(file: Any) -> Path:
    from pathlib import Path  # noqa: PLC0415 - loaded where it is used

    file.flush()
    return Path(file.name)


def _notes(table: Table) -> list[str]:
    return list(getattr(table, "notes", ()))


def _chosen(edits: Sequence[Edit], unit: Unit) -> list[str]:
    """Return the names that edits cut; raise for edits that are for a person, or for another file."""
    for edit in edits:
        if edit.safety == "manual":
            raise StripError(f"{edit.target} of {unit.name} is for a person to change: {edit.why}")
        if edit.unit != unit.name or "name" not in edit.detail:
            raise StripError(f"the edit of {edit.target} is not for {unit.name}; make a new plan")
    return list(dict.fromkeys(str(edit.detail["name"]) for edit in edits))


def _partitions(unit: Unit) -> Iterator[Edit]:
    """Yield what folders say: a value of a column that stands in their names."""
    for found in _PARTITION.finditer(unit.name):
        attribute = naming.attribute_of(found[1])
        if attribute:
            yield Edit(
                "tables",
                unit.name,
                "column",
                f"partition {found[1]}",
                attribute,
                "manual",
                (unit.name,),
                ("the folder's name is a value of the column",),
                (),
                f"write the data set again without partitioning by {found[1]}, then delete these folders",
                tuple(f.fingerprint for f in unit.findings if f.attribute == attribute),
            )


EDITOR: Final = TablesEditor()
