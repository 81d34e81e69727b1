"""Judge a response body: what attributes a group to a pictured person, and the body without it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.guard import chat, reports, stance, tables
from untag.guard.base import Reason, Removed, Verdict
from untag.guard.company import Judge
from untag.guard.kinds import kind
from untag.guard.points import strings, threshold
from untag.guard.shapes import Found, Shapes
from untag.guard.splice import ARRAY, OBJECT, STRING, Unreadable, cut, parse_json
from untag.guard.tensors import Tail
from untag.guard.words import NONE, facts, path_tags

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from untag.guard.payload import Document
    from untag.guard.splice import Node

TEXT: Final = 12
"""Characters from which a string may be a sentence."""


SMALL: Final = 16_384
"""Characters of a document all of whose texts are looked at, also those where the prefilter met nothing."""
EMBEDDED: Final = 200_000
"""Characters of a string that is looked through for a document of its own."""
SEGMENTED: Final = 2_000
_INNER = re.compile(r"[\[{].*[\]}]", re.DOTALL)
_SEGMENT = re.compile(r"([^:=;,|&\n]{1,40})([:=]\s*)([^:=;,|&\n]{0,60})([;,|&\n]\s*|$)")


class Cleaned:
    """What came of one document: the cuts, the changed texts, and the record of both."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.found: list[Found] = []
        self.gone: set[int] = set()
        """Ids of the nodes that are cut out."""
        self.routes: dict[int, str] = {}
        self.last: tuple[Reason, ...] = ()
        """Those of what was found last: the next are often the same."""
        self.changes: list[tuple[int, int, str]] = []
        self.removed: list[Removed] = []
        self.because: list[Reason] = []
        self.attribute = ""
        self.headers: tuple[tuple[str, str], ...] = ()

    def body(self) -> bytes:
        """Return the body that goes on."""
        nodes = [node for found in self.found for node in found.nodes]
        tail = Tail(self.document)
        if not tail.sizes:
            return self.document.without(nodes, self.changes)
        head = self.document.without(nodes, self.changes)
        head = head[: len(head) - len(self.document.tail)]
        self.headers = (("Inference-Header-Content-Length", str(len(head))),)
        return head + tail.without(nodes)


def clean(
    document: Document,
    path: str,
    *,
    images: bool,
    hits: Sequence[int] | None,
    acts: frozenset[str],
    request: bool = False,
    judges: Mapping[int, Judge] | None = None,
) -> Cleaned | None:
    """Return what is to go from a response; None: nothing. ``acts`` are the attributes that the policy acts on.

    ``request`` says that the document came as a request: texts that people may have written stay as they are.
    ``judges`` are those who know the company of its roots already, by their number.
    """
    cleaned = Cleaned(document)
    tags = path_tags(path)
    if document.kind == "text" and (table := tables.table(document.text)) is not None:
        _table(cleaned, table, Judge(tags, images=images), acts)
        return cleaned if cleaned.removed else None
    bulk = frozenset[str]()
    cued = document.kind == "events" and chat.pictured(document.text)
    for number, root in enumerate(document.roots):
        known = judges.get(number) if judges else None
        judge = known or Judge(tags | bulk | reports.called(document, number), images=images)
        bulk = reports.announced(root) if document.kind == "lines" else bulk
        shapes = Shapes(document.text, judge, hits)
        for found in shapes.look(root):
            if found.attribute in acts and not (reports.unwanted(found) or (request and reports.left(found, root))):
                _note(cleaned, found)
        if not request or reports.answered(root):
            # words of one answer come in many events
            _texts(cleaned, root, shapes, acts, cued=cued and reports.answered(root))
        else:
            _texts(cleaned, root, shapes, acts, request=True)
    return cleaned if cleaned.removed else None


def _note(cleaned: Cleaned, found: Found) -> None:
    cleaned.found.append(found)
    cleaned.gone.update(map(id, found.nodes))
    cleaned.attribute = cleaned.attribute or found.attribute
    # of a column its head alone is told: its cells are as many as the rows
    told = found.nodes[:1] if found.what == "column" else found.nodes
    cleaned.removed += [Removed(node.route(cleaned.routes) or "/", found.attribute, found.what) for node in told]
    if len(cleaned.because) < 24 and found.because != cleaned.last:  # noqa: PLR2004 - more says nothing more
        cleaned.last = found.because
        cleaned.because += [r for r in found.because if r not in cleaned.because]
        if found.note:
            cleaned.because.append(Reason("note", found.note))


def _table(cleaned: Cleaned, table: tables.Table, judge: Judge, acts: frozenset[str]) -> None:
    """Clean a table with commas: its columns that attribute a group."""
    text = cleaned.document.text
    nodes: list[Node] = []
    for found in Shapes(text, judge).look(table.root):
        if found.attribute in acts and found.what == "column":
            _note(cleaned, found)
            nodes += found.nodes
    cleaned.found.clear()
    cleaned.changes += tables.cuts(text, nodes)


def _embedded(cleaned: Cleaned, node: Node, judge: Judge, acts: frozenset[str]) -> bool:
    """Clean a document that stands inside a string: the arguments of a tool's call, JSON in an answer."""
    found = _INNER.search(node.text)
    if found is None or len(node.text) > EMBEDDED:
        return False
    inner = found.group()
    try:
        root = parse_json(inner)
    except Unreadable:
        return False
    if root.kind not in (OBJECT, ARRAY):
        return False
    tags = judge.path | ({"pictured"} if judge.images else frozenset())
    hits = Shapes(inner, Judge(frozenset(tags), images=judge.images)).look(root)
    nodes = [n for f in hits if f.attribute in acts for n in f.nodes if n.up is not None]
    if not nodes:
        return False
    text = node.text[: found.start()] + cut(inner, nodes) + node.text[found.end() :]
    cleaned.changes.append((node.start, node.stop, _written(cleaned.document, node, text)))
    for f in hits:
        if f.attribute in acts:
            cleaned.attribute = cleaned.attribute or f.attribute
            cleaned.removed += [Removed(node.route(cleaned.routes) + n.route(), f.attribute, f.what) for n in f.nodes]
            cleaned.because += [r for r in f.because if r not in cleaned.because]
    return True


