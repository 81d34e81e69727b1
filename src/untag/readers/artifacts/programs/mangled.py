"""Names that compilers mangle, in words: the identifiers in them, in order.

Not a demangler: types and template arguments are left out unless they have a name of their
own. Itanium (C++ of GCC and Clang, old Rust), Rust v0 and Swift write an identifier as its
length and its letters; Microsoft ends one with ``@``.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 2_000
"""Characters of a name that are looked at."""
_LENGTH: Final = re.compile(r"\d{1,4}")
_BEGINS: Final = ("_Z", "__Z", "_R", "__R", "$s", "$S", "_$s", "_$S", "_T0", "?")
_HASH: Final = re.compile(r"h[0-9a-f]{16}")
_MICROSOFT: Final = re.compile(r"\?{1,2}([A-Za-z_][\w$]*(?:@[A-Za-z_][\w$]*)*)@@(.*)", re.DOTALL)
_TYPES: Final = re.compile(r"[UVW]4?([A-Za-z_][\w$]*(?:@[A-Za-z_][\w$]*)*)@@")


def plain(name: str) -> tuple[str, str]:
    """Return a symbol's own name, and the same with the named types of its arguments behind it.

    ``_ZN6vendor4Face7getRaceERKN2cv3MatE`` is ``vendor::Face::getRace`` and
    ``vendor::Face::getRace(cv, Mat)``. A name that is not mangled is returned without the underscore
    that Mach-O and old C compilers put before it.
    """
    name = name[:LONGEST]
    if not name.startswith(_BEGINS):
        bare = name[1:] if name.startswith("_") and name[1:2].isalnum() else name
        return bare, bare
    if name.startswith("?"):
        return _microsoft(name)
    ids = _identifiers(name)
    if not ids:
        return name, name
    own = [text for text, nested in ids if nested] or [ids[0][0]]
    rest = [text for text, nested in ids if not nested][0 if ids[0][1] else 1 :]
    path = "::".join(own)
    return path, f"{path}({', '.join(rest)})" if rest else path


def _microsoft(name: str) -> tuple[str, str]:
    found = _MICROSOFT.match(name)
    if found is None:
        return name, name
    path = "::".join(reversed(found.group(1).split("@")))
    types = ["::".join(reversed(t.split("@"))) for t in _TYPES.findall(found.group(2))]
    return path, f"{path}({', '.join(types)})" if types else path


def _identifiers(name: str) -> list[tuple[str, bool]]:
    """Return the identifiers, each with whether it belongs to the name itself and not to its arguments."""
    found: list[tuple[str, bool]] = []
    nested = name.lstrip("_").startswith(("ZN", "R", "$", "ZTVN", "ZTSN", "ZTIN", "T0"))
    own = nested
    at = name.find("N") + 1 if "ZN" in name[:4] else 2
    depth = 0
    while at < len(name):
        number = _LENGTH.match(name, at)
        if number is not None and 0 < (size := int(number.group())) <= len(name) - number.end():
            start = number.end()
            start += name[start] == "_" and "R" in name[:3]  # Rust parts a length from letters that begin with one
            text = name[start : start + size]
            if not _HASH.fullmatch(text):
                found.append((text, own))
            at = start + size
            continue
        letter = name[at]
        if own and letter == "I":
            depth += 1
        elif own and letter == "E":
            own, depth = depth > 0, max(0, depth - 1)
        at += 1
    return found
