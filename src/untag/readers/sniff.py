"""What kind of thing some bytes are, by their first bytes: a table of magic numbers, NULs, UTF-8.

`opaque` holds pixels, sound or outlines and no text to read. Text in a legacy encoding
has no NUL and is ``text``. The name decides nothing.
"""

from __future__ import annotations

import re
from typing import Final

KINDS: Final = ("empty", "container", "text", "utf16le", "utf16be", "utf32", "binary", "opaque")

_MAGIC: Final = (
    # containers; what they hold, and whether they are sound, their readers say
    (0, b"PK\x03\x04", "container"),
    (0, b"PK\x05\x06", "container"),
    (0, b"PK\x07\x08", "container"),
    (0, b"PK00PK", "container"),
    (0, b"\x1f\x8b\x08", "container"),
    (0, b"BZh", "container"),
    (0, b"\xfd7zXZ\0", "container"),
    (0, b"\x28\xb5\x2f\xfd", "container"),
    (0, b"!<arch>\n", "container"),
    (0, b"!<thin>\n", "container"),
    (0, b"7z\xbc\xaf\x27\x1c", "container"),
    (0, b"Rar!\x1a\x07", "container"),
    (0, b"MSCF\0\0\0\0", "container"),
    (0, b"\xed\xab\xee\xdb", "container"),
    (0, b"\x04\x22\x4d\x18", "container"),
    (0, b"LZIP\x01", "container"),
    (0, b"\x1f\x9d", "container"),
    (0, b"\x1f\xa0", "container"),
    (0, b"hsqs", "container"),
    (0, b"070701", "container"),
    (0, b"070702", "container"),
    (0, b"070707", "container"),
    (0, b"xar!", "container"),
    (0, b"MSWIM\0\0\0", "container"),
    (0, b"\x89LZO\0", "container"),
    (0, b"\xff\x06\0\0sNaPpY", "container"),
    # pictures
    (0, b"\x89PNG\r\n\x1a\n", "opaque"),
    (0, b"\x8aMNG\r\n\x1a\n", "opaque"),
    (0, b"\xff\xd8\xff", "opaque"),
    (0, b"GIF87a", "opaque"),
    (0, b"GIF89a", "opaque"),
    (0, b"II*\0", "opaque"),
    (0, b"MM\0*", "opaque"),
    (0, b"II+\0", "opaque"),
    (0, b"MM\0+", "opaque"),
    (0, b"\0\0\x01\0", "opaque"),
    (0, b"\0\0\x02\0", "opaque"),
    (0, b"8BPS\0\x01", "opaque"),
    (0, b"\0\0\0\x0cjP  ", "opaque"),
    (0, b"\xff\x4f\xff\x51", "opaque"),
    (0, b"\0\0\0\x0cJXL ", "opaque"),
    (0, b"\xff\x0a", "opaque"),
    (0, b"v/1\x01", "opaque"),
    (0, b"DDS |\0\0\0", "opaque"),
    (0, b"\xabKTX ", "opaque"),
    (0, b"qoif\0", "opaque"),
    (0, b"BPG\xfb", "opaque"),
    # sound and video
    (0, b"ID3\x02", "opaque"),
    (0, b"ID3\x03", "opaque"),
    (0, b"ID3\x04", "opaque"),
    (0, b"\xff\xfb", "opaque"),
    (0, b"\xff\xf3", "opaque"),
    (0, b"\xff\xf2", "opaque"),
    (0, b"\xff\xf1", "opaque"),
    (0, b"\xff\xf9", "opaque"),
    (0, b"OggS\0", "opaque"),
    (0, b"fLaC\0", "opaque"),
    (0, b"MThd\0\0\0\x06", "opaque"),
    (0, b"#!AMR", "opaque"),
    (0, b"\x1a\x45\xdf\xa3", "opaque"),
    (0, b"FLV\x01", "opaque"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "opaque"),
    (0, b"\0\0\x01\xba", "opaque"),
    (0, b"\0\0\x01\xb3", "opaque"),
    # fonts
    (0, b"wOFF\0\x01\0\0", "opaque"),
    (0, b"wOFFOTTO", "opaque"),
    (0, b"wOFFtrue", "opaque"),
    (0, b"wOF2", "opaque"),
    (0, b"OTTO\0", "opaque"),
    (0, b"true\0", "opaque"),
    (0, b"ttcf\0", "opaque"),
    (0, b"\0\x01\0\0\0", "opaque"),
)
"""``(offset, bytes, kind)``; the formats that need more than this are in `_odd`."""

_BY_FIRST: Final[dict[int, tuple[tuple[bytes, str], ...]]] = {
    first: tuple((magic, kind) for _, magic, kind in _MAGIC if magic[0] == first)
    for first in {magic[0] for _, magic, _ in _MAGIC}
}
_RIFF: Final = frozenset((b"WAVE", b"WEBP", b"AVI ", b"RMID", b"ACON"))
_FORM: Final = frozenset((b"AIFF", b"AIFC", b"ILBM"))
_OPAQUE_BOXES: Final = frozenset((b"ftyp", b"moov", b"mdat", b"wide", b"pnot"))
_NOT_TEXT: Final = bytes(code for code in range(32) if code not in b"\t\n\x0b\x0c\r\x1b") + b"\x7f"
_TEXT: Final = bytes(code for code in range(256) if code not in _NOT_TEXT)
CONTROLS: Final = 0.02
"""Share of control characters above which bytes without a NUL are no text: terminal logs stay below."""
_ASCII: Final = b"\0\t\n\r" + bytes(range(0x20, 0x7F))
WIDE: Final = 0.9
"""Share of plausible characters from which bytes with NULs are UTF-16; random units reach 0.6."""


