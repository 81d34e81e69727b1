"""Tables for C, C++, Objective-C, Rust, Go and Swift."""

from __future__ import annotations

from typing import Final

from untag.readers.syntax.common import (
    ASSIGNMENT,
    BASE,
    C_ROLES,
    CALL,
    CLASS,
    CLOSURE,
    CONDITION,
    DECLARED,
    ENUM,
    FUNCTION,
    INTERFACE,
    KEYWORD,
    LIST,
    MAP,
    MODULE,
    PAIR,
    STRUCT,
)
from untag.readers.syntax.grammar import Binder, Rule

C: Final = BASE.extended(
    "c",
    module="tree_sitter_c",
    scopes={
        "struct_specifier": STRUCT,
        "union_specifier": STRUCT,
        "enum_specifier": ENUM,
        "function_definition": Rule("function", members="params", name=("declarator",), body=("declarator",)),
        "initializer_list": LIST,
        "call_expression": CALL,
        "switch_statement": CONDITION,
        "conditional_expression": CONDITION,
    },
    binders={
        "init_declarator": Binder(("declarator",), ("value",)),
        "assignment_expression": ASSIGNMENT,
        "initializer_pair": Binder(("designator",), ("value",), assigns=False),
        "preproc_def": DECLARED,
        "enumerator": KEYWORD,
        "field_declaration": Binder(("declarator",), ("default_value",), assigns=False),
    },
    roles={**C_ROLES, "field_declaration": {"type": "name"}},
    members=frozenset({"field_declaration", "enumerator", "function_definition", "declaration"}),
    through=frozenset({"preproc_if", "preproc_ifdef", "preproc_else", "declaration_list"}),
    strings=frozenset({"system_lib_string", "preproc_arg"}),
    dotted=frozenset({"field_expression"}),
    transparent=frozenset({"cast_expression", "expression_list", "concatenated_string"}),
)

CPP: Final = C.extended(
    "cpp",
    module="tree_sitter_cpp",
    scopes={
        "class_specifier": CLASS,
        "namespace_definition": MODULE,
        "lambda_expression": Rule("function", members="params", name=(), body=("declarator",), borrows=True),
        "condition_clause": Rule("condition", members="condition", name=("value",), body=("value",)),
        "new_expression": Rule("call", members="call", name=("type",), body=("arguments",)),
    },
    binders={"optional_parameter_declaration": Binder(("declarator",), ("default_value",), assigns=False)},
    dotted=frozenset({"qualified_identifier"}),
)

OBJC: Final = C.extended(
    "objc",
    module="tree_sitter_objc",
    scopes={
        "class_interface": Rule("class", name=("name", "identifier"), body=()),
        "class_implementation": Rule("class", name=("name", "identifier"), body=()),
        "category_interface": Rule("class", name=("name", "identifier"), body=()),
        "protocol_declaration": Rule("interface", name=("name", "identifier"), body=()),
        "method_definition": Rule("function", members="params", name=("identifier", "selector"), body=()),
        "method_declaration": Rule("function", members="params", name=("identifier", "selector"), body=()),
        "array_literal": LIST,
        "array_expression": LIST,
        "dictionary_literal": MAP,
        "dictionary_expression": MAP,
        "message_expression": Rule("call", members="call", name=("receiver", "method"), body=()),
    },
    binders={"dictionary_pair": PAIR},
    roles={
        "dictionary_pair": {"key": "key"},
        "method_parameter": {"identifier": "parameter"},
        "struct_declarator": {"*": "up"},
    },
    members=frozenset({"property_declaration", "struct_declaration", "method_declaration", "method_definition"}),
    through=frozenset({"instance_variables", "implementation_definition", "property_declaration"}),
)

