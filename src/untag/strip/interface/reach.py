"""Which parts of an API description or a JSON Schema hold the attribute: found from the findings outward.

A member goes when its name names an attribute that a finding of the file is about, and it stands in a schema or an
operation that holds a finding, or that gives out a schema which loses a member. What was used by nothing but that
goes with it; what refers to it from elsewhere makes a refusal.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from untag.interpret.naming import attribute_of, protected
from untag.nouns import dataclass, field
from untag.strip.interface.members import fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.strip.interface.tree import Node

Path = tuple[str | int, ...]
"""Keys and numbers from the root to a part."""
SHELVES: Final = ("schemas", "definitions", "$defs", "parameters", "responses", "examples", "headers", "requestBodies")
"""Maps that keep named parts for use by reference."""
EXAMPLES: Final = ("example", "examples", "default", "x-example", "x-examples", "value", "const")
PARALLEL: Final = ("x-enum-varnames", "x-enumNames", "x-enum-descriptions", "enumNames", "x-enum-names")
"""Lists that stand beside an enum, item by item."""
METHODS: Final = ("get", "put", "post", "delete", "patch", "options", "head", "trace")
_SEGMENT: Final = re.compile(r"[{}?]")


@dataclass(slots=True)
class Reach:
    """What goes."""

    gone: set[Path] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    """Names of members, parameters and schemas that go: what callers are looked for by."""
    blocked: list[tuple[str, str]] = field(default_factory=list)
    """Parts that cannot go, and why."""


class Description:
    """One document, and the walk over it."""

    def __init__(
        self, root: Node, lines: list[tuple[int, int]], attributes: set[str], named: frozenset[str] = frozenset()
    ) -> None:
        """Take the tree, the byte ranges of the lines with findings, and the attributes that go.

        ``named`` holds what the caller wants gone by name, wherever it stands; then nothing else goes.
        """
        self.root = root
        self.named = named
        self.ranges = lines
        self.attributes = attributes
        self.parts: dict[Path, Node] = dict(_walk(root, ()))
        self.reach = Reach()

    def run(self) -> Reach:
        """Return all that goes."""
        self._members()
        self._enums()
        self._routes()
        for _ in range(len(self.parts)):
            before = len(self.reach.gone)
            self._operations()
            self._references()
            self._unused()
            if len(self.reach.gone) == before:
                break
        self._beside()
        return self.reach

    def _names(self, name: str) -> bool:
        return name in self.named if self.named else attribute_of(name) in self.attributes

    def _found_in(self, node: Node) -> bool:
        return bool(self.named) or any(start < node.stop and node.start < stop for start, stop in self.ranges)

    def _members(self) -> None:
        """Properties of schemas in which a finding stands."""
        for path, node in self.parts.items():
            if node.kind != "map" or not path or path[-1] != "properties" or "examples" in path:
                continue
            if not self._found_in(node) and not self._found_in(self.parts[path[:-1]]):
                continue
            for pair in node.pairs:
                if self._names(pair.key):
                    self._drop((*path, pair.key), pair.key)

    def _enums(self) -> None:
        """Values of enums: names of the attribute in a list of attributes, groups in a list of groups."""
        for path, node in self.parts.items():
            if node.kind != "list" or not path or path[-1] != "enum":
                continue
            owner = self.parts[path[:-1]]
            if not self._found_in(owner) and not self._of_attribute(path[:-1]):
                continue
            labels = [item.text for item in node.items]
            groups = protected(labels)
            hits = [i for i, label in enumerate(labels) if self._names(label) or self._group(groups[i])]
            if hits and len(hits) == len(labels):
                self._drop_schema(path[:-1])
                continue
            for number in hits:
                self.reach.gone.add((*path, number))
                self.reach.names.add(labels[number])
                for name in PARALLEL:
                    twin = owner.get(name)
                    if twin and twin.kind == "list" and len(twin.items) == len(labels):
                        self.reach.gone.add((*path[:-1], name, number))

    def _group(self, attribute: str) -> bool:
        """Race and ethnicity share their groups: a finding about one takes the values of the other."""
        if self.named:
            return False
        return fits(attribute, self.attributes)

    def _of_attribute(self, path: Path) -> bool:
        return any(isinstance(step, str) and self._names(step) for step in path[-2:])

    def _drop(self, path: Path, name: str) -> None:
        self.reach.gone.add(path)
        self.reach.names.add(name)

    def _drop_schema(self, path: Path) -> None:
        """Let a schema go that is nothing but the attribute, with what holds it."""
        if path in self.reach.gone:
            return
        if len(path) > 1 and (path[-2] in SHELVES or path[-2] == "properties"):
            self._drop(path, str(path[-1]))
        elif path and path[-1] in ("schema", "items", "content", "application/json"):
            self._drop_schema(path[:-1])
        elif path and isinstance(path[-1], int) and len(path) > 1 and path[-2] == "parameters":
            self._drop(path, self._name_of(path))
        else:
            where = "/".join(map(str, path)) or "the document"
            self.reach.blocked.append((where, "it is nothing but the attribute, and nothing of it would be left"))

    def _name_of(self, path: Path) -> str:
        name = self.parts[path].get("name")
        return name.text if name else str(path[-1])

    def _routes(self) -> None:
        """Paths of an API that are named for the attribute: /faces/{id}/ethnicity."""
        paths = self.root.get("paths")
        for pair in paths.pairs if paths else ():
            last = _SEGMENT.sub("", pair.key.rstrip("/").rsplit("/", 1)[-1])
            if self._names(last) and self._found_in(pair.value):
                self._drop(("paths", pair.key), pair.key)

    def _operations(self) -> None:
        """Parameters that ask for the attribute, where the operation holds a finding or answers with what goes."""
        for path, node in self.parts.items():
            if node.kind != "list" or not path or path[-1] != "parameters" or self._is_gone(path):
                continue
            holder = self.parts[path[:-1]]
            if not self._found_in(holder) and not self._touches(path[:-1]):
                continue
            for number, item in enumerate(node.items):
                name = item.get("name") if item.kind == "map" else None
                if name and item.get("in") and self._names(name.text):
                    self._drop((*path, number), name.text)
        for shelf in ("components", ""):
            base: Path = (shelf, "parameters") if shelf else ("parameters",)
            node_ = self.parts.get(base)
            for pair in node_.pairs if node_ and node_.kind == "map" else ():
                named = pair.value.get("name") if pair.value.kind == "map" else None
                if named and self._names(named.text) and (self._found_in(pair.value) or self.reach.gone):
                    self._drop((*base, pair.key), named.text)

    def _touches(self, path: Path) -> bool:
        """Whether an operation refers, directly or by other schemas, to one that loses a member."""
        losing = {gone[:n] for gone in self.reach.gone for n in range(1, len(gone))}
        seen: set[Path] = set()
        todo = [path]
        while todo:
            here = todo.pop()
            for under, target in self._refs_below(here):
                if target in losing or target in self.reach.gone:
                    return True
                if target not in seen and under is not None:
                    seen.add(target)
                    todo.append(target)
        return False

    def _refs_below(self, path: Path) -> Iterator[tuple[Path, Path]]:
        size = len(path)
        for where, target in self._refs().items():
            if where[:size] == path:
                yield where, target

    def _refs(self) -> dict[Path, Path]:
        """Return every reference of the document: where it stands, and what it names."""
        found: dict[Path, Path] = {}
        for path, node in self.parts.items():
            if path and path[-1] == "$ref" and node.kind == "scalar" and node.text.startswith("#/"):
                steps = tuple(s.replace("~1", "/").replace("~0", "~") for s in node.text[2:].split("/"))
                found[path[:-1]] = steps
        return found

    def _references(self) -> None:
        """Let go what refers to a part that goes, where it is a member, a parameter or an item; else block."""
        for where, target in self._refs().items():
            if target not in self.reach.gone or self._is_gone(where):
                continue
            if len(where) > 1 and where[-2] == "properties":
                self._drop(where, str(where[-1]))
            elif where[-1] in ("schema", "items"):
                self._drop_schema(where)
            elif isinstance(where[-1], int):
                self.reach.gone.add(where)
            else:
                self.reach.blocked.append(("/".join(map(str, where)), f"it refers to {target[-1]}, which goes"))

    def _is_gone(self, path: Path) -> bool:
        return any(path[:n] in self.reach.gone for n in range(1, len(path) + 1))

    def _unused(self) -> None:
        """Named parts that were used, and now are used by nothing that stays."""
        refs = self._refs()
        used = Counter(refs.values())
        left = Counter(target for where, target in refs.items() if not self._is_gone(where))
        for target in used:
            if not left[target] and target in self.parts and not self._is_gone(target):
                self._drop(target, str(target[-1]))

    def _beside(self) -> None:
        """Names in ``required``, and values in examples of schemas that lost a member."""
        for gone in [g for g in self.reach.gone if len(g) > 1 and g[-2] == "properties"]:
            schema, name = gone[:-2], str(gone[-1])
            required = self.parts.get((*schema, "required"))
            for number, item in enumerate(required.items if required and required.kind == "list" else ()):
                if item.text == name:
                    self.reach.gone.add((*schema, "required", number))
            siblings = {pair.key for pair in self.parts[gone[:-1]].pairs} - {name}
            self._examples(schema, name, siblings)

    def _examples(self, schema: Path, name: str, siblings: set[str]) -> None:
        for path, node in self.parts.items():
            if node.kind != "map" or not node.get(name) or not any(step in EXAMPLES for step in path):
                continue
            inside = path[: len(schema)] == schema
            if inside or any(pair.key in siblings for pair in node.pairs):
                self.reach.gone.add((*path, name))


def _walk(node: Node, path: Path) -> Iterator[tuple[Path, Node]]:
    yield path, node
    for pair in node.pairs:
        yield from _walk(pair.value, (*path, pair.key))
    for number, item in enumerate(node.items):
        yield from _walk(item, (*path, number))


def promoted(parts: dict[Path, Node], gone: set[Path]) -> set[Path]:
    """Return the removals in which a container that would be left empty goes itself."""
    found = set(gone)
    while True:
        more = set()
        for parent in {path[:-1] for path in found if len(path) > 1}:
            node = parts[parent]
            keys: list[str | int] = [pair.key for pair in node.pairs] or list(range(len(node.items)))
            if keys and all((*parent, key) in found for key in keys) and parent not in found:
                more.add(parent)
        if not more:
            break
        found |= more
    return {path for path in found if not any(path[:n] in found for n in range(1, len(path)))}
