"""The digest under which the results of a scan are kept: all that decides findings changes it, and nothing else does."""

from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import pytest

from untag.evidence import scanner

DECIDING = (
    "interpret/weights.toml",
    "interpret/senses.toml",
    "interpret/wording.bin",
    "interpret/rules/base.py",
    "lexicon/data/codes.toml",
    "policy/packs/untag-core.toml",
    "readers/containers/zips.py",
    "engine.py",
)
IDLE = (
    "guard/data/payload.toml",
    "strip/apply.py",
    "cli/scan.py",
    "evidence/verify.py",
    "interpret/__pycache__/rules.cpython-311.pyc",
    ".mypy_cache/x.json",
)


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package on disk in place of ours."""
    for name in ("__init__.py", *DECIDING, *IDLE):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("a", "utf-8")
    monkeypatch.setattr(scanner, "untag", SimpleNamespace(__file__=str(tmp_path / "__init__.py")))
    scanner.identity.cache_clear()
    yield tmp_path
    scanner.identity.cache_clear()


def anew():
    scanner.identity.cache_clear()
    return scanner.identity()


@pytest.mark.parametrize("name", DECIDING)
def test_what_decides_changes_it(package, name):
    before = anew()
    assert anew() == before
    (package / name).write_text("b", "utf-8")
    changed = anew()
    assert changed != before
    (package / name).unlink()
    assert anew() not in (before, changed)


@pytest.mark.parametrize("name", IDLE)
def test_what_decides_nothing_does_not(package, name):
    before = anew()
    (package / name).write_text("b", "utf-8")
    assert anew() == before


def test_a_file_that_was_moved_changes_it(package):
    before = anew()
    (package / "engine.py").rename(package / "engine2.py")
    assert anew() != before


def test_a_library_that_reads_changes_it(package, monkeypatch):
    before = anew()
    real = metadata.version
    monkeypatch.setattr(metadata, "version", lambda name: "999" if name == "py7zr" else real(name))
    assert anew() != before
    monkeypatch.setattr(metadata, "version", lambda name: "999" if name == "cryptography" else real(name))
    assert anew() == before


def test_a_source_tree_that_was_never_installed_has_one_too(package, monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "requires", missing)
    assert len(anew()) == 64


def test_ours_holds_the_weights_the_words_and_the_policies():
    files = set(scanner._files(Path(scanner.untag.__file__).resolve().parent))
    for name in ("weights.toml", "senses.toml", "wording.bin"):
        assert f"interpret/{name}" in files
    assert any(name.startswith("lexicon/data/") for name in files)
    assert "policy/packs/untag-core.toml" in files
    assert not any(
        name.startswith(("guard/", "strip/", "cli/", "evidence/")) or "__pycache__" in name for name in files
    )
