"""The prefilter: where in a body's bytes anything stands that could matter. Most bodies are left at that.

The lexicon's anchors are the candidates, with the triggers of disguises (escapes, mixed scripts, marks that
nobody sees). Group names that are too short or too common to be anchors count beside a word for people.
"""

from __future__ import annotations

import re
import zlib
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from untag.guard.encodings import is_json, is_wide
from untag.guard.marks import pictures, signs
from untag.guard.payload import charset_of, kind_of
from untag.guard.splice import Unreadable, unescaped
from untag.interpret import naming
from untag.match import built

if TYPE_CHECKING:
    from collections.abc import Callable

    Scan = Callable[..., object]
    """Searches bytes, and calls a handler for each match."""

__all__ = ["candidates", "has_disguise", "is_wide", "pictures", "signs"]
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
_ORIGINS: Final = rb"origin|ancestry|heritage|descent|homeland"
_KEYS: Final = (
    rb"(?:^|[^a-z0-9])(?:irki?|irq|raca|rassa|rasa?|rce|suku|sukubangsa|bangsa|pribumi|kavim|nationalnost|narodnost|etn"
    rb"|eth_?grp|eth_group|ethnobg|fitzp?|sk(?:in_?|n)tone|skin_?(?:idx|cls)|relig|relgn|rlgn|xinyang|verois"
    rb"|diniinanc|mezheb)(?:$|[^a-z])"
)
_ROMANISED: Final = (
    rb"(?:^|[^a-z])(?:han|wei|weiwuer|zang|hui|meng|menggu|miao|yi|zhuang|buyi|chaoxian|tujia|hani|hasake|dai|lisu|lahu"
    rb"|naxi|jingpo|keerkezi|qiang|sala|gelao|xibo|tajike|wuzibieke|eluosi|elunchun|ewenke|dongxiang|baoan|yugu)_?zu"
    rb"(?:$|[^a-z])|(?:^|[^a-z])(?:kavkaz(?:ets|ec|cy)|ts?ygane?|slavyan(?:in|e))(?:$|[^a-z])"
)
_BARE: Final = (
    _KEYS,
    rb"(?:appar[a-z]{2,4}|predicted|guessed|estimated|inferred|perceived|presumed|likely|est)[_ -]?"
    + rb"(?:%b)" % _ORIGINS,
    rb"(?:%b|origine|origen|herkunft|hometown)\\?\"\s{0,4}:\s{0,4}\\?\"" % _ORIGINS
    + rb"(?:tibet|xizang|rakhine|arakan|chechnya|dagestan|ingushetia|kurdistan|kabylia)\\?\"",
    rb"(?:%b|origine|origen|herkunft)[_ -]?" % _ORIGINS
    + rb"(?:guess|est|pred|infer|appar|apar|suppos|estim|vermut|gesch)",
)
"""Names of attributes that the lexicon does not hold, as `untag.guard.words.BARE` and its origins have them."""
BESIDE: Final = (
    *(rf"\b{group}[\s_-](?:{'|'.join(_PEOPLE)})\b".encode() for group in _SHORT),
    rf"\b(?:{'|'.join(_SAYING)})(?: an?)? (?:{'|'.join(_SHORT)})\b".encode(),
    rf"\b(?:is|has)_?(?:{'|'.join(_SHORT)})\b".encode(),
    rb"\b(?:homme|femme|personne|hombre|mujer|persona)s? (?:noire?|blanche?|blanc|negr[oa]|blanc[oa])s?\b",
    rb"\"skin\"\s{0,4}:\s{0,4}(?:\{|\"(?:black|white|yellow|brown|olive|dark|light|fair|pale|medium|tan)\")",
    rb"attributes?(?:_?type)?[\"']?\s{0,4}[:=][^\]}{]{0,99}\bskin\b",
    rb"(?:plate|registration|province|hukou|household|identity|citizen|id|card|native)_?(?:no|num|number|card|code)?_?prefix",
    *("(?:车牌|号牌|身份证|户籍|籍贯)(?:号|号码)?(?:前缀|开头)".encode(),),
    *_BARE,
    _ROMANISED,
    rb"ethn(?:c|grp|group|bg)?(?:$|[^a-z]|logit|score|prob|conf|pred|idx|code)",
    rb"(?:^|[^a-z0-9])(?:mz(?:dm|bm|lx|mc)?|zjmz|minzu(?:dm|mc)?)(?:$|[^a-z0-9])",
    rb"(?:gay|lesbian|straight|bisexual)[ _-](?:m[ae]n|wom[ae]n|person|people|face)",
)
"""One a group: quick to search for, and compiled in a tenth of a second."""


