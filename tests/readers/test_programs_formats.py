"""Programs that ship: what is planted in each format is found at its route, and its neutral twin is not."""

from __future__ import annotations

import marshal
import struct
import subprocess
import sys
from pathlib import Path

import pytest
from programs_made import MAGIC, arsc_file, assembly, axml_file, class_file, dex_file, pyc_file

from untag import scan
from untag.limits import Budget, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts import DOORS, artifact_reader
from untag.readers.base import Part

PLANTED = ("age", "gender", "race", "glassStyle")
NEUTRAL = ("age", "emotion", "dogBreed")
GROUPS = ("asian", "black", "white", "indian")
MOODS = ("angry", "happy", "sad", "neutral")


def classes(planted):
    fields, field, items = (PLANTED, "RACE_LABELS", GROUPS) if planted else (NEUTRAL, "EMOTION_LABELS", MOODS)
    return {
        "com/vendor/face/FaceAttributes": {
            "fields": list(fields),
            "lists": {field: list(items)},
            "methods": ["getFace"],
        }
    }


def build(form, *, planted):
    fields, field, items = (PLANTED, "RACE_LABELS", GROUPS) if planted else (NEUTRAL, "EMOTION_LABELS", MOODS)
    word, title = (
        ("race", "Predicted race of the detected face") if planted else ("emotion", "Emotion of the detected face")
    )
    if form == "class":
        return class_file("com/vendor/face/FaceAttributes", (*fields, field), [(field, items)], ["detectFace"])
    if form == "dex":
        return dex_file(classes(planted))
    if form in ("arsc", "arsc16"):
        return arsc_file(
            {f"face_{word}_title": title, "face_age": "Age"}, {f"face_{word}_labels": items}, wide=form == "arsc16"
        )
    if form == "axml":
        return axml_file([("FaceView", {"showAge": "true", f"show_{word}": "true", "text": title})])
    if form == "dll":
        return assembly({"FaceAttributes": fields, "FaceEngine": [field]}, items)
    return pyc_file(int(form[3:]), "FaceAttributes", fields, {field: items})


FORMS = ("class", "dex", "arsc", "arsc16", "axml", "dll", *(f"pyc{minor}" for minor in MAGIC))
NAMES = {"class": "FaceAttributes.class", "dex": "classes.dex", "dll": "Vendor.dll", "axml": "main.xml"}


