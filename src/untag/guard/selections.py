"""Selections of fields in GraphQL: what may be taken out of one, so that the rest is still asked for.

``{ image(id: 9) { faces { age ethnicity } } }`` asks for an attribute beside others, and compares nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard import statements
from untag.guard.base import Reason
from untag.guard.points import plainly, threshold
from untag.guard.targets import selected, selection
from untag.nouns import dataclass

if TYPE_CHECKING:
    from untag.guard.scene import Scene
    from untag.guard.splice import Node
    from untag.guard.targets import Queried

LONGEST: Final = 4_000
"""Characters of a query that are looked at."""
DEEPEST: Final = 40
"""Selections inside each other, at most."""
_TOKEN = re.compile(r"\"(?:[^\"\\]|\\.)*\"|#[^\n]*|[@$]?[A-Za-z_]\w*|\.\.\.|[{}()\[\]:]")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a selection."""

    name: str
    start: int
    stop: int
    """Where it stands in the text, with its alias, its arguments and what is selected of it."""
    alone: bool
    """Nothing else is selected beside it."""
    narrowed: bool
    """It is selected of something that has arguments, not of all that there is."""


class _Reader:
    """Reads the selections of one query; what is malformed ends it."""

    def __init__(self, text: str) -> None:
        self._tokens = [(t.group(), t.start(), t.end()) for t in _TOKEN.finditer(text[:LONGEST]) if t.group()[0] != "#"]
        self._at = 0
        self.fields: list[Field] = []
        self.values: list[str] = []
        """Names that stand as values in arguments: what is sorted or grouped by, the type of a variable."""

    def read(self) -> list[Field]:
        """Return every field of the query."""
        while self._next() is not None:
            if self._next() == "(":
                self._arguments()
            elif self._next() == "{":
                self._selection(0, narrowed=False)
            else:
                self._at += 1
        return self.fields

    def _next(self) -> str | None:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else None

    def _arguments(self) -> None:
        depth = 0
        while self._next() is not None:
            token = self._next() or ""
            depth += {"(": 1, ")": -1}.get(token, 0)
            self._at += 1
            if (token[0].isalpha() or token[0] == "_") and self._next() != ":":
                self.values.append(token)
            if depth == 0:
                return

    def _selection(self, level: int, *, narrowed: bool) -> None:
        """Read what stands in one pair of braces."""
        self._at += 1
        here: list[tuple[str, int, int]] = []
        while self._next() not in (None, "}"):
            if level > DEEPEST:
                self._at = len(self._tokens)
                return
            here.append(self._field(level, narrowed=narrowed))
        self._at += 1
        self.fields += [Field(name, start, stop, len(here) == 1, narrowed) for name, start, stop in here]

    def _field(self, level: int, *, narrowed: bool) -> tuple[str, int, int]:
        name, start, stop = self._tokens[self._at]
        self._at += 1
        if name == "..." and self._next() == "on":
            self._at += 2
        elif self._next() == ":" and self._at + 1 < len(self._tokens):
            name, _, stop = self._tokens[self._at + 1]
            self._at += 2
        while (following := self._next()) is not None:
            if following == "(":
                narrowed = True
                self._arguments()
            elif following == "{":
                self._selection(level + 1, narrowed=narrowed)
            elif following.startswith("@"):
                self._at += 1
            else:
                break
            stop = self._tokens[min(self._at, len(self._tokens)) - 1][2]
        return name, start, stop


def judge(scene: Scene, node: Node) -> None:
    """Judge a text that selects fields: an attribute is taken out of it; one that is asked for alone is refused.

    So is one that is asked for of all the faces that there are: nothing narrows what is selected.
    """
    text = node.text
    if len(text) > LONGEST or not selection(text):
        statements.judge(scene, node)
        return
    company = scene.judge.of(node.up or node)

    def named(name: str) -> Queried | None:
        said = selected(name, text)
        enough = said is not None and said.points + max(company.points, 0.0) >= threshold(said.attribute)
        return said if enough else None

    reader = _Reader(text)
    hit = [(field, said) for field in reader.read() if (said := named(field.name)) is not None]
    valued = next((said for value in reader.values if (said := named(value)) is not None), None)
    if valued is not None:
        why = (Reason("searches", "an argument of a query names the attribute", valued.points), *company.because)
        scene.ruling.refuse("searches", valued.attribute, why)
        return
    if not hit:
        return
    why = (Reason("slot", f"a query selects the field {plainly(hit[0][0].name)}", hit[0][1].points), *company.because)
    refused = next((said for field, said in hit if field.alone or not field.narrowed), None)
    if refused is not None:
        scene.ruling.refuse("searches", refused.attribute, why)
        return
    new, first = text, hit[0][1].attribute
    for field, _ in sorted(hit, key=lambda each: -each[0].start):
        new = new[: field.start].rstrip() + " " + new[field.stop :].lstrip()
    for _, said in hit[1:]:
        scene.ruling.note(node.route() or "/", said.attribute, "parameter", ())
    scene.ruling.take(scene.at, node, first, "parameter", why, new=new)
