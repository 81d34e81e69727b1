"""A state dict's pickle, read as a list of tensors. Nothing is imported, called or built.

Stricter than the scan's reader: only the opcodes and the few names that ``torch.save`` of a state dict writes are
known (`torch._utils`, `collections.OrderedDict`), and all else ends the reading. So what is written from it is
what a framework would have loaded, and nothing that a pickle could do is done.
"""

from __future__ import annotations

import pickletools
from io import BytesIO
from typing import Any, Final

from untag.nouns import dataclass, field
from untag.strip.base import StripError

OPCODES: Final = 20_000_000
"""Opcodes of one pickle; the largest real state dicts have some hundred thousand."""
SIZE: Final = 64 << 20
"""Bytes of the pickle, without the storages."""
DIMENSIONS: Final = 64
"""Dimensions that PyTorch itself allows."""
HUGE: Final = 1 << 48
STORAGES: Final = {
    "FloatStorage": "F32",
    "DoubleStorage": "F64",
    "HalfStorage": "F16",
    "BFloat16Storage": "BF16",
    "LongStorage": "I64",
    "IntStorage": "I32",
    "ShortStorage": "I16",
    "CharStorage": "I8",
    "ByteStorage": "U8",
    "BoolStorage": "BOOL",
}
"""Storage classes of PyTorch, and the type's name in safetensors."""
TENSORS: Final = ("torch._utils._rebuild_tensor_v2", "torch._utils._rebuild_tensor")
PARAMETERS: Final = ("torch._utils._rebuild_parameter",)
MAPPINGS: Final = ("collections.OrderedDict",)
_MARK: Final = object()


@dataclass(frozen=True, slots=True)
class Storage:
    """Numbers that lie in a member of the zip."""

    key: str
    dtype: str
    count: int
    """Elements, as the pickle says."""


@dataclass(frozen=True, slots=True)
class View:
    """A tensor: a window on a storage."""

    storage: Storage
    offset: int
    """Elements."""
    shape: tuple[int, ...]
    strides: tuple[int, ...]
    """Elements."""


