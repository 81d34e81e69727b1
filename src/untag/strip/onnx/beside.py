"""Files beside a model that list its classes: ``labels.txt``, ``*.names``, ``config.json``, ``manifest.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import LABELS
from untag.strip.base import StripError
from untag.strip.onnx.heads import Labels
from untag.strip.onnx.texts import Listing, listings, prune
from untag.strip.weights import jsontext

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Unit
    from untag.strip.onnx.heads import Head

LARGEST: Final = 1 << 20
"""Bytes of a label map; the longest real list, ImageNet-21k, has half of that."""
TEXTS: Final = (".txt", ".names", ".labels")
MODELS: Final = (
    ".onnx",
    ".ort",
    ".pt",
    ".pth",
    ".h5",
    ".keras",
    ".tflite",
    ".pb",
    ".safetensors",
    ".mlmodel",
    ".engine",
)
DESCRIBED: Final = (b'"modelTopology"', b'"weightsManifest"')
"""Keys of a model of TensorFlow.js, which is JSON as label maps are."""
HEAD: Final = 1 << 16
COUNTS: Final = ("num_labels", "num_classes", "nc")
"""Keys under which a configuration says how many classes there are."""


def candidates(unit: Unit, own: Collection[str] = ()) -> tuple[str, ...]:
    """Return the label maps that may belong to a model: in its folder, and its alone or called like it.

    ``own`` are further files of the model itself: weights, configuration.
    """
    folder, _, name = unit.name.rpartition("/")
    stem = name.rsplit(".", 1)[0].lower()
    near = [n for n in unit.listing if n.rpartition("/")[0] == folder and n != unit.name and n not in own]
    alone = not any(other.lower().endswith(MODELS) or _described(unit, other) for other in near)
    found = []
    for other in near:
        own = other.rpartition("/")[2].lower()
        if own.endswith((*TEXTS, ".json")) and (alone or own.startswith(stem)):
            found.append(other)
    return tuple(found)


def _described(unit: Unit, name: str) -> bool:
    """Whether a file describes a model of TensorFlow.js."""
    if not name.lower().endswith(".json"):
        return False
    try:
        with (unit.root / name).open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    return any(mark in head for mark in DESCRIBED)


def labels(unit: Unit, own: Collection[str] = ()) -> Iterator[Labels]:
    """Yield the lists of class names in the files beside a model."""
    for name in candidates(unit, own):
        for found in lists(unit.root, name):
            yield Labels(f"file {name}", found.key, found.labels)


def _read(root: Path, name: str) -> str | None:
    path = root / name
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def lists(root: Path, name: str) -> tuple[Listing, ...]:
    """Return the lists of class names in a file; none for one that is missing, too large or no text."""
    text = _read(root, name)
    if text is None:
        return ()
    stem = name.rpartition("/")[2].rsplit(".", 1)[0]
    if name.lower().endswith(".json"):
        return () if any(mark.decode() in text for mark in DESCRIBED) else listings(stem, text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (Listing(stem, tuple(lines)),) if 1 < len(lines) <= LABELS else ()


def touched(unit: Unit, gone: Callable[[Listing], frozenset[int]], own: Collection[str] = ()) -> tuple[str, ...]:
    """Return the files beside a model in which classes go."""
    return tuple(name for name in candidates(unit, own) if any(gone(found) for found in lists(unit.root, name)))


def change(
    unit: Unit, names: Sequence[str], gone: Callable[[Listing], frozenset[int]], heads: Sequence[Head], staging: Path
) -> tuple[list[str], list[str]]:
    """Write the files beside a model without the classes; return what was written and what is to be deleted."""
    written, deleted = [], []
    for name in names:
        text = _read(unit.root, name)
        if text is None:
            raise StripError(f"{name} cannot be read any more; make the plan anew")
        new = _json(text, name, gone, heads) if name.lower().endswith(".json") else _lines(unit, name, text, gone)
        if new is None:
            deleted.append(name)
            continue
        path = staging / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(new.encode())
        written.append(name)
    return written, deleted


def _lines(unit: Unit, name: str, text: str, gone: Callable[[Listing], frozenset[int]]) -> str | None:
    """Return a list of lines without classes; nothing when all go."""
    (found,) = lists(unit.root, name)
    out = gone(found)
    if len(out) == len(found.labels):
        return None
    kept, number = [], 0
    for line in text.splitlines(keepends=True):
        if not line.strip():
            kept.append(line)
            continue
        if number not in out:
            kept.append(line)
        number += 1
    return "".join(kept)


def _json(text: str, name: str, gone: Callable[[Listing], frozenset[int]], heads: Sequence[Head]) -> str | None:
    """Return a JSON text without classes; nothing when it is one list and all of it goes."""
    parsed = jsontext.Text(text.encode(), name)
    stem = name.rpartition("/")[2].rsplit(".", 1)[0]
    tree = listings(stem, text)
    if parsed.root.kind == "array" and len(tree) == 1 and len(gone(tree[0])) == len(tree[0].labels):
        return None
    prune(parsed, stem, gone)
    counts = {head.size - head.offset: head.size - head.offset - len(head.gone) for head in heads if not head.whole}
    for head in heads:
        if head.listed:
            total = len(head.listed)
            counts[total] = counts.get(total, total) - head.size
    for key in COUNTS:
        value = parsed.root.get(key)
        if value is not None and value.plain in counts:
            parsed.put(value, counts[value.plain])
    return parsed.done().decode()
