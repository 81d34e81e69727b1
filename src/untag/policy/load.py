"""Load a policy pack: strictly, so that a misspelt key is an error and never a gap in the law.

A pack is one small TOML file. ``rule`` and ``ceiling`` are its tables; a rule without
actions takes them from its own or the pack's level (`untag.policy.base.LEVELS`).
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ConfigError
from untag.kept import kept
from untag.model import ACQUISITIONS, ACTIONS, ATTRIBUTES, CONFIDENCES, OPERATIONS, PolicyInfo
from untag.policy.base import GROUNDS, LEVELS, VERIFIED, Ceiling, Layer, Opinions, Policy, Rule, Source
from untag.policy.words import hint

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PACKS: Final = (
    "untag-core",
    "promise-alibaba-2020",
    "eu-ai-act-5-1-g",
    "eu-ai-act-annex-iii-1b",
    "eu-ai-act-4a",
    "eu-gdpr-9",
    "coe-108-frt",
    "us-ftc-rite-aid",
    "us-il-bipa",
    "us-entity-list",
    "uk-ico",
    "cn-pipl-28-29",
    "cn-frt-2025",
    "interpol-rpd-42",
    "vendor-microsoft-2022",
    "vendor-google-2020",
    "vendor-ibm-2020",
    "vendor-aws-rekognition",
    "genai-usage",
    "overlay-fairness",
)
"""The packs that ship, the default first."""

DEFAULT: Final = PACKS[0]

_FOLDER: Final = os.path.join(os.path.dirname(__file__), "packs")
_RULE_KEYS: Final = ("attributes", "operations", "acquisitions", "level", "action", *CONFIDENCES, "clause")
_CEILING_KEYS: Final = ("action", "clause", "rules", "operations", "acquisitions", "grounds")
_SOURCE_KEYS: Final = ("clause", "quote", "url", "verified")
_READ_AS_KEYS: Final = ("as", "note")
_PACK_KEYS: Final = (
    "id",
    "title",
    "jurisdiction",
    "in_force",
    "level",
    "overlay",
    "rule",
    "ceiling",
    "exemptions",
    "grants",
    "attributes_by_interpretation",
    "leaves_out",
    "notes",
    "source",
)


def load_policy(name_or_path: str | Path = DEFAULT, overlays: Sequence[str | Path] = ()) -> Policy:
    """Return the policy of a shipped name or a ``.toml`` file, with its overlays applied in order."""
    base = load_layer(name_or_path)
    if base.overlay:
        raise ConfigError(
            f"policy {base.id} has nothing to block by: name it in overlays, beside a policy such as {DEFAULT}"
        )
    layers = (base, *(load_layer(item) for item in overlays))
    ids = [layer.id for layer in layers]
    for name in ids:
        if ids.count(name) > 1:
            raise ConfigError(f"policy {name} is named twice: leave one out")
    digest = base.sha256
    if overlays:
        digest = _sha256("\n".join(layer.sha256 for layer in layers).encode())
    return Policy(
        layers=layers,
        grants=frozenset().union(*(layer.grants for layer in layers)),
        sha256=digest,
        index=Opinions(layers),
    )


def policies() -> tuple[PolicyInfo, ...]:
    """Return what every shipped pack says of itself, the default first."""
    return tuple(
        PolicyInfo(id=layer.id, sha256=layer.sha256, title=layer.title, leaves_out=layer.leaves_out)
        for layer in packs()
    )


def packs() -> tuple[Layer, ...]:
    """Return every shipped pack in full, the default first."""
    return tuple(load_layer(name) for name in PACKS)


def load_layer(name_or_path: str | Path) -> Layer:
    """Return one pack, by its shipped name or by the path of a ``.toml`` file."""
    name = str(name_or_path)
    shipped = isinstance(name_or_path, str) and name in PACKS
    if shipped:
        path = os.path.join(_FOLDER, f"{name}.toml")
    elif isinstance(name_or_path, os.PathLike) or name.endswith(".toml") or "/" in name or "\\" in name:
        path = name
    else:
        near = hint(name, PACKS)
        known = "" if near.startswith("known") else f" known: {', '.join(PACKS)};"
        raise ConfigError(
            f"unknown policy {name!r}; {near}{known or ';'} a policy of your own is a path that ends in .toml"
        )
    try:
        with open(path, "rb") as f:
            data = f.read()
    except OSError as error:
        raise ConfigError(f"policy {name} cannot be read: {error.strerror or error}") from error
    if shipped:
        table, sha256 = kept(name, data, lambda: (_plain(_table(data, name)), _sha256(data)))
        return _layer(table, name, sha256)
    return parse(data, name)


def parse(data: bytes, where: str) -> Layer:
    """Return the pack in ``data``; ``where`` names it in errors."""
    return _layer(_table(data, where), where, _sha256(data))


def _table(data: bytes, where: str) -> dict[str, Any]:
    """Return the pack as TOML reads it."""
    import tomllib  # noqa: PLC0415 - slow to load; what ships was parsed before

    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise ConfigError(f"policy {where} is not UTF-8 at byte {error.start}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"policy {where} is not valid TOML: {error}") from error


def _plain(table: dict[str, Any]) -> dict[str, Any]:
    """Return the table of a pack with its one date as `_layer` reads it, which JSON can hold."""
    return {**table, "in_force": str(table["in_force"])} if "in_force" in table else table


def _sha256(data: bytes) -> str:
    import hashlib  # noqa: PLC0415 - loads a library of its own

    return hashlib.sha256(data).hexdigest()


def _layer(table: dict[str, Any], where: str, sha256: str) -> Layer:
    """Return the pack in a table, checked key by key."""
    reader = _Reader(where)
    reader.keys(table, _PACK_KEYS, "")
    overlay = table.get("overlay", False)
    if not isinstance(overlay, bool):
        raise reader.wrong("overlay", "true or false")
    level = reader.one(table, "level", tuple(LEVELS), "")
    sources = tuple(reader.source(row, n) for n, row in enumerate(reader.rows(table, "source"), 1))
    if not sources:
        raise ConfigError(f"policy {where} names no source: add [[source]] with clause = …")
    rules = tuple(reader.rule(row, n, level, sources[0]) for n, row in enumerate(reader.rows(table, "rule"), 1))
    layer = Layer(
        id=reader.text(table, "id", required=True),
        title=reader.text(table, "title", required=True),
        jurisdiction=reader.text(table, "jurisdiction"),
        in_force=str(table.get("in_force", "")),
        level=level,
        overlay=overlay,
        rules=rules,
        ceilings=tuple(reader.ceiling(row, n) for n, row in enumerate(reader.rows(table, "ceiling"), 1)),
        exemptions=frozenset(reader.words(table, "exemptions", tuple(GROUNDS), "")),
        grants=frozenset(reader.words(table, "grants", tuple(GROUNDS), "")),
        interpretation=reader.interpretation(table, {a for rule in rules for a in rule.attributes}),
        leaves_out=reader.words(table, "leaves_out", None, ""),
        notes=reader.words(table, "notes", None, ""),
        sources=sources,
        sha256=sha256,
    )
    if layer.overlay:
        if not (layer.rules or layer.grants or layer.leaves_out or layer.notes):
            raise ConfigError(f"policy {where} does nothing: give it rules, grants or notes")
    elif not layer.rules:
        raise ConfigError(f"policy {where} has no rules, so it would pass everything: add at least one [[rule]]")
    elif layer.grants:
        raise ConfigError(f"policy {where}: only an overlay has grants; a policy of its own lists exemptions")
    return layer


class _Reader:
    """Takes checked values out of a pack's tables; every error names the pack and the key."""

    def __init__(self, where: str) -> None:
        self.where = where

    def wrong(self, key: str, wanted: str) -> ConfigError:
        """Return the error for a value of the wrong kind."""
        return ConfigError(f"policy {self.where}: {key} must be {wanted}")

    def keys(self, table: dict[str, Any], known: Sequence[str], place: str) -> None:
        """Refuse a key that nobody reads."""
        for key in table:
            if key not in known:
                raise ConfigError(f"policy {self.where}: unknown key {place}{key}; {hint(key, known)}")

    def rows(self, table: dict[str, Any], key: str) -> list[dict[str, Any]]:
        """Return an array of tables."""
        rows = table.get(key, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise self.wrong(key, f"tables: write [[{key}]]")
        return rows

    def text(self, table: dict[str, Any], key: str, place: str = "", *, required: bool = False) -> str:
        """Return a string."""
        value = table.get(key, "")
        if not isinstance(value, str) or (required and not value.strip()):
            raise self.wrong(place + key, "a text" + (" that is not empty" if required else ""))
        return value

    def one(self, table: dict[str, Any], key: str, known: Sequence[str], place: str) -> str:
        """Return a word out of a list of known ones."""
        value = table.get(key)
        if value not in known:
            raise self.wrong(place + key, f"one of {', '.join(known)}")
        return str(value)

    def words(
        self, table: dict[str, Any], key: str, known: Sequence[str] | None, place: str, *, required: bool = False
    ) -> tuple[str, ...]:
        """Return a list of strings, each out of ``known`` when that is given."""
        value = table.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(place + key, "a list of texts")
        if required and not value:
            raise self.wrong(place + key, "a list that is not empty")
        for item in value:
            if known is not None and item not in known:
                raise ConfigError(f"policy {self.where}: {place}{key} has unknown {item!r}; {hint(item, known)}")
        return tuple(value)

    def source(self, row: dict[str, Any], number: int) -> Source:
        """Return one ``[[source]]``."""
        place = f"source {number} "
        self.keys(row, _SOURCE_KEYS, place)
        return Source(
            clause=self.text(row, "clause", place, required=True),
            quote=self.text(row, "quote", place),
            url=self.text(row, "url", place),
            verified=self.one(row, "verified", VERIFIED, place),
        )

    def rule(self, row: dict[str, Any], number: int, level: str, source: Source) -> Rule:
        """Return one ``[[rule]]``; its actions come from its level, from ``action`` or one by one."""
        place = f"rule {number} "
        self.keys(row, _RULE_KEYS, place)
        actions = dict(zip(CONFIDENCES, LEVELS[level], strict=True))
        if "level" in row:
            own = self.one(row, "level", tuple(LEVELS), place)
            actions = dict(zip(CONFIDENCES, LEVELS[own], strict=True))
        if "action" in row:
            actions = dict.fromkeys(CONFIDENCES, self.one(row, "action", ACTIONS, place))
        for confidence in CONFIDENCES:
            if confidence in row:
                actions[confidence] = self.one(row, confidence, ACTIONS, place)
        return Rule(
            attributes=self.words(row, "attributes", ATTRIBUTES, place, required=True),
            operations=self.words(row, "operations", OPERATIONS, place, required=True),
            acquisitions=self.words(row, "acquisitions", ACQUISITIONS, place, required=True),
            high=actions["high"],
            medium=actions["medium"],
            low=actions["low"],
            clause=self.text(row, "clause", place) or source.clause,
        )

    def ceiling(self, row: dict[str, Any], number: int) -> Ceiling:
        """Return one ``[[ceiling]]``, which must have at least one criterion."""
        place = f"ceiling {number} "
        self.keys(row, _CEILING_KEYS, place)
        made = Ceiling(
            action=self.one(row, "action", ACTIONS, place),
            clause=self.text(row, "clause", place, required=True),
            rules=self.words(row, "rules", None, place),
            operations=self.words(row, "operations", OPERATIONS, place),
            acquisitions=self.words(row, "acquisitions", ACQUISITIONS, place),
            grounds=self.words(row, "grounds", None, place),
        )
        if not (made.rules or made.operations or made.acquisitions or made.grounds):
            raise ConfigError(
                f"policy {self.where}: {place}holds down every finding:"
                " give it rules, operations, acquisitions or grounds"
            )
        return made

    def interpretation(self, table: dict[str, Any], named: set[str]) -> tuple[tuple[str, str, str], ...]:
        """Return ``[attributes_by_interpretation]``: attributes that the text does not name."""
        rows = table.get("attributes_by_interpretation", {})
        if not isinstance(rows, dict):
            raise self.wrong("attributes_by_interpretation", "a table")
        found = []
        for attribute, row in rows.items():
            place = f"attributes_by_interpretation.{attribute} "
            if attribute not in ATTRIBUTES:
                raise ConfigError(f"policy {self.where}: {place}is no attribute; known: {', '.join(ATTRIBUTES)}")
            if not isinstance(row, dict):
                raise self.wrong(place.strip(), "a table: { as = …, note = … }")
            self.keys(row, _READ_AS_KEYS, place)
            read_as = self.text(row, "as", place)
            if read_as and read_as not in named:
                raise self.wrong(place + "as", "an attribute that a rule of the pack names")
            found.append((attribute, read_as, self.text(row, "note", place, required=True)))
        return tuple(found)
