"""What most grammars share; each table adds its own to this one."""

from __future__ import annotations

from typing import Final

from untag.readers.syntax.grammar import Binder, Grammar, Rule

CLASS: Final = Rule("class")
STRUCT: Final = Rule("struct")
ENUM: Final = Rule("enum")
INTERFACE: Final = Rule("interface")
MODULE: Final = Rule("module", members="none")
FUNCTION: Final = Rule("function", members="params", body=("parameters",))
CLOSURE: Final = Rule("function", members="params", body=("parameters", "parameter"), borrows=True)
LIST: Final = Rule("list", members="values", name=(), body=(), borrows=True)
MAP: Final = Rule("map", members="keys", name=(), body=(), borrows=True)
UNION: Final = Rule("type", members="values", name=(), body=(), borrows=True)
CONDITION: Final = Rule("condition", members="condition", name=("condition",), body=("condition",))
CALL: Final = Rule("call", members="call", name=("function",), body=("arguments",))
ELEMENT: Final = Rule("element", members="tag", name=("name",), body=())

ASSIGNMENT: Final = Binder(("left",), ("right",))
DECLARED: Final = Binder(("name",), ("value",))
PAIR: Final = Binder(("key",), ("value",), assigns=False)
KEYWORD: Final = Binder(("name",), ("value",), assigns=False)
REST: Final = Binder(("name",), (), assigns=False)

IDENTIFIERS: Final = frozenset(
    {
        "identifier",
        "type_identifier",
        "field_identifier",
        "property_identifier",
        "private_property_identifier",
        "shorthand_property_identifier",
        "shorthand_property_identifier_pattern",
        "namespace_identifier",
        "package_identifier",
        "statement_identifier",
        "simple_identifier",
    }
)
STRINGS: Final = frozenset({"string", "string_literal", "char_literal", "raw_string_literal", "character_literal"})
INLETS: Final = frozenset(
    {"interpolation", "template_substitution", "interpolated_expression", "interpolation_expression"}
)

BASE: Final = Grammar(
    name="",
    module="",
    identifiers=IDENTIFIERS,
    strings=STRINGS,
    inlets=INLETS,
    transparent=frozenset({"parenthesized_expression", "ERROR"}),
    scopes={"if_statement": CONDITION, "while_statement": CONDITION},
    roles={"case_statement": {"value": "value"}},
)

C_ROLES: Final = {
    "pointer_declarator": {"*": "up"},
    "array_declarator": {"declarator": "up"},
    "reference_declarator": {"*": "up"},
    "parenthesized_declarator": {"*": "up"},
    "init_declarator": {"declarator": "up"},
    "function_declarator": {"declarator": "up"},
    "parameter_declaration": {"declarator": "parameter"},
    "optional_parameter_declaration": {"declarator": "parameter", "default_value": "value"},
    "type_definition": {"declarator": "declaration"},
    "subscript_argument_list": {"*": "up"},
    "subscript_expression": {"indices": "key", "index": "key"},
    "initializer_pair": {"designator": "key"},
    "field_designator": {"*": "up"},
    "preproc_def": {"name": "declaration"},
    "preproc_function_def": {"name": "declaration"},
    "case_statement": {"value": "value"},
    "concatenated_string": {"*": "up"},
    "qualified_identifier": {"name": "up"},
}
