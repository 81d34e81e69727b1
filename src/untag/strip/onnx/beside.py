"""Files beside a model that list its classes: ``labels.txt``, ``*.names``, ``config.json``, ``manifest.json``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.models.common import LABELS
from untag.strip.base import StripError
from untag.strip.onnx.heads import Labels
from untag.strip.onnx.texts import Listing, listings, prune
from untag.strip.weights import jsontext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
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
COUNTS: Final = ("num_labels", "num_classes", "nc")
"""Keys under which a configuration says how many classes there are."""


def candidates(unit: Unit) -> tuple[str, ...]:
    """Return the label maps that may belong to a model: in its folder, and its alone or called like it."""
    folder, _, name = unit.name.rpartition("/")
    stem = name.rsplit(".", 1)[0].lower()
    near = [other for other in unit.listing if other.rpartition("/")[0] == folder and other != unit.name]
    alone = not any(other.lower().endswith(MODELS) for other in near)
    found = []
    for other in near:
        own = other.rpartition("/")[2].lower()
        if own.endswith((*TEXTS, ".json")) and (alone or own.startswith(stem)):
            found.append(other)
    return tuple(found)


def labels(unit: Unit) -> Iterator[Labels]:
    """Yield the lists of class names in the files beside a model."""
    for name in candidates(unit):
        for found in _lists(unit, name):
            yield Labels(f"file {name}", found.key, found.labels)


def _read(unit: Unit, name: str) -> str | None:
    path = unit.root / name
    try:
        if path.is_symlink() or not path.is_file() or path.stat().st_size > LARGEST:
            return None
        return path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError):
        return None


def _lists(unit: Unit, name: str) -> tuple[Listing, ...]:
    text = _read(unit, name)
    if text is None:
        return ()
    stem = name.rpartition("/")[2].rsplit(".", 1)[0]
    if name.lower().endswith(".json"):
        return () if '"modelTopology"' in text else listings(stem, text)
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return (Listing(stem, tuple(lines)),) if 1 < len(lines) <= LABELS else ()


def touched(unit: Unit, gone: Callable[[Listing], frozenset[int]]) -> tuple[str, ...]:
    """Return the files beside a model in which classes go."""
    return tuple(name for name in candidates(unit) if any(gone(found) for found in _lists(unit, name)))


def change(
    unit: Unit, names: Sequence[str], gone: Callable[[Listing], frozenset[int]], heads: Sequence[Head], staging: Path
) -> tuple[list[str], list[str]]:
    """Write the files beside a model without the classes; return what was written and what is to be deleted."""
    written, deleted = [], []
    for name in names:
        text = _read(unit, name)
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
    (found,) = _lists(unit, name)
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
    for head in heads:
        count = head.size - head.offset
        for key in COUNTS:
            value = parsed.root.get(key)
            if value is not None and not head.whole and value.plain == count:
                parsed.put(value, count - len(head.gone))
    return parsed.done().decode()
