"""From the symbols of a pickle, or from JSON, to parts: labels, keys, attributes, tensors.

The walk keeps its own stack and visits each value once, so that neither deep nesting nor a
value that holds itself ten thousand times costs more than it takes in the file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.limits import MEMBERS
from untag.model import Blob, Scope
from untag.readers.artifacts.tensors.naming import LIST, LONGEST, Tensors, labels, model_of, short
from untag.readers.artifacts.tensors.values import LABELS, Array, Global, Pairs, Raw, Storage, Tensor, Thing
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline
    from untag.model import Buffer

SAID: Final = 100_000
"""Texts remembered so that none is said twice in one place; past it they are forgotten."""
SCOPES: Final = 12
"""Scopes within each other; what lies deeper is told in the last of them."""
KNOWN: Final = (
    "torch",
    "collections",
    "numpy",
    "sklearn",
    "builtins",
    "copyreg",
    "joblib",
    "pandas",
    "scipy",
    "datetime",
)
"""Libraries whose class names say nothing about what a model is for."""
CHILDREN: Final = ("_modules", "_parameters", "_buffers")
"""Where a module of PyTorch keeps what is in it; they are no part of a tensor's name."""
SOURCE: Final = 200
"""Characters from which a text of several lines is read as a file of its own: source text that came along."""
RECORDS: Final = 3
"""Mappings in a list from which on they are records, and what stands in them is about single things."""
DULL: Final = frozenset(("protocol_version", "little_endian", "type_sizes", "version", ""))
"""Keys that PyTorch writes into every file."""
LABEL_BYTES: Final = 200
"""Bytes of a label at most."""

Work = tuple[Any, str, Scope, str, str]
"""A value, the name that it goes by, the scope around it, the module path, and how it stands: "", "row" or "cells"."""


