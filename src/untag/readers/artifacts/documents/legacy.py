"""Old office files and messages (DOC, XLS, PPT, MSG) and protected new ones: all compound files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.limits import MIB
from untag.model import Blob, Gap
from untag.readers.artifacts.documents import biff, slideshow, vba, winword
from untag.readers.artifacts.documents.flow import Flow
from untag.readers.artifacts.documents.ole import MAGIC, Compound, Stream
from untag.readers.containers.common import Names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.readers.base import Part

LARGEST: Final = 256 * MIB
"""Bytes of a compound file; the old programs stop far below."""
TEXT: Final = 48 * MIB
"""Bytes of the stream that holds a document's text; it is held in memory."""
_PLUMBING: Final = frozenset(
    ("\x01CompObj", "\x01Ole", "\x03ObjInfo", "\x05DocumentSummaryInformation", "Current User")
)
"""Streams that hold no words of the author's."""
_SUMMARY: Final = "\x05SummaryInformation"
_SAID: Final = {2: "title", 3: "subject", 5: "keywords", 6: "comments"}
"""Properties by number that say something; who wrote it, and when, is nobody's business."""


class CompoundReader:
    """Reads compound files by the streams that they hold."""

    name = "compound"
    version = 1
    formats: tuple[str, ...] = ("doc", "xls", "ppt", "msg")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether a compound file begins here."""
        return head[:8] == MAGIC

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
        """Yield the text, then every stream that it did not stand in."""
        if len(blob.data) > LARGEST:
            raise LimitError(f"a compound file of more than {LARGEST >> 20} MiB")
        file = Compound(blob.data)
        streams = {stream.path: stream for stream in file.streams}
        if not streams:
            yield Gap(blob.trail, "corrupt", "a compound file without a directory; it was searched as bytes")
            yield Blob((*blob.trail, "~bytes"), memoryview(blob.data)[8:])
            return
        if "EncryptedPackage" in streams:
            yield Gap(blob.trail, "encrypted", "a password-protected office file; save it without its password")
            return
        flow = Flow(blob.trail[-1])
        read: set[str] = {_SUMMARY}
        try:
            if _SUMMARY in streams:
                yield from flow.metadata(_summary(file.read(streams[_SUMMARY], MIB)))
            yield from _document(file, streams, read, flow, deadline)
        except ReadError as error:
            yield Gap(blob.trail, error.reason, error.detail)
            if error.reason == "encrypted":
                return
            read.clear()
        yield from _rest(blob, file, read, budget, deadline)
        if file.damaged:
            yield Gap(blob.trail, "truncated", "a compound file whose streams break off; what there was was read")


def _document(
    file: Compound, streams: dict[str, Stream], read: set[str], flow: Flow, deadline: Deadline
) -> Iterator[Part]:
    """Yield the text by the stream that tells the kind of document; note which streams were read."""

    def text(path: str) -> bytes:
        stream = streams.get(path)
        if stream is None:
            return b""
        read.add(path)
        if stream.size > TEXT:
            raise LimitError(f"more than {TEXT >> 20} MiB of text in an old office file")
        return file.read(stream)

    if "WordDocument" in streams:
        yield from winword.text(text("WordDocument"), text("1Table"), text("0Table"), flow, deadline)
    elif "Workbook" in streams or "Book" in streams:
        yield from biff.text(text("Workbook" if "Workbook" in streams else "Book"), flow, deadline)
    elif "PowerPoint Document" in streams:
        if "EncryptedSummary" in streams:
            raise ReadError("encrypted", "a password-protected presentation; save it without its password")
        yield from slideshow.text(text("PowerPoint Document"), flow, deadline)
    elif "__properties_version1.0" in streams:
        for path, code in (("__substg1.0_0037001F", "utf-16-le"), ("__substg1.0_0037001E", "cp1252")):
            yield from flow.heading(text(path).decode(code, "replace"))
        for path, code in (("__substg1.0_1000001F", "utf-16-le"), ("__substg1.0_1000001E", "cp1252")):
            for line in text(path).decode(code, "replace").splitlines():
                yield from flow.paragraph(line)


def _rest(blob: Blob, file: Compound, read: set[str], budget: Budget, deadline: Deadline) -> Iterator[Blob | Gap]:
    """Yield the streams that are not read yet: macros, objects, pictures, attachments."""
    names = Names(blob.trail)
    gaps: list[Gap] = []
    for stream in file.streams:
        deadline.check()
        if stream.path in read or stream.path.rsplit("/", 1)[-1] in _PLUMBING or not stream.size:
            continue
        budget.member()
        content = file.read(stream)
        budget.spend(len(content))
        path = "".join(char if char.isprintable() else "_" for char in stream.path)
        trail = names.add(path, gaps)
        yield from gaps
        gaps.clear()
        if content:
            yield Blob(trail, content)
        macro = vba.source(content) if "VBA/" in stream.path else b""
        if macro:
            budget.member()
            budget.spend(len(macro))
            yield Blob((*trail, "source.vba"), macro)


def _summary(data: bytes) -> list[tuple[str, str]]:
    """Return title, subject, keywords and comments of a property set."""
    found: list[tuple[str, str]] = []
    base = int.from_bytes(data[44:48], "little")
    count = min(int.from_bytes(data[base + 4 : base + 8], "little"), 64)
    for at in range(base + 8, base + 8 + count * 8, 8):
        key = _SAID.get(int.from_bytes(data[at : at + 4], "little"))
        start = base + int.from_bytes(data[at + 4 : at + 8], "little")
        kind = int.from_bytes(data[start : start + 4], "little")
        size = min(int.from_bytes(data[start + 4 : start + 8], "little"), 4_096)
        if key and kind == 0x1E:  # noqa: PLR2004 - a string of bytes
            found.append((key, _decoded(data[start + 8 : start + 8 + size].split(b"\0", 1)[0])))
        elif key and kind == 0x1F:  # noqa: PLR2004 - a string of UTF-16
            found.append((key, data[start + 8 : start + 8 + size * 2].decode("utf-16-le", "replace").split("\0")[0]))
    return found


def _decoded(raw: bytes) -> str:
    for code in ("utf-8", "gb18030"):
        try:
            return raw.decode(code)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", "replace")
