"""What the parts of one request's judgement share: the document, its judge, its purposes, and the ruling."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard import asked as asking
from untag.guard import stance
from untag.guard.base import Reason
from untag.guard.kinds import kind
from untag.guard.splice import OBJECT, STRING, Node
from untag.guard.words import facts, sections, split
from untag.guard.words import tags as words_of

if TYPE_CHECKING:
    from untag.guard.company import Judge
    from untag.guard.payload import Document
    from untag.guard.purposes import Purposes
    from untag.guard.ruling import Ruling

PEOPLE: Final = frozenset(("people", "pictured"))
_KINDS: Final = frozenset(
    ("type", "kind", "class", "object", "category", "subject", "target", "entity", "who", "detect", "on", "topic")
)
"""Words of keys whose value says what a rule or a search is on."""
MEMBERS: Final = 40
"""Members of a record that are looked at."""
NAME: Final = 40
"""Characters of a text that may name what a request is on."""


class Scene:
    """One document of a request under judgement."""

    def __init__(
        self,
        document: Document,
        judge: Judge,
        *,
        purposes: Purposes,
        ruling: Ruling,
        tags: frozenset[str],
        alone: bool = False,
    ) -> None:
        self.at = document
        self._reports: dict[tuple[int, bool], bool] = {}
        """By a record's id: the documents keep their nodes, so that an id stays one node's."""
        self.judge = judge
        self.purposes = purposes
        self.ruling = ruling
        self.tags = tags
        """Those of the path."""
        self.alone = alone
        """It is a query string, and no body comes with it: what it names is what is sought."""

    def context(self, record: Node | None, text: str = "") -> str:
        """Return what the request does here: alerts, searches …, by its path, containers and siblings.

        A rule is an alarm if it is on people: ``text`` may be what says so.
        """
        does = self.purposes.of(record)
        if does in ("alerts", "stores") or record is None or not self.purposes.rules(record):
            return does
        return "alerts" if self.people(record) or words_of(text) & PEOPLE else does

    def reported(self, record: Node, *, guessed: bool = False) -> bool:
        """Say whether a record tells what was seen, and is no condition."""
        if self.at.kind in ("form", "multipart"):
            return False
        mark = (id(record), guessed)
        known = self._reports.get(mark)
        if known is None:
            known = stance.reported(record, self.tags, guessed=guessed) or stance.tagging(record, self.tags)
            # events are sent by who tells what happened
            known = known or (self.at.kind == "events" and not stance.seeks(record))
            self._reports[mark] = known
        return known

    def people(self, record: Node) -> bool:
        """Say whether people are spoken of here, in the path, or in what the request is on.

        That a picture came with it says nothing: it may be of a shoe.
        """
        if self.tags & PEOPLE or "libraries" in self.tags:
            return True
        scope = self.judge.scope(record)
        return bool(scope.holds & PEOPLE or scope.beside & {"pictured"}) or self.named(record)

    def clinical(self, record: Node) -> bool:
        """Say whether a text beside something, or around it, says that it is of medicine: ``title: Skin lesions``."""
        at: Node | None = record
        while at is not None:
            if any(
                kid.kind == STRING and len(kid.text) <= NAME and "clinic" in facts(kid.text).tags
                for kid in at.kids[:MEMBERS]
            ):
                return True
            at = at.up
        return False

    def named(self, record: Node) -> bool:
        """Say whether people are named beside something, or around it, as what the request is on."""
        at: Node | None = record
        while at is not None:
            if _of_people(at):
                return True
            at = at.up
        return False

    def refuse(self, context: str, attribute: str, why: tuple[Reason, ...]) -> None:
        """Refuse the request for what it does with an attribute."""
        told = Reason(context, f"the request {asking.does(context)}", 1.5)
        self.ruling.refuse(context, attribute, (told, *why))


def _of_people(node: Node) -> bool:
    """Say whether a member names people as what the request is on: ``collection: pedestrians``, ``type: person``."""
    records = [node] if node.kind == OBJECT else [kid for kid in node.kids[:MEMBERS] if kid.kind == OBJECT]
    for record in records:
        if any(_speaks(key) for key in record.names[:MEMBERS]):
            return True
        if any(_named(record, number, kid) for number, kid in enumerate(record.kids[:MEMBERS])):
            return True
    return False


def _named(record: Node, number: int, kid: Node) -> bool:
    """Say whether a member's value names people: alone, or under a key that says what it is on."""
    if kid.kind != STRING or len(kid.text) > NAME or not _speaks(kid.text):
        return False
    key = record.keys[number][0]
    if " " not in kid.text and "searching" in facts(kid.text).tags:
        # the name of a tool that is called: find_people
        return True
    return len(split(kid.text)) == 1 or number in kind(record.names).sources or not _KINDS.isdisjoint(split(key))


def _speaks(name: str) -> bool:
    """Say whether a name speaks of people or of faces in so many words; a photo may be of anything."""
    if not name.isascii():
        return bool(facts(name).tags & PEOPLE)
    words = sections()[0]
    return not (words["people"] | words["pictured"]).isdisjoint(split(name))
