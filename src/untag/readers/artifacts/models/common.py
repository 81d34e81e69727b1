"""What all readers of model graphs share: the model's scope, its outputs, label lists, metadata and names."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from untag.limits import MEMBERS, STATEMENT
from untag.model import Scope
from untag.readers.artifacts.models.wire import decode
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.model import Blob

LABELS: Final = 30_000
"""Texts kept of one list: the longest real list of classes, ImageNet-21k, has 21,841."""
VOCABULARY: Final = 2_000
"""Texts beyond which a list is a vocabulary and no set of classes: its words say nothing together."""
COMPONENTS: Final = 100_000
"""Different components of names kept of one file, numbers left out; the largest graphs have some hundred."""
OUTPUTS: Final = 2_000
"""Outputs or tensors named of one graph."""
NAME: Final = 1_024
"""Characters of one name."""
PIECE: Final = 16_384
"""Characters of one metadata value that are judged at once; a longer one is cut at white space."""
LABEL: Final = 200
"""Characters of one class name in a list that is told from running text by its shape."""
GENERIC: Final = frozenset(
    (
        *("", "graph", "main", "main_graph", "model", "net", "network", "onnx", "paddle-onnx", "spox_graph", "tf2onnx"),
        *("torch-jit-export", "torch_jit", "model from paddlepaddle."),
    )
)
"""Names that exporters give to any graph; the file's own name says more."""
_SPLIT: Final = re.compile(r"[/.:;|]+")
_WORD_ENDS: Final = re.compile(r"[_\-]+")
LAYER_WORDS: Final = frozenset(
    (
        *("activation", "add", "batchnorm", "bias", "biasadd", "bn", "conv", "convd", "dense", "fc", "gemm", "head"),
        *("identity", "innerproduct", "kernel", "linear", "logits", "matmul", "output", "pool", "prob", "probs"),
        *("relu", "reshape", "score", "scores", "sigmoid", "softmax", "tensor", "weight", "weights"),
    )
)
"""Words that say what a layer does: a name that adds only these to an output's name says it again."""
NO_DIGITS: Final = {ord(c): None for c in "0123456789"}
"""For `str.translate`: names that differ in numbers alone say the same."""
_QUOTED: Final = re.compile(r"""'([^'\n]{1,200})'|"([^"\n]{1,200})\"""")
_LISTED: Final = re.compile(r"label|class|names|categor|characters?$|vocab", re.IGNORECASE)
"""Keys whose value is a list of classes, whatever stands between them."""


class Tensor(NamedTuple):
    """An input or an output as its model declares it."""

    name: str
    kind: str = ""
    """Element type and shape, ``float32[1, 5]``."""
    doc: str = ""


def shaped(kind: str, dims: Sequence[object]) -> str:
    """Return element type and shape as in ``float32[1, 5]``."""
    return f"{kind}[{', '.join(map(str, dims))}]" if kind or dims else ""


def pictured(kind: str) -> bool:
    """Whether a type is that of a picture: ``image``, or four dimensions with 3 colours (or 1, in a large square)."""
    if kind == "image":
        return True
    dims = [dim.strip() for dim in kind[kind.find("[") + 1 : -1].split(",")] if kind.endswith("]") else []
    if len(dims) != _BATCH_OF_PICTURES:
        return False
    for colours, sides in ((dims[1], dims[2:]), (dims[3], dims[1:3])):
        sized = [int(side) for side in sides if side.isdecimal()]
        large = all(side >= SMALLEST_PICTURE for side in sized)
        if colours == "3" and large:
            return True
        if colours == "1" and large and len(sized) == len(sides) and sized[0] == sized[1]:
            return True
    return False


SMALLEST_PICTURE: Final = 16
"""Pixels of a side below which an input is no picture of anyone; a classifier of eyes takes 24."""
_BATCH_OF_PICTURES: Final = 4


def short(text: str) -> str:
    """Return a text as a statement may hold it."""
    return text if len(text) <= STATEMENT else text[: STATEMENT - 1] + "…"


def stem(blob: Blob) -> str:
    """Return the file's own name without folders and endings."""
    name = file_name(blob)
    return (name.rsplit(".", 1)[0] if "." in name[1:] else name).lstrip("~")


def file_name(blob: Blob) -> str:
    """Return the file's own name without folders."""
    return blob.trail[-1].rsplit("/", 1)[-1] if blob.trail else ""


