"""The page: one HTML file that needs nothing else, with a policy that lets nothing in."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from untag.sinks.html import sections
from untag.sinks.html.browse import browse
from untag.sinks.html.text import esc

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TextIO

    from untag.sinks.html.dossier import Dossier


_BEFORE: Final = (
    sections.summary,
    sections.scanned,
    sections.unread,
    sections.charts,
    sections.comparison,
    sections.languages,
)
_AFTER: Final = (sections.left_out, sections.notices, sections.reproduce, sections.reading)


def render(dossier: Dossier, out: TextIO, *, rules: Mapping[str, str] | None = None) -> None:
    """Write the page; ``rules`` gives the rules their names. The caller opens ``out`` as UTF-8.

    The same dossier makes the same page, byte for byte: no clock and no machine is asked.
    """
    style, script = _data("style.css"), _data("script.js")
    title = sections.title(dossier)
    out.write(
        f"<!doctype html>\n<html lang=en dir=ltr>\n<head>\n<meta charset=utf-8>\n"
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(style, script)}">\n'
        f'<meta name=viewport content="width=device-width, initial-scale=1">\n'
        f'<meta name=color-scheme content="light dark">\n<meta name=referrer content=no-referrer>\n'
        f"<title>{esc(title, 200)}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f'<a class=skip href="#findings">Skip to the findings</a>\n'
    )
    out.write(sections.header(dossier))
    out.write(sections.contents(dossier))
    out.write("<main>\n")
    out.writelines(part(dossier) for part in _BEFORE)
    browse(dossier, out, rules or {})
    out.writelines(part(dossier) for part in _AFTER)
    out.write("</main>\n")
    out.write(sections.footer(dossier))
    out.write(f"<script>{script}</script>\n</body>\n</html>\n")


def _policy(style: str, script: str) -> str:
    """Return the Content-Security-Policy: nothing is fetched, and only these two texts take effect."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}';"
        " base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _data(name: str) -> str:
    text = files("untag.sinks.html").joinpath(name).read_text("utf-8")
    return text.replace("\r\n", "\n")
