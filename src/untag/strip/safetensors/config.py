"""The label maps of a configuration: ``id2label``, ``label2id``, ``num_labels`` and what else lists the classes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.interpret.naming import attribute_of
from untag.strip.base import StripError
from untag.strip.weights.jsontext import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from untag.strip.weights.jsontext import Member, Value

COUNTS: Final = ("num_labels", "_num_labels", "num_classes")
"""Keys that say how many classes there are."""


def labels_of(config: Text | None) -> list[str]:
    """Return the class names by number; empty where there are none, or they are not numbered from 0 on."""
    held = config.root.get("id2label") if config is not None else None
    if held is not None and held.kind == "object":
        found = {m.key: m.value.plain for m in held.members}
        if all(isinstance(v, str) for v in found.values()) and set(found) == {str(n) for n in range(len(found))}:
            return [str(found[str(n)]) for n in range(len(found))]
        return []
    held = config.root.get("label2id") if config is not None else None
    if held is not None and held.kind == "object":
        numbers = {m.value.plain: m.key for m in held.members}
        if set(numbers) == set(range(len(held.members))):
            return [numbers[n] for n in range(len(numbers))]
    return []


def cut_labels(text: Text, labels: Sequence[str], gone: Iterable[int]) -> list[str]:
    """Mark in a configuration that some classes go: maps are numbered anew, lists and counts are shorter.

    Return what was changed, in words.
    """
    removed = set(gone)
    kept = [n for n in range(len(labels)) if n not in removed]
    new = {old: number for number, old in enumerate(kept)}
    done: list[str] = []
    for key, value in _below(text.root):
        plain = [m.value.plain for m in value.members]
        if value.kind == "array" and plain == list(labels):
            _drop_items(text, value, removed)
        elif value.kind == "object" and _numbered(value, labels):
            text.remove(value, lambda m: int(m.key) in removed)
            for member in value.members:
                if int(member.key) in new and new[int(member.key)] != int(member.key):
                    text.rekey(member, str(new[int(member.key)]))
        elif value.kind == "object" and _named(value, labels):
            text.remove(value, lambda m: m.value.plain in removed)
            for member in value.members:
                if member.value.plain in new and new[member.value.plain] != member.value.plain:
                    text.put(member.value, new[member.value.plain])
        elif key in COUNTS and value.plain == len(labels):
            text.put(value, len(kept))
        else:
            continue
        done.append(key)
    return done


def _drop_items(text: Text, value: Value, removed: set[int]) -> None:
    places = {id(m): n for n, m in enumerate(value.members)}
    text.remove(value, lambda m: places[id(m)] in removed)


def _numbered(value: Value, labels: Sequence[str]) -> bool:
    return [(m.key, m.value.plain) for m in sorted(value.members, key=_number)] == [
        (str(n), label) for n, label in enumerate(labels)
    ]


def _number(member: Member) -> int:
    return int(member.key) if member.key.isdecimal() and len(member.key) < 9 else -1  # noqa: PLR2004


def _named(value: Value, labels: Sequence[str]) -> bool:
    found = {m.key: m.value.plain for m in value.members}
    return bool(labels) and found == {label: n for n, label in enumerate(labels)} and _ints(found.values())


def _ints(values: Iterable[object]) -> bool:
    return all(type(v) is int for v in values)


def _below(value: Value) -> Iterator[tuple[str, Value]]:
    """Yield a value and every member of every object in it, however deep, each with its key."""
    yield "", value
    stack = [value]
    while stack:
        here = stack.pop()
        for member in here.members:
            if member.key:
                yield member.key, member.value
            stack.append(member.value)


def named_keys(text: Text, attributes: Iterable[str]) -> list[tuple[Value, str]]:
    """Return the keys that are named for an attribute, each with the object that it stands in.

    A label map's keys are classes and no settings: they are left to `cut_labels`.
    """
    asked = set(attributes)
    found: list[tuple[Value, str]] = []
    stack = [text.root]
    while stack:
        here = stack.pop()
        if here is not text.root and here.kind == "object" and _ints(m.value.plain for m in here.members):
            continue
        own = {m.key for m in here.members if m.key and attribute_of(m.key) in asked}
        found += [(here, key) for key in own]
        stack += [m.value for m in here.members if m.key not in own or not m.key]
    return found


def cut_keys(text: Text, attributes: Iterable[str]) -> list[str]:
    """Mark for removal the members that are named for an attribute, whatever their value; return their keys."""
    holders: dict[int, tuple[Value, set[str]]] = {}
    for holder, key in named_keys(text, attributes):
        holders.setdefault(id(holder), (holder, set()))[1].add(key)
    for holder, keys in holders.values():
        text.remove(holder, lambda m, keys=keys: m.key in keys)  # type: ignore[misc]
    return sorted(key for _, keys in holders.values() for key in keys)


def cut_metadata(header: Text, labels: Sequence[str], gone: Iterable[int], attributes: Iterable[str]) -> list[str]:
    """Mark in the ``__metadata__`` of a safetensors header what names removed classes or a removed head.

    Values are strings; one that is JSON is changed inside.
    """
    held = header.root.get("__metadata__")
    if held is None or held.kind != "object":
        return []
    asked = set(attributes)
    removed = header.remove(held, lambda m: attribute_of(m.key) in asked)
    done = [m.key for m in removed]
    for member in held.members:
        value = member.value.plain
        if member in removed or not isinstance(value, str) or value[:1] not in ("{", "["):
            continue
        try:
            text = Text(value.encode(), member.key)
        except StripError:
            continue
        if labels and cut_labels(text, labels, gone):
            header.put(member.value, text.done().decode())
            done.append(member.key)
    return done
