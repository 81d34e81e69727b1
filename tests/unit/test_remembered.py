"""What was gathered in a folder comes from memory while no byte changed, and never otherwise."""

import os
import shutil
from pathlib import Path

import pytest

from untag import remembered, scan
from untag.match import store
from untag.policy.load import load_policy
from untag.sources import SourceOptions

FIELD = "class Face:\n    age: int\n    ethnicity: str  # of the person in the picture\n"


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Give a small package, a cache of its own for what is remembered, and a clock on which nothing is fresh."""
    monkeypatch.setattr(remembered, "FRESH", -(10**15))
    kept = tmp_path / "cache"
    kept.mkdir()
    monkeypatch.setattr(remembered, "cache_folder", lambda: str(kept))
    root = tmp_path / "package"
    (root / "src").mkdir(parents=True)
    (root / "README.md").write_text("# facekit\n\nReads faces in pictures.\n")
    (root / "src" / "face.py").write_text(FIELD)
    (root / "src" / "plain.py").write_text("x = 1\n")
    return root


@pytest.fixture
def loads(monkeypatch):
    """Count how often a lexicon is loaded."""
    seen = []
    real = store.load
    monkeypatch.setattr(store, "load", lambda: seen.append(1) or real())
    return seen


def test_an_unchanged_folder_gives_the_same_report_without_a_lexicon(folder, loads):
    first = scan(str(folder))
    assert first.findings
    assert len(loads) == 1
    assert scan(str(folder)) == first
    assert len(loads) == 1


def test_asked_not_to_it_reads_anew(folder, loads):
    first = scan(str(folder))
    assert scan(str(folder), cache=False) == first
    assert len(loads) == 2


def keep_dates(path, change):
    """Change a file and give it back its dates and size, as far as a program can."""
    known = path.stat()
    change(path)
    os.utime(path, ns=(known.st_atime_ns, known.st_mtime_ns))
    assert path.stat().st_mtime_ns == known.st_mtime_ns


@pytest.mark.parametrize(
    "change",
    [
        lambda f: keep_dates(f / "src" / "face.py", lambda p: p.write_text(FIELD.replace("ethnicity", "sharpness"))),
        lambda f: (f / "src" / "face.py").unlink(),
        lambda f: (f / "src" / "new.py").write_text(FIELD.replace("ethnicity", "religion")),
        lambda f: (f / "src" / "face.py").rename(f / "src" / "other.py"),
        lambda f: (f / ".gitignore").write_text("face.py\n"),
        lambda f: shutil.move(f / "src" / "face.py", f / "face.py"),
    ],
)
def test_a_change_is_seen_whatever_the_dates_say(folder, loads, change):
    first = scan(str(folder))
    change(folder)
    second = scan(str(folder))
    assert len(loads) == 2
    assert second != first
    assert second == scan(str(folder), cache=False)


def test_what_describes_the_package_counts_though_it_is_left_out(folder, loads):
    (folder / ".gitignore").write_text("README.md\n")
    scan(str(folder))
    (folder / "README.md").write_text("# gridkit\n\nReads tables of numbers.\n")
    assert scan(str(folder)) == scan(str(folder), cache=False)
    assert len(loads) == 3


def test_a_description_that_is_not_there_hinders_nothing(folder, loads):
    """A checkout that was installed in place has such a folder, left out and without METADATA."""
    (folder / ".gitignore").write_text("*.egg-info/\n")
    (folder / "facekit.egg-info").mkdir()
    (folder / "facekit.egg-info" / "PKG-INFO").write_text("Name: facekit\n")
    first = scan(str(folder))
    assert scan(str(folder)) == first
    assert len(loads) == 1
    (folder / "facekit.egg-info" / "METADATA").write_text("Name: gridkit\n\nTables of numbers.\n")
    scan(str(folder))
    assert len(loads) == 2


def test_one_memory_a_folder(folder, loads, monkeypatch):
    scan(str(folder))
    monkeypatch.setattr(remembered, "_scanner", lambda: "another")
    scan(str(folder))
    assert len(list(Path(remembered.cache_folder()).glob("scan-*.json"))) == 1


def test_policy_and_threshold_decide_anew(folder, loads):
    blocked = scan(str(folder))
    passed = scan(str(folder), policy=load_policy("untag-core"), min_confidence="high", fail_on="inform")
    assert len(loads) == 1
    assert blocked.decisions
    assert passed.status != "clean" or not passed.decisions


def test_another_way_to_scan_is_another_memory(folder, loads):
    whole = scan(str(folder))
    part = scan(str(folder), options=SourceOptions(excludes=("src",)))
    assert part.coverage.files < whole.coverage.files
    assert len(loads) == 2


def test_what_has_just_been_written_is_not_kept(folder, loads, monkeypatch):
    monkeypatch.setattr(remembered, "FRESH", 2_000_000_000)
    scan(str(folder))
    scan(str(folder))
    assert len(loads) == 2


def test_a_scan_that_may_read_more_next_time_is_not_kept(folder, loads, monkeypatch):
    monkeypatch.setattr(remembered, "LASTING", frozenset())
    (folder / "away").symlink_to(Path("/"))
    assert scan(str(folder)).gaps
    scan(str(folder))
    assert len(loads) == 2


@pytest.mark.parametrize("limit", ["FILES", "BYTES", "KEPT"])
def test_a_large_folder_is_not_kept(folder, loads, monkeypatch, limit):
    monkeypatch.setattr(remembered, limit, 1)
    assert scan(str(folder)) == scan(str(folder))
    assert len(loads) == 2


@pytest.mark.parametrize("harm", [lambda b: b[:-9], lambda b: b.replace(b"ethnicity", b"etnnicity"), lambda _: b"\n"])
def test_a_damaged_memory_is_none(folder, loads, harm):
    first = scan(str(folder))
    (kept,) = Path(remembered.cache_folder()).glob("scan-*.json")
    kept.write_bytes(harm(kept.read_bytes()))
    assert scan(str(folder)) == first
    assert len(loads) == 2


def test_another_scanner_remembers_nothing(folder, loads, monkeypatch):
    scan(str(folder))
    monkeypatch.setattr(remembered, "_scanner", lambda: "another")
    scan(str(folder))
    assert len(loads) == 2


def test_waivers_in_the_source_are_read_each_time(folder, loads):
    (folder / "src" / "face.py").write_text(
        FIELD.replace("# of", '# untag: allow UT101 reason="goes in May" owner=jo expires=2099-01-01 of')
    )
    assert scan(str(folder)) == scan(str(folder))
    assert len(loads) == 2


def test_the_folder_is_called_what_it_is_called_now(folder, loads, monkeypatch):
    """Names of pictures are judged as one artifact, which bears the name of the folder."""
    for group in ("African", "Asian", "Caucasian", "Indian"):
        (folder / "train" / group).mkdir(parents=True)
        for number in range(9):
            (folder / "train" / group / f"face_{number}.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    by_path = scan(str(folder))
    monkeypatch.chdir(folder)
    here = scan(".")
    assert len(loads) == 2
    assert here == scan(".", cache=False)
    assert {f.trail for f in by_path.findings} != {f.trail for f in here.findings}


def test_several_targets_keep_their_names(folder, loads):
    other = folder.parent / "other"
    shutil.copytree(folder, other)
    first = scan([str(folder), str(other)])
    assert scan([str(folder), str(other)]) == first
    assert len(loads) == 1
    assert {f.trail[0].partition("/")[0] for f in first.findings} == {"package", "other"}