@dataclass(slots=True, eq=False)
class Mapping:
    """A dict, with its keys in order."""

    pairs: list[tuple[Any, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Name:
    """A class or function that the pickle names."""

    dotted: str


def read(data: bytes, name: str) -> Any:
    """Return what a pickle describes: `Mapping`, `View`, lists, tuples, texts and numbers.

    Raises `StripError` for an opcode or a name that a plain state dict has not.
    """
    if len(data) > SIZE:
        raise StripError(f"{name}: a pickle of more than {SIZE:,} bytes is not read")
    return read_next(BytesIO(data), name)


def read_next(stream: BytesIO, name: str) -> Any:
    """Return what the pickle at the place of a stream describes, as `read` does; the stream then stands behind it."""
    machine = _Machine(name)
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(stream)):
            if count > OPCODES:
                raise StripError(f"{name}: more than {OPCODES:,} opcodes")
            machine.do(opcode.name, argument)
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise StripError(f"{name}: its pickle is broken ({str(error)[:80]})") from None
    return machine.result()


class _Machine:
    """The stack and the memo of one pickle."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.value: Any = _MARK

    def result(self) -> Any:
        if self.value is _MARK:
            raise StripError(f"{self.name}: its pickle ends before its STOP")
        return self.value

    def unknown(self, what: str) -> StripError:
        return StripError(f"{self.name}: its pickle has {what}, which a plain state dict has not")

    def do(self, op: str, arg: Any) -> None:
        stack = self.stack
        if op in _LITERALS:
            stack.append(arg)
        elif op in _CONSTANTS:
            stack.append(_CONSTANTS[op])
        elif op in ("PROTO", "FRAME"):
            return
        elif op in ("BINPUT", "LONG_BINPUT", "PUT", "MEMOIZE"):
            self.memo[len(self.memo) if op == "MEMOIZE" else int(arg)] = stack[-1]
        elif op in ("BINGET", "LONG_BINGET", "GET"):
            stack.append(self.memo[int(arg)])
        elif op == "MARK":
            stack.append(_MARK)
        elif op in ("EMPTY_DICT", "DICT"):
            stack.append(Mapping(_pairs(self._since()) if op == "DICT" else []))
        elif op in ("EMPTY_LIST", "LIST"):
            stack.append(self._since() if op == "LIST" else [])
        elif op in ("EMPTY_TUPLE", "TUPLE"):
            stack.append(tuple(self._since()) if op == "TUPLE" else ())
        elif op in ("TUPLE1", "TUPLE2", "TUPLE3"):
            count = int(op[-1])
            made = tuple(stack[-count:])
            if len(made) < count:
                raise ValueError("a tuple of too little")
            del stack[-count:]
            stack.append(made)
        elif op in ("SETITEM", "SETITEMS"):
            pairs = [stack.pop(-2), stack.pop()] if op == "SETITEM" else self._since()
            self._target(Mapping).pairs.extend(_pairs(pairs))
        elif op in ("APPEND", "APPENDS"):
            items = [stack.pop()] if op == "APPEND" else self._since()
            self._target(list).extend(items)
        elif op == "GLOBAL":
            stack.append(self._name(str(arg).replace(" ", ".", 1)))
        elif op == "STACK_GLOBAL":
            last, module = stack.pop(), stack.pop()
            stack.append(self._name(f"{module}.{last}"))
        elif op == "BINPERSID":
            stack.append(self._storage(stack.pop()))
        elif op == "REDUCE":
            arguments = stack.pop()
            stack.append(self._call(stack.pop(), arguments))
        elif op == "BUILD":
            self._build(stack.pop())
        elif op == "STOP":
            self.value = stack.pop()
            if stack:
                raise ValueError("values are left over")
        else:
            raise self.unknown(f"the opcode {op}")

    def _since(self) -> list[Any]:
        at = len(self.stack) - 1
        while self.stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise ValueError("no mark")
        found = self.stack[at + 1 :]
        del self.stack[at:]
        return found

    def _target(self, kind: type) -> Any:
        if not isinstance(self.stack[-1], kind):
            raise TypeError("something is put into what takes nothing")
        return self.stack[-1]

    def _name(self, dotted: str) -> Name:
        module, _, last = dotted.rpartition(".")
        if module == "torch" and last in STORAGES:
            return Name(last)
        if dotted in (*TENSORS, *PARAMETERS, *MAPPINGS):
            return Name(dotted)
        raise self.unknown(f"the name {dotted[:120]}")

    def _storage(self, said: Any) -> Storage:
        # before 1.6 a window of another storage stood behind it, or nothing
        whole = said[:5] if isinstance(said, tuple) and len(said) == 6 and said[5] is None else said  # noqa: PLR2004
        if not isinstance(whole, tuple) or len(whole) != 5 or whole[0] != "storage":  # noqa: PLR2004 - as written
            raise self.unknown("an id that names no storage")
        _, kind, key, _, count = whole
        plain = isinstance(kind, Name) and kind.dotted in STORAGES and isinstance(key, str) and type(count) is int
        if not plain or not key.isalnum() or count < 0:
            raise self.unknown("a storage of another kind")
        return Storage(key, STORAGES[kind.dotted], count)

    def _call(self, called: Any, arguments: Any) -> Any:
        if not isinstance(called, Name) or not isinstance(arguments, tuple):
            raise self.unknown("a call")
        if called.dotted in MAPPINGS:
            if arguments:
                raise self.unknown("a dict that is made from something")
            return Mapping()
        if called.dotted in PARAMETERS and arguments and isinstance(arguments[0], View):
            return arguments[0]
        if called.dotted in TENSORS and len(arguments) >= 4:  # noqa: PLR2004 - storage, offset, size, strides
            return self._view(arguments)
        raise self.unknown(f"a call of {called.dotted}")

    def _view(self, arguments: tuple[Any, ...]) -> View:
        storage, offset, shape, strides = arguments[:4]
        whole = isinstance(storage, Storage) and type(offset) is int and offset >= 0
        if not whole or not _sizes(shape) or not _sizes(strides) or len(shape) != len(strides):
            raise self.unknown("a tensor of another form")
        return View(storage, offset, shape, strides)

    def _build(self, state: Any) -> None:
        """Take ``_metadata``, the versions of modules that a state dict carries, and no other state."""
        plain = isinstance(state, Mapping) and all(key == "_metadata" for key, _ in state.pairs)
        if not plain or not isinstance(self.stack[-1], Mapping):
            raise self.unknown("an object with a state of its own")


def _pairs(flat: list[Any]) -> list[tuple[Any, Any]]:
    if len(flat) % 2:
        raise ValueError("a key without a value")
    return list(zip(flat[::2], flat[1::2], strict=True))


def _sizes(value: Any) -> bool:
    return (
        isinstance(value, tuple) and len(value) <= DIMENSIONS and all(type(x) is int and 0 <= x < HUGE for x in value)
    )


_LITERALS: Final = frozenset(
    (
        *("BININT", "BININT1", "BININT2", "INT", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "SHORT_BINSTRING"),
        *("BINUNICODE", "SHORT_BINUNICODE", "BINUNICODE8", "UNICODE", "BINBYTES", "SHORT_BINBYTES", "BINSTRING"),
        "STRING",
    )
)
_CONSTANTS: Final = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False}
