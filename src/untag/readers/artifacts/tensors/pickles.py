"""Pickles: of scikit-learn, joblib, pandas and anybody's own, and PyTorch's files before version 1.6.

The stream is walked by opcode and never run. A file may hold several pickles one behind the
other, as PyTorch's legacy format holds five, with the numbers of its tensors behind them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.limits import MIB, Deadline
from untag.model import Blob, Gap
from untag.readers.artifacts.tensors.opcodes import ROOM, Machine
from untag.readers.artifacts.tensors.walk import Walk
from untag.readers.containers.common import TRAILING, blank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget
    from untag.model import Buffer
    from untag.readers.base import Part

LEGACY: Final = 0x1950A86A20F9469CFC6C
"""The number with which PyTorch's legacy files begin, a pickle of its own."""
LEGACY_PICKLES: Final = 5
"""Magic, protocol, system, the object, the keys of its storages."""
PICKLES: Final = 100_000
"""Pickles one behind the other in one file."""
SURE: Final = 3
"""Opcodes that must be understood for a content with a protocol's mark to be a pickle."""
SURE_UNMARKED: Final = 24
"""Opcodes that must be understood, or all to the STOP, where there is no mark: letters are opcodes too."""
COPY: Final = 16 * MIB
"""Bytes up to which the stream is copied: slicing bytes is quicker than slicing a map."""


class Pickles:
    """Every pickle, whatever wrote it."""

    name = "pickle"
    version = 1
    formats = ("pickle", "joblib", "pytorch-legacy")

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam's
        """Whether the first opcodes make sense; a stream that breaks later is a pickle that is broken."""
        machine = Machine(head, 0, Deadline.after(1))
        marked = head[:1] == b"\x80"
        try:
            machine.run(SURE if marked else SURE_UNMARKED)
        except ReadError as error:
            # a value longer than the head ends a walk that went well so far
            return marked and (machine.count >= SURE or error.reason == "truncated")
        return marked or machine.count >= SURE

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002
        """Yield what the pickles name; what stands behind them as a blob of its own."""
        data: Buffer = bytes(blob.data) if len(blob.data) <= COPY else memoryview(blob.data)
        yield from read(Blob(blob.trail, data), deadline)


def read(blob: Blob, deadline: Deadline) -> Iterator[Part | Blob | Gap]:
    """Yield what the pickles at the start of ``blob`` name."""
    data = blob.data
    walk = Walk(blob, deadline, data)
    at, number, legacy, room = 0, 0, False, ROOM
    while number < (LEGACY_PICKLES if legacy else PICKLES):
        machine = Machine(data, at, deadline, room=room)
        error = _run(machine)
        while machine.full is not None and error is None:
            yield from walk.values(machine.roots())
            machine.drain()
            walk.forget()
            error = _run(machine)
        yield from walk.values(machine.roots())
        at, number = machine.at, number + 1
        if error is not None:
            yield from walk.tensors.parts()
            yield Gap(blob.trail, error.reason, error.detail)
            if error.reason == "corrupt" and 0 < at < len(data) and not blank(memoryview(data)[at:]):
                yield Blob((*blob.trail, "~unread"), data[at:])
            return
        legacy = legacy or (number == 1 and machine.stack[-1:] == [LEGACY])
        if not legacy and not _follows(data, at):
            break
        # what was walked stays in the walk's memory of ids only while its values live
        walk.keep(machine)
        room = min(room, machine.room)
    yield from walk.tensors.parts()
    if not legacy and at < len(data) and not blank(memoryview(data)[at:]):
        yield Blob((*blob.trail, TRAILING), data[at:])


def _follows(data: Buffer, at: int) -> bool:
    """Whether another pickle begins behind one."""
    mark = bytes(data[at : at + 2])
    return len(mark) == 2 and mark[0] == 0x80 and 2 <= mark[1] <= 5  # noqa: PLR2004 - the protocol's mark


def _run(machine: Machine) -> ReadError | None:
    """Walk one pickle; return what ended it, if it was no STOP."""
    try:
        machine.run()
    except ReadError as error:
        return error
    return None
