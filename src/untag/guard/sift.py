"""The prefilter: where in a body's bytes anything stands that could matter. Most bodies are left at that.

The lexicon's anchors are the candidates, with the triggers of disguises (escapes, mixed scripts, marks that
nobody sees). Group names that are too short or too common to be anchors count beside a word for people.
"""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.guard.encodings import is_wide
from untag.interpret import naming
from untag.match import built

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["candidates", "has_disguise", "is_wide", "pictures"]
WINDOW: Final = 120_000
"""Bytes searched at once: below the size from which the engine takes a detour that only logs and data repay."""
OVERLAP: Final = 512
"""Bytes shared by two windows: longer than any term."""
_SHORT: Final = (
    "han",
    "hui",
    "dai",
    "roma",
    "sami",
    "uzbek",
    "kazakh",
    "kurd",
    "turk",
    "zang",
    "arab",
    "jew",
    "sikh",
    "zhuang",
    "miao",
    "manchu",
    "korean",
    "black",
    "white",
    "brown",
)
"""Group names that are no anchors of the lexicon: too short, or colours."""
_PEOPLE: Final = (
    "person",
    "persons",
    "people",
    "man",
    "men",
    "woman",
    "women",
    "male",
    "female",
    "face",
    "faces",
    "guy",
    "boy",
    "girl",
    "child",
    "children",
    "individual",
    "suspect",
    "couple",
    "descent",
    "appearance",
    "looking",
    "skinned",
    "worker",
    "family",
    "lady",
    "gentleman",
    "adult",
    "student",
)
_SAYING: Final = ("is", "are", "look", "looks", "appear", "appears", "seem", "seems", "be", "likely", "probably")
BESIDE: Final = (
    *(rf"\b{group}[\s_-](?:{'|'.join(_PEOPLE)})\b".encode() for group in _SHORT),
    rf"\b(?:{'|'.join(_SAYING)})(?: an?)? (?:{'|'.join(_SHORT)})\b".encode(),
    rf"\b(?:is|has)_?(?:{'|'.join(_SHORT)})\b".encode(),
    rb"\b(?:homme|femme|personne|hombre|mujer|persona)s? (?:noire?|blanche?|blanc|negr[oa]|blanc[oa])s?\b",
    rb"\"skin\"\s{0,4}:\s{0,4}\{",
    rb"attributes?(?:_?type)?[\"']?\s{0,4}[:=][^\]}{]{0,99}\bskin\b",
    rb"(?:plate|registration|province|hukou|household|identity|citizen|id|card|native)_?(?:no|num|number|card|code)?_?prefix",
    *("(?:车牌|号牌|身份证|户籍|籍贯)(?:号|号码)?(?:前缀|开头)".encode(),),
)
"""One a group: quick to search for, and compiled in a tenth of a second."""


@cache
def _beside() -> Callable[[bytes], list[int]]:
    """Return what finds short group names beside a word for people: with hyperscan, else with `re`."""
    try:
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel
    except ImportError:
        both = re.compile(b"|".join(BESIDE), re.IGNORECASE)
        return lambda body: [found.end() for found in both.finditer(body)]
    flags = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_CASELESS
    seed = zlib.crc32(b"\n".join(BESIDE))
    scan: Any = built.database("guard-beside", f"{seed:08x}", lambda: BESIDE, flags).scan

    def find(body: bytes) -> list[int]:
        out: list[int] = []
        add = out.append
        scan(body, match_event_handler=lambda _i, _f, to, _fl, _c: add(to))
        return out

    return find


@cache
def _propose() -> Callable[..., list[tuple[int, int]]]:
    proposer: Callable[..., list[tuple[int, int]]] = naming.lens().lexicon.anchors.engine.propose
    return proposer


def candidates(body: bytes) -> list[int]:
    """Return the offsets, sorted, at which a candidate ends in a body; none: the body is clean."""
    ends = anchors(body)
    ends += _beside()(body)
    ends.sort()
    return ends


def anchors(body: bytes) -> list[int]:
    """Return the offsets at which an anchor of the lexicon, or a disguise, ends."""
    plain = body.isascii()
    propose = _propose()
    if len(body) < WINDOW:
        return [end - 1 for _, end in propose(b"\n%b\n" % body, plain=plain)]
    ends: list[int] = []
    for at in range(0, len(body), WINDOW - OVERLAP):
        first = max(0, at - 1)
        piece = body[first : at + WINDOW]
        ends += [first - 1 + end for _, end in propose(b"\n%b\n" % piece, plain=plain)]
    return ends


def unquoted(body: bytes) -> bytes:
    """Return the bytes of a form without its percent signs: escapes hide word edges."""
    from urllib.parse import unquote_to_bytes  # noqa: PLC0415 - forms alone need it

    return unquote_to_bytes(body.replace(b"+", b" "))


def has_disguise(body: bytes) -> bool:
    """Say whether escapes or marks may hide a candidate inside a string, so that every string must be looked at."""
    return b"\\u" in body or b"&#" in body or b"\\x" in body or (not body.isascii())


PICTURES: Final = (
    *(
        b"image_url",
        b"input_image",
        b"data:image",
        b"inline_data",
        b"inlineData",
        b'"image"',
        b'"images"',
        b"image_base64",
    ),
    *(
        b'"img"',
        b"imageBase64",
        b"image_data",
        b'"video"',
        b"video_url",
        b"image_uri",
        b'"photo"',
        b'"photos"',
        b"Content-Type: image/",
    ),
    *(b"/9j/4AA", b"iVBORw0KGgo"),
)
"""What a request holds that comes with a picture."""


def pictures(body: bytes) -> bool:
    """Say whether a picture comes with a request."""
    return any(mark in body for mark in PICTURES)
