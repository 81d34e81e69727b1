"""GraphQL schemas: fields, arguments, input fields, enum values, and types that nothing uses any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.strip.base import Check, Edit, Outcome, StripError
from untag.strip.interface import spans
from untag.strip.interface.members import Block, Member, choose, edits, others, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Refusal, Unit

ENDINGS: Final = (".graphql", ".gql", ".graphqls")
LARGEST: Final = 16 << 20
MISSING: Final = "GraphQL schemas are cut with graphql-core: pip install 'untag[strip]'"


class GraphqlEditor:
    """See the module."""

    name = "graphql"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Know a schema by its ending; one that does not parse is refused by `plan`."""
        try:
            return unit.name.lower().endswith(ENDINGS) and unit.path.stat().st_size <= LARGEST
        except OSError:
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Plan one edit for the file."""
        data = unit.path.read_bytes()
        cuts = choose(data, blocks(data), unit, choice, others(unit, ENDINGS))
        yield from edits(self.name, unit, data, cuts, _lines, choice)

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],
        staging: Path,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 - it takes no time
    ) -> Outcome:
        """Write the schema; it must parse, and hold all other members with their types."""
        data = unit.path.read_bytes()
        before = blocks(data)
        places, members, gone = placed(unit, edits, before)
        empty = [b for b in before if b.members and all((m.start, m.stop) in places for m in b.members)]
        if any(b not in gone for b in empty):
            raise StripError(
                f"{unit.name}: nothing of {empty[0].name} would be left, and it is used: remove it by hand"
            )
        result = spans.cut(data, [_lines(data, a, z) for a, z in places])
        target = staging / unit.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(result)
        dropped = {(b.start, m.name) for b, m in members}
        wanted = [
            (b.name, [(m.name, m.type) for m in b.members if (b.start, m.name) not in dropped])
            for b in before
            if not any(a <= b.start < z for a, z in places)
        ]
        have = [(b.name, [(m.name, m.type) for m in b.members]) for b in blocks(result)]
        detail = f"{sum(len(names) for _, names in have)} members of {len(have)} types stay, with their types"
        check = Check("rest unchanged", passed=wanted == have, detail=detail)
        return Outcome(self.name, unit.name, (unit.name,), checks=(check,))


def blocks(data: bytes) -> list[Block]:
    """Return the types of a schema, and the arguments of each field as a block of their own."""
    try:
        from graphql import GraphQLSyntaxError, parse  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise StripError(MISSING) from error
    try:
        text = data.decode("utf-8")
        tree = parse(text)
    except (UnicodeDecodeError, GraphQLSyntaxError, RecursionError) as error:
        raise StripError(f"no GraphQL schema that parses: {str(error).splitlines()[0]}") from error
    at = _offsets(text)
    found: list[Block] = []
    for definition in tree.definitions:
        node: Any = definition
        fields = getattr(node, "fields", None)
        values = getattr(node, "values", None)
        if node.loc is None or not hasattr(node, "name") or (not fields and not values):
            continue
        members = tuple(_member(n, at) for n in (fields or values or ()))
        kind = "values" if values else "fields"
        found.append(Block(kind, node.name.value, at(node.loc.start), at(node.loc.end), members[0].start, members))
        for inner in fields or ():
            arguments = getattr(inner, "arguments", None)
            if arguments and inner.loc:
                args = tuple(_member(n, at) for n in arguments)
                name = f"{node.name.value}.{inner.name.value}"
                found.append(Block("fields", name, at(inner.loc.start), at(inner.loc.end), args[0].start, args))
    return found


def _offsets(text: str) -> Callable[[int], int]:
    """Return what makes byte offsets of character offsets."""
    if text.isascii():
        return lambda where: where
    return lambda where: len(text[:where].encode())


def _member(node: Any, at: Callable[[int], int]) -> Member:
    kind = getattr(node, "type", None)
    while kind is not None and hasattr(kind, "type"):
        kind = kind.type
    return Member(node.name.value, at(node.loc.start), at(node.loc.end), kind.name.value if kind is not None else "")


def _lines(data: bytes, start: int, stop: int) -> spans.Span:
    """Return the lines of a member, its comments above and behind, and the comma that may follow it."""
    after = stop
    while data[after : after + 1] in (b" ", b"\t"):
        after += 1
    comma = data[after : after + 1] == b","
    first, last = spans.whole_lines(data, start, spans.behind(data, after + 1 if comma else stop, b"#"))
    if first == start and data[max(start - 1, 0) : start] not in (b"", b"\n"):
        # commas mean nothing in GraphQL: one that is left over is allowed, one blank too
        while data[last : last + 1] in (b" ", b"\t"):
            last += 1
        return start, last
    return spans.with_notes(data, first, (b"#",)), last


EDITOR = GraphqlEditor()
