"""Turn terms into the patterns and literals that the engines search for.

Two databases come of one lexicon: ``anchors`` run over every byte that is scanned,
so they hold only what can begin a finding; ``context`` runs over the few artifacts
in which an anchor stood, and holds everything else that an interpretation weighs.

A pattern may find too much, never too little: `untag.match.engine` puts every
candidate of either engine before the same judge (`Literal.fits`, then
`untag.match.boundary.accepts`).
"""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from untag.lexicon.term import Term

VERSION: Final = 10
"""Raised when patterns change shape, so that a cached database of before is not used."""

SEPARATORS: Final = (b"", b" ", b"_", b"-", b".")
ANCHOR_KINDS: Final = frozenset({"slot", "compound", "field", "call", "model", "group", "proxy"})
CONTEXT_KINDS: Final = frozenset({"context", "language", "group", "slot", "proxy"})

COMMON: Final = 4
"""Latin group names shorter than this many letters (Han, Hui, She) begin nothing: they only add to a set."""

COLOUR_GROUPS: Final = frozenset(
    ("black", "white", "yellow", "brown", "red", "blacks", "whites", "other", "others", "native", "indians", "man")
)
"""Group names that are everyday words: they add to a value set and never begin one."""


MIXED: Final = re.compile(rb"[A-Za-z][A-Z]")
"""A capital behind a letter; behind an apostrophe a name begins (dell'Est)."""


@dataclass(frozen=True, slots=True)
class Literal:
    """The spellings of one term that the engines look for."""

    words: tuple[bytes, ...]
    """The term's words, lower case where `latin` folds case, else as they are."""
    latin: bool
    """ASCII letters: case may vary as an identifier's does."""
    exact: bool

    def fits(self, found: bytes) -> bool:
        """Whether ``found`` (with separators) spells this literal in an allowed case."""
        if self.exact or not self.latin:
            return True
        if found.islower() or found.isupper() or not any(65 <= c <= 90 for c in found):
            return True
        at = 0
        for word in self.words:
            at = _skip_separator(found, at)
            if MIXED.search(found[at : at + len(word)]):
                return False
            at += len(word)
        return True


def _skip_separator(found: bytes, at: int) -> int:
    while at < len(found) and found[at : at + 1] in SEPARATORS[1:]:
        at += 1
    return at


def is_latin(text: str) -> bool:
    """Whether a term is plain ASCII, whose case can be folded byte by byte."""
    return text.isascii()


def split_words(text: str) -> list[str]:
    """Split a term at spaces, underscores, hyphens and camelCase edges; other marks (person's, SC/ST) join."""
    words: list[str] = []
    for part in re.split(r"[ _\-.]+", text):
        if not part.isascii():
            words.append(part)
            continue
        first = len(words)
        for piece in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+", part):
            if len(words) > first and not (piece[0].isalnum() and words[-1][-1].isalnum()):
                words[-1] += piece
            else:
                words.append(piece)
    return words


def case_variants(text: str) -> tuple[str, ...]:
    """Return the case variants of a term in a script that has case, each once."""
    return tuple(dict.fromkeys((text, text.lower(), text.upper(), text.capitalize(), text.title())))


def literals(term: Term) -> list[Literal]:
    """Return the literal spellings of ``term``; several where case cannot be folded by bytes."""
    if term.exact:
        return [Literal((term.text.encode(),), latin=False, exact=True)]
    if is_latin(term.text):
        return [Literal(tuple(w.lower().encode() for w in split_words(term.text)), latin=True, exact=False)]
    return [
        Literal(tuple(w.encode() for w in variant.split()), latin=False, exact=False)
        for variant in case_variants(term.text)
    ]


def is_anchor(term: Term) -> bool:
    """Whether a term can begin a finding, and so must be looked for in every byte."""
    if term.kind not in ANCHOR_KINDS or is_homograph(term):
        return False
    if term.kind in ("group", "proxy") and term.text.isascii():
        return len(term.text) >= COMMON and term.text.lower() not in COLOUR_GROUPS
    return len(term.text) > 2 or not term.text.isascii() or term.exact


