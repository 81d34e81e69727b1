"""Dumps of databases: rows with their table and column, however far before them those are named."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag import scan
from untag.limits import PARSE, Deadline
from untag.model import Span
from untag.readers import dumps, reader_for
from untag.readers.base import Text

if TYPE_CHECKING:
    from pathlib import Path

    from untag.model import Report

GROUPS = ("Uyghur", "Han", "Tibetan", "Hui")
MOODS = ("happy", "sad", "angry", "neutral")
FIRST = "face_image"


def filler(count: int) -> str:
    """Return a table that has nothing to do with people in pictures."""
    rows = "".join(f"{i}\t2024-01-{i % 28 + 1:02}\tlogin from terminal {i * 7919}\n" for i in range(count))
    return f"COPY public.audit_log (id, at, what) FROM stdin;\n{rows}\\.\n\n"


def postgres(column: str, values: tuple[str, ...], *, rows: int, before: int = 50) -> str:
    """Return a dump of PostgreSQL with a table of faces."""
    columns = ("id", FIRST, "age", "gender", column)
    defined = ",\n".join(f"    {name} text" for name in columns)
    cells = "".join(
        f"{i}\t/snap/{i}.jpg\t{20 + i % 40}\t{'mf'[i % 2]}\t{values[i % len(values)]}\n" for i in range(rows)
    )
    head = f"-- PostgreSQL database dump\nCREATE TABLE public.face_records (\n{defined}\n);\n\n"
    return f"{head}{filler(before)}COPY public.face_records ({', '.join(columns)}) FROM stdin;\n{cells}\\.\n\n-- end\n"


def mysql(column: str, values: tuple[str, ...], *, rows: int, before: int = 50, each: int = 4_000) -> str:
    """Return a dump of MySQL, whose statements name no columns and are as long as `mysqldump` makes them."""
    columns = ("id", FIRST, "age", "gender", column)
    defined = ",\n".join(f"  `{name}` varchar(40)" for name in columns)
    out = ["-- MySQL dump 10.13\n", "INSERT INTO `audit_log` VALUES (1,'login');\n" * before]
    out.append(f"CREATE TABLE `face_records` (\n{defined},\n  PRIMARY KEY (`id`)\n) ENGINE=InnoDB;\n\n")
    for start in range(0, rows, each):
        cells = (
            f"({i},'/snap/{i}.jpg',{20 + i % 40},'{'mf'[i % 2]}','{values[i % len(values)]}')"
            for i in range(start, min(rows, start + each))
        )
        out.append(f"INSERT INTO `face_records` VALUES {','.join(cells)};\n")
    return "".join(out)


DIALECTS = {"postgres": postgres, "mysql": mysql}


def report(folder: Path, data: str) -> Report:
    (folder / "dump.sql").write_text(data, "utf-8")
    return scan(str(folder / "dump.sql"), jobs=1)


def hard(found: Report) -> list[str]:
    return [d.finding.rule for d in found.decisions if d.action in ("block", "warn")]


def shown(found: Report) -> str:
    return "\n".join(f"{f.excerpt}\n{f.message}\n{f.term}\n{' '.join(f.route)}" for f in found.findings)


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("column", ["ethnicity", "attr5"])
def test_rows_of_a_large_dump_have_their_table_and_column(tmp_path: Path, dialect: str, column: str) -> None:
    """Nine megabytes: the statement that names the columns stands windows before most rows."""
    data = DIALECTS[dialect](column, GROUPS, rows=240_000, before=20_000)
    assert len(data) > 2 * PARSE
    found = report(tmp_path, data)
    assert hard(found)
    routes = {part for f in found.findings for part in f.route}
    assert any("face_records" in part for part in routes), routes
    assert {f"row {column}", column, f"`{column}`"} & routes, routes
    assert not [group for group in GROUPS if group in shown(found)]


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_neutral_twin_of_a_large_dump_is_clean(tmp_path: Path, dialect: str) -> None:
    data = DIALECTS[dialect]("emotion", MOODS, rows=125_000, before=20_000)
    assert len(data) > PARSE
    assert hard(report(tmp_path, data)) == []


@pytest.mark.parametrize("column", ["ethnicity", "attr5"])
def test_rows_of_a_small_dump_are_cells_and_never_quoted(tmp_path: Path, column: str) -> None:
    found = report(tmp_path, postgres(column, GROUPS, rows=40))
    assert hard(found)
    assert not [group for group in GROUPS if group in shown(found)]
    assert hard(report(tmp_path, postgres("emotion", MOODS, rows=40))) == []


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_dump_that_is_cut_off_keeps_its_rows(tmp_path: Path, dialect: str) -> None:
    data = DIALECTS[dialect]("ethnicity", GROUPS, rows=60)
    assert hard(report(tmp_path, data[:-400]))


def test_statements_before_a_row() -> None:
    data = postgres("ethnicity", GROUPS, rows=100).encode()
    known = dumps.Statements()
    assert known.before(data, data.index(b"Uyghur")).startswith(b"COPY public.face_records (id, face_image, age")
    assert known.before(data, data.rindex(b"Hui")).startswith(b"COPY public.face_records (id, face_image, age")
    assert known.before(data, data.index(b"-- end")) == b""
    assert known.before(data, data.index(b"login")).startswith(b"COPY public.audit_log")
    data = mysql("ethnicity", GROUPS, rows=100, each=20).encode()
    assert (
        dumps.Statements().before(data, data.rindex(b"Hui"))
        == b'INSERT INTO `face_records` ("id", "face_image", "age", "gender", "ethnicity") VALUES'
    )


@pytest.mark.parametrize(
    ("data", "header", "expected"),
    [
        (
            b"7\t/a.jpg\tHan\n8\t/b.jpg\tHui\n\\.\nSELECT 1;\n",
            b"COPY t (id, face, eth) FROM stdin;",
            {"id", "face", "eth"},
        ),
        (
            b"g','Han'),(8,'b.jpg','It''s, (odd) \\' Hui');\n",
            b"INSERT INTO t (id, face, eth) VALUES",
            {"id", "face", "eth"},
        ),
        (b"INSERT INTO t VALUES (8,'b.jpg','Hui');\n", b"INSERT INTO t (id, face, eth) VALUES", {"id", "face", "eth"}),
        (b"INSERT INTO u VALUES (8,'b.jpg','Hui');\n", b"INSERT INTO t (id, face, eth) VALUES", {""}),
    ],
)
def test_cells_of_a_window_are_told_by_what_was_carried(data: bytes, header: bytes, expected: set[str]) -> None:
    text = Text(("d.sql",), data, whole=False, header=header)
    at = data.index(b"Hui")
    named = {f.name: [data[slice(*v)] for v in f.values] for f in dumps.rows_of(text, [(at, at + 3)])}
    assert set(named) == expected
    (span,) = (s for s in reader_for(text).spans(text, [(at, at + 3)], Deadline.after(10)) if isinstance(s, Span))
    assert span.scope.kind == "row"
    if "eth" in expected:
        assert span.scope.name == "eth"
        assert named["eth"][-1].endswith(b"Hui")


HOSTILE = {
    "open": "COPY face (race FROM stdin;\n" * 20_000,
    "blocks": "COPY face (race) FROM stdin;\nUyghur face\n\\.\n" * 20_000,
    "quotes": "INSERT INTO face (race) VALUES ('" + "\\'" * 50_000,
    "depth": "INSERT INTO face (race) VALUES " + "(" * 400_000,
    "long": "COPY face (race) FROM stdin;\n" + "race of a face\t" * 300_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_dumps_end_soon(tmp_path: Path, name: str) -> None:
    begun = time.monotonic()
    found = report(tmp_path, HOSTILE[name])
    assert not [g for g in found.gaps if g.reason == "crashed"]
    assert time.monotonic() - begun < 25


@settings(max_examples=80, deadline=None)
@given(
    data=st.lists(
        st.sampled_from(
            (
                b"COPY t (a, race) FROM stdin;\n",
                b"1\tface\n",
                b"\\.\n",
                b"INSERT INTO t VALUES (",
                b"'a''b'",
                b",",
                b"),(",
                b");\n",
                b"race",
                b"\\'",
                b"\xff",
                b"CREATE TABLE t (a text, race text);\n",
            )
        ),
        max_size=30,
    ).map(b"".join),
    header=st.sampled_from((b"COPY t (a, race) FROM stdin;", b"INSERT INTO t (a, race) VALUES", b"junk")),
    whole=st.booleans(),
)
def test_any_window_is_read_and_every_range_is_covered(data: bytes, header: bytes, whole: bool) -> None:
    data = data.decode("utf-8", "replace").encode()
    text = Text(("d.sql",), data, whole=whole, header=b"" if whole else header)
    wanted = [(i, i + 4) for i in range(len(data) - 3) if data[i : i + 4] in (b"race", b"face")]
    spans = [s for s in dumps.DumpReader().spans(text, wanted, Deadline.after(10)) if isinstance(s, Span)]
    assert all(any(s.start <= low and high <= s.stop for s in spans) for low, high in wanted)
