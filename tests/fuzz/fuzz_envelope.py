"""Atheris target: any envelope into `unseal` and `verify`; `AttestError` or `StepError`, or the very attestation made.

The first byte chooses: the bytes as they stand; edits of a good envelope; or a statement made of the good one with some
values replaced, signed anew with the trusted key: what a dishonest signer could send. Law: what verifies without that
key holds the payload, type and signatures of the one good envelope, whatever stands around them.

python tests/fuzz/fuzz_envelope.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_envelope.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import json
import sys
import tempfile
import warnings
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from untag.evidence.envelope import Opened
    from untag.evidence.verify import Demands

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EDIT = 4
"""Bytes of one edit: place in two, what is done, with what."""


class Made:
    """A key, a file, and its attestation."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        from untag import scan
        from untag.evidence.envelope import seal, unseal
        from untag.evidence.statement import canonical, statement
        from untag.evidence.verify import Demands
        from untag.nouns import replace

        self.folder = tempfile.TemporaryDirectory()
        self.file = Path(self.folder.name, "Face.java")
        self.file.write_text("class FaceObject {\n  int age;\n}\n", "utf-8")
        self.key = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        # a kept input holds a whole envelope, which another lexicon must not make another attestation
        report = replace(scan(str(self.file), jobs=1), lexicon_sha256="0" * 64, lexicon_version="2026.11.22")
        self.statement = statement(report, [self.file], made=NOW, expires=NOW + timedelta(days=30))
        self.envelope = seal(canonical(self.statement), [self.key]).encode()
        self.opened: Opened = unseal(self.envelope)
        self.demands: Demands = Demands(keys=(self.key.public_key(),))


@cache
def made() -> Made:
    """Return the one attestation of this process."""
    return Made()


def one(data: bytes) -> None:
    """Verify one envelope."""
    from untag.evidence.envelope import seal, unseal
    from untag.evidence.statement import AttestError
    from untag.evidence.verify import verify

    good = made()
    kind, body = data[:1] or b"\0", data[1:]
    if kind[0] % 3 == 2:
        payload = json.dumps(restated(good.statement, body)).encode()
        with contextlib.suppress(AttestError):
            verify(seal(payload, [good.key]).encode(), [good.file], good.demands, NOW)
        return
    envelope = edited(good.envelope, body) if kind[0] % 3 else body
    with contextlib.suppress(AttestError):
        unseal(envelope)
    try:
        verify(envelope, [good.file], good.demands, NOW)
    except AttestError:
        held = False
    else:
        held = True
        assert unseal(envelope) == good.opened, "another attestation verifies"
    assert held or envelope != good.envelope, "the good one does not verify"


def edited(base: bytes, edits: bytes) -> bytes:
    """Return a text with edits, four bytes each: put one byte in place of another, before it, or take it away."""
    out = bytearray(base)
    for at in range(0, len(edits) - EDIT + 1, EDIT):
        place = int.from_bytes(edits[at : at + 2]) % (len(out) or 1)
        what, byte = edits[at + 2] % 5, edits[at + 3]
        if what == 0:
            out[place : place + 1] = bytes((byte,))
        elif what == 1:
            out[place:place] = bytes((byte,))
        elif what == 2:
            del out[place : place + 1 + byte % 9]
        elif what == 3:
            out[place:place] = out[place : place + byte]
        elif out:
            out[place] ^= 1 << byte % 8
    return bytes(out)


def restated(table: dict[str, Any], body: bytes) -> Any:
    """Return a statement in which some values, named by a byte each, are replaced by values given as lines of JSON."""
    copy = json.loads(json.dumps(table))
    for line in body.split(b"\n")[:8]:
        places = [place for place in walk(copy) if place]
        try:
            value = json.loads(line[1:])
        except (ValueError, RecursionError):
            value = line[1:].decode("utf-8", "replace")
        if not line:
            continue
        *way, last = places[line[0] % len(places)]
        node = copy
        for step in way:
            node = node[step]
        node[last] = value
    return copy


def walk(node: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all values of plain data."""
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [way, *(found for key, value in rows for found in walk(value, (*way, key)))]


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    good = made()
    ways = [way for way in walk(good.statement) if way]

    def says(value: str, *way: Any) -> bytes:
        return b"\x02" + bytes((ways.index(way),)) + value.encode()

    return {
        "good": b"\0" + good.envelope,
        "neutral": b"\1",
        "bit": b"\1\x00\x20\x04\x03",
        "space": b"\1\x00\x01\x01\x20",
        "nested": b"\0" + b"[" * 3_000,
        "twice": b"\0" + good.envelope.replace(b'"payloadType"', b'"payloadType": "x", "payloadType"'),
        "made": says('"2031-01-01T00:00:00Z"', "predicate", "made"),
        "number": says("1e999", "predicate", "made"),
        "policy": says('"\\u0000/"', "predicate", "policy", "id"),
        "overlays": says('["\\ud800"]', "predicate", "policy", "overlays"),
        "lists": says("[[], {}]", "predicate", "findings"),
        "counts": says("true", "predicate", "coverage", "files"),
        "bytes": says('"9"', "predicate", "coverage", "bytes_only"),
        "less": says("-1", "predicate", "coverage", "parsed"),
        "digest": says('{"sha256": []}', "subject", 0, "digest"),
        "gaps": says('{"hiding": -1}', "predicate", "gaps"),
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
        import untag.evidence.envelope
        import untag.evidence.verify  # noqa: F401 - imported to be instrumented
    made()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
