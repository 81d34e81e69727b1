"""A text inside a text: fenced code, script parts, notebook cells, each with the host's own lines and offsets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.model import Gap, Scope, Span
from untag.nouns import replace
from untag.readers.base import Text
from untag.readers.extensions import CODE_EXTENSIONS, EXTENSIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from untag.limits import Deadline

_NAMES: Final = {
    "python": "python3 pycon ipython ipython3",
    "bash": "shell console shell-session",
    "cpp": "c++",
    "c_sharp": "c# csharp",
    "objc": "objective-c objectivec",
    "go": "golang",
    "javascript": "node",
    "json": "jsonc",
    "prose": "text plain plaintext",
    "yaml": "yml",
    "blocks": "protobuf graphql",
    "sql": "postgresql mysql",
    "mail": "http",
    "ini": "dotenv properties",
}
_ALIASES: Final = {name: kind for kind, names in _NAMES.items() for name in names.split()}


def format_named(info: str) -> str:
    """Return the format id of a language name as people write it."""
    info = info.lower()
    return _ALIASES.get(info) or EXTENSIONS.get(info) or ("blocks" if info in CODE_EXTENSIONS else info)


def embedded(
    host: Text,
    start: int,
    stop: int,
    line: int,
    info: str,
    wanted: Sequence[tuple[int, int]],
    scope: Scope,
    deadline: Deadline,
) -> Iterator[Span | Gap]:
    """Read ``start:stop`` of ``host`` in the format ``info``, with the host's offsets and lines."""
    part = Text(host.trail, host.data[start:stop], host.encoding, line)
    ranges = [(low - start, high - start) for low, high in wanted]
    for item in read_as(format_named(info), part, ranges, scope, deadline):
        yield replace(item, start=item.start + start, stop=item.stop + start) if isinstance(item, Span) else item


def read_as(
    kind: str, part: Text, ranges: Sequence[tuple[int, int]], scope: Scope, deadline: Deadline
) -> Iterator[Span | Gap]:
    """Read a part of a host text as ``kind``, under the host's scope."""
    from untag.readers.blocks import block_spans  # noqa: PLC0415 - loaded where it is used
    from untag.readers.prose import prose_spans  # noqa: PLC0415 - loaded where it is used
    from untag.readers.syntax.tables import WHERE  # noqa: PLC0415 - loaded where it is used

    if kind in WHERE:
        from untag.readers.syntax.reader import tree_spans  # noqa: PLC0415 - loaded where it is used

        yield from tree_spans(kind, part, ranges, deadline, scope)
    elif kind in ("markdown", "rst", "prose"):
        yield from prose_spans(part, ranges, deadline, kind, scope)
    else:
        yield from block_spans(part, ranges, deadline, scope)
