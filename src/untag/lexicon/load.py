"""Read the lexicon's data: TOML in, checked `Term` and `ValueSet` values out.

A file of terms is a list of sections. A section states once what its rows share
(``defaults``), and each row overrides it::

    [[section]]
    title = "English"
    defaults = { kind = "slot", attribute = "ethnicity", language = "en", ambiguity = "medium", source = "…" }
    terms = [
      { text = "ethnicity", hits = ["face.ethnicity = 3"], misses = ["polyethnicity"] },
    ]

``codes.toml`` holds the value sets instead. Nothing is repaired: a wrong row is a
`LexiconError` that names its file and its text.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from untag.errors import LexiconError
from untag.lexicon.compile import split_words
from untag.lexicon.term import KINDS, SENSES, Term
from untag.model import ACQUISITIONS, ATTRIBUTES, OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

VERSION: Final = "2026.11.22"
"""Date of the data; the digest is the identity."""
AMBIGUITIES: Final = ("low", "medium", "high")
CODES: Final = "codes.toml"
KEYS: Final = frozenset(f.name for f in fields(Term))
SECTION_KEYS: Final = frozenset({"title", "defaults", "terms"})
TUPLES: Final = frozenset({"benign_next", "benign_prev", "hits", "misses"})
FLAGS: Final = frozenset({"person", "exact"})
NO_ATTRIBUTE: Final = frozenset({"context", "language"})
"""Kinds that name no attribute: they only raise or lower."""
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")


@dataclass(frozen=True, slots=True)
class ValueSet:
    """The values of one code list: they speak only together, and only bound to a field of a person."""

    id: str
    title: str
    attribute: str
    codes: tuple[tuple[str, str], ...]
    """Code and the canonical English name of what it stands for, in the list's own order."""
    names: tuple[str, ...]
    """Names of the members as their source spells them."""
    min: int
    """Distinct members that must stand side by side before the set counts as seen."""
    source: str
    fields: tuple[str, ...] = ()
    """Fields, enums or columns that carry the code, as their source spells them."""
    acquisition: str = ""
    note: str = ""


def load(folder: Traversable | None = None) -> tuple[Term, ...]:
    """Return every term of the lexicon, in the order of the files and of their rows."""
    terms: list[Term] = []
    seen: dict[tuple[str, str, str, str], str] = {}
    for name, data in _files(folder):
        if name == CODES:
            continue
        for section in _sections(name, data):
            for row in section["terms"]:
                term = _term(name, section.get("defaults", {}), row)
                key = (identity(term), term.kind, term.attribute, term.sense)
                if key in seen:
                    raise LexiconError(f"{name}: {term.text!r} stands twice as {term.kind}, first in {seen[key]}")
                seen[key] = name
                terms.append(term)
    return tuple(terms)


def load_sets(folder: Traversable | None = None) -> tuple[ValueSet, ...]:
    """Return the value sets of ``codes.toml``, in the order of the file."""
    sets: list[ValueSet] = []
    for name, data in _files(folder):
        if name != CODES:
            continue
        for row in _parse(name, data).get("set", []):
            made = _value_set(name, row)
            if any(made.id == other.id for other in sets):
                raise LexiconError(f"{name}: the set {made.id!r} stands twice")
            sets.append(made)
    return tuple(sets)


def digest(folder: Traversable | None = None) -> str:
    """Return the SHA-256 of the data files' names and bytes, in hex; parses nothing."""
    total = hashlib.sha256()
    for name, data in _files(folder):
        total.update(f"{name}\0{len(data)}\0".encode())
        total.update(data)
    return total.hexdigest()


def identity(term: Term) -> str:
    """Return the form in which two terms are the same: folded, words joined by one space, unless exact."""
    return term.text if term.exact else " ".join(split_words(term.text)).casefold()


