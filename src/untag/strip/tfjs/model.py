"""A ``model.json`` of TensorFlow.js and the shards that it names, as far as a removal must know them.

Facts are those of tfjs-core's ``io/types`` and ``io_utils``: the weights of a group stand behind each other,
without gaps, in the shards of the group as if these were one file. ``uint8`` and ``uint16`` are affine codes,
``float16`` is itself; the width in bytes is that of the code.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.strip.base import StripError
from untag.strip.weights.jsontext import Text
from untag.strip.weights.pieces import beside, merged

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from untag.strip.base import Unit
    from untag.strip.tfjs.classes import Span
    from untag.strip.weights.jsontext import Value

WIDTHS: Final = {"float32": 4, "int32": 4, "bool": 1, "complex64": 8, "uint8": 1, "uint16": 2, "float16": 2}
"""Bytes of an element, by its type or by the type that codes it."""
CODES: Final = ("uint8", "uint16", "float16")
DIMENSIONS: Final = 16
ELEMENTS: Final = 1 << 40
MARKS: Final = (b'"modelTopology"', b'"weightsManifest"')
HEAD: Final = 1 << 16
LARGEST: Final = 6 << 20
"""Bytes of another description that is looked through for a shard's name; the largest real ones have 1 MB."""


@dataclass(frozen=True, slots=True, eq=False)
class Weight:
    """A tensor of the manifest and where its bytes stand in its group."""

    name: str
    shape: tuple[int, ...]
    dtype: str
    """Type that the model sees."""
    code: str
    """Type of the stored elements."""
    group: int
    start: int
    """Byte in the group's shards, taken as one file."""
    stop: int
    value: Value
    """Its entry in the description."""
    scale: float = 1.0
    """Of an affine code: ``value = code * scale + least``."""
    least: float = 0.0

    @property
    def width(self) -> int:
        """Bytes of one stored element."""
        return WIDTHS[self.code]

    def said(self) -> str:
        """Return name, type and shape as a person reads them."""
        coded = f" stored as {self.code}" if self.code != self.dtype else ""
        return f"{self.name} {self.dtype}[{', '.join(map(str, self.shape))}]{coded}"


@dataclass(frozen=True, slots=True, eq=False)
class Shard:
    """One file of weights."""

    name: str
    """Relative to the unit's root."""
    path: Path
    """Where it lies."""
    group: int
    start: int
    """First byte in the group."""
    stop: int
    item: Value
    """Its path in the description."""


@dataclass(frozen=True, slots=True, eq=False)
class Described:
    """A description that was read, with its weights and its shards."""

    name: str
    text: Text
    weights: tuple[Weight, ...]
    shards: tuple[Shard, ...]
    groups: tuple[Value, ...]

    @property
    def nodes(self) -> list[Value]:
        """Nodes of a graph model; empty for a layers model."""
        found = self.text.root.get("modelTopology", "node")
        return found.items() if found is not None else []

    @property
    def signature(self) -> Value | None:
        """The signature, which older converters kept in the user's metadata."""
        root = self.text.root
        found = root.get("signature")
        return found if found is not None else root.get("userDefinedMetadata", "signature")


def described(unit: Unit, overlay: Path | None = None) -> Described:
    """Read a description, and hold its manifest against its shards.

    ``overlay`` is a folder whose files stand for those of the same names in the unit's.
    Raises `StripError` for a shard that is missing, leads away or is shorter or longer than the manifest says.
    """
    name = unit.name
    text = Text(_over(unit, name, overlay).read_bytes(), name)
    manifest = text.root if text.root.kind == "array" else text.root.get("weightsManifest")
    groups = tuple(manifest.items()) if manifest is not None else ()
    weights: list[Weight] = []
    shards: list[Shard] = []
    for number, group in enumerate(groups):
        weights += _weights(group, number, name)
        shards += _shards(unit, group, number, overlay)
        said = max((w.stop for w in weights if w.group == number), default=0)
        held = max((s.stop for s in shards if s.group == number), default=0)
        if said != held:
            word = "truncated" if held < said else "longer than it says"
            raise StripError(
                f"{name}: its manifest describes {said:,} bytes of weights, and its shards hold {held:,}: {word}"
            )
    _once([w.name for w in weights], "weight", name)
    _once([s.name for s in shards], "shard", name)
    if text.root.kind == "object":
        _once([n.text("name") for n in Described(name, text, (), (), ()).nodes], "node", name)
    return Described(name, text, tuple(weights), tuple(shards), groups)


