"""The command around a removal: its proof before its result, and nothing else of the caller's written over."""

import json
import os
import signal

import pytest

from untag.cli import main
from untag.strip import apply as applying
from untag.strip.apply import BACKUP
from untag.strip.prove import hold

PROTO = """\
syntax = "proto3";
// Attributes of a detected face.
message FaceAttributes {
  int32 age = 1;
  string gender = 2;
  string ethnicity = 3;
}
"""
CVAT = """<?xml version="1.0" encoding="utf-8"?>
<annotations><meta><task><labels><label><name>face</name><attributes><attribute><name>ethnicity</name>\
<mutable>False</mutable><input_type>select</input_type><default_value>asian</default_value><values>asian
black
white</values></attribute><attribute><name>age</name><mutable>False</mutable><input_type>number</input_type>\
<default_value>1</default_value><values>1</values></attribute></attributes></label></labels></task></meta>
<image id="0" name="a.jpg" width="10" height="10"><box label="face" occluded="0" xtl="1" ytl="1" xbr="2" ybr="2">\
<attribute name="ethnicity">asian</attribute><attribute name="age">1</attribute></box></image></annotations>
"""


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "sdk"
    root.mkdir()
    (root / "face.proto").write_text(PROTO, "utf-8")
    return root


def strip(*words):
    return main(["strip", *map(str, words), "-q"])


def names(folder):
    return sorted(p.name for p in folder.iterdir())


@pytest.mark.parametrize("when", ["_settle", "_replace"])
def test_a_signal_while_the_result_takes_its_name_does_not_part_it_from_its_proof(tree, tmp_path, monkeypatch, when):
    real = getattr(applying, when)

    def hit(*given):
        os.kill(os.getpid(), signal.SIGINT)
        real(*given)
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(applying, when, hit)
    handlers = [signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)]
    out = tmp_path / "out" if when == "_settle" else tree
    assert strip(tree, *(["-o", out] if out != tree else ["--in-place"])) == 0
    proof = json.loads((tmp_path / f"{out.name}.proof.json").read_text("utf-8"))
    assert list(hold(proof, out)) == []
    assert signal.getsignal(signal.SIGINT) is handlers[0]
    signal.signal(signal.SIGTERM, handlers[1])


@pytest.mark.parametrize("older", [None, '{"schema": "untag/proof/v1"}'])
@pytest.mark.parametrize("how", ["-o", "--in-place"])
def test_no_proof_stays_of_what_was_not_done(tree, tmp_path, monkeypatch, older, how):
    def fail(*given):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(applying, "_settle", fail)
    monkeypatch.setattr(applying, "_replace", fail)
    where = tmp_path / "proof.json"
    if older:
        where.write_text(older, "utf-8")
    before = names(tmp_path)
    words = ["-o", tmp_path / "out"] if how == "-o" else ["--in-place"]
    assert strip(tree, *words, "--proof", where) == 2
    assert names(tmp_path) == before
    assert not older or where.read_text("utf-8") == older
    assert (tree / "face.proto").read_text("utf-8") == PROTO


def test_a_proof_is_never_written_over_another_file(tree, tmp_path, capsys):
    out = tmp_path / "out"
    assert strip(tree, "-o", out, "--proof", tree / "face.proto") == 2
    assert "no proof of untag" in capsys.readouterr().err
    assert strip(tree, "--dry-run", "--plan", tree / "face.proto") == 2
    assert "no plan of untag" in capsys.readouterr().err
    (tmp_path / "out.proof.json").write_text("mine", "utf-8")
    assert strip(tree, "-o", out) == 2
    assert (tmp_path / "out.proof.json").read_text("utf-8") == "mine"
    assert (tree / "face.proto").read_text("utf-8") == PROTO
    assert not out.exists()


