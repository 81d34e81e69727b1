"""Documents: PDF, office files, EPUB, RTF, mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.door import Door

if TYPE_CHECKING:
    from collections.abc import Callable

OFFICE: Final = re.compile(r"\.(?:doc|dot|xls|xlt|ppt|pot|pps)[xmb]?\Z|\.(?:od|ot)[tsp]\Z|\.(?:epub|sx[wci])\Z|\.msg\Z")
"""File names of documents; what they hold is judged by their content."""
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*")
HEADER: Final = re.compile(
    rb"(?:From |(?:Return-Path|Received|Delivered-To|MIME-Version|Message-ID|Date|From|To|Subject|Content-Type"
    rb"|X-[\w-]+|DKIM-Signature|ARC-[\w-]+|Reply-To|Sender):)",
    re.IGNORECASE,
)
"""What the first line of a letter begins with."""
_ANY: Final = re.IGNORECASE | re.MULTILINE
_MIME: Final = re.compile(
    rb"^(?:MIME-Version|Content-Transfer-Encoding|Content-Type: *multipart/)", re.IGNORECASE | re.MULTILINE
)
_PACKED: Final = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/", b"word/", b"xl/", b"ppt/", b"mimetype")


def _pdf(head: bytes, name: str) -> bool:  # noqa: ARG001 - the door's
    return b"%PDF-" in head[:1_024]


def _packed(head: bytes, name: str) -> bool:
    return head[:2] == b"PK" and (bool(OFFICE.search(name)) or any(mark in head[:1_024] for mark in _PACKED))


def _compound(head: bytes, name: str) -> bool:  # noqa: ARG001
    return head[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _rtf(head: bytes, name: str) -> bool:  # noqa: ARG001
    return head[:32].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rt")


def _letter(head: bytes, name: str) -> bool:  # noqa: ARG001
    return bool(HEADER.match(head)) and bool(_MIME.search(head))


def _picture(head: bytes, name: str) -> bool:  # noqa: ARG001
    return head.startswith(PICTURES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def _door(name: str, formats: tuple[str, ...], where: tuple[str, str], likely: Callable[[bytes, str], bool]) -> Door:
    return Door(name, 1, formats, (f"documents.{where[0]}", where[1]), likely)


DOORS: Final[tuple[Door, ...]] = (
    _door("pdf", ("pdf",), ("pdf", "PdfReader"), _pdf),
    _door("docx", ("docx", "docm", "dotx"), ("docx", "DocxReader"), _packed),
    _door("pptx", ("pptx", "pptm", "ppsx", "potx"), ("pptx", "PptxReader"), _packed),
    _door("xlsx", ("xlsx", "xlsm", "xltx"), ("xlsx", "XlsxReader"), _packed),
    _door("opendocument", ("odt", "ods", "odp"), ("odf", "OpenDocumentReader"), _packed),
    _door("epub", ("epub",), ("epub", "EpubReader"), _packed),
    _door("compound", ("doc", "xls", "ppt", "msg"), ("legacy", "CompoundReader"), _compound),
    _door("rtf", ("rtf",), ("rtf", "RtfReader"), _rtf),
    _door("letter", ("eml", "mht"), ("letter", "LetterReader"), _letter),
    _door("picture", ("png", "jpeg", "webp", "tiff"), ("picture", "PictureReader"), _picture),
)
"""Documents by their content; the picture reader claims nothing until OCR is asked for."""
