"""Protocol buffers: fields and enum values go, and their numbers and names are reserved.

A number that is used again for something else would be read as the attribute by whoever has the old file, so
removing a field without reserving it is no removal.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from untag.strip.base import Check, Edit, Outcome, Refusal, StripError
from untag.strip.interface import spans
from untag.strip.interface.members import Block, Member, choose, edits, others, placed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from untag.strip.base import Choice, Unit

TOKEN: Final = re.compile(
    rb"""(?P<skip>\s+|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')"""
    rb"""|(?P<word>[A-Za-z_.][A-Za-z0-9_.]*)|(?P<number>-?(?:0[xX][0-9a-fA-F]+|[0-9]+))|(?P<mark>.)""",
    re.DOTALL,
)
LARGEST: Final = 16 << 20
LABELS: Final = (b"optional", b"required", b"repeated")
HEADS: Final = re.compile(rb"^\s*(?:syntax|edition)\s*=|^\s*message\s+\w+\s*\{|^\s*enum\s+\w+\s*\{", re.MULTILINE)
NOT_FIELDS: Final = (b"option", b"reserved", b"extensions", b"rpc", b"import", b"package", b"syntax", b"returns")


class ProtobufEditor:
    """See the module."""

    name = "protobuf"
    version = 1

    def takes(self, unit: Unit) -> bool:
        """Know a .proto by its ending and a head that only one has."""
        try:
            if not unit.name.lower().endswith(".proto") or unit.path.stat().st_size > LARGEST:
                return False
            return bool(HEADS.search(unit.path.read_bytes()))
        except OSError:
            return False

    def plan(self, unit: Unit, choice: Choice) -> Iterator[Edit | Refusal]:
        """Plan one edit for the file."""
        data = unit.path.read_bytes()
        cuts = choose(data, blocks(data), unit, choice, others(unit, (".proto",)))
        zero = [(b, m) for b, m in cuts.members if b.kind == "values" and m.number == 0]
        if zero:
            block, member = zero[0]
            prints = tuple(f.fingerprint for f in unit.findings)
            yield Refusal(
                unit.name,
                f"{block.name}.{member.name}",
                "it is the enum's zero value, which readers take for a missing one",
                "give the enum a neutral zero value first",
                prints,
            )
            return
        notes = [f"{b.name}: number {m.number} and name {m.name} reserved" for b, m in cuts.members]
        yield from edits(self.name, unit, data, cuts, _lines, choice, notes)

    def apply(
        self,
        unit: Unit,
        edits: Sequence[Edit],
        staging: Path,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 - it takes no time
    ) -> Outcome:
        """Write the file; it must parse, and hold all other members with their numbers."""
        data = unit.path.read_bytes()
        before = blocks(data)
        _, members, gone = placed(unit, edits, before)
        result = without(data, members, gone)
        target = staging / unit.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(result)
        return Outcome(self.name, unit.name, (unit.name,), checks=_checks(before, blocks(result), members, gone))


def without(data: bytes, members: Sequence[tuple[Block, Member]], gone: Sequence[Block]) -> bytes:
    """Return the file without the members and blocks, what is gone reserved."""
    cuts = [_lines(data, m.start, m.stop) for _, m in members] + [_lines(data, b.start, b.stop) for b in gone]
    inserts = []
    for block in dict.fromkeys(b for b, _ in members):
        mine = [m for b, m in members if b == block]
        first = _lines(data, mine[0].start, mine[0].stop)[0]
        line = spans.line_start(data, mine[0].start)
        indent = data[line : len(data[line:]) - len(data[line:].lstrip(spans.BLANK)) + line]
        numbers = ", ".join(str(m.number) for m in mine)
        names = ", ".join(f'"{m.name}"' for m in mine)
        end = b"\r\n" if b"\r\n" in data[:4096] else b"\n"
        text = b"%sreserved %s;%s%sreserved %s;%s" % (indent, numbers.encode(), end, indent, names.encode(), end)
        own_line = first == spans.line_start(data, first)
        inserts.append((first, text if own_line else b" " + b" ".join(text.split()) + b" "))
    return spans.cut(data, cuts, inserts)


def _lines(data: bytes, start: int, stop: int) -> spans.Span:
    """Return the lines of a member with the comments above and behind it."""
    end = spans.line_stop(data, stop)
    rest = data[stop:end].strip()
    if rest.startswith(b"//"):
        stop = end - (1 if data[end - 1 : end] == b"\n" else 0)
    first, last = spans.whole_lines(data, start, stop)
    if first == start and data[max(start - 1, 0) : start] not in (b"", b"\n"):
        return start, last
    return spans.with_notes(data, first, (b"//", b"/*", b"*")), last