def is_context(term: Term) -> bool:
    """Whether a term is weighed around an anchor."""
    return term.kind in CONTEXT_KINDS and not is_homograph(term)


def is_homograph(term: Term) -> bool:
    """Whether a group name of another language is spelled like an everyday English word (Turkish Hint, Arap)."""
    return (
        term.kind in ("group", "proxy")
        and term.text.isascii()
        and len(term.text) <= SHORT
        and term.language not in ("en", "zxx")
    ) or (term.kind == "group" and term.text.lower() in EVERYDAY)


SHORT: Final = 5
EVERYDAY: Final = frozenset(
    (
        *("chin", "polish", "pole", "poles", "jack", "tiger", "flip", "boxer", "turkey", "swede", "ainu", "man"),
        *("she", "nu", "tu", "va", "li", "yi", "ewe", "gin", "cham", "bemba", "mon"),
    )
)
"""Group names that, in text about faces or things, nearly always mean something else."""


def expression(literal: Literal) -> list[bytes]:
    """Return the byte patterns of one literal; each consumes up to two bytes of boundary."""
    if literal.exact:
        return [_exact(literal.words[0])]
    if not literal.latin:
        return _joined(literal.words, latin=False)
    first, *others = literal.words
    if others or len(first) >= LONG:
        # rare inside other words: the judge looks at its case and edges, and the database stays small
        return [b"(?i)" + joined for joined in _joined(literal.words, latin=True)]
    patterns = [_first_mixed(first) + _right(first, upper=False)]
    if any(c in b"abcdefghijklmnopqrstuvwxyz" for c in first):
        patterns.append(_left_upper(first) + re.escape(first.upper()) + _right(first, upper=True))
    return patterns


def edge(literal: Literal) -> int:
    """Return how many bytes after a literal its first pattern consumes; not asked of exact ones."""
    short = literal.latin and len(literal.words) == 1 and len(literal.words[0]) < LONG
    return int(short and literal.words[0][-1:].isalpha())


def _joined(words: tuple[bytes, ...], *, latin: bool) -> list[bytes]:
    """Return patterns of the words with separators between them: literals compile much faster than choices do."""
    first, *others = [re.escape(word) for word in words]
    return [
        b"".join((first, *itertools.chain(*zip(chosen, others, strict=True))))
        for chosen in _escaped(len(words), latin=latin)
    ]


@cache
def _escaped(count: int, *, latin: bool) -> list[tuple[bytes, ...]]:
    return [tuple(map(re.escape, chosen)) for chosen in joints(count, latin=latin)]


@cache
def joints(count: int, *, latin: bool) -> tuple[tuple[bytes, ...], ...]:
    """Return the ways to join ``count`` words, each a separator between every two.

    Every separator at every place while that is few: two words, or three that an identifier may be made of.
    Longer ones are joined in one manner throughout, as identifiers are; Latin ones may hold hyphens among spaces.
    """
    places = count - 1
    if count <= (FREELY if latin else FREELY - 1):
        return tuple(itertools.product(SEPARATORS, repeat=places))
    ways = [(separator,) * places for separator in SEPARATORS]
    if latin:
        ways += itertools.product((b" ", b"-"), repeat=min(places, HYPHENS))
    return tuple(dict.fromkeys((*way, *[b" "] * (places - len(way))) for way in ways))


LONG: Final = 7
"""Letters from which on a single word is looked for without its edges."""
FREELY: Final = 3
"""Words up to which separators may be mixed at will."""
HYPHENS: Final = 5
"""Places from the front of a long phrase at which a hyphen may stand among spaces."""


