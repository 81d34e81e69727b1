"""What the generic syntax reader needs to know of a grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

Roles = Mapping[str, Mapping[str, str]]
"""Parent node type → field name, child type or ``*`` → role; ``up`` asks the next parent."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a node becomes a `Scope`."""

    kind: str
    members: str = "names"
    """``names`` of member nodes, ``values`` of a list, ``keys`` of pairs, ``params``, ``call``, ``tag``, ``none``."""
    name: tuple[str, ...] = ("name",)
    """Fields that may hold the name, best first."""
    body: tuple[str, ...] = ("body",)
    """Fields or child types that hold the members; the node itself when none is there."""
    borrows: bool = False
    """Whether it is named by the assignment, pair or argument whose value it is."""


@dataclass(frozen=True, slots=True)
class Binder:
    """A node that gives a value a name: an assignment, a pair, a keyword argument, a default."""

    name: tuple[str, ...] = ("name",)
    value: tuple[str, ...] = ("value",)
    """Fields of the value; with none of them, whatever is not the name."""
    assigns: bool = True
    """Whether the name itself stands in the assignment's scope (it does not in a pair or argument)."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """One grammar: where its parser is, and what its nodes mean."""

    name: str
    module: str
    function: str = "language"
    scopes: Mapping[str, Rule] = field(default_factory=dict)
    binders: Mapping[str, Binder] = field(default_factory=dict)
    roles: Roles = field(default_factory=dict)
    members: frozenset[str] = frozenset()
    """Node types that are a member of a class, struct or enum."""
    through: frozenset[str] = frozenset()
    """Node types that are looked through when members are listed."""
    strings: frozenset[str] = frozenset()
    comments: frozenset[str] = frozenset({"comment", "line_comment", "block_comment"})
    identifiers: frozenset[str] = frozenset()
    dotted: frozenset[str] = frozenset()
    """Node types of dotted names; a range over several parts of one is one name."""
    texts: frozenset[str] = frozenset()
    """Node types of running text in markup."""
    inlets: frozenset[str] = frozenset()
    """Interpolations: code inside a string."""
    transparent: frozenset[str] = frozenset()
    """Node types between a name and its value that say nothing."""
    marks: tuple[bytes, ...] = (b"//", b"/*", b"*/")
    """What a line with a comment contains."""
    docstrings: bool = False
    data: bool = False
    """Whether it is a data format: keys decide what a list or map is."""

    def extended(self, name: str, **changes: Any) -> Grammar:
        """Return a grammar like this one, with mappings and sets joined rather than replaced."""
        merged: dict[str, Any] = {}
        for key, value in changes.items():
            own = getattr(self, key)
            if isinstance(own, frozenset) or (isinstance(own, Mapping) and isinstance(value, Mapping)):
                merged[key] = own | value
            else:
                merged[key] = value
        return replace(self, name=name, **merged)


STATEMENT: Final = re.compile(
    r"(?:_statement|_declaration|_definition|_item|_spec|_variant|_constant|_element|_pair|_elem|_arm|_clause|_case"
    r"|_signature|_def|_initializer|_column|_attribute|^element|^pair|^assignment|assignment_expression|enumerator"
    r"|enum_entry|^class|^method|^function|^module|_assignment|^command|^field|^Attribute|^attribute|^STag|^statement"
    r"|block_sequence_item|class_parameter|keyed_element|interface|implementation)$"
)
"""Nodes that read as one statement, member or pair, in any grammar."""
