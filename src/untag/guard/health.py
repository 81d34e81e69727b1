"""What the guard tells of itself: ``healthz`` and ``metrics``, on a listener or a path of their own.

The upstream's own ``/healthz`` and ``/metrics`` are never shadowed: either a separate address serves these
(``--admin``), or they stand below one prefix (``/__untag/``).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from untag.guard import metrics

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.asgi import App, Receive, Scope, Send
    from untag.guard.gate import Gate

MOUNT: Final = "/__untag"


class Health:
    """ASGI app that answers ``/healthz`` and ``/metrics`` below ``mount``; all else goes to ``app``, or is 404."""

    def __init__(
        self, gate: Gate, app: App | None = None, *, mount: str = "", ready: Callable[[], bool] | None = None
    ) -> None:
        self._gate = gate
        self._app = app
        self._mount = mount
        self._ready = ready or (lambda: True)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI asks."""
        if scope["type"] == "http" and scope["path"].startswith(self._mount + "/"):
            what = scope["path"][len(self._mount) :]
            if what in ("/healthz", "/metrics"):
                await self._tell(what, send)
                return
            if self._mount:
                await _answer(send, 404, "text/plain; charset=utf-8", b"no such page\n")
                return
        if self._app is not None:
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            await _answer(send, 404, "text/plain; charset=utf-8", b"no such page\n")

    async def _tell(self, what: str, send: Send) -> None:
        if what == "/metrics":
            await _answer(send, 200, metrics.CONTENT_TYPE, self._gate.metrics.text().encode())
            return
        settings = self._gate.settings
        ready = self._ready()
        state = {
            "status": "ok" if ready else "draining",
            "mode": settings.mode,
            "fail": settings.fail,
            "policy": settings.policy,
            "off": sorted(settings.overrides or {}),
            "log": self._gate.log.number if self._gate.log else None,
        }
        await _answer(send, 200 if ready else 503, "application/json", json.dumps(state).encode())


async def _answer(send: Send, status: int, content_type: str, body: bytes) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
