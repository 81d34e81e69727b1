"""The data flows one way: a module imports its own stage or an earlier one, and no two import each other.

The order and its few exceptions are explained in docs/adr/0008-import-order.md.
"""

import ast
import sys
import tomllib
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SRC = ROOT / "src" / "untag"

STAGES = (
    ("_version", "errors", "nouns", "later", "kept", "model", "limits", "mapped"),
    # leaves that stand beside what they serve, and import nothing but the above
    ("readers.sniff", "readers.plain", "sources.names", "policy.words"),
    ("lexicon",),
    ("match",),
    # holds the lexicon against the definition of a match
    ("lexicon.check",),
    ("sources", "readers"),
    ("interpret", "packages", "binary"),
    ("policy",),
    ("sinks",),
    ("config",),
    ("windows", "structured", "tally"),
    ("remembered",),
    ("engine", "workers", "chronicle"),
    ("scan",),
    ("strip",),
    ("guard",),
    ("evidence",),
    ("cli",),
    # the public door and the program
    ("", "__main__"),
)
OPTIONAL = (
    *("sevenzip", "hdf5", "lz4", "tables", "duckdb", "databases", "remote", "pdf", "ocr"),
    *("strip", "guard", "envoy", "encoder", "report", "usage", "attest", "keyless"),
)
"""Extras that give a reader, an editor or a shell its library."""
ALLOWED = {
    (
        "readers.sniff",
        "readers.containers.tar",
    ): "a tar has no magic number: its own reader knows one, and is asked for last",
}
RANK = {prefix: number for number, stage in enumerate(STAGES) for prefix in stage}


def name_of(path):
    parts = path.relative_to(SRC).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rank(module):
    while module and module not in RANK:
        module = module.rpartition(".")[0]
    return RANK[module]


def imports(path, head_only=False):
    """Yield the modules that a file imports when it runs: at its head, or inside a function too.

    Imports under `TYPE_CHECKING` are names in annotations: nothing runs, and they do not count.
    """
    tree = ast.parse(path.read_text("utf-8"))
    left_out = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    if head_only:
        functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)]
        left_out |= {id(inner) for function in functions for inner in ast.walk(function)}
    for node in ast.walk(tree):
        if id(node) in left_out:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            yield from (
                name
                for name in inner
                if (SRC.parent / name.replace(".", "/")).with_suffix(".py").exists()
                or (SRC.parent / name.replace(".", "/")).is_dir()
            )
            yield node.module


FILES = sorted(SRC.rglob("*.py"))


def graph(head_only=False):
    own = {p: [i for i in imports(p, head_only) if i.split(".")[0] == "untag"] for p in FILES}
    return {name_of(p): {i.removeprefix("untag").removeprefix(".") for i in found} for p, found in own.items()}


GRAPH = graph()


@pytest.mark.parametrize("module", sorted(GRAPH))
def test_imports_point_one_way(module):
    above = {other for other in GRAPH[module] if other and rank(other) > rank(module)}
    above -= {other for other in above if any(module == a and other.startswith(b) for a, b in ALLOWED)}
    assert not above, f"untag.{module} imports a later stage: {sorted(above)}"


def test_every_module_has_a_stage():
    tops = {name.split(".")[0] for name in GRAPH} - {""}
    assert tops <= {prefix.split(".")[0] for prefix in RANK}, "give the new package a place in STAGES"


def test_no_cycle():
    """No two modules need each other to be imported. A package may name what it gathers."""
    gathers = {name_of(p) for p in FILES if p.name == "__init__.py"}
    heads = graph(head_only=True)
    drawn = {a: {b for b in heads[a] if b in heads and b not in gathers and b != a} for a in heads if a not in gathers}
    try:
        TopologicalSorter(drawn).prepare()
    except CycleError as error:
        pytest.fail(f"these import each other: {' → '.join(error.args[1])}")


def test_relative_imports_are_not_used():
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}: write the import in full"


def test_what_is_imported_is_declared():
    """A wheel must work in a bare environment: no test dependency may stand in for a real one."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]

    def names(rows):
        return {row.split(";")[0].split("[")[0].split(">")[0].split("=")[0].strip().replace("-", "_") for row in rows}

    declared = names(project["dependencies"])
    optional = names(row for extra, rows in extras.items() if extra in OPTIONAL for row in rows)
    optional |= {"inflate64", "numpy", "yarl"}  # py7zr, rapidocr and aiohttp bring them
    called = {"graphql_core": "graphql", "pysimdjson": "simdjson", "grpcio": "grpc"}
    optional |= {called[name] for name in optional & called.keys()}
    used = {name.split(".")[0] for p in FILES for name in imports(p)} - set(sys.stdlib_module_names) - {"untag"}
    assert used <= declared | optional, f"not declared in pyproject.toml: {sorted(used - declared - optional)}"
    grammars = {name for name in declared if name.startswith("tree_sitter_")}
    text = "".join(p.read_text("utf-8") for p in SRC.joinpath("readers").rglob("*.py"))
    unused = {
        g
        for g in grammars
        if g.removeprefix("tree_sitter_") not in text and g.removeprefix("tree_sitter_").replace("_", "") not in text
    }
    assert not unused, f"declared and never loaded: {sorted(unused)}"
    assert declared - grammars <= used, f"declared and never imported: {sorted(declared - grammars - used)}"
