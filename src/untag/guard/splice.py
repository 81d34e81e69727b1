"""A document as a tree of nodes that know their bytes, and the cutting of some of them out of it.

`parse_json` reads strictly what RFC 8259 allows and nothing else; it never recurses, so no nesting
exhausts a stack. `cut` takes nodes out by their offsets: every byte that is not cut stays as it was.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

DEPTH: Final = 512
"""Levels of nesting that are followed; real payloads stay under forty, and parsers behind us give up at a thousand."""
OBJECT: Final = "object"
ARRAY: Final = "array"
STRING: Final = "string"
NUMBER: Final = "number"
LITERAL: Final = "literal"

_SPACE = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"((?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"')
_MEMBER = re.compile(r'[ \t\n\r]*"((?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+)"[ \t\n\r]*:[ \t\n\r]*')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_NUMBERS = re.compile(
    r"\[[ \t\n\r]*(?:-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[ \t\n\r]*,[ \t\n\r]*)*+"
    r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?[ \t\n\r]*\]"
)
_LITERALS: Final = {"t": "true", "f": "false", "n": "null"}
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Unreadable(ReadError):  # noqa: N818 - it is what the body is
    """A body cannot be judged: it is malformed, ambiguous, too deep, or not in the encoding that it claims."""

    def __init__(self, detail: str, reason: str = "corrupt") -> None:
        super().__init__(reason, detail)


class Node:
    """One value of a document, whatever the format: where it stands, and what stands in it."""

    __slots__ = ("_index", "at", "keys", "kids", "kind", "start", "stop", "text", "up")

    def __init__(
        self, kind: str, start: int, stop: int = 0, text: str = "", up: Node | None = None, at: int = 0
    ) -> None:
        self.kind = kind
        self.start = start
        """Offset in characters of the decoded document; of a member, that of its value."""
        self.stop = stop
        self.text = text
        """The decoded string, or the number or literal as it is written."""
        self.up = up
        self.at = at
        self._index: dict[str, Node] | None = None
        """Index among the parent's children."""
        self.keys: list[tuple[str, int, int]] = []
        """Of an object: the key of each child, and where that is written."""
        self.kids: list[Node] = []
        """Empty for an array of numbers alone: nobody needs them one by one, see `numbers`."""

    def get(self, *names: str) -> Node | None:
        """Return the value of the first of the lower-case keys that is there, whatever its case."""
        if self._index is None:
            self._index = {}
            for (key, _, _), kid in zip(self.keys, self.kids, strict=False):
                self._index.setdefault(key.lower(), kid)
        for name in names:
            if name in self._index:
                return self._index[name]
        return None

    @property
    def key(self) -> str:
        """The key under which it stands, empty in an array or at the root."""
        return self.up.keys[self.at][0] if self.up is not None and self.up.keys else ""

    def route(self) -> str:
        """Return where it stands, as a JSON pointer."""
        parts: list[str] = []
        node = self
        while node.up is not None:
            name = node.key if node.up.kind == OBJECT else str(node.at)
            parts.append(name.replace("~", "~0").replace("/", "~1"))
            node = node.up
        return "".join(f"/{part}" for part in reversed(parts))

    def above(self) -> Iterator[Node]:
        """Yield what it stands in, from the inside."""
        node = self.up
        while node is not None:
            yield node
            node = node.up

    def expand(self, text: str) -> list[Node]:
        """Return the children, those of an array of numbers too."""
        if self.kind == ARRAY and not self.kids:
            for number, found in enumerate(_NUMBER.finditer(text, self.start + 1, self.stop)):
                self.kids.append(Node(NUMBER, found.start(), found.end(), found.group(), self, number))
        return self.kids

    def length(self, text: str) -> int:
        """Return how many children it has."""
        if self.kind == ARRAY and not self.kids:
            inner = text[self.start + 1 : self.stop - 1]
            return inner.count(",") + 1 if inner.strip() else 0
        return len(self.kids)


def unescaped(raw: str) -> str:
    """Return what a JSON string stands for; a half of a pair without its other half is `Unreadable`."""
    if "\\" not in raw:
        return raw
    text = _ESCAPE.sub(lambda m: chr(int(m[1], 16)) if m[1] else _SHORT.get(m[2], m[2]), raw)
    try:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le")
    except UnicodeDecodeError:
        raise Unreadable("half of a surrogate pair stands alone in a string: parsers disagree on it") from None


