"""Judge a request: whether it targets a group, or asks for an attribute among other things.

Targeting is refused: a search, an alert, a list, a set of labels or a training job whose purpose is a group. An
attribute that is asked for beside others, or that a report of what was seen carries, is taken out, and the request
goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard import (
    answers,
    calls,
    chat,
    conditions,
    forms,
    hidden,
    keyed,
    phrases,
    questions,
    registry,
    reports,
    selections,
    sets,
    sift,
    stance,
    tables,
    wanted,
    xml,
)
from untag.guard import asked as asking
from untag.guard.base import Reason
from untag.guard.company import Judge
from untag.guard.payload import Document
from untag.guard.points import because, plainly, threshold, value_points
from untag.guard.purposes import Purposes
from untag.guard.ruling import Ruling
from untag.guard.scene import PEOPLE, Scene
from untag.guard.signs import OPERATING, SKIN, flagged, pair, telling
from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node, Unreadable, parse_json
from untag.guard.targets import parts, selection
from untag.guard.words import NOTHING, Facts, facts, path_tags, split

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.base import Settings, Verdict

    Prompt = Callable[..., Verdict]

LONGEST: Final = 20_000
"""Characters of a text that may be a parameter."""
EMBEDDED: Final = 200_000
"""Characters of a text that may be a document of its own."""
ENOUGH: Final = 64
"""Refusals after which nothing more is looked for."""
YES: Final = frozenset(("true", "1", "yes", "on", "basic", "full", "all", "enabled", "required"))
NO: Final = frozenset(("false", "0", "no", "off", "none", "null", "disabled", ""))


class Ask:
    """One request under judgement."""

    def __init__(
        self,
        document: Document | None,
        path: str,
        query: str,
        *,
        images: bool,
        settings: Settings,
        acts: frozenset[str],
    ) -> None:
        self._document = document
        self._path = path
        self._query = Document("form", query, (forms.parse_form(query),), lambda text: text.encode()) if query else None
        self._images = images
        self._settings = settings
        self._acts = acts
        self._tags = path_tags(path)
        self._looks = images or questions.looks(self._tags)
        self._ruling = Ruling(settings, acts)
        self._purposes = Purposes(self._tags)
        self._kept: list[Node] = []
        """Trees of documents inside texts: a node is known by its id, which must not be given to another."""
        self._judges: dict[int, Judge] = {}
        """Of the body's roots, by their number: they know the company of each record."""
        self.cleaned: answers.Cleaned | None = None
        """What was taken out as it is of an answer, where nothing else was."""
        self._scene: Scene

    def judge(self, check_prompt: Prompt) -> Verdict:
        """Return the verdict."""
        calls.of_path(self._path, self._tags, self._ruling, self._purposes, images=self._images)
        for document in (self._document, self._query):
            if document is None:
                continue
            bulk = frozenset[str]()
            for number, root in enumerate(document.roots):
                self._enter(document, bulk | reports.called(document, number))
                if document is self._document:
                    self._judges[number] = self._scene.judge
                bulk = reports.announced(root) if document.kind == "lines" else bulk
                if root.kind == STRING and root.up is None:
                    self._text(root)
                else:
                    self._walk(root)
                    if document.kind == "settings" and not questions.program(document.text):
                        # a statement may be written in lines that look like settings
                        rest = Node(STRING, 0, len(document.text), keyed.unkeyed(document.text))
                        self._kept.append(rest)
                        self._string(rest)
        if not self._ruling.refused:
            prompted = self._prompts(check_prompt)
            if prompted is not None:
                return prompted
            self._report()
        return self._ruling.verdict(self._document, self._query)

    def _enter(self, document: Document, bulk: frozenset[str]) -> None:
        """Begin with one document, or with one of its lines."""
        self._scene = Scene(
            document,
            Judge(self._tags | bulk, images=self._images),
            purposes=self._purposes,
            ruling=self._ruling,
            tags=self._tags | bulk,
            alone=document is self._query and self._document is None,
        )

    def _report(self) -> None:
        """Take out of a body that reports what was seen what an answer would lose."""
        document = self._document
        if document is None or not reports.possible(document):
            return
        acts = self._acts
        # what the search of the bytes meets is looked at; where something may hide a name, everything
        body = document.text.encode("utf-8", "replace")
        plain = document.kind != "form" and body.isascii() and not sift.has_disguise(body)
        hits = (sift.candidates(body) or None) if plain else None
        cleaned = answers.clean(
            document, self._path, images=self._images, hits=hits, acts=acts, request=True, judges=self._judges
        )
        if cleaned is not None:
            # what was taken out for another reason as well is no report like others
            self.cleaned = None if self._ruling.touched else cleaned
            self._ruling.adopt(document, cleaned)

    # -- the body -----------------------------------------------------------------------------------

    def _walk(self, root: Node) -> None:
        stack = [root]
        # many refusals are no more than one: the rest need not be looked at
        while stack and len(self._ruling.refused) < ENOUGH:
            node = stack.pop()
            if node.kind == OBJECT:
                self._record(node)
            elif node.kind == ARRAY and node.kids:
                self._list(node)
            elif node.kind == STRING:
                self._string(node)
            stack += reversed(node.kids)
        if root.kind == OBJECT and root.up is None:
            calls.default_on(self._scene, root, self._path)

    def _record(self, record: Node) -> None:
        pairs = pair(record)
        if pairs is not None:
            values = [k for k in record.kids if k is not pairs and "pair_values" in facts(k.key).tags]
            # the operator of a condition is told under such a key, too
            values.sort(key=lambda kid: not OPERATING.isdisjoint(split(kid.key)))
            self._member(record, facts(pairs.text), values[0] if values else None, pairs.text, record)
        elif record.up is not None and "requested" in facts(record.up.key).tags:
            named = next(
                (k for k in record.kids if k.kind == STRING and facts(k.text).attribute and not facts(k.text).groups),
                None,
            )
            if named is not None:
                wanted.entry(self._scene, record, facts(named.text), record.up)
        for (key, _, _), kid in zip(record.keys, record.kids, strict=True):
            said = flagged(facts(key), kid, key)
            if registry.prefix(key) and registry.region(kid):
                phrases.registered(self._scene, key, record)
            elif " " in key and not kid.text and record.up is None and self._scene.at.kind == "form":
                # GA/T 1400 writes its conditions without a name: ?(Face.EthicCode Like '05')
                phrases.of_query(self._scene, key, record)
            elif said.attribute:
                self._member(kid, said, kid, key, record)
            elif key.lower() == "skin" and self._sought(kid, record):
                self._member(kid, SKIN, kid, key, record)
            elif "dress" in said.tags and kid.text.lower() in YES:
                phrases.dressed(self._scene, key, record)
            elif kid.kind == STRING and "chosen" in facts(key).tags:
                self._chosen(kid, record)
        if record.key == "properties" and self._images:
            calls.formed(self._scene, record)
        sets.members(self._scene, record)
        sets.twins(self._scene, record)

    def _sought(self, kid: Node, record: Node) -> bool:
        """Say whether people are searched by the colour of their skin: ``skin=dark``."""
        scene = self._scene
        return telling(kid.key, kid) is SKIN and scene.context(record) == "searches" and scene.people(record)

    def _member(self, node: Node, said: Facts, value: Node | None, key: str, record: Node) -> None:
        """Judge a member whose name is an attribute's: a filter, a flag, a fact about somebody."""
        scene = self._scene
        context = scene.context(record)
        # who filters by "not Han" targets, too
        grouped = bool((facts(key).groups or "minorities" in said.tags) and context)
        denied = value is not None and value.kind in (LITERAL, NUMBER, STRING) and value.text.lower() in NO
        if said.own or (denied and not grouped):
            return
        company = scene.judge.of(record)
        if node is record and record.up is not None and scene.judge.of(record.up).points > company.points:
            # a pair of name and value is one of a list, and the others say what it is of
            company = scene.judge.of(record.up)
        flag = value is not None and value.kind in (LITERAL, STRING, NUMBER) and value.text.lower() in YES
        weighed = 0.0 if value is None or flag else value_points(value, said, company, scene.at.text)
        if context and weighed > -2.0 and said.weight >= wanted.PLAIN:  # noqa: PLR2004 - the points of a game's race
            # who filters by ethnicity filters by it, however the value is written
            weighed = max(weighed, 0.0)
        if context and said.attribute == "national_origin" and value is not None and registry.place(value.text):
            weighed = max(weighed, 0.0) + 2.0
        points = said.weight + weighed + company.points + (1.5 if context else 0.0)
        known = context == "alerts" and weighed > 0 and any(r.kind in ("vision", "near") for r in company.because)
        doubted = said.attribute == "religion" and not (company.pictured or known)
        bar = threshold(said.attribute) + (1.0 if doubted else 0.0)
        if value is not None and value.kind == STRING and facts(value.text).of == "ethnicity":
            # a nation whose value is a people's name is 民族
            bar = min(bar, threshold("ethnicity"))
        points += 0.75 if context and not company.pictured and scene.named(record) else 0.0
        why = because(said, company, f"the field {plainly(key)}")
        holders = scene.judge.scope(record).holds
        if (
            flag
            and not grouped
            and (value is None or value.kind == LITERAL or holders & {"requested", "attributes", "pictured"})
        ):
            points += 1.5 if holders & {"requested", "attributes"} else 0.5
            if points >= bar and not wanted.denied(node):
                self._ruling.take(scene.at, node, said.attribute, "parameter", why)
            return
        if said.attribute == "skin_tone" and scene.clinical(record):
            return
        if points < bar or self._reports(record, key, value):
            return
        if scene.alone or (scene.at.kind in ("form", "multipart") and stance.seeks(record)):
            context = context or ("searches" if weighed >= 0 and not flag else "")
        if context == "exports" and not stance.seeks(record):
            # what is handed on is no condition
            context = ""
        plain_flag = value is not None and value.kind == LITERAL and not grouped
        if scene.at.kind == "form" and stance.pushed(record, self._tags):
            # what a camera sends as a form
            context = ""
        if context and not (context == "searches" and plain_flag):
            scene.refuse(context, said.attribute, why)
        elif node.up is not None:
            self._ruling.take(scene.at, node, said.attribute, "field", why, "stores")

    def _reports(self, record: Node, key: str, value: Node | None) -> bool:
        """Say whether a member is part of a report: what cleans answers takes it out."""
        if not reports.possible(self._document) or self._scene.at is not self._document:
            return False
        sure = "guessed" in facts(key).tags or (value is not None and reports.measured(value))
        return self._scene.reported(record, guessed=sure)

    def _chosen(self, node: Node, record: Node) -> None:
        """Judge a text that says what a job is about: the column to train on, the field to group by."""
        said = facts(node.text)
        if not said.attribute or said.groups or said.own or pair(record) is not None or len(parts(node.text)) > 1:
            return
        company = self._scene.judge.of(record)
        context = self._scene.context(record)
        points = said.weight + company.points + 1.0 + (1.5 if context else 0.0)
        if context and points >= threshold(said.attribute) and not self._scene.reported(record):
            self._ruling.refuse(
                context, said.attribute, because(said, company, f"the parameter {plainly(node.key)} names it")
            )

    def _list(self, items: Node) -> None:
        said = [facts(kid.text) if kid.kind == STRING else NOTHING for kid in items.kids]
        said = asking.skins(said, [kid.text for kid in items.kids])
        sets.listed(self._scene, items, said)
        if items.kids[0].kind == OBJECT:
            sets.rows(self._scene, items)
        conditions.judge(self._scene, items)
        if any(s.attribute and not s.groups and not s.own for s in said):
            wanted.listed(self._scene, items, said)

    def _string(self, node: Node) -> None:
        """Judge a text: a list with commas, a query language, a document of its own, a description of people."""
        text = node.text
        if plain := hidden.opened(text):
            self._hidden(node, plain)
            return
        if not text or (node.up is not None and self._purposes.talk(node.up)):
            # what is said in a conversation is a prompt, and judged as one
            return
        if text.lstrip()[:1] in ("{", "[", "<") and self._embedded(node):
            return
        if len(text) > LONGEST:
            return
        tokens = parts(text)
        if tokens:
            wanted.delimited(self._scene, node, tokens)
        elif "label_lists" in facts(node.key).tags:
            wanted.described(self._scene, node)
        if " ." in text:
            wanted.captioned(self._scene, node)
        selections.judge(self._scene, node)
        phrases.told(self._scene, node)
        if "searching" in self._tags and self._tags & PEOPLE:
            attribute = chat.attributed(text[: phrases.DESCRIBED])
            if attribute and not self._scene.reported(node.up or node):
                self._ruling.refuse(
                    "searches", attribute, (Reason("searches", "a search for people describes a group", 4.0),)
                )

    def _hidden(self, node: Node, plain: str) -> None:
        """Judge what a text holds in base64: what would lose anything by it is refused whole."""
        inner = Node(STRING, node.start, node.stop, plain, node.up, node.at)
        self._kept.append(inner)
        outer, self._ruling = self._ruling, Ruling(self._settings, self._acts)
        around, self._scene.ruling = self._scene.ruling, self._ruling
        self._string(inner)
        found, self._ruling, self._scene.ruling = self._ruling, outer, around
        if (verdict := found.verdict(None)).verdict != "allow":
            outer.refuse(verdict.operation, verdict.attribute, verdict.because)

    def _text(self, root: Node) -> None:
        """Judge a body that is plain text: a table, a statement."""
        table = tables.table(root.text)
        if table is not None:
            self._kept.append(table.root)
            self._table(table)
            return
        if selection(root.text) or not questions.program(root.text):
            self._string(root)

    def _table(self, table: tables.Table) -> None:
        """Judge the columns of a table by their different values: labels to train on."""
        for number, head in enumerate(table.heads):
            sets.column(self._scene, table.root.kids[0], head.text, [row[number] for row in table.rows[:1_000]])

    def _embedded(self, node: Node) -> bool:
        """Judge a document inside a text, in the company of what the text stands in; say whether there is one."""
        if len(node.text) > EMBEDDED:
            return False
        kind = "xml" if node.text.lstrip()[:1] == "<" else "json"
        try:
            inner = xml.parse_xml(node.text) if kind == "xml" else parse_json(node.text)
        except Unreadable:
            return False
        if inner.kind not in (OBJECT, ARRAY):
            return False
        around, document = self._scene, Document(kind, node.text, (inner,), lambda text: text.encode())
        inner.up, inner.at = node.up, node.at
        self._kept.append(inner)
        ruling = Ruling(self._settings, self._acts)
        self._scene = Scene(document, around.judge, purposes=self._purposes, ruling=ruling, tags=self._tags)
        outer, self._ruling = self._ruling, ruling
        self._walk(inner)
        self._scene, self._ruling = around, outer
        inner.up, inner.at = None, 0
        outer.refused += ruling.refused
        verdict = ruling.verdict(document, None) if not ruling.refused else None
        if verdict is not None and verdict.body is not None:
            for removed in verdict.removed[1:]:
                outer.note(node.route(), removed.attribute, removed.what, ())
            first = verdict.removed[0]
            outer.take(
                around.at,
                node,
                first.attribute,
                first.what,
                verdict.because,
                new=verdict.body.decode("utf-8", "replace"),
            )
        return True

    # -- prompts ------------------------------------------------------------------------------------

    def _prompts(self, check_prompt: Prompt) -> Verdict | None:
        """Return the refusal of a prompt in the request, if there is one."""
        # where people write for readers, a text is no prompt, though it be about pictures
        written = "writings" in self._tags
        for document in (self._document, self._query):
            for root in document.roots if document is not None else ():
                if reports.answered(root):
                    continue
                seen = self._looks or ("searching" in self._tags and questions.filmed(root))
                for text in questions.texts(root, looks=seen and not written, images=self._images):
                    verdict = check_prompt(text, images=seen, settings=self._settings)
                    if verdict.verdict == "refuse":
                        return verdict
        return None
