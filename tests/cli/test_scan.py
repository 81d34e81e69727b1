"""``untag scan`` end to end: formats, policy, waivers, baseline, configuration, streams."""

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

import jsonschema
import pytest

from untag.sinks import SINKS

from .conftest import CLEAN, FILES, KEPT, TIMEOUT, mask, run, write

BLOCKED, WRONG, INCOMPLETE = 1, 2, 3
TOMORROW = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
JAVA = FILES["sdk/FaceObject.java"]


def report(ran):
    return json.loads(ran.out)


# --- formats ------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", SINKS)
def test_formats(untag, tree, snapshot, form):
    ran = untag("scan", tree(), "--format", form)
    assert (ran.code, ran.err) == (BLOCKED, "")
    ending = {
        "console": "txt",
        "json": "json",
        "sarif": "sarif",
        "markdown": "md",
        "junit": "xml",
        "gitlab": "gitlab.json",
    }[form]
    snapshot(f"scan.{ending}", mask(ran.out))


@pytest.mark.parametrize("form", SINKS)
def test_formats_without_a_finding(untag, tree, snapshot, form):
    ran = untag("scan", tree(CLEAN, "clean"), "--format", form)
    assert (ran.code, ran.err) == (0, "")
    assert "profiling-free" not in ran.out


def test_json_keeps_its_schema(untag, tree):
    from importlib.resources import files

    schema = json.loads((files("untag") / "sinks/schemas/report-v1.schema.json").read_text("utf-8"))
    made = report(untag("scan", tree(), "-f", "json"))
    jsonschema.validate(made, schema)
    assert {f["trail"][0] for f in made["findings"]} >= {"app/analyze.py", "rules/alarms.yaml", "sdk/FaceObject.java"}
    assert all(f["because"] for f in made["findings"])


def test_same_bytes_same_report(untag, tree, tmp_path):
    """Twice, from another folder, with one process and with two: the report does not change by a byte."""
    tree()
    many = {f"m{n:03}/FaceObject.java": JAVA.replace("ageUpLimit", f"ageUpLimit{n}") for n in range(420)}
    write(tmp_path / "profiles", many)
    first = untag("scan", "profiles", "-f", "json", "--jobs", "1")
    assert len(report(first)["findings"]) > 420
    for jobs in ("1", "2", "3"):
        assert untag("scan", "profiles", "-f", "json", "--jobs", jobs).raw == first.raw
    other = run("scan", tmp_path / "profiles", "-f", "json", cwd="/")
    assert other.raw == first.raw
    for form in ("sarif", "markdown", "junit", "gitlab", "console"):
        assert (
            untag("scan", "profiles", "-f", form, "-j", "1").raw == untag("scan", "profiles", "-f", form, "-j", "2").raw
        )


@pytest.mark.parametrize("form", SINKS)
def test_no_path_of_this_machine_and_no_clock(untag, tree, tmp_path, form):
    out = untag("scan", tree(), "--format", form).out
    assert str(tmp_path) not in out
    assert os.environ.get("HOME", "/root") + "/" not in out
    assert not re.search(r"20\d\d-\d\d-\d\dT\d\d:\d\d", out)
    assert datetime.now(UTC).date().isoformat() not in out


def test_two_targets_are_told_apart(untag, tree):
    tree(name="a")
    tree(name="b")
    trails = {f["trail"][0] for f in report(untag("scan", "a", "b", "-f", "json"))["findings"]}
    assert {"a/sdk/FaceObject.java", "b/sdk/FaceObject.java"} <= trails


def test_output_file_is_whole_or_not_there(untag, tree, tmp_path):
    root = tree()
    ran = untag("scan", root, "-f", "json", "-o", "out.json")
    assert (ran.code, ran.out) == (BLOCKED, "")
    assert json.loads((tmp_path / "out.json").read_text("utf-8"))["status"] == "blocked"
    before = (tmp_path / "out.json").read_bytes()
    assert untag("scan", "nowhere", "-f", "json", "-o", "out.json").code == WRONG
    assert (tmp_path / "out.json").read_bytes() == before
    ran = untag("scan", root, "-o", "no/such/folder/out.txt")
    assert ran.code == WRONG
    assert "cannot write no/such/folder/out.txt" in ran.err
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out.json", "profiles"]