class Walk:
    """Turns values into parts; gathers the tensors on the way."""

    def __init__(self, blob: Blob, deadline: Deadline, data: Buffer = b"") -> None:
        self.model = model_of(blob)
        self.trail = blob.trail
        self.data = data
        self.deadline = deadline
        self.tensors = Tensors(self.model)
        self._seen: set[int] = set()
        self._kept: list[Any] = []
        """Values made here: an id must not be used again while the walk goes on."""
        self._said: set[int] = set()
        self._sources = 0
        self._crowded = LIST
        """Keys of long records that are still handed on: who they are about is nobody's business."""
        self._work: list[Work] = []

    def values(self, roots: Sequence[Any], scope: Scope | None = None, name: str = "") -> Iterator[Part | Blob]:
        """Yield the parts of ``roots`` and of all that is in them; each value once."""
        count = 0
        for root in roots:
            self._work.append((root, name, scope or self.model, "", ""))
            while self._work:
                count += 1
                if not count & 0x3FF:
                    self.deadline.check()
                yield from self._one(*self._work.pop())

    def keep(self, values: Any) -> None:
        """Hold on to values, so that another one is never taken for one that was seen."""
        self._kept.append(values)

    def forget(self) -> None:
        """Forget which values were seen: some are gone, and others may stand where they stood."""
        self._seen.clear()
        self._kept.clear()

    def _one(self, value: Any, name: str, scope: Scope, path: str, how: str) -> Iterator[Part | Blob]:
        """Yield what one value says; put what is in it on the stack."""
        if isinstance(value, str):
            yield from self._text(value, name, scope, how)
            return
        if isinstance(value, Tensor):
            self.tensors.add(path or name or "tensor", value.dtype, value.shape)
            return
        if isinstance(value, bytes | Raw):
            text = self._label(value)
            if text:
                yield from self._text(text, name, scope, how)
            return
        if value is None or isinstance(value, int | float | Storage) or id(value) in self._seen:
            return
        self._seen.add(id(value))
        if isinstance(value, list | tuple):
            yield from self._list(value, name, scope, path, how)
        elif isinstance(value, Array):
            yield from self._array(value, name, scope, path, how)
        elif isinstance(value, Pairs | dict):
            yield from self._mapping(value, name, scope, path, how)
        elif isinstance(value, Thing):
            yield from self._thing(value, name, scope, path, how)
        elif isinstance(value, Global):
            yield from self._class(value.name, scope)

    def _once(self, text: str, role: str, scope: Scope) -> bool:
        """Whether a text has not yet been said in this place."""
        key = hash((text, role, scope.name))
        if key in self._said:
            return False
        if len(self._said) > SAID:
            self._said.clear()
        self._said.add(key)
        return True

    def _text(self, text: str, name: str, scope: Scope, how: str) -> Iterator[Part | Blob]:
        if how:
            row = Scope("row", name, parent=scope.parent if scope.kind == "row" else scope)
            if self._once(text, "value", row):
                yield Part(text[:LONGEST], "value", row)
        elif len(text) > SOURCE and text.count("\n") > 2:  # noqa: PLR2004 - of a file, not of a sentence
            self._sources += 1
            yield Blob((*self.trail, f"~text-{self._sources}"), text.encode("utf-8", "replace"))
        elif self._once(text, "string", scope):
            role = "value" if name else "string"
            yield Part(text[:LONGEST], role, scope, short(f"{name}: {text}" if name else text))

    def _label(self, value: bytes | Raw) -> str:
        """Return the text of bytes that are a label, else nothing."""
        if isinstance(value, Raw):
            if not value.text:
                return ""
            return bytes(self.data[value.start : min(value.stop, value.start + LONGEST)]).decode("utf-8", "replace")
        if not 0 < len(value) <= LABEL_BYTES:
            return ""
        try:
            text = value.decode()
        except UnicodeDecodeError:
            return ""
        return text if text.isprintable() else ""

    def _words(self, values: Sequence[Any]) -> list[str]:
        """Return the strings of a list that has nothing else in it, bytes read as text; else an empty list."""
        out = []
        for value in values:
            text = self._label(value) if isinstance(value, bytes) else value
            if not isinstance(text, str) or len(text) > SOURCE:
                return []
            if text:
                out.append(text)
        return out

    def _push(self, value: Any, name: str, scope: Scope, path: str = "", how: str = "") -> None:
        self._work.append((value, name, scope, path, how))

    def _list(self, values: Sequence[Any], name: str, scope: Scope, path: str, how: str) -> Iterator[Part | Blob]:
        words = self._words(values) if values else []
        if words and not how and all(word.isdecimal() for word in words):
            return
        if words and not how and sum(word.endswith("\n") for word in words) * 2 > len(words):
            self._sources += 1
            yield Blob((*self.trail, f"~text-{self._sources}"), "".join(words).encode("utf-8", "replace"))
            return
        if len(words) == 1 and not how:
            yield from self._text(words[0], name, scope, how)
            return
        if words and not how:
            for part in labels(words, name, scope):
                if self._once(part.text, part.role, part.scope):
                    yield part
            return
        if not how and sum(isinstance(x, Pairs | dict) for x in values[:MEMBERS]) >= RECORDS and _alike(values):
            how, scope = "row", self._below("row", name, scope, ())
        for value in reversed(values):
            if value is not None and not isinstance(value, int | float):
                self._push(value, name, scope, path, how)

    def _array(self, value: Array, name: str, scope: Scope, path: str, how: str) -> Iterator[Part | Blob]:
        """Yield the strings of an array: labels, unless there are so many or so arranged that they are a table's."""
        table = bool(how) or len(value.shape) > 1 or len(value.items) > LABELS
        if not table or not self._words(value.items):
            yield from self._list(value.items, name, scope, path, how or ("row" if table else ""))
            return
        scope = Scope("row", name, parent=scope)
        for text in dict.fromkeys(self._words(value.items)):
            if self._once(text, "value", scope):
                yield Part(text, "value", scope)

    def _mapping(
        self, value: Pairs | dict[str, Any], name: str, scope: Scope, path: str, how: str
    ) -> Iterator[Part | Blob]:
        flat = value.flat if isinstance(value, Pairs) else [x for pair in value.items() for x in pair]
        keys, held = flat[::2], flat[1::2]
        if any(isinstance(x, Tensor) for x in held):
            for key, item in zip(keys, held, strict=False):
                if isinstance(item, Tensor):
                    text = self._key(key)
                    self.tensors.add(f"{path}.{text}" if path and text else path or text, item.dtype, item.shape)
            if all(isinstance(x, Tensor) for x in held):
                return
        names = [self._key(key) for key in keys]
        if len(keys) > LIST or (isinstance(value, Pairs) and value.crowd):
            yield from self._crowd(names, held, name, scope)
            return
        if not DULL.isdisjoint(names) and _dull(name, names, held):
            return
        here = self._below("row" if how else "map", name, scope, tuple(n for n in names[:MEMBERS] if n))
        said = how == "cells"
        for part in self._label_map(keys, held, name, scope, how):
            said = True
            yield part
        for key, text, item in zip(keys, names, held, strict=False):
            if not text:
                self._push(key, name, here, path, how)
            elif not said and not how and self._once(text, "key", here):
                kind = _spoken(item)
                yield Part(text[:LONGEST], "key", here, short(f"{text}: {kind}" if kind else text))
            elif not said and how and self._once(text, "member", here):
                yield Part(text[:LONGEST], "member", here, short(f"column {text}"))
        for text, item in zip(reversed(names), reversed(held), strict=False):
            below = f"{path}.{text}" if path and text else path
            self._push(item, text or name, here, below, how)

    def _crowd(self, names: list[str], held: list[Any], name: str, scope: Scope) -> Iterator[Part | Blob]:
        """Yield of a very long mapping the words of a vocabulary, or of records the values and some of the keys."""
        if all(_index(x) for x in held):
            yield from labels([x for x in names if x], name, scope)
            return
        row = Scope("row", name, parent=scope)
        some, self._crowded = names[: self._crowded], max(0, self._crowded - len(names))
        for text in some:
            if text and self._once(text, "value", row):
                yield Part(text[:LONGEST], "value", row)
        words: dict[str, None] = {}
        for item in held:
            if isinstance(item, str):
                words[item] = None
            elif isinstance(item, list | tuple) and all(type(x) is str for x in item):
                words.update(dict.fromkeys(item))
            elif item is not None and not isinstance(item, int | float):
                self._push(item, name, row, "", "row")
        for text in words:
            yield from self._text(text, name, row, "row")

    def _label_map(self, keys: list[Any], held: list[Any], name: str, scope: Scope, how: str) -> Iterator[Part]:
        """Yield the classes of a map from label to number or back: ``class_to_idx``, ``id2label``."""
        if how or not 1 < len(keys) <= MEMBERS * 10:
            return
        words: list[str] = []
        if all(_index(x) for x in held):
            words = self._words(keys)
        elif all(_index(x) or (isinstance(x, str) and x.isdecimal()) for x in keys):
            words = self._words(held)
        if len(words) == len(keys):
            yield from (part for part in labels(words, name, scope) if self._once(part.text, part.role, part.scope))

    def _thing(self, value: Thing, name: str, scope: Scope, path: str, how: str) -> Iterator[Part | Blob]:
        yield from self._class(value.kind, scope)
        last = value.kind.rsplit(".", 1)[-1]
        if value.kind.startswith("pandas."):
            self._pandas(value, name, scope)
            return
        states = value.state if isinstance(value.state, list | tuple) else (value.state,)
        below = scope
        for state in states:
            if isinstance(state, Pairs) and id(state) not in self._seen:
                self._seen.add(id(state))
                names = [self._key(key) for key in state.flat[::2]]
                below = self._below("class", last, scope, tuple(n for n in names[:MEMBERS] if n))
                for text, item in zip(names, state.flat[1::2], strict=False):
                    if text in CHILDREN and isinstance(item, Pairs):
                        self._modules(item, below, path)
                    elif text:
                        if not text.startswith("_") and self._once(text, "member", below):
                            yield Part(text[:LONGEST], "member", below, short(f"attribute {text} of {last}"))
                        self._push(item, text, below, "", how)
            else:
                self._push(state, name, scope, path, how)
        if value.pairs:
            self._kept.append(pairs := Pairs(value.pairs))
            self._push(pairs, name, below, path, how)
        if value.items:
            self._push(value.items, name, below, path, how)
        self._push(value.args, name, scope, path, how)

    def _modules(self, children: Pairs, scope: Scope, path: str) -> None:
        """Put the modules and parameters of a PyTorch module on the stack, each with its path."""
        self._seen.add(id(children))
        for key, item in zip(children.flat[::2], children.flat[1::2], strict=False):
            text = self._key(key)
            self._push(item, text, scope, f"{path}.{text}" if path else text)
            if text and not isinstance(item, Tensor) and item is not None:
                self.tensors.add(f"{path}.{text}" if path else text)

    def _pandas(self, value: Thing, name: str, scope: Scope) -> None:
        """Put a table on the stack: the first of its indices is the names of columns, all else are cells."""
        inner = value.args if isinstance(value.args, tuple) else ()
        manager = value.kind.endswith(("BlockManager", "SingleBlockManager"))
        for item in (value.state, value.items, value.pairs, *inner):
            axes = item if manager and isinstance(item, list | tuple) else ()
            columns = axes[0] if axes and isinstance(axes[0], Thing) and "Index" in _deep_kind(axes[0]) else None
            self._push(item, name or "cells", scope, "", "cells")
            if columns is not None:
                self._columns(columns, name, scope)

    def _columns(self, index: Thing, name: str, scope: Scope) -> None:
        """Name the columns of a table."""
        todo: list[Any] = [index.args]
        for _ in range(20):
            if not todo:
                return
            value = todo.pop()
            if isinstance(value, Array):
                words = self._words(value.items[:MEMBERS])
                if words:
                    self._seen.add(id(value))
                    table = Pairs([x for word in words for x in (word, None)])
                    self._kept.append(table)
                    self._push(table, name or "table", scope, "", "row")
                return
            if isinstance(value, tuple | list):
                todo += value
            elif isinstance(value, Pairs):
                todo += value.flat[1::2]
            elif isinstance(value, Thing):
                todo += (value.args, value.state)

    def _class(self, kind: str, scope: Scope) -> Iterator[Part]:
        """Yield a class that the pickle names, unless it is one of a library's own."""
        if kind.split(".", 1)[0] not in KNOWN and self._once(kind, "declaration", self.model):
            yield Part(kind.rsplit(".", 1)[-1][:LONGEST], "declaration", scope, short(f"object of class {kind}"))

    def _key(self, key: Any) -> str:
        if isinstance(key, str):
            return key
        return self._label(key) if isinstance(key, bytes) else ""

    def _below(self, kind: str, name: str, scope: Scope, members: tuple[str, ...]) -> Scope:
        """Return a scope within another; past `SCOPES` of them, beside it."""
        depth, at = 0, scope.parent
        while at is not None:
            depth, at = depth + 1, at.parent
        return Scope(kind, name, members, parent=scope if depth < SCOPES else scope.parent)


def _alike(values: Sequence[Any]) -> bool:
    """Whether mappings in a list have the same keys, as records have."""
    some = [x for x in values[:20] if isinstance(x, Pairs | dict)]
    keys = [tuple(map(str, x.flat[::2] if isinstance(x, Pairs) else x)) for x in some]
    return len(set(keys)) * 2 <= len(keys)


def _dull(name: str, names: list[str], held: list[Any]) -> bool:
    """Whether a mapping is what PyTorch writes into every file: its own version, or modules' versions."""
    return DULL.issuperset(names) or (name == "_metadata" and all(isinstance(x, Pairs) for x in held))


def _index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _spoken(value: Any) -> str:
    """Return a value as a statement may show it: short text and numbers, of the rest its kind."""
    if isinstance(value, str) and len(value) <= LABEL_BYTES and "\n" not in value:
        return value
    if isinstance(value, list | tuple):
        return ", ".join(x for x in value[:8] if isinstance(x, str))
    return str(value) if _index(value) else ""


def _deep_kind(value: Thing) -> str:
    """Return the classes that a pandas index is made of, in one string."""
    inner = value.args if isinstance(value.args, tuple) else ()
    return " ".join((value.kind, *(x.name for x in inner if isinstance(x, Global))))
