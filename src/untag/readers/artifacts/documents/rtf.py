r"""RTF: paragraphs, headings by outline level, tables, properties; pictures and objects handed on.

Text may stand as plain bytes, as ``\\'b5`` in the code page of its font, or as ``\\u32500``
with a substitute behind it; all of it is put together before it is judged.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.limits import MIB
from untag.model import Blob, Gap
from untag.readers.artifacts.documents.flow import Flow

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

_TOKEN: Final = re.compile(
    rb"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]{1,65536})|[\r\n]+|\\"
)
_CHARSETS: Final = {
    128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
"""Code pages by ``\\fcharset``, of the RTF specification 1.9.1."""
_SKIPPED: Final = frozenset(
    (
        *("fonttbl", "colortbl", "stylesheet", "listtable", "listoverridetable", "revtbl", "rsidtbl", "themedata"),
        *("colorschememapping", "latentstyles", "datastore", "xmlnstbl", "generator", "fldinst", "filetbl", "mmathPr"),
        *("author", "operator", "company", "manager", "creatim", "revtim", "printim", "nonshppict", "listtext"),
    )
)
"""Destinations that are no text; who wrote it, and when, is nobody's business."""
_PROPERTIES: Final = ("title", "subject", "keywords", "doccomm", "category")
_KEPT: Final = frozenset(
    ("shpinst", "shptxt", "footnote", "annotation", "bkmkstart", "shppict", "ud", "upr", "listtext")
)
"""Destinations marked as ignorable that hold text for people."""
_BLANK: Final = {"tab": "\t", "line": " ", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "bullet": "•",
                 "ldblquote": "“", "rdblquote": "”", "emspace": " ", "enspace": " ", "qmspace": " "}  # fmt: skip
DEEPEST: Final = 1_000
"""Groups inside each other at most; word processors stop at about a hundred."""
OBJECT: Final = 64 * MIB
"""Hexadecimal digits of one embedded object or picture at most."""


class _Group:
    """What holds inside a pair of braces."""

    __slots__ = ("codec", "hidden", "skip", "starred", "sub", "what")

    def __init__(self, other: _Group | None = None) -> None:
        self.skip: bool = other.skip if other else False
        self.codec: str = other.codec if other else ""
        self.sub: int = other.sub if other else 1
        self.what: str = other.what if other else ""
        self.hidden = False
        self.starred = False


