"""The lines of a log in which anything stands that could matter, found before any line is parsed.

A log is read in blocks that end at a line's end; one pass of the engine over a block tells which lines hold a
candidate. Most hold none, and are only counted.

Three things hide a candidate from that pass. Percent escapes and escapes of characters are undone, line by line the
same, and the block is searched again: the engine tells only that a block holds such escapes, never in how many lines.
And a prompt that asks for a group need not name one, so each line with the text of a prompt is a candidate, too.
"""

from __future__ import annotations

import io
import re
import zlib
from bisect import bisect_left
from functools import cache
from typing import IO, TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

from untag.guard import sift
from untag.interpret import naming
from untag.match import built
from untag.match.engine import FOLD
from untag.match.fold import fold
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

WINDOW: Final = 120_000
"""Bytes searched at once: below the size from which the engine takes a detour, which does not pay where each line of a
log holds a piece of a term."""
OVERLAP: Final = 512
"""Bytes shared by two windows: longer than any term."""
BLOCK: Final = WINDOW - (8 << 10)
"""Bytes read at once: with the rest of its last line, what the engine takes in one piece, and a core's cache holds."""
LINE: Final = 64 << 20
"""Bytes of a line that is kept; a longer one is counted as not read."""
EDGE: Final = (b"\n", b"{", b"}")
"""What is part of no word: where data begins and ends with it, none is put around it, which would copy all of it."""
KEYS: Final = (
    rb"(?:(?:negative_)?prompts?|questions?|query|q|instructions?|inputs?|(?:input|search|rule)_text|text|content|ask"
    rb"|search|keywords?|description|nlq?|utterance|sentence|phrase|command|goal|message|task|system|natural"
    rb"|natural_language|conditions?|criteria|criteria_text|describe|look(?:ing)?_for|requete|anfrage|sorgu"
    rb"|busqueda|consulta|descripcion|beschreibung|data|[a-z]{1,12}_(?:query|prompt|text|input))"
)
"""Names under which the guard looks for prompts."""
FROM: Final = (rb"(?:origin|origine|origen|ancestry|heritage|descent|homeland|herkunft)",)
PROMPTS: Final = (
    # in JSON, also as a text inside another; a prompt has words, so that queries and ids are none
    rb"\"" + KEYS + rb"\\{0,3}\"\s{0,4}:[\s\[]{0,8}\\{0,3}\"[^\"\s\x80-\xff\\]{0,60}[ \x80-\xff\\]",
    # a server logs the first line of a request under this name
    rb"\"request\\{0,3}\"\s{0,4}:\s{0,4}\\{0,3}\"[^\"\s/]{1,60} [^/\"\\]",
    rb"[?&\"]" + KEYS + rb"=[^&\s\"+%]{0,60}(?:\+|%20|%[c-f][0-9a-f])",
    # names that the lexicon does not hold, and the guard looks for beside it
    rb"[^a-z0-9](?:mz(?:dm|bm|lx)?|zjmz|irki?|raca)[^a-z0-9]",
    rb"[^a-z](?:gay|lesbian|straight|bisexual)[ _-](?:m[ae]n|wom[ae]n|person|people|face)",
    *(
        rb"(?:appar\w{2,4}|predicted|guessed|estimated|inferred|perceived|presumed|likely|est)[_ -]?" + name
        for name in FROM
    ),
    *(name + rb"[_ -]?(?:guess|est|pred|infer|appar|apar|suppos|estim|vermut|gesch)" for name in FROM),
)
"""What the text of a prompt looks like in a line."""
FOREIGN: Final = tuple(
    name + rb"\\{0,3}\"\s{0,4}:[\s\[]{0,8}\\{0,3}\"[^\"\s\x80-\xff\\]{0,60}[ \x80-\xff\\]"
    for name in (rb"[\x80-\xbf]", rb"\"requ\\{0,2}\xc3\xaate", rb"\"b\\{0,2}\xc3\xbasqueda")
)
"""The same under names in other scripts: only text beyond ASCII is searched for them."""


@dataclass(frozen=True, slots=True)
class Sifted:
    """What one block holds."""

    lines: int
    size: int
    candidates: tuple[bytes, ...]
    """Lines that must be looked at, in their order."""
    too_long: int = 0
    """Lines that were not read."""


def blocks(file: IO[bytes], start: int = 0, stop: int = -1) -> Iterator[tuple[bytes, int]]:
    """Yield blocks of whole lines and how many lines were too long, of those that begin in ``[start, stop)``.

    ``start`` and ``stop`` are offsets in a file that is not packed; its shares are read by several processes.
    """
    at = _first(file, start) if start else 0
    while stop < 0 or at < stop:
        piece = file.read(BLOCK if stop < 0 else min(BLOCK, stop - at))
        if not piece:
            return
        at += len(piece)
        too_long = 0
        if not piece.endswith(b"\n"):
            # the last line of a block, or of a share, goes on behind it
            rest = file.readline(LINE)
            at += len(rest)
            if len(rest) == LINE and not rest.endswith(b"\n"):
                at += skipped(file)
                piece, too_long = piece[: piece.rfind(b"\n") + 1], 1
            else:
                piece += rest
        yield piece, too_long


