"""The report as a PDF, typeset by a self-contained engine (extra ``report``)."""

from __future__ import annotations

import json
import warnings
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from untag.errors import UsageError
from untag.nouns import dataclass
from untag.sinks.pdf import fonts as lettering
from untag.sinks.pdf.content import content

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from untag.sinks.html.dossier import Dossier


_HINT: Final = (
    "The PDF shows boxes there. Install fonts for these scripts (pip install fontpkg-amiri noto-cjk-sans-otc brings"
    " Arabic, Uyghur and Chinese), or name a folder of fonts with --font-path."
)


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF, and what its maker should know of it."""

    data: bytes
    warnings: tuple[str, ...]


def render(dossier: Dossier, *, rules: Mapping[str, str] | None = None, fonts: Sequence[str] = ()) -> Typeset:
    """Return the PDF; ``rules`` gives the rules their names, ``fonts`` are folders with more fonts.

    Raises `UsageError` when the typesetter is not installed. The same dossier and the same fonts
    make the same bytes: no clock is asked.
    """
    try:
        import typst  # noqa: PLC0415 - extra
    except ImportError as error:
        raise UsageError("a PDF needs the extra report: pip install 'untag[report]'") from error
    book = typst.Fonts(font_paths=[*fonts, *lettering.folders()])
    data = content(dossier, rules or {})
    lacking = lettering.missing(_texts(data), book)
    told = tuple(
        f"No font at hand has {count:,} {script} {'character' if count == 1 else 'characters'} of this report."
        for script, count in sorted(lacking.items())
    )
    data |= {"fonts": lettering.families(book), "missing": told}
    template = files("untag.sinks.pdf").joinpath("report.typ").read_bytes()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        compiler = typst.Compiler(template, font_paths=book, sys_inputs={"data": json.dumps(data)})
        made: Any = compiler.compile(format="pdf", timestamp=0)
    return Typeset(made, (*told, _HINT) if told else ())


def _texts(value: object) -> Iterator[str]:
    """Yield every text of the data."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from _each(value.values())
    elif isinstance(value, list | tuple):
        yield from _each(value)


def _each(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        yield from _texts(value)
