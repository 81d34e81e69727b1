"""Work done by two processes at once where the machine has the cores: the databases of a new lexicon."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def all_made(jobs: Sequence[Callable[[], bytes]]) -> list[bytes]:
    """Return what each job makes, in their order; the jobs share nothing.

    A forked process takes jobs too, where there is ``fork``, a second core and no thread
    that the fork would leave behind. What it does not bring home is made here.
    """
    made: dict[int, bytes] = {}
    if len(jobs) > 1 and _may_fork():
        queue, feed = os.pipe()
        os.write(feed, bytes(range(len(jobs))))
        os.close(feed)
        out, back = os.pipe()
        pid = os.fork()
        if pid == 0:
            os.close(out)
            _help(jobs, queue, back)
        os.close(back)
        while raw := os.read(queue, 1):
            made[raw[0]] = jobs[raw[0]]()
        os.close(queue)
        with os.fdopen(out, "rb") as home:
            while len(head := home.read(9)) == 9:  # noqa: PLR2004 - see _help
                size = int.from_bytes(head[1:], "little")
                body = home.read(size)
                if len(body) == size:
                    made[head[0]] = body
        os.waitpid(pid, 0)
    return [made[number] if number in made else job() for number, job in enumerate(jobs)]


def _may_fork() -> bool:
    if not hasattr(os, "fork") or (os.cpu_count() or 1) < 2:  # noqa: PLR2004 - one is none
        return False
    threading = sys.modules.get("threading")
    return threading is None or threading.active_count() == 1


def _help(jobs: Sequence[Callable[[], bytes]], queue: int, back: int) -> None:
    """Do jobs until none is left, then send them home: number, 8 bytes of length, bytes. Never returns."""
    try:
        made = []
        while raw := os.read(queue, 1):
            made.append((raw, jobs[raw[0]]()))
        with os.fdopen(back, "wb") as home:
            for raw, body in made:
                home.write(raw + len(body).to_bytes(8, "little") + body)
    finally:
        os._exit(0)
