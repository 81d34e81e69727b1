"""The nesting of a text without a grammar: which block opens and closes where."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING, Final

from untag import limits
from untag.readers.lines import clip, decode

if TYPE_CHECKING:
    from untag.limits import Deadline

_TOKEN: Final = re.compile(
    rb"/\*|\"(?:[^\"\\\n]|\\.){0,400}\"|'(?:[^'\\\n]|\\.){0,400}'"
    rb"|(?<![:\w])//[^\n]*|(?<![\w$&\\{\"'])#[^\n]*|(?<!\S)--(?=\s)[^\n]*"
    rb"|(?<!\S)%[^\n]*|[{}\[\]]|^[ \t]*(?:rule\b|query\b|declare\b|then[ \t]*\r?$|end\b;?[ \t]*\r?$)",
    re.MULTILINE,
)
_KEYWORDS: Final = {
    "message": "message",
    "struct": "struct type input model union exception declare oneof table extend record typedef",
    "enum": "enum",
    "interface": "interface service protocol trait",
    "class": "class entity mixin extension abstract dataclass",
    "module": "module package namespace",
    "rule": "rule query",
    "function": "function func fn def sub proc task method",
    "condition": "if elseif elsif when switch case while",
    "map": "resource variable data output provider generator datasource",
    "section": "server location http upstream",
}
_KINDS: Final = {word: kind for kind, words in _KEYWORDS.items() for word in words.split()}
"""Keyword before a block → scope kind."""
_EDGE: Final = rb"(?:^|(?<=[{;,]))"
"""Where a member may begin: on a line of its own, or after the last one."""
_MEMBER: Final = {
    "message": re.compile(
        _EDGE + rb"[ \t]*(?:(?:repeated|optional|required|map[ \t]*<[^>\n]{0,80}>)[ \t]+)?(?:[\w.<>, ]{1,80}[ \t])?"
        rb"[ \t]*([A-Za-z_]\w*)[ \t]*=[ \t]*\d",
        re.MULTILINE,
    ),
    "enum": re.compile(
        _EDGE
        + rb"[ \t]*([A-Za-z_\x80-\xff][\w\x80-\xff]*)[ \t]*(?:=[^,;{}\n]{0,200}|\([^)\n]{0,200}\)|@[^,\n]{0,200})?"
        rb"[ \t]*(?=[,;}\r\n]|//|#|/\*|--|$)",
        re.MULTILINE,
    ),
    "struct": re.compile(
        _EDGE + rb"[ \t]*(?:\d+[ \t]*:[ \t]*(?:required|optional)?[ \t]*[\w.<>, ]{1,80}?[ \t]+([A-Za-z_]\w*)"
        rb"|([A-Za-z_]\w*)[ \t]*(?:\([^)\n]{0,200}\))?[ \t]*:[ \t]*[\[\w\"]"
        rb"|([A-Za-z_]\w*)[ \t]+[A-Z]\w*[\[\]?!]*(?:[ \t]|\r?$)"
        rb"|(?:[\w.<>\[\]?]{1,60}[ \t]+){1,5}([A-Za-z_]\w*)[ \t]*(?:[;=\[,]|\{[ \t]*get)|\|?[ \t]*([A-Z]\w*)[ \t]*$)",
        re.MULTILINE,
    ),
    "class": re.compile(
        _EDGE + rb"[ \t]*(?:[\w.<>\[\]?, ]{1,80}[ \t])?[ \t]*([A-Za-z_]\w*)[ \t]*(?:[;=(:]|\{[ \t]*get)", re.MULTILINE
    ),
    "map": re.compile(
        _EDGE + rb"[ \t]*[\"']?([A-Za-z_][\w.-]*)[\"']?[ \t]*(?:[=:{]|[ \t][^\n]{0,200};?[ \t]*\r?$)", re.MULTILINE
    ),
    "list": re.compile(rb"\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'"),
    "rule": re.compile(rb"\b([A-Za-z_]\w*)[ \t]*(?:==|!=|\(|\bin\b|contains|matches)"),
}
_ALIAS: Final = {"interface": "class", "section": "map", "type": "struct", "module": "class", "function": "none"}
_HEAD: Final = 240
"""Bytes before a brace in which the block's keyword and name are looked for."""
_DEEPEST: Final = 64
"""Blocks inside each other; what lies deeper belongs to the last of them."""
_SIZE: Final = 20_000
"""Bytes of a block in which members are looked for."""


