"""The words that untag looks for: data, and the code that reads and proves it.

Each name is loaded when it is first asked for: a scan with a compiled lexicon parses no data.
The terms themselves come from `untag.lexicon.load.load`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from untag.lexicon.load import VERSION, ValueSet, digest, load_sets
    from untag.lexicon.term import KINDS, SENSES, Term

__all__ = ["KINDS", "SENSES", "VERSION", "Term", "ValueSet", "digest", "load_sets"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module 'untag.lexicon' has no attribute {name!r}")
    from importlib import import_module  # noqa: PLC0415 - start-up time is a feature

    home = "term" if name in ("KINDS", "SENSES", "Term") else "load"
    return getattr(import_module(f"untag.lexicon.{home}"), name)
