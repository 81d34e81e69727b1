"""The compiled lexicon: made once per lexicon, engine and machine, then read from a cache.

The file holds the terms and, for each of three finders, a table and two databases, each
with a checksum that is compared before it is used; a file that fails is made anew. Where no
cache folder can be written, the lexicon is compiled in memory for this run.
"""

from __future__ import annotations

import os
import zlib
from array import array
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from untag.errors import LexiconError
from untag.kept import cache_folder, tidy, write
from untag.lexicon import compile as patterns
from untag.lexicon.term import Term
from untag.match.alongside import all_made
from untag.match.engine import AhoCorasickEngine, Finder, HyperscanEngine, Indexed, Table, has_hyperscan
from untag.match.hyper import DAMAGED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAGIC: Final = b"untag-lexicon 6\n"
HEAD_MOST: Final = 1 << 16
"""Bytes of a sane head."""
ROWS: Final = 2
"""Raised when the rows of terms change shape, so that a cache of before is not used."""
PAGE: Final = 64
"""Terms that are read at once: a scan that meets a few need not read all twenty thousand."""
SEAL: Final = 4
"""Bytes of the checksum before each row."""
PARTS: Final = ("anchors", "context", "binary")
DATABASES: Final = 3
"""Databases of each part: ASCII patterns, all others, the scout (empty where a part has none)."""


class Lexicon:
    """The terms and the finders over them; each finder is read from the cache when it is first used."""

    def __init__(self, terms: Indexed, parts: dict[str, Callable[[], Finder]], sha256: str, version: str) -> None:
        self.terms = terms
        self.sha256 = sha256
        """Digest of the lexicon's data."""
        self.version = version
        """Date of the data."""
        self._parts = parts

    @cached_property
    def anchors(self) -> Finder:
        """Runs over all text: what can begin a finding, and the triggers of `fold`."""
        return self._parts["anchors"]()

    @cached_property
    def context(self) -> Finder:
        """Runs over text in which an anchor stood."""
        return self._parts["context"]()

    @cached_property
    def binary(self) -> Finder:
        """Runs over binaries: anchors that are no mere group names, also in UTF-16LE and GB18030."""
        return self._parts["binary"]()


class Terms(dict[int, Term]):
    """The terms of a cached lexicon by their number, each made when it is first asked for.

    A dictionary, because an interpretation asks for terms by the million: what is
    there is found without a call into Python.
    """

    def __init__(self, count: int, ends: Callable[[], bytes], rows: Callable[[int, int], bytes]) -> None:
        """Take what reads the ends of the rows, and what reads ``rows(start, size)``, some of their bytes."""
        super().__init__()
        self._count = count
        self._read = ends
        self._rows = rows
        self._pages: dict[int, bytes] = {}

    @cached_property
    def _ends(self) -> array[int]:
        """Where each row ends."""
        places = array("I")
        places.frombytes(self._read())
        return places

    def __missing__(self, index: int) -> Term:
        if not 0 <= index < self._count:
            raise IndexError(index)
        import json  # noqa: PLC0415 - only text with a candidate asks

        ends = self._ends
        first = index - index % PAGE
        begun = ends[first - 1] if first else 0
        page = self._pages.get(first)
        if page is None:
            page = self._pages[first] = self._rows(begun, ends[min(first + PAGE, self._count) - 1] - begun)
        sealed = page[(ends[index - 1] if index else 0) - begun : ends[index] - begun]
        if zlib.crc32(sealed[SEAL:]) != int.from_bytes(sealed[:SEAL], "big"):
            raise _damaged()
        row = json.loads(sealed[SEAL:])
        for i in _TUPLES:
            row[i] = tuple(row[i])
        term = self[index] = Term(*row)
        return term

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Term]:  # type: ignore[override]
        return (self[i] for i in range(self._count))


def _binary_anchor(term: Term) -> bool:
    return patterns.is_anchor(term) and term.kind not in ("group", "proxy")


def tables(terms: tuple[Term, ...]) -> tuple[Table, Table, Table]:
    """Return the three tables of patterns in the order of `PARTS`."""
    return (
        Table(terms, patterns.is_anchor, triggers=True),
        Table(terms, patterns.is_context, triggers=False),
        Table(terms, _binary_anchor, triggers=False, wide=True),
    )


def _key() -> str:
    """Return the cache file's name: data files, patterns, engine and CPU all decide what fits.

    The data files count by name, size and time, which is quick; their digest is in the file.
    """
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "lexicon")
    stats = []
    for name in sorted(os.listdir(os.path.join(folder, "data"))):
        stat = os.stat(os.path.join(folder, "data", name))
        stats.append(f"{name}:{stat.st_size}:{stat.st_mtime_ns}")
    engine = _engine_version()
    seed = "|".join((*stats, f"{patterns.VERSION}.{ROWS}", engine, _machine(), _cpu_flags()))
    return f"lexicon-{zlib.crc32(seed.encode()):08x}{zlib.adler32(seed.encode()):08x}-{len(stats)}.bin"


def engine_identity() -> str:
    """Return what a compiled database fits: the engine's version and this machine's kind of processor."""
    return f"{_engine_version()}|{_machine()}|{_cpu_flags()}"


def _engine_version() -> str:
    """Return the engine's version without importing the engine's package metadata."""
    import hyperscan  # noqa: PLC0415 - only called when it is installed

    return str(getattr(hyperscan, "__version__", ""))


def _machine() -> str:
    if hasattr(os, "uname"):
        return os.uname().machine
    import platform  # noqa: PLC0415 - slow to load

    return platform.machine()


