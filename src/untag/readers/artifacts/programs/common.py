"""What the readers of programs share: numbers at offsets that are checked, and names worth a part."""

from __future__ import annotations

import re
import struct
from itertools import islice
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.limits import MEMBERS, STATEMENT
from untag.model import Scope
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SHORTEST: Final = 2
"""Characters of a string that can say anything: shrunk programs have names of one letter by the ten thousand."""
LONGEST: Final = 1 << 16
"""Characters of one string: a class file holds no longer one, and one that is longer is data, not words."""

AGAIN: Final = 1_000
"""Characters of a string that are repeated where it is referred to: a million references may name one megabyte."""
NOTE: Final = 2_000
"""Characters of the annotations of one class or member."""
_QUOTED: Final = re.compile(r'"([\w.$ -]{1,200})"')
_U16: Final = struct.Struct("<H")
_U32: Final = struct.Struct("<I")


def u16(data: bytes, at: int) -> int:
    """Return the little-endian number of two bytes; raise `ReadError` beyond the end."""
    if at < 0 or at + 2 > len(data):
        raise ReadError("truncated", "a number lies beyond the end of the file")
    found: int = _U16.unpack_from(data, at)[0]
    return found


def u32(data: bytes, at: int) -> int:
    """Return the little-endian number of four bytes; raise `ReadError` beyond the end."""
    if at < 0 or at + 4 > len(data):
        raise ReadError("truncated", "a number lies beyond the end of the file")
    found: int = _U32.unpack_from(data, at)[0]
    return found


def uleb(data: bytes, at: int) -> tuple[int, int]:
    """Return a LEB128 number of at most five bytes and where it ends; raise `ReadError` beyond the end."""
    value = shift = 0
    for _ in range(5):
        if not 0 <= at < len(data):
            raise ReadError("truncated", "a number lies beyond the end of the file")
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - of the format
            return value, at
        shift += 7
    return value, at


def kept(names: Iterable[str]) -> tuple[str, ...]:
    """Return the first names of a scope, each once, as many as a scope keeps."""
    return tuple(islice(dict.fromkeys(name for name in names if len(name) >= SHORTEST), MEMBERS))


def quoted(note: str) -> list[str]:
    """Return the names that an annotation gives: ``@SerializedName("race")`` says what a field is written as."""
    return [text for text in _QUOTED.findall(note) if len(text) >= SHORTEST]


def simple(name: str) -> tuple[str, str]:
    """Split ``com/vendor/Face$Attr`` into package ``com.vendor`` and class ``Face.Attr``."""
    package, _, last = name.replace("/", ".").rpartition(".")
    return package, last.replace("$", ".").strip(".") or last


def described(descriptor: str) -> str:
    """Return the type of a Java descriptor without its package: ``[Lcom/x/Face;`` is ``Face[]``."""
    base = descriptor.lstrip("[")
    depth = len(descriptor) - len(base)
    name = simple(base[1:-1])[1] if base.startswith("L") and base.endswith(";") else _PRIMITIVE.get(base, base)
    return name + "[]" * min(depth, 3)


_PRIMITIVE: Final = {
    "B": "byte",
    "C": "char",
    "D": "double",
    "F": "float",
    "I": "int",
    "J": "long",
    "S": "short",
    "Z": "boolean",
    "V": "void",
}


def words(raw: bytes) -> str:
    """Decode a string of modified UTF-8: NUL as two bytes, surrogates one by one."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        text = raw.replace(b"\xc0\x80", b"\0").decode("utf-8", "surrogatepass" if b"\xed" in raw else "replace")
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def lossy(raw: bytes) -> str:
    """Decode as `words` does, and replace what cannot be decoded: hostile bytes raise nothing."""
    try:
        return words(raw)
    except UnicodeError:
        return raw.decode("utf-8", "replace")


def listed(texts: list[str], name: str, scope: Scope) -> Iterator[Part]:
    """Yield strings that code loads one after the other."""
    texts = [text for text in texts if len(text) >= SHORTEST]
    if len(texts) == 1 and not name:
        yield Part(texts[0], "string", scope)
        return
    inside = Scope("list", name, kept(texts), "", scope)
    for text in texts:
        yield Part(text, "item", inside, f"{name} = {text[:STATEMENT]}" if name else "")
