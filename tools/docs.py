"""Write the pages that are made from the code: docs/rules/*.md, docs/readers.md and docs/policies.md.

    python tools/docs.py            write them
    python tools/docs.py --check    write nothing; exit code 1 when one is out of step
    python tools/docs.py --example  scan a real package and paste two of its findings into README.md

In a page that people write too, only what stands between the two marks is made.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from untag.interpret.rules import CATALOGUE, RULES
from untag.policy.base import EXEMPT_WORDS, GROUNDS
from untag.policy.load import DEFAULT, load_layer, policies
from untag.readers import catalogue
from untag.readers.artifacts import DOORS
from untag.readers.containers import CONTAINERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag import Report
    from untag.interpret.rules import Rule
    from untag.policy.base import Layer

DOCS = Path(__file__).resolve().parent.parent / "docs"
START, STOP = "<!-- made by tools/docs.py: edit the code instead -->", "<!-- end of what is made -->"
FENCES = {"py": "python", "h": "c", "ts": "ts", "sql": "sql", "yaml": "yaml", "java": "java", "md": "markdown"}


def rule_page(rule: Rule) -> str:
    """Return the page of one rule: its docstring, then its hits and misses as examples."""
    blocking = rule.id in {r.id for r in RULES}
    kind = "May block, as the policy says." if blocking else "Never blocks by default."
    lines = [f"# {rule.id} {rule.name}", "", rule.page(), "", f"Operation: `{rule.operation}`. {kind}", ""]
    for title, examples in (("Found", rule.hits), ("Not found", rule.misses)):
        if examples:
            lines += [f"## {title}", ""]
        for name, text in examples:
            fence = "````" if "```" in text else "```"
            lines += [f"`{name}`", "", fence + FENCES.get(name.rpartition(".")[2], ""), text.rstrip("\n"), fence, ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def rules_index() -> str:
    """Return the list of rules."""
    lines = [
        "# Rules",
        "",
        "Each finding has the first of these whose shape it has.",
        "",
        "| rule | name | finds |",
        "|---|---|---|",
    ]
    lines += [f"| [{r.id}]({r.id}.md) | {r.name} | {r.summary()} |" for r in CATALOGUE.values()]
    lines += ["", "`untag rules UT101` prints a page. Anyone can add a rule: see CONTRIBUTING.md.", ""]
    return "\n".join(lines)


def readers_page() -> str:
    """Return the list of formats."""
    lines = [
        "# Readers",
        "",
        "A format is known by its content first; a name only decides between formats that look alike.",
        "`untag readers` prints this list.",
        "",
        "## Containers",
        "",
        "Each member is read as a file of its own, up to 8 containers deep.",
        "",
        *(f"- `{c.name}` (version {c.version})" for c in CONTAINERS),
        "",
        "## Structured files",
        "",
        "Models, weights, tables in columns, databases, documents and programs: the names and words in them are",
        "read, nothing is loaded, run or unpickled. [formats.md](formats.md) says what is read of each.",
        "",
        "| reader | version | formats |",
        "|---|---|---|",
        *(f"| {door.name} | {door.version} | {', '.join(door.formats)} |" for door in DOORS),
        "",
        "## Text",
        "",
        "The first reader that claims a text reads it.",
        "",
        "| reader | version | formats |",
        "|---|---|---|",
        *(f"| {name} | {version} | {', '.join(formats)} |" for name, version, formats in catalogue()),
        "",
        "A text that no grammar fits is read line by line. Everything else is searched as bytes,",
        "in UTF-8, UTF-16LE and GB18030, for the terms that are unmistakable by themselves.",
        "What cannot be read at all is a gap in the report, and the scan is not clean.",
        "",
    ]
    return "\n".join(lines)


def packs_part() -> str:
    """Return the made part of docs/policies.md."""
    lines = ["## The packs", "", "| pack | title | where | kind |", "|---|---|---|---|"]
    layers = [load_layer(info.id) for info in policies()]
    for layer in layers:
        kind = "overlay" if layer.overlay else ("the default" if layer.id == DEFAULT else "base")
        lines.append(f"| [`{layer.id}`](#{layer.id}) | {layer.title} | {layer.jurisdiction} | {kind} |")
    lines += ["", "## Grounds of exemption", "", "| ground | means | never exempts |", "|---|---|---|"]
    lines += [f"| `{g}` | {EXEMPT_WORDS[g]} | {', '.join(never) or '(nothing)'} |" for g, never in GROUNDS.items()]
    lines.append("")
    for layer in layers:
        lines += pack(layer)
    return "\n".join(lines)


def pack(layer: Layer) -> Iterator[str]:
    """Yield the lines of one pack."""
    yield from (f"### {layer.id}", "", f"{layer.title}.", "")
    if layer.in_force:
        yield from (f"In force from {layer.in_force}.", "")
    for rule in layer.rules:
        actions = f"high confidence {rule.high}, medium {rule.medium}, low {rule.low}"
        yield f"- {rule.clause}: {', '.join(rule.operations)} of {', '.join(rule.attributes)} ({actions})."
    yield from (f"- At most {ceiling.action}: {ceiling.clause}." for ceiling in layer.ceilings)
    if layer.exemptions:
        yield from ("", f"Exempts: {', '.join(sorted(layer.exemptions))}.")
    if layer.grants:
        yield from ("", f"Exempts from every other pack too: {', '.join(sorted(layer.grants))}.")
    yield from ("", "What it leaves out:", "", *(f"- {text}" for text in layer.leaves_out), "")
    for source in layer.sources:
        quote = f": “{source.quote}”" if source.quote else ""
        url = f" <{source.url}>" if source.url else ""
        yield f"Source: {source.clause} (the text: {source.verified}){quote}{url}"
        yield ""


EXAMPLE = "pypi:deepface==0.0.103"
SHOWN = (("deepface/DeepFace.py", "list actions"), ("deepface/modules/demography.py", "assignment obj"))
"""File and what its route or term holds: the findings that README.md shows."""


def example() -> str:
    """Return a shortened console report on a real package. Only lines are left out, and … says where."""
    from dataclasses import replace
    from io import StringIO

    from untag import scan
    from untag.sinks.console import render

    def printed(report: Report) -> list[str]:
        out = StringIO()
        render(report, out, width=100)
        return out.getvalue().splitlines()

    report = scan(EXAMPLE)
    lines = [f"$ untag scan {EXAMPLE}"]
    for path, word in SHOWN:
        fits = [d for d in report.decisions if d.finding.trail[-1] == path and d.action == "block"]
        chosen = next(d for d in fits if word in (*d.finding.route, d.finding.term))
        lines += ["…", *shortened(printed(replace(report, decisions=(chosen,)))[1:])]
    tail = [
        line
        for line in printed(report)
        if line.startswith((" BLOCKED", " Scanned")) or re.match(r" \d+ findings", line)
    ]
    return "\n".join([*lines, "…", *tail])


def shortened(lines: list[str]) -> list[str]:
    """Return one finding with its first three reasons and the last two that lower it."""
    lines = lines[: lines.index("")]
    reasons = [n for n, line in enumerate(lines) if re.match(r"    [+−] \d", line)]
    lowering = [n for n in reasons[3:] if lines[n].startswith("    −")][-2:]
    cut = [n for n in reasons[3:] if n not in lowering]
    return [("    …" if n == cut[0] else "") if n in cut else line for n, line in enumerate(lines) if n not in cut[1:]]


def pages() -> dict[Path, str]:
    """Return every made file with its text."""
    made = {DOCS / "rules" / f"{rule.id}.md": rule_page(rule) for rule in CATALOGUE.values()}
    made[DOCS / "rules" / "README.md"] = rules_index()
    made[DOCS / "readers.md"] = readers_page()
    page = DOCS / "policies.md"
    old = page.read_text("utf-8") if page.exists() else f"# Policies\n\n{START}\n{STOP}\n"
    marks = re.compile(re.escape(START) + ".*" + re.escape(STOP), re.DOTALL)
    made[page] = marks.sub(lambda _: f"{START}\n\n{packs_part()}\n{STOP}", old)
    return made


def main() -> int:
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--check", action="store_true")
    args.add_argument("--example", action="store_true")
    opt = args.parse_args()
    if opt.example:
        page = DOCS.parent / "README.md"
        marks = re.compile(r"(<!-- made by tools/docs.py --example -->\n\n```console\n).*?(\n```\n)", re.DOTALL)
        page.write_text(marks.sub(lambda m: m[1] + example() + m[2], page.read_text("utf-8")), "utf-8")
        print("README.md has a new example")
        return 0
    check = opt.check
    made = pages()
    stray = [p for p in sorted((DOCS / "rules").glob("*.md")) if p not in made]
    wrong = 0
    for path, text in made.items():
        old = path.read_text("utf-8") if path.exists() else ""
        if old == text:
            continue
        wrong += 1
        if check:
            name = str(path.relative_to(DOCS.parent))
            sys.stdout.writelines(difflib.unified_diff(old.splitlines(True), text.splitlines(True), name, name, n=1))
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    for path in stray:
        if not check:
            path.unlink()
    if check and (wrong or stray):
        gone = f", {len(stray)} belong to no rule" if stray else ""
        print(f"{wrong} pages are out of step with the code{gone}: run make docs", file=sys.stderr)
        return 1
    print(f"{len(made)} pages {'in step' if check else f'made, {wrong} changed'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