def _cpu_flags() -> str:
    """Return what tells apart CPUs that a database was tuned for; empty where it cannot be read."""
    try:
        with open("/proc/cpuinfo", "rb") as f:
            head = f.read(4096)
    except OSError:
        return ""
    names = ("avx512vbmi", "avx512bw", "avx2", "sse4_2", "asimd", "sve")
    return ",".join(n for n in names if n.encode() in head)


def announce() -> None:
    """Be told that the lexicon is about to be compiled, which takes a while; a caller may put its own here."""


def load() -> Lexicon:
    """Return the compiled lexicon, from the cache when there is one that fits."""
    if not has_hyperscan():
        return _fallback()
    path = os.path.join(cache_folder(), _key())
    opened = _open(path)
    if opened is None:
        announce()
        body = _compile()
        write(path, body)
        tidy()
        opened = _opened(lambda start, size: body[start : start + size])
        if opened is None:
            raise LexiconError("the lexicon was compiled but does not load; please report it")
    return opened


def _fallback() -> Lexicon:
    import untag.lexicon.load as data  # noqa: PLC0415 - a compiled lexicon parses no data

    terms = data.load()

    def part(table: Table) -> Callable[[], Finder]:
        return lambda: Finder(terms, table, AhoCorasickEngine(table))

    return Lexicon(terms, {n: part(t) for n, t in zip(PARTS, tables(terms), strict=True)}, data.digest(), data.VERSION)


def _compile() -> bytes:
    """Return a cache file: magic, length and checksum of the head, the head, then the databases."""
    import json  # noqa: PLC0415 - a compiled lexicon is read without

    import untag.lexicon.load as data  # noqa: PLC0415

    terms = data.load()
    made = tables(terms)
    rows = [_sealed(json.dumps(_row(t), ensure_ascii=False, separators=(",", ":")).encode()) for t in terms]
    blocks = [array("I", accumulate(map(len, rows))).tobytes(), b"".join(rows)]
    jobs = [
        job
        for table, name in zip(made, PARTS, strict=True)
        for job in HyperscanEngine.jobs(table, scout=name == "anchors")
    ]
    databases = iter(all_made(jobs))
    for table in made:
        blocks += (table.dump(), *(next(databases) for _ in range(DATABASES)))
    sizes = (f"{len(b)} {zlib.crc32(b)}" for b in blocks)
    head = "\n".join((data.digest(), data.VERSION, str(len(terms)), *sizes)).encode()
    return MAGIC + len(head).to_bytes(8, "big") + zlib.crc32(head).to_bytes(8, "big") + head + b"".join(blocks)


def _open(path: str) -> Lexicon | None:
    """Return the lexicon in a cache file, or None when there is none or it is damaged."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_CLOEXEC", 0))
    except OSError:
        return None
    return _opened(_File(handle))


class _File:
    """Reads pieces of an open file, which is closed when nobody reads it any more."""

    __slots__ = ("_handle",)

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __call__(self, start: int, size: int) -> bytes:
        return os.pread(self._handle, size, start)

    def __del__(self) -> None:
        os.close(self._handle)


def _opened(read: Callable[[int, int], bytes]) -> Lexicon | None:
    """Return the lexicon behind ``read(start, size)``; every block is checked before it is used, by whoever uses it."""
    start = len(MAGIC)
    fixed = read(0, start + 16)
    size = int.from_bytes(fixed[start : start + 8], "big")
    if fixed[:start] != MAGIC or size > HEAD_MOST:
        return None
    raw = read(start + 16, size)
    if zlib.crc32(raw) != int.from_bytes(fixed[start + 8 :], "big"):
        return None
    sha256, version, count, *sizes = raw.decode().split("\n")
    places = []
    at = start + 16 + size
    for line in sizes:
        length, checksum = map(int, line.split())
        places.append((at, length, checksum))
        at += length

    def block(number: int) -> bytes:
        raw = database(number)
        if zlib.crc32(raw) != places[number][2]:
            raise _damaged()
        return raw

    def database(number: int) -> bytes:
        """Return a block that Hyperscan compares with the checksum inside before it loads it."""
        start, size, _ = places[number]
        return read(start, size)

    terms = Terms(int(count), lambda: block(0), lambda start, size: read(places[1][0] + start, size))

    def part(number: int) -> Callable[[], Finder]:
        def finder() -> Finder:
            first = 2 + (1 + DATABASES) * number
            table = Table.restore(terms, block(first))
            scout = (lambda: database(first + 3)) if places[first + 3][1] else None
            return Finder(
                terms, table, HyperscanEngine(lambda: database(first + 1), lambda: database(first + 2), scout)
            )

        return finder

    return Lexicon(terms, {n: part(i) for i, n in enumerate(PARTS)}, sha256, version)


def _damaged() -> LexiconError:
    return LexiconError(DAMAGED.format(cache_folder()))


def _sealed(row: bytes) -> bytes:
    """Return a row behind its checksum: rows are read a few at a time."""
    return zlib.crc32(row).to_bytes(SEAL, "big") + row


def _row(term: Term) -> list[object]:
    """Return a term without what only `lexicon check` reads."""
    row: list[object] = [getattr(term, name) for name in _FIELDS]
    row[_HITS] = row[_MISSES] = []
    row[_NOTE] = row[_SOURCE] = ""
    return row


_FIELDS: Final = Term.__match_args__
_HITS, _MISSES, _NOTE, _SOURCE = (_FIELDS.index(n) for n in ("hits", "misses", "note", "source"))
_TUPLES: Final = tuple(_FIELDS.index(n) for n in ("benign_next", "benign_prev", "hits", "misses"))
