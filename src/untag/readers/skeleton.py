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
    rb"/\*|\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|(?<![:\w])//[^\n]*|(?<![\w$&\\{\"'])#[^\n]*|(?<!\S)--(?=\s)[^\n]*"
    rb"|(?<!\S)%[^\n]*|[{}\[\]]|^[ \t]*(?:rule\b|query\b|declare\b|then[ \t]*\r?$|end\b;?[ \t]*\r?$)",
    re.MULTILINE,
)
_HEAD: Final = re.compile(
    rb"([A-Za-z_][\w]*(?:[ \t]+(?:[A-Za-z_]\w*))*?)?[ \t]*(?:[ \t]([A-Za-z_\x80-\xff][\w.\x80-\xff-]*|\"[^\"\n]*\"))?(?:[ \t]*[(:<=@,][^{}\n]*|[ \t]+(?:implements|extends|on|with)\b[^{}\n]*)?[ \t]*$"
)
_LAST: Final = re.compile(rb"([\w.\x80-\xff-]+|\"[^\"\n]*\"|'[^'\n]*')[ \t]*(?:[(:<=@,].*)?$", re.DOTALL)
_KINDS: Final = {
    "message": "message", "struct": "struct", "enum": "enum", "type": "struct", "input": "struct", "interface": "interface",
    "class": "class", "model": "struct", "union": "struct", "exception": "struct", "service": "interface", "rule": "rule",
    "query": "rule", "declare": "struct", "oneof": "struct", "table": "struct", "module": "module", "package": "module",
    "namespace": "module", "extend": "struct", "record": "struct", "protocol": "interface", "trait": "interface",
    "function": "function", "func": "function", "fn": "function", "def": "function", "sub": "function", "proc": "function",
    "task": "function", "method": "function", "if": "condition", "elseif": "condition", "elsif": "condition",
    "when": "condition", "switch": "condition", "case": "condition", "while": "condition", "resource": "map",
    "variable": "map", "data": "map", "output": "map", "provider": "map", "entity": "class", "mixin": "class",
    "generator": "map", "datasource": "map", "server": "section", "location": "section", "http": "section",
    "upstream": "section", "extension": "class", "abstract": "class", "typedef": "struct", "dataclass": "class",
}  # fmt: skip
"""Keyword before a block → scope kind."""
_MEMBER: Final = {
    "message": re.compile(rb"^[ \t]*(?:(?:repeated|optional|required|map[ \t]*<[^>]*>)[ \t]+)*(?:[\w.<>, ]+[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*\d", re.MULTILINE),
    "enum": re.compile(rb"(?:^|[,{])[ \t]*([A-Za-z_\x80-\xff][\w\x80-\xff]*)[ \t]*(?:=[^,;{}\n]*|\([^)\n]*\)|@[^,\n]*)?[ \t]*(?=[,;}\r\n]|//|#|/\*|--|$)", re.MULTILINE),
    "struct": re.compile(
        rb"^[ \t]*(?:\d+[ \t]*:[ \t]*(?:required|optional)?[ \t]*[\w.<>, ]+?[ \t]+([A-Za-z_]\w*)"
        rb"|([A-Za-z_]\w*)[ \t]*(?:\([^)\n]*\))?[ \t]*:[ \t]*[\[\w\"]|([A-Za-z_]\w*)[ \t]+[A-Z]\w*[\[\]?!]*(?:[ \t]|\r?$)"
        rb"|(?:[\w.<>\[\]?]+[ \t]+)+([A-Za-z_]\w*)[ \t]*(?:[;=\[,]|\{[ \t]*get)|\|?[ \t]*([A-Z]\w*)[ \t]*$)",
        re.MULTILINE,
    ),
    "class": re.compile(
        rb"^[ \t]*(?:(?:final|static|const|late|var|let|val|public|private|protected|readonly|int|String|String\?|def|fun|function)[ \t]+)*"
        rb"(?:[\w.<>\[\]?, ]+[ \t]+)?([A-Za-z_]\w*)[ \t]*(?:[;=(:]|\{[ \t]*get)",
        re.MULTILINE,
    ),
    "map": re.compile(rb"^[ \t]*[\"']?([A-Za-z_][\w.-]*)[\"']?[ \t]*(?:[=:{]|[ \t][^\n]*;?[ \t]*\r?$)", re.MULTILINE),
    "list": re.compile(rb"\"([^\"\n]{1,200})\"|'([^'\n]{1,200})'"),
    "rule": re.compile(rb"\b([A-Za-z_]\w*)[ \t]*(?:==|!=|\(|\bin\b|contains|matches)"),
}  # fmt: skip
_ALIAS: Final = {"interface": "class", "section": "map", "type": "struct", "module": "class", "function": "none"}
_SIZE: Final = 20_000
"""Bytes of a block in which members are looked for."""


