"""The files that make one model: weights in one file or in shards with an index, and the configuration."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.safetensors.layout import Layout, Tensor, layout
from untag.strip.weights.jsontext import Text
from untag.strip.weights.pieces import beside

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from untag.strip.base import Unit

ENDING: Final = ".safetensors"
INDEX: Final = ".safetensors.index.json"
CONFIG: Final = "config.json"
SHARDS: Final = 10_000
OTHERS: Final = (".bin", ".pt", ".pth", ".onnx", ".h5", ".msgpack", ".gguf", ".ckpt", ".tflite")
"""Endings of files that may hold the same weights once more."""


@dataclass(frozen=True, slots=True, eq=False)
class Bundle:
    """One model."""

    folder: str
    """Relative to the root, with a slash at the end, or empty."""
    files: tuple[Layout, ...]
    index: Text | None
    """``model.safetensors.index.json``."""
    config: Text | None
    """``config.json``."""
    others: tuple[str, ...] = ()
    """Files beside it that may hold the same weights."""

    def tensors(self) -> Iterator[Tensor]:
        """Yield the tensors of all files."""
        for file in self.files:
            yield from file.tensors.values()


def bundle(unit: Unit, overlay: Path | None = None) -> Bundle:
    """Return the model that a file is part of.

    ``overlay`` is a folder whose files stand for those of the same names in the unit's.
    Raises `StripError` for shards that are missing, lead away or hold other tensors than the index says.
    """
    folder, _, base = unit.name.rpartition("/")
    folder = f"{folder}/" if folder else ""
    near = siblings(unit, folder)

    def path(name: str) -> Path:
        over = overlay / name if overlay is not None else None
        return over if over is not None and over.is_file() else unit.root / name

    indexes = [n for n in near if n.endswith(INDEX)]
    texts = {n: Text(path(folder + n).read_bytes(), folder + n) for n in indexes}
    shards = {n: _shards(texts[n]) for n in indexes}
    index = base if base in texts else next((n for n in indexes if base in shards[n]), "")
    if base == CONFIG and not index and len(indexes) == 1:
        index = indexes[0]
    if index:
        names = [beside(unit, folder + index, shard) for shard in shards[index]]
    elif base == CONFIG:
        names = [folder + n for n in near if n.endswith(ENDING) and not any(n in s for s in shards.values())]
    else:
        names = [unit.name]
    files = tuple(layout(path(name), name) for name in names)
    if index:
        _agree(texts[index], files)
    alone = [n for n in near if n.endswith(ENDING)] == [base] or bool(index) or base in (CONFIG, "model.safetensors")
    config = Text(path(folder + CONFIG).read_bytes(), folder + CONFIG) if alone and CONFIG in near else None
    others = tuple(n for n in near if n.lower().endswith(OTHERS))
    return Bundle(folder, files, texts.get(index), config, others)


def siblings(unit: Unit, folder: str) -> list[str]:
    """Return the names of the files in a unit's folder, sorted."""
    if unit.listing:
        return [n[len(folder) :] for n in unit.listing if n.startswith(folder) and "/" not in n[len(folder) :]]
    here = unit.root / folder
    return sorted(p.name for p in here.iterdir() if p.is_file() and not p.is_symlink())


def _shards(index: Text) -> list[str]:
    held = index.root.get("weight_map")
    names = [m.value.plain for m in held.members] if held is not None else []
    found = list(dict.fromkeys(n for n in names if isinstance(n, str)))
    if len(found) > SHARDS:
        raise StripError(f"{index.name} names more than {SHARDS:,} shards")
    return sorted(found)


def _agree(index: Text, files: Iterable[Layout]) -> None:
    """Hold the index against the shards."""
    held = index.root.get("weight_map")
    said = {m.key: m.value.plain for m in held.members} if held is not None else {}
    real: dict[str, str] = {}
    for file in files:
        for name in file.tensors:
            if name in real:
                raise StripError(f"{index.name}: the tensor {name[:120]} stands in two shards")
            real[name] = file.name
    folder = index.name.rpartition("/")[0]
    expected = {name: f"{folder}/{shard}" if folder else str(shard) for name, shard in said.items()}
    wrong = sorted(name for name in expected.keys() | real.keys() if expected.get(name) != real.get(name))
    if wrong:
        raise StripError(f"{index.name} and its shards differ about {wrong[0][:120]}; save the model again")
