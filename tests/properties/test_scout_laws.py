"""Laws of the scout: it may name too many places, and never one too few."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from untag.errors import LexiconError
from untag.lexicon import compile as patterns
from untag.match import scout, store
from untag.match.boundary import accepts
from untag.match.engine import Finder
from untag.match.hyper import FOLD, PIECE, REACH, HyperscanEngine

pytestmark = pytest.mark.skipif(not store.has_hyperscan(), reason="hyperscan has no wheel here")

AROUND = [(b"\n", b"\n"), (b"_", b"_"), (b"7", b"7"), (b"x", b"X"), (b"X", b"Xy"), ("ж".encode(), "ж".encode())]


@pytest.fixture(scope="module")
def lexicon():
    return store.load()


@pytest.fixture(scope="module", autouse=True)
def every_text_is_scouted():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("untag.match.hyper.SCOUTED", 0)
        yield


def cased(words):
    """Yield a term's words in each case that its judge may accept, first letters one by one."""
    yield tuple(word.upper() for word in words)
    for capitals in itertools.product((False, True), repeat=len(words)):
        yield tuple(w.capitalize() if up else w for w, up in zip(words, capitals, strict=True))


def joined(words):
    joints = (
        itertools.product(patterns.SEPARATORS, repeat=len(words) - 1)
        if len(words) < 4
        else ((joint,) * (len(words) - 1) for joint in patterns.SEPARATORS)
    )
    for chosen in joints:
        yield b"".join(itertools.chain((words[0],), *zip(chosen, words[1:], strict=True)))


def test_each_anchor_is_met_in_every_case_joint_and_neighbourhood(lexicon):
    """All spellings that the judge accepts, one a line: a piece must be met within each line."""
    table = lexicon.anchors.table
    spelled = {}
    for literal in table.spelled():
        if literal.exact:
            forms = literal.words
        elif literal.latin:
            forms = [form for case in cased(literal.words) for form in joined(case)]
        else:
            forms = joined(literal.words)
        for form in forms:
            if form.isascii() and literal.fits(form):
                for before, after in AROUND:
                    line = before + form + after
                    if accepts(line, len(before), len(before) + len(form)):
                        spelled[line] = literal.words
    lines = list(spelled)
    assert len(lines) > 200_000
    for start in range(0, len(lines), 50_000):
        some = lines[start : start + 50_000]
        met = []
        lexicon.anchors.engine._scout.scan(b"\n" + b"\n".join(some) + b"\n\n", met)
        ends = sorted({end for pattern, end in met if pattern >= PIECE})
        at, place = 1, 0
        for line in some:
            stop = at + len(line) + 1
            while place < len(ends) and ends[place] <= at:
                place += 1
            # a match takes at most the line feed behind its line along
            assert place < len(ends), (line, spelled[line])
            assert ends[place] <= stop, (line, spelled[line])
            at = stop


WORDS = st.sampled_from(
    [
        b"race",
        b"\xff",
        b"Ethnicity",
        b"skin",
        b"Tone",
        b"COLOR",
        b"han",
        b"Chinese",
        b"asian",
        b"face",
        b"label",
        b"detect",
        b"\\u0072ace",
        b"&#114;",
        "né".encode(),
        "раса".encode(),
        b"x" * 300,
        b"UYGHUR",
        b"religion",
        b"id",
    ]
)
JOINTS = st.sampled_from([b"", b" ", b"_", b"-", b".", b"\n", b"X", b"z", b" " * 250, b" " * 600])


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(WORDS, JOINTS), max_size=30).map(lambda parts: b"".join(w + j for w, j in parts)))
def test_with_and_without_a_scout_the_answer_is_the_same(lexicon, data):
    scouted = lexicon.anchors
    engine = HyperscanEngine(scouted.engine._plain._body, scouted.engine._beyond._body)
    every = _every(scouted, engine)
    assert scouted.find(data) == every.find(data)
    owners = scouted.table.owners
    spoken = {(p, end) for p, end in scouted.propose(data) if owners[p] != FOLD}
    assert spoken <= {(p, end) for p, end in every.propose(data)}


_FINDERS = {}


def _every(scouted, engine):
    """Return a finder over all text, loaded once."""
    if id(scouted) not in _FINDERS:
        _FINDERS[id(scouted)] = Finder(scouted.terms, scouted.table, engine)
    return _FINDERS[id(scouted)]


def test_it_stays_small(lexicon):
    literals = list(lexicon.anchors.table.spelled())
    pieces = scout.expressions(literals)
    assert pieces == scout.expressions(reversed(literals))
    assert len(pieces) < len(literals) / 2


def test_a_term_longer_than_it_looks_around_is_refused():
    literal = patterns.Literal((b"a" * REACH,), latin=True, exact=False)
    with pytest.raises(LexiconError, match="more than"):
        scout.expressions([literal])