class Frame:
    """One block: where its head stands, and from where to where it goes."""

    __slots__ = ("head", "kind", "name", "name_at", "parent", "start", "stop")

    def __init__(
        self, head: int, start: int, kind: str, name: str, name_at: tuple[int, int], parent: Frame | None
    ) -> None:
        self.head = head
        self.start = start
        self.stop = -1
        self.kind = kind
        self.name = name
        self.name_at = name_at
        self.parent = parent


class Skeleton:
    """All blocks of a text, found by offset."""

    def __init__(self, data: bytes, frames: list[Frame], comments: list[tuple[int, int]]) -> None:
        self._data = data
        self._frames = frames
        self._heads = [frame.head for frame in frames]
        self._comments = comments
        self._comment_starts = [start for start, _ in comments]
        self._members: dict[int, tuple[str, ...]] = {}

    def at(self, offset: int) -> Frame | None:
        """Return the innermost block around an offset; a head belongs to its own block."""
        index = bisect_right(self._heads, offset) - 1
        frame = self._frames[index] if index >= 0 else None
        while frame is not None and frame.stop <= offset:
            frame = frame.parent
        return frame

    def opened(self, start: int, stop: int) -> Frame | None:
        """Return the block whose head stands in a line."""
        index = bisect_right(self._heads, stop) - 1
        while index >= 0 and self._frames[index].head >= start:
            if index == 0 or self._frames[index - 1].head < start:
                return self._frames[index]
            index -= 1
        return None

    def declared(self, start: int, stop: int) -> Frame | None:
        """Return the block that the name at this range names."""
        frame = self.at(start)
        return frame if frame is not None and frame.name_at[0] <= start and stop <= frame.name_at[1] else None

    def in_comment(self, offset: int) -> bool:
        """Whether an offset stands inside a block comment."""
        index = bisect_right(self._comment_starts, offset) - 1
        return index >= 0 and self._comments[index][0] < offset < self._comments[index][1]

    def is_member(self, frame: Frame, offset: int, low: int) -> bool:
        """Whether a word at ``offset`` is where a member of the block is named."""
        pattern = _pattern(frame.kind)
        if pattern is None:
            return False
        begin = max(frame.start, low)
        stop = self._data.find(b"\n", offset)
        end = min(frame.stop, len(self._data) if stop < 0 else stop + 1)
        for found in pattern.finditer(self._data, begin, end):
            if any(found.start(group) <= offset < found.end(group) for group in range(1, (pattern.groups or 0) + 1)):
                return True
        return False

    def _owns(self, frame: Frame, offset: int) -> bool:
        """Whether a name at ``offset`` is the block's own: in no inner block, or naming one."""
        owner = self.at(offset)
        if owner is frame or frame.kind == "rule":
            return True
        return owner is not None and owner.parent is frame and owner.name_at[0] <= offset < owner.name_at[1]

    def members(self, frame: Frame) -> tuple[str, ...]:
        """Return the names that stand in a block, nested blocks left out."""
        found = self._members.get(frame.start)
        if found is None:
            pattern = _pattern(frame.kind)
            names: dict[str, None] = {}
            stop = min(frame.stop, frame.start + _SIZE)
            for match in pattern.finditer(self._data, frame.start, stop) if pattern is not None else ():
                name = next((group for group in match.groups() if group), None)
                if name is not None and self._owns(frame, match.start(match.lastindex or 0)):
                    names[decode(name, 0, len(name))] = None
                if len(names) >= limits.MEMBERS:
                    break
            found = self._members[frame.start] = tuple(names)
        return found


def _pattern(kind: str) -> re.Pattern[bytes] | None:
    return _MEMBER.get(_ALIAS.get(kind, kind))


