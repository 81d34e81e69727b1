"""``untag policies``: the packs that ship, and what each leaves out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    command.add_argument("pack", nargs="?", help="name or file of one pack, to see it whole")


def run(args: argparse.Namespace) -> int:
    """Print the list, or one pack."""
    from untag.policy.load import load_layer, policies  # noqa: PLC0415

    if not args.pack:
        for pack in policies():
            print(f"{pack.id:24} {pack.title}")
        return 0
    layer = load_layer(args.pack)
    print(f"{layer.id}: {layer.title}\nsha256 {layer.sha256}")
    for rule in layer.rules:
        print(f"  {rule.clause}")
    for source in layer.sources:
        print(f"  source: {source.clause} ({source.verified})")
        if source.quote:
            print(f"    “{source.quote}”")
    print("leaves out:")
    for text in layer.leaves_out:
        print(f"  - {text}")
    return 0
