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

_W: Final = r"[ \t\n\r]*"
_CHARS: Final = r"(?:[^\"\\\x00-\x1f]+|\\(?:[\"\\/bfnrt]|u[0-9a-fA-F]{4}))*+"
_DIGITS: Final = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
_SPACE = re.compile(_W)
_NUMBER = re.compile(_DIGITS)
_VALUE: Final = (
    rf'(?:"({_CHARS})"|({_DIGITS})|(true|false|null)'
    rf"|(\[{_W}(?:{_DIGITS}{_W},{_W})*+{_DIGITS}{_W}\])|([\[{{]))(?:{_W},)?"
)
"""One value, or what opens one, with the comma behind it: what it is says the number of its group."""
_ITEM = re.compile(_W + "()" + _VALUE)
_MEMBER = re.compile(rf'{_W}"({_CHARS})"{_W}:{_W}{_VALUE}')
_KEY, _TEXT, _DIGIT, _WORD, _FLAT, _OPEN = range(1, 7)
_CLOSE = re.compile(_W + r"([,\]}])")
_EMPTY = re.compile(_W + r"[\]}]")
_ESCAPE = re.compile(r'\\(?:u([0-9a-fA-F]{4})|(["\\/bfnrt]))')
_SHORT: Final = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}


class Unreadable(ReadError):  # noqa: N818 - it is what the body is
    """A body cannot be judged: it is malformed, ambiguous, too deep, or not in the encoding that it claims."""

    def __init__(self, detail: str, reason: str = "corrupt") -> None:
        super().__init__(reason, detail)


class Node:
    """One value of a document, whatever the format: where it stands, and what stands in it."""

    __slots__ = ("_index", "_names", "at", "keys", "kids", "kind", "start", "stop", "text", "up")

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
        self._names: tuple[str, ...] | None = None
        """Index among the parent's children."""
        holds = kind == OBJECT or kind == ARRAY  # noqa: PLR1714 - quicker than a tuple
        self.keys: list[tuple[str, int, int]] = [] if holds else _NO_KEYS
        """Of an object: the key of each child, and where that is written."""
        self.kids: list[Node] = [] if holds else _NO_KIDS
        """Empty for an array of numbers alone: nobody needs them one by one, see `expand`."""

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
    def names(self) -> tuple[str, ...]:
        """The keys of an object, in order."""
        known = self._names
        if known is None or len(known) != len(self.keys):
            known = self._names = tuple([key for key, _, _ in self.keys])
        return known

    @property
    def key(self) -> str:
        """The key under which it stands, empty in an array or at the root."""
        return self.up.keys[self.at][0] if self.up is not None and self.up.keys else ""

    def route(self, known: dict[int, str] | None = None) -> str:
        """Return where it stands, as a JSON pointer; ``known`` keeps those of one document, by a node's id."""
        known = {} if known is None else known
        way: list[Node] = []
        node = self
        while node.up is not None and id(node) not in known:
            way.append(node)
            node = node.up
        path = known.get(id(node), "")
        for each in reversed(way):
            name = each.key if each.up is not None and each.up.kind == OBJECT else str(each.at)
            path = f"{path}/{name.replace('~', '~0').replace('/', '~1')}"
            known[id(each)] = path
        return path

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


_NO_KEYS: Final[list[tuple[str, int, int]]] = []
_NO_KIDS: Final[list[Node]] = []
"""Those of a value that holds none: a list each would be most of a document."""


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
    names: set[str] = set()
    stack: list[set[str]] = []
    at = start
    while True:
        # one value is expected here, and in an object its key before it
        found = (_MEMBER if here.kind == OBJECT else _ITEM).match(text, at)
        if found is None:
            raise Unreadable(f"malformed JSON at character {at}")
        if here.kind == OBJECT:
            _key(found, here, names)
        which = found.lastindex or 0
        begun = found.start(which)
        if which == _OPEN:
            if len(stack) >= DEPTH:
                raise Unreadable(f"more than {DEPTH} levels of nesting")
            at = begun + 1
            node = Node(OBJECT if text[begun] == "{" else ARRAY, begun, 0, "", here, len(here.kids))
            here.kids.append(node)
            empty = _EMPTY.match(text, at)
            if empty is None:
                stack.append(names)
                names = set()
                here = node
                continue
            if (text[empty.end() - 1] == "}") != (node.kind == OBJECT):
                raise Unreadable(f"malformed JSON at character {at}")
            at = node.stop = empty.end()
        else:
            node = _scalar(found, which, begun, here)
            here.kids.append(node)
            at = found.end()
            if at > node.stop and here is not root:
                continue
            at = node.stop
        # a value ended without a comma: what follows it
        while here is not root:
            end = _CLOSE.match(text, at)
            if end is None:
                raise Unreadable(f"malformed JSON at character {at}")
            at = end.end()
            char = end[1]
            if char == ",":
                break
            if (char == "}") != (here.kind == OBJECT):
                raise Unreadable(f"malformed JSON at character {at}")
            here.stop = at
            here = here.up or root
            names = stack.pop()
        else:
            break
    at = _blank(text, at)
    if whole and at != len(text):
        raise Unreadable(f"something follows the JSON document at character {at}")
    top = root.kids[0]
    top.up = None
    return top


def _blank(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _key(found: re.Match[str], here: Node, names: set[str]) -> None:
    """Add the key of a member."""
    start, stop = found.span(_KEY)
    name = unescaped(found[_KEY])
    if name in names:
        raise Unreadable("a key stands twice in one object: parsers disagree on which of them counts")
    names.add(name)
    here.keys.append((name, start - 1, stop + 1))


def _scalar(found: re.Match[str], which: int, begun: int, up: Node) -> Node:
    """Return the value that holds no others."""
    stop = found.end(which)
    number = len(up.kids)
    if which == _TEXT:
        return Node(STRING, begun - 1, stop + 1, unescaped(found[_TEXT]), up, number)
    if which == _DIGIT:
        return Node(NUMBER, begun, stop, found[_DIGIT], up, number)
    if which == _WORD:
        return Node(LITERAL, begun, stop, found[_WORD], up, number)
    return Node(ARRAY, begun, stop, "", up, number)


def release(root: Node) -> None:
    """Take a tree apart that is not needed any more: its nodes hold each other, and would wait for the collector."""
    stack = [root]
    while stack:
        node = stack.pop()
        kids, node.kids, node._index = node.kids, _NO_KIDS, None  # noqa: SLF001 - of this module
        stack += [kid for kid in kids if kid.kids]


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
        edits += [(start, stop, "") for start, stop in gaps(text, parents[number], {node.at for node in gone})]
    return edited(text, edits)


def edited(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    """Return a text with edits, ``(start, stop, new)``; one that begins inside another falls away."""
    out: list[str] = []
    done = 0
    for start, stop, new in sorted(edits, key=lambda edit: (edit[0], -edit[1])):
        if start < done:
            continue
        out += (text[done:start], new)
        done = stop
    out.append(text[done:])
    return "".join(out)


def gaps(text: str, up: Node, gone: set[int]) -> Iterator[tuple[int, int]]:
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
