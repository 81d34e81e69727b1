"""A plain `untag scan` is read without a parser, and just as the parser would read it."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untag.cli import parser
from untag.cli.scan import quick

WORDS = (
    "a", "b/c", "-", "", "-f", "--format", "json", "sarif", "nope", "-o", "out", "-p", "--policy", "x.toml", "--overlay",
    "--fail-on", "warn", "--min-confidence", "high", "--baseline", "--write-baseline", "--config", "--exclude", "*.py",
    "--no-gitignore", "--staged", "-j", "--jobs", "4", "0", "x", "-v", "-q", "-qv", "-fjson", "--format=json", "--form",
    "--colour", "--color", "never", "-h", "--help", "--", "-1", "--version", "scan", "a b", "-a b",
)  # fmt: skip


def parsed(words):
    """Return what the parser makes of the words; None where it ends the program."""
    try:
        return vars(parser("scan").parse_args(["scan", *words]))
    except SystemExit:
        return None


@pytest.mark.parametrize(
    "words",
    [
        ["."],
        ["a", "b", "-"],
        ["a", "-f", "json", "-o", "out", "-q"],
        ["-v", "--overlay", "x", "--overlay", "y", "--exclude", "*.py", "git:.", "--staged"],
        ["--jobs", "4", "--color", "never", "a"],
    ],
)
def test_plain_calls_need_no_parser(words):
    made = quick(words)
    assert made is not None
    assert vars(made) == parsed(words)


@given(st.lists(st.sampled_from(WORDS), max_size=6))
def test_what_is_read_is_what_the_parser_reads(words):
    made = quick(words)
    if made is not None:
        assert vars(made) == parsed(words)


def test_a_clean_scan_loads_no_slow_module(tmp_path):
    """Each of these takes as long to load as dozens of files to scan."""
    (tmp_path / "a.py").write_text("print('hello')\n")
    slow = ("argparse", "dataclasses", "inspect", "tomllib", "pathlib", "hashlib", "datetime", "shutil", "subprocess")
    code = (
        "import sys; from untag.cli import main; code = main(sys.argv[1:]);"
        f" print(code, sorted(set({slow!r}) & set(sys.modules)))"
    )
    words = [sys.executable, "-S", "-c", code, "scan", str(tmp_path), "-f", "json", "-o", str(tmp_path / "out.json")]
    for _ in range(2):  # the first run may fill the cache
        made = subprocess.run(
            words, capture_output=True, text=True, timeout=120, check=True, env=_environment(), cwd=tmp_path
        )
    assert made.stdout.strip() == "0 []"


def _environment():
    import os

    return os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