def _exact(word: bytes) -> bytes:
    body = re.escape(word)
    left = rb"[^a-zA-Z]" if word[:1].islower() else b""
    right = rb"[^a-z]" if word[-1:].islower() else rb"(?:[^a-zA-Z]|[A-Z][a-z])" if word[-1:].isupper() else b""
    return left + body + right


def _first_mixed(word: bytes) -> bytes:
    if not word[:1].isalpha():
        return re.escape(word)
    low, rest = word[:1], re.escape(word[1:])
    return b"(?:[^a-zA-Z]" + low + b"|" + low.upper() + b")" + rest


def _left_upper(word: bytes) -> bytes:
    return rb"[^A-Z]" if word[:1].isalpha() else b""


def _right(word: bytes, *, upper: bool) -> bytes:
    if not word[-1:].isalpha():
        return b""
    return rb"(?:[^a-zA-Z]|[A-Z][a-z])" if upper else rb"[^a-z]"


def wide_expressions(literal: Literal) -> list[bytes]:
    """Return patterns of a literal in UTF-16LE and GB18030, without word edges: a judge decodes and looks again."""
    if literal.latin:
        return [b"(?i)" + _hex(spelled.decode().encode("utf-16-le")) for spelled in plain_variants(literal)]
    text = b" ".join(literal.words).decode()
    encodings = ("utf-16-le",) if text.isascii() else ("utf-16-le", "gb18030")
    return [_hex(text.encode(encoding)) for encoding in encodings]


def _hex(raw: bytes) -> bytes:
    """Return raw bytes as a pattern; a NUL written as itself would end the pattern."""
    return b"".join(b"\\x%02x" % byte for byte in raw)


def plain_variants(literal: Literal) -> Iterable[bytes]:
    """Yield every spelling of a literal for an engine without patterns, ASCII lower case."""
    words = [w.lower() for w in literal.words] if literal.latin else list(literal.words)
    words = [w.lower() if w.isascii() else _ascii_lower(w) for w in words]
    for chosen in joints(len(words), latin=literal.latin):
        spelled = words[0]
        for joint, word in zip(chosen, words[1:], strict=True):
            spelled += joint + word
        yield spelled


def wide_variants(literal: Literal) -> Iterable[bytes]:
    """Yield every spelling of a literal in UTF-16LE and GB18030 for an engine without patterns, ASCII lower case."""
    for spelled in plain_variants(literal):
        text = spelled.decode("utf-8", "ignore")
        yield text.encode("utf-16-le").lower()
        if not text.isascii():
            yield text.encode("gb18030").lower()


def _ascii_lower(word: bytes) -> bytes:
    return bytes(word).lower()


PLAIN_TRIGGERS: Final[Sequence[bytes]] = (
    rb"\\u[04-9a-fA-F][0-9a-fA-F]{3}",  # JSON, Java, JavaScript, Python
    rb"\\x[0-9a-fA-F]{2}\\x[0-9a-fA-F]{2}",  # C, Python
    rb"&#x?[0-9a-fA-F]{2,5};",  # HTML, XML
)
"""Byte patterns that send a text through `untag.match.fold` before it is searched again: those of ASCII bytes."""
BEYOND_TRIGGERS: Final[Sequence[bytes]] = (
    rb"\xe2\x80[\x8b-\x8f\xaa-\xae]",  # zero width, direction marks
    rb"\xe2\x81[\xa0-\xaf]|\xef\xbb\xbf|\xc2\xad",  # word joiner, BOM inside, soft hyphen
    rb"\xef\xbc[\xa1-\xba]|\xef\xbd[\x81-\x9a]",  # full-width Latin
    rb"[a-zA-Z][\xd0\xd1][\x80-\xbf][a-z]|[a-z]\xce[\xb1-\xbf][a-z]",  # Cyrillic or Greek inside Latin
    rb"[\xf0]\x9d[\x90-\x9f][\x80-\xbf]",  # mathematical alphabets
)
"""The same for what only text beyond ASCII can hold."""
