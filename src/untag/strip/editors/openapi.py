"""OpenAPI, Swagger, AsyncAPI and JSON Schema, as JSON or YAML: properties, parameters, enum values, whole schemas.

Cut byte for byte: names in ``required``, values in examples and schemas that nothing uses any more go with them.
Sentences that mention the attribute are listed for a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from untag.strip.base import Check, Edit, Outcome, Refusal, StripError
from untag.strip.interface.document import pruned, without
from untag.strip.interface.members import line_ranges
from untag.strip.interface.reach import Description, promoted
from untag.strip.interface.tree import LARGEST, Node, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path as File

    from untag.strip.base import Choice, Unit
    from untag.strip.interface.reach import Path

SPEC: Final = re.compile(
    rb"""^\s*["']?(?:openapi|swagger|asyncapi|\$schema|\$defs|definitions|properties|components)["']?\s*:""",
    re.MULTILINE,
)
HEAD: Final = 1 << 20
"""Bytes in which a description says what it is."""


class OpenApiEditor:
    """See the module."""

    name = "openapi"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Know a description by a key that only one has."""
        form = _form(unit.name)
        try:
            if not form or unit.path.stat().st_size > LARGEST:
                return False
            with unit.path.open("rb") as file:
                head = file.read(HEAD)
        except OSError:
            return False
        if form == "json":
            head = head.replace(b"{", b"{\n").replace(b",", b",\n")
        return bool(SPEC.search(head))

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Plan one edit for the document, and one for each sentence that is left to a person."""
        data = unit.path.read_bytes()
        root = read(data, _form(unit.name))
        attributes = {f.attribute for f in unit.findings} | set(choice.attributes)
        named = frozenset((*choice.outputs, *choice.classes))
        described = Description(root, line_ranges(data, unit), attributes, named)
        reach = described.run()
        prints = tuple(f.fingerprint for f in unit.findings)
        for where, why in reach.blocked:
            yield Refusal(unit.name, where, why, "take it out by hand, or name what should stay", prints)
        if reach.blocked:
            return
        gone = promoted(described.parts, reach.gone)
        shared = [path for path in gone if described.parts[path].shared]
        if shared:
            yield Refusal(unit.name, _words(shared[0]), "an alias shares it", "write the part out first", prints)
            return
        inside = _byte_ranges(described.parts, data, gone)
        left = [f for f in unit.findings if not _covered(data, f.line, inside)]
        if gone:
            first = next((a for f in unit.findings for a in (f.attribute,)), "")
            done = tuple(f.fingerprint for f in unit.findings if f not in left)
            yield Edit(
                editor=self.name,
                unit=unit.name,
                kind="field",
                target=", ".join(sorted(reach.names))[:160],
                attribute=first,
                safety="safe",
                files=(unit.name,),
                removes=tuple(sorted(_words(path) for path in gone)),
                depends=("clients that send or read these names: generate them anew from the new description",),
                findings=done,
                detail={"paths": sorted((list(path) for path in gone), key=str), "names": sorted(reach.names)},
            )
        for finding in () if named else left:
            yield Edit(
                editor=self.name,
                unit=unit.name,
                kind="text",
                target=f"line {finding.line}: {' › '.join(finding.route) or finding.term}",
                attribute=finding.attribute,
                safety="manual",
                files=(unit.name,),
                why="a sentence or a name that no field goes with: rewrite it by hand",
                findings=(finding.fingerprint,),
            )

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],
        staging: File,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 - it takes no time
    ) -> Outcome:
        """Write the document without the parts; it must parse, and hold all the rest."""
        data = unit.path.read_bytes()
        form = _form(unit.name)
        root = read(data, form)
        parts = Description(root, [], set()).parts
        gone: set[Path] = {tuple(path) for edit in edits for path in edit.detail.get("paths", ())}
        if not gone or not gone <= parts.keys():
            raise StripError(f"{unit.name}: the plan names parts that are not there: make it anew")
        result = without(data, parts, gone)
        wanted = pruned(root.value(), gone)
        again = read(result, form).value()
        target = staging / unit.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(result)
        checks = (
            Check("parses", passed=True, detail=f"the new {form} parses, {len(result):,} bytes"),
            Check(
                "rest unchanged",
                passed=_same(wanted, again),
                detail=f"all but {len(gone)} parts are equal, value for value, in the same order",
                figures={"removed": len(gone)},
            ),
        )
        return Outcome(self.name, unit.name, (unit.name,), checks=checks)


def _same(left: Any, right: Any) -> bool:
    """Compare values and the order of keys."""
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)


def _form(name: str) -> str:
    ending = name.lower().rsplit(".", 1)[-1]
    return {"json": "json", "yaml": "yaml", "yml": "yaml"}.get(ending, "")


def _words(path: Path) -> str:
    return "/".join(map(str, path))


def _byte_ranges(parts: dict[Path, Node], data: bytes, gone: set[Path]) -> list[tuple[int, int]]:
    found = []
    for path in gone:
        parent = parts[path[:-1]]
        if parent.kind == "map":
            pair = next(p for p in parent.pairs if p.key == path[-1])
            start, stop = pair.start, pair.stop
        else:
            start, stop = parent.spans[int(path[-1])]
        found.append((data.rfind(b"\n", 0, start) + 1, stop))
    return found


def _covered(data: bytes, line: int, inside: list[tuple[int, int]]) -> bool:
    """Whether a line loses something: its finding is looked for again in the result."""
    start = 0
    for _ in range(line - 1):
        start = data.find(b"\n", start) + 1
    stop = data.find(b"\n", start)
    stop = len(data) if stop < 0 else stop
    return any(a < stop + 1 and start <= b for a, b in inside)


EDITOR = OpenApiEditor()