def _files(folder: Traversable | None) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each data file, by name."""
    root = folder if folder is not None else files("untag.lexicon") / "data"
    for entry in sorted(root.iterdir(), key=lambda e: e.name):
        if entry.name.endswith(".toml"):
            yield entry.name, entry.read_bytes()


def _parse(name: str, data: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LexiconError(f"{name}: {error}; mend the file") from error


def _sections(name: str, data: bytes) -> list[dict[str, Any]]:
    """Return the sections of a file of terms, with their keys checked."""
    parsed = _parse(name, data)
    unknown = parsed.keys() - {"section"}
    if unknown:
        raise LexiconError(f"{name}: unknown key {min(unknown)!r}; a file of terms holds [[section]] alone")
    sections: list[dict[str, Any]] = parsed.get("section", [])
    for section in sections:
        unknown = section.keys() - SECTION_KEYS
        if unknown or "terms" not in section:
            wrong = f"unknown key {min(unknown)!r}" if unknown else "no terms"
            raise LexiconError(f"{name}: section {section.get('title', '')!r}: {wrong}")
    return sections


def _term(name: str, defaults: dict[str, Any], row: dict[str, Any]) -> Term:
    """Return the checked term of one row."""
    values = defaults | row
    text = values.get("text", "")
    where = f"{name}: {text!r}"
    if not isinstance(text, str) or not text.strip() or text != text.strip():
        raise LexiconError(f"{where}: the text is empty or has space around it")
    unknown = values.keys() - KEYS
    if unknown:
        raise LexiconError(f"{where}: unknown key {min(unknown)!r}; use one of {', '.join(sorted(KEYS))}")
    for key, value in values.items():
        wanted = bool if key in FLAGS else list if key in TUPLES else str
        if not isinstance(value, wanted):
            raise LexiconError(f"{where}: {key} is {value!r}, not a {wanted.__name__}")
        if isinstance(value, list):
            values[key] = _texts(where, key, value)
    for key in ("source", "hits", "misses", "kind", "language"):
        if not values.get(key):
            raise LexiconError(f"{where}: no {key}; a term ships with its source, its hits and its misses")
    values.setdefault("attribute", "")
    values.setdefault("ambiguity", "high")
    term = Term(**values)
    _check(where, term)
    return term


def _texts(where: str, key: str, value: list[Any]) -> tuple[str, ...]:
    if not all(isinstance(item, str) and item for item in value):
        raise LexiconError(f"{where}: {key} has an item that is no text")
    return tuple(value)


def _check(where: str, term: Term) -> None:
    """Raise `LexiconError` when a value is not of its vocabulary or the values contradict each other."""
    for key, value, known in (
        ("kind", term.kind, KINDS),
        ("ambiguity", term.ambiguity, AMBIGUITIES),
        ("attribute", term.attribute, ("", *ATTRIBUTES)),
        ("sense", term.sense, ("", *SENSES)),
        ("operation", term.operation, ("", *OPERATIONS)),
        ("acquisition", term.acquisition, ("", *ACQUISITIONS)),
    ):
        if value not in known:
            raise LexiconError(f"{where}: unknown {key} {value!r}; use one of {', '.join(filter(None, known))}")
    if not LANGUAGE.fullmatch(term.language):
        raise LexiconError(f"{where}: {term.language!r} is no BCP 47 tag; use zxx for identifiers")
    if (term.kind in NO_ATTRIBUTE) == bool(term.attribute):
        wrong = "names an attribute" if term.attribute else "names no attribute"
        raise LexiconError(f"{where}: a {term.kind} that {wrong}")
    if (term.kind == "context") != bool(term.sense):
        raise LexiconError(f"{where}: a sense belongs to each context row and to no other")
    if term.kind == "group" and (term.ambiguity != "high" or not term.group):
        raise LexiconError(f"{where}: a group name is always of high ambiguity and has its canonical name")
    if term.kind not in {"field", "call", "model"} and term.language not in {"en", "zxx"} and not term.gloss:
        raise LexiconError(f"{where}: no gloss; a term that is not English has its meaning in English")


def _value_set(name: str, row: dict[str, Any]) -> ValueSet:
    """Return the checked value set of one row of ``codes.toml``."""
    where = f"{name}: set {row.get('id', '')!r}"
    unknown = row.keys() - {f.name for f in fields(ValueSet)}
    if unknown:
        raise LexiconError(f"{where}: unknown key {min(unknown)!r}")
    for key in ("id", "title", "attribute", "source", "min"):
        if not row.get(key):
            raise LexiconError(f"{where}: no {key}")
    codes = tuple((str(code), str(group)) for code, group in row.get("codes", {}).items())
    names = _texts(where, "names", row.get("names", []))
    if not codes and not names:
        raise LexiconError(f"{where}: neither codes nor names")
    if row["attribute"] not in ATTRIBUTES or row.get("acquisition", "") not in ("", *ACQUISITIONS):
        raise LexiconError(f"{where}: unknown attribute or acquisition")
    least = row["min"]
    if not isinstance(least, int) or not 1 <= least <= max(len(codes), len(names)):
        raise LexiconError(f"{where}: min is {least!r}, not a count of its members")
    return ValueSet(
        id=row["id"],
        title=row["title"],
        attribute=row["attribute"],
        codes=codes,
        names=names,
        min=least,
        source=row["source"],
        fields=_texts(where, "fields", row.get("fields", [])),
        acquisition=row.get("acquisition", ""),
        note=row.get("note", ""),
    )
