"""YOLO data sets: names in ``data.yaml``, and a box a line whose first number is the place of its class in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.data.spans import leave_out

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NAMES: Final = re.compile(rb"^names[ \t]*:", re.MULTILINE)
_SCALAR: Final = re.compile(
    rb"'((?:[^'\n]|'')*)'|\"((?:[^\"\\\n]|\\.)*)\"|([^,\[\]{}#\n'\"][^,\[\]{}\n]*?)(?=[ \t\r]*(?:[,\]}\n]|#|\Z))"
)
_LINE: Final = re.compile(rb"([ \t]*)(?:-[ \t]+|['\"]?(\d{1,6})['\"]?[ \t]*:[ \t]+)([^\n]*)(?:\n|\Z)")
_KEYED: Final = re.compile(rb"['\"]?(\d{1,6})['\"]?[ \t]*:[ \t]*")
_BLANK: Final = re.compile(rb"[ \t]*(?:#[^\n]*)?\r?(?:\n|\Z)")


@dataclass(frozen=True, slots=True)
class Name:
    """The name of a class, and where it stands."""

    number: int
    text: str
    start: int
    stop: int


def is_yolo(name: str, head: bytes) -> bool:
    """Whether a text is the description of a YOLO data set."""
    return (
        name.lower().endswith((".yaml", ".yml"))
        and _NAMES.search(head) is not None
        and re.search(rb"^(?:train|val|nc|path)[ \t]*:", head, re.MULTILINE) is not None
    )


def names_of(data: bytes, name: str) -> list[Name]:
    """Return the names of the classes; raise `StripError` where they are written in a way that is not known here."""
    found = _NAMES.search(data)
    if found is None:
        raise StripError(f"{name} names no classes")
    at = found.end()
    rest = re.compile(rb"[ \t\r\n]*([\[{])").match(data, at)
    out = list(_flow(data, rest.end(), rest[1]) if rest is not None else _block(data, at))
    if not out:
        raise StripError(f"{name}: its names are written in a way that is not known here: change them by hand")
    return out


def _flow(data: bytes, at: int, opened: bytes) -> Iterator[Name]:
    """Yield the names in ``[a, b]`` or ``{0: a, 1: b}``."""
    number = 0
    closing = b"]" if opened == b"[" else b"}"
    while at < len(data):
        while data[at : at + 1] in (b" ", b"\t", b"\r", b"\n", b","):
            at += 1
        if data[at : at + 1] == closing:
            return
        if data[at : at + 1] == b"#":
            at = data.find(b"\n", at) + 1 or len(data)
            continue
        keyed = _KEYED.match(data, at) if opened == b"{" else None
        if keyed is not None:
            number, at = int(keyed[1]), keyed.end()
        found = _SCALAR.match(data, at)
        if found is None:
            return
        yield Name(number, _text(found), found.start(), found.end())
        number += 1
        at = found.end()


def _block(data: bytes, at: int) -> Iterator[Name]:
    """Yield the names below ``names:``, a line each."""
    at = data.find(b"\n", at) + 1
    number, depth = 0, -1
    while 0 < at < len(data):
        blank = _BLANK.match(data, at)
        if blank is not None and blank.end() > at:
            at = blank.end()
            continue
        line = _LINE.match(data, at)
        if line is None or (depth >= 0 and len(line[1]) != depth):
            return
        depth = len(line[1])
        number = int(line[2]) if line[2] is not None else number
        found = _SCALAR.match(data, line.start(3))
        if found is None:
            return
        yield Name(number, _text(found), found.start(), found.end())
        number += 1
        at = line.end()


def _text(found: re.Match[bytes]) -> str:
    raw = next((g for g in found.groups() if g is not None), b"")
    return raw.decode("utf-8", "replace").replace("''", "'").strip()


def renamed(data: bytes, names: Sequence[Name], gone: Sequence[str]) -> bytes:
    """Return the description with a placeholder in the place of each name that goes: the others keep their numbers."""
    out, at = [], 0
    for one in sorted(names, key=lambda n: n.start):
        if one.text in gone:
            out += [data[at : one.start], f"removed_{one.number}".encode()]
            at = one.stop
    return b"".join((*out, data[at:]))


def boxes_less(data: bytes, numbers: set[int]) -> tuple[bytes, int]:
    """Return a label file without the boxes of some classes, and how many went; other lines keep their bytes."""
    ranges: list[tuple[int, int]] = []
    at = 0
    for line in data.splitlines(keepends=True):
        first = line.split(None, 1)[:1]
        if first and first[0].isdigit() and int(first[0]) in numbers:
            ranges.append((at, at + len(line)))
        at += len(line)
    return leave_out(data, ranges), len(ranges)


def label_files(listing: Sequence[str], name: str) -> list[str]:
    """Return the label files of a data set: texts in folders named ``labels`` at or below its description."""
    folder = name.rpartition("/")[0]
    prefix = f"{folder}/" if folder else ""
    return [n for n in listing if n.endswith(".txt") and n.startswith(prefix) and "labels" in n.split("/")[:-1]]
