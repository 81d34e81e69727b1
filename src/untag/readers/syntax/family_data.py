"""Tables for JSON, YAML, TOML, XML, HTML and SQL."""

from __future__ import annotations

from typing import Final

from untag.readers.syntax.common import BASE, ELEMENT, LIST, MAP, PAIR
from untag.readers.syntax.grammar import Binder, Grammar, Rule

JSON: Final = Grammar(
    name="json",
    module="tree_sitter_json",
    scopes={"object": MAP, "array": LIST},
    binders={"pair": PAIR},
    roles={"pair": {"key": "key", "value": "value"}},
    strings=frozenset({"string"}),
    transparent=frozenset({"ERROR"}),
    data=True,
)

YAML: Final = Grammar(
    name="yaml",
    module="tree_sitter_yaml",
    scopes={"block_mapping": MAP, "flow_mapping": MAP, "block_sequence": LIST, "flow_sequence": LIST},
    binders={"block_mapping_pair": PAIR, "flow_pair": PAIR},
    roles={
        "block_mapping_pair": {"key": "key", "value": "value"},
        "flow_pair": {"key": "key", "value": "value"},
        "block_sequence_item": {"*": "item"},
    },
    strings=frozenset({"plain_scalar", "double_quote_scalar", "single_quote_scalar", "block_scalar"}),
    transparent=frozenset({"flow_node", "block_node", "block_sequence_item", "ERROR"}),
    marks=(b"#",),
    data=True,
)

TOML: Final = Grammar(
    name="toml",
    module="tree_sitter_toml",
    scopes={
        "document": MAP,
        "table": Rule("map", members="keys", name=("dotted_key", "bare_key", "quoted_key"), body=()),
        "table_array_element": Rule("map", members="keys", name=("dotted_key", "bare_key", "quoted_key"), body=()),
        "inline_table": MAP,
        "array": LIST,
    },
    binders={"pair": Binder(("bare_key", "dotted_key", "quoted_key"), (), assigns=False)},
    roles={
        "pair": {"bare_key": "key", "dotted_key": "key", "quoted_key": "key", "*": "value"},
        "table": {"bare_key": "declaration", "dotted_key": "declaration", "quoted_key": "declaration"},
        "table_array_element": {"bare_key": "declaration", "dotted_key": "declaration", "quoted_key": "declaration"},
        "dotted_key": {"*": "up"},
    },
    strings=frozenset({"string", "quoted_key"}),
    identifiers=frozenset({"bare_key"}),
    dotted=frozenset({"dotted_key"}),
    marks=(b"#",),
    data=True,
)

XML: Final = Grammar(
    name="xml",
    module="tree_sitter_xml",
    function="language_xml",
    scopes={"element": ELEMENT},
    binders={"Attribute": Binder(("Name",), ("AttValue",), assigns=False)},
    roles={
        "STag": {"Name": "declaration"},
        "EmptyElemTag": {"Name": "declaration"},
        "ETag": {"Name": "declaration"},
        "Attribute": {"Name": "key", "AttValue": "value"},
    },
    strings=frozenset({"AttValue", "EntityValue", "SystemLiteral", "PubidLiteral"}),
    comments=frozenset({"Comment"}),
    identifiers=frozenset({"Name"}),
    texts=frozenset({"CharData", "CDSect", "CData", "PI"}),
    marks=(b"<!--", b"-->"),
)

HTML: Final = Grammar(
    name="html",
    module="tree_sitter_html",
    scopes={"element": ELEMENT, "script_element": ELEMENT, "style_element": ELEMENT},
    binders={"attribute": Binder(("attribute_name",), ("quoted_attribute_value", "attribute_value"), assigns=False)},
    roles={
        "start_tag": {"tag_name": "declaration"},
        "end_tag": {"tag_name": "declaration"},
        "self_closing_tag": {"tag_name": "declaration"},
        "attribute": {"attribute_name": "key", "quoted_attribute_value": "value", "attribute_value": "value"},
    },
    strings=frozenset({"quoted_attribute_value", "attribute_value"}),
    comments=frozenset({"comment"}),
    identifiers=frozenset({"tag_name", "attribute_name"}),
    texts=frozenset({"text", "raw_text"}),
    transparent=frozenset({"quoted_attribute_value"}),
    marks=(b"<!--", b"-->"),
)

SQL: Final = BASE.extended(
    "sql",
    module="tree_sitter_sql",
    scopes={
        "create_table": Rule("table", name=("object_reference",), body=("column_definitions",)),
        "create_type": Rule("enum", members="values", name=("object_reference",), body=("enum_elements",)),
        "create_view": Rule("table", name=("object_reference",), body=()),
        "alter_table": Rule("table", name=("object_reference",), body=("add_column",)),
        "insert": Rule("table", name=("object_reference",), body=("list",)),
        "update": Rule("table", name=("relation",), body=()),
        "comment_statement": Rule("table", members="none", name=("object_reference",), body=()),
        "enum": Rule("enum", members="values", name=(), body=(), borrows=True),
        "list": Rule("list", members="values", name=(), body=()),
        "where": Rule("condition", members="condition", name=("predicate",), body=("predicate",)),
        "select": Rule("call", members="condition", name=("keyword_select",), body=("select_expression",)),
        "invocation": Rule("call", members="condition", name=("object_reference",), body=()),
    },
    binders={
        "assignment": Binder(("left",), ("right",)),
        "column_definition": Binder(("name",), (), assigns=False),
    },
    roles={
        "object_reference": {"name": "up", "object_reference": "up"},
        "create_table": {"object_reference": "declaration"},
        "create_type": {"object_reference": "declaration"},
        "create_view": {"object_reference": "declaration"},
        "alter_table": {"object_reference": "name"},
        "column_definition": {"name": "member"},
        "column": {"identifier": "member"},
        "enum": {"value": "item"},
        "enum_elements": {"*": "item"},
        "list": {"column": "member", "*": "item"},
        "comment_statement": {"literal": "comment"},
        "field": {"name": "name"},
    },
    members=frozenset({"column_definition", "column", "term"}),
    strings=frozenset({"literal"}),
    comments=frozenset({"marginalia"}),
    dotted=frozenset({"object_reference", "field"}),
    marks=(b"--", b"/*", b"*/", b"#"),
)
