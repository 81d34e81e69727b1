"""Which outputs and which classes of a model are to go, and which list of names belongs to which output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from untag.interpret.naming import attribute_of, protected
from untag.nouns import dataclass, replace
from untag.strip.base import StripError
from untag.strip.onnx import joined
from untag.strip.onnx.graph import Dim, RefusedError, attribute
from untag.strip.onnx.texts import listings
from untag.strip.weights import choose

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.strip.base import Choice, Unit

BOXES: Final = (4, 5)
"""Columns before the classes in the output of a detector: a box, and in older ones its score."""
PAIR: Final = 2
SIBLINGS: Final = frozenset(
    ("age", "gender", "sex", "emotion", "expression", "mood", "glasses", "mask", "beard", "smile", "hat", "hair",
     "bbox", "box", "boxes", "landmark", "landmarks", "pose", "score", "identity")
)  # fmt: skip
"""What a face model tells beside: an output whose name has one of these holds more than the attribute."""
_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class Labels:
    """A list of class names that the model holds, or a file beside it."""

    source: str
    """Where it stands: ``metadata_props`` and its key, or the name of a file."""
    key: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What goes of one output."""

    output: str
    attribute: str
    axis: int = 0
    gone: frozenset[int] = frozenset()
    """Indices on the axis; empty when the whole output goes."""
    size: int = 0
    """Indices on the axis as it was."""
    offset: int = 0
    """Where on the axis the classes begin."""
    labels: tuple[str, ...] = ()
    """Names of all its classes, where there are some."""
    listed: tuple[str, ...] = ()
    """A list in which the names of its classes stand between those of other outputs; empty if there is none."""
    start: int = 0
    """Where in that list they begin."""

    @property
    def whole(self) -> bool:
        """Whether the output goes whole."""
        return not self.gone

    @property
    def classes(self) -> frozenset[int]:
        """Numbers of the classes that go, counted from the first class."""
        return frozenset(index - self.offset for index in self.gone)


Shapes = dict[str, tuple[Dim, ...]]


def inside(model: Any) -> Iterator[Labels]:
    """Yield the lists of class names in a model's own metadata."""
    for where, holder in (("model", model), ("graph", model.graph)):
        for prop in holder.metadata_props:
            for found in listings(prop.key, prop.value):
                yield Labels(f"metadata of the {where}: {prop.key}", found.key, found.labels)


def find(model: Any, shapes: Shapes, unit: Unit, choice: Choice, beside: Sequence[Labels]) -> tuple[Head, ...]:
    """Return what goes of each output, by the findings and the choice.

    Raises `RefusedError` where labels are to go and it cannot be told of which output they are, and `StripError`
    for a class number that the output does not have.
    """
    outputs = [o.name for o in model.graph.output]
    named = {name: head for name in outputs if (head := _named(name, shapes, unit, choice))}
    heads = {name: head for name, head in named.items() if name in choice.outputs}
    known = [*inside(model), *beside]
    for name in outputs:
        if name not in heads and (head := _numbered(name, shapes, unit, choice, known, model)):
            heads[name] = head
    for labels in known:
        gone = choose.of_labels(labels.names, unit, choice)
        if not gone:
            continue
        head = _labelled(labels, gone, shapes, named | heads, model, unit)
        if head is None:
            continue
        old = heads.setdefault(head.output, head)
        if not old.whole and old.labels == head.labels:
            heads[head.output] = replace(old, gone=old.gone | head.gone)
    for name, head in named.items():
        if name not in heads:
            heads[name] = _unmixed(head)
    sizes = _sizes(outputs, shapes)
    return tuple(_spread(_settled(heads[name]), known, sizes) for name in outputs if name in heads)


def _sizes(outputs: Sequence[str], shapes: Shapes) -> dict[str, int]:
    """Return the number of classes of each output, where it is known."""
    found = {}
    for name in outputs:
        shape = shapes.get(name) or ()
        axis = class_axis(shape)
        size = shape[axis] if axis is not None else None
        if isinstance(size, int):
            found[name] = size
    return found


def _spread(head: Head, known: Sequence[Labels], sizes: dict[str, int]) -> Head:
    """Return a whole head with the list in which its classes stand between those of other outputs."""
    if head.whole and not head.listed and head.attribute:
        for labels in known:
            start = joined.of_output(labels.names, head.output, sizes)
            if start is not None:
                return replace(head, listed=labels.names, start=start)
    return head


