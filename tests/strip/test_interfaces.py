"""Fields, values and parameters out of interface descriptions: what goes, and that nothing else moves."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from untag.scan import scan
from untag.strip.apply import apply
from untag.strip.base import Choice, RefusedError
from untag.strip.plan import make_plan

OPENAPI = """\
openapi: 3.0.3
info: {title: Face API, version: "1.0"}
paths:
  /v1/faces/detect:
    post:
      summary: Detect faces in an image
      parameters:
        - name: returnEthnicity
          in: query
          description: return the ethnicity of each face
          schema:
            type: boolean
        - name: returnAge
          in: query
          schema: {type: boolean}
      responses:
        "200":
          description: faces
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Face'
              example:
                age: 33
                gender: female
                ethnicity: asian
  /v1/events:
    get:
      responses:
        "200":
          description: sports events
          content:
            application/json:
              schema: {$ref: '#/components/schemas/Event'}
components:
  schemas:
    Event:
      properties:
        race: {type: string, description: name of the horse race}
        venue: {type: string}
    Face:
      type: object
      required: [age, gender, ethnicity]
      properties:
        age:
          type: integer   # years
        gender:
          type: string
          enum: [male, female]
        # what the model makes of the face
        ethnicity:
          $ref: '#/components/schemas/Ethnicity'
        glasses:
          type: boolean
    Ethnicity:
      type: string
      enum: [asian, black, white, uyghur]
    FaceAttributeType:
      type: string
      enum:
        - age
        - gender
        - race
        - emotion
"""
PROTO = """\
syntax = "proto3";
package vision.v1;
// Attributes of a detected face.
message FaceAttributes {
  int32 age = 1;
  string gender = 2;
  // Ethnic group of the person in the picture.
  string ethnicity = 3 [deprecated = false];
  Race race = 4; // as the model sees it
  float glasses = 5;
}
enum Race {
  RACE_UNSPECIFIED = 0;
  RACE_ASIAN = 1;
  RACE_BLACK = 2;
}
"""
GRAPHQL = '''\
type DetectedFace {
  "Estimated age"
  age: Int
  """
  Estimated ethnicity of the person
  """
  ethnicity(min: Float): Ethnicity
  boundingBox: Box
}
type Box { x: Int }
enum Ethnicity { ASIAN BLACK WHITE UYGHUR }
input FaceFilter { age: Int, ethnicity: Ethnicity }
'''
XSD = """\
<?xml version="1.0"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:complexType name="FaceObject">
    <xs:sequence>
      <xs:element name="Age" type="xs:int"/>
      <xs:element name="EthicCode" type="xs:string" minOccurs="0">
        <xs:annotation><xs:documentation>ethnic group of the face</xs:documentation></xs:annotation>
      </xs:element>
      <xs:element name="GlassStyle" type="xs:string"/>
    </xs:sequence>
  </xs:complexType>