RUST: Final = BASE.extended(
    "rust",
    module="tree_sitter_rust",
    scopes={
        "struct_item": STRUCT,
        "union_item": STRUCT,
        "enum_item": ENUM,
        "trait_item": INTERFACE,
        "impl_item": Rule("class", name=("type",)),
        "mod_item": MODULE,
        "function_item": FUNCTION,
        "function_signature_item": FUNCTION,
        "closure_expression": CLOSURE,
        "array_expression": LIST,
        "tuple_expression": LIST,
        "struct_expression": Rule("map", members="keys"),
        "call_expression": CALL,
        "macro_invocation": Rule("call", members="call", name=("macro",), body=("token_tree",)),
        "if_expression": CONDITION,
        "match_expression": Rule("condition", members="none", name=("value",), body=()),
        "type_item": Rule("type", members="none"),
    },
    binders={
        "let_declaration": Binder(("pattern",), ("value",)),
        "const_item": DECLARED,
        "static_item": DECLARED,
        "assignment_expression": ASSIGNMENT,
        "field_initializer": Binder(("field",), ("value",), assigns=False),
        "enum_variant": KEYWORD,
    },
    roles={
        "parameter": {"pattern": "parameter"},
        "field_initializer": {"field": "key"},
        "shorthand_field_initializer": {"*": "key"},
        "match_pattern": {"*": "value"},
        "index_expression": {"string_literal": "key"},
        "mut_pattern": {"*": "up"},
    },
    members=frozenset({"field_declaration", "enum_variant", "function_item", "function_signature_item", "const_item"}),
    identifiers=frozenset({"shorthand_field_identifier", "metavariable"}),
    dotted=frozenset({"scoped_identifier", "scoped_type_identifier", "field_expression"}),
    transparent=frozenset({"reference_expression"}),
)

GO: Final = BASE.extended(
    "go",
    module="tree_sitter_go",
    scopes={
        "type_spec": Rule("type", members="none"),
        "struct_type": Rule("struct", name=(), body=("field_declaration_list",), borrows=True),
        "interface_type": Rule("interface", name=(), body=(), borrows=True),
        "const_declaration": Rule("enum", name=("const_spec",), body=()),
        "function_declaration": FUNCTION,
        "method_declaration": FUNCTION,
        "func_literal": CLOSURE,
        "composite_literal": Rule("list", members="values", name=(), borrows=True),
        "call_expression": CALL,
        "expression_switch_statement": Rule("condition", members="none", name=("value",), body=()),
    },
    binders={
        "var_spec": DECLARED,
        "const_spec": Binder(("name",), ("value",), assigns=False),
        "short_var_declaration": ASSIGNMENT,
        "assignment_statement": ASSIGNMENT,
        "keyed_element": PAIR,
        "type_spec": Binder(("name",), ("type",)),
    },
    roles={
        "parameter_declaration": {"name": "parameter"},
        "keyed_element": {"key": "key"},
        "literal_element": {"*": "up"},
        "literal_value": {"*": "up"},
        "index_expression": {"index": "key"},
        "field_declaration": {"tag": "string"},
        "composite_literal": {"body": "item"},
        "type_spec": {"name": "declaration"},
        "expression_case": {"value": "value"},
    },
    members=frozenset({"field_declaration", "method_elem", "method_spec", "const_spec"}),
    through=frozenset({"field_declaration_list", "method_spec_list", "const_spec_list"}),
    strings=frozenset({"interpreted_string_literal", "rune_literal"}),
    dotted=frozenset({"selector_expression", "qualified_type"}),
    transparent=frozenset({"expression_list", "literal_element", "unary_expression"}),
)

SWIFT: Final = BASE.extended(
    "swift",
    module="tree_sitter_swift",
    scopes={
        "class_declaration": CLASS,
        "protocol_declaration": INTERFACE,
        "function_declaration": Rule("function", members="params", body=()),
        "protocol_function_declaration": Rule("function", members="params", body=()),
        "array_literal": LIST,
        "dictionary_literal": MAP,
        "call_expression": Rule("call", members="call", name=("*",), body=("call_suffix",)),
        "guard_statement": CONDITION,
        "switch_statement": Rule("condition", members="none", name=("expr",), body=()),
    },
    binders={
        "property_declaration": Binder(("name",), ("value",)),
        "assignment": Binder(("target",), ("result",)),
        "value_argument": Binder(("name",), ("value",), assigns=False),
        "enum_entry": Binder(("name",), ("raw_value",), assigns=False),
    },
    roles={
        "parameter": {"name": "parameter", "external_name": "parameter"},
        "dictionary_literal": {"key": "key", "value": "value"},
        "value_argument_label": {"*": "argument"},
        "pattern": {"bound_identifier": "up", "*": "value"},
        "property_declaration": {"name": "up"},
        "enum_entry": {"name": "member", "raw_value": "value"},
        "switch_pattern": {"*": "up"},
    },
    members=frozenset(
        {"property_declaration", "protocol_property_declaration", "function_declaration", "enum_entry"}
    ),
    strings=frozenset({"line_string_literal", "multi_line_string_literal", "raw_str_literal"}),
    comments=frozenset({"multiline_comment"}),
    dotted=frozenset({"navigation_expression"}),
    transparent=frozenset({"value_argument_label"}),
)
