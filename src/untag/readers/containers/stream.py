"""A compressed file as a stream: unpacked some mebibytes ahead on a second thread, read by the tar walker.

The codecs release the interpreter while they work, so unpacking and scanning share
two processors. What is held at any time is a handful of chunks and one member.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final

from untag.errors import ReadError
from untag.model import Blob, Gap
from untag.readers.containers import tar
from untag.readers.containers.codecs import Tail
from untag.readers.containers.common import TRAILING, Meter, blank, gathered
from untag.readers.containers.pull import Pull

if TYPE_CHECKING:
    from untag.limits import Budget

AHEAD: Final = 8
"""Chunks unpacked ahead: 8 MiB."""
THREAD_FROM: Final = 1 << 18
"""Packed bytes from which a second thread pays for itself."""

Codec = Callable[[memoryview, Tail], Iterator[bytes]]


def members(blob: Blob, budget: Budget, codec: Codec, inner: str) -> Iterator[Blob | Gap]:
    """Yield what a compressed file holds: the members of a tar, else one blob; both below ``inner``."""
    data = memoryview(blob.data)
    trail = (*blob.trail, inner)
    tail = Tail()
    chunks = codec(data, tail)
    if len(data) >= THREAD_FROM:
        chunks = ahead(chunks)
    pull = Pull(_metered(chunks, Meter(budget, len(data))))
    try:
        if tar.claims(pull.peek(tar.BLOCK)):
            yield from tar.walk(pull, trail, budget, None)
            pull.skip(1 << 62)  # an error behind the tar's end is an error too
        else:
            budget.member()
            content, error = gathered(pull.rest(), budget, len(data))
            pull.error = pull.error or error
            if len(content) or pull.error is None:
                yield Blob(trail, content)
    finally:
        chunks.close()  # type: ignore[attr-defined] # both are generators
    if pull.error is not None:
        yield Gap(trail, pull.error.reason, pull.error.detail)
    elif tail.at < len(data) and not blank(data[tail.at :]):
        yield Gap((*blob.trail, TRAILING), "corrupt", "bytes behind the compressed data; they were read as they are")
        yield Blob((*blob.trail, TRAILING), data[tail.at :])


def _metered(chunks: Iterator[bytes], meter: Meter) -> Iterator[bytes]:
    """Count each chunk before it is handed on."""
    for chunk in chunks:
        meter.add(len(chunk))
        yield chunk


def ahead(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield ``chunks``, which a second thread makes up to `AHEAD` of them ahead."""
    ready: queue.Queue[bytes | ReadError | None] = queue.Queue(AHEAD)
    stop = threading.Event()

    def work() -> None:
        last: ReadError | None = None
        try:
            for chunk in chunks:
                if stop.is_set():
                    return
                ready.put(chunk)
        except ReadError as error:
            last = error
        except Exception as error:  # noqa: BLE001 - a thread that dies in silence would hang its reader
            last = ReadError("crashed", f"{type(error).__name__} while unpacking: {error}")
        finally:
            chunks.close()  # type: ignore[attr-defined] # a generator
            ready.put(last)

    thread = threading.Thread(target=work, name="untag-unpack", daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, ReadError):
                raise item
            yield item
    finally:
        stop.set()
        while thread.is_alive():
            try:
                ready.get(timeout=0.01)
            except queue.Empty:
                continue
        thread.join()


def inner_name(name: str, endings: dict[str, str], default: str = "") -> str:
    """Return the name of what a compressed file holds: its own without the ending, ``.tgz`` as ``.tar``."""
    last = name.rsplit("/", 1)[-1]
    for ending, instead in endings.items():
        if last.lower().endswith(ending) and len(last) > len(ending):
            return last[: -len(ending)] + instead
    return default or last
