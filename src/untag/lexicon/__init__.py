"""The words that untag looks for: data, and the code that reads and proves it."""

from __future__ import annotations

from untag.lexicon.load import VERSION, ValueSet, digest, load, load_sets
from untag.lexicon.term import KINDS, SENSES, Term

__all__ = ["KINDS", "SENSES", "VERSION", "Term", "ValueSet", "digest", "load", "load_sets"]
