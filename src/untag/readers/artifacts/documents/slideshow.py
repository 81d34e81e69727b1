"""The text of a PowerPoint 97 presentation: atoms of text in a tree of records (MS-PPT)."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Deadline
    from untag.readers.artifacts.documents.flow import Flow
    from untag.readers.base import Part

_SLIDE: Final = 0x03EE
_LIST: Final = 0x0FF0
_PERSIST: Final = 0x03F3
_WIDE: Final = (0x0FA0, 0x0FBA)
_NARROW: Final = 0x0FA8
DEEPEST: Final = 40
"""Containers inside each other at most."""


def text(data: bytes, flow: Flow, deadline: Deadline) -> Iterator[Part]:
    """Yield the paragraphs of titles, bodies, notes and drawings, slide by slide."""
    at = slides = listed = 0
    ends: list[int] = []
    while at + 8 <= len(data):
        deadline.check()
        while ends and at >= ends[-1]:
            ends.pop()
        version, kind, size = struct.unpack_from("<HHI", data, at)
        at += 8
        stop = min(at + size, len(data))
        if kind == _SLIDE:
            slides += 1
            flow.at("slide", str(slides))
        elif kind == _LIST:
            listed = 0
            flow.at("section", "outline" if version >> 4 == 0 else "masters and notes")
        elif kind == _PERSIST:
            listed += 1
            flow.at("slide", str(listed))
        if version & 15 == 15 and len(ends) < DEEPEST:  # noqa: PLR2004 - a container: its records follow
            ends.append(stop)
            continue
        if kind in _WIDE:
            yield from _paragraphs(data[at:stop].decode("utf-16-le", "replace"), flow)
        elif kind == _NARROW:
            yield from _paragraphs(data[at:stop].decode("latin-1"), flow)
        at = stop


def _paragraphs(text: str, flow: Flow) -> Iterator[Part]:
    for paragraph in text.split("\r"):
        yield from flow.paragraph(paragraph.replace("\x0b", " "))
