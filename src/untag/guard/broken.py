"""How an exchange ends that cannot be finished as it began."""

from __future__ import annotations


class StoppedError(OSError):
    """The guard has answered in the app's place; ASGI tells an app by `OSError` that nobody listens any more."""


class BrokenError(Exception):
    """An app could not finish the response that it began; ``status`` is what to answer while nothing is out."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
