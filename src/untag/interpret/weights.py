"""The points of `weights.toml`, loaded once."""

from __future__ import annotations

import os
from functools import cache

from untag import kept
from untag.nouns import dataclass

Table = dict[str, float]


@dataclass(frozen=True, slots=True)
class Weights:
    """Points by feature, and the thresholds they are held against."""

    threshold: Table
    """``high``, ``medium`` and ``low``, in points."""
    code: Table
    """Points by feature name for code and data; a feature without points says nothing."""
    prose: Table
    """The same for sentences: documents, comments, docstrings."""
    support: float
    """Points for a case when a strong finding on its attribute stands in the same file."""

    def confidence(self, score: float) -> str:
        """Return the confidence that a score stands for, or empty below every threshold."""
        for name in ("high", "medium", "low"):
            if score >= self.threshold[name]:
                return name
        return ""


@cache
def weights() -> Weights:
    """Return the shipped weights."""
    return Weights(**kept.table(os.path.join(os.path.dirname(__file__), "weights.toml")))  # noqa: PTH118, PTH120
