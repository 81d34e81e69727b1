"""What is kept of shipped data is what would be made anew, and a damaged file is made anew."""

import json
import os

import pytest

from untag import kept, later
from untag.interpret.lens import judgements
from untag.interpret.weights import weights
from untag.policy.load import PACKS, load_layer, parse


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("UNTAG_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def made(value, calls):
    def make():
        calls.append(1)
        return value

    return make


def test_made_once(folder):
    calls = []
    for _ in range(3):
        assert kept.kept("x", b"data", made({"a": [1, 2.5, "é", True]}, calls)) == {"a": [1, 2.5, "é", True]}
    assert len(calls) == 1
    assert kept.kept("x", b"other", made(2, calls)) == 2
    assert [p.suffix for p in folder.iterdir()] == [".json"] * 2


@pytest.mark.parametrize("damage", [b"", b"no checksum", b"00000000\n{}", b"ffffffff\n"])
def test_a_damaged_file_is_made_anew(folder, damage):
    kept.kept("x", b"data", made([1], []))
    (path,) = folder.iterdir()
    path.write_bytes(damage)
    assert kept.kept("x", b"data", made([1], [])) == [1]
    assert json.loads(path.read_bytes().partition(b"\n")[2]) == [1]


def test_without_a_cache_folder(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("UNTAG_CACHE", str(tmp_path / "file" / "below"))
    assert kept.kept("x", b"data", made([1], [])) == [1]


@pytest.mark.parametrize("name", PACKS)
def test_a_kept_pack_is_the_parsed_one(folder, name):
    import untag.policy.load as module

    with open(f"{module._FOLDER}/{name}.toml", "rb") as f:
        parsed = parse(f.read(), name)
    assert load_layer(name) == parsed
    assert load_layer(name) == parsed


def test_kept_points_and_words_are_the_parsed_ones(folder):
    first = weights.__wrapped__(), judgements.__wrapped__()
    assert (weights.__wrapped__(), judgements.__wrapped__()) == first
    assert len(list(folder.iterdir())) == 2


def test_a_pattern_is_compiled_when_it_is_used():
    import re

    made = later.pattern(r"(a)b", re.IGNORECASE)
    assert made.search("xAB")[1] == "A"
    assert made.sub("-", "abc") == "-c"
    assert made.pattern == "(a)b"
    assert made.flags == re.compile(r"(a)b", re.IGNORECASE).flags
    with pytest.raises(AttributeError):
        made.nope  # noqa: B018 - the access is the test


def test_only_what_was_made_long_ago_and_by_us_is_removed(folder):
    folder.mkdir()
    (folder / "timeline").mkdir()
    names = ["lexicon-1.bin", "guard-2.hs", "weights-3.json", "mine.txt", "timeline/4.json.gz"]
    for name in [*names, "lexicon-new.bin"]:
        (folder / name).write_bytes(b"x")
    (folder / "away.bin").symlink_to(folder / "mine.txt")
    for name in names:
        long_ago = os.stat(folder / name).st_mtime - kept.OLD - 60
        os.utime(folder / name, (long_ago, long_ago))
    kept.tidy()
    left = {str(p.relative_to(folder)) for p in folder.rglob("*")}
    assert left == {"mine.txt", "timeline", "timeline/4.json.gz", "lexicon-new.bin", "away.bin"}


def test_a_cache_that_is_not_there_is_tidy(folder):
    kept.tidy()
    assert not folder.exists()