def _named(name: str, shapes: Shapes, unit: Unit, choice: Choice) -> Head | None:
    """Return an output that goes by its name."""
    own = choose.of_name(name, unit, choice)
    if not own:
        return None
    shape = shapes.get(name) or ()
    size = shape[-1] if shape and isinstance(shape[-1], int) else 0
    return Head(name, choose.main_attribute([own], unit), size=size)


def _unmixed(head: Head) -> Head:
    """Return a head that goes by its name; refuse where the name says that it holds something else too."""
    others = _siblings(head.output)
    if others:
        raise RefusedError(
            f"output {head.output}",
            f"it holds {', '.join(sorted(others))} too, and which of its classes are which is not stated",
            f"--class {head.output}[0:7] and the like, by number, or --output {head.output} for all of it",
        )
    return head


def _siblings(name: str) -> set[str]:
    """Return what else than a group the name of an output says that it tells."""
    return {word.lower() for word in _WORD.findall(name)} & SIBLINGS


def _settled(head: Head) -> Head:
    """Make a head of which every class goes a whole one; refuse half of a pair."""
    if head.whole:
        return head
    classes = head.size - head.offset
    if not head.offset and len(head.gone) == classes:
        return replace(head, gone=frozenset())
    if not head.offset and classes == PAIR:
        raise RefusedError(
            f"output {head.output}",
            "one of two classes says what the other does",
            f"the whole output: --output {head.output}",
        )
    return head


def _numbered(
    name: str, shapes: Shapes, unit: Unit, choice: Choice, known: Sequence[Labels], model: Any
) -> Head | None:
    """Return what the choice names of an output by number: positions on the axis of its classes."""
    asked = [text for text in choice.classes if text.startswith(f"{name}[") and choose.is_range(text)]
    if not asked:
        return None
    shape = shapes.get(name) or ()
    axis = class_axis(shape)
    size = shape[axis] if axis is not None else None
    if axis is None or not isinstance(size, int):
        raise RefusedError(f"output {name}", "its number of classes is not known", "a fixed size in the model")
    for text in asked:
        low, _, high = text[len(name) + 1 : -1].partition(":")
        if int(high or int(low) + 1) > size or int(low) >= int(high or int(low) + 1):
            raise StripError(f"{text}: output {name} has the classes 0 to {size - 1}")
    gone = frozenset(choose.ranges(name, size, choice))
    fitting = [labels for labels in known if len(labels.names) == size]
    fitting = [labels for labels in fitting if labels.source.startswith("metadata")] or fitting
    names = fitting[0].names if fitting and len({labels.names for labels in fitting}) == 1 else ()
    offset = 0
    if not fitting and _detects(model):
        names, offset = _behind_box(name, shape, axis, known, model)
        if any(at < offset for at in gone):
            raise RefusedError(
                f"output {name}",
                f"its first {offset} values are a box, and the classes begin at {offset}",
                f"--class {name}[{offset}] and so on, or classes by name",
            )
    attributes = [protected(names)[at - offset] for at in gone] if names else [attribute_of(name)]
    if size <= PAIR:
        raise RefusedError(
            f"output {name}", "a head of one or two values says the same in each", f"the whole output: --output {name}"
        )
    return Head(
        name,
        choose.main_attribute(attributes, unit) or next(iter(choice.attributes), ""),
        axis,
        gone,
        size,
        offset,
        names,
    )


def _behind_box(
    name: str, shape: Sequence[Dim], axis: int, known: Sequence[Labels], model: Any
) -> tuple[tuple[str, ...], int]:
    """Return the names of the classes of a detector's output, and where on the axis they begin."""
    found = {
        (labels.names, place[1])
        for labels in known
        if (place := _boxed(shape, len(labels.names), model)) and place[0] == axis
    }
    if len(found) > 1:
        raise RefusedError(f"output {name}", "two lists of names fit its classes", "one list in the model's metadata")
    return next(iter(found), ((), 0))


def class_axis(shape: Sequence[Dim]) -> int | None:
    """Return the axis on which the classes of an output stand, or nothing where it cannot be told."""
    if not shape:
        return None
    if len(shape) <= PAIR:
        return len(shape) - 1
    fixed = [axis for axis in range(1, len(shape)) if isinstance(shape[axis], int) and shape[axis] != 1]
    if len(fixed) == 1:
        return fixed[0]
    if len(shape) == PAIR + PAIR:
        return 1 if isinstance(shape[1], int) else None
    return min(fixed, key=lambda axis: (shape[axis], axis)) if fixed else None


