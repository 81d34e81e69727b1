"""Hyperscan over the byte patterns of a table: which database runs over which text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import LexiconError
from untag.kept import cache_folder
from untag.lexicon import compile as patterns

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from untag.match.engine import Table
    from untag.model import Buffer

    Job = Callable[[], bytes]

FOLD: Final = -1
"""Term index of a trigger: the text must be folded and searched again."""
DAMAGED: Final = "the compiled lexicon in {} is damaged: delete that folder and run again"
PAD: Final = b"\n"
PIECE: Final = 1 << 30
"""Number from which on a pattern is one of the scout, and none of the table."""
SCOUTED: Final = 1 << 17
"""Bytes from which a text is scouted: source files are smaller, logs and data are larger."""
REACH: Final = 256
"""Bytes before and behind a piece of a term in which the whole of it stands, word edges included."""


class HyperscanEngine:
    """Intel Hyperscan (or Vectorscan) block mode over byte patterns.

    The patterns are two databases: one of ASCII bytes, and one of all others, which
    most text need never meet. The smaller each is, the faster it runs. A large text is searched with
    a third one, that of `untag.match.scout`, and with the first only around the places where the third
    found a piece of a term. Source code is so full of such places that the detour costs time.
    """

    def __init__(
        self, plain: Callable[[], bytes], beyond: Callable[[], bytes], scout: Callable[[], bytes] | None = None
    ) -> None:
        self._plain = _Database(plain)
        self._beyond = _Database(beyond)
        self._scout = _Database(scout) if scout else None

    def load(self) -> None:
        """See `Engine.load`."""
        self._plain.scan(PAD, [])
        self._beyond.scan(PAD, [])

    def propose(self, padded: Buffer, *, plain: bool = False) -> list[tuple[int, int]]:
        """See `Engine.propose`."""
        out: list[tuple[int, int]] = []
        if self._scout is None or len(padded) < SCOUTED:
            self._plain.scan(padded, out)
        else:
            self._scouted(self._scout, padded, out)
        if not plain:
            self._beyond.scan(padded, out)
        return out

    def _scouted(self, scout: _Database, padded: Buffer, out: list[tuple[int, int]]) -> None:
        """Append what the first database finds around the places that the scout names.

        Triggers are the scout's own: in each text they fire at most once, wherever it is cut.
        """
        met: list[tuple[int, int]] = []
        scout.scan(padded, met)
        triggers = {pattern for pattern, _ in met if pattern < PIECE}
        out += [(pattern, end) for pattern, end in met if pattern < PIECE]
        ends = sorted({end for pattern, end in met if pattern >= PIECE})
        at = 0
        while at < len(ends):
            start = max(0, ends[at] - REACH)
            stop = ends[at] + REACH
            while at < len(ends) and ends[at] - REACH <= stop:
                stop = ends[at] + REACH
                at += 1
            near: list[tuple[int, int]] = []
            self._plain.scan(padded[start:stop], near)
            out += [(pattern, start + end) for pattern, end in near if pattern not in triggers]

    @staticmethod
    def compile(table: Table) -> tuple[bytes, bytes]:
        """Return the two serialised databases of a table; empty bytes for one without patterns."""
        plain, beyond, _ = HyperscanEngine.jobs(table, scout=False)
        return plain(), beyond()

    @staticmethod
    def jobs(table: Table, *, scout: bool) -> tuple[Job, Job, Job]:
        """Return what makes each database of a table: ASCII, all else, and the scout, which is empty unless wanted."""
        parts: tuple[list[int], list[int], list[int]] = ([], [], [])
        for pattern, expression in enumerate(table.expressions):
            if not expression.isascii() or expression in patterns.BEYOND_TRIGGERS:
                parts[1].append(pattern)
                continue
            parts[0].append(pattern)
            if table.owners[pattern] == FOLD:
                parts[2].append(pattern)
        plain, beyond, triggers = parts

        def made() -> bytes:
            from untag.match.scout import expressions  # noqa: PLC0415 - only a compiler needs it

            return _serialised(table, triggers, expressions(table.spelled()))

        return lambda: _serialised(table, plain), lambda: _serialised(table, beyond), made if scout else bytes


def _serialised(table: Table, chosen: Sequence[int], pieces: Sequence[bytes] = ()) -> bytes:
    """Return the database of the chosen patterns of a table and the scout's ``pieces``; empty without any."""
    import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel

    from untag.match.scout import STEADY  # noqa: PLC0415 - only a compiler needs it

    if not chosen and not pieces:
        return b""
    single, plain = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH, hyperscan.HS_FLAG_DOTALL
    flags = [single if table.owners[p] == FOLD else plain for p in chosen]
    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    steady = [STEADY] if pieces else []
    database.compile(
        expressions=[*(table.expressions[p] for p in chosen), *pieces, *steady],
        ids=[*chosen, *[PIECE] * len(pieces), *[PIECE + 1] * len(steady)],
        flags=[*flags, *[plain] * len(pieces), *[single] * len(steady)],
    )
    return bytes(hyperscan.dumpb(database))


class _Database:
    """One database, loaded when the first bytes come."""

    __slots__ = ("_body", "_scan")

    def __init__(self, body: Callable[[], bytes]) -> None:
        self._body = body
        self._scan: Callable[..., object] | None = None

    def scan(self, padded: Buffer, out: list[tuple[int, int]]) -> None:
        """Append every ``(pattern, end)`` in the data to ``out``."""
        scan = self._scan or self._load()
        add = out.append
        scan(padded, match_event_handler=lambda i, _f, t, _fl, _c: add((i, t)))

    def _load(self) -> Callable[..., object]:
        import hyperscan  # noqa: PLC0415 - loads where it is used

        body = self._body()
        if not body:
            self._scan = _nothing
            return _nothing
        try:
            database = hyperscan.loadb(body, hyperscan.HS_MODE_BLOCK)
        except hyperscan.error as damage:
            raise LexiconError(DAMAGED.format(cache_folder())) from damage
        database.scratch = hyperscan.Scratch(database)
        self._scan = scan = database.scan
        return scan


def _nothing(padded: Buffer, match_event_handler: object) -> None:
    """Scan for no patterns."""
