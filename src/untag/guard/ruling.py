"""What comes of a request: what was refused, what was taken out, and the verdict of both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard.base import ALLOW, Reason, Removed, Settings, Verdict
from untag.guard.policy import clause

if TYPE_CHECKING:
    from untag.guard.answers import Cleaned
    from untag.guard.payload import Document
    from untag.guard.splice import Node

CONTEXTS: Final = (
    ("alerting", "alerts"),
    ("listing", "stores"),
    ("training", "trains"),
    ("exporting", "exports"),
    ("searching", "searches"),
)
"""What a request does, by the tag of its path or its containers; the gravest first."""


class Ruling:
    """Gathers what one request asks for; `acts` are the attributes that the policy does more than inform of."""

    def __init__(self, settings: Settings, acts: frozenset[str]) -> None:
        self._settings = settings
        self._acts = acts
        self.refused: list[tuple[str, str, tuple[Reason, ...]]] = []
        """Operation, attribute and reasons of each thing that was refused."""
        self._cuts: dict[int, list[Node]] = {}
        self._changes: dict[int, list[tuple[int, int, str]]] = {}
        self._removed: list[Removed] = []
        self._because: list[Reason] = []
        self._attribute = ""
        self._operation = ""

    @property
    def touched(self) -> bool:
        """Whether anything was taken out or noted."""
        return bool(self._removed)

    def refuse(self, operation: str, attribute: str, why: tuple[Reason, ...]) -> None:
        """Refuse the request for this, where the policy acts on the attribute."""
        if attribute in self._acts:
            self.refused.append((operation, attribute, why))

    def take(
        self,
        document: Document,
        node: Node,
        attribute: str,
        what: str,
        why: tuple[Reason, ...],
        operation: str = "infers",
        new: str | None = None,
    ) -> None:
        """Take a node out of a document, or write ``new`` in its place."""
        if attribute not in self._acts:
            return
        if new is None:
            self._cuts.setdefault(id(document), []).append(node)
        else:
            self._changes.setdefault(id(document), []).append((node.start, node.stop, document.quoted(new)))
        self.note(node.route() or "/", attribute, what, why, operation)

    def put(self, document: Document, at: int, text: str) -> None:
        """Write something into a document."""
        self._changes.setdefault(id(document), []).append((at, at, text))

    def adopt(self, document: Document, cleaned: Cleaned) -> None:
        """Take out of a document what was found in it as in an answer, beside what was taken out already."""
        cuts = self._cuts.setdefault(id(document), [])
        known = {id(node) for node in cuts}
        # what was written anew stands without the attribute already
        anew = {(start, stop) for start, stop, _ in self._changes.get(id(document), [])}
        told = {removed.route for removed in self._removed}
        found = [node for found in cleaned.found for node in found.nodes]
        cuts += [node for node in found if id(node) not in known and (node.start, node.stop) not in anew]
        changes = [change for change in cleaned.changes if change[:2] not in anew]
        self._changes.setdefault(id(document), []).extend(changes)
        self._removed += [removed for removed in cleaned.removed if removed.route not in told]
        self._because += cleaned.because
        self._attribute = self._attribute or cleaned.attribute
        self._operation = self._operation or "infers"

    def note(self, route: str, attribute: str, what: str, why: tuple[Reason, ...], operation: str = "infers") -> None:
        """Record what was taken out."""
        if attribute not in self._acts:
            return
        self._removed.append(Removed(route, attribute, what))
        self._because += why
        self._attribute = self._attribute or attribute
        self._operation = self._operation or operation

    def verdict(self, *documents: Document | None) -> Verdict:
        """Return the verdict on a request of a body and a query; the gravest refusal is the one that is told."""
        if not self.refused and self._removed and self._settings.parameters == "refuse":
            self.refuse(self._operation, self._attribute, tuple(self._because))
        if self.refused:
            order = [operation for _, operation in CONTEXTS]
            operation, attribute, why = min(
                self.refused, key=lambda r: order.index(r[0]) if r[0] in order else len(order)
            )
            text = clause(self._settings, attribute, operation, refused=True)
            return Verdict("refuse", operation, attribute, why, text)
        if not self._removed:
            return ALLOW
        body, query = (self._written(document) for document in documents)
        text = clause(self._settings, self._attribute, self._operation)
        why = tuple(dict.fromkeys(self._because))
        told = (self._operation, self._attribute, why, text, tuple(self._removed))
        return Verdict("strip", *told, body, None if query is None else query.decode())

    def _written(self, document: Document | None) -> bytes | None:
        """Return a document without what was taken out of it; None: it stays as it came."""
        cuts, changes = self._cuts.get(id(document), []), self._changes.get(id(document), [])
        return document.without(cuts, changes) if document is not None and (cuts or changes) else None
