"""All that no other editor takes: prose, captions, prompts, pictures, archives. Listed for a person, never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.strip.base import Edit, Outcome, StripError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Refusal, Unit


class TextEditor:
    """See the module."""

    name = "text"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Take what is left, where a finding stands in it."""
        return bool(unit.findings)

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Yield what a person must change."""
        for finding in () if choice.outputs or choice.classes else unit.findings:
            member = "!".join(finding.trail[1:])
            where = f"{member}, " if member else ""
            line = f"line {finding.line}: " if finding.line else ""
            place = finding.route[-1] if finding.route else ""
            what = f"{finding.term}, in {place}" if place and place != finding.term else finding.term
            yield Edit(
                editor=self.name,
                unit=unit.name,
                kind="text",
                target=f"{where}{line}{what}",
                attribute=finding.attribute,
                safety="manual",
                files=(unit.name,),
                why=(
                    "it stands inside an archive: unpack it, strip the folder, and pack that again"
                    if member
                    else "change it by hand; untag explain says why it counts"
                ),
                findings=(finding.fingerprint,),
            )

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],  # noqa: ARG002 - never
        staging: Path,  # noqa: ARG002
        progress: Callable[[str], None] | None = None,  # noqa: ARG002
    ) -> Outcome:
        """Never: prose is for a person."""
        raise StripError(f"{unit.name}: text is changed by a person, not by untag")


EDITOR = TextEditor()
