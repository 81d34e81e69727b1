"""One reader over all tree-sitter grammars, driven by a table per grammar."""
