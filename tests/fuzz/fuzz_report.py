"""Atheris target: any report in JSON into its reader, and a hostile one into every page.

The first byte chooses: the bytes as they stand, or a whole report in which some values are replaced by what the input
says, a line each: the place in one byte, then the value as JSON, or as a text. Laws: only `UsageError` comes out; a
report that is taken is shown in every format; no value of it becomes an element, an attribute that acts, or a link
elsewhere; what JSON gives back is what was taken.

python tests/fuzz/fuzz_report.py --seeds DIR    write a seed corpus, made by code
python tests/fuzz/fuzz_report.py DIR [libFuzzer options, -max_total_time=60 for one]
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
import warnings
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).parents[1] / "evidence"))
if TYPE_CHECKING:
    from untag.model import Report

ACTING = ("src", "srcset", "style", "action", "formaction", "xlink:href", "srcdoc", "data", "http-equiv", "ping")
TAGS = frozenset(
    (
        "a", "article", "b", "bdi", "blockquote", "body", "br", "button", "code", "dd", "desc", "details",
        "div", "dl", "dt", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "head",
        "header", "html", "i", "input", "label", "li", "main", "mark", "meta", "nav", "noscript", "ol",
        "option", "p", "pre", "rect", "script", "section", "select", "span", "style", "summary", "svg",
        "table", "tbody", "td", "text", "th", "thead", "title", "tr", "ul",
    )
)  # fmt: skip
"""Elements that a page of any report may have."""
DEEP = 50
"""Containers inside each other."""


class Elements(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.comments = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.seen.append((tag, dict(attrs)))

    def handle_comment(self, data: str) -> None:
        """Count a comment."""
        self.comments += 1


@cache
def plain() -> str:
    """Return a whole report as JSON."""
    from html_values import many

    from untag.sinks.html.dossier import canonical

    return canonical(many()).decode()


def one(data: bytes) -> None:
    """Read one report, and show it."""
    from untag.errors import UsageError
    from untag.sinks import json_v1
    from untag.sinks.html.received import received

    kind, body = data[:1], data[1:]
    if kind == b"\0":
        raw = body
    else:
        raw = json.dumps(replaced(json.loads(plain()), body), ensure_ascii=kind == b"\1").encode("utf-8", "replace")
    with contextlib.suppress(UsageError):
        json_v1.parse(raw)
    try:
        report, _ = received(raw, "r.json")
    except UsageError:
        return
    shown(report)


def shown(report: Report) -> None:
    """Show a report in every format and hold what comes out against the laws."""
    from untag.sinks import gitlab, json_v1, junit, markdown, sarif

    out = io.StringIO()
    json_v1.render(report, out)
    text = out.getvalue()
    text.encode()
    again = io.StringIO()
    json_v1.render(json_v1.parse(text.encode()), again)
    assert again.getvalue() == text, "another report comes back"
    trails = [spot.trail for one in report.findings for spot in (one, *one.also)]
    # the others write scans of their own, in which containers stand no deeper than `untag.limits` lets them
    scanned = max(map(len, trails), default=0) <= DEEP
    for sink in (markdown, sarif, junit, gitlab) if scanned else ():
        out = io.StringIO()
        sink.render(report, out)
        out.getvalue().encode()
        if sink in (sarif, gitlab):
            json.loads(out.getvalue())
    page(report)


def page(report: Report) -> None:
    """Hold the HTML page against the laws."""
    from html_values import dossier

    from untag.sinks.html.page import render

    out = io.StringIO()
    render(dossier(report), out)
    text = out.getvalue()
    text.encode()
    tail = text[text.index("</style>") :]
    assert not set(tail) & set("\x00\x1b\x07\x7f\x9b\u2028\u2029\u202e\u2066"), "a character that does not print"
    found = Elements()
    found.feed(text)
    found.close()
    assert found.comments == 0, "a comment"
    assert sum(tag == "script" for tag, _ in found.seen) == 1, "a script"
    assert sum(tag == "style" for tag, _ in found.seen) == 1, "a style"
    for tag, attributes in found.seen:
        assert tag in TAGS, f"an element {tag[:20]}"
        for name, value in attributes.items():
            assert not name.startswith("on"), f"<{tag} {name[:20]}>"
            assert name not in ACTING or tag == "meta", f"<{tag} {name}>"
            assert name != "href" or (value or "").startswith("#"), "a link elsewhere"


def replaced(table: Any, body: bytes) -> Any:
    """Return a report in which some values are replaced."""
    for line in body.split(b"\n")[:6]:
        if len(line) < 3:
            continue
        places = ways(table)
        try:
            value = json.loads(line[2:])
        except (ValueError, RecursionError):
            value = line[2:].decode("utf-8", "replace")
        *way, last = places[int.from_bytes(line[:2]) % len(places)]
        node = table
        for step in way:
            node = node[step]
        node[last] = value
        if not isinstance(table, dict) or not ways(table):
            break
    return table


def ways(node: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the ways to all values of plain data."""
    rows = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    return [*((way,) if way else ()), *(found for key, value in rows for found in ways(value, (*way, key)))]


def samples() -> dict[str, bytes]:
    """Return the seeds by name."""
    places = ways(json.loads(plain()))

    def says(value: str, *way: Any, kind: int = 2) -> bytes:
        return bytes((kind,)) + places.index(way).to_bytes(2) + value.encode("utf-8", "surrogatepass")

    return {
        "bare": b'\0{"schema": "untag/report/v1"}',
        "neutral": b"\2",
        "nested": b"\0" + b"[" * 3_000,
        "script": says("</script><script>x()</script>", "findings", 0, "excerpt"),
        "image": says("<img src=x onerror=x()>", "findings", 0, "message"),
        "quote": says('"><svg onload=x()>', "findings", 0, "trail", 0),
        "comment": says("<!--", "target"),
        "base": says("</title><base href=//evil.example>", "policy", "title"),
        "turned": says('"safe\\u202efdp.exe\\u2028\\ud800"', "findings", 1, "term", kind=1),
        "infinite": says("1e999", "findings", 0, "because", 0, "weight"),
        "huge": says("9" * 400, "findings", 0, "line"),
        "true": says("true", "coverage", "files"),
        "lists": says("[[]]", "findings", 0, "groups"),
        "deep": says('"' + "x" * 1_500 + '"', "findings", 6, "also", 0, "trail"),
        "readers": says('{"<b>": 1}', "tool", "readers"),
    }


def main() -> None:
    """Fuzz, or write the seeds."""
    if "--seeds" in sys.argv:
        folder = Path(sys.argv[sys.argv.index("--seeds") + 1])
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in samples().items():
            (folder / name).write_bytes(data)
        return
    import atheris

    warnings.simplefilter("ignore")
    with atheris.instrument_imports(include=["untag.sinks"]):
        import untag.sinks.html.page
        import untag.sinks.html.received  # noqa: F401 - imported to be instrumented
    plain()
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
