"""Every error that untag raises on purpose.

::

    UntagError                exit 2 unless said otherwise
    ├── UsageError            the call is wrong: an unknown option, target or format
    ├── ConfigError           untag.toml, pyproject.toml, a policy or a waiver is wrong
    ├── LexiconError          the lexicon's own data is wrong: a build fault, never a user's
    ├── SourceError           a target cannot be reached (missing, offline, no such revision)
    ├── StripError            a removal cannot be done or proved (untag.strip.base)
    └── ReadError             one artifact cannot be read; becomes a Gap, never ends a scan
        └── LimitError        a cap of `untag.limits` was met

Each message says what is wrong and what to do next. A foreign exception is
mapped to one of these where it enters, so callers catch `UntagError` alone.
"""

from __future__ import annotations


class UntagError(Exception):
    """Base of all errors that untag raises on purpose."""


class UsageError(UntagError):
    """The call is wrong: an unknown option, target or format."""


class ConfigError(UntagError):
    """A configuration file, a policy, a waiver or a baseline is wrong."""


class LexiconError(UntagError):
    """The lexicon's data is wrong: a term without a source, a duplicate, a failed hit."""


class SourceError(UntagError):
    """A target cannot be reached: it is missing, the network is, or the revision is."""


class ReadError(UntagError):
    """One artifact cannot be read. The engine turns it into a `Gap`.

    ``reason`` is one of `untag.model.GAP_REASONS`.
    """

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


class LimitError(ReadError):
    """A cap of `untag.limits` was met; ``reason`` is ``limit``."""

    def __init__(self, detail: str) -> None:
        super().__init__("limit", detail)
