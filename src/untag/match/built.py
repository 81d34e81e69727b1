"""Small databases of the engine beside the lexicon's, compiled once per machine and kept in the cache folder.

A damaged file is made anew: a database with wrong bytes would load without an error and then find nothing.
"""

from __future__ import annotations

import os
import threading
import zlib
from typing import TYPE_CHECKING, Any

from untag.kept import cache_folder, write
from untag.match import store
from untag.match.hyper import HyperscanEngine, _Database

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from untag.match.engine import Finder
    from untag.model import Buffer


class Database:
    """A compiled database that several threads may search with at once.

    A search lets other threads run, and needs a scratch of its own meanwhile: two searches with one scratch are an
    error. So each thread has its own, made when it searches first.
    """

    __slots__ = ("_local", "_made")

    def __init__(self, made: Any) -> None:
        self._made = made
        self._local = threading.local()

    def scan(self, data: Buffer, match_event_handler: Callable[..., object]) -> None:
        """Call ``match_event_handler(pattern, start, end, flags, context)`` for each match."""
        try:
            scan = self._local.scan
        except AttributeError:
            scan = self._local.scan = self._own()
        scan(data, match_event_handler)

    def _own(self) -> Callable[..., object]:
        from functools import partial  # noqa: PLC0415 - once a thread

        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel

        return partial(self._made.scan, scratch=hyperscan.Scratch(self._made))


def database(name: str, seed: str, expressions: Callable[[], Sequence[bytes]], flags: int) -> Database:
    """Return a compiled hyperscan database whose patterns are numbered as ``expressions`` gives them.

    ``seed`` names what the expressions are made from: the same seed gives the same patterns. They are only made
    when the database is not in the cache. Raises `ImportError` where hyperscan has no wheel.
    """
    import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel

    key = "|".join((seed, str(flags), store.engine_identity())).encode()
    path = os.path.join(cache_folder(), f"{name}-{zlib.crc32(key):08x}{zlib.adler32(key):08x}.hs")  # noqa: PTH118
    body = _read(path)
    if not body:
        found = list(expressions())
        made = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        made.compile(expressions=found, ids=list(range(len(found))), flags=[flags] * len(found))
        body = bytes(hyperscan.dumpb(made))
        write(path, b"%08x\n" % zlib.crc32(body) + body)
    return Database(hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK))


class _Threaded(_Database):
    """One database of the lexicon, for several threads at once."""

    __slots__ = ()

    def _load(self) -> Callable[..., object]:
        scan = super()._load()
        made = getattr(scan, "__self__", None)
        if made is not None:
            self._scan = scan = Database(made).scan
        return scan

    def loaded(self) -> Callable[..., object]:
        """Return what searches: takes the bytes and the handler of matches."""
        return self._scan or self._load()


class Shared(HyperscanEngine):
    """An engine whose searches may run in several threads at once."""

    def __init__(self, engine: HyperscanEngine) -> None:
        self._plain = self._ascii = _Threaded(engine._plain._body)  # noqa: SLF001 - the same bytes, searched otherwise
        self._beyond = self._other = _Threaded(engine._beyond._body)  # noqa: SLF001
        self._scout = _Threaded(engine._scout._body) if engine._scout else None  # noqa: SLF001

    def searches(self) -> tuple[Callable[..., object], Callable[..., object]]:
        """Return what searches for the patterns of ASCII, and for all others, without a detour."""
        return self._ascii.loaded(), self._other.loaded()


def shared(finder: Finder) -> None:
    """Let several threads search with a finder at once: a service judges some bodies beside its event loop."""
    if type(finder.engine) is HyperscanEngine:
        finder.engine = Shared(finder.engine)


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the cache speaks in texts
            head, _, body = file.read().partition(b"\n")
    except OSError:
        return b""
    return body if head == b"%08x" % zlib.crc32(body) else b""
