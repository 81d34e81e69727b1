"""Atheris target: any interface description or source file into its editor; `StripError`, or a result that parses.

The first byte chooses the name of the file, by which the editor knows its form, the second whether members are chosen
by name; the rest is the file. The findings span the whole of it. Laws: those of `editing`; JSON that goes in as JSON
comes out as JSON, with no member that was not there; other forms are read again with as many parts fewer as went.

python tests/fuzz/fuzz_strip_interfaces.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_strip_interfaces.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))
import editing

NAMES = (
    *("api.json", "api.yaml", "face.proto", "face.graphql", "face.xsd"),
    *("face.py", "face.ts", "Face.java", "face.go", "face.kt", "face.c", "face.cs"),
)
EDITORS = ("openapi", "protobuf", "graphql", "xsd", "source")
NAMED = ("race", "ethnicity", "asian", "RACE_ASIAN")


def one(data: bytes) -> None:
    """Strip one file."""
    if len(data) < 2:
        return
    name, body = NAMES[data[0] % len(NAMES)], data[2:]
    findings = (editing.finding("race"), editing.finding("ethnicity", attribute="ethnicity"))
    choice: dict[str, Any] = {"outputs": NAMED} if data[1] & 1 else {}
    written = editing.strip(EDITORS, {name: body}, name, findings, unsafe=True, **choice)
    after = (written or {}).get(name)
    if after is None:
        return
    assert after != body, "an edit that changes nothing"
    if name.endswith(".json"):
        with contextlib.suppress(ValueError, RecursionError):  # the editor reads more than JSON allows
            before = json.loads(body)
            _inside(before, _strict(after))
    elif name.endswith((".proto", ".graphql", ".xsd")):
        _fewer(name, body, after)


def _strict(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError as error:
        raise AssertionError("JSON that is none any more") from error


def _inside(before: Any, after: Any) -> None:
    """Hold that a result has no member that was not there; deep ones were refused on the way in."""
    todo = [(before, after)]
    while todo:
        old, new = todo.pop()
        assert type(old) is type(new), "another type"
        if isinstance(old, dict):
            assert new.keys() <= old.keys(), "another key"
            todo += [(old[key], new[key]) for key in new]
        elif isinstance(old, list):
            assert len(new) <= len(old), "more items"


def _fewer(name: str, before: bytes, after: bytes) -> None:
    from untag.strip.editors import graphql, protobuf, xsd

    blocks = {".pro": protobuf.blocks, ".gra": graphql.blocks, ".xsd": xsd.blocks}[name[4:8]]
    old = {(block.name, member.name) for block in blocks(before) for member in block.members}
    new = {(block.name, member.name) for block in blocks(after) for member in block.members}
    assert new <= old, "a member that was not there"


OPENAPI = {
    "openapi": "3.0.3",
    "paths": {
        "/faces": {
            "post": {
                "parameters": [{"name": "returnRace", "in": "query"}, {"name": "age", "in": "query"}],
                "responses": {
                    "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Face"}}}}
                },
            }
        }
    },
    "components": {
        "schemas": {
            "Face": {
                "required": ["age", "race"],
                "properties": {"age": {"type": "integer"}, "race": {"$ref": "#/components/schemas/Race"}},
                "example": {"age": 3, "race": "asian"},
            },
            "Race": {"type": "string", "enum": ["asian", "black", "white"]},
            "Kind": {"type": "string", "enum": ["age", "race", "emotion"]},
        }
    },
}
YAML = """\
openapi: 3.0.3
components:
  schemas:
    Face: &face
      required: [age, ethnicity]
      properties:
        age: {type: integer}   # years
        # of the face
        ethnicity:
          type: string
          enum:
            - asian
            - other
    Other: *face
"""
PROTO = """\
syntax = "proto3";
message Face {
  int32 age = 1; // years
  // of the face
  Race race = 2 [deprecated = true];
  oneof more { string ethnicity = 3; string hat = 4; }
}
enum Race { RACE_UNSPECIFIED = 0; RACE_ASIAN = 1; RACE_BLACK = 2; }
"""
GRAPHQL = '''\
"""a face"""
type Face { age: Int "of it" race: Race! hat(size: Int = 3): String @deprecated }
enum Race { ASIAN BLACK }
input Filter { age: Int, ethnicity: String }
'''
XSD = """\
<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:complexType name="Face"><xs:sequence>
    <xs:element name="age" type="xs:int"/><!-- x --><xs:element name="race" type="Race"/>
  </xs:sequence><xs:attribute name="ethnicity"/></xs:complexType>
  <xs:simpleType name="Race"><xs:restriction base="xs:string"><xs:enumeration value="asian"/></xs:restriction></xs:simpleType>
</xs:schema>
"""
SOURCES = {
    "face.py": 'KINDS = ["age", "race", "hat"]\nclass Face:\n    age: int\n    race: str  # of it\n',
    "face.ts": "export enum Kind { Age = 'age', Race = 'race' }\nconst k = ['age', 'race'];\ninterface Face { age: number; race?: Race }\n",
    "Face.java": 'class Face {\n  int age;\n  /** x */\n  private String race = "";\n}\nenum Kind { AGE, RACE, HAT }\n',
    "face.go": 'package f\ntype Face struct {\n\tAge int\n\tRace string `json:"race"`\n}\n',
    "face.c": 'const char *races[] = {"asian", "black", "age"};\n',
}  # fmt: skip


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    texts = {
        "api.json": json.dumps(OPENAPI), "api.yaml": YAML, "face.proto": PROTO, "face.graphql": GRAPHQL, "face.xsd": XSD,
        **SOURCES,
    }  # fmt: skip
    made = {name.replace(".", "_"): bytes((NAMES.index(name), 0)) + text.encode() for name, text in texts.items()}
    return made | {
        "named": bytes((0, 1)) + json.dumps(OPENAPI, indent=1).encode(),
        "neutral": bytes((2, 0)) + b'syntax = "proto3";\nmessage Event { string race = 1; }\n',
        "control": bytes((0, 0)) + json.dumps(OPENAPI).replace("emotion", "\1\x7f").encode(),
        "gbk": bytes((2, 0)) + PROTO.replace("Race race", "\xad race").encode("latin-1"),
        "cyclic": bytes((1, 0)) + b"openapi: 3.0.0\na: &a\n  properties: {race: *a}\n",
    }


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        editing.write(sys.argv[sys.argv.index("--seeds") + 1], samples())
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag.strip"]):
        for name in EDITORS:
            editing.editor(name)
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
