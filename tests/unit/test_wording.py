"""The words around a candidate: what is looked at, how far they can go, and what is never quoted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from untag.interpret import wording
from untag.interpret.around import Surroundings
from untag.interpret.case import Case
from untag.interpret.lens import Lens
from untag.match import store
from untag.model import Scope, Span
from untag.readers.base import Text


@pytest.fixture(scope="module")
def lens():
    return Lens(store.load())


def case_of(lens, data, *, kind="file", role="prose", word=b"ethnicity"):
    text = Text(("notes.txt",), data)
    at = data.index(word)
    span = Span(0, len(data), 1, 1, role, data.decode(), Scope(kind, "notes.txt"), statement=data.decode())
    term = next(t for t in lens.terms if t.text == "ethnicity" and t.kind == "slot")
    return Case(term, term.attribute, span, Surroundings(text, lens), place=(at, at + len(word)))


def test_words_are_parts_of_names_and_pairs_of_letters():
    assert list(wording.words("getFaceRace(人脸属性) = HTTPServer")) == [
        *("get", "face", "race", "(", "人脸", "脸属", "属性", ")", "=", "http", "server"),
    ]


def test_the_candidate_itself_is_not_a_word_around_it(lens):
    seen = wording.features(case_of(lens, b"The kiosk guesses the ethnicity of a visitor"))
    assert "s:guesses" in seen
    assert "l:the" in seen
    assert "r:of" in seen
    assert "s:ethnicity" not in seen


def test_points_are_held_within_bounds(lens):
    total, told = wording.points(
        case_of(lens, b"The kiosk guesses the ethnicity of a visitor from the face image " * 3)
    )
    assert -wording.MOST <= total <= wording.MOST
    assert len(told) <= wording.SHOWN


def test_words_of_a_record_are_never_told(lens):
    data = b"face_0001.jpg, ethnicity, Petrov, Moscow street 5"
    _, told = wording.points(case_of(lens, data, kind="row", role="value"))
    assert told == ()


def test_the_shipped_weights_are_whole():
    fitted = wording.fitted()
    assert len(fitted.weights) == wording.SIZE
    assert 0 < fitted.scale < 1
    assert sum(1 for byte in fitted.weights if byte) > 5_000


@given(st.text(max_size=200))
def test_words_hold_only_what_stands_there(text):
    folded = text.lower()
    for word in wording.words(text):
        assert word in folded or word.lower() in folded.lower()