def _first(file: IO[bytes], start: int) -> int:
    """Go to the first line that begins at ``start`` or behind it, and return its offset."""
    file.seek(start - 1)
    return start - 1 + skipped(file)


def skipped(file: IO[bytes]) -> int:
    """Go behind the end of the line, and return how many bytes that is."""
    count = 0
    while piece := file.readline(BLOCK):
        count += len(piece)
        if piece.endswith(b"\n"):
            break
    return count


def sifted(block: bytes, too_long: int = 0) -> Sifted:
    """Return the lines of a block that hold a candidate."""
    # thrice as fast as to count line ends
    count = len(io.BytesIO(block).readlines())
    return Sifted(count, len(block), tuple(_lines(block)), too_long)


def _lines(block: bytes) -> Iterator[bytes]:
    ends, disguised = _searched(block)
    starts = _starts(block, sorted(ends)) if ends else set()
    if disguised:
        starts |= _hidden(block, fold(block))
    if b"%" in block:
        # an escaped line end would shift all lines after it
        plain = unquote_to_bytes(block.replace(b"%0A", b" ").replace(b"%0a", b" ").replace(b"+", b" "))
        starts |= _hidden(block, plain)
        if _searched(plain)[1]:
            starts |= _hidden(block, fold(plain))
    for start in sorted(starts):
        stop = block.find(b"\n", start)
        yield block[start : len(block) if stop < 0 else stop].rstrip(b"\r")


def _starts(block: bytes, ends: Iterable[int]) -> set[int]:
    """Return where the lines begin in which candidates end."""
    found: set[int] = set()
    last = -1
    for end in ends:
        # what ends a word at a line's end is the line feed: it belongs to the line that it ends
        at = max(end - 1, 0)
        if at <= last:
            continue
        stop = block.find(b"\n", at)
        last = len(block) if stop < 0 else stop
        found.add(block.rfind(b"\n", 0, at) + 1)
    return found


def _hidden(block: bytes, plain: bytes) -> set[int]:
    """Return where the lines of a block begin whose plain form, line by line the same, holds a candidate."""
    ends, _ = _searched(plain)
    if not ends:
        return set()
    feeds, own = _feeds(plain), [-1, *_feeds(block)]
    numbers = {bisect_left(feeds, max(end - 1, 0)) for end in ends}
    return {own[number] + 1 for number in numbers if number < len(own)}


def _feeds(data: bytes) -> list[int]:
    """Return the offsets of all line ends."""
    return [found.start() for found in re.finditer(rb"\n", data)]


def _searched(data: bytes) -> tuple[list[int], bool]:
    """Return the offsets at which candidates end, unsorted, and whether some of the data is disguised."""
    anchors = naming.lens().lexicon.anchors
    propose, owners = anchors.engine.propose, anchors.table.owners
    plain = data.isascii()
    ends: list[int] = []
    disguised = False
    for at in range(0, max(len(data), 1), WINDOW - OVERLAP):
        first = max(0, at - 1)
        whole = at == 0 and len(data) <= WINDOW
        piece = data if whole else data[first : at + WINDOW]
        if not (piece.startswith(EDGE) and piece.endswith(EDGE)):
            # what stands at an end of the data stands at the edge of a word
            piece, first = b"\n%b\n" % piece, first - 1
        for pattern, end in propose(piece, plain=plain):
            if owners[pattern] == FOLD:
                disguised = True
            else:
                ends.append(first + end)
        if whole or at + WINDOW >= len(data):
            break
    ends += _found("usage-beside", (*sift.BESIDE, *PROMPTS))(data)
    if not plain:
        ends += _found("usage-foreign", FOREIGN)(data)
    return ends, disguised


@cache
def _found(name: str, wanted: tuple[bytes, ...]) -> Callable[[bytes], list[int]]:
    """Return what finds some patterns: short group names beside a word for people, and prompts."""
    try:
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel
    except ImportError:
        both = re.compile(b"|".join(wanted), re.IGNORECASE)
        return lambda data: [found.end() for found in both.finditer(data)]
    flags = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_CASELESS
    scan: Any = built.database(name, f"{zlib.crc32(b''.join(wanted)):08x}", lambda: wanted, flags).scan

    def find(data: bytes) -> list[int]:
        out: list[int] = []
        add = out.append
        scan(data, match_event_handler=lambda _i, _f, to, _fl, _c: add(to))
        return out

    return find
