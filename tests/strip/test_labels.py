"""Label maps of every writing: the names of groups go, and not a byte more. Model files that are not cut are named."""

import hashlib
import json
import struct

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.model import Finding
from untag.scan import scan
from untag.strip.base import Choice, Edit, Refusal, StripError, Unit
from untag.strip.editors import labels, opaque, tflite
from untag.strip.labels.listing import listings
from untag.strip.plan import choose

WHATEVER = Choice()
GROUPS = ("Han", "Tibetan", "Uyghur")


def finding(groups=GROUPS, attribute="ethnicity"):
    return Finding(
        "UT107",
        attribute,
        "labels",
        "dataset_label",
        groups,
        "high",
        ("f",),
        ("labels f",),
        1,
        1,
        "Uyghur",
        "class uyghur",
        "",
        "m",
        (),
        "f" * 16,
    )


def unit(folder, name, findings=None):
    return Unit(folder, name, (finding(),) if findings is None else tuple(findings), (name,))


def strip(folder, name, data, choice=WHATEVER, findings=None):
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    before = path.read_bytes()
    it = unit(folder, name, findings)
    assert labels.EDITOR.takes(it)
    edits = [e for e in labels.EDITOR.plan(it, choice) if isinstance(e, Edit) and e.safety != "manual"]
    assert len(edits) == 1
    assert edits[0].safety == "unsafe"
    out = folder / "out"
    out.mkdir(exist_ok=True)
    outcome = labels.EDITOR.apply(it, edits, out)
    assert all(c.passed for c in outcome.checks)
    assert path.read_bytes() == before
    return (out / name).read_bytes().decode() if outcome.written else None, edits[0]


CASES = [
    ("labels.txt", "male\nfemale\nuyghur\nhan\ntibetan\nglasses\n", "male\nfemale\nglasses\n"),
    ("classes.txt", "uyghur\r\nmale\r\nhan\r\ntibetan", "male\r\n"),
    ("face.names", "male\n\nuyghur face\n\nhan face\ntibetan face\nfemale", "male\n\n\nfemale"),
    ("labels.txt", "\ufeffuyghur\nmale\nhan\ntibetan\n", "\ufeffmale\n"),
    ("labels.txt", "0 male\n1 uyghur\n2 han\n3 tibetan\n4 hat\n", "0 male\n4 hat\n"),
    ("labels.txt", "male,0\nuyghur,1\nhan,2\ntibetan,3\n", "male,0\n"),
    ("labels.json", '["male", "uyghur","han" , "tibetan", "hat"]\n', '["male", "hat"]\n'),
    ("labels.json", '[\n  "male",\n  "uyghur",\n  "han",\n  "tibetan"\n]', '[\n  "male"\n]'),
    (
        "id2label.json",
        '{"0": "male", "1": "uyghur", "2": "han", "3": "tibetan", "4": "hat"}',
        '{"0": "male", "4": "hat"}',
    ),
    ("class_indices.json", '{"uyghur": 0, "han": 1, "tibetan": 2, "male": 3}', '{"male": 3}'),
    (
        "x.json",
        '{"a": 1, "classes": ["uyghur", "han", "tibetan", "male"], "colours": ["white", "black"]}',
        '{"a": 1, "classes": ["male"], "colours": ["white", "black"]}',
    ),
    (
        "label_map.pbtxt",
        'item {\n  id: 1\n  name: "male"\n}\nitem {\n  id: 2\n  name: "n1"\n  display_name: "uyghur"\n}\nitem { id: 3 name: \'han\' }\nitem {\n  id: 4\n  name: "tibetan"\n}\n',
        'item {\n  id: 1\n  name: "male"\n}\n',
    ),
    (
        "d.yaml",
        "nc: 5\nnames: ['male', \"hat\", uyghur, han, tibetan]  # five\nx: 1\n",
        "nc: 2\nnames: ['male', \"hat\"]  # five\nx: 1\n",
    ),
    ("d.yaml", "names: [uyghur,\n  male,\n  han, tibetan,\n]\n", "names: [male,\n]\n"),
    ("d.yaml", "names: {0: male, 1: uyghur, 2: han, 3: tibetan}\nnc: 4\n", "names: {0: male}\nnc: 4\n"),
    (
        "d.yaml",
        "names:\n- male\n- uyghur\n- han  # most\n- tibetan\nnc: 4\nother:\n- uyghur\n",
        "names:\n- male\nnc: 1\nother:\n- uyghur\n",
    ),
    (
        "d.yml",
        "path: x\nnames:\n  0: male\n  # a comment\n  1: uyghur\n  2: 'han'\n  3: tibetan\n",
        "path: x\nnames:\n  0: male\n  # a comment\n",
    ),
]


