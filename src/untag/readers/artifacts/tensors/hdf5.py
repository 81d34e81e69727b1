"""HDF5: models of Keras, and any other file of groups, datasets and attributes.

The extra ``untag[hdf5]`` lists the file in a process with limits (`hdf5_child`). Without
it the names in the heaps of groups and Keras' configuration are found by their marks.
"""

from __future__ import annotations

import contextlib
import json
import struct
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.limits import MIB
from untag.model import Blob, Gap, Scope
from untag.readers.artifacts.tensors import kerasconfig
from untag.readers.artifacts.tensors.naming import LONGEST, Tensors, labels, short
from untag.readers.artifacts.tensors.values import Array
from untag.readers.artifacts.tensors.walk import Walk
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline

SIGNATURE: Final = b"\x89HDF\r\n\x1a\n"
SECONDS: Final = 25.0
"""Time for the other process, which must not outlast the deadline of its reader."""
REQUESTS: Final = 2 << 30
"""Bytes that the other process may ask for: a list of names needs some megabytes."""
MESSAGE: Final = 64 * MIB
"""Bytes of one message."""
SEARCHED: Final = 512 * MIB
"""Bytes searched by marks where the extra is missing."""
HEAP: Final = 4 * MIB
"""Bytes of one heap of names."""
CONFIGS: Final = ("model_config", "keras_model_config")
SAME: Final = ("weight_names",)
"""Attributes that repeat the names of datasets."""


class Hdf5:
    """One HDF5 file."""

    name = "hdf5"
    version = 1
    formats = ("hdf5", "keras-h5")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the signature stands at the start, or behind a user block."""
        return any(head[at : at + 8] == SIGNATURE for at in (0, 512, 1024, 2048))

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield attributes, names of groups and datasets, and Keras' layers and outputs."""
        story = _Story(blob, deadline)
        if find_spec("h5py") is None:
            yield from _searched(blob, story, deadline)
            yield Gap(blob.trail, "missing_extra", "attributes and types need an extra: pip install 'untag[hdf5]'")
        else:
            told = False
            try:
                for message in _listed(memoryview(blob.data), deadline):
                    told = told or message["t"] in ("attribute", "group", "dataset")
                    yield from story.tell(message)
            except ReadError as error:
                yield Gap(blob.trail, error.reason, error.detail)
            if not told:
                yield from _searched(blob, story, deadline)
        yield from story.tensors.parts()


class _Story:
    """Turns messages of the other process into parts."""

    def __init__(self, blob: Blob, deadline: Deadline) -> None:
        self.trail = blob.trail
        self.walk = Walk(blob, deadline)
        self.model = self.walk.model
        self.tensors = Tensors(self.model)

    def tell(self, message: dict[str, Any]) -> Iterator[Part | Blob | Gap]:
        """Yield what one message says."""
        kind, path = message["t"], str(message.get("path", ""))
        if kind == "gap":
            yield Gap(self.trail, message["reason"], message["detail"])
        elif kind == "link":
            self.tensors.add(path)
            if message["outside"]:
                yield Gap(self.trail, "link", "a link to another file; it was not followed")
        elif kind == "group":
            self.tensors.add(path)
        elif kind == "dataset":
            yield from self._dataset(path, message)
        elif kind == "attribute":
            yield from self._attribute(path, str(message["name"]), message["value"])

    def _dataset(self, path: str, message: dict[str, Any]) -> Iterator[Part | Blob]:
        self.tensors.add(path, str(message["dtype"]), message["shape"])
        name = path.rsplit("/", 1)[-1]
        if message["fields"]:
            scope = Scope("table", path, tuple(message["fields"][:200]), parent=self.model)
            for field in message["fields"]:
                yield Part(field, "member", scope, short(f"column {field} of {path}"))
        yield from labels(message["enum"], name, self.model)
        value = message["value"]
        if isinstance(value, list):
            yield from self.walk.values([{name: Array(None, tuple(message["shape"]), value)}])
        elif isinstance(value, str):
            yield Part(value[:LONGEST], "string", self.model, short(f"{name}: {value}"))

    def _attribute(self, path: str, name: str, value: Any) -> Iterator[Part | Blob]:
        scope = Scope("metadata", path, parent=self.model)
        if name in CONFIGS and isinstance(value, str):
            yield from kerasconfig.parts(value, self.model, self.walk)
        elif name == "layer_names" and isinstance(value, list):
            for layer in value:
                self.tensors.add(layer)
        elif name in SAME:
            return
        elif isinstance(value, list):
            yield from self.walk.values([{name: value}], scope)
        else:
            text = value if isinstance(value, str) else ""
            yield Part(name, "key", scope, short(f"{name}: {text}" if text else name))
            if text:
                yield from self.walk.values([_maybe_json(name, text)], scope)


