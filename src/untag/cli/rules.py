"""``untag rules``: the catalogue of rules and their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    command.add_argument("rule", nargs="?", help="id or name of one rule, to read its page")


def run(args: argparse.Namespace) -> int:
    """Print the list, or one page."""
    from untag.interpret.rules import CATALOGUE  # noqa: PLC0415

    if not args.rule:
        for rule in CATALOGUE.values():
            print(f"{rule.id}  {rule.name:22} {rule.summary()}")
        return 0
    for rule in CATALOGUE.values():
        if args.rule.lower() in (rule.id.lower(), rule.name):
            print(f"# {rule.id} {rule.name}\n\n{rule.page()}")
            return 0
    raise UsageError(f"unknown rule {args.rule}; list them with: untag rules")
