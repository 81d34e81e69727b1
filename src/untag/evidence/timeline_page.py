"""A timeline as one self-contained page without a script, for reading and for print."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Final

from untag._version import __version__
from untag.evidence.timeline_views import MARKS, STATES, cell, counted, labelled
from untag.sinks.text import plain

if TYPE_CHECKING:
    from collections.abc import Iterable

    from untag.evidence.timeline import Timeline

STYLE: Final = """
:root{color-scheme:light dark}
:root{--line:#c8ccd2;--dim:#5b6470;--block:#a3221c;--warn:#8f5600;--inform:#3f6694;--open:#5b6470}
@media (prefers-color-scheme:dark){
:root{--line:#3d434b;--dim:#a5adb8;--block:#ff7a70;--warn:#f0a83c;--inform:#8fb4de;--open:#a5adb8}}
body{font:16px/1.5 system-ui,sans-serif;max-width:75rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem;line-height:1.2}h2{font-size:1.2rem;margin-top:2rem}
table{border-collapse:collapse;font-size:.85rem}caption{text-align:left;color:var(--dim);padding:.3rem 0}
th,td{border:1px solid var(--line);padding:.2rem .4rem;text-align:left;vertical-align:top}
.scroll{overflow-x:auto}.m{width:1.1rem;text-align:center}
.sr{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.block{color:var(--block)}.warn{color:var(--warn)}.inform{color:var(--inform)}.open{color:var(--open)}
.v{writing-mode:vertical-rl;font-weight:400;white-space:nowrap}
.verdict{border-left:.3rem solid var(--dim);padding:.2rem 1rem}
.key{color:var(--dim);margin:.3rem 0}.axis{stroke:var(--line)}.m{position:relative}
footer{color:var(--dim);margin-top:2rem;font-size:.85rem}svg{max-width:100%;height:auto}
@media print{.scroll{overflow:visible}body{margin:0;max-width:none}}
"""
SHOWN: Final = ("block", "warn", "inform")
"""Actions that the chart shows, from below."""
NAME: Final = 16
"""Characters of a version that stand below its bar."""
POLICY: Final = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"


def as_html(found: Timeline) -> str:
    """Return the timeline as one page without a script; nothing in it is fetched from elsewhere."""
    from base64 import b64encode  # noqa: PLC0415
    from hashlib import sha256  # noqa: PLC0415

    digest = b64encode(sha256(STYLE.encode()).digest()).decode()
    title = f"Timeline of {found.series}"
    parts = [
        "<!doctype html>",
        f'<html lang="en"><head><meta charset="utf-8"><title>{_h(title)}</title>',
        f'<meta http-equiv="Content-Security-Policy" content="{_h(POLICY.format(digest))}">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<style>{STYLE}</style></head><body><main>",
        f"<h1>{_h(title)}</h1>",
        f"<p>{len(found.releases)} releases, {len(found.statements)} statements.",
        f"Policy {_h(found.policy)}, lexicon {_h(found.lexicon)}, untag {_h(__version__)}.</p>",
        *_html_claim(found),
        *_chart(found),
        *_html_releases(found),
        *_html_matrix(found),
        "</main><footer>This is about the files of these releases, in what was read. A release that could not be",
        "had or read decides nothing. It says nothing about a server.</footer></body></html>",
    ]
    return "\n".join(parts) + "\n"


def _h(text: object) -> str:
    """Return text that no markup and no direction of writing can break out of."""
    return html.escape(plain(str(text)), quote=True)


def _html_claim(found: Timeline) -> Iterable[str]:
    if not found.verdict:
        return
    since = f" since {found.verdict.claim.since}" if found.verdict.claim.since else ""
    yield f"<h2>Claim: {_h(found.verdict.claim.text)}{_h(since)}</h2>"
    yield f'<div class="verdict"><p><strong>{_h(STATES[found.verdict.state])}</strong></p><ul>'
    yield from (f"<li>{_h(line)}</li>" for line in found.verdict.lines)
    yield "</ul></div>"


def _chart(found: Timeline) -> Iterable[str]:
    """Yield a chart of findings by release; the table below holds the same numbers."""
    counts = [counted(r.report.decisions) if r.report else None for r in found.releases]
    most = max((sum(c[a] for a in MARKS) for c in counts if c), default=0) or 1
    step, height, foot, left = 16, 160, 90, 34
    width = len(counts) * step + left + 6
    yield "<h2>Findings by release</h2>"
    yield '<p class="key">' + " ".join(f'<span class="{a}">{MARKS[a]}</span> {a}' for a in SHOWN) + " · ? not read</p>"
    yield f'<div class="scroll"><svg role="img" viewBox="0 0 {width} {height + foot}" width="{width}"'
    yield f' aria-label="Findings by release, at most {most}; the table below holds the numbers">'
    for share in (0, 1):
        at = height - share * (height - 10)
        yield f'<line class="axis" x1="{left}" x2="{width}" y1="{at}" y2="{at}"/>'
        yield f'<text class="open" fill="currentColor" font-size="11" text-anchor="end" x="{left - 4}" y="{at + 4}">'
        yield f"{most * share}</text>"
    for number, (release, count) in enumerate(zip(found.releases, counts, strict=True)):
        at, top = number * step + left + 2, float(height)
        name = release.version if len(release.version) <= NAME else f"{release.version[: NAME - 1]}…"
        turn = f"rotate(-90 {at + 9} {height + 6})"
        yield f'<text class="open" fill="currentColor" font-size="10" text-anchor="end" x="{at + 9}" y="{height + 6}"'
        yield f' transform="{turn}">{_h(name)}</text>'
        if count is None or release.hidden:
            yield f'<text x="{at + 2}" y="8" class="open" fill="currentColor" font-size="11">?</text>'
        for action in SHOWN:
            size = (count[action] if count else 0) / most * (height - 10)
            if size:
                top -= size
                yield f'<rect class="{action}" fill="currentColor" x="{at}" y="{top:.1f}"'
                yield f' width="{step - 4}" height="{size:.1f}"/>'
    yield "</svg></div>"


def _html_releases(found: Timeline) -> Iterable[str]:
    yield '<h2>Releases</h2><div class="scroll"><table><caption>Every release, oldest first</caption><thead><tr>'
    heads = ["Version", "Date", "Block", "Warn", "Inform", "Not read", *(["Claim"] if found.verdict else ()), "SHA-256"]
    yield "".join(f'<th scope="col">{head}</th>' for head in heads) + "</tr></thead><tbody>"
    for number, release in enumerate(found.releases):
        counts = counted(release.report.decisions) if release.report else None
        cells = [release.date or "none stated"]
        cells += [str(counts[a]) for a in MARKS] if counts else ["–"] * 3
        cells.append(release.missing or str(release.hidden))
        cells += [found.verdict.states[number]] if found.verdict else []
        cells.append(release.digest[:16])
        yield f'<tr><th scope="row">{_h(release.version)}</th>{"".join(f"<td>{_h(cell)}</td>" for cell in cells)}</tr>'
    yield "</tbody></table></div>"


def _html_matrix(found: Timeline) -> Iterable[str]:
    yield '<h2>Statements</h2><div class="scroll"><table>'
    yield "<caption>█ block, ▓ warn, ░ inform, · none, ? not read</caption>"
    yield '<thead><tr><th scope="col">Statement</th>'
    yield "".join(f'<th scope="col" class="v">{_h(r.version)}</th>' for r in found.releases) + "</tr></thead><tbody>"
    words = {"█": "block", "▓": "warn", "░": "inform", "·": "none", "?": "not read"}
    for name, statement in labelled(found):
        yield f'<tr><th scope="row"><bdi>{_h(name)}</bdi></th>'
        marks = [cell(found, statement, n) for n in range(len(found.releases))]
        yield (
            "".join(
                f'<td class="m {words[m] if m in "█▓░" else "open"}"><span aria-hidden="true">{m}</span>'
                f'<span class="sr">{words[m]}</span></td>'
                for m in marks
            )
            + "</tr>"
        )
    yield "</tbody></table></div>"