def sniff(head: bytes, size: int, name: str) -> str:  # noqa: ARG001 - the seam has it
    """Return one of `KINDS` for content that is ``size`` bytes long and begins with ``head`` (4 KiB will do)."""
    if not head:
        return "empty" if not size else "binary"
    known = _BY_FIRST.get(head[0])
    if known:
        for magic, kind in known:
            if head.startswith(magic):
                return kind
    if b"\0" not in head:
        return _without_nul(head, size)
    return _odd(head) or _wide(head) or "binary"


def _without_nul(head: bytes, size: int) -> str:
    """Tell text from binary where there is no NUL."""
    if head.isascii():
        first = head[:512]
        return "text" if len(first.translate(None, _TEXT)) <= len(first) * CONTROLS else "binary"
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") and not len(head) % 2:
        return "utf16le" if head[0] == 0xFF else "utf16be"  # noqa: PLR2004 - of the format
    odd = _odd(head)
    if odd:
        return odd
    controls = len(head.translate(None, _TEXT))
    if controls <= len(head) * CONTROLS:
        return "text"
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # the head may end inside a character
        if error.start < len(head) - 3 or size <= len(head):
            return _wide(head) or "binary"
    return "text" if controls <= len(head) * 5 * CONTROLS else "binary"


def _odd(head: bytes) -> str | None:
    """Know the formats whose magic number stands elsewhere or is too short to go by alone."""
    four, inner = head[:4], head[8:12]
    if four == b"RIFF" and inner in _RIFF:
        return "opaque"
    if four == b"FORM" and inner in _FORM:
        return "opaque"
    if head[4:8] in _OPAQUE_BOXES and int.from_bytes(four, "big") < 1 << 28:
        return "opaque"
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0" and head[14:18] in _BMP:
        return "opaque"
    if head[257:262] == b"ustar" or (len(head) >= 512 and _old_tar(head)):  # noqa: PLR2004
        return "container"
    if head[:3] == b"\x5d\0\0" and len(head) > 13 and head[5:13] in (b"\xff" * 8, head[5:10] + b"\0\0\0"):  # noqa: PLR2004
        return "container"
    if head[1:4] == b"\x2a\x4d\x18" and head[0] >> 4 == 5:  # noqa: PLR2004
        return "container"
    if head[:2] == b"\x60\xea" and len(head) > 4 and head[4] <= 64:  # noqa: PLR2004
        return "container"
    return None


_BMP: Final = frozenset(size.to_bytes(4, "little") for size in (12, 40, 52, 56, 64, 108, 124))


def _old_tar(head: bytes) -> bool:
    """Whether a v7 tar header stands here."""
    from untag.readers.containers.tar import claims  # noqa: PLC0415 - loads where it is used

    return head[148:154].strip(b" \0").isdigit() and claims(head)


def _wide(head: bytes) -> str | None:
    """Return the kind of UTF-16 or UTF-32 that this is, with a byte order mark or without."""
    if head[:4] in (b"\xff\xfe\0\0", b"\0\0\xfe\xff"):
        return "utf32"
    if head[:2] == b"\xff\xfe":
        return "utf16le"
    if head[:2] == b"\xfe\xff":
        return "utf16be"
    even = head[: len(head) & ~3]
    if len(even) >= 8:  # noqa: PLR2004
        quarters = [even[at::4].count(0) for at in range(4)]
        whole = len(even) // 4
        if quarters[3] == quarters[2] == whole > quarters[0] or quarters[0] == quarters[1] == whole > quarters[3]:
            return "utf32"
    even = head[: len(head) & ~1]
    if len(even) < 4 or _strings(even[:512]):  # noqa: PLR2004
        return None
    low = _plausible(even, "utf-16-le")
    high = _plausible(even, "utf-16-be")
    if max(low, high)[0] < WIDE:
        return None
    if min(low, high)[0] < WIDE:
        return "utf16le" if low >= high else "utf16be"
    # ASCII the wrong way round is a row of plausible ideographs: the reading with more ASCII is the right one
    return "utf16le" if low[1] >= high[1] else "utf16be"


def _strings(data: bytes) -> bool:
    """Whether this is a table of strings of ASCII with a NUL behind each, whose pairs of letters look like ideographs.

    UTF-16 has a NUL in every other byte where its letters are ASCII, and bytes that are no ASCII where they are not.
    """
    zeros = data.count(0)
    return 0 < zeros * 3 < len(data) and not data.translate(None, _ASCII)


def _plausible(data: bytes, encoding: str) -> tuple[float, int]:
    """Return the share of characters that the world's scripts in use are made of, and the number of ASCII ones."""
    text = data[:512].decode(encoding, "replace")
    # NULs as characters of their own are what tables of numbers hold
    if not text or "\0" in text:
        return 0.0, 0
    return 1 - len(_USUAL.sub("", text)) / len(text), len(text.encode("ascii", "ignore"))


_USUAL: Final = re.compile(
    "[ -~\t\r\n\ufeff\u00a0-\u024f\u0370-\u06ff\u0900-\u0e7f\u2010-\u203a"
    "\u3000-\u30ff\u4e00-\u9fa5\uac00-\ud7a3\uff01-\uff5e]+"
)
"""Runs of characters that running text or code is made of."""
