"""Zips of weights: their members by the directory, without a touch of those that hold only numbers."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from untag.limits import IN_MEMORY
from untag.model import Blob, Gap
from untag.readers.containers import Zip, codecs, zipdir
from untag.readers.containers.common import Meter, Names, blank, gathered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from untag.limits import Budget, Deadline

_LOCAL: Final = struct.Struct("<4s5H3L2H")
_DEFLATE: Final = 8
SLACK: Final = 64
"""Bytes between two members that are worth reading: more than a data descriptor."""
LOCAL_NAME: Final = 30
"""Bytes of a local header before the member's name."""


def first_name(head: bytes) -> str:
    """Return the name of the member with which a zip begins."""
    size = int.from_bytes(head[26:28], "little")
    return head[LOCAL_NAME : LOCAL_NAME + size].decode("utf-8", "replace")


def members(
    blob: Blob, budget: Budget, deadline: Deadline, skip: Callable[[str], bool]
) -> Iterator[tuple[str, Blob] | Gap]:
    """Yield each member with its own name, but for folders and those that ``skip`` says hold numbers only.

    A member whose bytes another claims too is a Gap: that is how small zips unpack to much.
    """
    data = memoryview(blob.data)
    directory = zipdir.read(data)
    if directory is None:
        for item in Zip().members(blob, budget):
            yield item if isinstance(item, Gap) else (item.trail[-1], item)
        return
    for note in directory.notes:
        yield Gap(blob.trail, "corrupt", f"{note}; what the directory holds was read")
    names, meter, gaps = Names(blob.trail), Meter(budget, len(data)), list[Gap]()
    reach = 0
    for entry in sorted(directory.entries, key=lambda e: e.start):
        deadline.check()
        overlaps = entry.start < reach
        if entry.start - reach > SLACK and not blank(data[reach : entry.start]):
            yield f"~between-{reach}", Blob((*blob.trail, f"~between-{reach}"), data[reach : entry.start])
        reach = max(reach, _end(data, entry))
        if entry.name.endswith("/") and not entry.size:
            continue
        budget.member()
        if skip(entry.name) and not overlaps:
            continue
        trail = names.add(entry.name, gaps)
        yield from gaps
        gaps.clear()
        if overlaps:
            yield Gap(trail, "corrupt", "shares its bytes with another member: a zip bomb? Not read")
            continue
        if entry.flags & 0x2041:
            yield Gap(trail, "encrypted", "an encrypted member; unpack the archive with its password")
            continue
        found = _content(data, entry, trail, budget, meter)
        if isinstance(found, Blob):
            yield entry.name, found
        else:
            yield found[0]
            if found[1] is not None:
                yield entry.name, found[1]
    if directory.start - reach > SLACK and not blank(data[reach : directory.start]):
        yield f"~between-{reach}", Blob((*blob.trail, f"~between-{reach}"), data[reach : directory.start])
    if directory.end < len(data):
        yield "~trailing", Blob((*blob.trail, "~trailing"), data[directory.end :])


def _end(data: memoryview, entry: zipdir.Entry) -> int:
    """Return where a member's bytes end, with the extra field of its own header."""
    extra = int.from_bytes(data[entry.start + 28 : entry.start + 30], "little") if entry.start >= 0 else 0
    return entry.start + _LOCAL.size + len(entry.raw) + extra + entry.packed


def _content(
    data: memoryview, entry: zipdir.Entry, trail: tuple[str, ...], budget: Budget, meter: Meter
) -> Blob | tuple[Gap, Blob | None]:
    """Return a member unpacked, or the Gap and what there was of it."""
    if not 0 <= entry.start <= len(data) - _LOCAL.size or bytes(data[entry.start : entry.start + 4]) != zipdir.LOCAL:
        return Gap(trail, "corrupt", "the directory points where no member stands; it was not read"), None
    fields = _LOCAL.unpack_from(data, entry.start)
    at = entry.start + _LOCAL.size + fields[9] + fields[10]
    packed = data[at : at + entry.packed]
    if entry.method == 0:
        meter.add(len(packed))
        content = Blob(trail, bytes(packed) if len(packed) <= IN_MEMORY else packed)
    elif entry.method == _DEFLATE:
        unpacked, error = gathered(_metered(codecs.inflated(packed, codecs.Tail()), meter), budget, len(packed))
        content = Blob(trail, unpacked)
        if error is not None:
            return Gap(trail, error.reason, error.detail), content
    else:
        return Gap(trail, "unsupported", f"compression method {entry.method}; unpack it with its own tool"), None
    if len(packed) < entry.packed:
        return Gap(trail, "truncated", "the archive ends inside this member; what there was was read"), content
    return content


def _metered(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    """Count each chunk before it is handed on."""
    for chunk in chunks:
        meter.add(len(chunk))
        yield chunk
