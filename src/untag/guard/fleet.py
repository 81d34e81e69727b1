"""Several processes behind one address: each judges for itself and keeps a log with a chain of its own.

A chain has one writer, so the processes share no log: ``guard.jsonl`` becomes ``guard.w1.jsonl``, ``guard.w2.jsonl`` …,
and ``untag guard log verify guard.jsonl`` verifies them all. The one that started them judges nothing: it starts anew
whichever dies, hands signals on, and ends when all have ended.
"""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UntagError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HASTE: Final = 2.0
"""Seconds that a process must have lived to be started anew at once; else that long is waited."""
_FAILED: Final = 2


def checked() -> None:
    """Raise `UsageError` where processes cannot be forked."""
    if not hasattr(os, "fork"):
        raise UsageError("--workers needs a system that can fork: start several guards, each with a port and a log")


def log_path(path: Path, number: int) -> Path:
    """Return the log of one process: ``guard.w2.jsonl`` for the second one's ``guard.jsonl``."""
    return path.with_name(f"{path.stem}.w{number}{path.suffix}")


def logs_of(path: Path) -> list[Path]:
    """Return the logs that belong to a name: that file, and those of the processes of a fleet."""
    pattern = re.compile(re.escape(path.stem) + r"\.w(\d+)" + re.escape(path.suffix))
    found = [(int(match[1]), one) for one in path.parent.glob("*") if (match := pattern.fullmatch(one.name))]
    mine = [path] if path.exists() or not found else []
    return [*mine, *(one for _, one in sorted(found))]


class Fleet:
    """``count`` processes that do ``work(number)``, which returns an exit code; numbers begin at 1."""

    def __init__(self, count: int, work: Callable[[int], int], told: Callable[[str], None]) -> None:
        self._count = count
        self._work = work
        self._told = told
        self._alive: dict[int, tuple[int, float]] = {}
        self._stopping = False

    def run(self) -> int:
        """Run until told to stop, or until all fail at the start; return the worst exit code."""
        kept = {name: signal.signal(name, self._signalled) for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
        worst = 0
        try:
            for number in range(1, self._count + 1):
                self._start(number)
            while self._alive:
                pid, status = os.wait()
                number, begun = self._alive.pop(pid)
                code = os.waitstatus_to_exitcode(status)
                if self._stopping or code == _FAILED:
                    # a wrong setting will not be right the next time
                    worst = max(worst, 0 if code == -signal.SIGTERM else abs(code))
                    self._stop()
                    continue
                self._told(f"process {number} ended with {code}; it is started anew")
                time.sleep(max(0.0, HASTE - (time.monotonic() - begun)))
                if not self._stopping:
                    self._start(number)
        finally:
            for name, handler in kept.items():
                signal.signal(name, handler)
        return worst

    def _start(self, number: int) -> None:
        pid = os.fork()
        if pid:
            self._alive[pid] = (number, time.monotonic())
            return
        code = 1
        try:
            for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                signal.signal(name, signal.SIG_DFL)
            code = self._work(number)
        except UntagError as error:
            self._told(str(error))
            code = _FAILED
        except BaseException as error:  # noqa: BLE001 - a child must never return into its parent's work
            self._told(f"process {number}: {type(error).__name__}")
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _signalled(self, name: int, _: Any) -> None:
        if name == signal.SIGHUP:
            self._tell(name)
        else:
            self._stop()

    def _stop(self) -> None:
        self._stopping = True
        self._tell(signal.SIGTERM)

    def _tell(self, name: int) -> None:
        for pid in list(self._alive):
            os.kill(pid, name)
