"""What stands around a candidate is the same, whether a text is looked at close to it or as a whole."""

import pytest

from untag.interpret import Lens
from untag.interpret.around import LONGEST, PHRASE, SMALL, Surroundings
from untag.interpret.weighing import begin, bounds, finish, lower
from untag.lexicon.compile import is_context, literals
from untag.match import store
from untag.readers import reader_for
from untag.readers.base import Text

FILLER = b"one two surface traces are here, total += 1\n" * 60
MIDDLE = (
    b"a race condition of threads, and their race too; black, asian\n",
    b"class FaceRecord: # captured persons\n  race = detect(face, 'age', 'gender')\n",
    "人种 = 检测(人脸)\n".encode(),
)


@pytest.fixture(scope="module")
def lens():
    return Lens(store.load())


@pytest.fixture(params=[b"", b"the face in a picture\n", b"interfaces\n"])
def far(request):
    return request.param


@pytest.mark.parametrize("middle", MIDDLE)
def test_close_by_and_as_a_whole_say_the_same(lens, middle, far):
    text = Text(("a.py",), FILLER + far + FILLER + middle + FILLER)
    hits = lens.lexicon.anchors.find(text.data)
    assert len(text.data) > SMALL
    assert hits
    for _, start, stop in hits:
        whole, close = Surroundings(text, lens), Surroundings(text, lens, hits)
        assert close.inside_phrase(start, stop) == whole.inside_phrase(start, stop)
        assert close.near(start, stop) == whole.near(start, stop)
        assert close.inside(start - PHRASE, stop + PHRASE) == whole.inside(start - PHRASE, stop + PHRASE)
        for senses in (("pictured",), ("vision", "seen_only"), ("person", "name"), ("concurrency",), ("sport",)):
            assert close.spoken(*senses) == whole.spoken(*senses)
            assert not whole.spoken(*senses) or whole.may_have(0, len(text.data), *senses)
        assert close.talk == whole.talk


def test_no_context_term_is_longer_than_what_is_looked_at_beside_it():
    context = (literal for term in store.load().terms if is_context(term) for literal in literals(term))
    assert max(sum(map(len, literal.words)) + len(literal.words) for literal in context) <= LONGEST


@pytest.mark.parametrize("middle", MIDDLE)
def test_bounds_hold_what_is_found_in_the_end(lens, middle):
    from untag.interpret import cases_of

    text = Text(("a.py",), b"the face in a picture, a camera sees the face\n" * 3 + middle)
    cases, _ = cases_of(text, lens.lexicon.anchors.find(text.data), lens, reader_for)
    for case in cases:
        weighing = begin(case)
        most, _ = bounds(weighing)
        lower(weighing)
        raised, left = bounds(weighing)
        finish(weighing)
        assert weighing.raised <= min(most, raised) + 1e-9
        assert weighing.score <= left + 1e-9
