"""The tables by grammar name, and the parsers behind them, loaded when first used."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from types import ModuleType

    from tree_sitter import Language

    from untag.readers.syntax.grammar import Grammar

WHERE: Final = {
    "python": ("family_script", "PYTHON"),
    "ruby": ("family_script", "RUBY"),
    "php": ("family_script", "PHP"),
    "bash": ("family_script", "BASH"),
    "c": ("family_c", "C"),
    "cpp": ("family_c", "CPP"),
    "objc": ("family_c", "OBJC"),
    "rust": ("family_c", "RUST"),
    "go": ("family_c", "GO"),
    "swift": ("family_c", "SWIFT"),
    "java": ("family_jvm", "JAVA"),
    "kotlin": ("family_jvm", "KOTLIN"),
    "scala": ("family_jvm", "SCALA"),
    "c_sharp": ("family_jvm", "C_SHARP"),
    "javascript": ("family_jvm", "JAVASCRIPT"),
    "typescript": ("family_jvm", "TYPESCRIPT"),
    "tsx": ("family_jvm", "TSX"),
    "json": ("family_data", "JSON"),
    "yaml": ("family_data", "YAML"),
    "toml": ("family_data", "TOML"),
    "xml": ("family_data", "XML"),
    "html": ("family_data", "HTML"),
    "sql": ("family_data", "SQL"),
}
"""Grammar name → module and constant of its table."""


@cache
def grammar(name: str) -> Grammar:
    """Return the table of a grammar."""
    module, constant = WHERE[name]
    table: Grammar = getattr(import_module(f"untag.readers.syntax.{module}"), constant)
    return table


@cache
def language(name: str) -> Language:
    """Load the parser of a grammar; only the one asked for is imported."""
    from tree_sitter import Language  # noqa: PLC0415 - loaded where it is used

    table = grammar(name)
    return Language(getattr(_bound(table.module), table.function)())


def _bound(package: str) -> ModuleType:
    """Return what holds the parsers of a grammar's package.

    All such packages are generated, and hold a module ``_binding``. It alone is loaded where that is so: what stands
    around it reads queries that nobody asks for, and loads thirty modules of the standard library to do so.
    """
    from importlib.machinery import PathFinder  # noqa: PLC0415 - loaded where it is used
    from importlib.util import module_from_spec  # noqa: PLC0415 - loaded where it is used

    around = PathFinder.find_spec(package)
    folders = around.submodule_search_locations if around else None
    inner = PathFinder.find_spec(f"{package}._binding", folders) if folders else None
    if inner is None or inner.loader is None:
        return import_module(package)
    module = module_from_spec(inner)
    inner.loader.exec_module(module)
    return module
