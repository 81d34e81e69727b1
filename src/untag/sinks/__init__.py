"""Each output format, imported when it is asked for."""

from __future__ import annotations

from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from untag.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, TextIO

    from untag.model import Report

SINKS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "console": "untag.sinks.console",
        "json": "untag.sinks.json_v1",
        "sarif": "untag.sinks.sarif",
        "markdown": "untag.sinks.markdown",
        "junit": "untag.sinks.junit",
        "gitlab": "untag.sinks.gitlab",
    }
)
"""Format → the module whose ``render`` writes it."""


class Render(Protocol):
    """Writes a report in one format."""

    def __call__(self, report: Report, out: TextIO, **options: Any) -> None:
        """Write ``report`` to ``out``; a sink ignores no option, it refuses those it does not know."""


def sink(name: str) -> Render:
    """Return the ``render`` of a format, and import nothing else."""
    module = SINKS.get(name)
    if module is None:
        raise UsageError(f"unknown format {name!r}; use one of {', '.join(SINKS)}")
    render: Render = import_module(module).render
    return render
