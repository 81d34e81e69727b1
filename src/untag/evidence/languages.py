"""Documentation in several languages: what one states and another does not.

A vendor may describe a capability to one public and leave it out for another. Documents are
paired by the language in their path (``docs/zh/face.md`` and ``docs/en/face.md``, ``README.md``
and ``README_zh.md``), and the attributes and operations that their findings state are compared.

A report names only what has findings. A document without any is known to exist when another
listing names it (``known``), and counts as read only when no gap covers it; without a listing,
only documents that both have findings can be compared, and the rest is stated as undecided.
"""

from __future__ import annotations

import re
from collections import defaultdict
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from untag.model import READ_ANYWAY
from untag.nouns import dataclass
from untag.sinks.base import joined
from untag.sinks.html.dossier import Difference, Languages

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from untag.model import Decision, Finding, Gap, Report

_TALK: Final = frozenset(("declared", "audits", "mentions", "prohibits"))
"""Operations that state no capability."""
_ENDINGS: Final = (
    ".md", ".mdx", ".markdown", ".rst", ".txt", ".adoc", ".asciidoc", ".org", ".tex", ".html", ".htm", ".xhtml",
    ".pdf", ".doc", ".docx", ".odt", ".rtf", ".epub", ".ppt", ".pptx", ".odp", ".ipynb", ".textile", ".wiki",
)  # fmt: skip
"""Endings of documents; a file of code in a folder named after a language is no translation."""
_TAGS: Final = (
    "ar", "bn", "bo", "de", "en", "es", "fa", "fr", "he", "hi", "id", "it", "ja", "kk", "ko", "ky", "mn", "ms", "nl",
    "pl", "pt", "ru", "ta", "th", "tr", "ug", "uk", "ur", "uz", "vi", "zh",
)  # fmt: skip
_CODES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict(zip(_TAGS, _TAGS, strict=True)),
        "cn": "zh", "chs": "zh-Hans", "cht": "zh-Hant", "tw": "zh-Hant", "hk": "zh-Hant", "zh-cn": "zh-Hans",
        "zh-hans": "zh-Hans", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-hant": "zh-Hant", "zh-sg": "zh-Hans",
        "jp": "ja", "kr": "ko", "ua": "uk", "eng": "en", "chi": "zh", "zho": "zh", "rus": "ru", "uig": "ug",
        "english": "en", "chinese": "zh", "russian": "ru", "arabic": "ar", "japanese": "ja", "korean": "ko",
        "spanish": "es", "french": "fr", "german": "de", "portuguese": "pt", "turkish": "tr", "uyghur": "ug",
        "中文": "zh", "简体中文": "zh-Hans", "繁體中文": "zh-Hant", "英文": "en", "русский": "ru",
    }
)  # fmt: skip
"""What stands for a language in a path → its tag."""
_NO_SUFFIX: Final = frozenset(("id", "it", "ms", "hi", "th", "no", "hk", "tr", "he"))
"""Codes that end names of files for other reasons: ``user_id.md``."""
_SUFFIX: Final = re.compile(r"(?P<stem>.+?)[._-](?P<code>[^\W\d_]{2,8}(?:[_-][A-Za-z]{2,4})?)")
_REGION: Final = re.compile(r"[A-Za-z]{2,3}[_-][A-Za-z]{2,4}")
_UNMARKED: Final = "und"


@dataclass(frozen=True, slots=True)
class _Document:
    """One document in one language."""

    language: str
    trail: tuple[str, ...]