def _segments(cleaned: Cleaned, node: Node, judge: Judge, acts: frozenset[str]) -> bool:
    """Take entries out of a text such as ``age:31;race:…;gender:F``."""
    text = node.text
    if len(text) > SEGMENTED or node.up is None or not (":" in text or "=" in text):
        return False
    parts = _SEGMENT.findall(node.text)
    named = [facts(name) for name, _, _, _ in parts]
    if len(parts) < 2 or "".join("".join(p) for p in parts) != node.text:  # noqa: PLR2004 - one entry is no list
        return False
    cohort = sum(bool(s.tags & {"cohort", "seen", "pictured"}) for s in named)
    points = judge.of(node.up).points + (1.75 if cohort > 1 else 0.75 if cohort else 0.0) + 1.0
    gone = [
        i
        for i, s in enumerate(named)
        if s.attribute in acts and not s.own and s.weight + points >= threshold(s.attribute)
    ]
    if not gone or len(gone) == len(parts):
        return False
    text = "".join("".join(part) for i, part in enumerate(parts) if i not in gone)
    if len(parts) - 1 in gone:
        text = text.rstrip(";,|& ")
    cleaned.changes.append((node.start, node.stop, _written(cleaned.document, node, text)))
    for i in gone:
        cleaned.attribute = cleaned.attribute or named[i].attribute
        cleaned.removed.append(Removed(node.route(cleaned.routes) or "/", named[i].attribute, "entry"))
    cleaned.because.append(Reason("slot", "an entry of a list in a text names it", points))
    return True


def _texts(
    cleaned: Cleaned,
    root: Node,
    shapes: Shapes,
    acts: frozenset[str],
    *,
    request: bool = False,
    cued: bool = False,
) -> None:
    """Withhold the sentences of a model's own texts that attribute a group; in a request only beside what was seen."""
    judge = shapes.judge
    # under these paths people write for readers, about photographs as well
    written = bool({"writings", "culture"} & judge.path)
    pictures = bool({"pictured", "vision"} & judge.path) and not written
    touched = shapes.touched if len(cleaned.document.text) > SMALL else None
    for node in strings(root, cleaned.gone, touched):
        if len(node.text) < TEXT and not chat.CJK.search(node.text):
            continue
        up = node.up
        if request and node.text.lstrip()[:1] not in ("{", "[") and not (up is not None and _told(up)):
            # somebody may have written it
            continue
        if _embedded(cleaned, node, judge, acts) or _segments(cleaned, node, judge, acts) or not _is_answer(node):
            continue
        told = up is not None and stance.captioned(up)
        if request and (up is None or not _told(up)):
            continue
        sure = judge.images or pictures or cued or told
        if up is not None and not sure:
            sure = _captioned(node, up) or (not written and judge.of(up).pictured)
        if written and not sure:
            continue
        held = chat.withhold(node.text, sure=sure)
        if held is None or held.attribute not in acts:
            continue
        cleaned.changes.append((node.start, node.stop, _written(cleaned.document, node, held.text)))
        cleaned.attribute = cleaned.attribute or held.attribute
        what = "text" if held.whole else "sentence"
        cleaned.removed += [Removed(node.route(cleaned.routes) or "/", held.attribute, what)] * held.count
        cleaned.because.append(Reason("text", "a sentence states a group of somebody in a picture", 4.0))


def _told(record: Node) -> bool:
    """Say whether what stands in a record tells what was seen, so that no person wrote it."""
    return stance.captioned(record) or stance.reported(record, NONE)


def _captioned(node: Node, up: Node) -> bool:
    """Say whether a machine wrote a text about a picture: it says how sure it is of it."""
    return up.kind == OBJECT and kind(up.names).measured and "answers" in facts(node.key).tags


def _written(document: Document, node: Node, text: str) -> str:
    quoted = document.quoted(text)
    if document.kind != "xml":
        return quoted
    raw = document.text[node.start : node.stop]
    if raw[:1].isspace():
        return raw[: raw.index("=") + 1] + '"' + quoted.replace('"', "&quot;") + '"'
    open_end, close = raw.index(">") + 1, raw.rindex("</")
    return raw[:open_end] + quoted + raw[close:]


def _is_answer(node: Node) -> bool:
    """Say whether a model wrote this text: by the key it stands under, or the key of the list it stands in."""
    if node.kind != STRING:
        return False
    holder: Node | None = node
    while holder is not None and not holder.key:
        holder = holder.up
        if holder is None or holder.up is None:
            return True
    tags = facts(holder.key).tags if holder is not None else frozenset()
    if not tags & {"answers"}:
        return False
    # what a person wrote is never touched, also where an answer repeats it
    role = node.up.get("role") if node.up is not None else None
    above = [a.get("role") for a in node.above()]
    return not any(r is not None and r.text in ("user", "human", "system", "developer") for r in (role, *above))


def verdict(cleaned: Cleaned, clause: str) -> Verdict:
    """Return the verdict for what was taken out."""
    body = cleaned.body()
    return Verdict(
        "strip",
        "infers",
        cleaned.attribute,
        tuple(cleaned.because),
        clause,
        tuple(cleaned.removed),
        body,
        headers=cleaned.headers,
    )
