"""``untag attest``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""


def run(args: argparse.Namespace) -> int:
    """Run the command."""
    raise UsageError("not built yet")