class Model:
    """One model of a file: makes parts of what its reader finds, each with its scope."""

    def __init__(self, blob: Blob, name: str = "", doc: str = "", parent: Scope | None = None) -> None:
        name = stem(blob) if name.lower() in GENERIC else name[:NAME]
        self.scope = Scope("model", name, doc=doc[:STATEMENT], parent=parent or Scope("file", file_name(blob)))
        self._components: set[str] = set()
        self._values: set[int] = set()
        self._told: set[tuple[str, ...]] = set()
        """Words of the outputs' names, without those for kinds of layers."""
        self._titles = tuple(dict.fromkeys((stem(blob), self.scope.name)))
        """The model's own names, until they are told."""
        self.pictures = False
        """Whether an input has the shape of a picture."""
        self.full = False
        """Whether there were more than `COMPONENTS` different names."""

    def sees(self, inputs: Iterable[Tensor]) -> None:
        """Take the inputs: one of the shape of a picture tells that the model reads pictures, whatever it is called."""
        for tensor in inputs:
            if pictured(tensor.kind):
                self.pictures = True
                doc = f"{self.scope.doc} reads images: {tensor.name} {tensor.kind}".strip()
                self.scope = replace(self.scope, doc=short(doc))
                return

    def title(self) -> Iterator[Part]:
        """Yield the model's own names once: its file's and its graph's may say what nothing inside does."""
        titles, self._titles = self._titles, ()
        for title in titles:
            yield Part(title, "name", self.scope, f"model {title}")
        if titles and self.pictures:
            yield Part("reads images", "docstring", self.scope, short(self.scope.doc))

    def outputs(self, tensors: Sequence[Tensor], word: str = "output") -> Iterator[Part]:
        """Yield the outputs, which are each other's siblings, with their descriptions."""
        yield from self.title()
        tensors = tensors[:OUTPUTS]
        scope = Scope("outputs", "", tuple(t.name[:NAME] for t in tensors[:MEMBERS]), parent=self.scope)
        for tensor in tensors:
            said = f"{word} {tensor.name} {tensor.kind}".rstrip()
            statement = short(f"{said} of model {self.scope.name}{' from images' * self.pictures}")
            yield Part(tensor.name[:NAME], "member", scope, statement, short(tensor.doc))
        self._told |= {words for tensor in tensors if (words := _words(tensor.name))}
        for tensor in tensors:
            yield from self.doc(tensor.doc, f"{word} {tensor.name[:NAME]}")

    def inputs(self, tensors: Sequence[Tensor]) -> Iterator[Part]:
        """Yield the inputs."""
        for tensor in tensors[:OUTPUTS]:
            statement = short(f"input {tensor.name} {tensor.kind}".rstrip())
            yield Part(tensor.name[:NAME], "name", self.scope, statement, short(tensor.doc))
            yield from self.doc(tensor.doc, f"input {tensor.name[:NAME]}")

    def labels(self, words: Sequence[str], key: str) -> Iterator[Part]:
        """Yield the classes of a list; of a vocabulary, its words, which are no set of classes."""
        yield from self.title()
        if len(words) > VOCABULARY:
            scope = Scope("list", key[:NAME], parent=self.scope)
            for word in words[:LABELS]:
                yield Part(word, "string", scope)
            return
        scope = Scope("labels", key[:NAME], tuple(word[:LABEL] for word in words[:MEMBERS]), parent=self.scope)
        of = f" of {key}" if key else ""
        for at, word in enumerate(words):
            yield Part(word, "item", scope, short(f"class {at}{of}: {word}"))

    def metadata(self, key: str, value: str) -> Iterator[Part]:
        """Yield what a metadata entry says: a list of classes where it is one, else its text."""
        mark = hash((key, value))
        if mark in self._values or not value.strip():
            return
        if len(self._values) < COMPONENTS:
            self._values.add(mark)
        for name, words in unfold(key, value):
            if isinstance(words, str):
                yield from self._value(name, words)
            else:
                yield from self.labels(words, name)

    def _value(self, key: str, value: str) -> Iterator[Part]:
        scope = Scope("metadata", key[:NAME], parent=self.scope)
        for piece in pieces(value):
            yield Part(piece, "value", scope, short(f"{key}: {piece}"))

    def doc(self, text: str, of: str = "") -> Iterator[Part]:
        """Yield a description; ``of`` is what it describes."""
        if text.strip():
            for piece in pieces(text):
                yield Part(piece, "docstring", self.scope, short(f"{of}: {piece}" if of else piece))

    def name(self, text: str, kind: str = "") -> Iterator[Part]:
        """Yield a name of a node, layer or tensor when a component of its path is new, numbers left out."""
        text = text[:NAME]
        fresh = set(_SPLIT.split(text.translate(NO_DIGITS))) - self._components
        if not fresh:
            return
        if len(self._components) + len(fresh) > COMPONENTS:
            self.full = True
            return
        self._components |= fresh
        if any(part.strip("_- ") and not self._repeats(part) for part in fresh):
            yield Part(text, "name", self.scope, f"{kind} {text}" if kind else text)

    def _repeats(self, part: str) -> bool:
        """Whether a component says what an output's name says, and the kind of a layer: ``fc_race_output``."""
        return bool(self._told) and _words(part) in self._told