def _maybe_json(name: str, text: str) -> Any:
    """Return an attribute for the walk: what its JSON says, else its text."""
    if text[:1] in ("{", "["):
        try:
            return {name: json.loads(text)}
        except (ValueError, RecursionError):
            pass
    return text


def _listed(data: memoryview, deadline: Deadline) -> Iterator[dict[str, Any]]:
    """Run the other process on ``data`` and yield its messages."""
    program = str(Path(__file__).with_name("hdf5_child.py"))
    try:
        child = subprocess.Popen(  # noqa: S603 - our own program, no shell
            [sys.executable, "-I", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError as error:
        raise ReadError("unsupported", "no second process could be started to read HDF5 in") from error
    watch = threading.Timer(SECONDS, child.kill)
    watch.daemon = True
    watch.start()
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        yield from _talk(child.stdin, child.stdout, data, deadline)
    except (OSError, struct.error, KeyError) as error:
        raise ReadError("limit", "the process that reads HDF5 ended early; what it told was read") from error
    finally:
        watch.cancel()
        child.kill()
        child.stdout.close()
        with contextlib.suppress(OSError):
            child.stdin.close()
        child.wait()


def _talk(to: IO[bytes], back: IO[bytes], data: memoryview, deadline: Deadline) -> Iterator[dict[str, Any]]:
    """Hand out the bytes that are asked for; yield messages until the end."""
    to.write(struct.pack("<Q", len(data)))
    to.flush()
    asked = 0
    while True:
        deadline.check()
        mark = back.read(1)
        if mark == b"E":
            return
        if mark == b"R":
            at, count = struct.unpack("<QQ", back.read(16))
            asked += count
            if at + count > len(data) or asked > REQUESTS:
                raise ReadError("limit", "the process that reads HDF5 asked for too much")
            to.write(data[at : at + count])
            to.flush()
        elif mark == b"J":
            size = struct.unpack("<I", back.read(4))[0]
            message = json.loads(back.read(size)) if size <= MESSAGE else None
            if not isinstance(message, dict):
                raise ReadError("crashed", "the process that reads HDF5 spoke nonsense")
            if message.get("t") == "missing":
                raise ReadError("missing_extra", "attributes and types need an extra: pip install 'untag[hdf5]'")
            yield message
        else:
            raise ReadError("limit", "the process that reads HDF5 ended early; what it told was read")


_CONFIG: Final = (b'{"class_name": "', b'{"module": "keras', b'{"backend"', b'{"config": {')


def _searched(blob: Blob, story: _Story, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
    """Yield what stands behind known marks: names in local heaps, and JSON of Keras."""
    data = memoryview(blob.data)
    for at in range(0, min(len(data), SEARCHED), MIB):
        deadline.check()
        piece = bytes(data[at : at + MIB + 64])
        found = piece.find(b"HEAP\0\0\0\0")
        while 0 <= found < MIB:
            _heap(data, at + found, story)
            found = piece.find(b"HEAP\0\0\0\0", found + 8)
        for mark in _CONFIG:
            found = piece.find(mark)
            if 0 <= found < MIB:
                yield from _config(bytes(data[at + found : at + found + 4 * MIB]), story)
    if len(data) > SEARCHED:
        yield Gap(blob.trail, "limit", f"only the first {SEARCHED >> 20} MiB were searched for names")


def _heap(data: memoryview, at: int, story: _Story) -> None:
    """Take the names of one local heap (HDF5 file format specification, III.D)."""
    head = bytes(data[at : at + 32])
    if len(head) < 32:  # noqa: PLR2004 - mark, version, size, free list, address
        return
    size, start = int.from_bytes(head[8:16], "little"), int.from_bytes(head[24:32], "little")
    if size > HEAP or start + size > len(data):
        return
    for raw in bytes(data[start : start + size]).split(b"\0"):
        name = raw.decode("utf-8", "replace")
        if len(name) > 1 and name.isprintable() and "\ufffd" not in name:
            story.tensors.add(name)


def _config(piece: bytes, story: _Story) -> Iterator[Part | Blob]:
    """Read the JSON object with which a piece begins."""
    text = piece.decode("utf-8", "ignore")
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return
    if end > 40:  # noqa: PLR2004 - longer than the marks themselves
        yield from kerasconfig.parts(text[:end], story.model, story.walk)
