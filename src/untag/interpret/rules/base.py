"""What a rule is: a name for one shape of statement, and the test for it.

The docstring of a rule's class is its documentation page: the first paragraph says
what it finds, the rest why it matters, what raises and lowers it, and examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from untag.interpret.evidence import Weighing

SETS = ("list", "map", "enum", "type", "call")
PROSE_ROLES = ("prose", "heading")


class Rule:
    """One shape of statement."""

    id: ClassVar[str]
    """Stable, in reports and waivers: ``UT101``."""
    name: ClassVar[str]
    """Kebab case, for people."""
    operation: ClassVar[str]
    """The operation when the evidence names none."""
    hits: ClassVar[tuple[tuple[str, str], ...]] = ()
    """``(file name, text)`` that the rule must find."""
    misses: ClassVar[tuple[tuple[str, str], ...]] = ()
    """``(file name, text)`` in which no rule may warn."""

    def applies(self, weighing: Weighing) -> bool:
        """Whether a case has this rule's shape."""
        raise NotImplementedError

    def message(self, weighing: Weighing, operation: str) -> str:
        """Return the finding's sentence."""
        attribute = weighing.case.attribute.replace("_", " ")
        return f"{operation} the {attribute} of pictured people: {self.shape(weighing)}"

    def shape(self, weighing: Weighing) -> str:
        """Return what was seen, in a few words."""
        return weighing.case.named

    @classmethod
    def page(cls) -> str:
        """Return the documentation page of the rule, as Markdown."""
        from inspect import cleandoc  # noqa: PLC0415 - slow to load, and only a page asks

        return cleandoc(cls.__doc__ or "")

    @classmethod
    def summary(cls) -> str:
        """Return the first sentence of the page."""
        return cls.page().split("\n\n", 1)[0].replace("\n", " ")