def compare(report: Report, decisions: Sequence[Decision], known: Collection[tuple[str, ...]] = ()) -> Languages | None:
    """Return what documents state in one language and not in another; None where none has a language.

    ``decisions`` are the report's, in the order in which a page numbers them; ``known`` are the trails
    of all files of the target, where the caller could list them.
    """
    stated = _stated(decisions)
    groups: dict[tuple[str, ...], set[_Document]] = defaultdict(set)
    for trail in {*stated, *(trail for trail in known if _document(trail[-1]))}:
        key, language = paired(trail)
        groups[key].add(_Document(language, trail))
    unread = [gap for gap in report.gaps if gap.reason not in READ_ANYWAY]
    compared = 0
    differences: list[Difference] = []
    alone: list[tuple[str, str]] = []
    for key in sorted(groups):
        documents = sorted(groups[key], key=lambda one: (one.language, one.trail))
        if all(one.language == _UNMARKED for one in documents):
            continue
        read = [one for one in documents if one.trail in stated or not _covered(one.trail, unread)]
        if len({one.language for one in read}) > 1:
            compared += 1
            differences += _differences(key, read, stated)
        else:
            alone += [(one.language, joined(one.trail)) for one in documents if one.trail in stated]
    if not compared and not alone:
        return None
    return Languages(compared, tuple(differences), tuple(alone), listed=bool(known))


def paired(trail: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return a trail without its language, and the language: ``und`` where the path names none."""
    *outer, last = trail
    *folders, name = last.split("/")
    kept, language = [], ""
    for folder in folders:
        tag = _tag(folder)
        if tag and not language:
            language = tag
        else:
            kept.append(folder)
    stem, dot, ending = name.rpartition(".")
    if not language and dot:
        found = _SUFFIX.fullmatch(stem)
        tag = _tag(found["code"]) if found else ""
        if found and tag and found["code"].lower() not in _NO_SUFFIX:
            language, stem = tag, found["stem"]
    return (*outer, "/".join((*kept, f"{stem}{dot}{ending}".casefold()))), language or _UNMARKED


def _tag(text: str) -> str:
    """Return the language that a part of a path stands for, else an empty text."""
    low = text.casefold().replace("_", "-")
    tag = _CODES.get(low, "")
    if not tag and _REGION.fullmatch(text):
        tag = _CODES.get(low.partition("-")[0], "")
        region = text.replace("_", "-").partition("-")[2]
        # en-US and pt-br are languages of a place; a folder such as to-do is none
        if not (region.isupper() or low in ("pt-br", "en-us", "en-gb", "es-mx", "fr-ca")):
            tag = ""
    return tag


def _stated(decisions: Sequence[Decision]) -> dict[tuple[str, ...], dict[tuple[str, str], int]]:
    """Return the capabilities that each document states, each with the number of a finding."""
    stated: dict[tuple[str, ...], dict[tuple[str, str], int]] = {}
    for number, decision in enumerate(decisions):
        finding = decision.finding
        if finding.operation in _TALK or not _document(finding.trail[-1]):
            continue
        for trail in _places(finding):
            stated.setdefault(trail, {}).setdefault((finding.attribute, finding.operation), number)
    return stated


def _places(finding: Finding) -> Iterable[tuple[str, ...]]:
    return {finding.trail, *(spot.trail for spot in finding.also if _document(spot.trail[-1]))}


def _document(name: str) -> bool:
    return name.casefold().endswith(_ENDINGS)


def _covered(trail: tuple[str, ...], gaps: Iterable[Gap]) -> bool:
    """Whether a gap says that a document, or what it lies in, was not read."""
    return any(trail[: len(gap.trail)] == gap.trail for gap in gaps)


def _differences(
    key: tuple[str, ...],
    documents: Sequence[_Document],
    stated: Mapping[tuple[str, ...], Mapping[tuple[str, str], int]],
) -> Iterable[Difference]:
    """Return each capability that one of the documents states and another language's do not."""
    every = sorted({pair for one in documents for pair in stated.get(one.trail, ())})
    for attribute, operation in every:
        having = [one for one in documents if (attribute, operation) in stated.get(one.trail, ())]
        spoken = {one.language for one in having}
        lacking = [one for one in documents if one.language not in spoken]
        if lacking:
            yield Difference(
                document=joined(key),
                attribute=attribute,
                operation=operation,
                present=tuple(
                    (one.language, joined(one.trail), stated[one.trail][attribute, operation]) for one in having
                ),
                absent=tuple((one.language, joined(one.trail)) for one in lacking),
            )
