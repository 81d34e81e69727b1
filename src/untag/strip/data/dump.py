"""SQL dumps: the statements that make a schema, without the rows. Nothing is executed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass, field
from untag.readers.artifacts.tables.ddl import definition, tokens
from untag.strip.base import StripError
from untag.strip.data.delimited import lines_of
from untag.strip.data.files import pieces

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from untag.readers.artifacts.tables.ddl import Token
    from untag.strip.data.files import Shape

STATEMENT: Final = 1 << 20
"""Characters of the longest statement of a schema."""
STATEMENTS: Final = 50_000
LINE: Final = 1 << 30
"""Bytes of the longest line: mysqldump writes all rows of a table as one."""
_BEGINS: Final = re.compile(rb"\s*(?:/\*!\d{5,6}\s*)?(create|alter)\s", re.IGNORECASE)
_COPY: Final = re.compile(rb"\s*copy\s.*\sfrom\s+stdin", re.IGNORECASE)
_MYSQL: Final = re.compile(rb"-- (?:MySQL|MariaDB) dump|\bENGINE\s*=|/\*!\d{5}|AUTO_INCREMENT|`", re.IGNORECASE)
_POSTGRESQL: Final = re.compile(
    rb"PostgreSQL database dump|pg_catalog|\bCOPY\s[^\n]*FROM stdin|\bSERIAL\b|::\w|\bjsonb\b|OWNER TO|\bpublic\.",
    re.IGNORECASE,
)
_SQLITE: Final = re.compile(rb"PRAGMA foreign_keys|AUTOINCREMENT|WITHOUT ROWID|sqlite_", re.IGNORECASE)


@dataclass(slots=True)
class Made:
    """A table that a dump makes."""

    schema: str
    name: str
    columns: list[str]
    key: list[str]


@dataclass(slots=True)
class Dump:
    """What a dump makes."""

    dialect: str
    tables: list[Made] = field(default_factory=list)
    others: list[tuple[str, str, frozenset[str]]] = field(default_factory=list)
    """Kind, name and the words of indexes, views, triggers, functions and constraints."""


def dialect_of(head: bytes) -> str:
    """Return the dialect that a dump is written in; PostgreSQL's, which is the standard's, where nothing tells."""
    for dialect, pattern in (("postgresql", _POSTGRESQL), ("sqlite", _SQLITE), ("mysql", _MYSQL)):
        if pattern.search(head) is not None:
            return dialect
    return "postgresql"


def read(path: Path, shape: Shape, head: bytes) -> Dump:
    """Read the schema of a dump; raise `StripError` where it has none."""
    out = Dump(dialect_of(head))
    for number, sql in enumerate(statements(lines_of(pieces(path, shape), LINE))):
        if number >= STATEMENTS:
            raise StripError(f"{path.name}: more than {STATEMENTS:,} statements that make a schema")
        _take(out, sql)
    return out


def statements(lines: Iterator[bytes]) -> Iterator[str]:
    """Yield CREATE and ALTER statements; what lies between them, rows above all, is passed over."""
    held: list[bytes] = []
    size = 0
    rows = False
    for line in lines:
        if rows:
            rows = not line.startswith(b"\\.")
            continue
        if not held:
            if _COPY.match(line[:4_096]):
                rows = True
                continue
            if len(line) > STATEMENT or _BEGINS.match(line[:64]) is None:
                continue
        held.append(line)
        size += len(line)
        if size > STATEMENT:
            held, size = [], 0
        elif _ends(b"".join(held)):
            yield b"".join(held).decode("utf-8", "replace")
            held, size = [], 0
    if held:
        yield b"".join(held).decode("utf-8", "replace")


def _ends(sql: bytes) -> bool:
    """Whether a semicolon at the end of a line ends a statement: none that stands in a string or in brackets."""
    if not re.search(rb";\s*(?:--[^\n]*|/\*.*?\*/)?\s*\Z", sql):
        return False
    return sql.count(b"'") % 2 == 0 or len(sql) > STATEMENT // 2


def _named(words: Sequence[Token], at: int) -> tuple[str, str, int]:
    """Return schema and name that stand at a token, and what follows them."""
    parts = [words[at].text]
    at += 1
    while at + 1 < len(words) and words[at].text == ".":
        parts.append(words[at + 1].text)
        at += 2
    return (parts[-2] if len(parts) > 1 else ""), parts[-1], at


def _take(out: Dump, sql: str) -> None:
    """Take in one statement."""
    bare = re.sub(r"\A\s*/\*!\d{5,6}\s*", "", sql)
    words = [t for t in tokens(bare) if t.kind != "comment"]
    lower = [t.text.lower() if t.kind == "word" else "" for t in words[:40]]
    kind = next((w for w in lower if w in ("table", "index", "view", "trigger", "function", "procedure", "policy")), "")
    if not kind:
        return
    at = lower.index(kind) + 1
    while at < len(lower) and lower[at] in ("if", "not", "exists", "only", "concurrently"):
        at += 1
    if at >= len(words):
        return
    schema, name, _ = _named(words, at)
    said = frozenset(t.text.lower() for t in words if t.kind in ("word", "name"))
    if kind == "table" and lower[0] == "create":
        made = definition(bare)
        out.tables.append(Made(schema, name, [c.name for c in made.columns if c.name.lower() not in _KEYS], made.key))
        for inner in _inner(words):
            out.others.append((*inner[:2], inner[2] | {name.lower()}))
    elif kind == "table":
        if "constraint" in lower:
            where = lower.index("constraint") + 1
            out.others.append(("constraint", words[where].text if where < len(words) else "", said))
    else:
        out.others.append((kind, name, said))


_KEYS: Final = frozenset(("key", "index", "fulltext", "spatial"))
"""Words with which MySQL begins an index inside a CREATE TABLE."""


def _inner(words: Sequence[Token]) -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield the indexes and constraints that stand inside a CREATE TABLE."""
    part: list[Token] = []
    depth = 0
    for token in words:
        if token.kind == "sign" and token.text in "()":
            depth += 1 if token.text == "(" else -1
            if depth == 1 and token.text == "(":
                part = []
                continue
        if depth == 0 or (depth == 1 and token.kind == "sign" and token.text == ","):
            yield from _constraint(part)
            part = []
        elif depth:
            part.append(token)


def _constraint(part: Sequence[Token]) -> Iterator[tuple[str, str, frozenset[str]]]:
    lower = [t.text.lower() if t.kind == "word" else "" for t in part]
    if not lower:
        return
    said = frozenset(t.text.lower() for t in part if t.kind in ("word", "name"))
    start = lower[1:2] if lower[0] in ("unique", "fulltext", "spatial") else lower[:1]
    if start and start[0] in ("key", "index"):
        name = next(
            (t.text for t in part if t.kind == "name"), part[min(len(part) - 1, lower.index(start[0]) + 1)].text
        )
        yield "index", name, said
    elif lower[0] in ("constraint", "unique", "check", "foreign", "exclude", "primary"):
        name = part[1].text if lower[0] == "constraint" and len(part) > 1 else lower[0]
        yield "constraint", name, said
