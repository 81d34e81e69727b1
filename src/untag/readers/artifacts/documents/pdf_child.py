"""Reads a PDF with PDFium, in a process of its own: ``python -m …pdf_child SETTINGS < file.pdf``.

Says one frame for the document (properties, outline, fields), one for each attachment and
one for each page: its lines, each with its cells, where it stands, and its size of type.
"""

from __future__ import annotations

import ctypes
import json
import math
import os
import sys
from importlib import import_module
from typing import Any

from untag.readers.artifacts.documents import bounds

SOFT = str.maketrans({"\x02": "\xad", "\ufffe": "\xad"})
"""What PDFium writes for a hyphen at the end of a line."""
GAP = 1.0
"""Width of a blank, in sizes of type, from which on it parts two cells rather than two words."""
EMBEDDED = 32 << 20
"""Bytes of one attachment at most."""


def document(pdf: Any, settings: dict[str, Any]) -> None:
    """Say what stands beside the pages."""
    info = pdf.get_metadata_dict(skip_empty=True)
    pairs = [[key.lower(), str(info[key])[:10_000]] for key in ("Title", "Subject", "Keywords") if info.get(key)]
    outline = []
    try:
        for mark in pdf.get_toc(max_depth=8):
            outline.append(str(mark.get_title())[:500])
            if len(outline) >= settings["marks"]:
                break
    except Exception:  # noqa: BLE001 - a damaged outline costs the outline
        outline.append("")
    bounds.say({"count": len(pdf), "info": pairs, "outline": outline})
    for number in range(min(pdf.count_attachments(), settings["attachments"])):
        try:
            file = pdf.get_attachment(number)
            name = file.get_name()
            content = bytes(file.get_data())
        except Exception:  # noqa: BLE001 - one damaged attachment
            bounds.say({"attachment": f"attachment-{number + 1}", "damaged": True})
            continue
        size = len(content)
        bounds.say({"attachment": str(name)[:1_000], "damaged": size > EMBEDDED}, content[:EMBEDDED])


def notes_of(raw: Any, page: Any, form: Any) -> list[list[str]]:
    """Return names, labels and remarks of a page's fields and notes."""
    found = []
    count = raw.FPDFPage_GetAnnotCount(page)
    for number in range(min(count, 2_000)):
        note = raw.FPDFPage_GetAnnot(page, number)
        if not note:
            continue
        try:
            if form:
                for kind, call in (
                    ("field", raw.FPDFAnnot_GetFormFieldName),
                    ("label", raw.FPDFAnnot_GetFormFieldAlternateName),
                ):
                    text = wide(lambda buffer, size, call=call, note=note: call(form, note, buffer, size))
                    if text:
                        found.append([kind, text])
            text = wide(lambda buffer, size, note=note: raw.FPDFAnnot_GetStringValue(note, b"Contents", buffer, size))
            if text:
                found.append(["note", text])
        finally:
            raw.FPDFPage_CloseAnnot(note)
    return found


