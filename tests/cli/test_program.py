"""The program as it is installed: help, exit codes, streams."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import untag as package
from untag.cli import COMMANDS

from .conftest import CLEAN, KEPT, TIMEOUT, run


def form(text):
    """Return help text in the form that every version of argparse shares."""
    text = re.sub(r"(-\w) ([A-Z]+|\{[^}]*\}), (--[\w-]+) \2", r"\1, \3 \2", text)
    text = re.sub(r"(--colour) \{[^}]*\}, (--color)", r"\1, \2", text)
    usage, _, rest = " ".join(text.split()).partition(
        " positional arguments:" if " positional arguments:" in " ".join(text.split()) else " options:"
    )
    return "\n".join(textwrap.wrap(usage, 100)) + "\n\n" + "\n".join(textwrap.wrap(rest, 100)) + "\n"


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help(untag, snapshot, command):
    ran = untag(*filter(None, [command]), "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"usage: untag {command}".rstrip())
    snapshot(f"help-{command or 'untag'}.txt", form(ran.out))


def test_version_comes_from_the_package_alone(untag):
    for option in ("--version", "-V"):
        ran = untag(option)
        assert (ran.code, ran.out, ran.err) == (0, f"untag {package.__version__}\n", "")


def test_version_imports_nothing_else(tmp_path):
    code = "import sys; sys.argv = ['untag', '--version']; from untag.__main__ import main; main(); print(sorted(m for m in sys.modules if m.startswith('untag')))"
    made = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path, check=True
    )
    assert "['untag', 'untag.__main__', 'untag._version']" in made.stdout


@pytest.mark.skipif(os.name == "nt", reason="looks for the script beside the interpreter")
def test_the_console_script_is_the_same_program(untag):
    script = Path(sys.executable).with_name("untag")
    if not script.exists():
        pytest.skip("untag is on the path as a module only")
    made = subprocess.run([script, "rules"], capture_output=True, text=True, timeout=60, check=True)
    assert made.stdout == untag("rules").out


def test_without_a_command_the_help_is_shown(untag):
    ran = untag()
    assert ran.code == 0
    assert "commands:" in ran.out


@pytest.mark.parametrize(
    "args",
    [
        ["scam"],
        ["scan"],
        ["scan", ".", "--format", "docx"],
        ["scan", ".", "--jobs", "0"],
        ["scan", ".", "--nope"],
        ["lexicon"],
    ],
)
def test_a_wrong_call_is_exit_2_with_usage_on_stderr(untag, args):
    ran = untag(*args)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("usage: untag")
    assert "Traceback" not in ran.err


def test_clean_is_exit_0(untag, tree):
    ran = untag("scan", tree(CLEAN, "clean"))
    assert ran.code == 0
    assert "CLEAN, exit 0" in ran.out
    assert "no statement about what was not" in ran.out.replace("\n", " ")
    assert ran.err == ""


def test_blocked_is_exit_1(untag, tree):
    ran = untag("scan", tree())
    assert ran.code == 1
    assert "sdk/FaceObject.java:4" in ran.out
    assert ran.err == ""


def test_nothing_read_is_exit_3(untag, tree, tmp_path):
    (tmp_path / "empty").mkdir()
    ran = untag("scan", "empty")
    assert ran.code == 3
    assert "INCOMPLETE, exit 3" in ran.out
    assert "Nothing was scanned." in ran.out


def test_findings_come_before_gaps(untag, tree):
    """A gap does not hide a finding: blocked wins over incomplete, and both are shown."""
    root = tree()
    (root / "cut.zip").write_bytes(b"PK\x03\x04" + bytes(40))
    ran = untag("scan", root)
    assert ran.code == 1
    assert "Not read:" in ran.out
    assert "cut.zip" in ran.out
    assert "FaceObject.java" in ran.out


def test_a_missing_target_is_exit_2(untag):
    ran = untag("scan", "no/such/folder")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "untag: cannot open no/such/folder: No such file or directory; check the path\n"


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("pypi:", "pypi:name"),
        ("pypi:no such name", "pypi:name"),
        ("npm:", "npm:name"),
        ("git:nowhere", "no such folder"),
        ("", "empty target"),
    ],
)
def test_a_target_that_cannot_be_is_exit_2(untag, target, says):
    ran = untag("scan", target)
    assert ran.code == 2
    assert ran.err.startswith("untag: ")
    assert says in ran.err
    assert "Traceback" not in ran.err


def test_a_broken_pipe_is_quiet(tree, tmp_path):
    root = tree(
        {f"f{n}.java": "class FaceObject { int ageUpLimit; String ethicCode; int glassStyle; }\n" for n in range(300)}
    )
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    program = subprocess.Popen(
        [sys.executable, "-m", "untag", "scan", root, "-f", "json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
        cwd=tmp_path,
    )
    program.stdout.read(10)
    program.stdout.close()
    err = program.stderr.read().decode()
    program.stderr.close()
    program.wait(TIMEOUT)
    assert "Traceback" not in err
    assert "Exception ignored" not in err


def test_the_listings(untag):
    for command in (
        "rules",
        "readers",
        "policies",
        ("lexicon", "stats"),
        ("policies", "untag-core"),
        ("lexicon", "show", "EthicCode"),
    ):
        ran = untag(*([command] if isinstance(command, str) else command))
        assert (ran.code, ran.err) == (0, "")
        assert len(ran.out) > 40


def test_a_rule_has_a_page(untag):
    by_id, by_name = untag("rules", "ut101"), untag("rules", "coded-field")
    assert by_id == by_name
    assert by_id.out.startswith("# UT101 coded-field\n")
    assert "found, in FaceObject.java:" in by_id.out
    ran = untag("rules", "coded-feild")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean UT101?" in ran.err


def test_a_policy_says_what_it_leaves_out(untag):
    ran = untag("policies", "eu-ai-act-5-1-g")
    assert "leaves out:" in ran.out
    assert "source:" in ran.out


def test_the_lexicon_shows_a_term_and_its_source(untag):
    ran = untag("lexicon", "show", "EthicCode")
    assert ran.code == 0
    assert "source" in ran.out
    ran = untag("lexicon", "show", "no such term")
    assert ran.code == 2
    assert "no term 'no such term'" in ran.err


@pytest.mark.parametrize("locale", ["C", "C.UTF-8", "POSIX"])
def test_other_scripts_are_written_whatever_the_locale(tree, tmp_path, locale):
    ran = run("scan", tree(), cwd=tmp_path, LC_ALL=locale, PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert ran.code == 1
    assert "民族" in ran.out