</xs:schema>
"""


def stripped(tmp_path, name, text, **choice):
    """Strip one file in a folder; return its new text, or None where it was not written."""
    source = tmp_path / "in"
    source.mkdir(exist_ok=True)
    (source / name).write_bytes(text.encode() if isinstance(text, str) else text)
    plan = make_plan(str(source), choice=Choice(**choice))
    proof = apply(plan, tmp_path / "out")
    assert proof.holds
    assert not {f.fingerprint for f in proof.after.findings} & {p for e in plan.due() for p in e.findings}
    return (tmp_path / "out" / name).read_text("utf-8"), plan


def test_openapi_loses_the_field_and_all_that_goes_with_it(tmp_path):
    after, plan = stripped(tmp_path, "api.yaml", OPENAPI)
    assert "ethnicity" not in after.lower()
    assert "required: [age, gender]" in after
    assert "name of the horse race" in after, "a race of horses is no attribute of people"
    assert "type: integer   # years" in after, "every other byte stays"
    assert not plan.refusals
    wanted = OPENAPI
    for piece in (
        OPENAPI[OPENAPI.index("        - name: returnEthnicity") : OPENAPI.index("        - name: returnAge")],
        "                ethnicity: asian\n",
        OPENAPI[OPENAPI.index("        # what the model") : OPENAPI.index("        glasses:")],
        OPENAPI[OPENAPI.index("    Ethnicity:\n") : OPENAPI.index("    FaceAttributeType:")],
        "        - race\n",
        ", ethnicity",
    ):
        wanted = wanted.replace(piece, "", 1)
    assert after == wanted


def test_openapi_json_keeps_its_bytes(tmp_path):
    document = {
        "openapi": "3.1.0",
        "paths": {},
        "components": {
            "schemas": {
                "Face": {
                    "type": "object",
                    "required": ["race"],
                    "properties": {
                        "age": {"type": "integer"},
                        "gender": {"type": "string"},
                        "race": {"type": "string", "description": "race of the person in the picture"},
                    },
                }
            }
        },
    }
    text = json.dumps(document, indent=3)
    after, _ = stripped(tmp_path, "api.json", text)
    face = json.loads(after)["components"]["schemas"]["Face"]
    assert list(face["properties"]) == ["age", "gender"]
    assert "required" not in face, "a list that would be left empty goes"
    del document["components"]["schemas"]["Face"]["properties"]["race"]
    assert (
        json.loads(after)["components"]["schemas"]["Face"]["properties"]
        == (document["components"]["schemas"]["Face"]["properties"])
    )


def test_openapi_that_is_used_elsewhere_is_refused(tmp_path):
    text = OPENAPI.replace(
        "              example:\n                age: 33\n                gender: female\n                ethnicity: asian\n",
        "",
    ).replace(
        "    FaceAttributeType:\n",
        "    Any:\n      x-one:\n        $ref: '#/components/schemas/Ethnicity'\n    FaceAttributeType:\n",
    )
    (tmp_path / "api.yaml").write_text(text, "utf-8")
    plan = make_plan(str(tmp_path))
    assert plan.refusals
    assert "Ethnicity" in plan.refusals[0].reason
    with pytest.raises(RefusedError, match="nothing was written"):
        apply(plan, tmp_path.with_name("out"))
    assert not tmp_path.with_name("out").exists()


def test_protobuf_reserves_number_and_name(tmp_path):
    after, _ = stripped(tmp_path, "face.proto", PROTO)
    assert "  reserved 3, 4;\n" in after
    assert '  reserved "ethnicity", "race";\n' in after
    assert "Ethnic group" not in after
    assert "enum Race" not in after
    assert "float glasses = 5;" in after


def test_protobuf_enum_in_use_keeps_its_zero(tmp_path):
    text = PROTO.replace("Race race = 4; // as the model sees it", "map<string, float> emotion = 4;") + (
        "message Query { repeated Race wanted = 1; bytes image = 2; }\n"
    )
    after, _ = stripped(tmp_path, "face.proto", text)
    assert "RACE_ASIAN = 1" not in after
    assert "ethnicity = 3" not in after
    assert "glasses = 5" in after


def test_protobuf_crlf_and_nested(tmp_path):
    text = "message A {\r\n  message Face {\r\n    int32 age = 1;\r\n    string ethnicity = 2;\r\n  }\r\n}\r\n"
    after, _ = stripped(tmp_path, "a.proto", 'syntax = "proto3";\r\n' + text)
    (tmp_path / "out" / "a.proto").read_bytes().index(b'    reserved 2;\r\n    reserved "ethnicity";\r\n')
    assert "int32 age = 1;" in after


def test_graphql(tmp_path):
    pytest.importorskip("graphql")
    after, _ = stripped(tmp_path, "schema.graphql", GRAPHQL)
    assert "thnicity" not in after
    assert '  "Estimated age"\n  age: Int\n  boundingBox: Box\n' in after


def test_xsd(tmp_path):
    after, _ = stripped(tmp_path, "face.xsd", XSD)
    assert "EthicCode" not in after
    assert after == XSD.replace(
        XSD[XSD.index('      <xs:element name="EthicCode"') : XSD.index('      <xs:element name="Glass')], ""
    )


def test_xsd_with_entities_is_refused(tmp_path):
    (tmp_path / "face.xsd").write_text(XSD.replace("<xs:schema", '<!DOCTYPE a [<!ENTITY b "c">]>\n<xs:schema'), "utf-8")
    plan = make_plan(str(tmp_path))
    assert plan.refusals
    assert not plan.due()


CODE = {
    "det.py": (
        (
            "class FaceAttr(Enum):\n    AGE = 1\n    GENDER = 2\n    ETHNICITY = 3\n\n"
            'def analyze_face(img):\n    face = model(img)\n    return {"age": face[0], "gender": face[1], "race": face[2]}\n'
        ),
        ("ETHNICITY", "race"),
    ),
    "x.ts": (
        (
            'export enum FaceAttribute { Age = "age", Gender = "gender", Ethnicity = "ethnicity" }\n'
            'export const faceAttributes = ["age", "gender", "ethnicity", "glasses"];\n'
        ),
        ("thnicity",),
    ),
    "Face.cs": (
        "public enum FaceAttr { Age = 1, Gender = 2, Ethnicity = 3 }\n",
        ("Ethnicity",),
    ),
    "face.h": (
        "typedef enum { FACE_AGE = 1, FACE_GENDER = 2, FACE_ETHNICITY = 3, FACE_GLASSES = 4 } face_attribute;\n",
        ("ETHNICITY",),
    ),
}


@pytest.mark.parametrize("name", sorted(CODE))
def test_code_is_only_changed_when_asked(tmp_path, name):
    text, words = CODE[name]
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / name).write_text(text, "utf-8")
    plan = make_plan(str(tmp_path / "in"))
    assert plan.edits
    assert all(edit.safety != "safe" for edit in plan.edits)
    with pytest.raises(RefusedError):
        apply(plan, tmp_path / "out")
    assert "--- a/" in next(e for e in plan.edits if e.kind == "patch").detail["patch"]
    after, _ = stripped(tmp_path, name, text, unsafe=True)
    assert not any(word in after for word in words)


def test_a_list_of_nothing_but_groups_is_left_to_a_person(tmp_path):
    (tmp_path / "m.py").write_text(
        'race_names = ["asian", "black", "white"]\nface_race = race_names[model(face)]\n', "utf-8"
    )
    plan = make_plan(str(tmp_path), choice=Choice(unsafe=True))
    assert plan.edits
    assert not plan.due()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('A = ("age", "race")', 'A = ("age",)'),
        ('A = ("race", "age",)', 'A = ("age",)'),
        (
            'A = [("face", "Age", 1), ("face", "Race", 2), ("face", "Smile", 3)]',
            'A = [("face", "Age", 1), ("face", "Smile", 3)]',
        ),
        ('A = ("age", "race", "smile")', 'A = ("age", "smile")'),
    ],
)
def test_a_cut_tuple_is_still_one(tmp_path, before, after):
    text = (
        f"import cv2\n\n\ndef detect_face_attributes(face, actions):\n    {before}\n    return analyse_face(face, A)\n"
    )
    made, _ = stripped(tmp_path, "det.py", text, unsafe=True)
    assert made == text.replace(before, after)


def test_an_item_in_brackets_is_not_left(tmp_path):
    text = 'def detect_face_attributes(face):\n    return analyse_face(face, ("race", "age"))\n'
    (tmp_path / "det.py").write_text(text, "utf-8")
    assert make_plan(str(tmp_path), choice=Choice(unsafe=True)).due() == ()


def test_comments_behind_a_member_go_with_it(tmp_path):
    text = OPENAPI.replace("        - name: returnAge", "        # age\n        - name: returnAge")
    text = text.replace("                ethnicity: asian\n", "                ethnicity: asian  # or black\n")
    after, _ = stripped(tmp_path, "api.yaml", text)
    assert "black" not in after
    assert "# age" in after


NAMES = st.sampled_from(["age", "gender", "glasses", "smile", "box", "id", "confidence", "label"])
SCHEMAS = st.dictionaries(
    NAMES, st.sampled_from([{"type": "integer"}, {"type": "string", "enum": ["a", "b"]}]), min_size=1
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(SCHEMAS, st.integers(0, 7), st.sampled_from([None, 0, 2]), st.booleans())
def test_a_planted_property_goes_and_nothing_else(tmp_path_factory, schema, at, indent, required):
    members = list(schema.items())
    members.insert(at % (len(members) + 1), ("ethnicity", {"type": "string", "description": "of the face"}))
    face = {"type": "object", "properties": dict(members)}
    if required:
        face["required"] = ["ethnicity", *schema]
    document = {
        "openapi": "3.0.0",
        "info": {"title": "face detection"},
        "components": {"schemas": {"FaceAttributes": face}},
    }
    tmp_path = tmp_path_factory.mktemp("api")
    text = json.dumps(document, indent=indent, separators=(",", ":") if indent is None else None)
    (tmp_path / "api.json").write_text(text, "utf-8")
    assume(any(d.action in ("block", "warn") for d in scan(str(tmp_path)).decisions))
    after, _ = stripped(tmp_path, "api.json", text)
    new = json.loads(after)["components"]["schemas"]["FaceAttributes"]
    assert new["properties"] == schema
    assert list(new["properties"]) == list(schema)
    assert new.get("required", []) == (list(schema) if required else [])