class Frame:
    """One block: where its head stands, and from where to where it goes."""

    __slots__ = ("head", "kind", "name", "name_at", "parent", "start", "stop")

    def __init__(self, head: int, start: int, kind: str, name: str, name_at: tuple[int, int], parent: Frame | None) -> None:
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

    def members(self, frame: Frame) -> tuple[str, ...]:
        """Return the names that stand in a block, nested blocks left out."""
        found = self._members.get(frame.start)
        if found is None:
            pattern = _pattern(frame.kind)
            names: dict[str, None] = {}
            stop = min(frame.stop, frame.start + _SIZE)
            for match in pattern.finditer(self._data, frame.start, stop) if pattern is not None else ():
                name = next((group for group in match.groups() if group), None)
                if name is not None and (self.at(match.start(match.lastindex or 0)) is frame or frame.kind == "rule"):
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
            if len(stack) < limits.NESTING:
                stack.append(_opened(data, tail, token.start(), mark, stack[-1] if stack else None))
                frames.append(stack[-1])
            tail = at
        elif mark in (b"}", b"]") or mark.startswith(b"end"):
            if stack and (mark[:1] in b"}]") == (stack[-1].kind != "rule" and stack[-1].name_at[0] >= -1):
                stack.pop().stop = at
            tail = at
        elif mark in (b"rule", b"query", b"declare"):
            line = data.find(b"\n", at)
            line = len(data) if line < 0 else line
            if b"{" not in data[at:line] and b"=" not in data[at:line] and b":" not in data[at:line] and not stack:
                name = data[at:line].strip().strip(b"\"'")
                low = data.find(name, at, line) if name else at
                frame = Frame(token.start(), line, "rule", clip(decode(name, 0, len(name)), 160), (low, low + len(name)), None)
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


def _opened(data: bytes, tail: int, brace: int, mark: bytes, parent: Frame | None) -> Frame:
    """Return the block that opens at ``brace``, named by the words before it."""
    low = max(tail, data.rfind(b"\n", 0, brace) + 1, brace - limits.STATEMENT)
    if not data[low:brace].strip() and mark == b"{":  # the brace stands on a line of its own
        low = max(tail, data.rfind(b"\n", 0, max(0, low - 1)) + 1, brace - limits.STATEMENT)
    low = max(low, data.rfind(b";", low, brace) + 1, data.rfind(b"," if mark == b"[" else b";", low, brace) + 1)
    head = data[low:brace]
    words = re.findall(rb"[A-Za-z_]\w*", head[:120])
    kind = next((_KINDS[word.decode("ascii").lower()] for word in words[:3] if word.decode("ascii").lower() in _KINDS), "")
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
    found = list(re.finditer(rb"([A-Za-z_\x80-\xff][\w.\x80-\xff-]*|\"[^\"\n]*\")", plain.split(b"=")[0].split(b" where ")[0]))
    return found[-1] if found else None


def _text(raw: bytes) -> str:
    return clip(decode(raw, 0, len(raw)).strip("\"'"), 160)
