"""Scopes and parts that all readers of weights share: the model, its tensors, its label lists."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from untag.limits import MEMBERS, STATEMENT
from untag.model import Scope
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.model import Blob

TENSORS: Final = 200_000
"""Tensor names of one file that are looked at; the largest models have some ten thousand."""
LIST: Final = 2_000
"""Strings beyond which a list is a vocabulary and not a set of labels: ImageNet-1k is the longest usual one."""
LONGEST: Final = 20_000
"""Characters of one string that are handed on as they are."""


def model_of(blob: Blob) -> Scope:
    """Return the scope of the model that a file is, named for its stem."""
    name = blob.trail[-1].rsplit("/", 1)[-1]
    stem = name.rsplit(".", 1)[0] if "." in name[1:] else name
    return Scope("model", stem.lstrip("~"), parent=Scope("file", name))


def short(text: str) -> str:
    """Return a text as a statement may hold it."""
    return text if len(text) <= STATEMENT else text[: STATEMENT - 1] + "…"


def labels(words: Sequence[str], name: str, parent: Scope) -> Iterator[Part]:
    """Yield the classes of a label list; of a vocabulary, its words, which are no set of classes."""
    words = tuple(dict.fromkeys(words))
    if len(words) > LIST:
        scope = Scope("list", name, parent=parent)
        for word in words:
            yield Part(word, "string", scope)
        return
    scope = Scope("labels", name, words[:MEMBERS], parent=parent)
    of = f" of {name}" if name else ""
    for at, word in enumerate(words):
        yield Part(word, "item", scope, short(f"class {at}{of}: {word}"))


@dataclass(slots=True)
class Tensors:
    """Gathers the tensors of a file, and names each part of their paths once."""

    parent: Scope
    rows: list[tuple[str, str]] = field(default_factory=list)
    """Name, and type with shape."""
    cut: bool = False
    """Whether there were more than `TENSORS`."""

    def add(self, name: str, dtype: str = "", shape: Iterable[int] = ()) -> None:
        """Take one tensor."""
        if len(self.rows) < TENSORS:
            self.rows.append((name, f"{dtype}[{', '.join(map(str, shape))}]"))
        else:
            self.cut = True

    def parts(self) -> Iterator[Part]:
        """Yield a part for each tensor whose path has a component that none before it had."""
        scope = Scope("outputs", "", modules([name for name, _ in self.rows]), parent=self.parent)
        seen: set[str] = set()
        for name, shape in self.rows:
            new = {part for part in split(name) if not part.isdecimal()} - seen
            if new:
                seen |= new
                yield Part(name, "member", scope, short(f"tensor {name} {shape}".removesuffix("[]").rstrip()))


def split(name: str) -> list[str]:
    """Return the components of a tensor's path: dots in PyTorch and GGUF, slashes in Keras."""
    return name.replace("/", ".").replace(":", ".").split(".")


def modules(names: Sequence[str]) -> tuple[str, ...]:
    """Return the modules at the first level at which there are several, at most `limits.MEMBERS`."""
    paths = [split(name) for name in names]
    for level in range(8):
        found = dict.fromkeys(path[level] for path in paths if len(path) > level and not path[level].isdecimal())
        if len(found) > 1:
            return tuple(found)[:MEMBERS]
    return tuple(dict.fromkeys(names))[:MEMBERS]
