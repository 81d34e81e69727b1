"""Bytes to UTF-8: what the bytes say of themselves first, then the likeliest of nine encodings.

A legacy encoding is chosen by score on a sample: each candidate that decodes is judged
by whether its letters form words as its language writes them. No detector library is
as fast, and none may answer differently from one release to the next. The line
structure is kept: a line feed of the input is a line feed of the output.
"""

from __future__ import annotations

import re
from typing import Final

from untag.match.charset import ranked
from untag.readers.sniff import sniff

SAMPLE: Final = 1 << 16
"""Bytes around the first fault in which UTF-8 is given a second chance."""
LOSS: Final = 0.01
"""Share of replacement characters above which a decode is no reading."""

_COOKIE: Final = re.compile(rb"\A[^\n]*(?:\n[^\n]*)?coding[:=][ \t]*([-\w.]{2,40})")
_XML: Final = re.compile(rb"\A\s*<\?xml[^>]{0,200}?\bencoding\s*=\s*[\"']([-\w.]{2,40})")
_META: Final = re.compile(
    rb"<meta[^>]{0,200}?\bcharset\s*=\s*[\"']?([-\w.]{2,40})|@charset\s+\"([-\w.]{2,40})\"", re.IGNORECASE
)

_ALIASES: Final = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}
"""What a declaration means to the programs that read it: the larger set of the two."""

_TEXT_CODECS: Final = frozenset(
    """big5hkscs big5 cp932 shift_jis shift_jis_2004 shift_jisx0213 euc_jp euc_jis_2004 euc_jisx0213 iso2022_jp
    iso2022_jp_1 iso2022_jp_2 iso2022_jp_3 iso2022_jp_ext iso2022_kr cp949 euc_kr johab gb18030 gbk gb2312 hz
    koi8_r koi8_u koi8_t kz1048 ptcp154 cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp437 cp720
    cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 cp869 cp874
    iso8859_1 iso8859_2 iso8859_3 iso8859_4 iso8859_5 iso8859_6 iso8859_7 iso8859_8 iso8859_9 iso8859_10 iso8859_11
    iso8859_13 iso8859_14 iso8859_15 iso8859_16 latin_1 mac_roman mac_cyrillic mac_arabic mac_turkish tis_620
    utf_8 utf_8_sig""".split()  # noqa: SIM905 - seventy names
)
"""Codecs that a declaration may name: ``rot13`` or ``unicode_escape`` would be an evasion, ``zlib`` a bomb."""


def decode(data: bytes | memoryview) -> tuple[bytes, str] | None:
    """Return the text of ``data`` as UTF-8 without a byte order mark, and the encoding it was in.

    None when no encoding gives text: more than one character in a hundred would be lost.
    """
    raw = bytes(data)
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    if raw.isascii() and (b"\0" not in raw or not _looks_wide(raw)):
        # ISO-2022 and HZ hide their letters in ASCII: only a declaration or an escape tells
        escaped = _escaped(raw)
        return escaped or (raw, "utf-8")
    wide = _wide(raw)
    if wide:
        return _take(raw, wide)
    try:
        raw.decode()
    except UnicodeDecodeError as error:
        problem = error.start
    else:
        return raw, "utf-8"
    stated = declared(raw)
    if stated and stated != "utf-8":
        taken = _take(raw, stated)
        if taken:
            return taken
    if _mostly_utf8(raw, problem):
        return _take(raw, "utf-8")
    for encoding in ranked(raw, problem):
        taken = _take(raw, encoding)
        if taken:
            return taken
    return None


def declared(raw: bytes) -> str | None:
    """Return the codec that the text says it is in: an XML declaration, a coding cookie, an HTML or CSS charset."""
    head = raw[:2_048]
    found = _XML.search(head) or _META.search(head) or _COOKIE.search(head[:400])
    if not found:
        return None
    name = next(group for group in found.groups() if group).decode("ascii", "replace").lower()
    codec = _ALIASES.get(name, name)
    if codec in ("utf-8", "utf8"):
        return "utf-8"
    import codecs  # noqa: PLC0415 - loads where it is used

    try:
        canonical = codecs.lookup(codec).name.replace("-", "_")
    except LookupError:
        return None
    return canonical if canonical in _TEXT_CODECS else None


def _take(raw: bytes, encoding: str) -> tuple[bytes, str] | None:
    """Decode all of ``raw``, or return None where that loses too much or moves lines."""
    text = raw.decode(encoding, "replace")
    if not encoding.startswith(("utf-16", "utf-32")) and text.count("\n") != raw.count(b"\n"):
        # a cut character took the line feed behind it along
        text = "\n".join(line.decode(encoding, "replace") for line in raw.split(b"\n"))
    lost = text.count("\ufffd")
    if lost and encoding != "utf-8":
        lost -= _own_replacements(raw, encoding)
    if lost > len(text) * LOSS:
        return None
    if text and max(text) >= "\ud800" and any("\ud800" <= char <= "\udfff" for char in text):
        text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text.removeprefix("\ufeff").encode("utf-8", "replace"), encoding


def _own_replacements(raw: bytes, encoding: str) -> int:
    """Count the replacement characters that stand in the input itself, as UTF-16 and GB18030 can have them."""
    if encoding.startswith(("utf-16", "utf-32")):
        order = "little" if encoding.endswith("le") else "big"
        return raw.count((0xFFFD).to_bytes(2 if "16" in encoding else 4, order))  # type: ignore[arg-type]
    return raw.count(b"\x84\x31\xa4\x37") if encoding == "gb18030" else 0


def _escaped(raw: bytes) -> tuple[bytes, str] | None:
    """Decode ISO-2022-JP, ISO-2022-KR and HZ, whose bytes are all ASCII."""
    if b"\x1b$" in raw:
        encoding = "iso2022_kr" if b"\x1b$)C" in raw[:64] else "iso2022_jp_ext"
    elif b"~{" in raw and b"~}" in raw and re.search(rb"~\{(?:[!-w][!-~])+~\}", raw):
        encoding = "hz"
    else:
        return None
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError:
        return None
    out = text.encode("utf-8", "replace")
    return (out, encoding) if out.count(b"\n") == raw.count(b"\n") else None


def _looks_wide(raw: bytes) -> bool:
    """Whether NULs stand as in UTF-16 or UTF-32 of ASCII letters."""
    return _wide(raw) is not None


def _wide(raw: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that this is, or None."""
    if raw[:4] == b"\xff\xfe\0\0":
        return "utf-32-le"
    if raw[:4] == b"\0\0\xfe\xff":
        return "utf-32-be"
    if raw[:2] == b"\xff\xfe":
        return "utf-16-le"
    if raw[:2] == b"\xfe\xff":
        return "utf-16-be"
    if b"\0" not in raw[:4_096]:
        return None
    kind = sniff(raw[:4_096], len(raw), "")
    if kind == "utf32":
        return "utf-32-be" if raw[0] == 0 else "utf-32-le"
    return {"utf16le": "utf-16-le", "utf16be": "utf-16-be"}.get(kind)


def _mostly_utf8(raw: bytes, problem: int) -> bool:
    """Whether this is UTF-8 with a few broken bytes: a cut, a stray byte in a log."""
    sample = raw[max(0, problem - SAMPLE // 2) : problem + SAMPLE // 2]
    text = sample.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    whole = sum(1 for char in text if char > "\x7f") - lost
    return whole >= 8 * lost
