"""Work grows with a body, not faster: four times the records make four times the calls."""

import json
import sys
import time

import pytest

from untag.guard import core, streams

JSON = "application/json"


def faces(n):
    row = {"face_id": "f", "bbox": [1, 2], "age": 3, "race": "asian"}
    return json.dumps({"faces": [{**row, "face_id": f"f{i:x}"} for i in range(n)]}), JSON


def captions(n):
    return json.dumps({"images": [{"caption": f"A Black woman, number {i}."} for i in range(n)]}), JSON


def labels(n):
    return json.dumps({"face": 1, "labels": ["asian", "hat"] * n, "scores": [0.1, 0.2] * n}), JSON


def table(n):
    return json.dumps({"columns": ["face_id", "race"], "rows": [[i, "asian"] for i in range(n)]}), JSON


def nested(n):
    return '{"face":' * 200 + json.dumps([{"bbox": [1], "race": "asian"}] * n) + "}" * 200, JSON


def wide(n):
    return json.dumps({"face": 1, **{f"key{i}": i for i in range(n)}, "race": "asian"}), JSON


def chinese(n):
    return json.dumps({"人脸": [{"年龄": i, "民族": "维吾尔族"} for i in range(n)]}, ensure_ascii=False), JSON


def lines(n):
    return '{"face":1,"bbox":[1],"race":"asian"}\n' * n, "application/x-ndjson"


def events(n):
    return 'data: {"face":1,"bbox":[1],"race":"asian"}\n\n' * n, "text/event-stream"


def xml(n):
    return "<L>" + "<FaceObject><FaceID>1</FaceID><EthicCode>05</EthicCode></FaceObject>" * n + "</L>", "text/xml"


def form(n):
    return "&".join(f"k{i}=v{i}" for i in range(n)) + "&face_field=age,race", "application/x-www-form-urlencoded"


def logged(n):
    return "".join(f"face_id={i} age=30 race=asian box=1\n" for i in range(n)), "text/plain"


def settings(n):
    return "faces:\n" + "- box: [1, 2]\n  race: asian\n" * n, "text/yaml"


def multipart(n):
    part = '--b\r\nContent-Disposition: form-data; name="p{}"\r\n\r\n{}\r\n'
    parts = "".join(part.format(i, '{"face":1,"race":"asian"}') for i in range(n))
    return parts + "--b--\r\n", "multipart/form-data; boundary=b"


def work(call):
    """Return how many calls, of Python's functions and of C's, something takes."""
    count = 0

    def seen(_frame, event, _arg):
        nonlocal count
        count += event in ("call", "c_call")

    old = sys.getprofile()
    sys.setprofile(seen)
    try:
        call()
    finally:
        sys.setprofile(old)
    return count


def respond(body, kind):
    core.PLANS.clear()
    return core.clean_response(body, kind, path="/v1/detect")


def request(body, kind):
    core.PLANS.clear()
    return core.check_request(body, kind, "/v1/detect")


def stream(body, kind):
    cleaner = streams.StreamCleaner(kind, path="/v1/detect")
    return cleaner.feed(body) + cleaner.close()


RESPONSES = (faces, captions, labels, table, nested, wide, chinese, lines, events, xml, logged, settings)
REQUESTS = (faces, labels, table, nested, wide, chinese, lines, xml, form, multipart, logged, settings)
CASES = [
    *((respond, make) for make in RESPONSES),
    *((request, make) for make in REQUESTS),
    *((stream, make) for make in (lines, events)),
]


@pytest.mark.parametrize(
    "text", ["x = " + "A" * 90_000 + "\ny = 1\n", "a" + " " * 90_000 + "\nb;\n", 'a="' * 30_000, "a = b;" * 9_000]
)
def test_a_long_line_is_read_once(text):
    begun = time.process_time()
    assert core.check_request(text.encode(), "text/plain", "/v1/faces").verdict == "allow"
    assert time.process_time() - begun < 5, "a hundredth of that is usual; steps by the square take minutes"


@pytest.mark.parametrize(("call", "make"), CASES, ids=lambda c: c.__name__)
def test_work_grows_as_the_body_does(call, make):
    bodies = {n: (text.encode(), kind) for n in (200, 800) for text, kind in [make(n)]}
    for body, kind in bodies.values():
        assert call(body, kind), "and what is remembered of names is warm"
    small, large = (work(lambda n=n: call(*bodies[n])) for n in (200, 800))
    assert large < 4.6 * small, (small, large)


def test_an_event_in_many_pieces_is_looked_through_once():
    body = b"data: " + b"x" * 300_000
    counts = []
    for size in (1_000, 250):
        cleaner = streams.StreamCleaner("text/event-stream", path="/v1/detect")
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        counts.append(work(lambda: [cleaner.feed(piece) for piece in pieces]))  # noqa: B023 - called at once
        assert cleaner._looked >= len(body) - 3
    assert counts[1] < 4.6 * counts[0]


def test_a_form_of_many_fields_is_refused_before_it_is_read():
    body, kind = form(100_000)
    assert work(lambda: request(body.encode(), kind)) < 20_000
    assert request(body.encode(), kind).verdict == "refuse"


def test_a_part_of_json_does_not_reach_into_the_next():
    body, kind = multipart(2)
    broken = body.replace('{"face":1,"race":"asian"}', '{"face":1,"race":"asian"', 1)
    verdict = request(broken.encode(), kind)
    assert verdict.because[0].kind == "unreadable"
