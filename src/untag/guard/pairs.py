"""Bodies of plain text that are names and values in lines, as logs have them: ``face_id=4 age=30 gender=F``.

Each line is one record; what stands before its first pair, the name of a series or the head of a log, stays as it is.
What has not several pairs in most of its lines is no such body, and stays a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard.splice import NUMBER, OBJECT, STRING, Node

if TYPE_CHECKING:
    from collections.abc import Iterable

LINES: Final = 20_000
"""Lines that are read; a longer body is a text."""
FEW: Final = 3
"""Pairs that make a line a record: two are in many a sentence and in most addresses."""
HEAD: Final = 40
"""Characters before the first pair that may name what a line is of."""
MOST: Final = 0.6
"""Share of the lines that must be records."""
_PAIR = re.compile(
    r"(?P<key>[^\W\d][\w.\-]{0,39})=(?P<value>\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|[^\s,;|&\"'=]*)(?=[\s,;|&\]]|$)"
)
_EVENT = re.compile(r"(?:^|\s)(?:CEF|LEEF):\d")
"""How an event of the Common Event Format begins, or one of its like: its values have blanks."""
_LABELLED = re.compile(
    r"(?P<key>[^\W\d][\w.\-]{0,39})=(?P<value>(?:[^=\n\t\\]|\\.)*?)(?=\s+[^\W\d][\w.\-]{0,39}=|\t|\s*$)"
)
_LABEL: Final = ("Label", "_label", "label", "Name")
"""What the key of a name has behind the key of its value: ``cs1Label=age cs1=44``."""

_IS_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def pairs(text: str) -> tuple[tuple[Node, ...], tuple[str, ...]] | None:
    """Return the records of a text, one a line, and what stands before each; None where it is none of these."""
    if text.count("=") < FEW or text.lstrip()[:1] in ("<", "{", "["):
        return None
    roots: list[Node] = []
    names: list[str] = []
    told = at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            told += 1
            root = _record(line, at)
            if len(root.kids) >= FEW and len(set(root.names)) == len(root.kids):
                roots.append(root)
                names.append(line[: root.keys[0][1] - at][:HEAD].strip(" \t,;|"))
        at += len(line)
        if told > LINES:
            return None
    return (tuple(roots), tuple(names)) if roots and len(roots) >= MOST * told else None


def _record(line: str, at: int) -> Node:
    root = Node(OBJECT, at, at + len(line.rstrip("\r\n")))
    event = _EVENT.search(line) is not None
    for found in (_LABELLED if event else _PAIR).finditer(line):
        if found.start() and line[found.start() - 1] not in " \t,;|&[":
            continue
        value = found["value"]
        text = value[1:-1] if value[:1] in ("'", '"') else value
        kind = NUMBER if _IS_NUMBER.fullmatch(text) else STRING
        start, stop = at + found.start(), at + found.end()
        kid = Node(kind, at + found.start("value"), stop, text, root, len(root.kids))
        root.keys.append((found["key"], start, start + len(found["key"])))
        root.kids.append(kid)
    return _named(root) if event else root


def _named(root: Node) -> Node:
    """Call a value by its label, and let both be one member: ``cs1Label=age cs1=44`` is the age."""
    fields = {key: number for number, (key, _, _) in enumerate(root.keys)}
    fresh = Node(OBJECT, root.start, root.stop)
    gone = {number for key, number in fields.items() if (of := _labelled(key)) in fields and of != key}
    for number, (key, start, stop) in enumerate(root.keys):
        if number in gone:
            continue
        kid = root.kids[number]
        label = next((fields[key + mark] for mark in _LABEL if key + mark in fields), None)
        if label is not None and abs(label - number) == 1:
            named = root.kids[label]
            first = min(start, root.keys[label][1])
            kid = Node(kid.kind, kid.start, max(kid.stop, named.stop), kid.text)
            key, start = named.text, first  # noqa: PLW2901 - the label is its name
        kid.up, kid.at = fresh, len(fresh.kids)
        fresh.keys.append((key, start, stop))
        fresh.kids.append(kid)
    return fresh


def _labelled(key: str) -> str:
    """Return the key of which another one is the label; itself where it is none."""
    return next((key[: -len(mark)] for mark in _LABEL if key.endswith(mark) and len(key) > len(mark)), key)


def cut_pairs(text: str, nodes: Iterable[Node], changes: Iterable[tuple[int, int, str]] = ()) -> str:
    """Return the text without some pairs, each with one separator; all else as it was."""
    edits: list[tuple[int, int, str]] = list(changes)
    for node in nodes:
        up = node.up
        if up is None:
            edits.append((node.start, node.stop, ""))
            continue
        start, stop = up.keys[node.at][1], node.stop
        if stop < up.stop and node.at + 1 < len(up.kids) and up.keys[node.at + 1][1] == stop + 1:
            stop += 1
        elif start > up.start:
            start -= 1
        edits.append((start, stop, ""))
    out: list[str] = []
    done = 0
    for start, stop, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if stop <= done:
            continue
        out += (text[done : max(start, done)], new)
        done = stop
    out.append(text[done:])
    return "".join(out)
