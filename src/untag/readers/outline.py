"""The blocks of a document: headings, tables, fenced code and paragraphs, in one pass over the lines."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from untag import later
from untag.readers import lines
from untag.readers.lines import decode

if TYPE_CHECKING:
    from untag.limits import Deadline

_ATX: Final = later.pattern(rb" {0,3}(#{1,6})[ \t]+(\S.*)$")
_ADOC: Final = later.pattern(rb"(={1,6})[ \t]+(\S.*)$")
_UNDERLINE: Final = later.pattern(rb" {0,3}([=\-~^\"'`+*#:.<>_])\1{2,}[ \t]*$|=+[ \t]*$")
_ANY_RULE: Final = later.pattern(rb"^[ \t]*(?:([=\-~^\"'`+*#:.<>_])\1{2,}|=+)[ \t\r]*$", re.MULTILINE)
_FENCE: Final = later.pattern(rb"([ \t>]*)(`{3,}|~{3,})[ \t]*\{?[. \t]*([\w+#-]*)")
_DIRECTIVE: Final = later.pattern(
    rb"([ \t]*)\.\. (?:code-block|code|sourcecode|highlight|literalinclude)::[ \t]*([\w+#-]*)"
)
_ADOC_SOURCE: Final = later.pattern(rb"\[source,[ \t]*([\w+#-]+)")
_PIPE_RULE: Final = later.pattern(rb"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_GRID_RULE: Final = later.pattern(rb"[ \t]*\+[-=+]{3,}\+?[ \t]*$")
_SIMPLE_RULE: Final = later.pattern(rb"[ \t]*={2,}(?:[ \t]+={2,})+[ \t]*$")
_FRONT: Final = later.pattern(rb"(---|\+\+\+)[ \t]*$")
_NUMBERED: Final = later.pattern(
    rb"(?:\d{1,2}(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|[A-Z]\.|["
    + "一二三四五六七八九十".encode()
    + rb"]{3,9}[\xe3\x80\x81.])[ \t]*\S.{0,78}$"
)


class Block(NamedTuple):
    """A run of lines of one kind."""

    start: int
    stop: int
    kind: str
    """``heading``, ``table``, ``code`` or ``text``."""
    chain: tuple[str, ...]
    """The headings above it, outermost first."""
    cells: tuple[str, ...] = ()
    """Header cells of a table."""
    info: str = ""
    """Language of a code block."""


def outline(data: bytes, kind: str, deadline: Deadline) -> list[Block]:
    """Return the blocks of a document in order."""
    return _Outline(data, kind).run(deadline)


class _Outline:
    def __init__(self, data: bytes, kind: str) -> None:
        self._data = data
        self._kind = kind
        self._blocks: list[Block] = []
        self._chain: list[tuple[int, str]] = []
        self._styles: list[bytes] = []
        self._text: int | None = None
        self._rules = {found.start() for found in _ANY_RULE.finditer(data)}
        """Where lines begin that can underline a heading: no other line need be asked for one."""

    def _names(self) -> tuple[str, ...]:
        return tuple(name for _, name in self._chain)

    def _line(self, at: int) -> tuple[int, int]:
        stop = self._data.find(b"\n", at)
        stop = len(self._data) if stop < 0 else stop
        return at, stop

    def run(self, deadline: Deadline) -> list[Block]:
        at, size, count = 0, len(self._data), 0
        while at < size:
            count += 1
            if count % 4096 == 0:
                deadline.check()
            start, stop = self._line(at)
            line = self._data[start : min(stop, start + 2_000)].rstrip(b"\r")
            at = self._special(line, start, stop)
            if at < 0:
                at = stop + 1
                if not line.strip():
                    self._close(start)
                elif self._text is None:
                    self._text = start
        self._close(size)
        return self._blocks

    def _close(self, stop: int) -> None:
        if self._text is not None and stop > self._text:
            self._blocks.append(Block(self._text, stop, "text", self._names()))
        self._text = None

    def _add(self, start: int, stop: int, kind: str, cells: tuple[str, ...] = (), info: str = "") -> None:
        self._close(start)
        self._blocks.append(Block(start, stop, kind, self._names(), cells, info))

    def _heading(self, start: int, stop: int, level: int, title: bytes) -> None:
        self._close(start)
        while self._chain and self._chain[-1][0] >= level:
            self._chain.pop()
        self._chain.append((level, lines.clip(decode(title, 0, len(title)).strip(" \t*`_#="), 160)))
        self._blocks.append(Block(start, stop, "heading", self._names()))

    def _special(self, line: bytes, start: int, stop: int) -> int:
        """Handle a line that is more than text; return where to go on, or -1 for a line of text."""
        kind = self._kind
        if kind in ("markdown", "prose", "adoc"):
            found = (_ATX.match(line) if kind != "adoc" else None) or (_ADOC.match(line) if kind == "adoc" else None)
            if found is not None:
                self._heading(start, stop, len(found[1]), found[2])
                return stop + 1
        if kind == "markdown":
            if start == 0 and _FRONT.match(line):
                return self._front(line.strip(), stop)
            fence = _FENCE.match(line)
            if fence is not None:
                return self._fence(fence[2], fence[3], stop)
            if b"|" in line or _PIPE_RULE.match(line):
                found_at = self._pipe_table(start, stop)
                if found_at > 0:
                    return found_at
        if kind == "adoc" and line.startswith(b"----") and not line.strip(b"- \t"):
            info = _ADOC_SOURCE.search(self._data, max(0, start - 200), start)
            return self._until(b"----", info[1] if info else b"", stop)
        if kind == "rst":
            directive = _DIRECTIVE.match(line)
            if directive is not None:
                return self._indented(len(directive[1]), directive[2], start, stop)
            if _GRID_RULE.match(line) or _SIMPLE_RULE.match(line):
                return self._ruled_table(start, stop, grid=line.lstrip()[:1] == b"+")
        return self._underlined(line, start, stop)

    def _underlined(self, line: bytes, start: int, stop: int) -> int:
        if not (stop + 1 in self._rules or start in self._rules or (self._kind == "prose" and self._text is None)):
            return -1
        if not line.strip() or stop >= len(self._data):
            return -1
        data = self._data
        over = None
        if self._kind == "rst" and _UNDERLINE.match(line) and self._text is None:
            over, (start_title, stop) = start, self._line(stop + 1)
            line = data[start_title : min(stop, start_title + 2_000)].rstrip(b"\r")
            if not line.strip() or stop >= len(data):
                return -1
        low, high = self._line(stop + 1)
        rule = data[low : min(high, low + 400)].strip()
        mark = _UNDERLINE.match(rule)
        if mark is None or (line[:1] in b"-*|>" and self._kind == "markdown") or _UNDERLINE.match(line):
            if self._kind == "prose" and self._text is None and _NUMBERED.match(line) and not data[low:high].strip():
                self._heading(start, stop, 2 + line.split(b" ")[0].rstrip(b".").count(b"."), line)
                return stop + 1
            return -1
        if self._kind in ("markdown", "adoc", "prose") and (rule[:1] not in b"=-" or self._text is not None):
            return -1
        if self._kind == "prose" and len(line.strip()) > 100:  # noqa: PLR2004 - a count by eye, not a setting
            return -1
        style = rule[:1] + (b"^" if over is not None else b"")
        if style not in self._styles:
            self._styles.append(style)
        level = (1 if rule[:1] == b"=" else 2) if self._kind != "rst" else 1 + self._styles.index(style)
        self._heading(over if over is not None else start, high, level, line.strip())
        return high + 1

    def _front(self, mark: bytes, stop: int) -> int:
        """Read front matter between two ``---`` or ``+++`` lines as YAML or TOML."""
        end = self._data.find(b"\n" + mark, stop)
        if end < 0 or end - stop > 1 << 16:
            return -1
        self._add(stop + 1, end + 1, "code", info="yaml" if mark == b"---" else "toml")
        return self._line(end + 1)[1] + 1

    def _fence(self, mark: bytes, info: bytes, stop: int) -> int:
        closing = later.pattern(rb"\n[ \t>]*" + re.escape(mark[:3]) + rb"[`~]*[ \t]*\r?(?=\n|$)")
        found = closing.search(self._data, max(0, stop))
        end = found.start() + 1 if found is not None else len(self._data)
        self._add(stop + 1, max(stop + 1, end), "code", info=info.decode("ascii", "replace").lower())
        return found.end() + 1 if found is not None else len(self._data)

    def _until(self, mark: bytes, info: bytes, stop: int) -> int:
        end = self._data.find(b"\n" + mark, stop)
        end = len(self._data) if end < 0 else end + 1
        self._add(stop + 1, max(stop + 1, end), "code", info=info.decode("ascii", "replace").lower())
        return self._line(end)[1] + 1 if end < len(self._data) else end

    def _indented(self, depth: int, info: bytes, start: int, stop: int) -> int:
        """Read the body of an RST directive: what is indented deeper than it."""
        self._close(start)
        at, body, end = stop + 1, -1, stop + 1
        while at < len(self._data):
            low, high = self._line(at)
            line = self._data[low : min(high, low + 400)]
            if line.strip():
                if len(line) - len(line.lstrip()) <= depth:
                    break
                if body < 0 and not line.lstrip().startswith(b":"):
                    body = low
                end = high + 1
            at = high + 1
        if body >= 0:
            self._add(body, min(end, len(self._data)), "code", info=info.decode("ascii", "replace").lower())
        return max(stop + 1, end)

    def _pipe_table(self, start: int, stop: int) -> int:
        low, high = self._line(stop + 1)
        rule = self._data[low : min(high, low + 2_000)].rstrip(b"\r")
        if low > len(self._data) or b"-" not in rule or b"|" not in rule or not _PIPE_RULE.match(rule):
            return -1
        header = self._data[start:stop]
        names = tuple(lines.clip(decode(part, 0, len(part)), 160) for part in header.strip().strip(b"|").split(b"|"))
        at = high + 1
        while at < len(self._data):
            low, high = self._line(at)
            if b"|" not in self._data[low:high]:
                break
            at = high + 1
        self._add(start, min(at, len(self._data)), "table", names)
        return at

    def _ruled_table(self, start: int, stop: int, *, grid: bool) -> int:
        """Read an RST grid or simple table; its header stands between the first two rules."""
        low, high = self._line(stop + 1)
        header = self._data[low:high]
        if grid:
            parts = header.strip(b" |\r").split(b"|")
        else:
            columns = [found.start() for found in re.finditer(rb"=+", self._data[start:stop])]
            parts = [header[a:b] for a, b in zip(columns, [*columns[1:], len(header)], strict=True)]
        names = tuple(part.strip() for part in parts)
        at, rules = stop + 1, 1
        while at < len(self._data):
            low, high = self._line(at)
            line = self._data[low : min(high, low + 2_000)]
            if not line.strip() and (grid or rules > 1):
                break
            rules += _SIMPLE_RULE.match(line.rstrip(b"\r")) is not None
            at = high + 1
        self._add(
            start, min(at, len(self._data)), "table", tuple(lines.clip(decode(n, 0, len(n)), 160) for n in names if n)
        )
        return at