@pytest.mark.parametrize(("name", "data", "expected"), CASES)
def test_the_names_of_groups_go_and_nothing_else(tmp_path, name, data, expected):
    found, edit = strip(tmp_path, name, data)
    assert found == expected
    assert edit.findings == ("f" * 16,)
    assert "tibetan" in " ".join(edit.detail["names"])
    again = tmp_path / "again"
    again.mkdir()
    (again / name).write_bytes(found.encode())
    assert [e.safety for e in labels.EDITOR.plan(unit(again, name), WHATEVER)] == ["manual"]


def test_a_file_of_nothing_else_is_deleted(tmp_path):
    found, edit = strip(tmp_path, "labels.txt", "uyghur\nhan\ntibetan\n")
    assert found is None
    assert edit.files == ("labels.txt",)


def test_others_go_with_the_groups_and_neutral_labels_stay(tmp_path):
    found, _ = strip(tmp_path, "labels.txt", "uyghur\nhan\ntibetan\nothers\nmale\nother hat\n")
    assert "male" in found
    assert "other hat" in found
    path = tmp_path / "labels.txt"
    for text in (
        "white\nred\nblack\n",
        "English\nUyghur script\nArabic\n",
        "white wine\nblack hair\nTibetan mastiff\nasian food\n",
    ):
        path.write_text(text)
        assert [e.safety for e in labels.EDITOR.plan(unit(tmp_path, "labels.txt"), WHATEVER)] == ["manual"]
        assert list(labels.EDITOR.plan(unit(tmp_path, "labels.txt", []), WHATEVER)) == []


def test_classes_that_the_caller_names(tmp_path):
    found, _ = strip(tmp_path, "labels.txt", "a\nb\nc\n", Choice(classes=("b",)), [])
    assert found == "a\nc\n"


def test_strip_then_scan_is_clean(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    data = "male face\nfemale face\nuyghur face\nhan face\ntibetan face\n"
    (folder / "face.names").write_text(data)
    chosen, _ = choose(scan(str(folder)).decisions, WHATEVER)
    findings = [d.finding for d in chosen]
    assert findings
    found, edit = strip(folder, "face.names", data, findings=findings)
    assert set(edit.findings) == {f.fingerprint for f in findings}
    result = tmp_path / "result"
    result.mkdir()
    (result / "face.names").write_text(found)
    assert not scan(str(result)).findings


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("labels.json", b'["uyghur", "han", "tibetan"'),
        ("labels.json", b'{"names": ["uyghur"], "names": []}'),
        ("labels.txt", b"uyghur\n\xff\xfe\n"),
        ("d.yaml", b"names: &x [uyghur, han]\n"),
        ("d.yaml", b"names: [uyghur, {a: b}]\n"),
        ("d.yaml", b"names:\n- uyghur\n- [han]\n"),
        ("d.yaml", b"names: [uyghur, han"),
    ],
)
def test_what_cannot_be_read_is_refused(tmp_path, name, data):
    (tmp_path / name).write_bytes(data)
    it = unit(tmp_path, name)
    assert labels.EDITOR.takes(it)
    assert [type(i) for i in labels.EDITOR.plan(it, WHATEVER)] == [Refusal]
    assert (tmp_path / name).read_bytes() == data