def _tokens(data: bytes) -> list[tuple[str, bytes, int, int]]:
    return [(str(m.lastgroup), m.group(), m.start(), m.end()) for m in TOKEN.finditer(data) if m.lastgroup != "skip"]


def blocks(data: bytes) -> list[Block]:
    """Return every message and enum of a file, nested ones too; raise `StripError` where braces do not match."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        raise StripError(f"no UTF-8 at byte {error.start}: mend the file first") from None
    tokens = _tokens(data)
    found: list[Block] = []
    stack: list[tuple[str, str, int, int, list[Member], bool]] = []
    start = 0
    at = 0
    while at < len(tokens):
        kind, text, _, end = tokens[at]
        if text == b"{":
            head = [t[1] for t in tokens[start:at]]
            stack.append(_opened(head, tokens[start][2], end))
            start = at + 1
        elif text == b"}":
            if not stack:
                raise StripError("a brace is closed that was not opened: mend the file first")
            what, name, where, body, members, counts = stack.pop()
            if counts:
                found.append(Block("values" if what == "enum" else "fields", name, where, end, body, tuple(members)))
            start = at + 1
            if tokens[at + 1 : at + 2] and tokens[at + 1][1] == b";":
                at += 1
                start = at + 1
        elif text == b";" and kind == "mark":
            if stack:
                member = _member(tokens[start : at + 1], stack[-1][0])
                holder = next((s for s in reversed(stack) if s[5]), None)
                if member and holder is not None and stack[-1][0] in ("message", "enum", "oneof", "extend"):
                    holder[4].append(member)
            start = at + 1
        elif text == b"[":
            at = _closing(tokens, at)
        at += 1
    if stack:
        raise StripError("a brace is opened that is not closed: mend the file first")
    return sorted(found, key=lambda block: block.start)


def _closing(tokens: list[tuple[str, bytes, int, int]], at: int) -> int:
    """Return the place of the bracket that closes the one at ``at``: options may hold braces of their own."""
    depth = 0
    for number in range(at, len(tokens)):
        depth += {b"[": 1, b"]": -1}.get(tokens[number][1], 0) if tokens[number][0] == "mark" else 0
        if depth == 0:
            return number
    raise StripError("a bracket is opened that is not closed: mend the file first")


def _opened(head: list[bytes], where: int, body: int) -> tuple[str, str, int, int, list[Member], bool]:
    what = head[0].decode("utf-8", "replace") if head else ""
    name = head[1].decode("utf-8", "replace") if len(head) > 1 else ""
    return what, name, where, body, [], what in ("message", "enum")


def _member(tokens: list[tuple[str, bytes, int, int]], inside: str) -> Member | None:
    """Return the field or value that a statement declares: ``[label] type name = number [options];``."""
    sign = next((i for i, t in enumerate(tokens) if t[1] == b"="), 0)
    if not sign or tokens[0][1] in NOT_FIELDS or sign + 1 >= len(tokens) or tokens[sign + 1][0] != "number":
        return None
    name = tokens[sign - 1][1].decode("utf-8", "replace")
    of = "" if inside == "enum" else b"".join(t[1] for t in tokens[: sign - 1] if t[1] not in LABELS).decode()
    return Member(name, tokens[0][2], tokens[-1][3], of.rsplit(".", 1)[-1], int(tokens[sign + 1][1], 0))


def _checks(
    before: list[Block], after: list[Block], members: Sequence[tuple[Block, Member]], gone: Sequence[Block]
) -> tuple[Check, ...]:
    dropped = {(b.name, b.start, m.name) for b, m in members}
    inside = [(b.start, b.stop) for b in gone]
    wanted = [
        (b.kind, b.name, [(m.name, m.type, m.number) for m in b.members if (b.name, b.start, m.name) not in dropped])
        for b in before
        if not any(a <= b.start < z for a, z in inside)
    ]
    have = [(b.kind, b.name, [(m.name, m.type, m.number) for m in b.members]) for b in after]
    return (
        Check(
            "rest unchanged",
            passed=wanted == have,
            detail=f"{sum(len(b[2]) for b in have)} members of {len(have)} types stay, with type and number",
        ),
    )


EDITOR = ProtobufEditor()
