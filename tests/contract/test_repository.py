"""What the repository promises of itself: short files, no network, no execution, docs in step."""

import ast
import inspect
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

import untag

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "untag"
FILES = sorted(SRC.rglob("*.py"))

LONG: dict[str, str] = {}
"""Files of more than 400 lines, each with its reason."""
NETWORK = {
    "socket",
    "ssl",
    "http",
    "urllib.request",
    "ftplib",
    "smtplib",
    "requests",
    "httpx",
    "aiohttp",
    "asyncio",
    "xmlrpc",
    "urllib3",
}
ONLINE = (
    "sources/database/wire.py",
    "sources/web_file.py",
    "sources/hub.py",
    "sources/stores.py",
    "sources/web.py",
    "sources/pypi.py",
    "sources/npm.py",
    "sources/package.py",
    "sources/settings.py",
    "cli/guard.py",
    "guard/asgi.py",
    "guard/sockets.py",
    "guard/envoy.py",
    "guard/ext_proc.py",
    "guard/filter.py",
    "guard/proxy.py",
    "guard/serve.py",
)
"""Where a package is fetched, a database asked, or a service guarded, when the caller names one, and nowhere else."""
RUNS = {"eval", "exec", "compile", "__import__", "breakpoint"}
LOADS = {
    "pickle": {
        "workers.py": "what our own forked workers send home",
        "chronicle.py": "what its own forks send home",
    },
    "marshal": {},
    "shelve": {},
    "dill": {},
    "joblib": {},
    "code": {},
}
PROCESSES = {
    "sources/git.py": "git cat-file, with hooks and filters off",
    "sources/history.py": "git rev-list and cat-file, with hooks and filters off",
    "readers/artifacts/tensors/hdf5.py": "our own program, which lists an HDF5 file within limits",
    "readers/artifacts/tables/duckdb_file.py": "our own program, which lists a DuckDB file within limits",
    "readers/artifacts/documents/child.py": "our own programs for PDF and OCR, within limits",
    "readers/artifacts/programs/native.py": "our own program, which lists a binary's symbols within limits",
    "strip/onnx/numeric.py": "our own program, which runs ONNX Runtime on noise",
    "strip/tfjs/evaluate.py": "our own program, which computes TensorFlow.js graphs on noise",
    "guard/envoy.py": "the Envoy that the operator asked for",
}


def relative(path):
    return path.relative_to(SRC).as_posix()


def imported(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_a_file_fits_in_the_head(path):
    lines = len(path.read_text("utf-8").splitlines())
    assert lines <= 400 or relative(path) in LONG, f"{lines} lines: which two things is it?"


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_no_network_outside_the_package_source(path):
    if relative(path) not in ONLINE:
        online = {name for name in imported(path) if any(name == n or name.startswith(n + ".") for n in NETWORK)}
        assert not online, f"only {', '.join(ONLINE)} may reach a network"


@pytest.mark.parametrize("path", FILES, ids=relative)
def test_nothing_scanned_is_run_or_deserialised(path):
    tree = ast.parse(path.read_text("utf-8"))
    called = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
    assert not called & RUNS
    names = {name.split(".")[0] for name in imported(path)}
    for module, reasons in LOADS.items():
        assert module not in names or relative(path) in reasons, f"{module} builds objects from bytes"
    assert "subprocess" not in names or relative(path) in PROCESSES
    attributes = {
        f"{n.value.id}.{n.attr}"
        for n in ast.walk(tree)
        if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name)
    }
    assert not attributes & {
        "os.system",
        "os.popen",
        "os.execv",
        "os.execvp",
        "os.spawnv",
        "yaml.load",
        "zipfile.extractall",
    }


def test_modules_are_imported_by_fixed_names():
    """`import_module` gets names from our own tables, never from what is scanned."""
    users = {relative(p) for p in FILES if "import_module" in p.read_text("utf-8")}
    assert users <= {
        "__init__.py",
        "cli/__init__.py",
        "guard/__init__.py",
        "guard/encodings.py",
        "guard/ext_proc.py",
        "guard/ext_proto.py",
        "guard/quick.py",
        "evidence/keyless.py",
        "guard/streaming.py",
        "strip/editors/__init__.py",
        "strip/editors/tables.py",
        "strip/onnx/lean.py",
        "strip/onnx/numeric_child.py",
        "lexicon/__init__.py",
        "policy/__init__.py",
        "sinks/__init__.py",
        "readers/__init__.py",
        "readers/artifacts/door.py",
        "readers/artifacts/documents/ocr_child.py",
        "readers/artifacts/documents/pdf_child.py",
        "readers/syntax/tables.py",
    }, sorted(users)


def test_only_the_command_line_prints_or_exits():
    for path in FILES:
        # a server that was started by the command line says where it listens, and that a reload failed
        serves = relative(path) in ("guard/envoy.py", "guard/serve.py", "guard/ext_proc.py")
        if relative(path).startswith("cli/") or path.name == "__main__.py" or serves:
            continue
        tree = ast.parse(path.read_text("utf-8"))
        calls = {n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}
        assert not calls & {"print", "input", "exit", "quit"}, relative(path)
        assert "sys.exit" not in path.read_text("utf-8"), relative(path)


