"""Take parts out of a JSON or YAML document by their paths, every other byte unchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from untag.strip.base import StripError
from untag.strip.interface import spans
from untag.strip.interface.reach import promoted

if TYPE_CHECKING:
    from untag.strip.interface.reach import Path
    from untag.strip.interface.tree import Node

NOTES = (b"#",)


def without(data: bytes, parts: dict[Path, Node], gone: set[Path]) -> bytes:
    """Return the document without the parts at the paths."""
    cuts: list[spans.Span] = []
    by_parent: dict[Path, set[str | int]] = {}
    for path in promoted(parts, gone):
        if not path:
            raise StripError("nothing of the document would be left")
        by_parent.setdefault(path[:-1], set()).add(path[-1])
    for parent, keys in by_parent.items():
        node = parts[parent]
        if node.kind == "map":
            items = [(pair.start, pair.stop) for pair in node.pairs]
            numbers = {i for i, pair in enumerate(node.pairs) if pair.key in keys}
        else:
            items = node.spans if not node.flow else [(i.start, i.stop) for i in node.items]
            numbers = {int(key) for key in keys}
        if node.flow:
            cuts += spans.removed_lists(data, items, numbers)
        else:
            cuts += [_block(data, *items[i]) for i in numbers]
    return spans.cut(data, cuts)


def _block(data: bytes, start: int, stop: int) -> spans.Span:
    """Return the lines of a member in block style, with the comments directly above and behind it."""
    stop = spans.behind(data, stop, b"#")
    first, last = spans.whole_lines(data, start, stop)
    if first == start and data[max(start - 1, 0) : start] not in (b"", b"\n"):
        # the first key of a list item shares its line with the dash: what follows moves up to it
        after = max(stop, last)
        rest = data[after:]
        pad = len(rest) - len(rest.lstrip(b" \r\n"))
        return start, after + pad
    return spans.with_notes(data, first, NOTES), last


def pruned(value: Any, gone: set[Path], path: Path = ()) -> Any:
    """Return a plain value without the parts at the paths: what the edited document must hold."""
    if isinstance(value, dict):
        return {k: pruned(v, gone, (*path, k)) for k, v in value.items() if (*path, k) not in gone}
    if isinstance(value, list):
        return [pruned(v, gone, (*path, i)) for i, v in enumerate(value) if (*path, i) not in gone]
    return value
