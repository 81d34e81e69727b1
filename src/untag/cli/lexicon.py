"""``untag lexicon``: check the data, or show what is known of a term."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from untag.errors import UsageError

if TYPE_CHECKING:
    import argparse


def arguments(command: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    actions = command.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("check", help="every term must be found in its hits and not in its misses")
    show = actions.add_parser("show", help="show the rows of a term")
    show.add_argument("term")
    actions.add_parser("stats", help="count terms by kind, language and attribute")


def run(args: argparse.Namespace) -> int:
    """Do what was asked."""
    return {"check": _check, "show": _show, "stats": _stats}[args.action](args)


def _check(args: argparse.Namespace) -> int:  # noqa: ARG001
    from untag.lexicon.check import check  # noqa: PLC0415
    from untag.lexicon.load import load  # noqa: PLC0415
    from untag.match.engine import build  # noqa: PLC0415

    terms = load()
    finder = build(terms, lambda _term: True)
    faults = check(terms, lambda data: [(terms[i], s, e) for i, s, e in finder.find(data)])
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(terms):,} terms checked, {len(faults)} faults")
    return 1 if faults else 0


def _show(args: argparse.Namespace) -> int:
    from untag.lexicon.load import load  # noqa: PLC0415

    wanted = args.term.casefold()
    found = [t for t in load() if wanted in (t.text.casefold(), t.group.casefold()) or t.text.casefold() == wanted]
    if not found:
        raise UsageError(f"no term {args.term!r} in the lexicon; group names are listed under their English name")
    for t in found:
        print(f"{t.text}  [{t.kind}{' ' + t.sense if t.sense else ''}, {t.language}]")
        for label, value in (
            ("attribute", t.attribute),
            ("group", t.group),
            ("in English", t.gloss),
            ("ambiguity", t.ambiguity),
            ("operation", t.operation),
            ("not before", ", ".join(t.benign_next)),
            ("not after", ", ".join(t.benign_prev)),
            ("source", t.source),
            ("note", t.note),
            ("found in", " | ".join(t.hits)),
            ("not found in", " | ".join(t.misses)),
        ):
            if value:
                print(f"  {label:12} {value}")
    return 0


def _stats(args: argparse.Namespace) -> int:  # noqa: ARG001
    from collections import Counter  # noqa: PLC0415

    from untag.lexicon.load import load  # noqa: PLC0415

    terms = load()
    for label, key in (("kind", "kind"), ("language", "language"), ("attribute", "attribute")):
        print(f"by {label}:")
        for name, count in Counter(getattr(t, key) for t in terms).most_common():
            print(f"  {name or '(none)':20} {count:6,}")
    return 0
