"""What is compiled once per machine is not compiled again, and not made from other words than today's."""

import pytest

from untag.guard import quick, sift, words

hyperscan = pytest.importorskip("hyperscan")

SCANS = (sift._beside, quick._topic_scan)


@pytest.fixture
def cold(tmp_path, monkeypatch):
    """A machine that has compiled nothing yet."""
    monkeypatch.setenv("UNTAG_CACHE", str(tmp_path))
    for scan in SCANS:
        scan.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    for scan in SCANS:
        scan.cache_clear()


def kept(folder):
    return sorted(path.name.rpartition("-")[0] for path in folder.glob("*.hs"))


def test_a_warm_start_walks_no_words(cold, monkeypatch):
    body = b'{"language": "ug", "jockey": 1, "face": "a Black woman"}'
    first = [scan()(body) for scan in SCANS]
    assert all(first)
    assert kept(cold) == ["guard-beside", "guard-topics"]
    for scan in SCANS:
        scan.cache_clear()

    def refuse(*_):
        raise AssertionError("the expressions are made again")

    monkeypatch.setattr(quick, "_expressions", refuse)
    monkeypatch.setattr(hyperscan, "dumpb", refuse)
    assert [scan()(body) for scan in SCANS] == first


def test_other_words_make_another_database(cold, monkeypatch):
    quick._topic_scan()
    quick._topic_scan.cache_clear()
    monkeypatch.setattr(quick, "digest", lambda: "other")
    monkeypatch.setattr(quick, "_expressions", lambda: [*sift.BESIDE, b"zebra"])
    assert quick._topic_scan()(b"a zebra") == [len(sift.BESIDE)]
    assert kept(cold) == ["guard-topics", "guard-topics"]


def test_the_digest_is_that_of_the_words():
    assert words.digest() == words.digest()
    assert len(words.digest()) == 8


def test_words_of_the_lexicon_count_as_topics():
    said = b"|".join(quick._expressions())
    assert b"jockey" in said
    assert b"zeitung" in said, "a term of the lexicon that is none of the guard's own words"
