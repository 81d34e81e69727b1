"""Bodies of plain text that are settings in lines: YAML, TOML, INI and the like.

They are read only as far as a guard needs them: keys, values, lists, and what stands in what. Nothing is resolved, no
tag is followed. What is no settings stays a text.
"""

from __future__ import annotations

import re
from typing import Final

from untag.guard.splice import ARRAY, NUMBER, OBJECT, STRING, Node

SETTINGS: Final = 2_000
"""Lines of settings that are read; files that people write have hundreds."""
SURE: Final = 0.8
"""Share of the lines that must look like settings."""
FEW: Final = 2
_SETTING = re.compile(
    r"^(?P<indent>[ \t]*)(?P<dash>-[ \t]+)?"
    r"(?:(?P<key>\"[^\"\n]{1,60}\"|'[^'\n]{1,60}'|[\w.\-/]{1,60})[ \t]*(?::(?=[ \t]|$)|=(?!=))[ \t]*)?(?P<value>.*)$"
)
_SECTION = re.compile(r"^\s*\[{1,2}([\w.\-\" ]{1,60})\]{1,2}\s*$")
_FLOW = re.compile(r"\"[^\"]*\"|'[^']*'|[\[\]{},:]|[^\[\]{},:\"']+")
_IS_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_OPENS: Final = {"[": ARRAY, "{": OBJECT}


def settings(text: str) -> Node | None:
    """Return a text of settings in lines as a tree; None where it is none. Its places are those of whole lines."""
    lines = text.splitlines()
    told = [line for line in lines if line.strip() and not line.lstrip().startswith(("#", ";", "//", "---", "..."))]
    if not FEW <= len(told) <= SETTINGS:
        return None
    keyed = [m for line in told if (m := _SETTING.match(line)) and m["key"]]
    shaped = sum(_is_setting(line) for line in told)
    if len(keyed) < FEW or shaped < SURE * len(told):
        return None
    root = Node(OBJECT, 0, len(text))
    stack: list[tuple[int, Node]] = [(-1, root)]
    for line in told:
        section = _SECTION.match(line)
        if section:
            stack = [(-1, root), (-1, _member(root, section[1].strip('" '), Node(OBJECT, 0, len(text))))]
            continue
        found = _SETTING.match(line)
        if found is not None:
            _line(found, stack)
    return root


def _is_setting(line: str) -> bool:
    found = _SETTING.match(line)
    if _SECTION.match(line):
        return True
    if found is None:
        return False
    value = found["value"]
    if found["key"]:
        # a key and a sentence is a letter or a log, and no setting
        return value.count(" ") <= 8 or value.startswith(("[", "{", '"', "'"))  # noqa: PLR2004 - more is a sentence
    return bool(found["dash"]) and value.count(" ") <= 4  # noqa: PLR2004 - a label


def _line(found: re.Match[str], stack: list[tuple[int, Node]]) -> None:
    """Add one line to the tree."""
    depth = len(found["indent"].expandtabs())
    while len(stack) > 1 and stack[-1][0] >= depth and not (found["dash"] and _open_list(stack, depth)):
        stack.pop()
    here = stack[-1][1]
    if found["dash"]:
        if here.kind == OBJECT and not here.kids and here.up is not None:
            here.kind = ARRAY
        if here.kind != ARRAY:
            return
        if not found["key"]:
            _append(here, _value(found["value"]))
            return
        record = _append(here, Node(OBJECT, 0, 0))
        stack.append((depth, record))
        here, depth = record, depth + len(found["dash"])
    if not found["key"] or here.kind != OBJECT:
        return
    key, raw = found["key"].strip("\"'"), found["value"].strip()
    if not raw:
        stack.append((depth, _member(here, key, Node(OBJECT, 0, 0))))
        return
    _member(here, key, _value(raw))


def _open_list(stack: list[tuple[int, Node]], depth: int) -> bool:
    """Say whether a dash belongs to the key above it, which stands as far to the right as the dash."""
    above, node = stack[-1]
    return above == depth and (node.kind == ARRAY or (node.kind == OBJECT and not node.kids))


def _member(up: Node, key: str, kid: Node) -> Node:
    kid.up, kid.at = up, len(up.kids)
    up.keys.append((key, 0, 0))
    up.kids.append(kid)
    return kid


def _append(up: Node, kid: Node) -> Node:
    kid.up, kid.at = up, len(up.kids)
    up.kids.append(kid)
    return kid


def _scalar(raw: str) -> Node:
    text = raw.strip().strip("\"'")
    return Node(NUMBER if _IS_NUMBER.fullmatch(text) else STRING, 0, 0, text)


def _value(raw: str) -> Node:
    """Return a value: a list or a map in one line, else a text or a number."""
    raw = raw.strip()
    if raw[:1] not in ("[", "{"):
        return _scalar(raw.partition(" #")[0])
    top = Node(_OPENS[raw[0]], 0, 0)
    stack, key = [top], ""
    for mark in _FLOW.findall(raw)[1:]:
        here = stack[-1]
        if mark in _OPENS:
            stack.append(_put(here, key, Node(_OPENS[mark], 0, 0)))
            key = ""
        elif mark in ("]", "}"):
            del stack[max(1, len(stack) - 1) :]
            key = ""
        elif mark == ",":
            key = ""
        elif mark != ":" and mark.strip():
            key = _word(here, key, mark)
    return top


def _word(here: Node, key: str, mark: str) -> str:
    """Add a word inside a list or a map in one line; return the key that waits for its value."""
    if here.kind == OBJECT and not key:
        return mark.strip().strip("\"'")
    _put(here, key, _scalar(mark))
    return ""


def _put(up: Node, key: str, kid: Node) -> Node:
    """Add a value to a list, or under its key to a map."""
    return _member(up, key, kid) if up.kind == OBJECT else _append(up, kid)
