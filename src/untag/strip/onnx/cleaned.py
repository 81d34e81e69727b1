"""What a cut model still says: metadata that names classes, descriptions, and names that hold what went."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from untag.interpret.naming import attribute_of, protected
from untag.nouns import replace
from untag.strip.onnx.cut import rename
from untag.strip.onnx.graph import inner
from untag.strip.onnx.nouns import Cut, tensors
from untag.strip.onnx.texts import Listing, unsaid, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from untag.strip.onnx.heads import Head

INSTEAD: Final = "cut"
"""Stands in a name of a layer for the word that went."""
SHORTEST: Final = 4
"""Letters from which on a removed label is looked for in names: ``nose`` and the like stay."""
KIN: Final = frozenset(("race", "ethnicity", "skin_tone", "nationality", "national_origin", "tribe", "caste"))
"""Attributes whose words stand for each other in names of heads."""
_PIECES: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[^\W\d_A-Za-z]+")


def losses(heads: Sequence[Head]) -> Callable[[Listing], frozenset[int]]:
    """Return what tells which classes of a list go: the lists of the heads that shrink, and those of heads that go."""

    def gone(found: Listing) -> frozenset[int]:
        spread = [head for head in heads if head.listed == found.labels]
        if spread:
            return frozenset(head.start + at for head in spread for at in range(head.size))
        for head in heads:
            count = len(found.labels)
            if not head.whole:
                fits = found.labels == head.labels or (
                    not head.labels and count == head.size - head.offset and _named(found, head)
                )
                if fits:
                    return head.classes
            elif _all(found, head):
                return frozenset(range(count))
        return frozenset()

    return gone


def _named(found: Listing, head: Head) -> bool:
    """Say whether a list, whose head's classes were chosen by number, holds protected names where they go."""
    own = protected(found.labels)
    return all(own[at] for at in head.classes)


def _all(found: Listing, head: Head) -> bool:
    """Say whether a list is that of a head that goes whole."""
    if head.size and len(found.labels) != head.size:
        return False
    if found.key and found.key.lower() in (head.output.lower(), f"{head.output.lower()}_labels"):
        return True
    return all(protected(found.labels, head.attribute)) and bool(head.attribute)


def clean(made: Cut, heads: Sequence[Head]) -> tuple[Cut, tuple[str, ...]]:
    """Return a cut whose model says no more what went, and what was changed, in words."""
    model = made.model
    speaks = speech(heads)
    said: list[str] = []
    gone = losses(heads)
    for where, holder in _holders(model):
        said += _metadata(where, holder, gone, speaks, made.renamed)
    for where, holder in _described(model):
        text = unsaid(holder.doc_string, speaks)
        if text != holder.doc_string:
            holder.doc_string = text
            said.append(f"description of {where}: the sentences that speak of it")
    keys = [key for key, _ in tensors(model)]
    names = _rewords(model, speaks, set(made.renamed.values()))
    rename(model.graph, names)
    _reword_nodes(model.graph, speaks)
    if speaks(model.graph.name):
        model.graph.name = reworded(model.graph.name, speaks)
    again = dict(zip(keys, (key for key, _ in tensors(model)), strict=True))
    made = replace(
        made,
        slices={again[key]: kept for key, kept in made.slices.items()},
        sliced_layers=tuple(names.get(name, name) for name in made.sliced_layers),
        kept=tuple(replace(k, new=names.get(k.new, k.new)) for k in made.kept),
        logits=tuple(replace(k, new=names.get(k.new, k.new)) for k in made.logits),
        renamed={old: names.get(new, new) for old, new in made.renamed.items()},
        removed=(*made.removed, *said),
    )
    return made, tuple(said)