# --- policy -------------------------------------------------------------------------------------


LENIENT = """
id = "lenient"
title = "warns, and never blocks"
jurisdiction = "test"
level = "restrict"
leaves_out = ["everything but the test"]
[[source]]
clause = "a test"
verified = "unverified"
[[rule]]
clause = "a test"
attributes = ["ethnicity", "race"]
operations = ["infers", "searches", "alerts", "stores"]
acquisitions = ["inferred_from_image", "third_party_perceived", "unknown"]
"""


def test_fail_on(untag, tree, tmp_path):
    (tmp_path / "lenient.toml").write_text(LENIENT, "utf-8")
    root = tree()
    codes = [
        untag("scan", root, "--policy", "lenient.toml", "--fail-on", least).code
        for least in ("block", "warn", "inform")
    ]
    assert codes == [0, BLOCKED, BLOCKED]
    weak = tree(
        {"policy.md": "# Policy\n\nOur face SDK must not infer the ethnicity of any person in a picture.\n"}, "weak"
    )
    assert untag("scan", weak, "--fail-on", "inform").code == 0, "a prohibition is exempt"


def test_min_confidence(untag, tree):
    root = tree()
    every = report(untag("scan", root, "-f", "json", "--min-confidence", "low"))["findings"]
    high = report(untag("scan", root, "-f", "json", "--min-confidence", "high"))["findings"]
    assert high == [f for f in every if f["confidence"] == "high"]


def test_unknown_policy(untag, tree):
    ran = untag("scan", tree(), "--policy", "eu-ai-act-5-1")
    assert (ran.code, ran.out) == (WRONG, "")
    assert "did you mean eu-ai-act-5-1-g?" in ran.err
    ran = untag("scan", tree(), "--policy", "mine.toml")
    assert ran.code == WRONG
    assert "mine.toml" in ran.err


def test_an_overlay_alone_is_no_policy(untag, tree):
    ran = untag("scan", tree(), "--policy", "overlay-fairness")
    assert ran.code == WRONG
    assert "overlay" in ran.err
    assert untag("scan", tree(), "--overlay", "overlay-fairness").code == BLOCKED


def test_an_empty_policy_is_an_error(untag, tree, tmp_path):
    (tmp_path / "empty.toml").write_text("")
    ran = untag("scan", tree(), "--policy", "empty.toml")
    assert ran.code == WRONG
    assert "empty.toml" in ran.err


# --- baseline -----------------------------------------------------------------------------------


def test_baseline_round_trip(untag, tree, tmp_path):
    root = tree()
    ran = untag("scan", root, "--write-baseline", "known.txt")
    assert (ran.code, ran.out) == (0, "")
    lines = (tmp_path / "known.txt").read_text("utf-8").splitlines()
    assert lines[0] == "# untag baseline 1"
    assert lines[1:] == sorted(set(lines[1:]))
    ran = untag("scan", root, "--baseline", "known.txt", "-f", "json")
    assert ran.code == 0
    assert {f["waiver"] for f in report(ran)["findings"] if f["action"] == "exempt"} >= {"baseline"}
    # lines that move change nothing; a new finding counts
    (root / "sdk/FaceObject.java").write_text("\n\n" + JAVA, "utf-8")
    assert untag("scan", root, "--baseline", "known.txt").code == 0
    write(root, {"new/FaceRecord.java": JAVA.replace("FaceObject", "FaceRecord")})
    ran = untag("scan", root, "--baseline", "known.txt", "-f", "json")
    assert ran.code == BLOCKED
    assert {f["trail"][0] for f in report(ran)["findings"] if f["action"] == "block"} == {"new/FaceRecord.java"}


def test_a_stale_baseline_is_said(untag, tree, tmp_path):
    root = tree()
    untag("scan", root, "--write-baseline", "known.txt")
    (root / "sdk/FaceObject.java").unlink()
    out = untag("scan", root, "--baseline", "known.txt").out
    assert "no finding any more" in out.replace("\n     ", " ")


