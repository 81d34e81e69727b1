"""Atheris target: any body, path and query into the guard, whole and as a stream in pieces.

The first bytes choose the door, the content type, the route and where a stream is cut; the rest is the body, and for
a request its first line is the path with its query. Laws: nothing but a `Verdict` or an `UntagError` comes out; a
stripped JSON body is JSON with no more members than before, and cleaning it again changes nothing; what a plan, learned
from the same body or another, makes of a body is what is made of it without; a stream fed in pieces gives what it gives at once.

python tests/fuzz/fuzz_guard.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_guard.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

if TYPE_CHECKING:
    from untag.guard.base import Verdict

TYPES = (
    "application/json",
    "",
    "application/json; charset=gb18030",
    "application/x-ndjson",
    "text/event-stream",
    "application/xml",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "text/plain; charset=utf-8",
    "application/json; charset=utf-16",
    "application/octet-stream",
    "text/html",
)
ROUTES = ("", "/v1/faces/detect", "/v1/chat/completions", "/v2/models/face/infer", "/news/search")
ENCODINGS = ("", "", "", "gzip", "deflate", "br, gzip", "x-unknown")
PROSE = ("text", "sentence", "entry")
"""What is taken out of a text: what is left is another text, and may be read otherwise."""
SPLIT = b"\x1d"
"""Between a body from which a plan may be learned, and another that comes after it."""
HEAD = 6
"""Bytes that choose; the rest is the input."""


def one(data: bytes) -> None:
    """Hold one input against the laws."""
    if len(data) < HEAD:
        return
    head, body = data[:HEAD], data[HEAD:]
    kind, route = TYPES[head[1] % len(TYPES)], ROUTES[head[2] % len(ROUTES)]
    encoding = ENCODINGS[head[3] % len(ENCODINGS)]
    if head[0] % 3 == 0:
        _response(body, kind, route, encoding, shown=bool(head[4] & 1))
    elif head[0] % 3 == 1:
        _request(body, kind, encoding)
    else:
        _stream(body, kind, route, shown=bool(head[4] & 1), steps=(1 + head[4] % 7, 1 + head[5]))


def _response(body: bytes, kind: str, route: str, encoding: str, *, shown: bool) -> None:
    from untag.guard.core import PLANS, clean_response

    def judged(given: bytes) -> Verdict:
        return clean_response(given, kind, path=route, request=shown, encoding=encoding)

    PLANS.clear()
    body, _, other = body.partition(SPLIT)
    first = judged(body)
    again = judged(body)
    assert _told(first) == _told(again), "a plan makes another verdict of the same body"
    if other:
        learned = judged(other)
        PLANS.clear()
        assert _told(learned) == _told(judged(other)), "a plan makes another verdict of the next body"
    if first.body is None:
        return
    assert first.removed, "changed, and says nothing of it"
    if encoding or body[:1] in (b"\x1f", b"\x28"):
        return
    _shrunk(body, first.body, kind)
    if _members(body) is not None and not any(gone.what in PROSE for gone in first.removed):
        twice = judged(first.body)
        assert twice.verdict == "allow" or twice.body == first.body, "cleaning twice"


def _told(verdict: Verdict) -> tuple[str, str, bytes | None, int]:
    return verdict.verdict, verdict.attribute, verdict.body, len(verdict.removed)


def _request(body: bytes, kind: str, encoding: str) -> None:
    from untag.guard.core import check_request

    line, _, body = body.partition(b"\n")
    path, _, query = line.decode("utf-8", "replace").partition("?")
    verdict = check_request(body, kind, path, query, encoding=encoding)
    if verdict.query is not None:
        before = parse_qsl(query, keep_blank_values=True, separator="&")
        assert len(parse_qsl(verdict.query, keep_blank_values=True, separator="&")) <= len(before), "query grew"
    if verdict.body is not None and not encoding and body[:1] not in (b"\x1f", b"\x28"):
        _shrunk(body, verdict.body, kind)


def _stream(body: bytes, kind: str, route: str, *, shown: bool, steps: tuple[int, int]) -> None:
    assert _fed([body], kind, route, shown=shown) == _fed(_cut(body, steps), kind, route, shown=shown), "pieces"


def _cut(body: bytes, steps: tuple[int, int]) -> list[bytes]:
    pieces, at, turn = [], 0, 0
    while at < len(body):
        pieces.append(body[at : at + steps[turn % 2]])
        at += steps[turn % 2]
        turn += 1
    return pieces


def _fed(pieces: list[bytes], kind: str, route: str, *, shown: bool) -> bytes | None:
    """Return what goes out; None for a stream that was refused on the way."""
    from untag.errors import UntagError
    from untag.guard.streams import StreamCleaner

    cleaner = StreamCleaner(kind, path=route, request=shown)
    try:
        out = b"".join([*(cleaner.feed(piece) for piece in pieces), cleaner.close()])
    except UntagError:
        return None
    assert cleaner.verdict.verdict in ("allow", "strip"), cleaner.verdict.verdict
    return out


def _shrunk(before: bytes, after: bytes, kind: str) -> None:
    """Hold a stripped body that was JSON against the law: JSON still, and not more of it."""
    if "utf-16" in kind or "gb18030" in kind:
        return
    was = _members(before)
    if was is not None:
        now = _members(after)
        assert now is not None, "was JSON, is not"
        assert now <= was, "grew"


def _members(body: bytes) -> int | None:
    """Return how many members and items a JSON body has, doubles counted; None for another text."""
    try:
        return _count(json.loads(body, object_pairs_hook=_Pairs))
    except (ValueError, RecursionError):
        return None


class _Pairs(list[Any]):
    """The members of an object, doubles kept."""


def _count(value: Any) -> int:
    total, todo = 0, [value]
    while todo:
        node = todo.pop()
        if isinstance(node, list):
            total += len(node)
            todo += [row[1] for row in node] if isinstance(node, _Pairs) else node
    return total


def _seed(door: int, kind: str, route: str, body: str | bytes, *more: int) -> bytes:
    raw = body.encode() if isinstance(body, str) else body
    tail = (*more, 0, 1, 4)[: HEAD - 3] if more else (0, 1, 4)
    return bytes((door, TYPES.index(kind), ROUTES.index(route), *tail)) + raw


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    face = {
        "faces": [{"age": 31, "race": "asian", "attributes": [{"type": "ethnicity", "value": "x"}, {"type": "hat"}]}]
    }
    chat = [
        {"choices": [{"index": 0, "delta": {"content": word}}]}
        for word in ("The man ", "in the picture", " is ", "Uyghur. ", "He ", "wears a hat.")
    ]
    events = "".join(f"data: {json.dumps(row)}\n\n" for row in chat) + "data: [DONE]\n\n"
    tensors = {
        "outputs": [{"name": "age", "shape": [1, 1], "data": [3]}, {"name": "race", "shape": [1, 2], "data": [0, 1]}]
    }
    part = '--b\r\nContent-Disposition: form-data; name="face_field"\r\n\r\nage,race\r\n--b--\r\n'
    return {
        "json": _seed(0, TYPES[0], ROUTES[1], json.dumps(face)),
        "plan": _seed(0, TYPES[0], ROUTES[1], json.dumps(face) + "\x1d" + json.dumps(face).replace("31", "4")),
        "neutral": _seed(0, TYPES[0], ROUTES[4], json.dumps({"language": "Uyghur", "race": "200 m", "tea": ["Tibetan"]})),
        "lines": _seed(0, TYPES[3], ROUTES[1], (json.dumps(face) + "\n") * 2),
        "xml": _seed(0, TYPES[5], ROUTES[1], '<?xml version="1.0"?><r><face><age>3</age><race>x</race></face></r>'),
        "tensors": _seed(0, TYPES[0], ROUTES[3], json.dumps(tensors)),
        "words": _seed(0, TYPES[8], ROUTES[2], "The woman in the photo is Tibetan. She smiles."),
        "query": _seed(1, TYPES[0], "", "/v1/detect?face_field=age,race&max=3\n{}"),
        "asks": _seed(1, TYPES[0], "", "/v1/detect\n" + json.dumps({"image": "x", "attributes": ["age", "race"]})),
        "form": _seed(1, TYPES[6], "", "/v1/detect\nface_field=age%2Crace&image=x"),
        "parts": _seed(1, TYPES[7], "", "/v1/detect\n" + part),
        "chat": _seed(1, TYPES[0], "", "/v1/chat/completions\n" + json.dumps({"messages": [{"role": "user", "content": "hi"}]})),
        "events": _seed(2, TYPES[4], ROUTES[2], events, 0, 3, 9),
        "stream": _seed(2, TYPES[3], ROUTES[1], (json.dumps(face) + "\n") * 2, 0, 5, 30),
    }  # fmt: skip


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        folder = Path(sys.argv[sys.argv.index("--seeds") + 1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in samples().items():
            (folder / name).write_bytes(data)
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag.guard"]):
        import untag.guard.core
        import untag.guard.prompt
        import untag.guard.streams  # noqa: F401 - imported to be instrumented
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
