"""Text in pictures, when it is asked for: rapidocr with the models of its own wheel, offline.

Only text is read. Nothing here looks for people in a picture, and no model that
could is installed. Off unless `ask` was called; the extra ``ocr`` brings the library.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING, Final

from untag.errors import LimitError, ReadError
from untag.limits import MIB, Deadline
from untag.readers.artifacts.documents import child

if TYPE_CHECKING:
    from untag.model import Buffer

PIXELS: Final = 16_000_000
"""Pixels of a picture that are looked at; a page at 300 dots an inch has half as many. Larger ones are made smaller."""
LARGEST: Final = 400_000_000
"""Pixels above which a picture is not unpacked at all: a bomb."""
SIZE: Final = 128 * MIB
"""Bytes of a picture's file at most."""
SECONDS: Final = 600.0
"""Seconds for all pictures of one document."""
PICTURE_SECONDS: Final = 60.0
"""Seconds for one picture."""
MEMORY: Final = 6 << 30
"""Bytes of address space: the runtime maps several gigabytes that it never touches."""
LIBRARY: Final = ("rapidocr_onnxruntime", "rapidocr")
"""Modules that will do, the first one preferred: its models have Chinese and English and stand in its wheel."""


class _Asked:
    on = False


def ask(*, on: bool = True) -> None:
    """Turn the reading of pictures on or off for this process and the workers that it forks."""
    _Asked.on = on


def asked() -> bool:
    """Whether pictures are to be read."""
    return _Asked.on


def read_image(data: Buffer) -> list[str]:
    """Return the lines of text in a picture (PNG, JPEG, WebP, TIFF, PPM), from top to bottom.

    Cells of one row are parted by two blanks. Raises `ReadError`: ``missing_extra``
    without the library, ``limit`` for a picture too large or too slow, ``corrupt`` for one that
    cannot be unpacked.
    """
    if not any(find_spec(name) for name in LIBRARY):
        raise ReadError("missing_extra", "reading text in pictures needs an extra: pip install 'untag[ocr]'")
    if len(data) > SIZE:
        raise LimitError(f"a picture of more than {SIZE >> 20} MiB")
    lines: list[str] = []
    settings = {
        "pixels": PIXELS,
        "largest": LARGEST,
        "memory": MEMORY,
        "seconds": int(PICTURE_SECONDS) * 4,
        "library": LIBRARY,
    }
    for message, _ in child.ask("ocr_child", data, settings, Deadline.after(PICTURE_SECONDS)):
        if "refused" in message:
            raise ReadError(str(message["refused"]), str(message.get("why", "a picture that cannot be unpacked")))
        lines += [str(line) for line in message.get("lines", [])]
    return lines
