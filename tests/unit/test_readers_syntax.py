"""One row per construct: source, the hit, and what its span must say."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from untag.limits import Deadline
from untag.model import Gap, Span
from untag.readers import reader_for
from untag.readers.base import Text


class Case(NamedTuple):
    name: str
    source: str
    role: str
    route: tuple[str, ...]
    members: tuple[str, ...] = ()
    note: str = ""
    hit: str = "HIT"


def spans(name: str, source: str, hit: str = "HIT") -> list[Span]:
    data = source.encode()
    wanted, at = [], 0
    while (at := data.find(hit.encode(), at)) >= 0:
        wanted.append((at, at + len(hit.encode())))
        at += len(hit.encode())
    text = Text((name,), data)
    found = list(reader_for(text).spans(text, wanted, Deadline.after(30)))
    assert not any(isinstance(item, Gap) for item in found)
    return [item for item in found if isinstance(item, Span)]


PY = "a.py"
CASES = [
    # Python
    Case(PY, 'RACES: List[str] = ["HIT", "b"]\n', "item", ("list RACES",), ("HIT", "b")),
    Case(PY, 'HIT = ["a", "b"]\n', "name", ("list HIT",), ("a", "b")),
    Case(PY, 'd = {"HIT": 1, "age": 2}\n', "key", ("map d",), ("HIT", "age")),
    Case(PY, 'd = {"nation": "HIT"}\n', "value", ("map d", "assignment nation")),
    Case(PY, "class Race(Enum):\n    HIT = 1  # 维族\n    B = 2\n", "member", ("enum Race",), ("HIT", "B"), "维族"),
    Case(PY, "class HIT:\n    age = 1\n", "declaration", ("class HIT",), ("age",)),
    Case(PY, "def f(age, HIT=3): pass\n", "parameter", ("function f",), ("age", "HIT")),
    Case(PY, 'def f():\n    """About HIT."""\n', "docstring", ("function f",)),
    Case(PY, 'DeepFace.analyze(img, actions=["age", "HIT"])\n', "item", ("call DeepFace.analyze", "list actions"), ("age",)),
    Case(PY, 'c.detect(i, face_field="age,HIT")\n', "value", ("call c.detect", "assignment face_field")),
    Case(PY, "f(HIT=1)\n", "argument", ("call f",), ("HIT",)),
    Case(PY, "self.HIT = nn.Linear(3, 4)\n", "name", ("assignment self.HIT",), ("nn.Linear",)),
    Case(PY, 'def f(a):\n    if a == "HIT": pass\n', "string", ("function f", "condition a"), ("a", "HIT")),
    Case(PY, 'x["HIT"]\n', "key", ()),
    Case(PY, 'x: Literal["HIT", "b"]\n', "item", ("type x",), ("HIT", "b")),
    Case(PY, "# the HIT class\nclass Face:\n    age = 1\n", "comment", ("class Face",), ("age",), "the HIT class"),
    Case(PY, 'print(f"{HIT}")\n', "name", ("call print",)),
    # C family
    Case("a.h", "typedef struct tagF {\n BYTE byHIT; // 维族\n int age;\n} F;\n", "member", ("struct tagF",), ("age",), "维族"),
    Case("a.h", "typedef struct {\n int HIT;\n} FACE;\n", "member", ("struct FACE",)),
    Case("a.c", "struct F {\n BYTE byRes0; // HIT\n};\n", "comment", ("struct F",), ("byRes0",)),
    Case("a.c", "enum EM { A = 1, /* x */ HIT };\n", "member", ("enum EM",), ("A", "HIT")),
    Case("a.c", 'static const char *n[] = {"HIT", "b"};\n', "item", ("list n",), ("HIT", "b")),
    Case("a.c", "#define HIT 3\n", "declaration", ("assignment HIT",)),
    Case("a.c", "int f(int HIT, char *b) {}\n", "parameter", ("function f",), ("HIT", "b")),
    Case("a.cpp", 'std::map<std::string,int> m = {{"HIT", 1}, {"age", 2}};\n', "key", ("map m",), ("HIT", "age")),
    Case("a.cpp", "class CV_EXPORTS Face : A { public: int HIT; };\n", "member", ("class Face",), ("HIT",)),
    Case("a.cpp", 'void F::g() { cv::imread("HIT"); }\n', "string", ("function F::g", "call cv.imread")),
    Case("a.m", "#import <a.h>\ntypedef NS_ENUM(NSInteger, Race) { HIT = 1, B };\n", "member", ("enum Race",), ("HIT", "B")),
    Case("a.m", "@interface F : N\n@property (strong) NSString *HIT; // n\n@end\n", "member", ("class F",), ("HIT",), "n"),
    Case("a.rs", "/// d\nstruct F { HIT: String, age: i32 }\n", "member", ("struct F",), ("HIT", "age")),
    Case("a.rs", 'let x = vec!["HIT", "b"];\n', "item", ("list x",), ("HIT", "b")),
    Case("a.go", "type F struct {\n HIT string // n\n Age int\n}\n", "member", ("struct F",), ("HIT", "Age"), "n"),
    Case("a.go", 'var m = map[string]int{"HIT": 1}\n', "key", ("map m",), ("HIT",)),
    Case("a.go", "const (\n HIT = iota\n B\n)\n", "member", ("enum HIT",), ("HIT", "B")),
    Case("a.swift", 'enum E: String { case HIT = "u", han }\n', "member", ("enum E",), ("HIT", "han")),
    # JVM, .NET, JavaScript
    Case("A.java", "class F {\n /** doc HIT */\n private int e;\n}\n", "comment", ("class F",), ("e",), "doc HIT"),
    Case("A.java", 'enum R { HIT(1, "维族"), B(2); }\n', "member", ("enum R",), ("HIT", "B")),
    Case("A.java", 'class A { List<String> M = Arrays.asList("HIT","b"); }\n', "item", ("class A", "list M"), ("HIT", "b")),
    Case("A.java", 'class A { @J("HIT") String e; }\n', "string", ("class A", "call J")),
    Case("a.kt", "data class F(val age: Int, val HIT: String)\n", "member", ("class F",), ("age", "HIT")),
    Case("a.kt", "enum class E { HIT, B }\n", "member", ("enum E",), ("HIT", "B")),
    Case("a.scala", 'val m = List("HIT", "b")\n', "item", ("list m",), ("HIT", "b")),
    Case("a.cs", "class F { public string HIT { get; set; } int age; }\n", "member", ("class F",), ("HIT", "age")),
    Case("a.cs", 'class F { void M() { var k = new List<string> {"HIT"}; } }\n', "item", ("class F", "function M", "list k")),
    Case("a.ts", "interface F { age: number; r?: 'HIT' | 'b' }\n", "item", ("interface F", "type r"), ("HIT", "b")),
    Case("a.ts", "const x: 'HIT'|'b' = 'b';\n", "item", ("type x",), ("HIT", "b")),
    Case("a.ts", "type R = 'HIT' | 'b';\n", "item", ("type R",), ("HIT", "b")),
    Case("a.ts", "export const l = ['HIT', 'b'] as const;\n", "item", ("list l",), ("HIT", "b")),
    Case("a.js", 'const o = { HIT: "x", "age": 3 };\n', "key", ("map o",), ("HIT", "age")),
    Case("a.js", "const HIT = (q) => q;\n", "name", ("assignment HIT",)),
    Case("a.jsx", 'const a = <Select label="HIT" v={1}/>;\n', "value", ("assignment a", "element Select", "assignment label")),
    # scripts
    Case("a.php", '<?php class F { public $HIT = "u"; public $age; }\n', "member", ("class F",), ("HIT", "age")),
    Case("a.php", '<?php $x = ["HIT" => 1, "b" => 2];\n', "key", ("map x",), ("HIT", "b")),
    Case("a.rb", "RACES = %w[HIT b]\n", "item", ("list RACES",), ("HIT", "b")),
    Case("a.rb", 'H = { "HIT" => 1 }\n', "key", ("map H",), ("HIT",)),
    Case("a.sh", 'curl -d "HIT=1" --field x\n', "string", ("call curl",), ("-d", "HIT=1")),
    # data
    Case("a.json", '{"FaceObject": {"HIT": 1, "age": 2}}', "key", ("map FaceObject",), ("HIT", "age")),
    Case("a.json", '{"l": ["HIT", "b"]}', "item", ("list l",), ("HIT", "b")),
    Case("a.json", '{"F": {"properties": {"HIT": {}, "age": {}}}}', "key", ("map F", "struct F"), ("HIT", "age")),
    Case("a.json", '{"race": {"enum": ["HIT", "b"]}}', "item", ("map race", "enum race"), ("HIT", "b")),
    Case("a.json", '{"type": "enum", "name": "R", "symbols": ["HIT"]}', "item", ("enum R",), ("HIT",)),
    Case("a.json", '// c\n{"a": "HIT"} // n', "value", ("assignment a",), (), "n"),
    Case("a.yaml", "F:\n  HIT: uygur  # n\n  age: 1\n", "key", ("map F",), ("HIT", "age"), "n"),
    Case("a.yaml", "F:\n  - HIT\n  - b\n", "item", ("list F",), ("HIT", "b")),
    Case("a.yaml", "F: |\n  one HIT\n  two\n", "value", ("assignment F",)),
    Case("a.toml", '[f.a]\nHIT = "x" # n\n', "key", ("map f.a",), ("HIT",), "n"),
    Case("a.sql", "CREATE TABLE f (\n id INT,\n HIT INT COMMENT '民族'\n);\n", "member", ("table f",), ("id", "HIT"), "民族"),
    Case("a.sql", "CREATE TABLE f (r INT COMMENT 'HIT');\n", "comment", ("table f",), ("r",), "HIT"),
    Case("a.sql", "INSERT INTO f (id, r) VALUES (1, 'HIT');\n", "value", ("table f", "row r"), ("id", "r")),
    Case("a.xsd", '<xs:simpleType name="R"><xs:restriction><xs:enumeration value="HIT"/></xs:restriction></xs:simpleType>',
         "item", ("enum R",), ("HIT",)),
    Case("a.xsd", '<xs:complexType name="F"><xs:sequence><xs:element name="HIT"/><xs:element name="age"/></xs:sequence>'
         "</xs:complexType>", "declaration", ("struct F", "element HIT")),
    Case("a.xml", '<f age="1" HIT="2"/>', "key", ("element f",), ("age", "HIT")),
    Case("a.html", "<h1>T</h1><table><tr><th>R</th></tr><tr><td>HIT</td></tr></table>", "prose", ("section T", "table "), ("R",)),
    Case("a.vue", '<template/>\n<script lang="ts">\nconst l: string[] = ["HIT", "b"]\n</script>', "item", ("list l",), ("HIT", "b")),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}:{case.source[:30]!r}")
def test_a_hit_has_role_route_members_and_note(case: Case) -> None:
    span = spans(case.name, case.source, case.hit)[0]
    assert span.role == case.role
    scope = span.scope
    route = scope.route()
    assert route == tuple(part for part in case.route if part.split(" ", 1)[1]), (route, scope)
    assert set(case.members) <= set(scope.members), scope
    assert not case.note or span.note == case.note
    assert case.hit in span.text


def test_the_parent_of_a_cell_in_html_is_a_table_with_its_header() -> None:
    span = spans("a.html", "<table><tr><th>R</th></tr><tr><td>HIT</td></tr></table>")[0]
    assert (span.scope.kind, span.scope.members) == ("table", ("R",))
    assert span.statement == "<tr><td>HIT</td></tr>"


def test_one_line_of_a_long_string_is_a_span_with_its_neighbours() -> None:
    span = spans("a.py", 'x = """\none\ntwo HIT\nthree\n"""\n')[0]
    assert span.text == "two HIT"
    assert span.line == span.end_line == 3
    assert "one" in span.statement
    assert "three" in span.statement


def test_a_comment_span_has_the_first_line_of_what_it_describes() -> None:
    span = spans("a.c", "struct F {\n  /* the HIT\n   * of all */\n  int a;\n};\n")[0]
    assert span.text == "the HIT"
    assert span.statement == "int a;"
    assert span.note == "the HIT of all"


def test_broken_source_still_gives_spans() -> None:
    assert spans("a.py", 'def f(:\n  x = ["HIT", \n class')[0].role in ("item", "code", "string")


def test_deep_nesting_is_read_as_a_line() -> None:
    span = spans("a.json", "[" * 5_000 + '"HIT"' + "]" * 5_000)[0]
    assert span.role == "code"
    assert "HIT" in span.text


def test_members_of_a_huge_list_are_capped() -> None:
    source = "x = [" + ", ".join(f'"v{n}"' for n in range(5_000)) + ', "HIT"]'
    assert len(spans("a.py", source)[0].scope.members) == 200


def test_a_call_signature_over_several_nodes_is_one_span() -> None:
    span = spans("a.py", 'detect(i, face_field="age,race")\n', 'face_field="age,race"')[0]
    assert span.text == 'face_field="age,race"'
    assert span.role == "argument"


def test_importing_the_readers_loads_no_grammar() -> None:
    import subprocess
    import sys

    code = "import sys, untag.readers; sys.exit('tree_sitter' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
