"""Fuzz folding and decoding: ``python tests/fuzz/fuzz_text.py -max_total_time=60``.

Folding keeps the lines, gives UTF-8, and folds nothing more when it is done again; decoding
gives UTF-8 or says that no encoding fits. The engine finds in any bytes what the judge accepts.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["untag"]):
    from untag.match import store
    from untag.match.boundary import accepts
    from untag.match.decode import decode
    from untag.match.fold import fold

LEXICON = store.load()


def one(data: bytes) -> None:
    found = decode(data)
    if found is not None:
        text, encoding = found
        assert encoding
        text.decode("utf-8")
        _folded(text)
    _folded(data.decode("utf-8", "replace").encode())
    for _, start, stop in LEXICON.anchors.find(data):
        assert 0 <= start < stop <= len(data)
        assert accepts(data, start, stop)


def _folded(text: bytes) -> None:
    for escapes_only in (True, False):
        folded = fold(text, escapes_only=escapes_only)
        folded.decode("utf-8")
        assert folded.count(b"\n") == text.count(b"\n")


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
