"""The child's side of `child`: limits on itself, bytes from standard input, frames to standard output.

Loads nothing of untag beside itself.
"""

from __future__ import annotations

import json
import mmap
import os
import sys
from typing import Any

try:
    import resource
except ImportError:  # Windows has no such limits: there the parent's clock alone ends a child
    resource = None  # type: ignore[assignment] # the module is absent


def confine(memory: int, seconds: int) -> None:
    """Cap address space, processor time, files written and core dumps of this process."""
    if resource is None:
        return
    caps = (("RLIMIT_AS", memory), ("RLIMIT_CPU", seconds), ("RLIMIT_FSIZE", 0), ("RLIMIT_CORE", 0))
    for name, value in caps:
        kind = getattr(resource, name, None)
        if kind is None or (not value and name == "RLIMIT_AS"):
            continue
        try:
            _, hard = resource.getrlimit(kind)
            soft = value if hard == resource.RLIM_INFINITY else min(value, hard)
            resource.setrlimit(kind, (soft, hard))
        except (OSError, ValueError):
            continue  # macOS knows the name and refuses the cap


_REFUSED = frozenset(
    (
        *("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "subprocess.Popen"),
        *("os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "webbrowser.open"),
    )
)
"""Audit events of what a parser has no business with."""


def alone() -> None:
    """Refuse network and further processes from here on, whatever a library tries: a missing model, an update."""

    def refuse(event: str, _arguments: tuple[Any, ...]) -> None:
        if event in _REFUSED:
            raise PermissionError(f"{event} is refused here")

    sys.addaudithook(refuse)


def given() -> mmap.mmap:
    """Return standard input as a private map: a parser may write into it, and nothing is copied."""
    return mmap.mmap(sys.stdin.fileno(), 0, access=mmap.ACCESS_COPY)


def say(message: dict[str, Any], payload: bytes = b"") -> None:
    """Write one frame."""
    body = json.dumps(message, ensure_ascii=True).encode("ascii")
    data = memoryview(len(body).to_bytes(4, "little") + len(payload).to_bytes(4, "little") + body + payload)
    while data:
        data = data[os.write(1, data) :]
