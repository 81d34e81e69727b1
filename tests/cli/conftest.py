"""Runs the installed program as a person would: a process of its own, its streams, its exit code.

Snapshots lie in ``snapshots/``; ``UPDATE_SNAPSHOTS=1`` writes them anew (``make snapshots``).
"""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

SNAPSHOTS = Path(__file__).parent / "snapshots"
UPDATE = os.environ.get("UPDATE_SNAPSHOTS") == "1"
TIMEOUT = 240
"""Seconds; the first run of all compiles the lexicon."""
KEPT = (
    "PATH",
    "HOME",
    "TMPDIR",
    "SYSTEMROOT",
    "UNTAG_CACHE",
    "UNTAG_ENGINE",
    "XDG_CACHE_HOME",
    "COVERAGE_PROCESS_START",
)

FILES = {
    "app/analyze.py": "from deepface import DeepFace\n\nresult = DeepFace.analyze(img_path=frame)\n",
    "rules/alarms.yaml": "rules:\n  - name: gate camera, face capture\n    when: face.ethnicity == 'Uyghur'\n    action: send_alert\n",
    "sdk/FaceObject.java": (
        "public class FaceObject {\n  private Integer ageUpLimit;\n  private Integer genderCode;\n"
        "  private String ethicCode; // 人脸民族识别结果\n  private Integer glassStyle;\n}\n"
    ),
    "web/languages.json": '{"languages": ["Uyghur", "Kazakh", "Tibetan"]}\n',
}
CLEAN = {
    "app.py": "import threading\n\n# a race between two threads is possible here\nlock = threading.Lock()\n",
    "i18n/languages.json": '{"languages": ["Uyghur", "Kazakh", "Tibetan"]}\n',
}


class Ran(NamedTuple):
    code: int
    out: str
    err: str
    raw: bytes


def run(*args, cwd, stdin=b"", timeout=TIMEOUT, **environ):
    """Run ``python -m untag`` in a clean environment."""
    env = {name: os.environ[name] for name in KEPT if name in os.environ}
    env |= {"COLUMNS": "100", "PYTHONWARNINGS": "error", **environ}
    made = subprocess.run(
        [sys.executable, "-m", "untag", *map(str, args)],
        cwd=cwd,
        env=env,
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
    )
    return Ran(made.returncode, made.stdout.decode("utf-8"), made.stderr.decode("utf-8"), made.stdout)


def write(root, files):
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return root


@pytest.fixture
def untag(tmp_path):
    """Run the program in a temporary folder."""

    def call(*args, **options):
        return run(*args, **{"cwd": tmp_path, **options})

    return call


@pytest.fixture
def tree(tmp_path):
    """Write files below the temporary folder; without any, a tree with findings in ``profiles``."""

    def make(files=None, name="profiles"):
        return write(tmp_path / name, FILES if files is None else files)

    return make


@pytest.fixture
def snapshot():
    """Compare a text with the file of that name under ``snapshots/``."""

    def compare(name, text):
        path = SNAPSHOTS / name
        if UPDATE:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
            return
        assert path.exists(), f"no snapshot {name}: make snapshots writes it"
        assert text == path.read_text("utf-8"), f"{name} differs: if that is meant, make snapshots"

    return compare


def mask(text):
    """Hide what changes when the lexicon or the weights do, so that snapshots pin the form."""
    text = re.sub(r"\b[0-9a-f]{64}\b", "<sha256>", text)
    text = re.sub(r'"version": "\d{4}\.\d+[^"]*"', '"version": "<lexicon>"', text)
    text = re.sub(r'"(fullDescription|help)":\{(?:"\w+":"(?:[^"\\]|\\.)*",?)+\}', r'"\1":"<page>"', text)
    # the reasons of a finding: their points and their words belong to the interpretation's own tests
    text = re.sub(r"(?m)^ +[+−-] \d[\d.]* +\S.*\n(?: {12}\S.*\n)*", "    <reason>\n", text)
    text = re.sub(r"(?m)^[+−-]\d[\d.]* \S.*\n", "<reason>\n", text)
    text = re.sub(r"(?m)^- [+−-]\d[\d.]* \S.*\n", "- <reason>\n", text)
    text = re.sub(r"(?m)^ +\{\"kind\": .*\n", "        <reason>\n", text)
    text = re.sub(r'"(because|reasons)":\s*\[[^\]]*\]', r'"\1": ["<reason>"]', text)
    return re.sub(r"((?:^|\n)[^\n]*<reason>)(?:\n[^\n]*<reason>)+", r"\1", text)
