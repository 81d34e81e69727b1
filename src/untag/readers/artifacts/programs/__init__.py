"""Programs that ship: DEX and resources of Android, class files, .pyc, assemblies of .NET, machine code.

ELF, PE without .NET and Mach-O are searched as raw bytes, and their tables read where something
is met; docs/adr/0011-programs.md says why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from untag.readers.artifacts.door import Door

if TYPE_CHECKING:
    from collections.abc import Callable


def _begins(*magic: bytes) -> Callable[[bytes, str], bool]:
    return lambda head, _name: head.startswith(magic)


def _python(head: bytes, name: str) -> bool:  # noqa: ARG001 - the seam has it
    return head[2:4] == b"\r\n"


def _machine_code(head: bytes, name: str) -> bool:  # noqa: ARG001 - the seam has it
    return head.startswith(
        (b"\x7fELF", b"MZ", b"\xca\xfe\xba", b"\xfe\xed\xfa", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe")
    )


DOORS: Final[tuple[Door, ...]] = (
    Door("class", 1, ("class",), ("programs.javaclass", "JavaClass"), _begins(b"\xca\xfe\xba\xbe")),
    Door("dex", 1, ("dex",), ("programs.dex", "Dex"), _begins(b"dex\n")),
    Door("android", 1, ("arsc", "axml"), ("programs.android", "Resources"), _begins(b"\2\0\x0c\0", b"\3\0\x08\0")),
    Door("pyc", 1, ("pyc",), ("programs.pyc", "Pyc"), _python),
    Door("dotnet", 1, ("dll", "exe", "winmd"), ("programs.dotnet", "DotNet"), _begins(b"MZ")),
    Door("native", 1, ("elf", "pe", "macho"), ("programs.native", "Native"), _machine_code),
)
