"""A pickle read as a program that is never run: a stack of symbols, and no call or import at all.

The facts about opcodes are those of the standard library's `pickletools`. What numpy, joblib
and PyTorch write with opcodes is known by name and kept as arrays and tensors; joblib's raw
array bytes in the midst of the stream are stepped over. Every value ends up on the stack, in a
container or among what was dropped, so that nothing which was loaded is lost.
"""

from __future__ import annotations

import pickletools
import struct
from array import array
from typing import TYPE_CHECKING, Any, Final

from untag.errors import ReadError
from untag.readers.artifacts.tensors import reduce
from untag.readers.artifacts.tensors.arguments import TEXT, Stream
from untag.readers.artifacts.tensors.values import (
    ARRAY_BYTES,
    Array,
    Global,
    Pairs,
    Thing,
    nbytes,
    strings,
    weight,
)

if TYPE_CHECKING:
    from untag.limits import Deadline
    from untag.model import Buffer

OPS: Final[dict[int, tuple[str, str]]] = {
    ord(op.code): (op.name, op.arg.name if op.arg else "") for op in pickletools.opcodes
}
"""Opcode to its name and the kind of its argument."""
ROOM: Final = 64 << 20
"""Bytes that the symbols of one file may take, roughly; see `Machine.drain`."""
FULL: Final = 24 << 20
"""Bytes of room that are used up when a long container is handed on before it is complete."""
LONG: Final = 512
"""Elements of a container that is worth handing on."""
STEPS: Final = 8_192
"""Opcodes between two looks at the clock."""
NESTED: Final = 16
"""Pickles within a joblib stream's object arrays, inside each other."""
_TEXT4, _TEXT1, _GET1, _LIST, _APPEND = b"X\x8ch]a"
_FOUR: Final = struct.Struct("<I")
_PUTS: Final = {ord("q"): 1, ord("r"): 4, 0x94: 0}
"""The opcodes that put into the memo, by the width of their argument."""
_MARK: Final = object()


