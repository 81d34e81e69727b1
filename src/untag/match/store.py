"""The compiled lexicon: made once per lexicon, engine and machine, then read from a cache.

The file holds a digest, the terms and three databases. It is read whole and checked
against its digest before any of it is used; a file that fails is made anew. Where no
cache folder can be written, the lexicon is compiled in memory for this run.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
import tempfile
from dataclasses import astuple, dataclass
from typing import Final

from untag.lexicon import compile as patterns
from untag.lexicon.term import Term
from untag.match.engine import AhoCorasickEngine, Finder, HyperscanEngine, Table, has_hyperscan

MAGIC: Final = b"untag-lexicon\n"
DIGEST: Final = 32
PARTS: Final = ("anchors", "context", "binary")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The terms and the finders over them."""

    terms: tuple[Term, ...]
    anchors: Finder
    """Runs over all text: what can begin a finding, and the triggers of `fold`."""
    context: Finder
    """Runs over text in which an anchor stood."""
    binary: Finder
    """Runs over binaries: anchors that are no mere group names, also in UTF-16LE and GB18030."""
    sha256: str


def _binary_anchor(term: Term) -> bool:
    return patterns.is_anchor(term) and term.kind not in ("group", "proxy")


def tables(terms: tuple[Term, ...]) -> tuple[Table, Table, Table]:
    """Return the three tables of patterns in the order of `PARTS`."""
    return (
        Table(terms, patterns.is_anchor, triggers=True),
        Table(terms, patterns.is_context, triggers=False),
        Table(terms, _binary_anchor, triggers=False, wide=True),
    )


def cache_folder() -> str:
    """Return the user's cache folder for untag, made by whoever writes there first."""
    if chosen := os.environ.get("UNTAG_CACHE"):
        return chosen
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser("~\\AppData\\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "untag")


def _key(digest: str) -> str:
    """Return the cache file's name: lexicon, patterns, engine and CPU all decide what fits."""
    import hyperscan  # noqa: PLC0415 - only called when it is installed

    seed = "|".join((digest, str(patterns.VERSION), hyperscan.__version__, platform.machine(), _cpu_flags()))
    return "lexicon-" + hashlib.sha256(seed.encode()).hexdigest()[:24] + ".bin"


def _cpu_flags() -> str:
    """Return what tells apart CPUs that a database was tuned for; empty where it cannot be read."""
    try:
        with open("/proc/cpuinfo", "rb") as f:
            head = f.read(4096)
    except OSError:
        return platform.processor()
    names = ("avx512vbmi", "avx512bw", "avx2", "sse4_2", "asimd", "sve")
    return ",".join(n for n in names if n.encode() in head)


def load() -> Lexicon:
    """Return the compiled lexicon, from the cache when there is one that fits."""
    from untag.lexicon.load import digest  # noqa: PLC0415

    sha = digest()
    if not has_hyperscan():
        return _fallback(sha)
    path = os.path.join(cache_folder(), _key(sha))
    body = _read(path)
    if body is None:
        body = _compile(sha)
        _write(path, body)
    return _open(body, sha)


def _fallback(sha: str) -> Lexicon:
    from untag.lexicon.load import load as load_terms  # noqa: PLC0415

    terms = load_terms()
    finders = [Finder(terms, t, AhoCorasickEngine(t)) for t in tables(terms)]
    return Lexicon(terms, *finders, sha256=sha)


def _compile(sha: str) -> bytes:
    from untag.lexicon.load import load as load_terms  # noqa: PLC0415

    terms = load_terms()
    parts = tables(terms)
    databases = [HyperscanEngine.compile(t) for t in parts]
    head = {
        "sha256": sha,
        "terms": [_row(t) for t in terms],
        "tables": [t.dump() for t in parts],
        "sizes": [len(d) for d in databases],
    }
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode()
    return len(text).to_bytes(8, "big") + text + b"".join(databases)


def _row(term: Term) -> list[object]:
    """Return a term without what only `lexicon check` reads."""
    row = list(astuple(term))
    row[_HITS] = row[_MISSES] = []
    row[_NOTE] = row[_SOURCE] = ""
    return row


_FIELDS: Final = tuple(Term.__dataclass_fields__)
_HITS, _MISSES, _NOTE, _SOURCE = (_FIELDS.index(n) for n in ("hits", "misses", "note", "source"))
_TUPLES: Final = tuple(_FIELDS.index(n) for n in ("benign_next", "benign_prev", "hits", "misses"))


def _open(body: bytes, sha: str) -> Lexicon:
    size = int.from_bytes(body[:8], "big")
    head = json.loads(body[8 : 8 + size])
    rows = head["terms"]
    for row in rows:
        for i in _TUPLES:
            row[i] = tuple(row[i])
    terms = tuple(Term(*row) for row in rows)
    finders = []
    at = 8 + size
    for dumped, length in zip(head["tables"], head["sizes"], strict=True):
        finders.append(Finder(terms, Table.restore(dumped), HyperscanEngine.load(body[at : at + length])))
        at += length
    return Lexicon(terms, *finders, sha256=sha)


def _read(path: str) -> bytes | None:
    """Return the body of a cache file whose digest holds, else None."""
    try:
        with open(path, "rb") as f:
            raw = f.read()
    except OSError:
        return None
    start = len(MAGIC) + DIGEST
    body = raw[start:]
    if raw[: len(MAGIC)] != MAGIC or hashlib.sha256(body).digest() != raw[len(MAGIC) : start]:
        return None
    return body


def _write(path: str, body: bytes) -> None:
    """Keep a compiled lexicon; a folder that cannot be written costs time, never a scan."""
    folder = os.path.dirname(path)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=folder, prefix=".lexicon-")
        try:
            with os.fdopen(handle, "wb") as f:
                f.write(MAGIC + hashlib.sha256(body).digest() + body)
            os.replace(temporary, path)
        except OSError:
            os.unlink(temporary)
    except OSError:
        return
