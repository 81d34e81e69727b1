"""Documents, tables, configuration, notebooks, blocks, binaries, and the choice of a format."""

from __future__ import annotations

import json

import pytest
from test_readers_syntax import Case, spans

from untag.limits import PARSE, Deadline
from untag.model import Gap, Span
from untag.readers import TEXT_READERS, Door, catalogue, reader_for
from untag.readers.base import Text
from untag.readers.pick import format_of
from untag.readers.raw import strings_around

CASES = [
    Case("a.md", "# Top HIT\ntext\n", "heading", ("section Top HIT",)),
    Case("a.md", "# Top\n## Sub\n- one HIT here. More.\n", "prose", ("section Top", "section Sub")),
    Case("a.md", "# T\n| HIT | b |\n|---|---|\n| x | y |\n", "prose", ("section T",), ("HIT", "b")),
    Case("a.md", "# T\n| r | b |\n|---|---|\n| HIT | y |\n", "prose", ("section T",), ("r", "b")),
    Case("a.md", '# T\n```python\nR = ["HIT", "b"]  # n\n```\n', "item", ("section T", "list R"), ("HIT", "b"), "n"),
    Case("a.md", "---\ntags: HIT\n---\n# T\n", "value", ("assignment tags",)),
    Case("a.rst", "Top\n===\n\nSub\n---\n\npara HIT.\n", "prose", ("section Top", "section Sub")),
    Case("a.rst", 'T\n=\n\n.. code-block:: python\n\n   R = ["HIT"]\n', "item", ("section T", "list R"), ("HIT",)),
    Case("a.rst", "==== ==\nrace b\n==== ==\nHIT  y\n==== ==\n", "prose", (), ("race", "b")),
    Case("a.txt", "1. Intro\n\nOne. Two HIT. Three.\n", "prose", ("section 1. Intro",)),
    Case("a.csv", "id,HIT,age\n1,2,3\n", "member", (), ("id", "HIT", "age")),
    Case("a.csv", 'id,race,age\n1,"HIT, x",3\n', "value", ("row race",), ("id", "race", "age")),
    Case("a.tsv", "id\trace\n1\tHIT\n", "value", ("row race",), ("id", "race")),
    Case("a.ini", "[face]\nHIT = 1 ; n\nage = 2\n", "key", ("section face",), ("HIT", "age"), "n"),
    Case("a.properties", "# n\nface.race=HIT\n", "value", ("assignment face.race",), (), "n"),
    Case(".env", "export RACE_HIT=1\n", "key", (), ("RACE_HIT",)),
    Case("a.strings", '"face.race" = "HIT";\n', "value", ("assignment face.race",)),
    Case("a.po", 'msgid "race"\nmsgstr "HIT"\n', "value", ("assignment race",)),
    Case("METADATA", "Metadata-Version: 2.1\nSummary: a HIT\n\n# T\n", "value", ("assignment Summary",), ()),
    Case("PKG-INFO", "Metadata-Version: 2.1\nName: a\n\n# T\nbody HIT.\n", "prose", ("section T",)),
    Case("a.jsonl", '{"a": 1}\n{"race": ["HIT"]}\n', "item", ("list race",), ("HIT",)),
    Case(
        "a.proto",
        "message F {\n string HIT = 1; // 维族\n int32 age = 2;\n}\n",
        "member",
        ("message F",),
        ("HIT", "age"),
        "维族",
    ),
    Case("a.proto", "message F { enum E { HIT = 0; B = 1; } }\n", "member", ("message F", "enum E"), ("HIT", "B")),
    Case("a.thrift", "struct F {\n 1: string HIT,\n 2: i32 age\n}\n", "member", ("struct F",), ("HIT", "age")),
    Case("a.graphql", "type F {\n age: Int\n HIT: String\n}\n", "member", ("struct F",), ("age", "HIT")),
    Case("a.graphql", "enum R {\n HIT\n B\n}\n", "member", ("enum R",), ("HIT", "B")),
    Case("a.prisma", "model F {\n id Int @id\n HIT String? // n\n}\n", "member", ("struct F",), ("id", "HIT"), "n"),
    Case(
        "a.drl",
        'rule "r one"\nwhen\n F( race == "HIT" )\nthen\n x();\nend\n',
        "string",
        ("rule r one", "condition race"),
    ),
    Case("a.tf", 'resource "a" "b" {\n HIT = "x"\n tags = { q = 1 }\n}\n', "key", ("map b",), ("HIT", "tags")),
    Case("a.lua", 'local r = {"HIT", "b"}\n', "item", ("list r",), ("HIT", "b")),
    Case("a.lua", "-- n\nfunction f_HIT(img)\nend\n", "declaration", ("function f_HIT",), ("img",), "n"),
    Case("a.xyz", "some HIT words\n", "prose", ()),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}:{case.source[:30]!r}")
def test_a_hit_has_role_route_members_and_note(case: Case) -> None:
    span = spans(case.name, case.source, case.hit)[0]
    assert span.role == case.role
    assert span.scope.route()[-len(case.route) :] == case.route or not case.route, span.scope
    chain = span.scope if span.scope.members else span.scope.parent or span.scope
    assert set(case.members) <= set(chain.members), span.scope
    assert not case.note or span.note == case.note
    assert case.hit in span.text


