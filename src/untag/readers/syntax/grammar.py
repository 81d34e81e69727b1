"""What the generic syntax reader needs to know of a grammar."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from untag.nouns import dataclass, field, replace

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
    r"(?:_statement|_declaration|_definition|_item|_spec|_variant|_constant|_pair|_elem|_arm|_clause|_case"
    r"|_signature|_def|field_initializer|_column|^element|^pair|^assignment|assignment_expression|enumerator"
    r"|enum_entry|^class|^method|^function|^module|_assignment|^command|STag|EmptyElemTag|start_tag|self_closing_tag"
    r"|^statement|block_sequence_item|class_parameter|keyed_element|jsx_opening_element|jsx_self_closing_element"
    r"|interface|implementation)$"
)
"""Nodes that read as one statement, member or pair, in any grammar."""
UNSTATED: Final = re.compile(r"(?<!class_)parameter|^variable_declaration$|identifier|^column$|^term$|^name$")
"""Nodes that look like a statement by their type and say too little."""
BLOCKS: Final = frozenset(
    {
        "block",
        "statements",
        "body_statement",
        "then",
        "program",
        "source_file",
        "module",
        "translation_unit",
        "compilation_unit",
        "compound_statement",
        "statement_block",
        "statement_list",
        "function_body",
        "template_body",
        "declaration_list",
        "class_body",
    }
)
"""Nodes whose children are statements, whatever their type."""
BODIES: Final = ("body", "consequence", "block", "statements", "then", "function_body", "class_body", "enum_class_body")
"""Fields and types of what a statement's head guards or holds."""
