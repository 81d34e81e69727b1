"""Lists an HDF5 file in a process of its own: run as a script, imports nothing of untag.

HDF5 is a large C library that reads hostile offsets, so it runs here, with limits. The file
itself stays with the parent: every read goes as a request to standard output and comes back
on standard input, so this process opens no file, and a link to another file leads nowhere.
Only hard links are followed. Numbers are never read; strings are, where they are few.
"""

from __future__ import annotations

import contextlib
import io
import json
import struct
import sys
from typing import Any

SECONDS = 20
"""Processor seconds, after which the system ends this process."""
MEMORY = 2 << 30
"""Bytes of address space: the library, numpy and their thread stacks reserve some 700 MiB."""
OBJECTS = 20_000
"""Groups and datasets that are listed."""
ATTRIBUTES = 2_000
"""Attributes of one object."""
DEPTH = 64
"""Groups inside groups."""
STRINGS = 20_000
"""Elements of an attribute or dataset of strings that is read."""
SIZE = 8 << 20
"""Bytes of such."""
OUTPUT = 48 << 20
"""Bytes of messages in all."""


class Remote(io.RawIOBase):
    """The file, as the parent hands it out."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the offset."""
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to an offset."""
        self._at = max(0, offset + (0, self._at, self._size)[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        """Ask for bytes."""
        count = max(0, min(len(buffer), self._size - self._at, 1 << 20))
        if count:
            OUT.write(b"R" + struct.pack("<QQ", self._at, count))
            OUT.flush()
            got = IN.read(count)
            buffer[: len(got)] = got
            self._at += len(got)
            return len(got)
        return 0


IN = sys.stdin.buffer
OUT = sys.stdout.buffer
_sent = 0


def say(**message: Any) -> None:
    """Send one message; past `OUTPUT`, end."""
    global _sent  # noqa: PLW0603 - one process, one stream
    data = json.dumps(message, default=str).encode()
    _sent += len(data)
    if _sent > OUTPUT:
        message, data = {}, json.dumps({"t": "gap", "reason": "limit", "detail": "more names than are listed"}).encode()
    OUT.write(b"J" + struct.pack("<I", len(data)) + data)
    if not message:
        OUT.write(b"E")
        OUT.flush()
        raise SystemExit


def text(value: Any) -> Any:
    """Return strings, or lists of strings, of what h5py gives."""
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, str):
        return value
    if hasattr(value, "ravel"):
        return [text(x) for x in value.ravel()[:STRINGS].tolist() if isinstance(x, bytes | str)]
    return None


def wordy(h5py: Any, dtype: Any, shape: Any) -> bool:
    """Whether something is strings, and little enough to be read."""
    count = 1
    for length in shape or ():
        count *= int(length)
    strings = dtype.kind == "S" or h5py.check_string_dtype(dtype) is not None
    return bool(strings and count <= STRINGS and count * dtype.itemsize <= SIZE)


def attributes(h5py: Any, thing: Any, path: str) -> None:
    """Say the attributes of one object."""
    for number, name in enumerate(thing.attrs):
        if number >= ATTRIBUTES:
            say(t="gap", reason="limit", detail=f"more than {ATTRIBUTES:,} attributes of one object")
            return
        try:
            known = thing.attrs.get_id(name)
            value = text(thing.attrs[name]) if wordy(h5py, known.dtype, known.shape) else None
        except Exception as error:  # noqa: BLE001 - a bad attribute costs itself only
            say(t="gap", reason="corrupt", detail=f"an attribute that cannot be read: {type(error).__name__}")
            continue
        say(t="attribute", path=path, name=name, value=value)


def dataset(h5py: Any, thing: Any, path: str) -> None:
    """Say the type and shape of a dataset, and its strings where it is made of a few."""
    dtype = thing.dtype
    enum = h5py.check_enum_dtype(dtype)
    value = None
    if thing.external or thing.is_virtual:
        say(t="gap", reason="link", detail="a dataset that lies in another file; it was not followed")
    elif wordy(h5py, dtype, thing.shape):
        value = text(thing[()])
    say(
        t="dataset",
        path=path,
        shape=list(thing.shape or ()),
        dtype=str(dtype)[:40],
        fields=list(dtype.names or ())[:2000],
        enum=list(enum)[:2000] if enum else [],
        value=value,
    )


def walk(h5py: Any, file: Any) -> None:
    """Say every object that hard links lead to, each once."""
    seen = set()
    todo = [(file, "", 0)]
    count = 0
    while todo:
        group, path, depth = todo.pop()
        children = []
        for name in group:
            count += 1
            if count > OBJECTS or depth > DEPTH:
                say(t="gap", reason="limit", detail=f"more than {OBJECTS:,} objects, or {DEPTH} groups in each other")
                return
            inner = f"{path}/{name}" if path else name
            try:
                link = group.get(name, getlink=True)
                if not isinstance(link, h5py.HardLink):
                    outside = isinstance(link, h5py.ExternalLink)
                    say(t="link", path=inner, outside=outside)
                    continue
                thing = group[name]
                info = h5py.h5o.get_info(thing.id)
                if info.addr in seen:
                    say(t="group", path=inner)
                    continue
                seen.add(info.addr)
                if isinstance(thing, h5py.Group):
                    say(t="group", path=inner)
                    children.append((thing, inner, depth + 1))
                elif isinstance(thing, h5py.Dataset):
                    dataset(h5py, thing, inner)
                attributes(h5py, thing, inner)
            except Exception as error:  # noqa: BLE001 - a bad object costs itself only
                say(t="gap", reason="corrupt", detail=f"an object that cannot be read: {type(error).__name__}")
        todo += reversed(children)


def main() -> None:
    """Take the size of the file, list it, end."""
    size = struct.unpack("<Q", IN.read(8))[0]
    try:
        import h5py  # type: ignore[import-not-found,import-untyped,unused-ignore]  # noqa: PLC0415 - an extra
    except ImportError:
        say(t="missing")
    else:
        with contextlib.suppress(ImportError, ValueError, OSError):
            import resource  # noqa: PLC0415 - not on Windows

            resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        try:
            with h5py.File(io.BufferedReader(Remote(size), 1 << 16), "r") as file:
                attributes(h5py, file, "")
                walk(h5py, file)
        except Exception as error:  # noqa: BLE001 - told to the parent
            say(t="gap", reason="corrupt", detail=f"HDF5 cannot read it: {type(error).__name__}")
    OUT.write(b"E")
    OUT.flush()


if __name__ == "__main__":
    main()
