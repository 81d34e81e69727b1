"""Rules on documents, and the statements that never block: audits, prohibitions, forms."""

from __future__ import annotations

from typing import TYPE_CHECKING

from untag.interpret.rules.base import Rule

if TYPE_CHECKING:
    from untag.interpret.evidence import Weighing


class DocumentedCapability(Rule):
    """Documentation offers to tell people's group from pictures.

    Manuals, package descriptions, tenders, test reports and release notes are evidence of
    what a product does, also where its code is out of reach.

    Raised by: face or person, words of inference, a list of attributes (age, gender …) in
    the same sentence or section. Lowered by: negation and removal, news and research,
    fairness reports, languages, culture, travel, games, sport.
    """

    id = "UT401"
    name = "documented-capability"
    operation = "documents"
    hits = (
        ("README.md", "# Face SDK\n\nThe SDK recognises age, gender, emotion and ethnicity of each detected face.\n"),
    )
    misses = (
        ("README.md", "# Face SDK\n\nThe SDK does not recognise ethnicity of a face; we removed it in 2.0.\n"),
        ("README.md", "# Uyghur keyboard\n\nType Uyghur on any computer. Ethnic minority languages are supported.\n"),
    )

    def applies(self, weighing: Weighing) -> bool:  # noqa: ARG002 - the last to be asked takes all
        """See `Rule.applies`."""
        return True

    def shape(self, weighing: Weighing) -> str:
        """See `Rule.shape`."""
        return f"documentation offers {weighing.case.named}"


class Prohibition(Rule):
    """A text or a check forbids, removes or denies the attribute. Exempt, and listed.

    Deny lists, removal notes, policies and tests that assert its absence are how a product
    keeps its promise; they must never count against it.
    """

    id = "UT901"
    name = "prohibition"
    operation = "prohibits"

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.lowered.get("prohibits", 0) > 0

    def message(self, weighing: Weighing, operation: str) -> str:  # noqa: ARG002
        """See `Rule.message`."""
        return f"forbids, removes or denies {weighing.case.attribute.replace('_', ' ')} of pictured people"


class BiasAudit(Rule):
    """A bias audit or fairness evaluation uses the attribute. Exempt, and listed.

    Measuring whether software works equally well for all needs group labels, and the law
    protects it (AI Act Art. 4a, ISO/IEC 19795-10).
    """

    id = "UT902"
    name = "bias-audit"
    operation = "audits"

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return weighing.lowered.get("audit", 0) > 0

    def message(self, weighing: Weighing, operation: str) -> str:  # noqa: ARG002
        """See `Rule.message`."""
        return f"audits fairness by {weighing.case.attribute.replace('_', ' ')}"


class Declared(Rule):
    """A form or an identity document carries the attribute. Informs, never blocks, never stripped.

    What people say of themselves, and what is printed on their papers, gives them rights:
    quotas, language services, medical care.
    """

    id = "UT903"
    name = "declared"
    operation = "declared"

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`."""
        return bool(weighing.lowered.get("declared", 0) or weighing.lowered.get("identity document", 0))

    def message(self, weighing: Weighing, operation: str) -> str:  # noqa: ARG002
        """See `Rule.message`."""
        return f"{weighing.case.attribute.replace('_', ' ')} as declared or printed on a document"


class FromNames(Rule):
    """A group is guessed from people's names, with no picture. Informs under untag-core.

    Names are poor proxies, and such guesses do harm of their own; but they are not about
    pictured people, which is what this tool is for. Policies may ask for more.
    """

    id = "UT904"
    name = "from-names"
    operation = "infers"

    def applies(self, weighing: Weighing) -> bool:
        """See `Rule.applies`; the judge decides on its own grounds."""
        return weighing.case.around.talk.get("name", 0) > 0

    def message(self, weighing: Weighing, operation: str) -> str:
        """See `Rule.message`."""
        return f"{operation} {weighing.case.attribute.replace('_', ' ')} from names, not pictures"