def _beside_scan() -> Scan | None:
    """Return what searches for short group names beside a word for people; None without hyperscan."""
    try:
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel
    except ImportError:
        return None
    flags = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_CASELESS
    seed = zlib.crc32(b"\n".join(BESIDE))
    return built.database("guard-beside", f"{seed:08x}", lambda: BESIDE, flags).scan


@cache
def _beside() -> Callable[[bytes], list[int]]:
    """Return what finds short group names beside a word for people: with hyperscan, else with `re`."""
    scan = _beside_scan()
    if scan is None:
        both = re.compile(b"|".join(BESIDE), re.IGNORECASE)
        return lambda body: [found.end() for found in both.finditer(body)]

    def find(body: bytes) -> list[int]:
        out: list[int] = []
        add = out.append
        scan(body, lambda _i, _f, to, _fl, _c: add(to))
        return out

    return find


@cache
def ready() -> Callable[[bytes], list[int]]:
    """Return what finds the lexicon's anchors; from here on several threads may ask the lexicon at once."""
    lexicon = naming.lens().lexicon
    for finder in (lexicon.anchors, lexicon.context):
        built.shared(finder)
    engine = lexicon.anchors.engine
    if not isinstance(engine, built.Shared):
        return lambda body: [end - 1 for _, end in engine.propose(b"\n%b\n" % body, plain=body.isascii())]
    return _finder(*engine.searches(), None)


def _finder(plain: Scan, beyond: Scan, beside: Scan | None) -> Callable[[bytes], list[int]]:
    """Return what gives the ends of all that three searches find; one handler does for them all."""

    def find(body: bytes) -> list[int]:
        out: list[int] = []
        add = out.append
        if body[:1] in _OPENS and body[-1:] in _CLOSES:
            # nothing of a word stands at the edges: no copy between two line ends is needed

            def met(_i: int, _f: int, to: int, _fl: int, _c: object) -> None:
                add(to)

            plain(body, met)
            if not body.isascii():
                beyond(body, met)
            if beside is not None:
                beside(body, met)
            return out
        padded = b"\n%b\n" % body
        plain(padded, lambda _i, _f, to, _fl, _c: add(to - 1))
        if not body.isascii():
            beyond(padded, lambda _i, _f, to, _fl, _c: add(to - 1))
        if beside is not None:
            beside(body, lambda _i, _f, to, _fl, _c: add(to))
        return out

    return find


@cache
def _both() -> Callable[[bytes], list[int]]:
    """Return what finds the lexicon's anchors and what stands beside a word for people, in no order."""
    anchored = ready()
    engine, beside = naming.lens().lexicon.anchors.engine, _beside_scan()
    if isinstance(engine, built.Shared) and beside is not None:
        return _finder(*engine.searches(), beside)
    return lambda body: anchored(body) + _beside()(body)


_OPENS: Final = b"{[< \t\r\n"
_CLOSES: Final = b"}]> \t\r\n"
"""With what a body begins or ends that belongs to no word."""


def candidates(body: bytes) -> list[int]:
    """Return the offsets, sorted, at which a candidate ends in a body; none: the body is clean."""
    ends = _both()(body)
    if ends:
        ends.sort()
    return ends


def anchors(body: bytes) -> list[int]:
    """Return the offsets at which an anchor of the lexicon, or a disguise, ends."""
    return ready()(body)


_LETTERS: Final = (
    # Cyrillic and Greek beside Latin, and marks that stand on a Latin letter
    rb"[a-zA-Z](?:[\xd0\xd1\xce\xcf\xcc][\x80-\xbf]|\xcd[\x80-\xaf]|\xe1\xa0\x8e)",
    rb"[\xd0\xd1\xce\xcf][\x80-\xbf][a-zA-Z]",
    # small Roman numerals, letters in circles, raised letters
    rb"\xe2\x85[\xa0-\xbf]|\xe2\x92[\x9c-\xbf]|\xe2\x93[\x80-\xa9]|\xca[\xb0-\xb8]|\xe1[\xb4-\xb6][\x80-\xbf]",
)
"""Letters that pass for others, and that the judgement of a name undoes: rarer ones than the lexicon looks for."""


@cache
def _posing() -> Callable[[bytes], bool]:
    """Return what says whether letters that pass for others stand in a text."""
    try:
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel
    except ImportError:
        both = re.compile(b"|".join(_LETTERS))
        return lambda body: both.search(body) is not None
    flags = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH
    scan = built.database("guard-letters", f"{zlib.crc32(b'|'.join(_LETTERS)):08x}", lambda: _LETTERS, flags).scan

    def find(body: bytes) -> bool:
        out: list[int] = []
        add = out.append
        scan(body, lambda i, _f, _t, _fl, _c: add(i))
        return bool(out)

    return find


class Told(NamedTuple):
    """What a content type says of a body's bytes."""

    kind: str
    """As `untag.guard.payload.kind_of` has it."""
    charset: str
    """Empty for UTF-8, ASCII and what is not said."""


