"""untag: find ethnic profiling in vision software, take it out, keep it out, prove it.

The public door; each name is loaded when it is first asked for::

    from untag import scan, Report, Finding, load_policy
"""

from __future__ import annotations

from untag._version import __version__

TYPE_CHECKING = False
"""What type checkers take for true; `typing` itself is slow to load."""
if TYPE_CHECKING:
    from typing import Any

    from untag.errors import ConfigError, LexiconError, ReadError, SourceError, UntagError, UsageError
    from untag.model import Coverage, Decision, Evidence, Finding, Gap, Notice, PolicyInfo, Report
    from untag.policy.load import load_policy
    from untag.scan import scan
    from untag.sources import SourceOptions

_HOME = {
    "scan": "untag.scan",
    "load_policy": "untag.policy.load",
    "SourceOptions": "untag.sources",
    **dict.fromkeys(
        ("Coverage", "Decision", "Evidence", "Finding", "Gap", "Notice", "PolicyInfo", "Report"), "untag.model"
    ),
    **dict.fromkeys(
        ("ConfigError", "LexiconError", "ReadError", "SourceError", "UntagError", "UsageError"), "untag.errors"
    ),
}

__all__ = [
    "ConfigError",
    "Coverage",
    "Decision",
    "Evidence",
    "Finding",
    "Gap",
    "LexiconError",
    "Notice",
    "PolicyInfo",
    "ReadError",
    "Report",
    "SourceError",
    "SourceOptions",
    "UntagError",
    "UsageError",
    "__version__",
    "load_policy",
    "scan",
]


import sys  # noqa: E402 - always loaded


class _Door(type(sys)):  # type: ignore[misc]
    """The package as a module whose `scan` is the function, whoever imports the module of that name."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name == "scan" and isinstance(value, type(sys))):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Door


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'untag' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - start-up time is a feature

    value = getattr(import_module(_HOME[name]), name)
    setattr(sys.modules[__name__], name, value)
    return value


def __dir__() -> list[str]:
    return __all__
