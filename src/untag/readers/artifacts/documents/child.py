"""A child process for foreign code that parses hostile bytes: no shared memory, limits, a clock.

The child is a module of ours with nothing but its library; the bytes are its standard
input, as a file that it maps; it answers in frames. A child that dies, hangs or
asks for too much costs the rest of one artifact.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import sys
import tempfile
import threading
import time
from typing import IO, TYPE_CHECKING, Any, Final

from untag.errors import LimitError, ReadError
from untag.limits import MIB

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from untag.limits import Deadline
    from untag.model import Buffer

FRAME: Final = 64 * MIB
"""Bytes of one frame at most: a rendered page is the largest."""
TOTAL: Final = 1 << 30
"""Bytes that one child may answer in all."""
WAITING: Final = 4
"""Frames that wait to be read before the child has to."""
BROKEN: Final = 3
"""Exit code of a child that ran out of memory."""

Message = tuple[dict[str, Any], bytes]


def ask(script: str, data: Buffer, settings: Mapping[str, Any], deadline: Deadline) -> Iterator[Message]:
    """Run a module beside this one on ``data``; yield the frames that it answers with.

    Raises `ReadError` (``crashed`` or ``limit``) after the last frame when the child did not end well.
    """
    if not sys.executable:
        raise ReadError("unsupported", "no Python interpreter to parse it in a process of its own")
    with tempfile.TemporaryFile(prefix="untag-") as file:
        view = memoryview(data)
        for at in range(0, len(view), MIB):
            file.write(view[at : at + MIB])
        file.flush()
        file.seek(0)
        module = f"{__package__}.{script}"
        command = [sys.executable, "-P", "-B", "-m", module, json.dumps(dict(settings))]
        with subprocess.Popen(  # noqa: S603 - see above
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            try:
                assert process.stdout is not None
                yield from _frames(process, process.stdout, deadline)
            finally:
                with contextlib.suppress(OSError):
                    process.kill()
                process.wait()


def _frames(process: subprocess.Popen[bytes], out: IO[bytes], deadline: Deadline) -> Iterator[Message]:
    waiting: queue.Queue[Message | str] = queue.Queue(WAITING)
    thread = threading.Thread(target=_listen, args=(out, waiting), daemon=True)
    thread.start()
    try:
        while True:
            try:
                item = waiting.get(timeout=max(deadline.at - time.monotonic(), 0.01))
            except queue.Empty:
                raise LimitError("reading took too long; what came before was read") from None
            if isinstance(item, str):
                break
            yield item
        if item:
            raise LimitError(item)
        code = process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        raise LimitError("the parser did not end; what it said was read") from None
    finally:
        process.kill()
        # the listener may wait to hand a frame over: take them off until it ends
        while thread.is_alive():
            with contextlib.suppress(queue.Empty):
                waiting.get(timeout=0.05)
    if code == BROKEN:
        raise LimitError("needs more memory than a parser is given; what came before was read")
    if code:
        how = f"signal {-code}: a fault, or too little memory" if code < 0 else f"code {code}"
        raise ReadError("crashed", f"the parser died on it ({how}); what came before was read")


def _listen(out: IO[bytes], waiting: queue.Queue[Message | str]) -> None:
    """Take frames from the pipe; an empty string is the end, any other is a limit that was met."""
    total = 0
    while len(head := out.read(8)) == 8:  # noqa: PLR2004 - two lengths
        lengths = int.from_bytes(head[:4], "little"), int.from_bytes(head[4:], "little")
        total += sum(lengths)
        if sum(lengths) > FRAME or total > TOTAL:
            waiting.put("the parser answers without end; what came before was read")
            return
        body, payload = out.read(lengths[0]), out.read(lengths[1])
        if len(body) + len(payload) < sum(lengths):
            break
        try:
            said = json.loads(body)
        except ValueError:
            break
        if isinstance(said, dict):
            waiting.put((said, payload))
    waiting.put("")
