"""What one scanner gathered: findings, gaps and counts, which a worker sends home."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.model import Coverage, Evidence
from untag.nouns import dataclass, field, replace

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


LAYER: Final = "layer "
"""What the origin of a file in an image of containers begins with (see `untag.readers.containers.image`)."""


def in_layer(findings: list[Finding], origin: str) -> list[Finding]:
    """Return findings that say in a last `Evidence`, of kind ``layer``, what became of their file: all layers ship."""
    if not origin.startswith(LAYER):
        return findings
    layer, _, state = origin.removeprefix(LAYER).partition(": ")
    what = "visible in the image" if state == "visible" else f"{state}; no longer visible, but shipped with the image"
    text = f"{layer}, {what}"
    return [replace(f, because=(*f.because, Evidence("layer", text, f.line, 0.0))) for f in findings]
