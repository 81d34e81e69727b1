"""Judge a request: whether it targets a group, or asks for an attribute among other things.

Targeting is refused: a search, an alert, a list, a set of labels or a training job whose purpose is a group. An
attribute that is asked for beside others is taken out, and the request goes on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.guard import asked as asking
from untag.guard import chat, forms, questions, registry
from untag.guard.base import Reason
from untag.guard.company import Judge
from untag.guard.payload import Document
from untag.guard.points import because, labels_points, plainly, threshold, value_points
from untag.guard.purposes import Purposes
from untag.guard.ruling import Ruling
from untag.guard.signs import flagged, pair
from untag.guard.splice import ARRAY, LITERAL, NUMBER, OBJECT, STRING, Node
from untag.guard.targets import parts, queried
from untag.guard.words import NOTHING, Facts, facts, path_tags

if TYPE_CHECKING:
    from collections.abc import Callable

    from untag.guard.base import Settings, Verdict

    Prompt = Callable[..., Verdict]

GENERIC: Final = frozenset(
    ("fields", "include", "select", "columns", "features", "models", "return", "outputs", "detect", "extract",
     "modules", "tasks")
)  # fmt: skip
"""Names of lists of which many ask for something else than a face's attributes."""
LONGEST: Final = 20_000
"""Characters of a text that may be a parameter."""
ENOUGH: Final = 64
"""Refusals after which nothing more is looked for."""
PLAIN: Final = 1.5
"""Points of a name that hardly means anything else, such as ``ethnicity``."""
YES: Final = frozenset(("true", "1", "yes", "on", "basic", "full", "all", "enabled", "required"))
NO: Final = frozenset(("false", "0", "no", "off", "none", "null", "disabled", ""))
_DEFAULT_ON: Final = ("img_path", "img", "img_base64")
_DEFAULTS: Final = '"actions": ["age", "gender", "emotion"], '


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
        self._tags = path_tags(path)
        self._looks = images or questions.looks(self._tags)
        self._ruling = Ruling(settings, acts)
        self._purposes = Purposes(self._tags)
        self._judge: Judge
        self._at: Document

    def judge(self, check_prompt: Prompt) -> Verdict:
        """Return the verdict."""
        self._of_path()
        for document in (self._document, self._query):
            if document is None:
                continue
            self._at = document
            for root in document.roots:
                self._judge = Judge(self._tags, images=self._images)
                if root.kind == STRING and root.up is None:
                    self._string(root)
                else:
                    self._walk(root)
        if not self._ruling.refused:
            prompted = self._prompts(check_prompt)
            if prompted is not None:
                return prompted
        return self._ruling.verdict(self._document, self._query)

    # -- the path -----------------------------------------------------------------------------------

    def _of_path(self) -> None:
        """Judge a path that names the attribute, or a group: ``/faces/by-ethnicity/uyghur``."""
        segments = [facts(forms.unquoted(part)) for part in self._path.split("/") if part]
        named = next((s for s in segments if s.attribute and not s.own), None)
        grouped = next((s for s in segments if s.groups), None)
        if named is None:
            return
        points = named.weight + (1.5 if grouped else 0.0) + (1.5 if self._images else 0.0)
        points += 2.0 if "pictured" in self._tags else 1.25 if "vision" in self._tags else 0.0
        points += 0.75 if "infers" in self._tags else 0.0
        points -= (
            3.0 if self._tags & {"declared", "play", "counts", "tongues", "culture", "creatures", "clinic"} else 0.0
        )
        if points >= threshold(named.attribute):
            operation = self._context(None) or ("searches" if grouped else "infers")
            self._ruling.refuse(operation, named.attribute, (Reason("path", "the path names the attribute", points),))

    def _context(self, record: Node | None) -> str:
        """Return what the request does here: alerts, searches …, by its path, containers and siblings."""
        return self._purposes.of(record)

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
        if root.kind == OBJECT:
            self._default_on(root)

    def _record(self, record: Node) -> None:
        pairs = pair(record)
        if pairs is not None:
            values = [k for k in record.kids if k is not pairs and "pair_values" in facts(k.key).tags]
            self._member(record, facts(pairs.text), values[0] if values else None, pairs.text, record)
        elif record.up is not None and "requested" in facts(record.up.key).tags:
            named = next(
                (k for k in record.kids if k.kind == STRING and facts(k.text).attribute and not facts(k.text).groups),
                None,
            )
            if named is not None:
                self._requested(record, facts(named.text), record.up)
        for (key, _, _), kid in zip(record.keys, record.kids, strict=True):
            said = flagged(facts(key), kid, key)
            if registry.prefix(key) and registry.region(kid):
                self._registered(key, record)
            elif " " in key and not kid.text and record.up is None and self._at.kind == "form":
                # GA/T 1400 writes its conditions without a name: ?(Face.EthicCode Like '05')
                self._queried(key, record)
            elif said.attribute:
                self._member(kid, said, kid, key, record)
            elif kid.kind == STRING and "chosen" in facts(key).tags:
                self._chosen(kid, record)
        labels = [facts(kid.text) if kid.kind == STRING else NOTHING for kid in record.kids]
        if len(labels) > 1 and all(kid.kind == STRING for kid in record.kids) and asking.sets(labels):
            self._labels(record, labels)

    def _member(self, node: Node, said: Facts, value: Node | None, key: str, record: Node) -> None:
        """Judge a member whose name is an attribute's: a filter, a flag, a fact about somebody."""
        context = self._context(record)
        # who filters by "not Han" targets, too
        grouped = bool(facts(key).groups and context)
        denied = value is not None and value.kind in (LITERAL, NUMBER, STRING) and value.text.lower() in NO
        if said.own or (denied and not grouped):
            return
        company = self._judge.of(record)
        flag = value is not None and value.kind in (LITERAL, STRING, NUMBER) and value.text.lower() in YES
        weighed = 0.0 if value is None or flag else value_points(value, said, company, self._at.text)
        if context and weighed > -2.0 and said.weight >= PLAIN:  # noqa: PLR2004 - the points of a game's race
            # who filters by ethnicity filters by it, however the value is written
            weighed = max(weighed, 0.0)
        if context and said.attribute == "national_origin" and value is not None and registry.place(value.text):
            weighed = max(weighed, 0.0) + 2.0
        points = said.weight + weighed + company.points + (1.5 if context else 0.0)
        why = because(said, company, f"the field {plainly(key)}")
        bar = threshold(said.attribute) + (1.0 if said.attribute == "religion" and not company.pictured else 0.0)
        holders = self._judge.scope(record).holds
        if (
            flag
            and not grouped
            and (value is None or value.kind == LITERAL or holders & {"requested", "attributes", "pictured"})
        ):
            points += 1.5 if holders & {"requested", "attributes"} else 0.5
            if points >= bar:
                self._ruling.take(self._at, node, said.attribute, "parameter", why)
            return
        if points < bar:
            return
        if context and not (context == "searches" and not grouped and value is not None and value.kind == LITERAL):
            self._ruling.refuse(
                context, said.attribute, (Reason(context, f"the request {asking.does(context)}", 1.5), *why)
            )
        elif node.up is not None:
            self._ruling.take(self._at, node, said.attribute, "field", why, "stores")

    def _chosen(self, node: Node, record: Node) -> None:
        """Judge a text that says what a job is about: the column to train on, the field to group by."""
        said = facts(node.text)
        if not said.attribute or said.groups or said.own or pair(record) is not None:
            return
        company = self._judge.of(record)
        context = self._context(record)
        points = said.weight + company.points + 1.0 + (1.5 if context else 0.0)
        if context and points >= threshold(said.attribute):
            self._ruling.refuse(
                context, said.attribute, because(said, company, f"the parameter {plainly(node.key)} names it")
            )

    def _list(self, items: Node) -> None:
        said = [facts(kid.text) if kid.kind == STRING else NOTHING for kid in items.kids]
        said = asking.skins(said, [kid.text for kid in items.kids])
        if asking.sets(said) or sum(bool(s.groups) for s in said):
            self._labels(items, said)
        asked = [
            (kid, s) for kid, s in zip(items.kids, said, strict=True) if s.attribute and not s.groups and not s.own
        ]
        if not asked:
            return
        hit = [(kid, s) for kid, s in asked if self._asks(items, s, cohort=asking.cohort(said))]
        for kid, s in hit:
            why = because(s, self._judge.of(items), "a list of attributes to work out names it")
            if len(hit) == len(items.kids):
                self._ruling.refuse(self._context(items) or "infers", s.attribute, why)
            else:
                self._ruling.take(self._at, kid, s.attribute, "parameter", why)

    def _asks(self, holder: Node, said: Facts, cohort: int) -> bool:
        """Say whether a list, or a text with commas, asks for the attribute to be worked out."""
        name = holder.key.lower()
        company = self._judge.of(holder if holder.kind == ARRAY else holder.up or holder)
        points = said.weight + company.points
        if not cohort and said.weight < PLAIN and "label_lists" in facts(holder.key).tags:
            # ["wedding", "race", "concert"]: classes of pictures, and nothing of faces among them
            return False
        if "requested" in facts(holder.key).tags or "requested" in facts(name.replace("[]", "")).tags:
            points += 1.0 if name in GENERIC else 2.0
        if holder.kind != ARRAY and cohort:
            points += 1.75 if cohort > 1 else 0.75
        return points >= threshold(said.attribute)

    def _requested(self, record: Node, said: Facts, holder: Node) -> None:
        if self._asks(holder, said, 0):
            why = because(said, self._judge.of(holder), "an entry of what is to be worked out names it")
            if len(holder.kids) > 1:
                self._ruling.take(self._at, record, said.attribute, "parameter", why)
            else:
                self._ruling.refuse("infers", said.attribute, why)

    def _labels(self, items: Node, said: list[Facts]) -> None:
        """Judge a set of labels that are groups: zero-shot classes, classes to train, values of a filter."""
        named = [s for s in said if s.groups]
        company = self._judge.of(items)
        context = self._context(items)
        holder = facts(items.key)
        points = labels_points(named, len(said)) + company.points + holder.weight
        points += 1.0 if "label_lists" in holder.tags else 0.0
        points += 1.5 if context else 0.0
        attribute = holder.attribute or named[0].of
        bar = threshold(attribute) + (0.0 if len(named) > 1 or company.pictured or named[0].person else 1.0)
        if points >= bar:
            operation = context if context and context != "exports" else "labels"
            why = because(named[0], company, "labels that name groups")
            self._ruling.refuse(operation, attribute, why)

    def _string(self, node: Node) -> None:
        """Judge a text: a list with commas, a query language, a group's name in a search for faces."""
        text = node.text
        if not text or len(text) > LONGEST or (node.up is not None and self._purposes.talk(node.up)):
            # what is said in a conversation is a prompt, and judged as one
            return
        tokens = parts(text)
        if tokens:
            self._delimited(node, tokens)
        self._queried(text, node.up or node)
        if "searching" in self._tags and self._tags & {"people", "pictured"}:
            attribute = chat.attributed(text[:500])
            if attribute:
                self._ruling.refuse(
                    "searches", attribute, (Reason("searches", "a search for people describes a group", 4.0),)
                )
        said = facts(text)
        if said.groups and not facts(node.key).attribute and node.up is not None and node.up.kind == OBJECT:
            self._bare(node, said)
        elif said.attribute and not said.groups and "alerting" in said.tags:
            self._alarm(node, said)

    def _queried(self, text: str, holder: Node) -> None:
        """Judge a text that may be written in a query language."""
        for found in queried(text[:4_000]):
            company = self._judge.of(holder)
            points = found.points + company.points
            if points >= threshold(found.attribute):
                context = self._context(holder)
                context = context if context in ("alerts", "stores", "trains") else "searches"
                why = (Reason("searches", "a query compares the attribute", found.points), *company.because)
                self._ruling.refuse(context, found.attribute, why)

    def _alarm(self, node: Node, said: Facts) -> None:
        """Judge the name of an alarm that somebody subscribes to: ``Uyghur gathering``."""
        context = self._context(node.up)
        company = self._judge.of(node.up or node)
        points = said.weight + company.points + 1.5
        if context in ("alerts", "stores") and points >= threshold(said.attribute):
            why = because(said, company, "the name of an alarm names a group")
            self._ruling.refuse(
                context, said.attribute, (Reason(context, f"the request {asking.does(context)}", 1.5), *why)
            )

    def _registered(self, key: str, record: Node) -> None:
        """Judge a search or an alert by where somebody, or their vehicle, is registered: a region of a people."""
        context = self._context(record)
        company = self._judge.of(record)
        if registry.bare(key) and not {"people", "pictured"} & (self._tags | self._judge.scope(record).holds):
            return
        weight = registry.WEIGHT + (0.75 if context in ("alerts", "stores") else 0.0)
        # what lowers is the registration itself
        if context and weight + 1.5 + company.raised >= threshold(registry.ATTRIBUTE):
            why = Reason("slot", f"{plainly(key)} is that of a region of a people", weight)
            told = Reason(context, f"the request {asking.does(context)}", 1.5)
            self._ruling.refuse(context, registry.ATTRIBUTE, (told, why, *company.because))

    def _bare(self, node: Node, said: Facts) -> None:
        """Judge a value that is a group's name under a key that is no attribute's."""
        up = node.up
        if up is None:
            return
        company = self._judge.of(up)
        context = self._context(up)
        points = (0.5 if not said.person else 2.0) - (1.0 if said.colour and not said.person else 0.0) + company.points
        points += 1.5 if "appearance" in facts(node.key).tags else 0.0
        points -= 1.5 if facts(node.key).tags & {"tongues", "culture", "colours", "contact"} else 0.0
        points += 1.5 if context else 0.0
        if context and points >= threshold(said.of):
            why = because(said, company, "a value that names a group of people")
            self._ruling.refuse(context, said.of, (Reason(context, f"the request {asking.does(context)}", 1.5), *why))

    def _delimited(self, node: Node, tokens: list[tuple[int, int]]) -> None:
        said = asking.skins([facts(node.text[a:b].strip()) for a, b in tokens], [node.text[a:b] for a, b in tokens])
        grouped = [s for s in said if s.groups]
        if len(tokens) > 1 and grouped and asking.sets(said):
            labels_holder = node.up or node
            company = self._judge.of(labels_holder)
            points = labels_points(grouped, len(said)) + company.points
            points += 1.0 if "label_lists" in facts(node.key).tags else 0.0
            if points >= threshold(grouped[0].of):
                self._ruling.refuse(
                    self._context(labels_holder) or "labels",
                    grouped[0].of,
                    because(grouped[0], company, "labels that name groups"),
                )
                return
        asked = [i for i, s in enumerate(said) if s.attribute and not s.groups and not s.own]
        if not asked or (len(tokens) == 1 and "requested" not in facts(node.key.replace("[]", "")).tags):
            return
        hit = [i for i in asked if self._asks(node, said[i], asking.cohort(said))]
        if not hit:
            return
        first = said[hit[0]]
        why = because(first, self._judge.of(node.up or node), f"the parameter {plainly(node.key)} asks for it")
        if len(hit) == len(tokens):
            twins = [k for k in (node.up.keys if node.up is not None else ()) if k[0] == node.key]
            if len(twins) > 1:
                self._ruling.take(self._at, node, first.attribute, "parameter", why)
            else:
                self._ruling.refuse(self._context(node.up) or "infers", first.attribute, why)
            return
        for i in hit[1:]:
            self._ruling.note(node.route(), said[i].attribute, "parameter", ())
        self._ruling.take(
            self._at, node, first.attribute, "parameter", why, new=asking.joined(node.text, tokens, set(hit))
        )

    def _default_on(self, root: Node) -> None:
        """Give the call of a service that works out race unasked the list of what is wanted instead."""
        keys = {key for key, _, _ in root.keys}
        if self._at.kind != "json" or "actions" in keys or not keys & set(_DEFAULT_ON):
            return
        if self._path.rstrip("/").endswith("/analyze"):
            why = (Reason("call", "this call works out race unless it names its actions", 3.5),)
            self._ruling.put(self._at, root.start + 1, _DEFAULTS)
            self._ruling.note("/actions", "race", "default", why)

    # -- prompts ------------------------------------------------------------------------------------

    def _prompts(self, check_prompt: Prompt) -> Verdict | None:
        """Return the refusal of a prompt in the request, if there is one."""
        for document in (self._document, self._query):
            for root in document.roots if document is not None else ():
                for text in questions.texts(root, looks=self._looks):
                    verdict = check_prompt(text, images=self._looks, settings=self._settings)
                    if verdict.verdict == "refuse":
                        return verdict
        return None