def test_a_sentence_may_run_over_lines_and_ends_at_cjk_stops() -> None:
    found = spans("a.txt", "前句。维族人HIT报警！后句。\nOne HIT\nwraps here. Next.\n")
    assert [span.text for span in found] == ["维族人HIT报警！", "One HIT\nwraps here."]
    assert (found[1].line, found[1].end_line) == (2, 3)


def test_a_table_row_is_the_statement_of_its_cell() -> None:
    span = spans("a.md", "| r | b |\n|---|---|\n| HIT | y |\n")[0]
    assert (span.text, span.statement, span.scope.kind) == ("HIT", "| HIT | y |", "table")


def notebook(*, flat: bool) -> str:
    cells = [
        {"cell_type": "markdown", "source": ["# Top\n", 'say "HIT" here']},
        {"cell_type": "code", "outputs": [], "source": ["import x\n", 'R = ["HIT", "维族"]  # n\n']},
    ]
    book = {"cells": cells, "metadata": {"kernelspec": {"language": "python"}}, "nbformat": 4}
    return json.dumps(book, ensure_ascii=False) if flat else json.dumps(book, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("flat", [False, True])
def test_notebook_cells_are_read_in_their_language(flat: bool) -> None:
    source = notebook(flat=flat)
    prose, item = spans("a.ipynb", source)
    assert (prose.role, prose.scope.route()) == ("prose", ("section Top",))
    assert (item.role, item.scope.name, item.scope.members, item.note) == ("item", "R", ("HIT", "维族"), "n")
    line = 1 if flat else next(n for n, row in enumerate(source.split("\n"), 1) if "R = " in row)
    assert item.line == line
    assert source.encode()[item.start : item.stop] == b"HIT"


@pytest.mark.parametrize(
    ("name", "source", "kind"),
    [
        ("x.h", "int f(void);\n", "c"),
        ("x.h", "class A {\npublic:\n};\n", "cpp"),
        ("x.h", "@interface A : B\n@end\n", "objc"),
        ("x.m", "function y = f(x)\n% doc\nend\n", "blocks"),
        ("run", "#!/usr/bin/env python3\nx\n", "python"),
        ("run", "#!/bin/sh\nx\n", "bash"),
        ("x", "<?xml version='1.0'?><a/>", "xml"),
        ("x", "<?php echo 1;", "php"),
        ("x", '{"a": 1}', "json"),
        ("x", '{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("x", "#include <a.h>\nint a;\n", "c"),
        ("x", "import os\n\ndef f():\n    pass\n", "python"),
        ("x.json", '{"a": 1}\n{"a": 2}\n', "jsonl"),
        ("x.txt", '{"a": 1}', "json"),
        ("x.ts", "<?xml version='1.0'?><TS/>", "xml"),
        ("x.geojson", "{}", "json"),
        ("x.yaml.j2", "a: 1\n", "yaml"),
        ("LICENSE", "Some words.", "prose"),
        ("Dockerfile", "FROM x\n", "blocks"),
        ("x", "a,b,c\n1,2,3\n4,5,6\n", "csv"),
        ("x", "Hello there, this is text.\nAnd, well, more of it.\n", "prose"),
    ],
)
def test_the_format_is_chosen_by_name_and_content(name: str, source: str, kind: str) -> None:
    text = Text((name,), source.encode())
    assert format_of(text) == kind
    assert reader_for(text).claims(text)


def test_readers_are_named_once_and_listed() -> None:
    names = [reader.name for reader in TEXT_READERS]
    assert len(set(names)) == len(names)
    assert [name for name, _, _ in catalogue()] == names
    for door in TEXT_READERS:
        assert isinstance(door, Door)
        reader = door.reader()
        assert (reader.name, reader.version, reader.formats) == (door.name, door.version, door.formats)


def test_a_window_and_an_oversized_text_are_read_as_lines() -> None:
    data = b'x = ["HIT"]\n'
    for text in (Text(("a.py",), data, first_line=7, whole=False), Text(("a.py",), data + b" " * PARSE)):
        (span,) = (s for s in reader_for(text).spans(text, [(6, 9)], Deadline.after(5)) if isinstance(s, Span))
        assert (span.role, span.line) == ("code", text.first_line)


def test_a_late_parse_is_a_gap_and_lines() -> None:
    text = Text(("a.py",), b'x = ["HIT"]\n' * 20_000)
    found = list(reader_for(text).spans(text, [(6, 9)], Deadline(0.0)))
    assert isinstance(found[0], Gap)
    assert [s.role for s in found[1:] if isinstance(s, Span)] == ["code"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("shift", [0, 1])
def test_strings_beside_a_hit_in_a_binary(encoding: str, shift: int) -> None:
    noise = b"\x00\x01\x02\x00" * 8
    data = b"\x00" * shift + noise.join(word.encode(encoding) for word in ("年龄 age", "维族人聚集", "gender_list"))
    at = data.index("维族".encode(encoding))
    held, beside = strings_around(data, at, at + len("维族".encode(encoding)), encoding=encoding)
    assert held == "维族人聚集"
    assert {"年龄 age", "gender_list"} <= set(beside)


def test_no_text_no_run() -> None:
    assert strings_around(b"\x00" * 40, 10, 14, encoding="utf-8") == ("", ())
