"""The command line: one file per subcommand. Only this package prints, reads the environment or exits.

Exit codes: 0 clean, 1 blocked, 2 the call or the configuration is wrong, 3 incomplete.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Final

from untag.errors import UntagError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

COMMANDS: Final = {
    "scan": "find where software profiles pictured people",
    "strip": "take the attribute out of a copy, and prove that it is gone",
    "guard": "keep the attribute out of a running service",
    "report": "make a report to read or print from reports of scans",
    "compare": "show what appeared, went or changed between two reports or targets",
    "timeline": "follow the releases of a package, and check a claim about them",
    "usage": "count in access logs who asked for or received the attribute",
    "attest": "sign what a scan found",
    "verify": "check a signed statement against the bytes in hand",
    "explain": "show one finding with all its reasons",
    "rules": "list the rules, or show one rule's page",
    "readers": "list the formats that are understood",
    "policies": "list the policy packs, or show one",
    "lexicon": "check the lexicon, or show a term",
    "completion": "print a completion script for bash, zsh or fish",
}
USAGE: Final = 2
INTERRUPTED: Final = 130


def parser(only: str = "") -> argparse.ArgumentParser:
    """Return the parser, with the arguments of every command, or of one alone (which starts faster)."""
    import argparse  # noqa: PLC0415 - a plain scan does without, see `untag.cli.scan.quick`

    top = argparse.ArgumentParser(
        prog="untag",
        description="Finds ethnic profiling in vision software. It reads software, data and requests about people;"
        " it never looks at people.",
        epilog="Exit codes: 0 no finding in what was read, 1 blocked, 2 wrong call or configuration, 3 incomplete."
        "  Start with: untag scan .",
    )
    top.add_argument("-V", "--version", action="store_true", help="print the version")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary[0].upper() + summary[1:] + ".")
        if only in ("", name):
            module = import_module(f"untag.cli.{name}")
            module.arguments(command)
            command.set_defaults(run=module.run)
    return top


def main(argv: Sequence[str]) -> int:
    """Run a command line; return its exit code."""
    args = _quick(argv)
    if args is None:
        named = next((word for word in argv if word in COMMANDS), "")
        only = named if argv and argv[0] == named else ""
        top = parser(only)
        try:
            args = top.parse_args(argv)
        except SystemExit as leave:
            return int(leave.code or 0)
        if not args.command:
            top.print_help()
            return 0 if not argv else USAGE
    try:
        return int(args.run(args))
    except UntagError as error:
        print(f"untag: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        print("untag: interrupted; nothing was decided", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # the reader of our output went away: nothing is left to say to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return INTERRUPTED


def _quick(argv: Sequence[str]) -> argparse.Namespace | None:
    """Return what a plain ``untag scan`` asks for; None for any call that needs the parser."""
    if not argv or argv[0] != "scan":
        return None
    from untag.cli.scan import quick  # noqa: PLC0415 - the command that most calls are

    return quick(argv[1:])