class Machine(Stream):
    """Walks one pickle from `at`; `run` ends at its STOP or raises `ReadError` with all that was loaded kept."""

    def __init__(self, data: Buffer, at: int, deadline: Deadline, *, depth: int = 0, room: int = ROOM) -> None:
        super().__init__(data, at, room)
        self.deadline = deadline
        self.depth = depth
        self._base = room
        """Room after the last drain."""
        self.count = 0
        """Opcodes that were understood."""
        self.stack: list[Any] = []
        self.memo: dict[int, Any] = {}
        self.puts = 0
        self.full: Any = None
        """A long container to be looked at and drained before the walk goes on."""
        self.places = array("q")
        """Where the string of each memo entry was loaded, -1 for what is no string."""
        self._loaded = -1
        """Where the last opcode stood, when it loaded a value."""
        self.dropped: list[Any] = []
        """What was taken off the stack and put nowhere."""
        self.done = False

    def roots(self) -> list[Any]:
        """Return all that was loaded: the result first, then what lies about."""
        rest = [value for value in reversed(self.stack) if value is not _MARK]
        return [*rest, *self.dropped]

    def run(self, most: int = 0) -> None:
        """Walk to the STOP, or ``most`` opcodes far; raise `ReadError` where the stream is no pickle or ends."""
        asked = 0
        while not self.done and self.full is None:
            if not most:
                self._dash()
            if self.at >= len(self.data):
                raise ReadError("truncated", "the pickle ends before its STOP; what it loaded was read")
            start = self.at
            known = OPS.get(self.data[start])
            if known is None:
                raise ReadError("corrupt", "an unknown opcode in the pickle; what stood before it was read")
            self.at += 1
            try:
                self._do(known[0], self.argument(known[1]))
            except (IndexError, ValueError, TypeError, OverflowError) as error:
                self.at = start
                raise ReadError("corrupt", "an opcode that cannot be; what stood before it was read") from error
            self._loaded = start if known[0] in _LOADS else -1
            self.count += 1
            if self.count - asked > STEPS:
                asked = self.count
                self.deadline.check()
            if self.room < 0:
                raise ReadError("limit", f"a pickle of more than {ROOM >> 20} MiB of values; its beginning was read")
            if self.count == most:
                return

    def _dash(self) -> None:
        """Carry out the opcodes that nine of ten are, as long as nothing is odd about them: one loop, no calls."""
        data, stack, memo, places = self.data, self.stack, self.memo, self.places
        at, room, puts, loaded, count = self.at, self.room, self.puts, self._loaded, 0
        end, four = len(data) - 5, _FOUR.unpack_from
        while at < end and count < STEPS:
            code = data[at]
            if code == _TEXT4 or code == _TEXT1:  # noqa: PLR1714, SIM109 - quicker than a tuple
                begin = at + (5 if code == _TEXT4 else 2)
                stop = begin + (four(data, at + 1)[0] if code == _TEXT4 else data[at + 1])
                if stop > end or stop - begin > TEXT:
                    break
                try:
                    stack.append(str(data[begin:stop], "utf-8", "surrogatepass"))
                except UnicodeDecodeError:
                    break
                room -= stop - begin + 76
                loaded, at = at, stop
            elif code in _PUTS:
                if not stack:
                    break
                width = _PUTS[code]
                index = puts if not width else data[at + 1] if width == 1 else four(data, at + 1)[0]
                value = stack[-1]
                if index == len(places):
                    places.append(loaded if type(value) is str else -1)
                memo[index] = value
                puts += 1
                room -= 80
                at += 1 + width
                loaded = -1
            elif code == _GET1 and data[at + 1] in memo:
                stack.append(memo[data[at + 1]])
                room -= 16
                at += 2
                loaded = -1
            elif code == _LIST:
                stack.append([])
                room -= 116
                at += 1
                loaded = -1
            elif code == _APPEND and len(stack) > 1 and type(stack[-2]) is list and len(stack[-2]) < LONG:
                value = stack.pop()
                stack[-1].append(value)
                at += 1
                loaded = -1
            else:
                break
            count += 1
        self.at, self.room, self.puts, self._loaded = at, room, puts, loaded
        self.count += count

    def _push(self, value: Any) -> None:
        self.room -= 16
        self.stack.append(value)

    def _since_mark(self) -> list[Any]:
        stack = self.stack
        at = len(stack) - 1
        while stack[at] is not _MARK:
            at -= 1
            if at < 0:
                raise IndexError("no mark")
        found = stack[at + 1 :]
        del stack[at:]
        return found

    def _do(self, name: str, arg: Any) -> None:
        """Carry out one opcode on the stack of symbols."""
        simple = _SIMPLE.get(name)
        if simple is not None:
            simple(self)
        elif name in _LOADS:
            self._push(arg)
        elif name in ("BINPUT", "LONG_BINPUT", "PUT", "MEMOIZE"):
            self._put(arg)
        elif name in ("BINGET", "LONG_BINGET", "GET"):
            self._push(self.memo[arg] if arg in self.memo else self._again(arg))
        elif name == "GLOBAL":
            self._push(Global(arg.lstrip(".")))
        elif name == "INST":
            self._push(Thing(arg, tuple(self._since_mark())))
        elif name == "PERSID":
            self._push(reduce.persistent(arg))
        elif name.startswith("EXT"):
            self._push(Global(f"extension.{arg}"))
        # PROTO and FRAME say nothing: a frame's length is not believed

    def _put(self, arg: int | None) -> None:
        index = self.puts if arg is None else arg
        self.puts += 1
        value = self.stack[-1]
        if index == len(self.places):
            self.places.append(self._loaded if isinstance(value, str) else -1)
        self.room -= 80
        self.memo[index] = value

    def _again(self, index: int) -> Any:
        """Load a string once more that was drained; what was never put, or is gone, is nothing."""
        at = self.places[index] if 0 <= index < len(self.places) else -1
        if at < 0:
            return None
        back, self.at = self.at, at + 1
        value = self.argument(OPS[self.data[at]][1])
        self.at = back
        return value

    def drain(self) -> None:
        """Empty every container on the stack and forget what was memoized, but for what stands on the stack.

        What is then still held is on the stack itself, so that the room is known again.
        """
        self.full = None
        self.dropped.clear()
        stack = self.stack
        for at, value in enumerate(stack):
            if isinstance(value, list):
                value.clear()
            elif isinstance(value, Pairs):
                value.crowd = value.crowd or len(value.flat) >= LONG
                value.flat.clear()
            elif isinstance(value, Thing):
                value.args, value.state = (), None
                value.items.clear()
                value.pairs.clear()
            elif isinstance(value, Array):
                value.items = []
            elif isinstance(value, tuple) and any(isinstance(x, list | tuple | Pairs | Thing) for x in value):
                stack[at] = ()
        kept = {id(value) for value in stack}
        self.memo = {k: v for k, v in self.memo.items() if id(v) in kept}
        self.room = ROOM - 80 * len(self.memo) - 9 * len(self.places) - sum(weight(x) for x in stack)
        self._base = self.room

    def _grown(self, target: list[Any], container: Any) -> None:
        if self.room < self._base - FULL and len(target) >= LONG:
            self.full = container

    def _setitems(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, Pairs):
            target.flat += values
            self._grown(target.flat, target)
        elif isinstance(target, Thing):
            target.pairs += values
        else:
            self.dropped += values

    def _append(self, values: list[Any]) -> None:
        target = self.stack[-1]
        if isinstance(target, list):
            target += values
            self._grown(target, target)
        elif isinstance(target, Thing):
            target.items += values
        else:
            self.dropped += values

    def _build(self) -> None:
        state = self.stack.pop()
        target = self.stack[-1]
        if isinstance(target, Thing):
            target.state = state if target.state is None else [target.state, state]
            if target.kind.endswith("NumpyArrayWrapper"):
                self.stack[-1] = self._joblib(state)
        elif not reduce.build(target, state, self.data):
            self.dropped.append(state)

    def _joblib(self, state: Any) -> Any:
        """Step over the array that joblib writes behind its wrapper; read it where it holds strings or objects."""
        array, padded = reduce.wrapper(state)
        if array.dtype is None:
            raise ReadError("corrupt", "an array of joblib without a type; what stood before it was read")
        if array.dtype.code[:1] == "O":
            if self.depth >= NESTED:
                raise ReadError("limit", f"more than {NESTED} pickles inside each other")
            inner = Machine(self.data, self.at, self.deadline, depth=self.depth + 1, room=self.room)
            try:
                while not inner.done:
                    inner.full = None
                    inner.run()
            finally:
                self.at, self.room = inner.at, inner.room
                array.items = inner.roots()[:1]
                self.dropped += inner.roots()[1:]
                self.stack[-1] = array
            return array
        if padded:
            padding = self.take(1)[0]
            self.at += padding
        size = nbytes(array.dtype, array.shape)
        if size < 0:
            raise ReadError("corrupt", "an array of joblib whose size cannot be told; what stood before it was read")
        self.room -= 200
        if array.dtype.text:
            array.items = strings(bytes(self.data[self.at : self.at + min(size, ARRAY_BYTES)]), array.dtype)
        if self.at + size > len(self.data):
            self.stack[-1] = array
            self.at = len(self.data)
            raise ReadError("truncated", "the file ends within an array; what stood before it was read")
        self.at += size
        return array

    def _reduce(self) -> None:
        args = self.stack.pop()
        self._push(reduce.call(self.stack.pop(), args, self.data))

    def _new(self, *, named: bool) -> None:
        extra = self.stack.pop() if named else None
        args = self.stack.pop()
        made = reduce.call(self.stack.pop(), args, self.data)
        if named and isinstance(made, Thing):
            made.state = extra
        self._push(made)

    def _object(self) -> None:
        values = self._since_mark()
        self._push(reduce.call(values[0], tuple(values[1:]), self.data))

    def _global(self) -> None:
        name, module = self.stack.pop(), self.stack.pop()
        self._push(Global(f"{module if isinstance(module, str) else '?'}.{name if isinstance(name, str) else '?'}"))

    def _tuple(self, count: int) -> None:
        stack = self.stack
        if count > len(stack):
            raise IndexError("too few")
        made = tuple(stack[len(stack) - count :])
        del stack[len(stack) - count :]
        self.room -= 48
        self._push(made)

    def _make(self, value: Any) -> None:
        self.room -= 100
        self._push(value)

    def _pop(self) -> None:
        value = self.stack.pop()
        if value is not _MARK:
            self.dropped.append(value)

    def _stop(self) -> None:
        self.done = True


