"""Bodies of plain text that are settings in lines: YAML, TOML, INI and the like.

They are read only as far as a guard needs them: keys, values, lists, what stands in what, and where. Nothing is
resolved, no tag is followed. What is no settings stays a text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard.splice import ARRAY, NUMBER, OBJECT, STRING, Node, edited, gaps

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    """Return a text of settings in lines as a tree whose nodes know their places; None where it is none."""
    lines = _lines(text)
    if not FEW <= len(lines) <= SETTINGS:
        return None
    keyed = [m for _, line in lines if (m := _SETTING.match(line)) and m["key"]]
    shaped = sum(_is_setting(line) for _, line in lines)
    if len(keyed) < FEW or shaped < SURE * len(lines):
        return None
    root = Node(OBJECT, 0, len(text))
    stack: list[tuple[int, Node]] = [(-1, root)]
    for at, line in lines:
        section = _SECTION.match(line)
        if section:
            here = _member(root, section[1].strip('" '), Node(OBJECT, at, len(text)), (at, at))
            stack = [(-1, root), (-1, here)]
            continue
        found = _SETTING.match(line)
        if found is not None:
            _line(found, at, stack)
    _close(root)
    return root


def _close(root: Node) -> None:
    """Let what holds others end where the last of them ends."""
    order = [root]
    for node in order:
        order += [kid for kid in node.kids if kid.kids]
    for node in reversed(order):
        node.stop = max(node.stop, *(kid.stop for kid in node.kids)) if node.kids else node.stop


def unkeyed(text: str) -> str:
    """Return the lines of a text that are no settings: a statement may stand among them."""
    lines = text.splitlines()
    return "\n".join(
        line for line in lines if not ((found := _SETTING.match(line)) and (found["key"] or found["dash"]))
    )


def _lines(text: str) -> list[tuple[int, str]]:
    """Return the lines that say something, each with its place."""
    told: list[tuple[int, str]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        bare = line.strip()
        if bare and not bare.startswith(("#", ";", "//", "---", "...")):
            told.append((at, line.rstrip("\r\n")))
        at += len(line)
        if len(told) > SETTINGS:
            break
    return told


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


def _line(found: re.Match[str], at: int, stack: list[tuple[int, Node]]) -> None:
    """Add one line, which begins at ``at``, to the tree."""
    depth = len(found["indent"].expandtabs())
    while len(stack) > 1 and stack[-1][0] >= depth and not (found["dash"] and _open_list(stack, depth)):
        stack.pop()
    here = stack[-1][1]
    begun = at + found.start("value")
    if found["dash"]:
        if here.kind == OBJECT and not here.kids and here.up is not None:
            here.kind = ARRAY
        if here.kind != ARRAY:
            return
        if not found["key"]:
            _append(here, _value(found["value"], begun))
            return
        record = _append(here, Node(OBJECT, at + found.start("key"), at + found.end()))
        stack.append((depth, record))
        here, depth = record, depth + len(found["dash"])
    if not found["key"] or here.kind != OBJECT:
        return
    key, raw = found["key"].strip("\"'"), found["value"].strip()
    place = (at + found.start("key"), at + found.end("key"))
    if not raw:
        stack.append((depth, _member(here, key, Node(OBJECT, begun, begun), place)))
        return
    _member(here, key, _value(found["value"], begun), place)


def _open_list(stack: list[tuple[int, Node]], depth: int) -> bool:
    """Say whether a dash belongs to the key above it, which stands as far to the right as the dash."""
    above, node = stack[-1]
    return above == depth and (node.kind == ARRAY or (node.kind == OBJECT and not node.kids))


def _member(up: Node, key: str, kid: Node, place: tuple[int, int]) -> Node:
    kid.up, kid.at = up, len(up.kids)
    up.keys.append((key, *place))
    up.kids.append(kid)
    return kid


def _append(up: Node, kid: Node) -> Node:
    kid.up, kid.at = up, len(up.kids)
    up.kids.append(kid)
    return kid


def _scalar(raw: str, at: int) -> Node:
    """Return a text or a number that stands at ``at``, with blanks around it."""
    start = at + len(raw) - len(raw.lstrip())
    bare = raw.strip()
    text = bare.strip("\"'")
    return Node(NUMBER if _IS_NUMBER.fullmatch(text) else STRING, start, start + len(bare), text)


def _value(raw: str, at: int) -> Node:
    """Return a value that stands at ``at``: a list or a map in one line, else a text or a number."""
    lead = len(raw) - len(raw.lstrip())
    if raw[lead : lead + 1] not in ("[", "{"):
        return _scalar(raw.partition(" #")[0], at)
    top = Node(_OPENS[raw[lead]], at + lead, at + len(raw.rstrip()))
    stack = [top]
    key: tuple[str, int, int] | None = None
    for found in list(_FLOW.finditer(raw, lead))[1:]:
        here, mark = stack[-1], found.group()
        if mark in _OPENS:
            stack.append(_put(here, key, Node(_OPENS[mark], at + found.start(), at + found.end())))
            key = None
        elif mark in ("]", "}"):
            here.stop = at + found.end()
            del stack[max(1, len(stack) - 1) :]
            key = None
        elif mark == ",":
            key = None
        elif mark != ":" and mark.strip():
            word = _scalar(mark, at + found.start())
            if here.kind == OBJECT and key is None:
                key = (word.text, word.start, word.stop)
            else:
                _put(here, key, word)
                key = None
    return top


def _put(up: Node, key: tuple[str, int, int] | None, kid: Node) -> Node:
    """Add a value to a list, or under its key to a map."""
    if up.kind == OBJECT:
        name, *place = key or ("", kid.start, kid.start)
        return _member(up, name, kid, (place[0], place[1]))
    return _append(up, kid)


def cut_settings(text: str, nodes: Iterable[Node], changes: Iterable[tuple[int, int, str]] = ()) -> str:
    """Return the settings without some of their nodes, and what belongs to these; all else as it was."""
    gone: dict[int, set[int]] = {}
    parents: dict[int, Node] = {}
    for node in nodes:
        if node.up is None:
            raise ValueError("the root of a document cannot be cut out of it")
        gone.setdefault(id(node.up), set()).add(node.at)
        parents[id(node.up)] = node.up
    edits: list[tuple[int, int, str]] = list(changes)
    for number, which in gone.items():
        up = parents[number]
        if _in_one_line(text, up):
            edits += [(start, stop, "") for start, stop in gaps(text, up, which)]
        else:
            edits += [_block(text, up, at, which) for at in sorted(which)]
    return edited(text, edits)


def _in_one_line(text: str, up: Node) -> bool:
    """Say whether a list or a map is written with brackets."""
    return up.up is not None and text[up.start : up.start + 1] == ("{" if up.kind == OBJECT else "[")


def _block(text: str, up: Node, at: int, gone: set[int]) -> tuple[int, int, str]:
    """Return the edit that takes out one member or item with the lines below it."""
    start = up.keys[at][1] if up.kind == OBJECT else up.kids[at].start
    line = text.rfind("\n", 0, start) + 1
    lead = text[line:start]
    if up.kind == ARRAY:
        return line, _end(text, line, len(lead) - len(lead.lstrip())), ""
    end = _end(text, line, len(lead), listed=up.kids[at].kind == ARRAY)
    if not lead.strip():
        return line, end, ""
    # the first key of an item stands behind its dash: what follows moves up to it
    rest = [number for number in range(at + 1, len(up.kids)) if number not in gone]
    return (start, up.keys[rest[0]][1], "") if rest else (start, end, "{}\n")


def _end(text: str, line: int, column: int, *, listed: bool = False) -> int:
    """Return where the lines end that belong to what stands at a column of a line."""
    at = text.find("\n", line) + 1 or len(text)
    while at < len(text):
        stop = text.find("\n", at) + 1 or len(text)
        row = text[at:stop]
        indent = len(row) - len(row.lstrip(" \t"))
        deeper = indent > column or (listed and indent == column and row[indent : indent + 1] == "-")
        if row.strip() and not deeper:
            break
        at = stop
    return at
