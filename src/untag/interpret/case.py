"""A case: one candidate in its place, with all that stands around it, level by level.

Levels go from the candidate outwards: ``token`` (the text itself), ``note`` (its
comment), ``statement``, ``members`` (its siblings), ``scope`` (names and docs of what
encloses it), ``near`` (the lines around it), ``file``, ``path`` and ``package``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.interpret.lens import NOTHING, Seen
from untag.nouns import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.interpret.around import Surroundings
    from untag.lexicon.term import Term
    from untag.model import Span

LEVELS: Final = ("token", "statement", "note", "members", "scope", "near", "file", "path", "package")
ACTIVE: Final = frozenset(
    ("alerts", "searches", "prompts", "infers", "labels", "trains", "stores", "exports", "documents")
)


@dataclass(slots=True)
class Case:
    """One candidate under judgement."""

    term: Term
    attribute: str
    span: Span
    around: Surroundings
    package: Seen = NOTHING
    place: tuple[int, int] = (0, 0)
    """Byte offsets of the candidate itself in the text."""
    groups: tuple[str, ...] = ()
    """Groups named at the candidate itself or among its siblings."""
    _seen: dict[str, Seen] = field(default_factory=dict)

    @property
    def record(self) -> bool:
        """Whether the candidate is a value about persons: a cell, a row, a caption. It is never quoted."""
        scope = self.span.scope.kind
        return scope == "row" or (scope == "table" and self.span.role == "value")

    @property
    def labelled(self) -> bool:
        """Whether the candidate stands in a list of labels."""
        return self.span.scope.kind == "labels"

    @property
    def named(self) -> str:
        """The term that brought it up, as a report may name it."""
        return "a group" if self.record and self.term.kind in ("group", "proxy") else self.term.text

    @property
    def shown(self) -> str:
        """What a report may call the candidate: its own text, or of a record the column that it stands in."""
        if self.record:
            return f"a value of {self.span.scope.name or 'a column'}"[:60]
        return self.span.text[:60]

    def seen(self, level: str) -> Seen:
        """Return what stands at ``level``."""
        if level not in self._seen:
            self._seen[level] = self._look(level)
        return self._seen[level]

    def share(self, *senses: str) -> float:
        """Return how much of the file speaks of ``senses``, 0 to 1, against its talk of pictured people."""
        talk = self.around.talk
        count = sum(talk.get(s, 0) for s in senses)
        if senses[0] in ("pictured", "vision", "person") or senses[0] in ACTIVE:
            return min(1.0, count / 5)
        return count / (count + talk.get("pictured", 0) + 0.3 * talk.get("vision", 0) + 2)

    def _look(self, level: str) -> Seen:
        see, span = self.around.lens.see, self.span
        match level:
            case "token":
                return see(span.text)
            case "statement":
                return see(span.statement)
            case "note":
                return see(span.note)
            case "members":
                return see("\n".join(siblings(span)))
            case "scope":
                return see("\n".join(enclosing(span)))
            case "near":
                return self.around.near(span.start, span.stop)
            case "file":
                return self.around.often
            case "path":
                return self.around.path
            case _:
                return self.package


def siblings(span: Span) -> Sequence[str]:
    """Return the members of the innermost scope that has any."""
    scope = span.scope
    for _ in range(3):
        if scope.members and scope.kind not in ("file", "module", "section"):
            return scope.members
        if scope.parent is None:
            break
        scope = scope.parent
    return ()


def enclosing(span: Span) -> list[str]:
    """Return the names and docs of all that encloses a span, from the inside."""
    texts: list[str] = []
    scope = span.scope
    while True:
        if scope.kind != "file":
            texts.append(scope.name)
            texts.append(scope.doc[:600])
        if scope.parent is None:
            return [t for t in texts if t]
        scope = scope.parent
