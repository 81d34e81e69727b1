"""Query strings, forms and multipart bodies as trees of nodes that know their places."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_plus

from untag.guard.splice import NUMBER, OBJECT, STRING, Node, Unreadable, parse_json

if TYPE_CHECKING:
    from collections.abc import Iterable

PARTS: Final = 1_000
"""Fields of one form that are judged; forms of people have fewer than a hundred."""
FIELD: Final = 1 << 20
"""Characters of a text field that are judged as text; what is longer is a file."""
_PART_HEAD = re.compile(r"content-disposition\s*:\s*form-data\s*;(?P<rest>[^\r\n]*)", re.IGNORECASE)
_NAME = re.compile(r'(?<![\w*])name\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s;]+))', re.IGNORECASE)
_FILE = re.compile(r"filename\*?\s*=", re.IGNORECASE)
_TYPE = re.compile(r"content-type\s*:\s*([^\r\n;]*)", re.IGNORECASE)


def parse_form(text: str) -> Node:
    """Return the tree of ``a=1&b=2``: an object whose members stand where they are written."""
    root = Node(OBJECT, 0, len(text))
    at = 0
    for piece in text.split("&"):
        if len(root.kids) >= PARTS:
            raise Unreadable(f"more than {PARTS} parameters", "limit")
        name, _, value = piece.partition("=")
        if piece:
            key = _decoded(name)
            kid = Node(STRING, at + len(name) + 1, at + len(piece), _decoded(value), root, len(root.kids))
            root.keys.append((key, at, at + len(name)))
            root.kids.append(_structured(kid) or kid)
        at += len(piece) + 1
    return root


def _structured(kid: Node) -> Node | None:
    """Return the tree of a value that is JSON itself; its places are those of the whole value."""
    if kid.text[:1] not in ("{", "["):
        return None
    try:
        inner = parse_json(kid.text)
    except Unreadable:
        return None
    inner.up, inner.at = kid.up, kid.at
    stack = [inner]
    while stack:
        node = stack.pop()
        # no place inside an encoded value can be cut: the parameter goes as one
        node.start, node.stop = kid.start, kid.stop
        stack += node.kids
    return inner


def _decoded(raw: str) -> str:
    return unquote_plus(raw, errors="replace") if "%" in raw or "+" in raw else raw


def cut_form(text: str, nodes: Iterable[Node], changes: Iterable[tuple[int, int, str]] = ()) -> str:
    """Return the form without some of its parameters; the others as they were written."""
    gone = {_member(node).at: node for node in nodes}
    new = {(start, stop): value for start, stop, value in changes}
    out: list[str] = []
    at = number = 0
    for piece in text.split("&"):
        if not piece:
            out.append(piece)
        else:
            if number not in gone:
                start = at + len(piece.partition("=")[0]) + 1
                changed = new.get((start, at + len(piece)))
                out.append(piece if changed is None else text[at:start] + changed)
            number += 1
        at += len(piece) + 1
    return "&".join(out)


def _member(node: Node) -> Node:
    while node.up is not None and node.up.up is not None:
        node = node.up
    return node


def parse_multipart(text: str, boundary: str) -> tuple[Node, list[tuple[int, int]]]:
    """Return the tree of a multipart body, and where each part stands with its leading boundary.

    A part with a file name, or of a type that is no text, is a member without content: ``name`` alone counts.
    """
    if not boundary:
        raise Unreadable("a multipart body whose boundary is not named")
    mark = f"--{boundary}"
    root = Node(OBJECT, 0, len(text))
    places: list[tuple[int, int]] = []
    at = text.find(mark)
    if at < 0 or (at and not text[:at].endswith("\n")):
        raise Unreadable("the multipart body does not begin with its boundary")
    while True:
        begun = at
        at += len(mark)
        if text.startswith("--", at):
            return root, places
        line = text.find("\n", at)
        if line < 0 or text[at:line].strip():
            raise Unreadable("a multipart boundary is not alone on its line")
        end = text.find(f"\n{mark}", line)
        if end < 0:
            raise Unreadable("the multipart body has no end", "truncated")
        if len(places) >= PARTS:
            raise Unreadable(f"more than {PARTS} parts", "limit")
        places.append((begun, end + 1))
        _part(text, line + 1, end - 1 if text[end - 1] == "\r" else end, root)
        at = end + 1


def _part(text: str, start: int, stop: int, root: Node) -> None:
    """Add one part to the tree."""
    head = re.compile(r"\r?\n\r?\n").search(text, max(0, start - 2), stop)
    if head is None:
        raise Unreadable("a part of the multipart body has no headers")
    headers = text[start : head.start()] if head.start() > start else ""
    disposition = _PART_HEAD.search(headers)
    rest = disposition["rest"] if disposition else ""
    found = _NAME.search(rest)
    name = (found[1] or found[2] or "") if found else ""
    kind = _TYPE.search(headers)
    media = kind[1].strip().lower() if kind else ""
    is_file = bool(_FILE.search(rest)) and "json" not in media
    is_text = not is_file and (not media or media.startswith("text/") or "json" in media)
    root.keys.append((name, start, start))
    at = head.end()
    if is_text and stop - at <= FIELD:
        value = text[at:stop]
        if value[:1] in ("{", "["):
            node = parse_json(text, at, whole=False)
            if node.stop > stop or text[node.stop : stop].strip():
                raise Unreadable(f"something follows the JSON document at character {node.stop}")
            node.up, node.at = root, len(root.kids)
        else:
            node = Node(STRING, at, stop, value, root, len(root.kids))
    else:
        node = Node(NUMBER, at, stop, "", root, len(root.kids))
        if media.startswith(("image/", "video/")) or is_file:
            node.text = "file"
    root.kids.append(node)


def unquoted(part: str) -> str:
    """Return a part of a path without its percent signs."""
    return _decoded(part.replace("+", "%2B")) if "%" in part else part