@lru_cache(maxsize=512)
def told(content_type: str) -> Told:
    """Return what a content type says."""
    charset = charset_of(b"", content_type).strip("\"' ").lower()
    return Told(kind_of(content_type), "" if charset in _USUAL else charset)


_USUAL: Final = ("utf-8", "utf8", "us-ascii", "ascii")
_STRUCTURED: Final = frozenset(("json", "lines", "events", "form", "xml"))
_BEGUN = re.compile(rb"\s*[\[{]\s*[\"\[{\]}]")
"""How JSON begins, whatever it calls itself."""
_SPELLED = re.compile(rb"\\u([0-9a-fA-F]{4})")
_CODECS = re.compile(
    r"(?:utf|ucs|iso|latin|windows|cp|koi8|mac|gb|hz|big5|shift|s|euc|johab|tis|ibm|ptcp)[-_]?[a-z]{0,12}[-_]?[0-9]{0,5}"
    r"(?:[-_][a-z0-9]{1,10}){0,3}|gbk|sjis",
    re.IGNORECASE,
)
"""Character sets that people use; of what else a library would call one, some take time without measure."""
_MARKUP: Final = (b"&#", b"<!", b"<?")
"""Behind which a word of XML can be taken apart: character references, comments, sections, instructions."""


def veiled(body: bytes, told: Told) -> bool:
    """Say whether a body in whose bytes no candidate stands may still hold one for whoever reads it.

    By an escape, by another character set, by letters that pass for others, by markup in the middle of a word: such
    a body must be parsed. JSON with an escape that is malformed is veiled, too: lenient readers have escapes of
    their own.
    """
    if not told.charset and b"\\" not in body and body[:1] in (b"{", b"[") and body.isascii():
        return False
    kind = told.kind
    markup = kind == "xml" or body[:5] == b"<?xml"
    if told.charset or markup or not body.isascii():
        text = _decoded(body, told)
        if text is None:
            # nobody can say what it says; where it claims no structure, it is text of some other country, or no text
            structured = markup or kind in _STRUCTURED or _BEGUN.match(body) is not None
            return bool(told.charset) or structured or _elsewhere(body)
        body = text
        if not body.isascii() and _posing()(body):
            return True
    if b"\\" in body and (kind in ("json", "lines", "events") or _BEGUN.match(body)):
        if kind not in ("lines", "events") and not is_json(body):
            return True
        if b"\\u" in body and not _plain_escapes(body):
            return True
    if kind == "form":
        return b"%" in body and bool(candidates(unquoted(body)))
    return markup and any(mark in body[2:] for mark in _MARKUP)


def unveiled(body: bytes, told: Told) -> bool:
    """Say whether the only candidates of a body are its escapes, and what they stand for is none."""
    if b"\\u" not in body or told.charset or told.kind not in ("json", "") or not _BEGUN.match(body):
        return False
    return is_json(body) and _plain_escapes(body)


def _plain_escapes(body: bytes) -> bool:
    """Say whether no candidate stands in a document when each of its escapes is the character that it stands for."""
    try:
        text = body.decode("utf-8")
        both = [unescaped(text).encode("utf-8")]
        if b"\\\\u" in body:
            # a reader may be out of step with a backslash before them
            both.append(_SPELLED.sub(lambda m: chr(int(m[1], 16)).encode("utf-8", "replace"), body))
    except (UnicodeError, Unreadable):
        return False
    return not any(candidates(one) or (not one.isascii() and _posing()(one)) for one in both)


def _decoded(body: bytes, told: Told) -> bytes | None:
    """Return a body in UTF-8 if it holds no candidate there; None: its character set is not what it says it is."""
    charset = told.charset or charset_of(body, "") or "utf-8"
    try:
        fresh = body.decode(charset if _CODECS.fullmatch(charset) else "").encode("utf-8")
    except (UnicodeError, LookupError):
        return None
    return fresh if fresh == body or not candidates(fresh) else None


def _elsewhere(body: bytes) -> bool:
    """Say whether a body in no known character set holds a candidate in the one that is used most beside UTF-8."""
    return bool(candidates(body.decode("gb18030", "ignore").encode("utf-8")))


def unquoted(body: bytes) -> bytes:
    """Return the bytes of a form without its percent signs: escapes hide word edges."""
    from urllib.parse import unquote_to_bytes  # noqa: PLC0415 - forms alone need it

    return unquote_to_bytes(body.replace(b"+", b" "))


def has_disguise(body: bytes) -> bool:
    """Say whether escapes or marks may hide a candidate inside a string, so that every string must be looked at."""
    return b"\\u" in body or b"&#" in body or b"\\x" in body or (not body.isascii())
