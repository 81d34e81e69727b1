"""Class names in text: what lists a metadata value holds, and the same value without some classes.

Understood are JSON, Python literals (``{0: 'person', 1: 'bicycle'}``), lines, and lists between commas,
semicolons or bars. Whatever is not one of the lists stays as it is, byte for byte where the writing allows it.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, Final

from untag.nouns import dataclass
from untag.readers.artifacts.models.common import unfold
from untag.strip.base import StripError
from untag.strip.weights import jsontext

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LARGEST: Final = 1 << 20
"""Characters of a value that is read as a literal."""
MARKS: Final = ("\n", ",", ";", "|")


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of classes in a text."""

    key: str
    """The nearest name that it stands under."""
    labels: tuple[str, ...]


def listings(key: str, value: str) -> tuple[Listing, ...]:
    """Return the lists of class names in a value, in order."""
    if len(value) > LARGEST:
        return ()
    tree = _tree(value)
    if tree is not None:
        return tuple(Listing(name, tuple(labels)) for name, labels in _lists(key, tree))
    return tuple(
        Listing(name, tuple(words))
        for name, words in unfold(key, value)
        if not isinstance(words, str) and value.strip()[:1] not in "{["
    )


def without(key: str, value: str, gone: Callable[[Listing], frozenset[int]]) -> str | None:
    """Return a value without the classes that ``gone`` names of its lists; nothing when a bare list loses all."""
    if not any(gone(found) for found in listings(key, value)):
        return value
    bare = value.strip()
    if bare[:1] in ("{", "["):
        if (
            all(gone(found) == frozenset(range(len(found.labels))) for found in listings(key, value))
            and len(listings(key, value)) == 1
            and _bare(value)
        ):
            return None
        return _json(key, value, gone) if _is_json(value) else _literal(key, value, gone)
    (found,) = listings(key, value)
    indices = gone(found)
    if len(indices) == len(found.labels):
        return None
    mark = next(mark for mark in MARKS if len(bare.split(mark)) > 1)
    pieces = bare.split(mark)
    start = value.index(bare)
    kept = [piece for at, piece in enumerate(pieces) if at not in indices]
    if 0 in indices and mark != "\n":
        kept[0] = kept[0].lstrip()
    return value[:start] + mark.join(kept) + value[start + len(bare) :]


def _is_json(value: str) -> bool:
    try:
        jsontext.Text(value.encode(), "text")
    except StripError:
        return False
    return True


def _tree(value: str) -> Any:
    """Return a JSON value or Python literal; nothing for any other text."""
    if value.strip()[:1] not in ("{", "["):
        return None
    try:
        return jsontext.Text(value.encode(), "text").root.python()
    except StripError:
        pass
    try:
        return ast.literal_eval(value.strip())
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return None


def _bare(value: str) -> bool:
    """Whether a text is one list and nothing beside it."""
    tree = _tree(value)
    return isinstance(tree, (list, tuple)) or (isinstance(tree, dict) and _numbered(tree) is not None)


def _numbered(tree: dict[Any, Any]) -> list[str] | None:
    """Return the names of a map from numbers to names, or from names to numbers, in the order of the numbers."""
    if not tree:
        return None
    try:
        if all(isinstance(name, str) for name in tree.values()):
            pairs = sorted((int(number), name) for number, name in tree.items())
        elif all(type(number) is int and isinstance(name, str) for name, number in tree.items()):
            pairs = sorted((number, name) for name, number in tree.items())
        else:
            return None
    except (ValueError, TypeError):
        return None
    return [name for _, name in pairs] if [number for number, _ in pairs] == list(range(len(pairs))) else None


def _lists(key: str, tree: Any) -> Iterator[tuple[str, list[str]]]:
    if isinstance(tree, (list, tuple)):
        if len(tree) > 1 and all(isinstance(item, str) for item in tree):
            yield key, list(tree)
        else:
            for item in tree:
                yield from _lists(key, item)
    elif isinstance(tree, dict):
        names = _numbered(tree)
        if names is not None and len(names) > 1:
            yield key, names
        else:
            for name, item in tree.items():
                yield from _lists(str(name), item)