def _labelled(
    labels: Labels, gone: dict[int, str], shapes: Shapes, heads: dict[str, Head], model: Any, unit: Unit
) -> Head | None:
    """Return the head that a list of labels speaks of, without the classes that go; nothing if it goes already."""
    count = len(labels.names)
    places = [(o.name, *place) for o in model.graph.output if (place := _place(shapes.get(o.name) or (), count))]
    if not places and _detects(model):
        places = [
            (o.name, *place) for o in model.graph.output if (place := _boxed(shapes.get(o.name) or (), count, model))
        ]
    whole = [name for name, head in heads.items() if head.whole and head.size in (0, count)]
    if whole and len(gone) == count:
        return None
    if len(places) > 1:
        named = [
            place
            for place in places
            if place[0].lower() in labels.key.lower() or labels.key.lower() in place[0].lower()
        ]
        named = named or [place for place in places if attribute_of(place[0])]
        places = named or places
    if (
        not places
        and labels.source.startswith("file ")
        and not any(label for label in gone.values() if label == "named")
    ):
        return None
    if not places and (head := _joined(labels, gone, shapes, model, unit)):
        return head
    if len(places) != 1:
        which = f"outputs {', '.join(p[0] for p in places)} all have" if places else "no output has"
        raise RefusedError(
            labels.source,
            f"which output its {count} classes are of cannot be told: {which} as many",
            f"--class OUTPUT[{min(gone)}] and so on, by number",
        )
    output, axis, offset = places[0]
    size = (shapes.get(output) or ())[axis]
    assert isinstance(size, int)
    main = choose.main_attribute(gone.values(), unit)
    return Head(output, main, axis, frozenset(at + offset for at in gone), size, offset, labels.names)


def _joined(labels: Labels, gone: dict[int, str], shapes: Shapes, model: Any, unit: Unit) -> Head | None:
    """Return the head that goes whole when a list of several outputs' classes loses all groups; nothing if unclear."""
    sizes = _sizes([o.name for o in model.graph.output], shapes)
    starts = {name: at for name in sizes if (at := joined.of_output(labels.names, name, sizes)) is not None}
    # the output's name has to say the attribute, or at least nothing else, and no other may have as many classes
    fitting = [name for name in starts if attribute_of(name)] or [
        name for name in starts if not _siblings(name) and list(sizes.values()).count(sizes[name]) == 1
    ]
    if len(fitting) != 1:
        return None
    (output,) = fitting
    start, size = starts[output], sizes[output]
    if set(gone) != set(range(start, start + size)):
        return None
    main = choose.main_attribute(gone.values(), unit)
    return Head(output, main, size=size, listed=labels.names, start=start)


def _place(shape: Sequence[Dim], count: int) -> tuple[int, int] | None:
    """Return the axis of an output that has as many values as there are classes, and where the classes begin."""
    fitting = [axis for axis, dim in enumerate(shape) if dim == count and (axis > 0 or len(shape) == 1)]
    if not fitting:
        return None
    likely = class_axis(shape)
    return (likely if likely in fitting else fitting[-1]), 0


def _detects(model: Any) -> bool:
    """Say whether the metadata speak of a detector."""
    props = {prop.key: prop.value for prop in model.metadata_props}
    return props.get("task") in ("detect", "segment", "pose", "obb") or ("names" in props and "stride" in props)


def _boxed(shape: Sequence[Dim], count: int, model: Any) -> tuple[int, int] | None:
    """Return axis and offset of the classes in the output of a detector: behind a box, before what else it tells."""
    task = next((prop.value for prop in model.metadata_props if prop.key == "task"), "detect")
    if len(shape) != PAIR + 1 or task not in ("", "detect"):
        return None
    for before in BOXES:
        fitting = [axis for axis in (1, 2) if shape[axis] == count + before]
        if len(fitting) == 1:
            return fitting[0], before
    return None


def detector(model: Any, head: Head) -> bool:
    """Say whether an output is that of a detector, whose callers pick the best class of each box."""
    return head.offset > 0 or _detects(model)


def opaque(model: Any) -> str:
    """Return why classes in attributes of classical models cannot be cut, or nothing."""
    for node in model.graph.node:
        if node.domain == "ai.onnx.ml" and (
            attribute(node, "classlabels_strings") or attribute(node, "classlabels_int64s")
        ):
            return f"{node.op_type} {node.name or node.output[0]}"
    return ""