@pytest.mark.parametrize(
    ("text", "says"),
    [("deadbeef\n", "does not begin with"), ("# untag baseline 1\n<<<<<<< ours\n", "merge"), (None, "cannot be read")],
)
def test_a_broken_baseline_is_exit_2(untag, tree, tmp_path, text, says):
    if text is not None:
        (tmp_path / "known.txt").write_text(text)
    ran = untag("scan", tree(), "--baseline", "known.txt")
    assert ran.code == WRONG
    assert says in ran.err
    assert "known.txt" in ran.err


# --- waivers ------------------------------------------------------------------------------------


def waiver(rule="UT101", expires=TOMORROW, **more):
    rows = {
        "rule": f'"{rule}"',
        "owner": '"jane@example.org"',
        "reason": '"replaced in the next SDK"',
        "expires": expires,
        **more,
    }
    return "[[waiver]]\n" + "".join(f"{k} = {v}\n" for k, v in rows.items() if v)


def only_java(tree, toml):
    return tree(
        {
            "FaceObject.java": "public class FaceObject {\n  int ageUpLimit;\n  int genderCode;\n  String ethicCode;\n  int glassStyle;\n}\n",
            "untag.toml": toml,
        }
    )


def test_a_waiver_exempts_aloud(untag, tree):
    ran = untag("scan", ".", "-f", "json", cwd=only_java(tree, waiver()))
    found = report(ran)["findings"]
    assert ran.code == 0
    assert [f["action"] for f in found if f["rule"] == "UT101"] == ["exempt"]
    assert "jane@example.org" in found[0]["clause"]
    assert found[0]["waiver"] == "replaced in the next SDK"


def test_an_expired_waiver_blocks(untag, tree):
    ran = untag("scan", ".", "-f", "json", cwd=only_java(tree, waiver(expires="2024-01-31")))
    assert ran.code == BLOCKED
    assert [n["kind"] for n in report(ran)["notices"]] == ["waiver_expired"]


def test_an_unused_waiver_is_said(untag, tree):
    ran = untag("scan", ".", "-f", "json", cwd=only_java(tree, waiver(rule="UT999")))
    assert ran.code == BLOCKED
    assert [n["kind"] for n in report(ran)["notices"]] == ["waiver_unused"]


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        (waiver(expires=""), "expires must be a date"),
        (waiver(expires='"soon"'), "expires must be a date"),
        (waiver(owner=""), "needs owner"),
        (waiver(reason='" "'), "reason is empty"),
        (waiver(rule="UT101", ruel='"UT101"'), "did you mean rule?"),
        (waiver(rule="").replace('rule = ""\n', ""), "no waiver: give it"),
    ],
)
def test_a_malformed_waiver_is_exit_2(untag, tree, toml, says):
    ran = untag("scan", ".", cwd=only_java(tree, toml))
    assert (ran.code, ran.out) == (WRONG, "")
    assert "untag.toml waiver 1" in ran.err
    assert says in ran.err


@pytest.mark.parametrize(
    ("comment", "code", "notice"),
    [
        (f'// untag: allow UT101 reason="next SDK" owner=jane expires={TOMORROW}', 0, []),
        ('// untag: allow UT101 reason="next SDK" owner=jane expires=2024-01-31', BLOCKED, ["waiver_expired"]),
        ("// untag: allow UT101", BLOCKED, ["waiver_ignored"]),
        ('// untag: allow UT101 reason="x" owner=jane expires=whenever', BLOCKED, ["waiver_ignored"]),
    ],
)
def test_inline_waivers(untag, tree, comment, code, notice):
    text = f"public class FaceObject {{\n  int ageUpLimit;\n  int genderCode;\n  {comment}\n  String ethicCode;\n  int glassStyle;\n}}\n"
    ran = untag("scan", tree({"FaceObject.java": text}), "-f", "json")
    assert ran.code == code
    assert [n["kind"] for n in report(ran)["notices"]] == notice