def report(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    return scan(str(tmp_path), jobs=1)


def parts(data, name="x", **options):
    reader = artifact_reader(data[:4096], name, data[-65_557:])
    return list(reader.parts(Blob((name,), data), Budget(), Deadline.after(10), **options))


@pytest.mark.parametrize("form", FORMS)
def test_planted_is_found(tmp_path, form):
    found = report(
        tmp_path, NAMES.get(form, "resources.arsc" if "arsc" in form else "m.pyc"), build(form, planted=True)
    )
    assert found.coverage.parsed == 1 + (form == "dll" and 0)
    assert not found.gaps
    acted = [d.finding for d in found.decisions if d.action in ("block", "warn") and d.finding.attribute == "race"]
    assert acted, [(d.action, d.finding.message) for d in found.decisions]
    routes = {f.route for f in acted}
    assert any(
        part.startswith(("class FaceAttributes", "list ", "map string", "element FaceView"))
        for r in routes
        for part in r
    )


@pytest.mark.parametrize("form", FORMS)
def test_neutral_is_not(tmp_path, form):
    found = report(
        tmp_path, NAMES.get(form, "resources.arsc" if "arsc" in form else "m.pyc"), build(form, planted=False)
    )
    assert not found.gaps
    assert [d.action for d in found.decisions if d.action in ("block", "warn")] == []


@pytest.mark.parametrize("form", FORMS)
def test_every_string_is_read(form):
    data = build(form, planted=True)
    texts = {p.text for p in parts(data, NAMES.get(form, "x")) if isinstance(p, Part)}
    said = {w for p in parts(data) if isinstance(p, Part) for w in (p.text, *p.scope.members, *p.statement.split())}
    if form in ("class", "dex", "dll") or form.startswith("pyc"):
        assert {*PLANTED, "RACE_LABELS", *GROUPS} <= texts
    else:
        assert "Predicted race of the detected face" in texts
        assert said


def test_members_stand_beside_each_other():
    for form in ("class", "dex", "dll", "pyc13"):
        member = next(p for p in parts(build(form, planted=True)) if isinstance(p, Part) and p.text == "race")
        assert member.role == "member"
        assert member.scope.kind == "class"
        assert set(PLANTED) <= set(member.scope.members)


def test_lists_have_the_name_of_their_field():
    for form in ("class", "dex", "pyc8", "pyc12", "pyc13"):
        items = [p for p in parts(build(form, planted=True)) if isinstance(p, Part) and p.text == "asian"]
        assert [(i.scope.kind, i.scope.name, i.scope.members) for i in items] == [("list", "RACE_LABELS", GROUPS)], form


def test_annotation_of_a_shrunk_field(tmp_path):
    name, notes = "com/vendor/face/a", {"a": "race", "b": "age", "c": "gender"}
    dex = dex_file({name: {"fields": ["a", "b", "c"], "notes": notes, "methods": ["detectFaceImage"]}})
    java = class_file(name, ["a", "b", "c"], methods=["detectFaceImage"], notes=notes)
    net = assembly({"FaceAttributes": ["a", "b", "c"]}, notes=notes)
    for file, data in (("classes.dex", dex), ("a.class", java), ("a.dll", net)):
        found = report(tmp_path, file, data)
        assert any(f.attribute == "race" for f in found.findings), file
        (tmp_path / file).unlink()
        texts = [p.statement for p in parts(data) if isinstance(p, Part) and "race" in p.statement]
        assert any("race" in text and ("@SerializedName" in text or text.startswith("[race]")) for text in texts), file


def test_enum_of_groups(tmp_path):
    data = class_file("com/vendor/face/FaceEthnicity", ("UYGHUR", "HAN", "TIBETAN"), flags=0x4031)
    found = report(tmp_path, "FaceEthnicity.class", data)
    assert any("enum FaceEthnicity" in f.route for f in found.findings)


def test_dex_yields_what_is_wanted_alone():
    data = dex_file(
        {**classes(planted=True), "com/vendor/Other": {"fields": ["width", "height"], "lists": {"L": ["one", "two"]}}}
    )
    every = [p for p in parts(data) if isinstance(p, Part)]
    for word in ("race", "indian", "FaceAttributes"):
        at = data.index(word.encode())
        few = [p for p in parts(data, wanted=[(at, at + len(word))]) if isinstance(p, Part)]
        assert 0 < len(few) < len(every)
        assert word in {p.text for p in few}
        assert "width" not in {p.text for p in few}
        assert set(few) <= set(every)
    assert [p for p in parts(data, wanted=[]) if isinstance(p, Part)] == []


SOURCE = '''"""Reads faces in pictures."""
from deepface import DeepFace
RACES = ["asian", "black", "white", "indian"]
class FaceAttributes:
    """What one face shows."""
    age: int
    race: str
    def read(self, image_path):
        self.result = DeepFace.analyze(img_path=image_path, actions=["age", "race"])
        return {"race": self.result, "age": 3}
'''


def test_module_of_this_python(tmp_path):
    magic = __import__("importlib.util").util.MAGIC_NUMBER
    data = magic + bytes(12) + marshal.dumps(compile(SOURCE, "m.py", "exec"))
    found = report(tmp_path, "m.pyc", data)
    routes = {f.route for f in found.findings}
    assert any(route[:1] == ("class FaceAttributes",) for route in routes)
    assert ("list RACES",) in routes
    names = {(p.role, p.text) for p in parts(data) if isinstance(p, Part)}
    assert {("name", "DeepFace.analyze"), ("argument", "actions"), ("docstring", "What one face shows.")} <= names
    assert ("parameter", "image_path") in names


@pytest.mark.parametrize("minor", [8, 9, 10, 12, 13])
def test_module_of_another_python(minor, tmp_path):
    """Compare with the interpreter itself where it is installed."""
    installed = sorted(Path.home().glob(f".pyenv/versions/3.{minor}.*/bin/python"))
    program = str(installed[0]) if installed else f"python3.{minor}"
    (tmp_path / "m.py").write_text(SOURCE)
    call = "import py_compile; py_compile.compile('m.py', cfile='m.pyc', doraise=True)"
    try:
        subprocess.run([program, "-c", call], check=True, cwd=tmp_path, capture_output=True, timeout=30)
    except (OSError, subprocess.SubprocessError):
        pytest.skip(f"no {program} here")
    names = {(p.role, p.text) for p in parts((tmp_path / "m.pyc").read_bytes()) if isinstance(p, Part)}
    assert {("name", "DeepFace.analyze"), ("item", "indian"), ("member", "race"), ("argument", "actions")} <= names


def test_the_walker_is_not_marshal():
    """A stream that names other values than code is read without making them."""
    head = struct.pack("<H", MAGIC[11]) + b"\r\n" + bytes(12)
    assert artifact_reader(head + b"\xe3" + bytes(20), "m.pyc", b"").name == "pyc"
    for other in (b"\xfb" + bytes(8), b"l\xff\xff\xff\x7f", b"(\xff\xff\xff\xff"):
        assert artifact_reader(head + other, "m.pyc", b"") is None


def test_strings_of_dotnet_are_read_beside_its_metadata(tmp_path):
    data = assembly({"FaceAttributes": PLANTED}, GROUPS, {"labels.txt": b"face race labels: asian, black, white\n"})
    found = report(tmp_path, "Vendor.dll", data)
    assert {f.trail for f in found.findings} >= {("Vendor.dll",)}
    blobs = [p for p in parts(data, "Vendor.dll") if isinstance(p, Blob)]
    assert ("Vendor.dll", "labels.txt") in {b.trail for b in blobs}
    assert all(b.data[:2] != b"MZ" for b in blobs)


def test_machine_code_is_read_beside_the_search_of_its_bytes():
    for head in (
        b"\x7fELF\2\1\1" + bytes(4000),
        b"\xcf\xfa\xed\xfe" + bytes(4000),
        b"\xca\xfe\xba\xbe\0\0\0\2" + bytes(4000),
    ):
        reader = artifact_reader(head, "x", head)
        assert (reader.name, reader.beside_bytes) == ("native", True)
    assert artifact_reader(b"MZ" + bytes(4000), "x", b"") is None
    names = [d.name for d in DOORS if d.where[0].startswith("programs.")]
    assert names == ["class", "dex", "android", "pyc", "dotnet", "native"]


def test_doors_and_readers_agree():
    for door in DOORS:
        if door.where[0].startswith("programs."):
            reader = door.reader()
            assert (reader.name, reader.version, reader.formats) == (door.name, door.version, door.formats)


def test_python_and_gap_types():
    assert sys.version_info >= (3, 11)
    assert all(isinstance(p, Part | Blob | Gap) for p in parts(build("dll", planted=True)))
