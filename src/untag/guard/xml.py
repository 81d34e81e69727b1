"""XML as a tree of nodes that know their places: ONVIF events, GA/T 1400, and whatever else comes.

An element is an object whose keys are its attributes and the names of its children; an element with nothing
but text is a string. Nothing is resolved: a document type that declares entities is `Unreadable`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard.splice import DEPTH, NUMBER, OBJECT, STRING, Node, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME: Final = r"[^\s<>/=\"'!?&;]+"
_TOKEN = re.compile(
    rf"<!--(?:(?!-->).)*-->|<\?(?:(?!\?>).)*\?>|<!\[CDATA\[(?P<cdata>(?:(?!\]\]>).)*)\]\]>|<!(?P<doctype>DOCTYPE)[^>\[]*(?P<subset>\[)?"
    rf"|</(?P<close>{_NAME})\s*>|<(?P<open>{_NAME})(?P<attrs>(?:\s+{_NAME}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*'))*)\s*(?P<empty>/?)>|(?P<text>[^<]+)",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rf"\s+({_NAME})\s*=\s*(\"[^\"<]*\"|'[^'<]*')")
_ENTITY = re.compile(r"&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));")
_KNOWN: Final = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_IS_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def parse_xml(text: str) -> Node:
    """Return the tree of an XML document; the root's only member is its outermost element.

    Raises `Unreadable` for what is malformed, nested too deep, or declares entities.
    """
    root = Node(OBJECT, 0, len(text))
    here = root
    names: list[str] = []
    words: list[str] = []
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unreadable(f"malformed XML at character {at}")
        at = found.end()
        if found["open"]:
            here.text = "".join(words) if words else here.text
            node = _element(found, here)
            if not found["empty"]:
                if len(names) >= DEPTH:
                    raise Unreadable(f"more than {DEPTH} levels of nesting")
                names.append(found["open"])
                here = node
                words = []
        elif found["close"]:
            if not names or names.pop() != found["close"]:
                raise Unreadable(f"malformed XML at character {at}: an element ends that did not begin")
            _end(here, "".join(words), at)
            words = []
            here = here.up or root
        elif found["cdata"] is not None:
            words.append(found["cdata"])
        elif found["text"] is not None:
            words.append(_plain(found["text"]))
        elif found["subset"]:
            raise Unreadable("a document type with declarations of its own is not followed")
    if names or len(root.kids) != 1:
        raise Unreadable("malformed XML: it has no end, or several roots")
    return root


def _element(found: re.Match[str], up: Node) -> Node:
    node = Node(OBJECT, found.start(), found.end(), "", up, len(up.kids))
    up.keys.append((_local(found["open"]), found.start(), found.start()))
    up.kids.append(node)
    base = found.start("attrs")
    for pair in _ATTRIBUTE.finditer(found["attrs"]):
        value = _plain(pair[2][1:-1])
        kind = NUMBER if _IS_NUMBER.fullmatch(value) else STRING
        node.keys.append((_local(pair[1]), base + pair.start(), base + pair.start()))
        node.kids.append(Node(kind, base + pair.start(), base + pair.end(), value, node, len(node.kids)))
    if found["empty"] and not node.kids:
        node.kind = STRING
    return node


def _end(node: Node, words: str, stop: int) -> None:
    """Close an element; one that holds nothing but text is that text."""
    node.stop = stop
    text = words.strip()
    if not node.kids:
        node.kind = NUMBER if _IS_NUMBER.fullmatch(text) else STRING
        node.text = text
    elif text:
        # attributes and a text of its own: the text is the value of a member without a name
        node.keys.append(("value", node.start, node.start))
        node.kids.append(Node(STRING, node.start, stop, text, node, len(node.kids)))


def _local(name: str) -> str:
    """Return a name without its prefix: any prefix may stand for any space."""
    return name.rpartition(":")[2]


def _plain(raw: str) -> str:
    if "&" not in raw:
        return raw

    def char(found: re.Match[str]) -> str:
        if found[3]:
            return _KNOWN[found[3]]
        code = int(found[1]) if found[1] else int(found[2], 16)
        if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:  # noqa: PLR2004 - no character
            raise Unreadable("a character reference stands for no character")
        return chr(code)

    return _ENTITY.sub(char, raw)


def cut_xml(text: str, nodes: Iterable[Node], changes: Iterable[tuple[int, int, str]] = ()) -> str:
    """Return the document without some elements and attributes; all else as it was."""
    edits = [(node.start, node.stop, "") for node in nodes] + list(changes)
    out: list[str] = []
    done = 0
    for start, stop, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start >= done:
            out += (text[done:start], new)
            done = stop
    out.append(text[done:])
    return "".join(out)
