"""Small databases of the engine beside the lexicon's, compiled once per machine and kept in the cache folder.

A damaged file is made anew: a database with wrong bytes would load without an error and then find nothing.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING, Any

from untag.kept import cache_folder, write
from untag.match import store

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def database(name: str, seed: str, expressions: Callable[[], Sequence[bytes]], flags: int) -> Any:
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
    loaded = hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
    loaded.scratch = hyperscan.Scratch(loaded)
    return loaded


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - the cache speaks in texts
            head, _, body = file.read().partition(b"\n")
    except OSError:
        return b""
    return body if head == b"%08x" % zlib.crc32(body) else b""