def parse_json(text: str, start: int = 0, *, whole: bool = True) -> Node:
    """Return the tree of a JSON document that begins at ``start``; with ``whole`` nothing may follow it."""
    root = Node(ARRAY, start)
    here = root
    at = _blank(text, start)
    names: set[str] = set()
    stack: list[set[str]] = []
    while True:
        # one value is expected here
        char = text[at : at + 1]
        node = _scalar(text, at, char, here)
        if node is None:
            if len(stack) >= DEPTH:
                raise Unreadable(f"more than {DEPTH} levels of nesting")
            node = Node(OBJECT if char == "{" else ARRAY, at, 0, "", here, len(here.kids))
            here.kids.append(node)
            at = _blank(text, at + 1)
            closer = "}" if char == "{" else "]"
            if text[at : at + 1] != closer:
                stack.append(names)
                names = set()
                here = node
                if char == "{":
                    at = _key(text, at, here, names)
                continue
            node.stop = at + 1
        else:
            here.kids.append(node)
        at = _blank(text, node.stop)
        # a value ended: what follows it
        while here is not root:
            char = text[at : at + 1]
            if char == ",":
                at = _key(text, at + 1, here, names) if here.kind == OBJECT else _blank(text, at + 1)
                break
            if char != ("}" if here.kind == OBJECT else "]"):
                raise Unreadable(f"malformed JSON at character {at}")
            here.stop = at + 1
            at = _blank(text, at + 1)
            here = here.up or root
            names = stack.pop()
        else:
            break
    if whole and at != len(text):
        raise Unreadable(f"something follows the JSON document at character {at}")
    top = root.kids[0]
    top.up = None
    return top


def _blank(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _key(text: str, at: int, here: Node, names: set[str]) -> int:
    """Read a key and its colon; return where the value begins."""
    found = _MEMBER.match(text, at)
    if found is None:
        raise Unreadable(f"malformed JSON at character {at}: a key is expected")
    start, stop = found.span(1)
    name = unescaped(found.group(1))
    if name in names:
        raise Unreadable("a key stands twice in one object: parsers disagree on which of them counts")
    names.add(name)
    here.keys.append((name, start - 1, stop + 1))
    return found.end()


def _scalar(text: str, at: int, char: str, up: Node) -> Node | None:
    """Return the value at ``at``, or None where an object or an array opens."""
    number = len(up.kids)
    if char == '"':
        found = _STRING.match(text, at)
        if found:
            return Node(STRING, at, found.end(), unescaped(found.group(1)), up, number)
    elif char == "{":
        return None
    elif char == "[":
        found = _NUMBERS.match(text, at)
        return Node(ARRAY, at, found.end(), "", up, number) if found else None
    elif char in _LITERALS:
        word = _LITERALS[char]
        if text.startswith(word, at):
            return Node(LITERAL, at, at + len(word), word, up, number)
    else:
        found = _NUMBER.match(text, at)
        if found:
            return Node(NUMBER, at, found.end(), found.group(), up, number)
    raise Unreadable(f"malformed JSON at character {at}")


def cut(text: str, nodes: Iterable[Node], changes: Iterable[tuple[int, int, str]] = ()) -> str:
    """Return the document without some nodes, their keys and one comma each; all else as it was.

    ``changes`` are further replacements, ``(start, stop, new)``; one that lies in a removed node falls away.
    """
    by_parent: dict[int, list[Node]] = {}
    parents: dict[int, Node] = {}
    for node in nodes:
        if node.up is None:
            raise ValueError("the root of a document cannot be cut out of it")
        by_parent.setdefault(id(node.up), []).append(node)
        parents[id(node.up)] = node.up
    edits: list[tuple[int, int, str]] = list(changes)
    for number, gone in by_parent.items():
        edits += [(start, stop, "") for start, stop in _gaps(text, parents[number], {node.at for node in gone})]
    out: list[str] = []
    done = 0
    for start, stop, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < done:
            continue
        out += (text[done:start], new)
        done = stop
    out.append(text[done:])
    return "".join(out)


def _gaps(text: str, up: Node, gone: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the stretches to cut so that what stays is separated by one comma each."""
    kids = up.expand(text)
    starts = [key[1] for key in up.keys] if up.kind == OBJECT else [kid.start for kid in kids]
    count = len(kids)
    at = 0
    while at < count:
        if at not in gone:
            at += 1
            continue
        last = at
        while last + 1 < count and last + 1 in gone:
            last += 1
        if last + 1 < count:
            yield starts[at], starts[last + 1]
        elif at:
            # the comma before it goes, and the blanks before the closing bracket stay
            yield kids[at - 1].stop, kids[last].stop
        else:
            yield starts[at], kids[last].stop
        at = last + 1