_LOADS: Final = frozenset(
    (
        *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT", "STRING", "BINSTRING"),
        *("SHORT_BINSTRING", "BINBYTES", "SHORT_BINBYTES", "BINBYTES8", "BYTEARRAY8", "UNICODE", "BINUNICODE"),
        *("SHORT_BINUNICODE", "BINUNICODE8"),
    )
)
_SIMPLE: Final[dict[str, Any]] = {
    "STOP": Machine._stop,  # noqa: SLF001 - the machine's own table
    "MARK": lambda m: m._push(_MARK),  # noqa: SLF001
    "POP": Machine._pop,  # noqa: SLF001
    "POP_MARK": lambda m: m.dropped.extend(m._since_mark()),  # noqa: SLF001
    "DUP": lambda m: m._push(m.stack[-1]),  # noqa: SLF001
    "NONE": lambda m: m._push(None),  # noqa: SLF001
    "NEWTRUE": lambda m: m._push(True),  # noqa: SLF001
    "NEWFALSE": lambda m: m._push(False),  # noqa: SLF001
    "EMPTY_LIST": lambda m: m._make([]),
    "EMPTY_TUPLE": lambda m: m._push(()),  # noqa: SLF001
    "EMPTY_DICT": lambda m: m._make(Pairs()),
    "EMPTY_SET": lambda m: m._make([]),
    "LIST": lambda m: m._make(m._since_mark()),  # noqa: SLF001
    "FROZENSET": lambda m: m._make(m._since_mark()),  # noqa: SLF001
    "TUPLE": lambda m: m._make(tuple(m._since_mark())),  # noqa: SLF001
    "DICT": lambda m: m._make(Pairs(m._since_mark())),  # noqa: SLF001
    "TUPLE1": lambda m: m._tuple(1),  # noqa: SLF001
    "TUPLE2": lambda m: m._tuple(2),  # noqa: SLF001
    "TUPLE3": lambda m: m._tuple(3),  # noqa: SLF001
    "APPEND": lambda m: m._append([m.stack.pop()]),  # noqa: SLF001
    "APPENDS": lambda m: m._append(m._since_mark()),  # noqa: SLF001
    "ADDITEMS": lambda m: m._append(m._since_mark()),  # noqa: SLF001
    "SETITEM": lambda m: m._setitems([m.stack.pop(-2), m.stack.pop()]),  # noqa: SLF001
    "SETITEMS": lambda m: m._setitems(m._since_mark()),  # noqa: SLF001
    "BUILD": Machine._build,  # noqa: SLF001
    "REDUCE": Machine._reduce,  # noqa: SLF001
    "NEWOBJ": lambda m: m._new(named=False),  # noqa: SLF001
    "NEWOBJ_EX": lambda m: m._new(named=True),  # noqa: SLF001
    "OBJ": Machine._object,  # noqa: SLF001
    "STACK_GLOBAL": Machine._global,  # noqa: SLF001
    "BINPERSID": lambda m: m._push(reduce.persistent(m.stack.pop())),  # noqa: SLF001
    "NEXT_BUFFER": lambda m: m._push(None),  # noqa: SLF001
}
