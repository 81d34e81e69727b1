"""Streams: words that come one by one, events that come in any pieces."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from untag.guard.chat import WITHHELD
from untag.guard.splice import Unreadable
from untag.guard.streams import StreamCleaner

PATH = "/v1/chat/completions"


def openai(text, index=0):
    return (
        b"data: "
        + json.dumps({"id": "c", "choices": [{"index": index, "delta": {"content": text}}]}).encode()
        + b"\n\n"
    )


def anthropic(text, index=0):
    body = {"type": "content_block_delta", "index": index, "delta": {"type": "text_delta", "text": text}}
    return b"event: content_block_delta\ndata: " + json.dumps(body).encode() + b"\n\n"


def responses(text, index=0):
    body = {"type": "response.output_text.delta", "output_index": index, "delta": text}
    return b"event: response.output_text.delta\r\ndata: " + json.dumps(body).encode() + b"\r\n\r\n"


def said(out):
    texts = []
    for line in out.decode().splitlines():
        if line.startswith("data: {"):
            body = json.loads(line[6:])
            delta = body["choices"][0]["delta"]["content"] if "choices" in body else body["delta"]
            texts.append(delta if isinstance(delta, str) else delta["text"])
    return "".join(texts)


def run(raw, step, kind="text/event-stream", **more):
    cleaner = StreamCleaner(kind, path=PATH, **more)
    out = b"".join(cleaner.feed(raw[at : at + step]) for at in range(0, len(raw), step))
    return out + cleaner.close(), cleaner.verdict


WORDS = ["The", " photo", " shows", " a", " Uy", "ghur", " man", ".", " He", " smiles", " at", " us", "."]


@pytest.mark.parametrize("event", [openai, anthropic, responses])
@pytest.mark.parametrize("step", [1, 13, 100_000])
def test_words_over_many_events(event, step):
    raw = b"".join(map(event, WORDS)) + b"data: [DONE]\n\n"
    out, verdict = run(raw, step, request=True)
    assert said(out) == f"The {WITHHELD} He smiles at us."
    assert out.endswith(b"data: [DONE]\n\n")
    assert verdict.verdict == "strip"
    assert verdict.attribute == "ethnicity"
    assert verdict.removed


@settings(deadline=None, max_examples=60)
@given(st.text("abc Uyghurwhitelack.!? \n"), st.lists(st.integers(1, 9), min_size=1, max_size=40), st.integers(1, 200))
def test_a_stream_that_says_nothing_of_anybody_is_not_touched(text, sizes, step):
    pieces, at = [], 0
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    raw = b"".join(openai(piece) for piece in pieces)
    out, verdict = run(raw, step)
    assert verdict.verdict == "allow"
    assert out == raw


def test_words_are_held_no_longer_than_needed():
    cleaner = StreamCleaner("text/event-stream", path=PATH, request=True)
    words = [f" word{i}" for i in range(60)]
    lag = 0
    out = b""
    for number, word in enumerate(words):
        out += cleaner.feed(openai(word))
        lag = max(lag, number + 1 - out.count(b"delta"))
    assert lag <= 5
    assert out + cleaner.close() == b"".join(map(openai, words))


def test_two_choices_do_not_mix():
    raw = b"".join(
        openai(word, index) for pair in zip(WORDS, [" x"] * 13, strict=True) for index, word in enumerate(pair)
    )
    out, _ = run(raw, 50, request=True)
    assert b"hur" not in out


def test_events_that_are_whole_are_judged_alone():
    raw = b'event: face\nid: 3\ndata: {"face": 1, "bbox": [1], "race": "asian"}\n\n: ping\n\ndata: {"face": 2}\n\n'
    out, verdict = run(raw, 7)
    assert out == raw.replace(b', "race": "asian"', b"")
    assert verdict.removed[0].attribute == "race"


def test_data_over_several_lines():
    raw = b'data: {"face": 1,\ndata: "bbox": [1], "race": "asian"}\n\n'
    out, _ = run(raw, 9)
    assert b"asian" not in out
    assert b"bbox" in out


def test_json_lines():
    raw = b'{"face": 1, "bbox": [1], "race": "asian"}\n{"face": 2}\n{"face": 3, "bbox": [1], "race": "white"}'
    out, _ = run(raw, 5, "application/x-ndjson")
    assert out == b'{"face": 1, "bbox": [1]}\n{"face": 2}\n{"face": 3, "bbox": [1]}'


def test_lines_of_words():
    raw = b"".join(json.dumps({"model": "m", "response": word, "done": False}).encode() + b"\n" for word in WORDS)
    out, _ = run(raw, 30, "application/x-ndjson", request=True)
    assert "".join(json.loads(line)["response"] for line in out.splitlines()) == f"The {WITHHELD} He smiles at us."


def test_another_body_waits_for_its_end():
    cleaner = StreamCleaner("application/json", path="/v1/detect")
    assert cleaner.feed(b'{"face": 1, "bbox": [1], "ra') == b""
    assert cleaner.feed(b'ce": "asian"}') == b""
    assert cleaner.close() == b'{"face": 1, "bbox": [1]}'


def test_pictures_pass():
    cleaner = StreamCleaner("video/mp4")
    assert cleaner.feed(b"race") == b"race"


@pytest.mark.parametrize("raw", [b'data: {"race": "asian"\n\n', b'data: {"face":1,"race":NaN}\n\n'])
def test_what_cannot_be_judged_ends_the_stream(raw):
    with pytest.raises(Unreadable):
        run(raw, 100)


def test_an_event_without_end():
    cleaner = StreamCleaner("text/event-stream")
    feed = [b"data: " + b"x" * 65_536] * 200
    with pytest.raises(Unreadable):
        list(map(cleaner.feed, feed))