def speech(heads: Sequence[Head]) -> Callable[[str], bool]:
    """Return what tells whether a name or a text speaks of what went."""
    attributes = {head.attribute for head in heads} - {""}
    if attributes & KIN:
        attributes |= KIN
    labels = {
        head.labels[at].lower()
        for head in heads
        if head.labels and head.attribute
        for at in head.classes
        if len(head.labels[at]) >= SHORTEST
    }
    known: dict[str, bool] = {}

    def word(text: str) -> bool:
        if text not in known:
            known[text] = attribute_of(text) in attributes
        return known[text]

    def speaks(text: str) -> bool:
        if not text:
            return False
        low = text.lower()
        if any(label in low and re.search(rf"(?<![^\W_]){re.escape(label)}(?![^\W_])", low) for label in labels):
            return True
        pieces = _PIECES.findall(text)
        return any(word(piece) for piece in pieces) or any(
            word(f"{a}_{b}") for a, b in pairwise(pieces) if a.isascii() and b.isascii()
        )

    return speaks


def reworded(name: str, speaks: Callable[[str], bool]) -> str:
    """Return a name with another word where it speaks of what went."""
    out = _PIECES.sub(lambda m: INSTEAD if speaks(m[0]) else m[0], name)
    if not speaks(out):
        return out
    parts = [INSTEAD if speaks(part) else part for part in re.split(r"([/.:])", out)]
    return INSTEAD if speaks("".join(parts)) else "".join(parts)


def _rewords(model: Any, speaks: Callable[[str], bool], shrunk: set[str]) -> dict[str, str]:
    """Return other names for inner values that speak of what went; inputs and outputs of the model keep theirs."""
    door = ({i.name for i in model.graph.input} | {o.name for o in model.graph.output}) - shrunk
    names = dict.fromkeys(name for node in _nodes(model.graph) for name in (*node.input, *node.output) if name)
    names |= dict.fromkeys(t.name for t in model.graph.initializer)
    taken, found = set(names) | door, {}
    for name in names:
        if name in door or not speaks(name):
            continue
        wanted = base = reworded(name, speaks)
        number = 2
        while wanted in taken:
            wanted, number = f"{base}_{number}", number + 1
        taken.add(wanted)
        found[name] = wanted
    return found


def _nodes(graph: Any) -> Iterator[Any]:
    for node in graph.node:
        yield node
        for body in inner(node):
            yield from _nodes(body)


def _reword_nodes(graph: Any, speaks: Callable[[str], bool]) -> None:
    for node in _nodes(graph):
        if speaks(node.name):
            node.name = reworded(node.name, speaks)


def _holders(model: Any) -> Iterator[tuple[str, Any]]:
    """Yield everything that has metadata."""
    yield "the model", model
    yield "the graph", model.graph
    for node in _nodes(model.graph):
        yield f"node {node.name or node.op_type}", node
    for value in (*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer):
        yield f"value {value.name}", value


def _described(model: Any) -> Iterator[tuple[str, Any]]:
    """Yield everything that has a description."""
    yield from _holders(model)
    for node in _nodes(model.graph):
        for item in node.attribute:
            yield f"attribute {item.name}", item


def _metadata(
    where: str,
    holder: Any,
    gone: Callable[[Listing], frozenset[int]],
    speaks: Callable[[str], bool],
    renamed: dict[str, str],
) -> list[str]:
    """Change the metadata of one holder in place; return what was changed, in words."""
    said = []
    for place in range(len(holder.metadata_props) - 1, -1, -1):
        prop = holder.metadata_props[place]
        value = without(prop.key, prop.value, gone)
        if value is None:
            del holder.metadata_props[place]
            said.append(f"metadata {prop.key} of {where}")
            continue
        value = _renamed(value, renamed)
        if speaks(value) and value[:1] not in ("{", "["):
            value = unsaid(value, speaks)
        if value != prop.value:
            prop.value = value
            said.append(f"classes in metadata {prop.key} of {where}")
        if speaks(prop.key):
            del holder.metadata_props[place]
            said.append(f"metadata {prop.key} of {where}")
    return said


def _renamed(value: str, renamed: dict[str, str]) -> str:
    """Return a value in which an output that shrank is called by its new name, where it is a name of its own."""
    if value in renamed:
        return renamed[value]
    for old, new in renamed.items():
        for mark in "'\"":
            value = value.replace(f"{mark}{old}{mark}", f"{mark}{new}{mark}")
    return value