def _words(name: str) -> tuple[str, ...]:
    """Return the words of a name between underscores and hyphens, without numbers and kinds of layers."""
    words = _WORD_ENDS.split(name.translate(NO_DIGITS).lower())
    return tuple(word for word in words if word and word not in LAYER_WORDS)


def pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces of at most `PIECE` characters, cut at white space where there is some."""
    at = 0
    while len(text) - at > PIECE:
        cut = max(text.rfind(" ", at + PIECE // 2, at + PIECE), text.rfind("\n", at + PIECE // 2, at + PIECE))
        cut = cut if cut > 0 else at + PIECE
        yield text[at:cut]
        at = cut
    if text[at:].strip():
        yield text[at:]


def unfold(key: str, value: str) -> Iterator[tuple[str, str | list[str]]]:
    """Yield what stands in a metadata value: ``(key, text)``, or ``(key, classes)`` for lists of any writing.

    JSON, a Python literal (Ultralytics writes ``{0: 'person', 1: 'bicycle'}``), lines, or
    commas where the key says that these are classes.
    """
    bare = value.strip()
    if bare[:1] in ("{", "["):
        try:
            found: list[tuple[str, str | list[str]]] = list(_json(key, json.loads(bare), 0))
        except (ValueError, RecursionError):
            words = [a or b for a, b in _QUOTED.findall(bare)][:LABELS]
            found = [(key, words if len(words) > 1 else value)]
        yield from found
        return
    for mark in ("\n", ",", ";", "|"):
        words = [word.strip() for word in bare.split(mark)][:LABELS]
        if len(words) > 1 and (_LISTED.search(key) or mark == "\n") and all(0 < len(w) <= LABEL // 4 for w in words):
            yield key, words
            return
    yield key, value


def _json(key: str, value: object, depth: int) -> Iterator[tuple[str, str | list[str]]]:
    """Yield the texts and lists of a JSON value, each under the nearest key that is a name."""
    if isinstance(value, str):
        yield key, _whole(value)
    elif isinstance(value, list):
        words = [_whole(item) for item in value if isinstance(item, str)]
        if words:
            yield (key, words[:LABELS]) if len(words) > 1 else (key, words[0])
        for item in value:
            if isinstance(item, (dict, list)) and depth < _DEEP:
                yield from _json(key, item, depth + 1)
    elif isinstance(value, dict):
        values = list(value.values())
        if len(values) > 1 and all(isinstance(item, str) and name.isdecimal() for name, item in value.items()):
            yield key, [_whole(str(item)) for item in values][:LABELS]
        elif len(values) > 1 and all(type(item) is int for item in values):
            yield key, [_whole(name) for name in value][:LABELS]
        elif depth < _DEEP:
            for name, item in value.items():
                if isinstance(item, (str, dict, list)):
                    yield from _json(key if name.isdecimal() else _whole(name), item, depth + 1)
                else:
                    yield key, _whole(name)


def _whole(text: str) -> str:
    """Return a text without halves of surrogate pairs, which JSON can write and no encoding can."""
    return text.encode("utf-8", "replace").decode()


_DEEP: Final = 30
"""JSON objects inside each other that are followed."""


def climbs(path: str) -> bool:
    """Whether a path that a model names leads out of the model's own folder."""
    parts = path.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or ":" in path or "\0" in path or parts[0] == "~"


def lines(data: bytes) -> list[str]:
    """Return the lines of a label file."""
    return [line.strip() for line in decode(data).splitlines() if line.strip()][:LABELS]