# --- configuration ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("toml", "says"),
    [
        ('fail-on = "warn"\n', "did you mean fail_on?"),
        ('fail_on = "wran"\n', "did you mean warn?"),
        ('policy = "untag-cor"\n', "did you mean untag-core?"),
        ('format = "jsn"\n', "did you mean json?"),
        ("jobs = -1\n", "jobs must be"),
        ('exclude = "vendor"\n', "exclude must be a list"),
        ("fail_on = [\n", "is not valid TOML"),
        (b"policy = '\xff'\n", "is not UTF-8"),
    ],
)
def test_a_broken_configuration_is_exit_2(untag, tree, toml, says):
    ran = untag("scan", ".", cwd=tree({**FILES, "untag.toml": toml}))
    assert (ran.code, ran.out) == (WRONG, "")
    assert says in ran.err
    assert "untag.toml" in ran.err or "policy" in ran.err
    assert "Traceback" not in ran.err


def test_configuration_counts_and_the_command_line_overrules(untag, tree):
    root = tree({**FILES, "untag.toml": 'exclude = ["app/", "rules/", "sdk/"]\nformat = "json"\n'})
    ran = untag("scan", ".", cwd=root)
    assert ran.code == 0
    assert report(ran)["findings"] == []
    assert untag("scan", ".", "-f", "console", cwd=root).out.endswith("what was not.\n")
    assert untag("scan", ".", "--config", "nowhere.toml", cwd=root).code == WRONG


def test_a_tree_does_not_configure_its_own_scan(untag, tree):
    root = tree({**FILES, "untag.toml": 'exclude = ["app/", "rules/", "sdk/"]\n'})
    ran = untag("scan", root, "-f", "json")
    assert ran.code == BLOCKED
    assert "does not count" in ran.err
    assert untag("scan", root, "--config", root / "untag.toml").code == 0


def test_what_gitignore_hides_is_counted(untag, tree):
    root = tree({**FILES, ".gitignore": "app/\nrules/\nsdk/\n"})
    ran = untag("scan", root, "-f", "json")
    assert [n["kind"] for n in report(ran)["notices"]] == ["left_out"]
    assert untag("scan", root, "--no-gitignore").code == BLOCKED


def test_two_configurations_at_once_are_an_error(untag, tree):
    root = tree({**FILES, "untag.toml": "", "pyproject.toml": "[tool.untag]\njobs = 1\n"})
    ran = untag("scan", ".", cwd=root)
    assert ran.code == WRONG
    assert "keep one of them" in ran.err


def test_gitignore_and_exclude(untag, tree):
    root = tree({**FILES, ".gitignore": "sdk/\n"})
    trails = {f["trail"][0] for f in report(untag("scan", root, "-f", "json", "--exclude", "app"))["findings"]}
    assert trails == {"rules/alarms.yaml"}
    trails = {f["trail"][0] for f in report(untag("scan", root, "-f", "json", "--no-gitignore"))["findings"]}
    assert "sdk/FaceObject.java" in trails


# --- targets ------------------------------------------------------------------------------------


def test_standard_input(untag):
    ran = untag("scan", "-", "-f", "json", stdin=JAVA.encode())
    assert ran.code == BLOCKED
    assert report(ran)["findings"][0]["trail"] == ["-"]
    assert untag("scan", "-", stdin=b"print(1)\n").code == 0
    assert untag("scan", "-", stdin=b"").code == INCOMPLETE or untag("scan", "-", stdin=b"").code == 0