def skeleton(data: bytes, deadline: Deadline) -> Skeleton:
    """Find the blocks of a text in one pass, without recursion."""
    frames: list[Frame] = []
    comments: list[tuple[int, int]] = []
    stack: list[Frame] = []
    at, count, tail = 0, 0, 0
    while True:
        token = _TOKEN.search(data, at)
        if token is None:
            break
        count += 1
        if count % 4096 == 0:
            deadline.check()
        at = max(token.end(), at + 1)
        mark = token[0].strip()
        if mark == b"/*":
            end = data.find(b"*/", at)
            end = len(data) if end < 0 else end + 2
            comments.append((token.start(), end))
            at = tail = end
        elif mark in (b"{", b"["):
            if len(stack) < _DEEPEST:
                stack.append(_opened(data, tail, token.start(), mark, stack[-1] if stack else None))
                frames.append(stack[-1])
            tail = at
        elif mark in (b"}", b"]") or mark.startswith(b"end"):
            if stack and (mark[:1] in b"}]") == (stack[-1].kind != "rule" and stack[-1].name_at[0] >= -1):
                frame = stack.pop()
                frame.stop = at
                if frame.kind == "map" and _is_list(data[frame.start : min(at, frame.start + 2_000)]):
                    frame.kind = "list"
            tail = at
        elif mark in (b"rule", b"query", b"declare"):
            line = data.find(b"\n", at)
            line = len(data) if line < 0 else line
            if b"{" not in data[at:line] and b"=" not in data[at:line] and b":" not in data[at:line] and not stack:
                name = data[at:line].strip().strip(b"\"'")
                low = data.find(name, at, line) if name else at
                frame = Frame(
                    token.start(), line, "rule", clip(decode(name, 0, len(name)), 160), (low, low + len(name)), None
                )
                stack.append(frame)
                frames.append(frame)
                at = tail = line
        elif token[0][:1] in b"/#-%":
            tail = max(tail, at)
    for frame in stack:
        frame.stop = len(data)
    for frame in frames:
        if frame.stop < 0:
            frame.stop = len(data)
    return Skeleton(data, frames, comments)


def _is_list(body: bytes) -> bool:
    """Whether a block in braces holds strings and no keys."""
    return b'"' in body and re.search(rb"[=:;(]", re.sub(rb"\"[^\"\n]*\"", b"", body)) is None


def _opened(data: bytes, tail: int, brace: int, mark: bytes, parent: Frame | None) -> Frame:
    """Return the block that opens at ``brace``, named by the words before it."""
    low = max(tail, data.rfind(b"\n", 0, brace) + 1, brace - _HEAD)
    if not data[low:brace].strip() and mark == b"{":  # the brace stands on a line of its own
        low = max(tail, data.rfind(b"\n", 0, max(0, low - 1)) + 1, brace - _HEAD)
    low = max(low, data.rfind(b";", low, brace) + 1, data.rfind(b"," if mark == b"[" else b";", low, brace) + 1)
    head = data[low:brace]
    words = re.findall(rb"[A-Za-z_]\w*", head[:120])
    kind = next(
        (_KINDS[word.decode("ascii").lower()] for word in words[:3] if word.decode("ascii").lower() in _KINDS), ""
    )
    if mark == b"[":
        kind = "list"
    assigned = re.search(rb"([\w.\"'-]+)[ \t]*(?::=|[:=]|<-)[ \t]*(?:new[ \t]+)?[\w.<>, \t]*\(?[ \t]*$", head)
    name, name_at = "", (-1, -1)
    if assigned is not None and (kind in ("", "list", "map") or not words):
        name, name_at = _text(assigned[1]), (low + assigned.start(1), low + assigned.end(1))
        kind = kind or "map"
    else:
        named = _named(head, words)
        if named is not None:
            name, name_at = _text(named[1]), (low + named.start(1), low + named.end(1))
        if not kind:
            kind = "function" if head.rstrip().endswith(b")") and b"(" in head else "map"
    start = low + (len(head) - len(head.lstrip()))
    return Frame(min(start, brace), brace + 1, kind, name, name_at, parent)


def _named(head: bytes, words: list[bytes]) -> re.Match[bytes] | None:
    """Return the name in a block's head: the word after the keyword, else the last word before brackets."""
    for number, word in enumerate(words[:3]):
        if word.decode("ascii").lower() in _KINDS and (len(words) > number + 1 or b'"' in head):
            labels = list(re.finditer(rb"\"([^\"\n]*)\"", head))
            if labels:
                return labels[-1]
            return re.search(rb"\b" + word + rb"[ \t]+(?:class[ \t]+)?([A-Za-z_\x80-\xff][\w.\x80-\xff]*)", head)
    plain = re.sub(rb"\([^()]*\)", lambda m: b" " * len(m[0]), head)
    found = list(
        re.finditer(rb"([A-Za-z_\x80-\xff][\w.\x80-\xff-]*|\"[^\"\n]*\")", plain.split(b"=")[0].split(b" where ")[0])
    )
    return found[-1] if found else None


def _text(raw: bytes) -> str:
    return clip(decode(raw, 0, len(raw)).strip("\"'"), 160)
