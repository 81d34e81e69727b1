"""What a report may quote: the least text that shows the place, and never a person's record."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag import later
from untag.limits import EXCERPT

if TYPE_CHECKING:
    from untag.interpret.case import Case

SHORT: Final = 40


def excerpt(case: Case) -> str:
    """Return the line or statement of a case, cut to `limits.EXCERPT`, or a digest for a record's value."""
    span = case.span
    if case.record:
        from hashlib import sha256  # noqa: PLC0415 - slow to load, and few excerpts need it

        digest = sha256(span.text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        column = span.scope.name or "a cell"
        return f"{column} = (value withheld, sha256:{digest})"
    text = _without_values(" ".join((span.statement or span.text).split()))
    needle = " ".join(span.text.split())
    if span.note and span.scope.kind != "table" and len(text) + len(span.note) < EXCERPT and span.note not in text:
        text = f"{text}  {' '.join(span.note.split())}"
    return clip(text, needle, EXCERPT)


INSERTED: Final = later.pattern(
    r"(?i)\b(?:insert|replace)\s+(?:\w+\s+)?into\b[^();]{0,200}(?:\([^)]{0,2000}\))?\s*values\b"
)
"""The head of a statement that puts rows into a table; what follows are records."""


def _without_values(text: str) -> str:
    """Return a statement without the rows that it inserts: they are about persons."""
    found = INSERTED.search(text)
    return f"{text[: found.end()]} (values withheld)" if found else text


def clip(text: str, needle: str, size: int) -> str:
    """Return at most ``size`` characters of ``text`` around ``needle``, with marks where it was cut."""
    if len(text) <= size:
        return text
    at = max(text.find(needle[:SHORT]), 0)
    start = max(0, min(at - size // 3, len(text) - size))
    piece = text[start : start + size].strip()
    return ("… " if start else "") + piece + (" …" if start + size < len(text) else "")


def gloss(case: Case) -> str:
    """Return the English meaning of the foreign terms of a case, ``维族 = Uyghur``, or empty."""
    pairs: dict[str, str] = {}
    if case.record:
        return ""
    term = case.term
    if term.gloss:
        pairs[term.text] = term.gloss
    for level in ("token", "statement", "note"):
        for other in case.seen(level).slots:
            if other.gloss:
                pairs[other.text] = other.gloss
    return "; ".join(f"{k} = {v}" for k, v in list(pairs.items())[:4])
