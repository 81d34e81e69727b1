"""Both engines find what the slow oracle finds, and the verdicts that are kept change nothing."""

import pytest

from untag.lexicon import compile as patterns
from untag.lexicon.check import oracle
from untag.lexicon.load import load
from untag.match.engine import AhoCorasickEngine, Finder, HyperscanEngine, Table, has_hyperscan
from untag.match.fold import fold
from untag.nouns import replace

TEXT = """
enum RaceLabels { ASIAN = 1, BLACK, Indian };  int faceRace; char *dominant_race;  // trace embrace races
XMLRace RACELabel face-race skin tone skin_tone SkinTone skinTone SKIN_TONE face.race horse race, race condition
EthicCode getHicCode ethnicity\u200b ETHNICITY ethnicities Ethnicity9 _ethnicity polyethnicity éthnicity ethnicityé
раса расы Терраса РАСА РасА этническая принадлежность 维吾尔族 维族人脸 单人种田 人种 民族: 民族团结 ウイグル 위구르 الأويغور
"""
CASES = (
    TEXT.encode(),
    b"race",
    b"Race",
    b"RACE",
    b"a race",
    b"race a",
    b"",
    b"\n",
    b"ra",
    "人种".encode(),
    "раса".encode(),
    b"skin tone",
    b"dominant_race" * 30,
    b"x = [" + b"'Uyghur', 'Tibetan', " * 40 + b"]",
)


@pytest.fixture(scope="module")
def terms():
    wanted = (
        "race",
        "skin",
        "ethic",
        "ethn",
        "uyg",
        "asian",
        "indian",
        "人种",
        "民族",
        "维",
        "раса",
        "этн",
        "위구르",
        "ウイ",
        "أويغ",
    )
    return [t for t in load() if any(w in t.text.lower() for w in wanted)][:1500]


@pytest.fixture(scope="module")
def table(terms):
    return Table(terms, patterns.is_anchor, triggers=True)


def found(finder, data):
    return {
        (finder.terms[i].text, finder.terms[i].kind, finder.terms[i].attribute, s, e) for i, s, e in finder.find(data)
    }


def true(terms, data):
    anchors = [t for t in terms if patterns.is_anchor(t)]
    return {(t.text, t.kind, t.attribute, s, e) for t, s, e in oracle(anchors, data)}


@pytest.mark.parametrize("engine", ["hyperscan", "fallback"])
def test_an_engine_finds_what_the_oracle_finds(terms, table, engine):
    if engine == "hyperscan" and not has_hyperscan():
        pytest.skip("hyperscan has no wheel here")
    finder = Finder(terms, table, hyperscan_of(table) if engine == "hyperscan" else AhoCorasickEngine(table))
    for data in CASES:
        assert found(finder, data) == true(terms, data), data[:60]


def hyperscan_of(table):
    plain, beyond = HyperscanEngine.compile(table)
    return HyperscanEngine(lambda: plain, lambda: beyond)


def test_the_same_answer_twice_and_wherever_it_stands(terms, table):
    finder = Finder(terms, table, AhoCorasickEngine(table))
    for pad in (b"", b"x", b"\n", b" " * 40, "é".encode(), b"ab"):
        for data in CASES[:6]:
            body = pad + data + pad
            assert found(finder, body) == found(finder, body) == true(terms, body), body[:60]


def test_kept_verdicts_are_dropped_when_there_are_too_many(terms, table, monkeypatch):
    monkeypatch.setattr("untag.match.engine.KEPT", 3)
    finder = Finder(terms, table, AhoCorasickEngine(table))
    assert [found(finder, d) for d in CASES] == [true(terms, d) for d in CASES]


def test_a_table_survives_its_dump(terms, table):
    again = Table.restore(terms, table.dump())
    assert list(again.owners) == list(table.owners)
    assert [again.literal(p) for p in range(50)] == [table.literal(p) for p in range(50)]


def test_triggers_say_what_kind_of_folding_is_due(terms, table):
    finder = Finder(terms, table, AhoCorasickEngine(table))
    assert not finder.folds(finder.propose(b"race"))
    assert finder.folds(finder.propose(rb"\u0072ace")) == "escapes"
    assert finder.folds(finder.propose("r\u200bace".encode())) == "letters"


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (rb'"\u0072ace"', b'"race"'),
        (rb"\ud835\udc2b", b"r"),  # halves of a mathematical letter
        ("rаce".encode(), b"race"),
        ("раса ok".encode(), "раса ok".encode()),
        ("fаce_rасe = жx".encode(), "face_race = жx".encode()),
        ("ｒａｃｅ".encode(), b"race"),
        (rb"\u0022", rb"\u0022"),
        (b"&#114;&#x61;ce", b"race"),
    ],
)
def test_fold(given, wanted):
    assert fold(given) == wanted


@pytest.mark.parametrize("engine", ["hyperscan", "fallback"])
def test_a_long_phrase_is_found_as_identifiers_and_prose_join_it_and_has_few_patterns(engine):
    if engine == "hyperscan" and not has_hyperscan():
        pytest.skip("hyperscan has no wheel here")
    phrase = "face based national origin detection"
    terms = (replace(load()[0], text=phrase, kind="compound", exact=False, benign_next=(), benign_prev=()),)
    table = Table(terms, patterns.is_anchor, triggers=False, wide=True)
    assert len(table.expressions) < 40
    finder = Finder(terms, table, hyperscan_of(table) if engine == "hyperscan" else AhoCorasickEngine(table))
    words = phrase.split()
    spellings = [joint.join(words) for joint in ("", " ", "_", "-", ".")]
    spellings += [
        "faceBasedNationalOriginDetection",
        "FACE_BASED_NATIONAL_ORIGIN_DETECTION",
        "face-based national-origin detection",
    ]
    for spelling in spellings:
        assert len(finder.find(f"x {spelling} y".encode())) == 1, spelling
        wide = f"x{spelling}y".encode("utf-16-le")
        assert finder.propose(wide), spelling


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("person's religion", ["person's", "religion"]),
        ("OBC, SC, ST", ["OBC,", "SC,", "ST"]),
        ("SC/ST", ["SC/ST"]),
        ('"preta", "parda"', ['"preta",', '"parda"']),
        ("faceRaceId2label", ["face", "Race", "Id", "2", "label"]),
        ("pays d'origine", ["pays", "d'origine"]),
        ("skin_tone-group", ["skin", "tone", "group"]),
        ("民族 code", ["民族", "code"]),
    ],
)
def test_words_end_at_separators_and_at_capitals_alone(text, words):
    assert patterns.split_words(text) == words


@pytest.mark.parametrize("count", range(1, 12))
@pytest.mark.parametrize("latin", [True, False])
def test_the_ways_to_join_words_stay_few(count, latin):
    ways = patterns.joints(count, latin=latin)
    assert 1 <= len(ways) <= 40
    assert len(set(ways)) == len(ways)
    assert all(len(way) == count - 1 for way in ways)
    assert {(joint,) * (count - 1) for joint in patterns.SEPARATORS} <= set(ways)
