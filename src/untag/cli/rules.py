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
    from untag.interpret.rules import CATALOGUE  # noqa: PLC0415 - the list of commands starts without the rules

    if not args.rule:
        for rule in CATALOGUE.values():
            print(f"{rule.id}  {rule.name:22} {rule.summary()}")
        return 0
    for rule in CATALOGUE.values():
        if args.rule.lower() in (rule.id.lower(), rule.name):
            print(f"# {rule.id} {rule.name}\n\n{rule.page()}")
            for title, examples in (("found", rule.hits), ("not found", rule.misses)):
                for name, text in examples:
                    print(f"\n{title}, in {name}:\n")
                    print("\n".join(f"    {line}".rstrip() for line in text.rstrip("\n").split("\n")))
            return 0
    from difflib import get_close_matches  # noqa: PLC0415

    known = {key: rule.id for rule in CATALOGUE.values() for key in (rule.id.lower(), rule.name)}
    near = get_close_matches(args.rule.lower(), known, n=1, cutoff=0.5)
    meant = f"did you mean {known[near[0]]}? " if near else ""
    raise UsageError(f"unknown rule {args.rule}; {meant}list them with: untag rules")
