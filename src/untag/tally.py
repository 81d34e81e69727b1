"""What one scanner gathered: findings, gaps and counts, which a worker sends home."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.model import Coverage
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from untag.model import Finding, Gap, Notice
    from untag.policy.waivers import Waiver


@dataclass(slots=True)
class Tally:
    """What one scanner gathered; a worker sends it home."""

    findings: list[Finding] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    coverage: Coverage = field(default_factory=Coverage)
    waivers: list[Waiver] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    readers: set[tuple[str, int]] = field(default_factory=set)

    def add(self, other: Tally) -> None:
        """Take in what another scanner gathered."""
        self.findings += other.findings
        self.gaps += other.gaps
        self.coverage += other.coverage
        self.waivers += other.waivers
        self.notices += other.notices
        self.readers |= other.readers
