"""What a report calls things, for readers who know neither the program nor its words.

The wording is sober on purpose: a scan states what it found in what it read, and says nothing
of what it did not read or of what anyone does with the software.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

VERDICT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "clean": "No finding in what was read that this policy does not let pass.",
        "blocked": "There are findings that this policy does not let pass.",
        "incomplete": "Not everything could be read, or there was nothing to read: there is no verdict.",
    }
)
NOTHING: Final = "No finding in what was read."
BOUND: Final = (
    "A report speaks of what was read and of nothing else. What was not read is listed under “What was not read”."
)

OPERATIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "infers": "works the attribute out, or has a field that holds what was worked out",
        "searches": "looks people up or filters them by the attribute",
        "alerts": "raises an alarm or notice because of the attribute",
        "stores": "keeps the attribute of pictured people",
        "labels": "sorts pictures of people into classes of the attribute",
        "prompts": "asks a model for the attribute",
        "trains": "trains a model on the attribute",
        "exports": "passes the attribute on to others",
        "documents": "documentation that offers it",
        "declared": "a person states it of themselves, or a document states it",
        "audits": "measures whether software treats groups differently",
        "mentions": "speaks of it, and does nothing by itself",
        "prohibits": "forbids it, removes it or says that it is absent",
    }
)
"""An operation, in a few words for people."""
ACTIONS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "block": "the policy does not let it pass",
        "warn": "a person should look at it",
        "inform": "stated for completeness",
        "exempt": "the policy, a waiver or a baseline lets it pass",
    }
)
CONFIDENCES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "high": "the reasons leave little doubt",
        "medium": "the reasons are good, and another reading is possible",
        "low": "worth a look, no more",
    }
)
LEVELS: Final = (
    ("parsed", "Read in full: the format was understood"),
    ("bytes", "Searched as raw bytes only"),
    ("opaque", "No text to read: pictures, sound, outlines"),
    ("unread", "NOT read"),
)
"""Each level of coverage, as the field of `Coverage` and in words."""
_LANGUAGES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "ar": "Arabic",
        "bn": "Bengali",
        "bo": "Tibetan",
        "de": "German",
        "en": "English",
        "es": "Spanish",
        "fa": "Persian",
        "fr": "French",
        "he": "Hebrew",
        "hi": "Hindi",
        "id": "Indonesian",
        "it": "Italian",
        "ja": "Japanese",
        "kk": "Kazakh",
        "ko": "Korean",
        "ku": "Kurdish",
        "ky": "Kyrgyz",
        "mn": "Mongolian",
        "ms": "Malay",
        "my": "Burmese",
        "nl": "Dutch",
        "pl": "Polish",
        "pt": "Portuguese",
        "ru": "Russian",
        "ta": "Tamil",
        "th": "Thai",
        "tr": "Turkish",
        "ug": "Uyghur",
        "uk": "Ukrainian",
        "ur": "Urdu",
        "uz": "Uzbek",
        "vi": "Vietnamese",
        "zh": "Chinese",
        "zxx": "identifier or code",
        "und": "not determined",
    }
)
_SCRIPTS: Final[Mapping[str, str]] = MappingProxyType(
    {"Hans": "simplified", "Hant": "traditional", "Latn": "in Latin letters", "Cyrl": "in Cyrillic letters"}
)


def words(name: str) -> str:
    """Return a name of the model as people write it: ``skin_tone`` → ``skin tone``."""
    return name.replace("_", " ")


def opened(text: str) -> str:
    """Return a sentence with a capital at its head."""
    return text[:1].upper() + text[1:]


def language(tag: str) -> str:
    """Return the English name of a language tag; a tag without one stands for itself."""
    main, _, script = tag.partition("-")
    name = _LANGUAGES.get(main, tag)
    return f"{name} ({_SCRIPTS[script]})" if script in _SCRIPTS else name


def share(count: int, one: str, many: str = "") -> str:
    """Return a count with its noun."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


NOT_CANONICAL: Final = (
    "This file is not byte for byte what untag writes for its content: it was edited, reformatted or made by"
    " another version. Make the report again before relying on it."
)
NOT_STATED: Final = "not stated in the report"
SAME: Final = " when untag {}, the policy, the lexicon and the target are the same."
REPEAT: Final = (
    "The same bytes in give the same report out: it holds no clock and no path of a machine. A report does not record"
    " options beyond its policy: waivers, a baseline, exclusions or --min-confidence, where they were used, must be"
    " given again. A folder is named without the path to it: give the path on your machine."
)
READING: Final = (
    "A finding is a statement about files: this file does this with that attribute of people in pictures, for the"
    " reasons listed. Reasons for and against carry points; their sum decides the confidence. A field in a client"
    " library says nothing about what a server does with it, and documentation says nothing about use. Names of"
    " peoples, languages and religions are no findings by themselves."
)
TERMS: Final = (
    ("Operations: what the software does with an attribute", OPERATIONS),
    ("Actions: what the policy makes of a finding", ACTIONS),
    ("Confidence: how sure the program is", CONFIDENCES),
)
COMPARED: Final = (
    "Findings of each capability, those that the policy exempts left out. A zero says that there was no finding in"
    " what was read of that target."
)
