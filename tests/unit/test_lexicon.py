"""The lexicon's data loads, proves itself on the reference engine, and refuses wrong rows."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untag.errors import LexiconError
from untag.lexicon import KINDS, SENSES, Term
from untag.lexicon.check import check, hosts, oracle
from untag.lexicon.load import digest, identity, load, load_sets
from untag.match.neighbours import neighbours_ok
from untag.model import ATTRIBUTES

TERMS = load()
SETS = load_sets()
ROW = 'text = "ethnicity", hits = ["face.ethnicity"], misses = ["ethnicityx"]'
DEFAULTS = 'kind = "slot", attribute = "ethnicity", language = "en", ambiguity = "medium", source = "dictionary"'


def folder(tmp_path, rows, defaults=DEFAULTS, name="slots.toml"):
    lines = "\n".join(f"  {{ {row} }}," for row in rows)
    text = f'[[section]]\ntitle = "x"\ndefaults = {{ {defaults} }}\nterms = [\n{lines}\n]\n'
    (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def matches(term, text):
    data = text.encode()
    return [data[start:stop].decode() for found, start, stop in oracle(TERMS_BY[term], data) if found]


TERMS_BY: dict[tuple[str, str], list[Term]] = {}
for _term in TERMS:
    TERMS_BY.setdefault((_term.kind, _term.text), []).append(_term)


class TestData:
    def test_every_term_proves_itself(self):
        faults = []
        for term in TERMS:
            faults += check([term], lambda data, term=term: oracle([term], data))
        assert faults == []

    def test_every_kind_attribute_and_sense_is_there(self):
        assert {term.kind for term in TERMS} == set(KINDS)
        assert {term.attribute for term in TERMS if term.kind == "slot"} == set(ATTRIBUTES)
        assert {term.sense for term in TERMS if term.kind == "context"} == set(SENSES)

    def test_no_group_name_may_fire_alone(self):
        assert {term.ambiguity for term in TERMS if term.kind in ("group", "proxy")} == {"high"}

    def test_one_group_has_one_name_in_every_language(self):
        for text in ("维族", "维吾尔族", "Uighur", "уйгур", "ウイグル人", "위구르", "Uygur", "أويغوري", "ئۇيغۇر"):
            assert {term.group for term in TERMS_BY["group", text]} == {"Uyghur"}

    def test_codes_are_no_terms(self):
        texts = {term.text for term in TERMS}
        assert texts.isdisjoint({"UG", "05", "5", "W", "B", "A", "650000"})

    def test_the_order_is_the_files_own(self):
        assert load() == TERMS

    def test_languages_are_in_depth(self):
        slots = Counter(term.language for term in TERMS if term.kind == "slot")
        for language in ("en", "zh-Hans", "ru", "tr", "ar", "es", "fr", "de", "pt", "ja", "ko"):
            assert slots[language] >= 30, language


class TestSets:
    def test_gbt3304_is_whole(self):
        by_id = {made.id: made for made in SETS}
        assert len(by_id["gbt3304-numeric"].codes) == 56
        assert dict(by_id["gbt3304-numeric"].codes)["05"] == "Uyghur"
        assert "维吾尔族" in by_id["gbt3304-numeric"].names

    def test_ids_are_unique_and_small_sets_are_bound(self):
        assert len({made.id for made in SETS}) == len(SETS)
        for made in SETS:
            assert made.min > 1 or made.fields, made.id


class TestSemantics:
    @pytest.mark.parametrize(
        "text",
        ["race", "faceRace", "RACE_LABELS", "race_to_idx", "data.race", "'race'", "raceNames", "FaceRaceResults"],
    )
    def test_race_is_found(self, text):
        assert matches(("slot", "race"), text)

    @pytest.mark.parametrize(
        "text",
        [
            "trace",
            "embrace",
            "races",
            "race condition",
            "raceCondition",
            "RACE_CONDITION",
            "data race",
            "dataRace",
            "Promise.race([a])",
            "go test -race",
            "horse_race",
            "arms race",
        ],
    )
    def test_race_is_something_else(self, text):
        assert not matches(("slot", "race"), text)

    @pytest.mark.parametrize(
        "text", ["skin tone", "skinTone", "SKIN_TONE", "skin-tone", "Skin.Tone", "skin_tones"[:-1]]
    )
    def test_words_are_joined_by_one_separator_or_a_hump(self, text):
        assert matches(("slot", "skin tone"), text)

    @pytest.mark.parametrize(("text", "found"), [("人种:黄", True), ("单人种田", False), ("下载人种子", False)])
    def test_chinese_words_have_edges_too(self, text, found):
        assert bool(matches(("slot", "人种"), text)) is found

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("EthicCode", True),
            ("getEthicCode", True),
            ("getHicCode", False),
            ("EmpatheticCode", False),
            ("ethiccode", False),
            ("ETHICCODE", False),
        ],
    )
    def test_exact_terms_keep_their_case(self, text, found):
        assert bool(matches(("field", "EthicCode"), text)) is found

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("раса", True),
            ("Раса", True),
            ("РАСА", True),
            ("Терраса", False),
            ("раса персонажа", False),
            ("раса_лица", True),
        ],
    )
    def test_cyrillic_folds_case_and_keeps_edges(self, text, found):
        assert bool(matches(("slot", "раса"), text)) is found


@given(st.binary(max_size=60), st.binary(max_size=60))
def test_neighbours_never_fail_on_any_bytes(before, after):
    term = TERMS_BY["slot", "race"][0]
    data = before + b"race" + after
    assert neighbours_ok(data, len(before), len(before) + 4, term) in (True, False)


@given(st.sampled_from(TERMS), st.text(max_size=20))
def test_what_the_oracle_finds_spells_the_term(term, rest):
    for _, data in hosts(term):
        joined = data + b"\n" + rest.encode("utf-8", "replace")
        for found, start, stop in oracle([term], joined):
            spelled = joined[start:stop].decode()
            assert identity(found) == " ".join(_plain(spelled).split()) or _glue(spelled) == _glue(term.text)


def _plain(text):
    folded = text.replace("_", " ").replace("-", " ").replace(".", " ").casefold()
    return folded.replace("ı", "i").replace(
        "\u0307", ""
    )  # Turkish: ı in capitals is I, İ in small letters is i with a dot


def _glue(text):
    return "".join(_plain(text).split())


class TestErrors:
    def test_a_right_row_loads(self, tmp_path):
        (term,) = load(folder(tmp_path, [ROW]))
        assert (term.text, term.kind, term.hits) == ("ethnicity", "slot", ("face.ethnicity",))

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            (ROW + ", colour = 1", "unknown key 'colour'"),
            (ROW + ', kind = "noun"', "unknown kind"),
            (ROW + ', attribute = "height"', "unknown attribute"),
            (ROW + ', attribute = ""', "names no attribute"),
            (ROW + ', ambiguity = "none"', "unknown ambiguity"),
            (ROW + ', operation = "counts"', "unknown operation"),
            (ROW + ', acquisition = "guessed"', "unknown acquisition"),
            (ROW + ', kind = "context", sense = "smell"', "unknown sense"),
            (ROW + ', sense = "person"', "sense belongs"),
            (ROW + ', kind = "context", attribute = ""', "sense belongs"),
            (ROW + ', kind = "group"', "canonical name"),
            (ROW + ', language = "russian!"', "BCP 47"),
            (ROW + ', language = "ru"', "no gloss"),
            (ROW + ', source = ""', "no source"),
            (ROW + ", exact = 1", "not a bool"),
            (ROW + ", note = 1", "not a str"),
            ('text = "ethnicity", hits = ["ethnicity"]', "no misses"),
            ('text = "ethnicity", misses = ["x"]', "no hits"),
            ('text = "ethnicity", hits = "ethnicity", misses = ["x"]', "not a list"),
            ('text = "ethnicity", hits = [1], misses = ["x"]', "no text"),
            ('text = " ethnicity", hits = ["x"], misses = ["x"]', "space around"),
            ('hits = ["x"], misses = ["x"]', "empty"),
        ],
    )
    def test_a_wrong_row_names_its_file_and_text(self, tmp_path, row, says):
        with pytest.raises(LexiconError, match=r"slots\.toml") as caught:
            load(folder(tmp_path, [row]))
        assert says in str(caught.value)

    def test_a_duplicate_is_fatal_whatever_its_spelling(self, tmp_path):
        twin = 'text = "Skin_Tone", hits = ["x"], misses = ["y"]'
        other = 'text = "skinTone", hits = ["x"], misses = ["y"]'
        with pytest.raises(LexiconError, match="stands twice"):
            load(folder(tmp_path, [twin, other]))

    def test_files_must_be_toml_of_sections(self, tmp_path):
        (tmp_path / "a.toml").write_text("x = ", encoding="utf-8")
        with pytest.raises(LexiconError, match=r"a\.toml"):
            load(tmp_path)
        (tmp_path / "a.toml").write_text("x = 1", encoding="utf-8")
        with pytest.raises(LexiconError, match="unknown key 'x'"):
            load(tmp_path)
        (tmp_path / "a.toml").write_text('[[section]]\ntitle = "t"', encoding="utf-8")
        with pytest.raises(LexiconError, match="no terms"):
            load(tmp_path)

    @pytest.mark.parametrize(
        ("row", "says"),
        [
            ('id = "a"', "no title"),
            ('id = "a"\ntitle = "t"\nattribute = "race"\nsource = "s"\nmin = 1', "neither codes nor names"),
            ('id = "a"\ntitle = "t"\nattribute = "race"\nsource = "s"\nmin = 9\nnames = ["x"]', "not a count"),
            ('id = "a"\ntitle = "t"\nattribute = "age"\nsource = "s"\nmin = 1\nnames = ["x"]', "unknown attribute"),
            ('id = "a"\nodd = 1', "unknown key 'odd'"),
        ],
    )
    def test_a_wrong_set_is_refused(self, tmp_path, row, says):
        (tmp_path / "codes.toml").write_text(f"[[set]]\n{row}\n", encoding="utf-8")
        with pytest.raises(LexiconError, match=says):
            load_sets(tmp_path)

    def test_check_reports_a_term_that_is_wrong_about_itself(self):
        term = Term("race", "slot", "en", "race", "high", source="s", hits=("trace",), misses=("race",))
        faults = check([term], lambda data: oracle([term], data))
        assert any("not found in its hit" in fault for fault in faults)
        assert any("found in its miss" in fault for fault in faults)


class TestDigest:
    def test_it_follows_every_byte_and_name(self, tmp_path):
        one = digest(folder(tmp_path, [ROW]))
        assert one == digest(tmp_path)
        assert len(one) == 64
        (tmp_path / "slots.toml").rename(tmp_path / "other.toml")
        assert digest(tmp_path) != one

    def test_it_does_not_parse(self, tmp_path):
        (tmp_path / "a.toml").write_bytes(b"\xff not toml")
        assert len(digest(tmp_path)) == 64