def test_a_proof_beside_its_result(tree, tmp_path, capsys):
    for where in (tmp_path / "out", tmp_path / "out" / "proof.json"):
        (tmp_path / "out").mkdir(exist_ok=True)
        assert strip(tree, "-o", tmp_path / "out", "--proof", where) == 2
    assert "beside" in capsys.readouterr().err
    assert strip(tree / "face.proto", "-o", tmp_path / "face.proto", "--proof", tmp_path / "face.proto") == 2
    assert not (tmp_path / "face.proto").exists()


def test_an_older_proof_and_plan_are_replaced(tree, tmp_path):
    for _ in range(2):
        assert strip(tree, "--dry-run", "--plan", tmp_path / "plan.json") == 0
    for name in ("one", "two"):
        assert strip(tree, "-o", tmp_path / name, "--proof", tmp_path / "proof.json") == 0
    assert list(hold(json.loads((tmp_path / "proof.json").read_text("utf-8")), tmp_path / "two")) == []


def test_a_backup_of_a_run_before_is_seen_before_any_work(tree, tmp_path, monkeypatch, capsys):
    (tmp_path / f"sdk{BACKUP}").mkdir()
    monkeypatch.setattr(applying, "_staged", None)
    assert strip(tree, "--in-place") == 2
    assert "holds your backup" in capsys.readouterr().err
    assert names(tmp_path) == ["sdk", f"sdk{BACKUP}"]


def test_an_attribute_that_is_not_there(tree, tmp_path, capsys):
    assert strip(tree, "-o", tmp_path / "out", "--attribute", "religion") == 0
    assert "no finding of religion" in capsys.readouterr().out


def test_data_beside_an_audit_are_left_to_a_person(tree, tmp_path):
    (tree / "face.proto").unlink()
    (tree / "README.md").write_text(
        "# Bias audit data set\nFairness evaluation (bias audit) of a face detector: error rates across groups.\n",
        "utf-8",
    )
    (tree / "faces.csv").write_text("image,ethnicity,age\na.jpg,Asian,3\nb.jpg,Black,4\n", "utf-8")
    assert strip(tree, "-o", tmp_path / "out") == 1
    assert strip(tree, "-o", tmp_path / "out", "--output", "ethnicity") == 1
    assert not (tmp_path / "out").exists()
    assert strip(tree, "-o", tmp_path / "out", "--output", "ethnicity", "--unsafe") == 0
    assert (tmp_path / "out" / "faces.csv").read_text("utf-8").startswith("image,age\n")


def test_what_goes_along_is_not_left_to_a_person(tmp_path, capsys):
    (tmp_path / "cvat.xml").write_text(CVAT, "utf-8")
    assert strip(tmp_path / "cvat.xml", "--dry-run") == 1
    assert "left to a person" in capsys.readouterr().out
    assert strip(tmp_path / "cvat.xml", "-o", tmp_path / "out.xml") == 0
    assert "left to a person" not in capsys.readouterr().out


def test_a_table_does_not_fill_the_list_of_callers(tree, tmp_path, capsys):
    rows = "".join(f'{{"ethnicity": "x{n}"}},\n' for n in range(300))
    (tree / "a.json").write_text(f"[{rows}0]\n", "utf-8")
    (tree / "z.py").write_text("print(face.ethnicity)\n", "utf-8")
    strip(tree, "--dry-run", "--output", "ethnicity", "--attribute", "ethnicity")
    out = capsys.readouterr().out
    assert "and 279 more lines" in out
    assert "z.py:1" in out


def test_what_could_not_be_read_is_said(tmp_path, capsys):
    (tmp_path / "m.onnx").write_bytes(b"\x08\x09\x3a\xff\xff\xff\x7f")
    assert strip(tmp_path / "m.onnx", "-o", tmp_path / "out.onnx") in (0, 3)
    (tmp_path / "t.parquet").write_bytes(b"PAR1" + bytes(50))
    assert strip(tmp_path / "t.parquet", "-o", tmp_path / "out.parquet") == 3
    assert "not read" in capsys.readouterr().err
