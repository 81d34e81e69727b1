"""Atheris target: any log into the count of usage: its format, its lines in every preset, its shares.

The first two bytes choose where the shares of the log end and how small blocks and lines are; the rest is the log.
Laws: only `UsageError` comes out of `recognised`; a line is a call or none; shares of a log, read in blocks of any
size, hold every line of it once, and so do their candidates.

python tests/fuzz/fuzz_usage.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_usage.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import warnings
from pathlib import Path

HEAD = 3
"""Bytes that choose; the rest is the log."""


def one(data: bytes) -> None:
    """Read one log in every way."""
    if len(data) < HEAD:
        return
    head, log = data[:HEAD], data[HEAD:]
    _calls(log)
    _shares(log, 1 + head[0], 1 + head[1] % 64)
    _long(log, 1 + head[0], 1 + head[1] % 64, 1 + head[2])


def _calls(log: bytes) -> None:
    from untag.errors import UsageError
    from untag.evidence.usage.calls import Call, Parser
    from untag.evidence.usage.counting import pseudonym, recognised
    from untag.evidence.usage.judging import endpoint
    from untag.evidence.usage.mapping import PRESETS

    with contextlib.suppress(UsageError):
        assert recognised(log, Path("access.log")).name in PRESETS, "no preset"
    lines = log.splitlines()[:6]
    for preset in PRESETS.values():
        parser = Parser(preset, lines[0] if lines else b"")
        for line in lines:
            call = parser.call(line)
            if call is None:
                continue
            assert isinstance(call, Call), type(call)
            assert call.path, "a call without a path"
            assert all(isinstance(text, str) for text in (call.client, call.time, call.method, call.query)), call
            assert call.time == "" or (call.time.endswith("Z") and "T" in call.time), call.time
            assert len(endpoint(call)) < 400 + len(call.method), "a long endpoint"
            assert pseudonym(call.client, b"k" * 32) != call.client, "a client is shown"


def _shares(log: bytes, share: int, block: int) -> None:
    from untag.evidence.usage import sieve

    sieve.BLOCK, sieve.LINE = block, 64 << 20
    whole = _lines([piece for piece, _ in sieve.blocks(io.BytesIO(log))])
    assert whole == _ended(log), "lines of the whole"
    parts = [
        piece
        for start in range(0, max(len(log), 1), share)
        for piece, _ in sieve.blocks(io.BytesIO(log), start, min(start + share, len(log)))
    ]
    assert _lines(parts) == whole, "lines of the shares"
    found = sieve.sifted(log)
    own = log.split(b"\n")
    assert found.size == len(log), "size"
    assert found.lines == len(whole), "count"
    # a line that is looked at stands in the log, and is looked at once
    assert all(line in {row.rstrip(b"\r") for row in own} for line in found.candidates), "a line that is none"
    assert len(found.candidates) <= len(own), "a line twice"
    apart = [line for piece in whole for line in sieve.sifted(piece).candidates]
    for line in set(apart):
        assert apart.count(line) <= found.candidates.count(line), "a candidate lost among other lines"


def _long(log: bytes, share: int, block: int, line: int) -> None:
    """Hold what is counted of lines longer than the cap: each is kept or counted, in shares of any size."""
    from untag.evidence.usage import sieve

    sieve.BLOCK, sieve.LINE = block, line
    kept, lost = [], 0
    for start in range(0, max(len(log), 1), share):
        for piece, too_long in sieve.blocks(io.BytesIO(log), start, min(start + share, len(log))):
            kept.append(piece)
            lost += too_long
    own = _ended(log)
    assert all(row in own for row in _lines(kept)), "a piece of a line passes for a line"
    assert len(_lines(kept)) + lost == len(own), "lines lost, or counted twice"


def _ended(log: bytes) -> list[bytes]:
    rows = log.split(b"\n")
    return [row + b"\n" for row in rows[:-1]] + ([rows[-1]] if rows[-1] else [])


def _lines(pieces: list[bytes]) -> list[bytes]:
    return [row for piece in pieces for row in _ended(piece)]


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    call = {"client": "a", "time": "2026-03-02T03:04:05Z", "method": "GET", "url": "/v1/detect?face_field=age,race"}
    texts = {
        "json": json.dumps(call) + "\n" + json.dumps({**call, "response_body": '{"faces": [{"race": "x"}]}'}) + "\n",
        "neutral": json.dumps({**call, "url": "/recipes?q=uyghur+noodles"}) + "\n",
        "combined": '10.0.0.9 - z [02/Mar/2026:03:04:05 +0000] "GET /v1/detect?face_field=age,race HTTP/1.1" 200 512 "-" "c"\n',
        "w3c": "#Fields: date time cs-method cs-uri-stem cs-uri-query\n2026-03-02 03:04:05 GET /v1/detect face_field=age,race\n",
        "alb": (
            "https 2026-03-02T03:04:05.123456Z app/x/1 z:5555 10.0.0.1:80 0.001 0.002 0.000 200 200 34 366 "
            '"GET https://api.example.org:443/v1/detect?face_field=age,race HTTP/1.1" "curl" - -\n'
        ),
        "csv": 'time,client,method,url,status\n2026-03-02T03:04:05Z,z,GET,"/v1/detect?face_field=age,race",200\n',
        "otel": json.dumps(
            {"timestamp": 1772420645, "attributes": [{"key": "url.full", "value": {"stringValue": "/v1?x=race"}}]}
        )
        + "\n",
        "epochs": json.dumps({**call, "time": 9999999999999999}) + "\n" + json.dumps({**call, "time": "0001-01-01T00:00:00+14:00"}),
        "escaped": "GET /v1/detect?%66ace%5ffield=%72ac%65\nx%0Arace+y\r\n",
        "bare": '10.0.0.9 - z [02/Mar/2026:03:04:05 +0000] "GET  HTTP/1.1" 200 5\n',
        "mixed": "\r\n\x85\u2028face race\n\n",
        "ends": "GET /v1/detect?face_field=age,race\nGET /v1/detect?face_field=%72ace\nGET /\n",
        "nested": "{" + '"attributes":{' * 400,
    }  # fmt: skip
    return {name: b"\x1f\x0f\x3f" + text.encode() for name, text in texts.items()} | {
        "long": b"\x1f\0\0" + b"long " * 20 + b"\nrace " + b"long" * 40,
        "gbk": b"\x1f\x0f\x3f" + "人脸 民族\n".encode("gb18030"),
    }


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
    with atheris.instrument_imports(include=["untag.evidence"]):
        import untag.evidence.usage.calls
        import untag.evidence.usage.counting
        import untag.evidence.usage.sieve  # noqa: F401 - imported to be instrumented
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
