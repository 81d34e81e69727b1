"""CREATE TABLE as text: columns, types, comments, and the values that a CHECK or an ENUM lists.

Nothing is executed: the statement is cut into tokens, and what follows the first bracket
is split at its commas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.tables.columns import COLUMNS, Column

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 1 << 20
"""Characters of a statement that are read."""
_TOKEN: Final = re.compile(
    r"(?P<comment>--[^\n]*|/\*.*?(?:\*/|\Z))|(?P<quoted>\"(?:[^\"]|\"\")*\"|`(?:[^`]|``)*`|\[[^\]]*\])"
    r"|(?P<string>'(?:[^']|'')*')|(?P<word>[\w$]+)|(?P<sign>[^\s\w])",
    re.DOTALL,
)
_CREATE: Final = re.compile(
    r"\s*create\s+(?:(?:temp|temporary|virtual|or\s+replace)\s+)*(table|view|trigger|index)", re.IGNORECASE
)
CONSTRAINTS: Final = frozenset(("constraint", "primary", "unique", "check", "foreign", "exclude"))
ENDS: Final = frozenset(
    ("constraint", "primary", "unique", "check", "not", "null", "default", "collate", "references", "generated", "as")
)
"""Words that end a type."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a statement."""

    kind: str
    text: str
    below: bool
    """Whether it stands on another line than the token before it."""


@dataclass(slots=True)
class Definition:
    """What a CREATE TABLE says."""

    columns: list[Column] = field(default_factory=list)
    doc: str = ""
    key: list[str] = field(default_factory=list)
    """Columns of the primary key."""
    rowless: bool = False
    """WITHOUT ROWID: rows are kept in the order of the key, key columns first."""
    module: str = ""
    """The module of a virtual table, such as ``fts5``."""


def kind_of(sql: str) -> str:
    """Return ``table``, ``view``, ``trigger`` or ``index``, or nothing."""
    found = _CREATE.match(sql[:500])
    return found[1].lower() if found else ""


def tokens(sql: str) -> Iterator[Token]:
    """Cut a statement into tokens."""
    last = 0
    for match in _TOKEN.finditer(sql[:LONGEST]):
        kind = match.lastgroup or "sign"
        text = match[0]
        if kind == "quoted":
            text, kind = text[1:-1].replace(text[0] * 2, text[0]), "name"
        elif kind == "string":
            text = text[1:-1].replace("''", "'")
        elif kind == "comment":
            text = text[2:].removesuffix("*/") if text[0] == "/" else text[2:]
        yield Token(kind, text.strip() if kind == "comment" else text, "\n" in sql[last : match.start()])
        last = match.end()


def definition(sql: str) -> Definition:
    """Read a CREATE TABLE; what cannot be read gives no columns."""
    out = Definition()
    head: list[Token] = []
    depth = 0
    part: list[Token] = []
    told: list[str] = []  # comments that wait for the next column
    for token in tokens(sql):
        if token.kind == "comment":
            if token.below or not (out.columns or part):
                told.append(token.text)
            elif part:
                part.append(token)
            else:
                out.columns[-1].doc = f"{out.columns[-1].doc} {token.text}".strip()
            continue
        if depth == 0 and token.text != "(":
            head.append(token)
            continue
        if token.kind == "sign":
            depth += (token.text == "(") - (token.text == ")")
            if (token.text == "(" and depth == 1) or (token.text in ",)" and depth == (token.text == ",")):
                if part:
                    _column(part, told, out)
                    part, told = [], []
                continue
        part.append(token)
    if part:
        _column(part, told, out)
    words = [t.text.lower() for t in head]
    out.rowless = "without" in words and "rowid" in words
    if "using" in words and words.index("using") + 1 < len(words):
        out.module = words[words.index("using") + 1]
    if told and not out.columns:
        out.doc = " ".join(told)
    return out


def _column(part: list[Token], told: list[str], out: Definition) -> None:
    """Take in one definition between commas."""
    plain = [t for t in part if t.kind != "comment"]
    if not plain or len(out.columns) >= COLUMNS:
        return
    first = plain[0]
    lower = [t.text.lower() if t.kind == "word" else "" for t in plain]
    strings = tuple(t.text for t in plain if t.kind == "string")
    if first.kind == "word" and lower[0] in CONSTRAINTS:
        if "primary" in lower:
            out.key += [
                t.text
                for t in plain[lower.index("primary") + 1 :]
                if t.kind in ("name", "word") and t.text.lower() != "key"
            ]
        elif "check" in lower and strings:
            for column in out.columns:
                if any(t.text == column.name for t in plain) and not column.classes:
                    column.classes = strings
        return
    if first.kind not in ("word", "name", "string"):
        return
    kind = []
    for token, word in zip(plain[1:], lower[1:], strict=True):
        if word in ENDS:
            break
        kind.append(token.text)
    if "primary" in lower[1:]:
        out.key.append(first.text)
    doc = " ".join((*told, *(t.text for t in part if t.kind == "comment")))
    if "comment" in lower and strings:
        doc, strings = f"{doc} {strings[-1]}".strip(), strings[:-1]
    listed = strings if "check" in lower or "enum" in lower[1:] else ()
    out.columns.append(Column(first.text, " ".join(kind)[:100], doc, classes=listed))