def _literal(key: str, value: str, gone: Callable[[Listing], frozenset[int]]) -> str:
    """Return a Python literal without classes, written as ``repr`` writes it."""
    bare = value.strip()
    return value.replace(bare, repr(pruned(key, ast.literal_eval(bare), gone)))


def pruned(key: str, tree: Any, gone: Callable[[Listing], frozenset[int]]) -> Any:
    """Return a tree of plain values without classes; a list that loses all is empty."""
    if isinstance(tree, (list, tuple)):
        if len(tree) > 1 and all(isinstance(item, str) for item in tree):
            out = gone(Listing(key, tuple(tree)))
            return type(tree)(item for at, item in enumerate(tree) if at not in out)
        return type(tree)(pruned(key, item, gone) for item in tree)
    if isinstance(tree, dict):
        names = _numbered(tree)
        if names is not None and len(names) > 1:
            out = gone(Listing(key, tuple(names)))
            kept = [name for at, name in enumerate(names) if at not in out]
            first = next(iter(tree))
            if isinstance(next(iter(tree.values())), str):
                return {str(at) if isinstance(first, str) else at: name for at, name in enumerate(kept)}
            return {name: at for at, name in enumerate(kept)}
        return {name: pruned(str(name), item, gone) for name, item in tree.items()}
    return tree


def _json(key: str, value: str, gone: Callable[[Listing], frozenset[int]]) -> str:
    text = jsontext.Text(value.encode(), key)
    prune(text, key, gone)
    return text.done().decode()


def prune(
    text: jsontext.Text,
    key: str,
    gone: Callable[[Listing], frozenset[int]],
    within: jsontext.Value | None = None,
) -> list[str]:
    """Take classes out of every list of a JSON text, or of one value in it; return the labels that went.

    A list that loses all goes whole.
    """
    went: list[str] = []
    whole: dict[int, tuple[jsontext.Value, set[int]]] = {}
    start = within or text.root
    stack: list[tuple[str, jsontext.Value, tuple[jsontext.Value, jsontext.Member] | None]] = [(key, start, None)]
    while stack:
        name, here, holder = stack.pop()
        labels = _labels_of(here)
        if labels is None:
            stack += [(m.key or name, m.value, (here, m)) for m in here.members]
            continue
        out = gone(Listing(name, tuple(labels)))
        if not out:
            continue
        went += [labels[at] for at in sorted(out)]
        if len(out) == len(labels) and holder is not None and holder[0].kind == "object":
            whole.setdefault(id(holder[0]), (holder[0], set()))[1].add(id(holder[1]))
            continue
        _cut(text, here, labels, out)
    for owner, members in whole.values():
        text.remove(owner, lambda m, ids=members: id(m) in ids)  # type: ignore[misc]
    return went


def _labels_of(value: jsontext.Value) -> list[str] | None:
    tree = value.python() if value.kind != "scalar" else None
    if isinstance(tree, list):
        return tree if len(tree) > 1 and all(isinstance(item, str) for item in tree) else None
    if isinstance(tree, dict):
        names = _numbered(tree)
        return names if names is not None and len(names) > 1 else None
    return None


def _cut(text: jsontext.Text, here: jsontext.Value, labels: list[str], out: frozenset[int]) -> None:
    """Take classes out of one array or map, and number the rest anew."""
    if here.kind == "array":
        names = {id(m) for at, m in enumerate(here.members) if at in out}
        text.remove(here, lambda m: id(m) in names)
        return
    to_name = isinstance(here.members[0].value.plain, str)
    number = {id(m): int(m.key) if to_name else int(m.value.plain) for m in here.members}
    kept = [at for at in range(len(labels)) if at not in out]
    text.remove(here, lambda m: number[id(m)] in out)
    for member in here.members:
        old = number[id(member)]
        if old in out or kept.index(old) == old:
            continue
        if to_name:
            text.rekey(member, str(kept.index(old)))
        else:
            text.put(member.value, kept.index(old))


_SENTENCE: Final = re.compile(r"[^.;\n]*[.;\n]?\s*")


def unsaid(text: str, speaks: Callable[[str], bool]) -> str:
    """Return running text without the sentences and lines that speak of what went."""
    if not speaks(text):
        return text
    kept = "".join(part for part in _SENTENCE.findall(text) if not speaks(part))
    return "" if speaks(kept) else kept.strip()
