"""Prove the lexicon on the reference engine, and say what it holds.

Run after each edit of ``src/untag/lexicon/data``: ``python tools/lexicon_check.py``.
Exit code 1 when a term is wrong about one of its hits, hosts or misses.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

from untag.lexicon.check import check, oracle
from untag.lexicon.load import VERSION, digest, load, load_sets

if TYPE_CHECKING:
    from untag.lexicon import Term


def main() -> int:
    terms = load()
    sets = load_sets()
    print(f"lexicon {VERSION} {digest()}: {len(terms)} terms, {len(sets)} value sets")
    for title, counted in (
        ("kind", Counter(term.kind for term in terms)),
        ("attribute", Counter(term.attribute for term in terms if term.attribute)),
        ("language", Counter(term.language for term in terms)),
        ("sense", Counter(term.sense for term in terms if term.sense)),
    ):
        print(f"{title}: " + ", ".join(f"{name} {count}" for name, count in counted.most_common()))
    faults = [fault for term in terms for fault in proved(term)]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


def proved(term: Term) -> list[str]:
    return check([term], lambda data: oracle([term], data))


if __name__ == "__main__":
    sys.exit(main())
