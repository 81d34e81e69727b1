"""Compiled Python: the classes, functions, names and constants of a ``.pyc`` of Python 3.6 to 3.14.

Of the instructions only those are looked at that join names to constants: what a list is
stored as, which keys a dictionary has, which argument is named, what a class body assigns.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.limits import STATEMENT
from untag.model import Gap, Scope
from untag.readers.artifacts.programs.common import LONGEST, SHORTEST, kept
from untag.readers.artifacts.programs.marshalled import Code, Reader
from untag.readers.base import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from untag.limits import Budget, Deadline
    from untag.model import Blob

MOST: Final = 64 << 20
"""Bytes of one compiled module; generated tables of a megabyte are rare."""
SHOWN: Final = 40
"""Items of a list, and characters of each, that are shown in its statement."""
MAGICS: Final = (
    (3370, 3380, 6),
    (3390, 3400, 7),
    (3410, 3420, 8),
    (3420, 3430, 9),
    (3430, 3450, 10),
    (3450, 3500, 11),
    (3500, 3550, 12),
    (3550, 3600, 13),
    (3600, 3650, 14),
)
"""First and last magic number of each minor version, alphas that were laid out otherwise left out."""
_ROOT: Final = 0x63
"""A code object, which every compiled module is."""
FUNCTION: Final = 3
"""Flags that a function has and the body of a class has not: optimised, new locals."""
OLD: Final = {
    60: "subscript", 90: "store", 95: "store_attr", 97: "store", 100: "const", 101: "load", 102: "build", 103: "build",
    104: "build", 106: "attr", 108: "import", 109: "import_from", 116: "global", 125: "store_local", 141: "keywords",
    144: "extend", 156: "keys", 160: "attr", 162: "same", 163: "same", 172: "kw_names", 0: "same",
}  # fmt: skip
"""Instructions of 3.6 to 3.12 by number, under what is done with them here; 3.12 doubled the argument of two."""
NEW: Final = {
    39: "subscript", 114: "store", 108: "store_attr", 113: "store", 83: "const", 92: "load", 52: "build", 47: "build",
    49: "build", 82: "attr", 75: "import", 74: "import_from", 91: "global", 110: "store_local", 57: "keywords",
    71: "extend", 46: "keys", 81: "same", 107: "same", 0: "same",
}  # fmt: skip
"""The same of 3.13. Of later versions the names and constants are read without their instructions."""


class Pyc:
    """One compiled module."""

    name = "pyc"
    version = 1
    formats = ("pyc",)
    verbatim = ("utf-8",)

    def claims(self, head: bytes, name: str, tail: bytes) -> bool:  # noqa: ARG002 - the seam has them
        """Whether the magic number of a known version begins the file and a code object follows its header."""
        minor = _minor(head)
        start = 12 if minor == 6 else 16  # noqa: PLR2004 - of the versions
        return bool(minor) and len(head) > start and head[start] & 0x7F == _ROOT

    def parts(self, blob: Blob, budget: Budget, deadline: Deadline) -> Iterator[Part | Blob | Gap]:  # noqa: ARG002 - the seam's
        """Yield what is named and said in the module, from the outside inwards."""
        if len(blob.data) > MOST:
            raise ReadError("limit", f"a compiled module larger than {MOST:,} bytes")
        data = bytes(blob.data)
        minor = _minor(data)
        reader = Reader(data, 12 if minor == 6 else 16, minor, deadline)  # noqa: PLR2004 - of the versions
        error = None
        try:
            reader.value()
        except ReadError as caught:
            error = caught
        walk = _Walk(minor, deadline)
        scope = Scope("file", "")
        for code in reversed(reader.codes):  # the outermost is read last; after an error the inner ones stand alone
            yield from walk.code(code, scope, root=code is reader.codes[-1] and error is None)
        for text in dict.fromkeys(reader.texts):
            if text not in walk.said and len(text) >= SHORTEST:
                yield Part(text[:LONGEST], "string", scope)
        if error is not None:
            yield Gap(blob.trail, error.reason, error.detail)


def _minor(head: bytes) -> int:
    """Return the minor version of Python 3 that a header states, 0 for none that is known."""
    if head[2:4] != b"\r\n":
        return 0
    magic = int.from_bytes(head[:2], "little")
    return next((minor for first, last, minor in MAGICS if first <= magic < last), 0)


@dataclass(slots=True)
class _Seen:
    """What the instructions of one code object say."""

    stored: list[str] = field(default_factory=list)
    """Names that are assigned, in order."""
    chains: list[str] = field(default_factory=list)
    """``module.function`` as it is called or read."""
    lists: list[tuple[str, str, tuple[Any, ...]]] = field(default_factory=list)
    """Kind, name where it is stored, and the constants of a list, a map's keys or a call's arguments."""
    loaded: set[int] = field(default_factory=set)
    """Constants that an instruction loads."""
    values: list[tuple[str, str]] = field(default_factory=list)
    """A name and the one string that is assigned to it."""


def _look(code: Code, minor: int) -> _Seen:
    """Walk the instructions, which are pairs of bytes."""
    seen = _Seen()
    table = OLD if minor <= 12 else NEW if minor == 13 else {}  # noqa: PLR2004 - of the versions
    chain, held, recent, extended = "", ("", ()), [], 0  # type: tuple[str, tuple[str, tuple[Any, ...]], list[Any], int]
    raw = code.code
    for at in range(0, len(raw) - 1 if table else 0, 2):
        what, arg = table.get(raw[at], ""), extended << 8 | raw[at + 1]
        extended = arg & 0xFFFFFF if what == "extend" else 0
        if what in ("extend", "same"):
            continue
        if what == "attr":
            name = _name(code.names, arg >> 1 if minor >= 12 else arg)  # noqa: PLR2004 - a flag since 3.12
            chain = f"{chain}.{name}" if chain else name
            continue
        if chain and what != "import_from":
            seen.chains.append(chain)
            chain = ""
        if what == "const":
            value = code.consts[arg] if arg < len(code.consts) else None
            seen.loaded.add(arg)
            if isinstance(value, tuple):
                held = ("list", value)
            recent.append(value)
            continue
        if what in ("load", "global"):
            chain = _name(code.names, arg >> 1 if what == "global" and minor >= 11 else arg)  # noqa: PLR2004 - since 3.11
        elif what == "build":
            if 1 < arg <= len(recent):
                held = ("list", tuple(recent[-arg:]))
            elif held[1]:
                continue  # the empty list that a tuple is poured into
        elif what == "keys" and held[1]:
            held = ("map", held[1])
            recent = []
            continue
        elif what in ("keywords", "kw_names"):
            keys = code.consts[arg] if what == "kw_names" and arg < len(code.consts) else held[1]
            if isinstance(keys, tuple):
                seen.lists.append(("call", "", keys))
            held = ("", ())
        elif what in ("store", "store_attr", "store_local"):
            name = _name(code.locals if what == "store_local" else code.names, arg)
            seen.stored.append(name)
            if held[1]:
                seen.lists.append((held[0], name, held[1]))
            elif len(recent) == 1 and isinstance(recent[0], str):
                seen.values.append((name, recent[0]))
            held = ("", ())
        elif what == "subscript" and recent and isinstance(recent[-1], str) and seen.chains[-1:] == ["__annotations__"]:
            seen.stored.append(recent[-1])
        elif what.startswith("import"):
            name = _name(code.names, arg)
            chain = f"{chain}.{name}" if what == "import_from" and chain else name
        if held[1] and what != "build":
            seen.lists.append((held[0], "", held[1]))
            held = ("", ())
        if what != "build":
            recent = []
    if held[1]:
        seen.lists.append((held[0], "", held[1]))
    if chain:
        seen.chains.append(chain)
    return seen


def _name(names: tuple[str, ...], number: int) -> str:
    return names[number] if number < len(names) else ""


class _Walk:
    """Turns code objects into parts, each object once however often it is referred to."""

    def __init__(self, minor: int, deadline: Deadline) -> None:
        self.minor = minor
        self.deadline = deadline
        self.done: set[int] = set()
        self.said: set[str] = set()
        """Strings that stand in a part."""

    def part(self, text: str, role: str, scope: Scope, statement: str = "") -> Iterator[Part]:
        """Yield a part; the names that the compiler makes up say nothing."""
        self.said.add(text)
        if len(text) >= SHORTEST and not (text.startswith("<") and text.endswith(">")):
            yield Part(text[:LONGEST], role, scope, statement[:STATEMENT])

    def code(self, code: Code, scope: Scope, *, root: bool = False) -> Iterator[Part]:
        """Yield one code object and those inside it."""
        if id(code) in self.done:
            return
        self.done.add(id(code))
        self.deadline.check()
        seen = _look(code, self.minor)
        doc = _doc(code, seen)
        args = code.locals[: code.args]
        if root:
            inside = Scope("file", "", (), doc)
        elif code.name.startswith("<"):
            inside = scope
        elif code.flags & FUNCTION:
            inside = Scope("function", code.name, kept(args), doc, scope)
            yield from self.part(code.name, "declaration", inside, f"def {code.name}({', '.join(args)})")
        else:
            names = seen.stored or code.names
            inside = Scope("class", code.name, kept(n for n in names if not n.startswith("__")), doc, scope)
            yield from self.part(code.name, "declaration", inside, f"class {code.name}")
        if doc:
            yield from self.part(doc, "docstring", inside)
        yield from self._names(code, seen, args, inside)
        yield from self._constants(code, seen, inside)

    def _names(self, code: Code, seen: _Seen, args: tuple[str, ...], scope: Scope) -> Iterator[Part]:
        """Yield the arguments, what is assigned, and what is used."""
        values = dict(seen.values)
        for name in args:
            yield from self.part(name, "parameter", scope)
        assigned = set(seen.stored)
        own = scope.kind == "class"
        for name in dict.fromkeys(seen.stored):
            if not (name.startswith("__") and own):
                said = f'{name} = "{values[name][:STATEMENT]}"' if name in values else name
                yield from self.part(name, "member" if own else "name", scope, said)
        for name in dict.fromkeys(seen.chains):
            self.said.update(name.split("."))
            yield from self.part(name, "name", scope)
        for name in (*code.names, *code.locals):
            if name not in self.said and name not in assigned:
                yield from self.part(name, "name", scope)
        told: set[str] = set()
        for name, value in seen.values:
            if name not in ("__doc__", "__module__", "__qualname__") and value not in told:
                told.add(value)
                yield from self.part(value, "value", scope, f'{name} = "{value[:STATEMENT]}"')

    def _constants(self, code: Code, seen: _Seen, scope: Scope) -> Iterator[Part]:
        """Yield lists by their names, then the strings and the code objects that are left."""
        told: set[int] = set()
        for kind, name, values in seen.lists:
            told.add(id(values))
            yield from self._list(kind, name, values, scope)
        quoted = {value for _, value in seen.values}
        for value in code.consts:
            if isinstance(value, str) and value not in quoted and value != scope.doc:
                yield from self.part(value, "string", scope)
            elif isinstance(value, bytes) and value.isascii():
                yield from self.part(value.decode(), "string", scope)
            elif isinstance(value, tuple) and id(value) not in told:
                yield from self._list("list", "", value, scope)
        for value in code.consts:
            if isinstance(value, Code):
                yield from self.code(value, scope)

    def _list(self, kind: str, name: str, values: tuple[Any, ...], scope: Scope) -> Iterator[Part]:
        """Yield the strings of a list and of the lists inside it."""
        left: list[tuple[Any, ...]] = [values]
        seen: set[int] = set()
        while left:
            items = left.pop()
            if id(items) in seen or id(items) in self.done:
                continue
            seen.add(id(items))
            self.done.add(id(items))
            texts = [item for item in items if isinstance(item, str)]
            inside = Scope(kind, name, kept(texts), "", scope)
            said = ", ".join(text[:SHOWN] for text in texts[:SHOWN])
            said = f"{name} = [{said}]" if name else said
            for text in texts:
                yield from self.part(text, {"map": "key", "call": "argument"}.get(kind, "item"), inside, said)
            left += [item for item in items if isinstance(item, tuple)]


def _doc(code: Code, seen: _Seen) -> str:
    """Return the docstring: of a module or a class what is stored as such, of a function its first constant unused."""
    stored = next((value for name, value in seen.values if name == "__doc__"), "")
    first = code.consts[0] if code.consts else None
    if not stored and code.flags & FUNCTION == FUNCTION and isinstance(first, str) and 0 not in seen.loaded:
        stored = first
    return stored if " " in stored or not stored.isascii() else ""
