"""Where a document attributes a group to a pictured person, whatever the shape of the document.

Shapes that are known: a key that names the attribute; a pair of name and value; a map of groups to numbers;
a list of labels, with or without its scores beside it; a table of columns and rows; a named tensor; a text that
a model wrote. Each is weighed with its company, and what weighs enough is a `Found`.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from untag.guard import legends
from untag.guard.kinds import Kind, kind
from untag.guard.points import MANY, because, bodily, labels_points, measured, plainly, relief, tells, threshold
from untag.guard.points import value_points as worth_of
from untag.guard.signs import SKIN, column, flagged, labelled, legend, pair, rated, shares, telling, worked_out
from untag.guard.signs import label as label_of
from untag.guard.splice import ARRAY, NUMBER, OBJECT, STRING, Node
from untag.guard.things import thing
from untag.guard.words import NOTHING, Facts, facts, tagged
from untag.interpret import naming
from untag.nouns import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.guard.base import Reason
    from untag.guard.company import Company, Judge

BESIDE: Final = 256
"""Members of an object whose arrays are compared by length: an object of more is no answer of a classifier."""
FEW: Final = 2
REACHED: Final = 3
"""Levels between what a rule looks at and what it takes out, at most."""


@dataclass(frozen=True, slots=True)
class Found:
    """One attribution, what to cut for it, and why."""

    nodes: tuple[Node, ...]
    """What goes; the first one gives the route."""
    attribute: str
    what: str
    because: tuple[Reason, ...]
    points: float
    note: str = ""
    """What a reader of the log must know besides."""


class Shapes:
    """Looks through one tree."""

    def __init__(self, text: str, judge: Judge, hits: Sequence[int] | None = None) -> None:
        self._text = text
        self.judge = judge
        self._hits = hits
        self.found: list[Found] = []
        self._gone: set[int] = set()

    def look(self, root: Node) -> list[Found]:
        """Return what attributes a group, in the order of the document, outermost only."""
        stack = [root]
        while stack:
            node = stack.pop()
            if id(node) in self._gone or not self.touched(node):
                continue
            if node.kind == OBJECT:
                self._object(node)
            elif node.kind == ARRAY and node.kids:
                self._list(node)
            stack += [kid for kid in reversed(node.kids) if kid.kids]
        return self.found

    def _object(self, record: Node) -> None:
        """Judge an object by the rules that its keys may meet."""
        of = kind(record.names)
        if of.named:
            self._keys(record, of)
        if of.paired:
            self._pairs(record)
        if of.grouped:
            self._map(record, of)
        if of.tabled:
            self._columns(record)
        if of.labelled:
            self._labelled(record, of)
        if legends.legends(record.names):
            self._coded(record)
        self._told(record, of)

    def touched(self, node: Node) -> bool:
        """Say whether anything in a node can matter: whether the prefilter met something there."""
        if self._hits is None:
            return True
        start = node.up.keys[node.at][1] if node.up is not None and node.up.keys else node.start
        at = bisect_left(self._hits, start)
        return at < len(self._hits) and self._hits[at] <= node.stop + 1

    def _add(
        self,
        nodes: Sequence[Node],
        attribute: str,
        what: str,
        because: tuple[Reason, ...],
        points: float,
        note: str = "",
    ) -> None:
        fresh = tuple([n for n in nodes if not self._is_gone(n)])
        if fresh:
            self._gone.update(map(id, fresh))
            self.found.append(Found(fresh, attribute, what, because, points, note))

    def _is_gone(self, node: Node) -> bool:
        """Say whether a node goes already; what a rule takes out stands at most `REACHED` below what it looks at."""
        at: Node | None = node
        for _ in range(REACHED + 1):
            if at is None:
                return False
            if id(at) in self._gone:
                return True
            at = at.up
        return False

    # -- a key that names the attribute -------------------------------------------------------------

    def _keys(self, record: Node, of: Kind) -> None:
        for number in of.named:
            key, kid = record.keys[number][0], record.kids[number]
            said = flagged(facts(key), kid, key)
            if not said.attribute or said.own or id(kid) in self._gone:
                continue
            company = self.judge.of(record)
            points = said.weight + company.points + worth_of(kid, said, company, self._text)
            points += relief(said, company, self.judge.scope(record).holds)
            # a nation whose value is a people's name is 民族
            bar = threshold("ethnicity" if kid.kind == STRING and facts(kid.text).of == "ethnicity" else said.attribute)
            if points >= bar and not thing(record, self.judge.scope(record).holds):
                seen = "a field named after a group" if facts(key).groups else f"the field {plainly(key)}"
                self._add([kid], said.attribute, "field", because(said, company, seen), points)

    # -- {"type": "race", "value": …} ---------------------------------------------------------------

    def _pairs(self, record: Node) -> None:
        named = pair(record, self.touched)
        if named is None or id(record) in self._gone:
            return
        said = facts(named.text)
        if said.own:
            return
        holder = record.up if record.up is not None else record
        company = self.judge.of(holder)
        if company.points <= 0 and any(legend(kid) for kid in record.kids):
            return
        points = said.weight + company.points + self._pair_points(record, named, said, company)
        if points < threshold(said.attribute):
            return
        keys = {key.lower() for key, _, _ in record.keys}
        what = "tensor" if "datatype" in keys or ("shape" in keys and "data" in keys) else "item"
        why = because(said, company, f"an entry named {plainly(named.text)}")
        if record.up is not None:
            self._add([record], said.attribute, what, why, points)
        else:
            self._add([kid for kid in record.kids if kid is not named], said.attribute, "field", why, points)

    def _pair_points(self, record: Node, named: Node, said: Facts, company: Company) -> float:
        points = 1.0
        keys = {key.lower() for key, _, _ in record.keys}
        if "datatype" in keys or ("shape" in keys and "data" in keys):
            points += 2.5
        elif any(tagged(key, "measured") for key in keys):
            points += 1.5
        values = [kid for kid in record.kids if kid is not named and tagged(kid.key, "pair_values")]
        return points + max((worth_of(kid, said, company, self._text) for kid in values), default=0.0)

    # -- {"asian": 0.1, "white": 0.9} ---------------------------------------------------------------

    def _map(self, record: Node, of: Kind) -> None:
        named = [(record.kids[i], facts(record.keys[i][0])) for i in of.grouped if measured(record.kids[i])]
        if not named or (len(named) < FEW and len(record.kids) > 1):
            return
        holder = facts(record.key)
        company = self.judge.of(record)
        points = labels_points([s for _, s in named], len(record.kids)) + company.points + holder.weight
        points += 1.5 if shares([kid for kid, _ in named]) else 0.0
        attribute = holder.attribute or named[0][1].of
        if points >= threshold(attribute):
            why = because(named[0][1], company, "a map from groups to numbers")
            kept = naming.protected(record.names, attribute)
            gone = [kid for kid, is_group in zip(record.kids, kept, strict=True) if is_group]
            whole = len(gone) == len(record.kids) and record.up is not None
            self._add([record] if whole else gone, attribute, "map" if whole else "field", why, points)

    # -- lists --------------------------------------------------------------------------------------

    def _list(self, items: Node) -> None:
        if items.kids[0].kind == OBJECT:
            self._objects(items)
            return
        if items.kids[0].kind == ARRAY:
            self._tuples(items)
            return
        strings = [kid for kid in items.kids if kid.kind == STRING]
        if len(strings) * 2 < len(items.kids):
            return
        said = [labelled(kid.text) if kid.kind == STRING else NOTHING for kid in items.kids]
        if any(s.attribute and not s.groups for s in said):
            self._names(items, said)
        if any(s.groups for s in said):
            self._labels(items, said)

    def _names(self, items: Node, said: list[Facts]) -> None:
        """Judge names of attributes beside arrays of their values: ``names: [age, race], values: [31, …]``."""
        beside = self._parallel(items)
        if not beside or "denying" in facts(items.key).tags:
            return
        company = self.judge.of(items)
        for number, s in enumerate(said):
            if not s.attribute or s.own:
                continue
            values = [kids[number] for kids in beside if number < len(kids)]
            points = 1.0 + s.weight + company.points
            points += max((worth_of(v, s, company, self._text) for v in values), default=0.0)
            if points >= threshold(s.attribute):
                note = "the arrays beside it lost the same position"
                why = because(s, company, "a name in a list, with its value in the list beside it")
                self._add([items.kids[number], *values], s.attribute, "item", why, points, note)

    def _labels(self, items: Node, said: list[Facts]) -> None:
        """Judge labels that name groups, with what stands at the same position beside them."""
        company = self.judge.of(items)
        holder = facts(items.key)
        beside = self._parallel(items)
        points = labels_points([s for s in said if s.groups], len(said)) + company.points + holder.weight
        points += 1.0 if beside else 0.0
        points -= (
            0.0
            if company.pictured or any(s.person for s in said) or len(items.kids) < FEW
            else 0.5 * (sum(not s.groups for s in said) * 2 > len(said))
        )
        attribute = holder.attribute or next(s.of for s in said if s.groups)
        if points < threshold(attribute):
            return
        kept = _protected([kid.text for kid in items.kids], attribute, said)
        note = "numbers beside it were taken out at the same positions and not renormalised" if beside else ""
        why = because(said[0], company, "labels that name groups")
        for number, of in enumerate(kept):
            if of:
                rest = [kids[number] for kids in beside if number < len(kids)]
                self._add([items.kids[number], *rest], of, "label", why, points, note)

    def _objects(self, items: Node) -> None:
        """Judge a list of ``{"label": …, "score": …}`` as a set."""
        rows = [(kid, label_of(kid)) for kid in items.kids if kid.kind == OBJECT]
        named = [(row, label) for row, label in rows if label is not None]
        said = [labelled(label.text) for _, label in named]
        if not any(s.groups for s in said):
            return
        company = self.judge.of(items)
        holder = facts(items.key)
        points = labels_points([s for s in said if s.groups], len(rows)) + company.points + holder.weight
        points += 1.0 if kind(rows[0][0].names).measured or all(rated(row) for row, _ in rows) else 0.0
        points += tells(items)
        attribute = holder.attribute or next(s.of for s in said if s.groups)
        if points < threshold(attribute):
            return
        kept = _protected([label.text for _, label in named], attribute, said)
        why = because(said[0], company, "labels that name groups, each with its number")
        note = "the numbers of the labels that are left were not renormalised"
        for (row, label), of in zip(named, kept, strict=True):
            if of:
                # a detection keeps its box and loses its label; a bare label and its score go as one
                bare = len(row.kids) <= MANY and not kind(row.names).seen
                self._add([row] if bare else [label], of, "label", why, points, note)

    def _labelled(self, record: Node, of: Kind) -> None:
        """Judge a single label that names a group: ``{"label": "…", "confidence": …}``."""
        label = label_of(record)
        if label is None or not facts(label.text).groups or (record.up is not None and record.up.kind == ARRAY):
            return
        said = facts(label.text)
        company = self.judge.of(record)
        points = labels_points([said], 1) + company.points + facts(record.key).weight
        points += 1.0 if of.measured else 0.0
        points += 1.0 if "appearance" in facts(record.key).tags and not said.colour else 0.0
        if "names an attribute" in self.judge.path:
            points += 1.5
        if points >= threshold(said.of):
            self._add([label], said.of, "label", because(said, company, "a label that names a group"), points)

    def _coded(self, record: Node) -> None:
        """Judge a code and its legend: ``"SkinType": 2, "SkinTypeLegend": "0 … 1 … 2 …"``."""
        found = legends.coded(record)
        if found is None:
            return
        nodes, said, key = found
        company = self.judge.of(record if nodes[0] is not record else record.up or record)
        # what a skin has of medicine is its own name
        points = said.weight + company.raised
        if company.raised and "clinic" not in self.judge.path and points >= threshold(said.attribute):
            self._add(nodes, said.attribute, "field", because(said, company, f"the code {plainly(key)}"), points)

    def _told(self, record: Node, of: Kind) -> None:
        """Judge a value that says it by itself: an alarm's type, where somebody looks to be from, a skin's type."""
        for number, kid in enumerate(record.kids):
            if kid.kind not in (STRING, OBJECT) or id(kid) in self._gone:
                continue
            if kid.kind == STRING and number not in of.telling and not self.touched(kid):
                continue
            key = record.keys[number][0]
            said = telling(key, kid) or worked_out(record, number)
            if said is None:
                continue
            company = self.judge.of(record)
            if said is SKIN and kid.kind == STRING and not bodily(company):
                # fruit and phones have skins, too
                continue
            points = said.weight + company.points
            shown = company.pictured or any(r.kind == "vision" for r in company.because)
            if shown and points >= threshold(said.attribute) + 0.5:
                why = because(said, company, f"what stands under {plainly(key)}")
                self._add([kid], said.attribute, "field", why, points)

    def _tuples(self, items: Node) -> None:
        """Judge a list of pairs that are lists: ``[["age", 31], ["race", …]]``."""
        rows = [
            row for row in items.kids if row.kind == ARRAY and len(row.kids) in (2, 3) and row.kids[0].kind == STRING
        ]
        names = [facts(row.kids[0].text) for row in rows]
        company = self.judge.of(items)
        if any(s.groups for s in names):
            self._scores(items, rows, company)
        cohort = sum(bool(s.tags & {"cohort", "seen", "pictured"}) for s in names)
        for row, s in zip(rows, names, strict=True):
            if not s.attribute or s.own or s.groups:
                continue
            points = 1.0 + s.weight + company.points + worth_of(row.kids[1], s, company, self._text)
            points += 1.75 if cohort > 1 else 0.75 if cohort else 0.0
            if points >= threshold(s.attribute):
                self._add([row], s.attribute, "item", because(s, company, "a pair of name and value"), points)

    def _scores(self, items: Node, rows: list[Node], company: Company) -> None:
        """Judge pairs of a label and its number: ``[["…", 0.9], ["…", 0.1]]``."""
        scored = [row for row in rows if row.kids[1].kind == NUMBER]
        said = [labelled(row.kids[0].text) for row in scored]
        grouped = [s for s in said if s.groups]
        if not grouped:
            return
        holder = facts(items.key)
        attribute = holder.attribute or grouped[0].of
        points = labels_points(grouped, len(rows)) + company.points + holder.weight + 1.0
        points += 1.5 if shares([row.kids[1] for row in scored]) and len(grouped) > 1 else 0.0
        if points < threshold(attribute):
            return
        kept = _protected([row.kids[0].text for row in scored], attribute, said)
        why = because(grouped[0], company, "labels that name groups, each with its number")
        note = "the numbers of the labels that are left were not renormalised"
        for row, of in zip(scored, kept, strict=True):
            if of:
                self._add([row], of, "label", why, points, note)

    def _parallel(self, items: Node) -> list[list[Node]]:
        """Return the children of the arrays beside a list that are as long as it is."""
        up = items.up
        if up is None or len(up.kids) > BESIDE:
            return []
        count = len(items.kids)
        others = (kid for kid in up.kids if kid is not items and kid.kind == ARRAY and id(kid) not in self._gone)
        return [kid.expand(self._text) for kid in others if kid.length(self._text) == count]

    # -- {"columns": […], "rows": [[…]]} ------------------------------------------------------------

    def _columns(self, record: Node) -> None:
        heads = record.get("columns", "fields", "header", "headers", "names", "cols", "schema")
        rows = record.get("rows", "data", "values", "records", "tuples")
        if heads is None or rows is None or heads.kind != ARRAY or rows.kind != ARRAY or not rows.kids:
            return
        names = [column(kid) for kid in heads.kids]
        said = [facts(name) for name in names]
        table = [row.expand(self._text) for row in rows.kids if row.kind == ARRAY]
        if not any(s.attribute for s in said) or not table or any(len(row) != len(names) for row in table):
            return
        company = self.judge.of(heads)
        for number, s in enumerate(said):
            if not s.attribute or s.own:
                continue
            points = 0.5 + s.weight + company.points + worth_of(table[0][number], s, company, self._text)
            if points >= threshold(s.attribute):
                why = because(s, company, f"the column {plainly(names[number])}")
                self._add([heads.kids[number], *(row[number] for row in table)], s.attribute, "column", why, points)


def _protected(labels: list[str], attribute: str, said: list[Facts]) -> list[str]:
    """Return, by label, the attribute that it is a value of, those that describe somebody included; or empty."""
    kept = naming.protected(labels, attribute)
    return [of or (s.of if s.groups else "") for of, s in zip(kept, said, strict=True)]