def wide(call: Any) -> str:
    """Return a UTF-16 string of PDFium, asked for its length first."""
    size = call(None, 0)
    if not 2 < size <= 1 << 16:  # noqa: PLR2004 - an empty one is its NUL alone
        return ""
    buffer = (ctypes.c_ushort * (size // 2 + 1))()
    call(buffer, size)
    return bytes(buffer)[: size - 2].decode("utf-16-le", "replace")


def characters(raw: Any, text: Any, count: int) -> str:
    """Return the characters of a page so that the n-th stands at index n."""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text, 0, count, buffer)
    found = bytes(buffer)[: max(written - 1, 0) * 2].decode("utf-16-le", "surrogatepass")
    if len(found) == count:
        return found
    codes = (raw.FPDFText_GetUnicode(text, at) for at in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)  # noqa: PLR2004


class Boxes:
    """Where characters stand on their page."""

    def __init__(self, raw: Any, text: Any) -> None:
        self.raw = raw
        self.text = text
        self.matrix = raw.FS_MATRIX()
        self.sides = [ctypes.c_double() for _ in range(4)]

    def box(self, at: int) -> tuple[float, float, float, float]:
        """Return left, right, bottom and top of a character."""
        left, right, bottom, top = self.sides
        self.raw.FPDFText_GetCharBox(self.text, at, left, right, bottom, top)
        return left.value, right.value, bottom.value, top.value

    def made(self, at: int) -> bool:
        """Whether no character is set there: the distance of its neighbours made it a blank."""
        return bool(self.raw.FPDFText_IsGenerated(self.text, at) == 1)

    def size(self, at: int) -> float:
        """Return the size of type, as it is shown: the matrix may make one point large."""
        size = float(self.raw.FPDFText_GetFontSize(self.text, at))
        if self.raw.FPDFText_GetMatrix(self.text, at, self.matrix):
            size *= math.hypot(self.matrix.b, self.matrix.d)
        return size


def rows(boxes: Boxes, found: str) -> list[list[Any]]:
    """Return ``[cells, left, right, bottom, size]`` of each line, a cell as ``[left, text]``."""
    out = []
    start = 0
    while start < len(found):
        stop = found.find("\n", start)
        stop = len(found) if stop < 0 else stop
        if found[start:stop].strip("\r "):
            out.append(line(boxes, found, start, stop))
        start = stop + 1
    return out


def line(boxes: Boxes, found: str, start: int, stop: int) -> list[Any]:
    """Return one line; wide blanks part its cells."""
    while found[start] in "\r ":
        start += 1
    while found[stop - 1] in "\r ":
        stop -= 1
    left, right, bottom, top = boxes.box(start)
    size = boxes.size(start)
    if not 1 < size < 400:  # noqa: PLR2004 - no size of type
        size = max(top - bottom, 1.0)
    cells: list[list[Any]] = []
    begin, edge, at = start, left, start
    while True:
        blank = found.find(" ", at, stop)
        if blank < 0:
            break
        at = blank + 1
        while at < stop and found[at] == " ":
            at += 1
        # a blank that is set has its usual width; one that PDFium made of a distance may be wide
        if at - blank > 2 or boxes.made(blank):  # noqa: PLR2004 - three blanks in a row line something up
            after = boxes.box(at)
            if after[0] - boxes.box(blank - 1)[1] > GAP * size:
                cells.append([round(edge, 1), found[begin:blank]])
                begin, edge = at, after[0]
    cells.append([round(edge, 1), found[begin:stop]])
    last = boxes.box(stop - 1)
    right = last[1]
    for cell in cells:
        cell[1] = cell[1].translate(SOFT)
    return [cells, round(left, 1), round(right, 1), round(min(bottom, last[2]), 1), round(size, 1)]


def picture(page: Any, pixels: int) -> tuple[int, int, bytes]:
    """Return a page as RGB, at 200 dots an inch or what ``pixels`` allow."""
    width, height = page.get_size()
    scale = min(200 / 72, (pixels / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, may_draw_forms=False, draw_annots=False, prefer_bgrx=False)
    held: Any = bitmap.buffer
    pixel_rows = memoryview(held).cast("B")
    step, depth = bitmap.stride, bitmap.n_channels
    out = b"".join(bytes(pixel_rows[y * step : y * step + bitmap.width * depth]) for y in range(bitmap.height))
    if depth == 4:  # noqa: PLR2004 - with a channel that is not needed
        kept = bytearray(bitmap.width * bitmap.height * 3)
        for channel in range(3):
            kept[channel::3] = out[channel::4]
        out = bytes(kept)
    elif depth == 1:
        out = bytes(byte for byte in out for _ in range(3))
    return bitmap.width, bitmap.height, out


def one(raw: Any, pdf: Any, number: int, form: Any, settings: dict[str, Any]) -> None:
    """Say one page."""
    page = pdf[number]
    text = raw.FPDFText_LoadPage(page.raw)
    try:
        count = raw.FPDFText_CountChars(text) if text else -1
        cut = count > settings["characters"]
        count = min(max(count, 0), settings["characters"])
        found = characters(raw, text, count) if count else ""
        message: dict[str, Any] = {
            "page": number + 1,
            "size": [round(side, 1) for side in page.get_size()],
            "lines": rows(Boxes(raw, text), found) if found.strip() else [],
            "notes": notes_of(raw, page.raw, form),
            "cut": cut,
        }
        payload = b""
        if not message["lines"]:
            message["drawn"] = raw.FPDFPage_CountObjects(page.raw) > 0
            if message["drawn"] and settings["pixels"]:
                message["width"], message["height"], payload = picture(page, settings["pixels"])
        bounds.say(message, payload)
    finally:
        if text:
            raw.FPDFText_ClosePage(text)
        page.close()


def main() -> int:
    """Read the settings and the file; return the exit code."""
    bounds.alone()
    settings = json.loads(sys.argv[1])
    try:
        pypdfium2: Any = import_module("pypdfium2")
        raw: Any = import_module("pypdfium2.raw")
    except ImportError:
        bounds.say({"missing": True})
        return 0
    data = bounds.given()
    bounds.confine(settings["memory"] + len(data), settings["seconds"])
    try:
        try:
            source = (ctypes.c_ubyte * len(data)).from_buffer(data)
            pdf = pypdfium2.PdfDocument(source)
            pages = len(pdf)
        except pypdfium2.PdfiumError as error:
            code = getattr(error, "err_code", None)
            bounds.say(
                {"refused": "encrypted" if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY) else "corrupt"}
            )
            return 0
        document(pdf, settings)
        form = None
        if pdf.get_formtype():
            pdf.init_forms()
            form = pdf.formenv.raw if pdf.formenv else None
        for number in range(min(pages, settings["pages"])):
            try:
                one(raw, pdf, number, form, settings)
            except pypdfium2.PdfiumError:
                bounds.say({"page": number + 1, "damaged": True})
    except MemoryError:
        return 3
    sys.stdout.flush()
    os._exit(0)  # destructors of a hostile document are one more thing that can go wrong


if __name__ == "__main__":
    raise SystemExit(main())