def test_the_public_door():
    """What a program may import stays; a name that is added here is promised."""
    assert untag.__all__ == [
        "ConfigError", "Coverage", "Decision", "Evidence", "Finding", "Gap", "LexiconError", "Notice", "PolicyInfo",
        "ReadError", "Report", "SourceError", "SourceOptions", "UntagError", "UsageError", "__version__", "load_policy", "scan",
    ]  # fmt: skip
    for name in untag.__all__:
        assert getattr(untag, name) is not None
    assert dir(untag) == untag.__all__
    with pytest.raises(AttributeError, match="no attribute 'nope'"):
        untag.nope  # noqa: B018 - the access is the test


def test_the_signature_of_scan():
    from untag import Finding, Report, load_policy, scan

    parameters = inspect.signature(scan).parameters
    assert [name for name, p in parameters.items() if p.kind is not p.KEYWORD_ONLY] == ["targets"]
    assert set(parameters) >= {
        "policy",
        "overlays",
        "waivers",
        "baseline",
        "fail_on",
        "min_confidence",
        "options",
        "jobs",
        "today",
        "progress",
    }
    assert "name" in inspect.signature(load_policy).parameters or load_policy().id == "untag-core"
    assert {"rule", "attribute", "operation", "because", "fingerprint"} <= set(Finding.__dataclass_fields__)
    assert {"status", "decisions", "gaps", "coverage"} <= set(Report.__dataclass_fields__)


def test_importing_the_door_imports_nothing_heavy():
    code = "import untag, sys; print(sorted(m for m in sys.modules if m.startswith(('untag', 'tree_sitter', 'hyperscan'))))"
    made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert made.stdout.strip() == "['untag', 'untag._version']"


def test_made_pages_are_in_step():
    made = subprocess.run(
        [sys.executable, ROOT / "tools" / "docs.py", "--check"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr


PAGES = [*ROOT.glob("*.md"), *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(path):
    text = re.sub(r"```.*?```", "", path.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http://", "https://", "#", "mailto:")):
            assert (path.parent / target.split("#")[0]).exists(), f"{path.name} links to {target}"


def test_commands_in_the_docs_exist():
    """Each `untag …` command and each option in a console block is one that the program takes."""
    from untag.cli import COMMANDS, parser

    options = {name: set() for name in COMMANDS}
    for action in parser()._actions:
        for name, command in (
            (getattr(action, "choices", None) or {}).items()
            if isinstance(getattr(action, "choices", None), dict)
            else ()
        ):
            options[name] = {o for a in command._actions for o in a.option_strings}
    for path in PAGES:
        for line in re.findall(r"(?m)^\$ untag (.+?)(?:\s+#.*)?$", path.read_text("utf-8")):
            command, *rest = line.split()
            assert command in COMMANDS or command in ("--version", "--help"), f"{path.name}: untag {line}"
            for word in rest:
                if word.startswith("-") and word != "-":
                    assert word.split("=")[0] in options[command], f"{path.name}: untag {line}"


def test_make_targets_in_the_docs_exist():
    known = set(re.findall(r"(?m)^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8")))
    for path in PAGES:
        used = set(re.findall(r"(?:^\$ |`)make ([a-z-]+)", path.read_text("utf-8"), re.MULTILINE))
        assert used <= known, f"{path.name}: make {', '.join(used - known)}"


def test_licence_and_notice():
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    notice = (ROOT / "NOTICE").read_text("utf-8")
    data = "".join(p.read_text("utf-8") for p in (SRC / "lexicon" / "data").glob("*.toml"))
    for source, words in (("WordNet", "Princeton University"), ("CLDR", "Unicode, Inc.")):
        assert source not in data or words in notice
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "Apache-2.0"
    assert {"LICENSE", "NOTICE"} <= set(project["license-files"])


def test_version_is_in_the_changelog():
    assert f"## [{untag.__version__}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_hooks_and_templates_are_whole():
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    assert {"untag", "untag-all"} == {hook["id"] for hook in hooks}
    for hook in hooks:
        assert hook["entry"].split()[:2] == ["untag", "scan"]
        assert not hook["pass_filenames"]
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    for step in action["runs"]["steps"]:
        assert "${{" not in step.get("run", ""), "an input in the text of a script is an injection"
    template = yaml.safe_load((ROOT / "templates" / "untag.gitlab-ci.yml").read_text("utf-8"))
    assert any("untag scan" in line for line in template["untag"]["script"])


def test_labelled_files_are_never_converted():
    attributes = (ROOT / ".gitattributes").read_text("utf-8")
    assert "tests/corpus/*/files/** -text" in attributes


WRITTEN = (
    *("code", "prose", "code_2", "prose_2", "code_3", "prose_3", "mix"),
    *("pairs_code", "pairs_prose", "pairs_code_2", "pairs_prose_2"),
)


@pytest.mark.parametrize("folder", WRITTEN)
def test_labels_are_whole(folder):
    root = ROOT / "tests" / "corpus" / folder
    seen = set()
    for line in (root / "labels.jsonl").read_text("utf-8").splitlines():
        item = json.loads(line)
        assert item["id"] not in seen
        seen.add(item["id"])
        assert item["expect"] in ("finding", "low", "none")
        assert (root / "files" / item["path"]).is_file(), item["id"]


@pytest.mark.parametrize("path", [ROOT / "README.md", *PAGES, *FILES], ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_project_speaks_of_itself_alone(path):
    """No path of a machine that it was made on."""
    text = path.read_text("utf-8")
    assert not re.search(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/", text), path.name