def git(root, *args):
    subprocess.run(
        ["git", "-C", root, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", *args],
        check=True,
        capture_output=True,
    )


@pytest.fixture
def repository(tree):
    root = tree({"app.py": "print(1)\n"}, "repo")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", ".")
    git(root, "commit", "-qm", "one")
    return root


def test_a_revision(untag, repository):
    write(repository, {"FaceObject.java": JAVA})
    assert untag("scan", "git:repo").code == 0, "what is not committed is not in the revision"
    git(repository, "add", ".")
    git(repository, "commit", "-qm", "two")
    assert untag("scan", "git:repo@main").code == BLOCKED
    assert untag("scan", "git:repo@main~1").code == 0
    ran = untag("scan", "git:repo@nowhere")
    assert ran.code == WRONG
    assert "nowhere" in ran.err


def test_what_is_staged(untag, repository):
    write(repository, {"FaceObject.java": JAVA})
    git(repository, "add", ".")
    (repository / "FaceObject.java").write_text("class Empty {}\n")
    ran = untag("scan", "git:repo", "--staged", "-f", "json")
    assert ran.code == BLOCKED, "the index counts, not the working tree"
    assert report(ran)["findings"][0]["trail"] == ["FaceObject.java"]
    ran = untag("scan", "repo", "--staged")
    assert ran.code == WRONG
    assert "write git:repo --staged" in ran.err


def test_archives_in_archives(untag, tree, tmp_path):
    import io
    import tarfile
    import zipfile

    inner, outer = io.BytesIO(), tmp_path / "sdk.tar.gz"
    with zipfile.ZipFile(inner, "w") as z:
        z.writestr("src/FaceObject.java", JAVA)
    with tarfile.open(outer, "w:gz") as t:
        info = tarfile.TarInfo("lib/sdk.jar")
        info.size = len(inner.getvalue())
        t.addfile(info, io.BytesIO(inner.getvalue()))
    found = report(untag("scan", outer, "-f", "json"))["findings"]
    assert found[0]["trail"][0] == "sdk.tar.gz"
    assert found[0]["trail"][-1] == "src/FaceObject.java"
    assert found[0]["line"] == 4


@pytest.mark.registry
def test_a_real_package(untag, tmp_path):
    """What the README promises: one command, findings in a real package, nothing installed."""
    online = ("PIP_", "SSL_", "XDG_", "HTTP_", "HTTPS_", "NO_PROXY", "REQUESTS_", "http", "https", "no_proxy")
    environ = {name: value for name, value in os.environ.items() if name.startswith(online)}
    ran = untag("scan", "pypi:deepface==0.0.103", "-f", "json", **environ)
    if ran.code == WRONG:
        pytest.skip(f"no registry answered: {ran.err.strip()}")
    assert ran.code == BLOCKED
    found = report(ran)
    assert found["gaps"] == []
    places = {f["trail"][-1] for f in found["findings"] if f["action"] == "block"}
    assert {"deepface/DeepFace.py", "deepface/modules/demography.py"} <= places
    assert list(tmp_path.iterdir()) == []


# --- explain ------------------------------------------------------------------------------------


def test_explain(untag, tree):
    root = tree({"FaceObject.java": JAVA})
    found = report(untag("scan", root, "-f", "json", "-o", "r.json") and untag("scan", root, "-f", "json"))["findings"][
        0
    ]
    shown = untag("scan", root).out
    assert f"id {found['fingerprint']}" in shown
    by_scan = untag("explain", found["fingerprint"][:6], root)
    by_report = untag("explain", found["fingerprint"][:6].upper(), "--report", "r.json")
    assert by_scan.code == by_report.code == 0
    assert by_scan.out == by_report.out
    assert "what speaks for and against it:" in by_scan.out
    for reason in found["because"]:
        assert reason["kind"] in by_scan.out
    for args, says in (
        (["ffff", root], "no finding with id ffff"),
        (["ff", root], "too short"),
        (["ffff"], "nothing to look in"),
        (["ffff", "--report", "nowhere.json"], "cannot be read"),
        (["ffff", root, "--report", "r.json"], "not both"),
    ):
        ran = untag("explain", *args)
        assert ran.code == WRONG
        assert says in ran.err


# --- streams ------------------------------------------------------------------------------------


def test_colour(untag, tree):
    root = tree()
    assert "\x1b" not in untag("scan", root).out
    assert "\x1b[" in untag("scan", root, FORCE_COLOR="1").out
    assert "\x1b" not in untag("scan", root, FORCE_COLOR="1", NO_COLOR="1").out
    assert "\x1b[" in untag("scan", root, "--colour", "always", NO_COLOR="1").out
    assert "\x1b[" in untag("scan", root, "--color", "always").out
    assert "\x1b" not in untag("scan", root, "--colour", "never", FORCE_COLOR="1").out
    assert "\x1b" not in untag("scan", root, "-f", "json", FORCE_COLOR="1").out


def terminal(args, cwd, streams=("out", "err")):
    """Run the program on a terminal of its own and return what it showed there."""
    parent, child = pty.openpty()
    env = {name: os.environ[name] for name in KEPT if name in os.environ} | {"TERM": "xterm", "COLUMNS": "100"}
    program = subprocess.Popen(
        [sys.executable, "-m", "untag", *args], cwd=cwd, env=env, stdin=subprocess.DEVNULL,
        stdout=child if "out" in streams else subprocess.DEVNULL, stderr=child if "err" in streams else subprocess.DEVNULL,
    )  # fmt: skip
    os.close(child)
    shown, end = b"", time.monotonic() + TIMEOUT
    while time.monotonic() < end:
        if parent not in select.select([parent], [], [], 1)[0]:
            continue
        try:
            part = os.read(parent, 65536)
        except OSError:
            break
        if not part:
            break
        shown += part
    os.close(parent)
    program.wait(TIMEOUT)
    return shown.decode("utf-8")


@pytest.mark.skipif(not hasattr(pty, "openpty"), reason="needs a terminal")
def test_colour_on_a_terminal(tree, tmp_path):
    tree()
    assert "\x1b[1;31mBLOCK\x1b[0m" in terminal(["scan", "profiles", "-q"], tmp_path, ("out",))


def test_progress_is_for_terminals(tree, tmp_path, monkeypatch):
    """On a pipe nothing is shown; on a terminal a line that is cleared at the end, unless --quiet."""
    from untag.cli import scan as module

    shown = []
    clock = iter(range(1000))
    monkeypatch.setattr(time, "monotonic", lambda: float(next(clock)))
    monkeypatch.setattr(
        module.sys,
        "stderr",
        type(
            "Terminal", (), {"isatty": lambda s: True, "write": lambda s, t: shown.append(t), "flush": lambda s: None}
        )(),
    )
    meter = module._progress()
    meter(16, 320)
    meter(32, 320)
    meter.close()
    assert "16 of 320 files" in shown[0]
    assert "a second" in shown[0]
    assert "s left" in shown[0]
    assert shown[-1] == "\r\x1b[2K"
    monkeypatch.setattr(module.sys, "stderr", type("Pipe", (), {"isatty": lambda s: False})())
    assert module._progress() is None


# --- completion ---------------------------------------------------------------------------------


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_parses(untag, tmp_path, shell):
    import shutil

    script = tmp_path / f"untag.{shell}"
    script.write_text(untag("completion", shell).out, "utf-8")
    assert "scan" in script.read_text("utf-8")
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    subprocess.run([shell, "-n", script], check=True, timeout=30)


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["untag", "sc"], "scan"),
        (["untag", "scan", "--fai"], "--fail-on"),
        (["untag", "scan", "--format", "sa"], "sarif"),
        (["untag", "lexicon", "ch"], "check"),
        (["untag", "scan", "--policy", "untag-"], "untag-core"),
    ],
)
def test_bash_completes(untag, tmp_path, words, wanted):
    (tmp_path / "c.bash").write_text(untag("completion", "bash").out, "utf-8")
    code = (
        f'source c.bash; COMP_WORDS=({" ".join(words)}); COMP_CWORD={len(words) - 1}; _untag; echo "${{COMPREPLY[@]}}"'
    )
    made = subprocess.run(["bash", "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=30, check=True)
    assert made.stdout.split() == [wanted]


def test_a_device_is_written_to_and_not_replaced(untag, tmp_path):
    fifo = tmp_path / "pipe"
    try:
        os.mkfifo(fifo)
    except (AttributeError, OSError):
        pytest.skip("no named pipes here")
    (tmp_path / "a.py").write_text("x = 1\n")
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        ran = untag("scan", "a.py", "-f", "json", "-o", str(fifo))
        assert b'"untag/report/v1"' in os.read(reader, 1 << 16)
    finally:
        os.close(reader)
    assert ran.code == 0
    assert not fifo.is_file()
