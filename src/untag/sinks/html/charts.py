"""Charts as inline SVG: bars by action, each with its table, drawn with attributes and no inline style."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.nouns import dataclass
from untag.sinks.html.text import esc

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_WIDTH: Final = 640
_LEFT: Final = 190
_RIGHT: Final = 56
_ROW: Final = 26
_BAR: Final = 14
_LABEL: Final = 30
"""Characters of a label; the table has the whole of it."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a chart."""

    label: str
    parts: Mapping[str, int]
    """Series → count, in the order in which they are drawn."""

    def total(self) -> int:
        """Return the length of the whole bar."""
        return sum(self.parts.values())


def chart(name: str, title: str, unit: str, series: Sequence[str], bars: Sequence[Bar]) -> str:
    """Return a figure with a stacked bar for each row, and the same numbers as a table.

    ``name`` is an identifier for the page, ``unit`` what is counted, ``series`` the parts in order.
    """
    if not bars:
        return ""
    height = len(bars) * _ROW + 6
    most = max(1, *(bar.total() for bar in bars))
    room = _WIDTH - _LEFT - _RIGHT
    told = "; ".join(f"{bar.label}: {bar.total():,}" for bar in bars)
    used = [part for part in series if any(bar.parts.get(part) for bar in bars)]
    lines = [
        f'<figure class=chart><figcaption id="{name}-t">{esc(title)}</figcaption>',
        _legend(used) if len(used) > 1 else "",
        f'<svg viewBox="0 0 {_WIDTH} {height}" role=img aria-labelledby="{name}-t {name}-d">',
        f'<desc id="{name}-d">{esc(told, 4000)}</desc>',
    ]
    for row, bar in enumerate(bars):
        top = row * _ROW + 4
        label = bar.label if len(bar.label) <= _LABEL else bar.label[: _LABEL - 1] + "…"
        lines.append(f'<text x="{_LEFT - 10}" y="{top + 12}" text-anchor=end>{esc(label)}</text>')
        left = float(_LEFT)
        for part in series:
            count = bar.parts.get(part, 0)
            if not count:
                continue
            wide = max(count / most * room, 1.5)
            lines.append(f'<rect class="s-{part}" x="{left:.1f}" y="{top}" width="{wide:.1f}" height="{_BAR}"/>')
            left += wide
        lines.append(f'<text class=n x="{left + 7:.1f}" y="{top + 12}">{bar.total():,}</text>')
    lines += ["</svg>", _table(title, unit, used, bars), "</figure>"]
    return "\n".join(lines)


def _legend(series: Sequence[str]) -> str:
    items = "".join(
        f'<li><svg class=key viewBox="0 0 10 10" aria-hidden=true><rect class="s-{part}" width="10" height="10"/>'
        f"</svg>{part}"
        for part in series
    )
    return f"<ul class=legend>{items}</ul>"


def _table(title: str, unit: str, series: Sequence[str], bars: Sequence[Bar]) -> str:
    several = len(series) > 1
    heads = "".join(f"<th scope=col class=n>{part}" for part in series) if several else ""
    rows = "".join(
        f"<tr><th scope=row>{esc(bar.label)}"
        + ("".join(f"<td class=n>{bar.parts.get(part, 0):,}" for part in series) if several else "")
        + f"<td class=n>{bar.total():,}"
        for bar in bars
    )
    return (
        f"<details><summary>{esc(title)}: as a table</summary><div class=wide tabindex=0 role=region"
        f' aria-label="{esc(title)}, table"><table><thead><tr>'
        f"<th scope=col>{esc(title.removeprefix('Findings by ').capitalize())}{heads}<th scope=col class=n>{esc(unit)}"
        f"</thead><tbody>{rows}</tbody></table></div></details>"
    )