class RtfReader:
    """Reads rich text."""

    name = "rtf"
    version = 1
    formats: tuple[str, ...] = ("rtf",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the first group is one of rich text."""
        return head[:32].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rt")

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the text in order, then what the document says of itself."""
        yield from _Rich(blob, budget, deadline).parts()


class _Rich:
    def __init__(self, blob: Blob, budget: Budget, deadline: Deadline) -> None:
        self.blob = blob
        self.budget = budget
        self.deadline = deadline
        self.flow = Flow(blob.trail[-1])
        self.codec = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = 0
        self.groups = [_Group()]
        self.bytes = bytearray()
        self.texts: list[str] = []
        self.level = -1
        self.cells: list[str] = []
        self.rows: list[list[str]] = []
        self.properties: list[tuple[str, str]] = []
        self.digits = bytearray()
        self.objects = 0
        self.sub = 0
        self.table = False

    def parts(self) -> Iterator[Part | Blob | Gap]:
        """Walk the tokens."""
        data = memoryview(self.blob.data)
        ended = False
        for number, match in enumerate(_TOKEN.finditer(data)):
            if number % 4_096 == 0:
                self.deadline.check()
            word, value, code, sign, brace, text = match.groups()
            if brace:
                if brace == b"{":
                    if len(self.groups) >= DEEPEST:
                        yield Gap(self.blob.trail, "limit", f"groups nested deeper than {DEEPEST} levels")
                        break
                    self.flush()
                    self.groups.append(_Group(self.groups[-1]))
                elif len(self.groups) > 1:
                    yield from self.close()
                    ended = len(self.groups) == 1
            elif word:
                yield from self.word(word.decode("ascii"), int(value) if value else None)
            elif text is not None:
                self.text(text)
            elif code:
                self.text(bytes((int(code, 16),)), hexadecimal=True)
            elif sign:
                self.sign(sign)
        yield from self.paragraph()
        yield from self.tabled()
        yield from self.flow.metadata(self.properties[:50])
        if not ended:
            yield Gap(self.blob.trail, "truncated", "the rich text ends inside a group; what there was was read")

    @property
    def group(self) -> _Group:
        return self.groups[-1]

    def flush(self) -> None:
        """Decode the bytes that wait, in the code page of their font."""
        if self.bytes:
            codec = self.group.codec or self.codec
            self.texts.append(bytes(self.bytes).decode(codec, "replace"))
            self.bytes.clear()

    def text(self, raw: bytes, *, hexadecimal: bool = False) -> None:
        group = self.group
        if group.what in ("pict", "objdata"):
            if not hexadecimal and len(self.digits) < OBJECT:
                self.digits += raw
            return
        if group.skip or group.hidden:
            return
        if self.sub:
            cut = min(self.sub, len(raw))
            self.sub -= cut
            raw = raw[cut:]
        self.bytes += raw

    def sign(self, sign: bytes) -> None:
        if sign == b"*":
            self.group.starred = True
        elif sign in (b"~", b"_", b"\\", b"{", b"}"):
            self.text({b"~": b" ", b"_": b"-"}.get(sign, sign))
        elif sign in (b"\n", b"\r"):
            self.texts.append("\n")

    def word(self, word: str, value: int | None) -> Iterator[Part | Blob | Gap]:
        group = self.group
        if group.starred or word in _SKIPPED:
            group.starred = False
            if word in ("objdata", "blipuid"):
                group.what, group.skip = word, True
                self.digits.clear()
            elif word == "fonttbl":
                group.what, group.skip = word, True
            elif word not in _KEPT:
                group.skip = True
            return
        if word == "u" and value is not None:
            self.flush()
            if not (group.skip or group.hidden):
                self.unicode(value)
            self.sub = group.sub
            return
        self.sub = 0
        if word == "bin" and value and value > 0:
            yield Gap(self.blob.trail, "unsupported", "binary data in rich text, which is searched as text")
        elif word == "uc":
            group.sub = min(max(value or 0, 0), 16)
        elif word == "ansicpg" and value:
            self.codec = _codec(value)
        elif word == "f" and value is not None:
            self.font = value
            if group.what != "fonttbl":
                self.flush()
                group.codec = self.fonts.get(value, "")
        elif word == "fcharset" and group.what == "fonttbl":
            self.fonts[self.font] = _CHARSETS.get(value or 0, "")
        elif word == "pict":
            group.what, group.skip = word, True
            self.digits.clear()
        elif word in _PROPERTIES and len(self.groups) > 2:  # noqa: PLR2004 - inside {\info
            self.flush()
            group.what = word
            self.texts.append("\0")
        elif group.skip:
            return
        elif word in ("par", "sect", "page"):
            yield from self.paragraph()
        elif word == "pard":
            self.flush()
            self.level = -1
            self.table = False
        elif word == "intbl":
            self.table = True
        elif word == "outlinelevel" and value is not None:
            self.level = value
        elif word in ("cell", "nestcell"):
            self.flush()
            self.cells.append("".join(self.texts))
            self.texts = []
        elif word in ("row", "nestrow"):
            self.rows.append(self.cells)
            self.cells = []
        elif word in _BLANK:
            self.flush()
            self.texts.append(_BLANK[word])
        elif word == "v":
            self.flush()

    def unicode(self, value: int) -> None:
        """Take a UTF-16 unit as a signed number; a pair of surrogates is one character."""
        char = chr(value & 0xFFFF)
        last = self.texts[-1][-1:] if self.texts else ""
        if "\udc00" <= char <= "\udfff" and "\ud800" <= last <= "\udbff":
            both = (last + char).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            self.texts[-1] = self.texts[-1][:-1] + both
        else:
            self.texts.append(char)

    def close(self) -> Iterator[Part | Blob | Gap]:
        """End a group: a property, a picture or an object is whole now."""
        self.flush()
        group = self.groups.pop()
        self.sub = 0
        if group.what == self.group.what:
            return
        if group.what in _PROPERTIES:
            text = "".join(self.texts)
            at = text.rfind("\0")
            self.texts = [text[:at]] if at > 0 else []
            self.properties.append((group.what, text[at + 1 :]))
        elif group.what in ("pict", "objdata") and self.digits:
            digits = re.sub(rb"[^0-9a-fA-F]", b"", self.digits)
            self.digits.clear()
            self.objects += 1
            content = bytes.fromhex(digits[: len(digits) & ~1].decode("ascii"))
            if content:
                self.budget.member()
                self.budget.spend(len(content))
                yield Blob(
                    (*self.blob.trail, f"{'picture' if group.what == 'pict' else 'object'}-{self.objects}"), content
                )

    def paragraph(self) -> Iterator[Part]:
        """End a paragraph; in a table it belongs to its cell."""
        self.flush()
        if self.table and self.texts:
            self.texts.append("\n")
            return
        text, self.texts = "".join(self.texts), []
        if not text.strip():
            return
        yield from self.tabled()
        if 0 <= self.level < 9:  # noqa: PLR2004 - 9 is body text
            yield from self.flow.heading(text, self.level + 1)
        else:
            yield from self.flow.paragraph(text)

    def tabled(self) -> Iterator[Part]:
        """Yield the table whose rows were gathered."""
        if self.cells:
            self.rows.append(self.cells)
            self.cells = []
        rows, self.rows = self.rows, []
        if rows:
            yield from self.flow.table(rows)


def _codec(page: int) -> str:
    name = {936: "gb18030", 65001: "utf-8", 10000: "mac-roman"}.get(page, f"cp{page}")
    try:
        "".encode(name)
    except LookupError:
        return "cp1252"
    return name
