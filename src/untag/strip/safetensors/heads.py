"""Which tensors of a model go whole, and which lose rows, for the classes that go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.strip.base import Refusal
from untag.strip.onnx.heads import Head
from untag.strip.safetensors.config import labels_of
from untag.strip.weights import choose, nearby

if TYPE_CHECKING:
    from collections.abc import Sequence

    from untag.strip.base import Choice, Unit
    from untag.strip.onnx.heads import Labels
    from untag.strip.safetensors.bundle import Bundle
    from untag.strip.safetensors.layout import Tensor

LAST: Final = re.compile(
    r"classifi|(?:^|[._])(?:score|head|fc|logits|out_proj|output|cls|pred)s?\d?(?:$|[._])", re.IGNORECASE
)
"""Names of the last layer of a classifier, as transformers, timm and torchvision give them."""
PARTS: Final = ("weight", "bias")


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """A last layer that loses some of its classes, which are the rows of its weight and bias."""

    prefix: str
    tensors: tuple[Tensor, ...]
    size: int
    gone: dict[int, str]
    """Class to the attribute for which it goes."""
    labels: tuple[str, ...]
    """Names of all classes; empty when they are chosen by number."""


def whole(bundle: Bundle, unit: Unit, choice: Choice) -> dict[str, str]:
    """Return the tensors that go whole, because a part of their name names the attribute, with that attribute."""
    return {t.name: own for t in bundle.tensors() if (own := choose.of_path(t.name, unit, choice))}


def rows(
    bundle: Bundle, unit: Unit, choice: Choice, gone: dict[str, str], lists: Sequence[Labels] = ()
) -> Rows | Refusal | None:
    """Return the layer that loses classes, why it cannot, or None when no class goes.

    ``gone`` are tensors that go whole; ``lists`` are those of label files, for a configuration that has none.
    """
    layers = {prefix: found for prefix, found in _layers(bundle).items() if not any(t.name in gone for t in found)}
    labels = labels_of(bundle.config)
    classes = choose.of_labels(labels, unit, choice)
    for one in lists if not labels else ():
        asked = choose.of_labels(one.names, unit, choice)
        if asked and not classes and any(found[0].shape[0] == len(one.names) for found in layers.values()):
            labels, classes = list(one.names), asked
    named = {text.rpartition("[")[0] for text in choice.classes if choose.is_range(text)}
    numbered = sorted(named & layers.keys())
    if not classes and not numbered:
        return None
    prints = tuple(f.fingerprint for f in unit.findings)
    size = len(labels)
    if numbered:
        size = layers[numbered[0]][0].shape[0]
        classes |= dict.fromkeys(choose.ranges(numbered[0], size, choice), "named")
    target = f"{len(classes)} of {size} classes"
    if len(classes) == size:
        return Refusal(unit.name, target, "every class is protected", "delete the model", prints)
    # the last layer is known by its name and its number of rows; a second one of that size would be left
    fitting = {p: found for p, found in layers.items() if found[0].shape[0] == size}
    if numbered:
        fitting = {numbered[0]: layers[numbered[0]]}
    if len(fitting) != 1:
        names = ", ".join(t.name for found in fitting.values() for t in found)
        reason = f"several layers have {size} rows: {names}" if fitting else f"no last layer with {size} rows is known"
        needed = "name the layer's classes by number, as in --class LAYER[0:7]"
        return Refusal(unit.name, target, reason, needed, prints)
    prefix, tensors = next(iter(fitting.items()))
    return Rows(
        prefix, tuple(tensors), size, dict(sorted(classes.items())), tuple(labels if len(labels) == size else ())
    )


def sizes(bundle: Bundle, gone: dict[str, str]) -> dict[str, int]:
    """Return the number of classes of each last layer, and of each layer that goes whole."""
    found = {prefix: tensors[0].shape[0] for prefix, tensors in _layers(bundle).items()}
    for tensor in bundle.tensors():
        prefix, _, part = tensor.name.rpartition(".")
        if tensor.name in gone and part == "weight" and len(tensor.shape) > 1:
            found[prefix] = tensor.shape[0]
    return found


def heads(bundle: Bundle, gone: dict[str, str], found: Rows | None, lists: Sequence[Labels]) -> tuple[Head, ...]:
    """Return what goes as heads, for the label files beside the model."""
    known = sizes(bundle, gone)
    whole_ones: dict[str, Head] = {}
    for name, own in gone.items():
        prefix = name.rpartition(".")[0]
        if prefix in known:
            whole_ones[prefix] = Head(prefix, "" if own == "named" else own, size=known[prefix])
    made = nearby.spread(whole_ones.values(), lists, known)
    if found is None:
        return made
    own = choose.commonest(found.gone.values())
    return (*made, Head(found.prefix, own, 0, frozenset(found.gone), found.size, 0, found.labels))


def _layers(bundle: Bundle) -> dict[str, list[Tensor]]:
    """Return the layers that may be a classifier's last: a weight, and a bias of as many rows where there is one."""
    found: dict[str, list[Tensor]] = {}
    for tensor in bundle.tensors():
        prefix, _, part = tensor.name.rpartition(".")
        if part in PARTS and prefix and tensor.shape and LAST.search(prefix):
            found.setdefault(prefix, []).append(tensor)
    return {
        prefix: sorted(tensors, key=lambda t: t.name.endswith(".bias"))
        for prefix, tensors in found.items()
        if any(t.name.endswith(".weight") and len(t.shape) > 1 for t in tensors)
        and len({t.shape[0] for t in tensors}) == 1
    }