def test_a_plan_for_other_bytes_leaves_nothing(tmp_path):
    path = tmp_path / "labels.txt"
    path.write_text("male\nuyghur\nhan\ntibetan\n")
    edits = list(labels.EDITOR.plan(unit(tmp_path, "labels.txt"), WHATEVER))
    path.write_text("uyghur\nhan\n")
    (tmp_path / "out").mkdir()
    with pytest.raises(StripError, match="plan again"):
        labels.EDITOR.apply(unit(tmp_path, "labels.txt"), edits, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_is_no_label_map_is_not_taken(tmp_path):
    for name, data in (
        ("notes.txt", b"uyghur"),
        ("x.json", b"{}"),
        ("a.yaml", b"x: 1"),
        ("labels.txt.py", b"x"),
        ("labels.txt", b"a\0b"),
        ("net.pbtxt", b"node {}"),
    ):
        (tmp_path / name).write_bytes(data)
        assert not labels.EDITOR.takes(unit(tmp_path, name))
    assert not labels.EDITOR.takes(unit(tmp_path, "none.txt"))


WORDS = st.sampled_from(
    ["male", "female", "uyghur", "han", "tibetan", "hat", "glasses", "beard 2", "it's", 'a "b"', "é", "眼镜"]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    words=st.lists(WORDS, min_size=1, max_size=8, unique=True),
    form=st.sampled_from(["lines", "list", "map", "index", "dash"]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_any_order_is_exact(tmp_path_factory, words, form, end):
    folder = tmp_path_factory.mktemp("l")
    name, data = {
        "lines": ("labels.txt", end.join(words) + end),
        "list": ("labels.json", json.dumps(words, indent=1).replace("\n", end)),
        "map": ("labels.json", json.dumps(dict(enumerate(words)), ensure_ascii=False)),
        "index": ("labels.json", json.dumps({w: n for n, w in enumerate(words)}, indent=2)),
        "dash": (
            "d.yaml",
            "names:" + end + "".join(f"  - {w}{end}" for w in words) + "x: 1" + end,
        ),
    }[form]
    groups = [w for w in words if w in ("uyghur", "han", "tibetan")]
    (folder / name).write_bytes(data.encode())
    it = unit(folder, name, [finding(tuple(g.title() for g in groups))])
    planned = list(labels.EDITOR.plan(it, WHATEVER))
    if form == "dash" and groups == words:
        assert [type(e) for e in planned] == [Refusal]
        return
    edits = [e for e in planned if e.safety == "unsafe"]
    if not groups:
        assert edits == []
        return
    out = folder / "out"
    out.mkdir()
    outcome = labels.EDITOR.apply(it, edits, out)
    kept = tuple(w for w in words if w not in groups)
    if not outcome.written:
        assert not kept
        return
    after = (out / name).read_bytes()
    assert [list(x.labels) for x in listings(after, name)] == ([list(kept)] if kept else [])
    if form == "map":
        assert json.loads(after) == {str(n): w for n, w in enumerate(words) if w in kept}


# --- models that are named and not cut


OPAQUE = [
    ("a.engine", b"ptrt\0\0\0\0" + b"race" * 9, "TensorRT"),
    ("a.plan", b"\0\1race", "TensorRT"),
    ("m.gguf", b"GGUF" + b"\0" * 32, "GGUF"),
    ("m.h5", b"\x89HDF\r\n\x1a\n" + b"\0" * 32, "HDF5"),
    ("m.mnn", b"\0race", "MNN"),
    ("m.param", b"7767517\n2 2\n", "NCNN"),
    ("d.prototxt", b'name: "x"\nlayer { name: "race" }', "Caffe"),
    ("d.caffemodel", b"\x0a\x04race\0", "Caffe"),
    ("d.pdmodel", b"\0race", "Paddle"),
    ("y.cfg", b"[net]\nbatch=1\n", "Darknet"),
    ("m.mlmodel", b"\x08\x05\0race", "Core ML"),
    ("m.xml", b'<?xml version="1.0"?><net name="race">', "OpenVINO"),
    ("f.pb", b"\x0a\x04race\0", "TensorFlow"),
    ("g.pbtxt", b'node { name: "race" }', "TensorFlow"),
    ("c.joblib", b"\x80\x04race.", "pickled"),
    ("w.pth", b"\x80\x02}q\0.", "PyTorch"),
]


@pytest.mark.parametrize(("name", "data", "word"), OPAQUE)
def test_a_model_that_is_not_cut_is_named_with_what_it_takes(tmp_path, name, data, word):
    (tmp_path / name).write_bytes(data)
    it = unit(tmp_path, name)
    assert opaque.EDITOR.takes(it)
    (found,) = opaque.EDITOR.plan(it, WHATEVER)
    assert isinstance(found, Refusal)
    assert word in found.reason
    assert found.needed
    assert found.target == "labels f"
    assert found.findings == ("f" * 16,)
    assert list(opaque.EDITOR.plan(unit(tmp_path, name, []), Choice(outputs=("x",)))) == []
    with pytest.raises(StripError):
        opaque.EDITOR.apply(it, [], tmp_path)
    assert hashlib.sha256((tmp_path / name).read_bytes()).digest() == hashlib.sha256(data).digest()


def test_text_that_is_called_like_a_model_is_left_alone(tmp_path):
    for name, data in (
        ("a.plan", b"buy milk"),
        ("x.xml", b"<annotation/>"),
        ("a.cfg", b"[tool]"),
        ("l.pbtxt", b"item {\n id: 1 }"),
        ("m.index", b"text"),
        ("a.prototxt", b"item {}"),
    ):
        (tmp_path / name).write_bytes(data)
        assert not opaque.EDITOR.takes(unit(tmp_path, name))


def test_tflite_is_named(tmp_path):
    (tmp_path / "m.tflite").write_bytes(struct.pack("<I", 8) + b"TFL3" + b"\0" * 16)
    it = unit(tmp_path, "m.tflite")
    assert tflite.EDITOR.takes(it)
    assert isinstance(next(iter(tflite.EDITOR.plan(it, WHATEVER))), Refusal)
