"""Every term proves itself: found in its hits and in each host syntax, absent from its misses.

`check` asks any engine. `oracle` is the reference engine: slow plain Python that says
what a match is, so that the fast engines can be held against it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from untag.match.boundary import accepts, script
from untag.match.neighbours import neighbours_ok

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from untag.lexicon.term import Term

    Find = Callable[[bytes], Iterable[tuple[Term, int, int]]]

JOINT: Final = rb"[ _.\-]?"
"""Between two words of a term: one separator, whichever the term's source uses, or none."""
_IDENTIFIER: Final = re.compile(r"[^\W\d]\w*")
_SEPARATOR: Final = re.compile(r"[ _.\-]+")
_HUMP: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^A-Za-z]+")
_CAPITAL: Final = re.compile(rb"[A-Z]")


def check(terms: Iterable[Term], find: Find) -> list[str]:
    """Return one sentence for each hit, host syntax or miss in which the engine is wrong about a term."""
    faults: list[str] = []
    for term in terms:
        wanted = [("its hit", text.encode()) for text in term.hits]
        for where, data in (*wanted, *hosts(term)):
            if not _found(term, data, find):
                faults.append(f"{term.kind} {term.text!r} is not found in {where}: {data.decode()!r}")
        faults += [
            f"{term.kind} {term.text!r} is found in its miss: {text!r}"
            for text in term.misses
            if _found(term, text.encode(), find)
        ]
    return faults


def _found(term: Term, data: bytes, find: Find) -> bool:
    return any(found == term for found, _, _ in find(data))


def hosts(term: Term) -> Iterator[tuple[str, bytes]]:
    """Yield the name of each host syntax that can hold the term, and the term wrapped in it."""
    text = term.text
    for where, form in (
        ("a JSON key", '{{"{}": 1}}'),
        ("a JSON value", '{{"attribute": "{}"}}'),
        ("a YAML item", "fields:\n  - {}\n"),
        ("a C comment", "int x; /* {} */"),
        ("an XML attribute", '<item name="{}"/>'),
        ("a CSV header", "age,{},gender\n"),
        ("quoted prose", "The field “{}” is set."),
    ):
        yield where, form.format(text).encode()
    words = split(text)
    if term.exact or script(text[0]) != "LATIN" or not all(_IDENTIFIER.fullmatch(word) for word in words):
        return
    yield "snake_case", f"self._{'_'.join(words).lower()}_v2 = None".encode()
    if len(text.upper()) == len(text):
        yield "SCREAMING_CASE", f"#define {'_'.join(words).upper()} 3".encode()
    if text[0].isascii() and text[-1].isascii() and all(word[0].isascii() for word in words):
        camel = "".join(word[0].upper() + word[1:].lower() for word in words)
        yield "camelCase", f"obj.my{camel}Zz(1)".encode()


def oracle(terms: Iterable[Term], data: bytes) -> list[tuple[Term, int, int]]:
    """Return every match of every term in UTF-8 ``data``, in order of place: the definition of a match."""
    found: dict[tuple[Term, int, int], None] = {}
    for term in terms:
        for pattern in _patterns(term.text, term.exact):
            for match in pattern.finditer(data):
                start, stop = match.span(1)
                if (
                    (term.exact or _spelled(match))
                    and accepts(data, start, stop)
                    and neighbours_ok(data, start, stop, term)
                ):
                    found[term, start, stop] = None
    return sorted(found, key=lambda hit: (hit[1], -hit[2], hit[0].kind, hit[0].text))


def split(text: str) -> list[str]:
    """Return the words of a term: at separators and, in ASCII, at camelCase edges; else at spaces alone."""
    if not text.isascii():
        return text.split()
    return [word for part in _SEPARATOR.split(text) for word in _HUMP.findall(part)]


@lru_cache(maxsize=16_384)
def _patterns(text: str, exact: bool) -> tuple[re.Pattern[bytes], ...]:
    """Return the patterns of a term: group 1 is the term, each further group one of its words."""
    if exact:
        return (re.compile(b"(?=(" + re.escape(text.encode()) + b"))"),)
    if text.isascii():
        spellings, flags = [split(text)], re.IGNORECASE
    else:
        cases = (text, text.lower(), text.upper(), text.capitalize(), text.title())
        spellings, flags = [case.split() for case in dict.fromkeys(cases)], re.NOFLAG
    return tuple(
        re.compile(b"(?=(" + JOINT.join(b"(" + re.escape(word.encode()) + b")" for word in words) + b"))", flags)
        for words in spellings
    )


def _spelled(match: re.Match[bytes]) -> bool:
    """Return whether a match is all small, all capitals, or has its capitals at the heads of its words alone."""
    whole, *words = match.groups()
    return not _CAPITAL.search(whole) or whole.isupper() or not any(_CAPITAL.search(word[1:]) for word in words)
