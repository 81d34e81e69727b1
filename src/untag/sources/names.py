"""Names of files: how they may enter a trail (printable, no control over a terminal), and which describe a package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import re

_UNPRINTABLE: Final = "[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]"


DESCRIPTIONS: Final = (
    "package.json",
    "METADATA",
    "PKG-INFO",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    "Cargo.toml",
    "composer.json",
    "pom.xml",
    "README.md",
    "README.rst",
    "README.txt",
    "README",
    "readme.md",
    "Readme.md",
)
"""Names of files that say what their package is about, the plainest first."""


def printable(name: str) -> str:
    r"""Return ``name`` with control, bidirectional and undecodable characters spelt as escapes (``\x1b``)."""
    if name.isprintable():
        return name
    import re  # noqa: PLC0415 - few names need it

    return re.sub(_UNPRINTABLE, _escape, name)


def _escape(found: re.Match[str]) -> str:
    code = ord(found[0])
    if 0xDC80 <= code <= 0xDCFF:  # noqa: PLR2004 - of the format
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"  # noqa: PLR2004
