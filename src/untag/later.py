"""Regular expressions that are compiled when they are first used.

Compiling one takes up to a millisecond, and most scans use few of those that the modules
name at their head: the rest would be half of the start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__all__ = ["pattern"]

if TYPE_CHECKING:
    from re import compile as pattern
else:

    class pattern:  # noqa: N801 - called as `re.compile` is
        """What `re.compile` would return, with the methods that we use."""

        __slots__ = ("_what", "findall", "finditer", "flags", "fullmatch", "match", "pattern", "search", "split", "sub")

        def __init__(self, what: str | bytes, flags: int = 0) -> None:
            self._what = (what, flags)

        def __getattr__(self, name: str) -> Any:
            """Compile: this is called for what was not set, and then all is."""
            if name not in pattern.__slots__:
                raise AttributeError(name)
            import re  # noqa: PLC0415

            made = re.compile(*self._what)
            for method in pattern.__slots__[1:]:
                setattr(self, method, getattr(made, method))
            return getattr(self, name)
