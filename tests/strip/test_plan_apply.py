"""The laws around every editor: the input is never touched, nothing half done is left, no proof no output."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from untag.cli import main
from untag.nouns import replace
from untag.strip import apply as applying
from untag.strip.apply import BACKUP, apply
from untag.strip.base import Check, Choice, Edit, Outcome, RefusedError, StripError
from untag.strip.callers import find_callers
from untag.strip.editors import protobuf
from untag.strip.plan import make_plan
from untag.strip.prove import document, hold, plan_document, render
from untag.strip.show import patch_lines, plan_lines
from untag.strip.staging import PREFIX as STAGING
from untag.strip.staging import staging

PROTO = """\
syntax = "proto3";
// Attributes of a detected face.
message FaceAttributes {
  int32 age = 1;
  string gender = 2;
  string ethnicity = 3;
}
"""


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "sdk"
    (root / "docs").mkdir(parents=True)
    (root / "face.proto").write_text(PROTO, "utf-8")
    (root / "client.py").write_text("print(face.age, face.ethnicity)\n", "utf-8")
    (root / "docs" / "logo.bin").write_bytes(bytes(range(256)))
    (root / "link").symlink_to("face.proto")
    return root


def content(folder):
    return {
        p.relative_to(folder).as_posix(): os.readlink(p) if p.is_symlink() else p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_symlink() or p.is_file()
    }


def left_over(folder):
    return [p.name for p in folder.iterdir() if p.name.startswith(STAGING)]


def test_a_copy_holds_all_else_unchanged(tree, tmp_path):
    before = content(tree)
    proof = apply(make_plan(str(tree)), tmp_path / "out")
    assert content(tree) == before, "the input is never touched"
    after = content(tmp_path / "out")
    assert {name for name in before if before[name] != after[name]} == {"face.proto"}
    assert proof.holds
    assert proof.same == 2
    assert [file.name for file in proof.files] == ["face.proto"]
    assert not left_over(tmp_path)
    assert list(hold(document(proof), tmp_path / "out")) == []
    (tmp_path / "out" / "face.proto").write_text("other", "utf-8")
    assert list(hold(document(proof), tmp_path / "out")) == ["face.proto holds other bytes than the proof says"]


def test_twice_changes_nothing(tree, tmp_path):
    apply(make_plan(str(tree), choice=Choice(attributes=("ethnicity",))), tmp_path / "out")
    again = make_plan(str(tmp_path / "out"))
    assert not again.due()


def test_same_input_same_plan_and_proof(tree, tmp_path):
    one, two = make_plan(str(tree)), make_plan(str(tree))
    assert render(plan_document(one)) == render(plan_document(two))
    first = render(document(apply(one, tmp_path / "one")))
    second = render(document(apply(two, tmp_path / "two")))
    assert first == second
    assert str(tmp_path) not in first, "no path of this machine"


def test_callers_are_listed(tree):
    callers = make_plan(str(tree)).callers
    assert [(c.name, c.line) for c in callers] == [("client.py", 1)]


def test_slices_of_a_cut_model_are_callers(tmp_path):
    from untag.strip.base import Edit

    (tmp_path / "use.py").write_text("m = load('face.onnx')\nrace = out[:7]\nage = out[9:18]\n", "utf-8")
    (tmp_path / "other.py").write_text("x = y[:7]\n", "utf-8")
    edit = Edit("onnx", "face.onnx", "classes", "logits", "race", "safe", ("face.onnx",), detail={"names": ["logits"]})
    found = find_callers(tmp_path, ("face.onnx", "other.py", "use.py"), [edit])
    assert [(c.name, c.line) for c in found] == [("use.py", 1), ("use.py", 2), ("use.py", 3)]


@pytest.mark.parametrize(
    "line",
    [
        "race = out[0, :7]",
        "age = out[..., 9:]",
        "age = out[0, -9:]",
        "x = out.slice(0, 7);",
        "x = Arrays.copyOfRange(out, 0, 7);",
        "a, b = np.split(out, [7, 9], axis=1)",
        "let x = &out[..7];",
    ],
)
def test_slices_of_every_writing_are_callers(tmp_path, line):
    (tmp_path / "use.py").write_text(f"run('m.onnx')\n{line}\nkeep = row[i]\nlist = [1, 2, 3]\n", "utf-8")
    edit = Edit("onnx", "m.onnx", "classes", "classes", "race", "safe", ("m.onnx",))
    assert [c.line for c in find_callers(tmp_path, ("use.py",), [edit])] == [1, 2]


@pytest.mark.parametrize("part", [b"[", b"[a,", b"[:,", b"split(a,", b"[" + b" " * 5_000])
def test_hostile_lines_take_no_time(tmp_path, part):
    (tmp_path / "use.py").write_bytes(b"run('m.onnx')\n" + part * (300_000 // len(part)))
    edit = Edit("onnx", "m.onnx", "classes", "classes", "race", "safe", ("m.onnx",))
    begin = time.perf_counter()
    assert [c.line for c in find_callers(tmp_path, ("use.py",), [edit])] == [1]
    assert time.perf_counter() - begin < 5


def test_the_plan_is_for_these_bytes(tree, tmp_path):
    plan = make_plan(str(tree))
    (tree / "face.proto").write_text(PROTO + "\n", "utf-8")
    with pytest.raises(StripError, match="make the plan anew"):
        apply(plan, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_an_edit_that_cannot_be_proved_leaves_nothing(tree, tmp_path, monkeypatch):
    from untag.strip.editors.protobuf import ProtobufEditor

    real = ProtobufEditor.apply

    def lying(self, unit, edits, staging, progress=None):
        done = real(self, unit, edits, staging, progress)
        return Outcome(
            done.editor, done.unit, done.written, checks=(Check("rest unchanged", passed=False, detail="no"),)
        )

    monkeypatch.setattr(ProtobufEditor, "apply", lying)
    with pytest.raises(RefusedError, match="not proved"):
        apply(make_plan(str(tree)), tmp_path / "out")
    monkeypatch.setattr(ProtobufEditor, "apply", lambda *a, **k: Outcome("protobuf", "face.proto", ()))
    with pytest.raises(StripError, match="no proof"):
        apply(make_plan(str(tree)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not left_over(tmp_path)


def test_an_edit_that_does_not_remove_is_caught_by_the_scan(tree, tmp_path, monkeypatch):
    from untag.strip.editors.protobuf import ProtobufEditor

    def idle(_self, unit, _edits, staging, _progress=None):
        (staging / unit.name).write_bytes(unit.path.read_bytes())
        return Outcome("protobuf", unit.name, (unit.name,), checks=(Check("all well", passed=True, detail="surely"),))

    monkeypatch.setattr(ProtobufEditor, "apply", idle)
    with pytest.raises(RefusedError, match="still found"):
        apply(make_plan(str(tree)), tmp_path / "out")


def test_a_full_disk_leaves_nothing(tree, tmp_path, monkeypatch):
    def full(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(applying.shutil, "copy2", full)
    with pytest.raises(StripError, match="the disk is full"):
        apply(make_plan(str(tree)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not left_over(tmp_path)


def test_an_interrupted_run_leaves_nothing(tree, tmp_path, monkeypatch):
    def stop(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(applying.shutil, "copy2", stop)
    with pytest.raises(KeyboardInterrupt):
        apply(make_plan(str(tree)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    assert not left_over(tmp_path)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_target(tree, tmp_path):
    home = tmp_path / "closed"
    home.mkdir(mode=0o500)
    with pytest.raises(StripError, match="cannot write"):
        apply(make_plan(str(tree)), home / "out")


def test_an_existing_result_is_not_overwritten(tree, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("x", "utf-8")
    with pytest.raises(StripError, match="exists"):
        apply(make_plan(str(tree)), tmp_path / "out")
    assert (tmp_path / "out" / "mine").read_text("utf-8") == "x"


def test_in_place_keeps_a_backup(tree, tmp_path):
    apply(make_plan(str(tree)), tree, in_place=True)
    assert "ethnicity" not in (tree / "face.proto").read_text("utf-8").replace('reserved "ethnicity"', "")
    assert (tmp_path / f"sdk{BACKUP}" / "face.proto").read_text("utf-8") == PROTO
    with pytest.raises(RefusedError):
        apply(make_plan(str(tree)), tree, in_place=True)


def test_in_place_failure_restores(tree, tmp_path, monkeypatch):
    plan = make_plan(str(tree))
    real = Path.replace

    def broken(self, target):
        if STAGING in str(self) and Path(target) == tree / "face.proto":
            raise OSError(5, "Input/output error")
        return real(self, target)

    monkeypatch.setattr(Path, "replace", broken)
    with pytest.raises(StripError):
        apply(plan, tree, in_place=True)
    assert (tree / "face.proto").read_text("utf-8") == PROTO
    assert not (tmp_path / f"sdk{BACKUP}").exists()


def test_in_place_leaves_what_is_read_only(tree, tmp_path):
    (tree / "face.proto").chmod(0o444)
    with pytest.raises(StripError, match=r"face\.proto is read-only"):
        apply(make_plan(str(tree)), tree, in_place=True)
    assert (tree / "face.proto").read_text("utf-8") == PROTO
    assert [p.name for p in tmp_path.iterdir()] == ["sdk"]
    apply(make_plan(str(tree)), tmp_path / "out")
    assert (tmp_path / "out" / "face.proto").stat().st_mode & 0o777 == 0o444


def test_an_interrupted_backup_is_none(tree, tmp_path, monkeypatch):
    plan = make_plan(str(tree))
    real = applying.shutil.copy2

    def stop(source, target, **more):
        real(source, target, **more)
        if BACKUP in str(target):
            raise KeyboardInterrupt

    monkeypatch.setattr(applying.shutil, "copy2", stop)
    with pytest.raises(KeyboardInterrupt):
        apply(plan, tree, in_place=True)
    assert (tree / "face.proto").read_text("utf-8") == PROTO
    assert [p.name for p in tmp_path.iterdir()] == ["sdk"]


def test_a_name_that_does_not_exist(tree):
    with pytest.raises(StripError, match="no finding has the fingerprint"):
        make_plan(str(tree), choice=Choice(findings=("0000000000000000",)))
    with pytest.raises(StripError, match="is called"):
        make_plan(str(tree), choice=Choice(outputs=("no_such_output",)))


def test_self_reported_fields_are_left_to_a_person(tmp_path):
    (tmp_path / "form.proto").write_text(
        'syntax = "proto3";\n// Applicant\'s own answer on the equal opportunities form, voluntary.\n'
        "message Applicant {\n  string self_reported_ethnicity = 1;\n  bytes photo = 2;\n}\n",
        "utf-8",
    )
    plan = make_plan(str(tmp_path))
    assert not plan.due()


def test_links_and_packages_are_no_targets(tree, tmp_path):
    with pytest.raises(StripError, match="file or a folder"):
        make_plan(str(tree / "link"))
    with pytest.raises(StripError, match="unpack"):
        make_plan("pypi:deepface")


def run(*words, cwd):
    return subprocess.run(
        [sys.executable, "-m", "untag", "strip", *words], cwd=cwd, capture_output=True, text=True, check=False
    )


def test_the_program(tree, tmp_path):
    dry = run("sdk", "--dry-run", "--plan", "plan.json", cwd=tmp_path)
    assert dry.returncode == 1, "client.py still reads it"
    assert "face.proto" in dry.stdout
    plan = json.loads((tmp_path / "plan.json").read_text("utf-8"))
    assert plan["schema"] == "untag/plan/v1"
    done = run("sdk", "--plan", "plan.json", "-o", "out", cwd=tmp_path)
    assert "✓ re-scan" in done.stdout, done.stdout + done.stderr
    proof = json.loads((tmp_path / "out.proof.json").read_text("utf-8"))
    assert proof["schema"] == "untag/proof/v1"
    assert proof["holds"] is True
    (tree / "face.proto").write_text(PROTO.replace("int32", "int64"), "utf-8")
    other = run("sdk", "--plan", "plan.json", "-o", "out2", cwd=tmp_path)
    assert other.returncode == 2
    assert "other bytes" in other.stderr
    assert not (tmp_path / "out2").exists()
    assert run("sdk", cwd=tmp_path).returncode == 2
    assert run("sdk", "-o", "x", "--attribute", "colour", cwd=tmp_path).returncode == 2
    assert run("nowhere", "-o", "x", cwd=tmp_path).returncode == 2


def test_a_dump_gives_a_script_and_stays(tmp_path):
    dump = "CREATE TABLE face_capture (\n  id integer,\n  age integer,\n  gender text,\n  ethnicity text\n);\n"
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "dump.sql").write_text("-- PostgreSQL database dump\n" + dump, "utf-8")
    plan = make_plan(str(tmp_path / "in"))
    assert plan.scripts()
    assert not plan.due()
    apply(plan, tmp_path / "out")
    assert (tmp_path / "out" / "dump.sql").read_text("utf-8").endswith(dump)
    (script,) = (tmp_path / "out").glob("migration-*.sql")
    assert "DROP COLUMN" in script.read_text("utf-8")


def test_with_a_name_nothing_else_goes(tree):
    with pytest.raises(StripError, match="is called age_group"):
        make_plan(str(tree), choice=Choice(outputs=("age_group",)))
    plan = make_plan(str(tree), choice=Choice(outputs=("gender",)))
    assert [edit.target for edit in plan.edits] == ["FaceAttributes.gender"]
    table = tree / "faces.csv"
    table.write_text("image,ethnicity,camera\na.jpg,Asian,1\nb.jpg,Black,2\nc.jpg,White,1\n", "utf-8")
    plan = make_plan(str(table), choice=Choice(outputs=("camera",)))
    assert [edit.target for edit in plan.edits] == ["column camera"]


def test_a_self_reported_column_goes_by_name_only_when_it_is_asked_for_twice(tmp_path):
    table = tmp_path / "users.csv"
    table.write_text("user,self_reported_ethnicity,age,face_image\na,Asian,3,a.jpg\nb,Black,4,b.jpg\n", "utf-8")
    choice = Choice(outputs=("self_reported_ethnicity",))
    plan = make_plan(str(table), choice=choice)
    assert [edit.safety for edit in plan.edits] == ["unsafe"]
    with pytest.raises(RefusedError, match="--unsafe"):
        apply(plan, tmp_path / "out.csv")
    apply(make_plan(str(table), choice=replace(choice, unsafe=True)), tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text("utf-8").startswith("user,age,face_image\n")


def test_what_the_policy_exempts_is_not_left_over(tmp_path):
    (tmp_path / "card.md").write_text("This model does not predict race or ethnicity of a face.\n", "utf-8")
    plan = make_plan(str(tmp_path))
    assert plan.edits == ()
    assert any("exempt" in line for line in plan_lines(plan)) == any(
        d.action == "exempt" for d in plan.report.decisions
    )


def test_a_list_of_files_is_no_table_of_groups(tmp_path):
    rows = [f"deepface/models/{name}.py,sha256={n:040x},{n}" for n, name in enumerate(["Age", "Race", "Face"] * 9)]
    (tmp_path / "RECORD").write_text("\n".join(["deepface/face.py,sha256=00,1", *rows]) + "\n", "utf-8")
    assert [edit for edit in make_plan(str(tmp_path)).edits if edit.safety != "manual"] == []


def test_rights_of_files_and_folders_stay(tree, tmp_path):
    (tree / "face.proto").chmod(0o640)
    (tree / "docs").chmod(0o750)
    apply(make_plan(str(tree)), tmp_path / "out")
    assert (tmp_path / "out" / "face.proto").stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "out" / "docs").stat().st_mode & 0o777 == 0o750


def test_a_result_inside_of_its_target(tree):
    with pytest.raises(StripError, match="lies inside"):
        apply(make_plan(str(tree)), tree / "docs" / "out")


def test_a_file_that_breaks_its_editor_is_refused_and_the_rest_is_done(tree, tmp_path, monkeypatch):
    (tree / "other.proto").write_text(PROTO.replace("FaceAttributes", "FaceTraits"), "utf-8")
    real = protobuf.EDITOR.apply

    def breaking(self, unit, *rest):
        if unit.name == "other.proto":
            (rest[1] / "half").write_bytes(b"x")
            raise ValueError("surprise")
        return real(unit, *rest)

    monkeypatch.setattr(type(protobuf.EDITOR), "apply", breaking)
    with pytest.raises(RefusedError, match="surprise"):
        apply(make_plan(str(tree)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    proof = apply(make_plan(str(tree)), tmp_path / "out", partial=True)
    assert [(r.unit, "surprise" in r.reason) for r in proof.plan.refusals] == [("other.proto", True)]
    assert (tmp_path / "out" / "other.proto").read_bytes() == (tree / "other.proto").read_bytes()
    assert not (tmp_path / "out" / "half").exists()
    assert "ethnicity = 3" not in (tmp_path / "out" / "face.proto").read_text("utf-8")


def test_no_result_without_a_place_for_its_proof(tree, tmp_path):
    out = tmp_path / "out"
    words = ["strip", str(tree), "-o", str(out), "--proof", str(tmp_path / "nowhere" / "proof.json"), "-q"]
    assert main(words) == 2
    assert not out.exists()


def test_what_lies_at_the_place_of_the_proof_stays_when_nothing_is_written(tree, tmp_path):
    where = tmp_path / "notes.txt"
    where.write_text("mine", "utf-8")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").touch()
    assert main(["strip", str(tree), "-o", str(tmp_path / "full"), "--proof", str(where), "-q"]) == 2
    assert where.read_text("utf-8") == "mine"


def test_each_name_has_to_be_there(tree):
    with pytest.raises(StripError, match=r"is called nonsuch: names are exact"):
        make_plan(str(tree), choice=Choice(outputs=("ethnicity", "nonsuch")))
    with pytest.raises(StripError, match=r"is called Nobody: "):
        make_plan(str(tree), choice=Choice(outputs=("ethnicity",), classes=("Nobody",)))


@pytest.mark.parametrize("name", ["plan.json", "docs/plan.json"])
def test_a_plan_that_is_kept_in_its_own_tree(tree, tmp_path, name, monkeypatch):
    """It speaks of what goes, and is no part of what it speaks of."""
    monkeypatch.chdir(tree)
    before = plan_document(make_plan("."))
    assert main(["strip", ".", "--dry-run", "--plan", name, "-q"]) == 1  # a caller is left to a person
    after = plan_document(make_plan("."))
    assert (after["edits"], after["files"]) == (before["edits"], before["files"])
    assert main(["strip", ".", "--plan", name, "-o", str(tmp_path / "out"), "-q"]) == 1
    assert "ethnicity = 3" not in (tmp_path / "out" / "face.proto").read_text("utf-8")


def test_names_of_outputs_that_stand_everywhere_call_only_beside_the_model(tmp_path):
    (tmp_path / "a.py").write_text("output = 1\n", "utf-8")
    (tmp_path / "b.py").write_text("run('m.onnx')['output']\n", "utf-8")
    edit = Edit("onnx", "m.onnx", "classes", "output", "race", "safe", ("m.onnx",), detail={"names": ["output"]})
    assert [(c.name, c.line) for c in find_callers(tmp_path, ["a.py", "b.py"], [edit])] == [("b.py", 1)]


def test_a_long_line_of_a_patch_is_shown_where_it_changes():
    head, tail = "x" * 9_000, "y" * 9_000
    lines = list(
        patch_lines(
            ["--- a/m.js", "+++ b/m.js", "@@ -1 +1 @@", f'-{head}["age","race"]{tail}', f'+{head}["age"]{tail}']
        )
    )
    assert all(len(line) < 200 for line in lines)
    assert lines[3].startswith("-…")
    assert ',"race"]' in lines[3]
    assert '["age"]' in lines[4]


class TestWhatAKilledRunLeaves:
    """No handler runs when a process is killed: the next run at that place removes what it left."""

    def test_is_removed_by_the_next(self, tree, tmp_path):
        code = (
            "import os, signal, sys\n"
            "from pathlib import Path\n"
            "from untag.strip.staging import staging\n"
            "with staging(Path(sys.argv[1])) as work:\n"
            "    (work / 'half').write_bytes(b'x')\n"
            "    os.kill(os.getpid(), signal.SIGKILL)\n"
        )
        subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=False)
        (left,) = left_over(tmp_path)
        apply(make_plan(str(tree)), tmp_path / "one")
        assert left_over(tmp_path) == [left], "too young: it may be of a run that only begins"
        old = time.time() - 60
        os.utime(tmp_path / left / "lock", (old, old))
        apply(make_plan(str(tree)), tmp_path / "two")
        assert left_over(tmp_path) == []

    def test_is_not_what_another_run_is_at(self, tmp_path):
        with staging(tmp_path) as work:
            old = time.time() - 60
            os.utime(work.parent / "lock", (old, old))
            with staging(tmp_path) as other:
                assert work.is_dir()
                assert other != work
            assert work.is_dir()
        assert left_over(tmp_path) == []

    def test_what_is_not_ours_stays(self, tmp_path):
        (tmp_path / f"{STAGING}mine").mkdir()
        (tmp_path / f"{STAGING}link").symlink_to(tmp_path)
        with staging(tmp_path):
            pass
        assert sorted(left_over(tmp_path)) == [f"{STAGING}link", f"{STAGING}mine"]


def test_a_read_only_tree_is_copied_with_its_rights(tree, tmp_path):
    (tree / "docs").chmod(0o555)
    tree.chmod(0o555)
    try:
        apply(make_plan(str(tree)), tmp_path / "out")
        assert (tmp_path / "out").stat().st_mode & 0o777 == 0o555
        assert (tmp_path / "out" / "docs").stat().st_mode & 0o777 == 0o555
        assert left_over(tmp_path) == []
    finally:
        for folder in (tree, tree / "docs", tmp_path / "out", tmp_path / "out" / "docs"):
            if folder.is_dir():
                folder.chmod(0o755)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("m.tflite", b"\x1c\0\0\0TFL3" + bytes(200), "flatbuffer"),
        ("m.engine", b"ptrt" + bytes(200), "TensorRT"),
        ("m.gguf", b"GGUF" + bytes(200), "GGUF"),
        ("m.pt", b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.x", "m.pt"),
    ],
)
def test_a_format_that_is_not_cut_says_so_when_a_name_is_given(tmp_path, name, data, says):
    (tmp_path / name).write_bytes(data)
    plan = make_plan(str(tmp_path / name), choice=Choice(outputs=("race_output",)))
    assert says in plan.refusals[0].reason
    assert plan.refusals[0].needed
    # in a tree there may be others that have it
    (tmp_path / "x.txt").write_text("x", "utf-8")
    with pytest.raises(StripError, match="is called race_output"):
        make_plan(str(tmp_path), choice=Choice(outputs=("race_output",)))