def _once(names: Iterable[str], what: str, name: str) -> None:
    seen: set[str] = set()
    for item in names:
        if item in seen:
            raise StripError(f"{name} has the {what} {item[:120]!r} twice; convert the model again")
        seen.add(item)


def _weights(group: Value, number: int, name: str) -> list[Weight]:
    found: list[Weight] = []
    at = 0
    listed = group.get("weights")
    for value in listed.items() if listed is not None else []:
        entry = value.python()
        made = _weight(entry if isinstance(entry, dict) else {}, number, at, value, name)
        at = made.stop
        found.append(made)
    return found


def _weight(entry: dict[str, Any], group: int, at: int, value: Value, name: str) -> Weight:
    own, shape, dtype = entry.get("name"), entry.get("shape"), entry.get("dtype")
    coded = entry.get("quantization")
    coded = coded if isinstance(coded, dict) else {}
    code = coded.get("dtype", dtype)
    sized = isinstance(shape, list) and all(type(x) is int and x >= 0 for x in shape)
    if not isinstance(own, str) or not sized or code not in WIDTHS or (coded and code not in CODES):
        raise StripError(f"{name}: the weight {str(own)[:120]!r} has a shape or a type that untag does not know")
    sizes = tuple(shape or ())
    if len(sizes) > DIMENSIONS or prod(sizes) > ELEMENTS:
        raise StripError(f"{name}: the weight {own[:120]!r} has a shape that cannot be")
    stop = at + prod(sizes) * WIDTHS[code]
    scale, least = coded.get("scale", 1.0), coded.get("min", 0.0)
    if not isinstance(scale, int | float) or not isinstance(least, int | float):
        raise StripError(f"{name}: the weight {own[:120]!r} is quantised in a way that untag does not know")
    return Weight(own, sizes, str(dtype), str(code), group, at, stop, value, float(scale), float(least))


def _over(unit: Unit, name: str, overlay: Path | None) -> Path:
    return overlay / name if overlay is not None and (overlay / name).is_file() else unit.root / name


def _shards(unit: Unit, group: Value, number: int, overlay: Path | None) -> list[Shard]:
    found: list[Shard] = []
    at = 0
    paths = group.get("paths")
    for item in paths.items() if paths is not None else []:
        if not isinstance(item.plain, str):
            raise StripError(f"{unit.name}: a shard without a name")
        relative = beside(unit, unit.name, item.plain)
        path = _over(unit, relative, overlay)
        size = path.stat().st_size
        found.append(Shard(relative, path, number, at, at + size, item))
        at += size
    return found


def kept_ranges(shard: Shard, gone: Iterable[Weight | Span]) -> list[tuple[int, int]]:
    """Return the ranges of a shard's own bytes that stay when some weights, or spans of them, go."""
    cuts = sorted((w.start, w.stop) for w in gone if w.group == shard.group)
    ranges: list[tuple[int, int]] = []
    at = shard.start
    for start, stop in cuts:
        low, high = max(start, shard.start), min(stop, shard.stop)
        if low < high:
            ranges.append((at - shard.start, low - shard.start))
            at = high
    ranges.append((at - shard.start, shard.stop - shard.start))
    return merged(ranges)


def read_weight(model: Described, weight: Weight) -> bytes:
    """Return the stored bytes of a weight, which may run over shards."""
    out = bytearray()
    for shard in model.shards:
        low, high = max(weight.start, shard.start), min(weight.stop, shard.stop)
        if shard.group == weight.group and low < high:
            with shard.path.open("rb") as file:
                file.seek(low - shard.start)
                out += file.read(high - low)
    if len(out) != weight.stop - weight.start:
        raise StripError(f"{model.name}: the weight {weight.name} ends before its shape does")
    return bytes(out)


def shared(unit: Unit, model: Described, files: Iterable[str]) -> str:
    """Return another description in the same folder that names a shard which is to change, empty when there is none."""
    folder = model.name.rpartition("/")[0]
    near = [n for n in unit.listing if n.rpartition("/")[0] == folder and n.endswith(".json") and n != model.name]
    names = [f'"{file.rpartition("/")[2]}"'.encode() for file in files if file != model.name]
    for name in near:
        path = unit.root / name
        if path.stat().st_size <= LARGEST and any(quoted in path.read_bytes() for quoted in names):
            return name
    return ""
