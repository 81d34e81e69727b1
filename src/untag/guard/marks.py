"""What a request shows of itself at first sight: that a picture comes with it, that it asks in words."""

from __future__ import annotations

import re
import zlib
from functools import cache
from typing import TYPE_CHECKING, Final

from untag.match import built

if TYPE_CHECKING:
    from collections.abc import Callable

PICTURES: Final = (
    *(
        b"image_url",
        b"input_image",
        b"data:image",
        b"inline_data",
        b"inlineData",
        b'"image"',
        b'"images"',
        b"image_base64",
    ),
    *(
        b'"img"',
        b"imageBase64",
        b"image_data",
        b'"video"',
        b"video_url",
        b"image_uri",
        b'"photo"',
        b'"photos"',
        b"Content-Type: image/",
    ),
    *(b"/9j/4AA", b"iVBORw0KGgo"),
)
"""What a request holds that comes with a picture."""


PROMPTED: Final = (
    rb'"(?:prompts?|questions?|query|q|instructions?|inputs?|text|messages|content|search|keywords?|description'
    rb"|nlq?|utterance|sentence|phrase|command|goal|request|[a-z]{1,12}_query|natural(?:_language)?|conditions?|criteria"
    rb'|describe|look(?:ing)?_for|rule_text|requete|anfrage|sorgu|busqueda|consulta|descripcion|beschreibung)"\s*:'
    rb'|"name"\s*:\s*"(?i:prompt|question|query|instruction|text|text_input|input_text)"'
)
"""How a request names what it asks in words."""


@cache
def _signs() -> Callable[[bytes], tuple[bool, bool]]:
    """Return what says whether a picture comes with a request, and whether it asks in words: one search for both."""
    asks = re.compile(PROMPTED)
    try:
        import hyperscan  # noqa: PLC0415 - absent on platforms without a wheel
    except ImportError:
        return lambda body: (any(mark in body for mark in PICTURES), asks.search(body) is not None)
    marks = (*(re.escape(mark) for mark in PICTURES), PROMPTED)
    count = len(PICTURES)
    flags = hyperscan.HS_FLAG_DOTALL | hyperscan.HS_FLAG_SINGLEMATCH
    scan = built.database("guard-signs", f"{zlib.crc32(b'|'.join(marks)):08x}", lambda: marks, flags).scan

    def find(body: bytes) -> tuple[bool, bool]:
        out: list[int] = []
        add = out.append
        scan(body, lambda i, _f, _t, _fl, _c: add(i))
        prompted = count in out
        return len(out) > prompted, prompted

    return find


def pictures(body: bytes) -> bool:
    """Say whether a picture comes with a request."""
    return signs(body)[0]


def signs(body: bytes) -> tuple[bool, bool]:
    """Say whether a picture comes with a request, and whether it asks for something in words."""
    return _signs()(body)
