"""The rules of ``.gitignore`` files and of ``--exclude``, matched as git matches them.

Own translation, because a rule must match an entry itself and never what is below
it: the walk does not enter a folder that is left out, so the last rule that matches
decides, exactly as in git (a test asks git). Before any rule is tried, a set of
literal names, a tuple of endings and one regex say whether one could match at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

SIZE: Final = 1 << 20
"""Bytes of a ``.gitignore`` that is honoured; a larger one is no rule file."""
WILDCARDS: Final = 4
"""Wildcards in one pattern: each one more multiplies the time that a hostile name can cost.

A pattern with more is left out: what it names is then scanned, which is the safe side.
"""
LENGTH: Final = 1_000
"""Characters of one pattern."""

_LITERAL: Final = re.compile(r"[\w.@+~ -]*[\w.@+~-]")
_ENDING: Final = re.compile(r"\*([\w.@+~-]+)")
_CLASSES: Final = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "blank": r"\ \t",
    "digit": "0-9",
    "lower": "a-z",
    "space": r"\s",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
    "punct": r"!-.:-@\[-`{-~",
}


class Rules:
    """The rules of one folder, and those of the folders above it."""

    __slots__ = ("_endings", "_names", "_odd", "_parent", "_prefix", "_tests")

    def __init__(self, patterns: list[tuple[str, str, bool]], prefix: str, parent: Rules | None) -> None:
        """Take ``(pattern as written, its regex, whether it leaves out)`` in the order of the file."""
        self._prefix = len(prefix)
        self._parent = parent
        last_first = reversed(patterns)
        self._tests = [(re.compile(regex, re.DOTALL), text.endswith("/"), out) for text, regex, out in last_first]
        names: set[str] = set()
        endings: list[str] = []
        odd = []
        for text, regex, _ in patterns:
            bare = text.removeprefix("!").removesuffix("/")
            ending = _ENDING.fullmatch(bare)
            if _LITERAL.fullmatch(bare):
                names.add(bare)
            elif ending:
                endings.append(ending[1])
            else:
                odd.append(f"(?:{regex})")
        self._names = frozenset(names)
        self._endings = tuple(endings)
        self._odd = re.compile("|".join(odd), re.DOTALL) if odd else None

    @classmethod
    def parse(cls, lines: Iterable[str], prefix: str, parent: Rules | None) -> Rules | None:
        """Return the rules of ``lines``, which stand in the folder ``prefix`` (empty or ending in ``/``)."""
        patterns = []
        for line in lines:
            text = _trimmed(line)
            regex = translate(text.removeprefix("!")) if text and not text.startswith("#") else None
            if regex is not None:
                patterns.append((text, regex, not text.startswith("!")))
        return cls(patterns, prefix, parent) if patterns else parent

    def ignored(self, path: str) -> bool:
        """Whether ``path`` below the root (a folder ends in ``/``) is left out; the innermost rule decides."""
        rules: Rules | None = self
        folder = path.endswith("/")
        path = path.rstrip("/")
        name = path.rpartition("/")[2]
        while rules is not None:
            below = path[rules._prefix :]  # noqa: SLF001 - one class
            if rules._may_match(name, below):  # noqa: SLF001 - one class
                for regex, folders, out in rules._tests:  # noqa: SLF001 - one class
                    if (folder or not folders) and regex.match(below):
                        return out
            rules = rules._parent  # noqa: SLF001 - one class
        return False

    def _may_match(self, name: str, below: str) -> bool:
        """Whether any pattern could match: never false where one does."""
        return (
            name in self._names
            or name.endswith(self._endings)
            or (self._odd is not None and self._odd.match(below) is not None)
        )


def _trimmed(line: str) -> str:
    """Take away the line's end and trailing spaces, save one that a backslash keeps."""
    text = line.rstrip("\r\n")
    bare = text.rstrip(" ")
    kept = len(bare) < len(text) and (len(bare) - len(bare.rstrip("\\"))) % 2
    return bare + " " if kept else bare


def translate(pattern: str) -> str | None:
    """Return the regex of a pattern without its ``!``, or None for one that names nothing.

    It is matched against paths that end in no slash; one at the pattern's end says folders only.
    """
    if len(pattern) > LENGTH or re.sub(r"\*\*+", "*", pattern).count("*") > WILDCARDS:
        return None
    body = pattern.removesuffix("/")
    anchored = "/" in body
    body = body.removeprefix("/")
    if not body:
        return None
    parts = [r"\A" if anchored else r"\A(?:.*/)?"]
    at = 0
    while at < len(body):
        if anchored and body.startswith("**", at) and (at == 0 or body[at - 1] == "/"):
            if body.startswith("**/", at):
                parts.append("(?:.*/)?")
                at += 3
                continue
            if at + 2 == len(body):
                parts.append(".+")
                break
        piece, at = _piece(body, at)
        if piece is None:
            return None
        parts.append(piece)
    return "".join(parts) + r"\Z"


def _piece(body: str, at: int) -> tuple[str | None, int]:
    """Translate the one sign that stands at ``at``; None when the pattern can match nothing."""
    char = body[at]
    if char == "*":
        while body.startswith("*", at):
            at += 1
        return "[^/]*", at
    if char == "?":
        return "[^/]", at + 1
    if char == "[":
        return _bracket(body, at + 1)
    if char == "\\":
        return (re.escape(body[at + 1]), at + 2) if at + 1 < len(body) else (None, at)
    return re.escape(char), at + 1


def _bracket(body: str, at: int) -> tuple[str | None, int]:
    """Translate a set of characters; ``at`` stands behind its ``[``."""
    negated = body[at : at + 1] in ("!", "^")
    at += negated
    members = []
    first = True
    while at < len(body) and (first or body[at] != "]"):
        first = False
        named = re.compile(r"\[:(\w+):\]").match(body, at)
        if named:
            members.append(_CLASSES.get(named[1], ""))
            at = named.end()
            continue
        low, at = _member(body, at)
        if body.startswith("-", at) and body[at + 1 : at + 2] not in ("", "]"):
            high, at = _member(body, at + 1)
            if low <= high:
                members.append(f"{re.escape(low)}-{re.escape(high)}")
        else:
            members.append(re.escape(low))
    if at >= len(body):
        return None, at
    inner = "".join(members)
    if not inner:
        return ("[^/]" if negated else None), at + 1
    return (f"[^/{inner}]" if negated else f"(?!/)[{inner}]"), at + 1


def _member(body: str, at: int) -> tuple[str, int]:
    """Return one character of a set, and where the next stands."""
    if body[at] == "\\" and at + 1 < len(body):
        return body[at + 1], at + 2
    return body[at], at + 1
