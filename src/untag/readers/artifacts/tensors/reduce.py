"""What the calls in a pickle would make, told from the names of what is called: numpy, joblib, PyTorch.

Names and layouts as numpy's ``__reduce__``, joblib's ``numpy_pickle`` and ``torch._utils`` write them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from untag.readers.artifacts.tensors.values import (
    ARRAY_BYTES,
    Array,
    DType,
    Global,
    Pairs,
    Raw,
    Storage,
    Tensor,
    Thing,
    dtype_of,
    shape_of,
    strings,
)

if TYPE_CHECKING:
    from untag.model import Buffer

_STORAGES: Final = {
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "LongStorage": "int64",
    "IntStorage": "int32",
    "ShortStorage": "int16",
    "CharStorage": "int8",
    "ByteStorage": "uint8",
    "BoolStorage": "bool",
}
_TENSORS: Final = ("_rebuild_tensor", "_rebuild_tensor_v2", "_rebuild_qtensor", "_rebuild_tensor_v3")
_WRAPPED: Final = ("_rebuild_parameter", "_rebuild_parameter_with_state", "_rebuild_from_type_v2")
_MAPPINGS: Final = ("OrderedDict", "defaultdict", "dict", "Counter")
_LISTS: Final = ("set", "frozenset", "list", "deque", "tuple")


def name_of(value: Any) -> str:
    """Return the dotted name of what is called."""
    if isinstance(value, Global):
        return value.name
    return value.kind if isinstance(value, Thing) else "?"


def raw(value: Any, data: Buffer) -> bytes:
    """Return the bytes that a value stands for, at most `values.ARRAY_BYTES`."""
    if isinstance(value, Raw):
        piece = bytes(data[value.start : min(value.stop, value.start + ARRAY_BYTES)])
        if value.text:
            return piece.decode("utf-8", "ignore").encode("latin-1", "replace")
        return piece
    if isinstance(value, str):
        return value.encode("latin-1", "replace")
    return value if isinstance(value, bytes) else b""


def call(function: Any, args: Any, data: Buffer) -> Any:
    """Return the symbol of what calling ``function`` would make; an unknown one makes a `Thing`."""
    name = name_of(function)
    last = name.rsplit(".", 1)[-1]
    if not isinstance(args, tuple):
        return Thing(name, (args,))
    if name == "_codecs.encode" and args and isinstance(args[0], str):
        return args[0].encode("latin-1", "replace")
    if name == "_codecs.encode" and args and isinstance(args[0], Raw):
        return args[0]
    if last in _MAPPINGS and name.split(".", 1)[0] in ("collections", "builtins", "__builtin__"):
        return _mapping(args)
    if last in _LISTS and name.split(".", 1)[0] in ("collections", "builtins", "__builtin__"):
        return list(args[0]) if args and isinstance(args[0], list | tuple) else []
    if name.startswith("numpy"):
        return _numpy(name, last, args, data)
    if name.startswith("torch"):
        return _torch(name, last, args)
    if last == "_reconstructor" and args:  # copyreg: how protocols 0 and 1 make any object
        return Thing(name_of(args[0]), args[2:])
    if last in ("__newobj__", "__newobj_ex__") and args:
        return Thing(name_of(args[0]), args[1:])
    return Thing(name, args)


def _mapping(args: tuple[Any, ...]) -> Pairs:
    """Return a mapping made from pairs, as OrderedDict's oldest pickles have it."""
    out = Pairs()
    first = args[0] if args else None
    if isinstance(first, Pairs):
        return first
    for pair in first if isinstance(first, list) else ():
        if isinstance(pair, tuple | list) and len(pair) == 2:  # noqa: PLR2004 - key and value
            out.flat += pair
    return out


def _numpy(name: str, last: str, args: tuple[Any, ...], data: Buffer) -> Any:
    if last == "_reconstruct":
        return Array()
    if last == "dtype":
        return dtype_of(args[0] if args else None)
    if last == "scalar" and len(args) > 1 and isinstance(args[0], DType):
        found = strings(raw(args[1], data), args[0])
        return found[0] if found else args[1] if args[0].code[:1] == "O" else 0.0
    if last == "_frombuffer" and len(args) > 2 and isinstance(args[1], DType):  # noqa: PLR2004 - buffer, type, shape
        return Array(args[1], shape_of(args[2]), strings(raw(args[0], data), args[1]) if args[1].text else [])
    return Thing(name, args)


def _torch(name: str, last: str, args: tuple[Any, ...]) -> Any:
    if last in _TENSORS and len(args) > 2:  # noqa: PLR2004 - storage, offset, size
        return Tensor(args[0].dtype if isinstance(args[0], Storage) else "?", shape_of(args[2]))
    if last in _WRAPPED:
        held = next((x for x in (*args, *_inner(args)) if isinstance(x, Tensor)), None)
        if held is not None:
            return held
    return Thing(name, args)


def _inner(args: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(x for arg in args if isinstance(arg, tuple) for x in arg)


def persistent(value: Any) -> Any:
    """Return what a persistent id stands for: PyTorch's storages, and modules with their source text."""
    if isinstance(value, tuple) and value:
        if value[0] == "storage" and len(value) > 1:
            kind = name_of(value[1]).rsplit(".", 1)[-1]
            return Storage(_STORAGES.get(kind, kind.removesuffix("Storage").lower()))
        if value[0] == "module" and len(value) > 1:
            return Thing(name_of(value[1]), value[2:])
    return Thing("persistent", (value,))


def build(target: Any, state: Any, data: Buffer) -> bool:
    """Give an array or a data type the state that BUILD brings; return False for what takes none."""
    if isinstance(target, DType):
        if isinstance(state, tuple) and len(state) > 5:  # noqa: PLR2004 - version, order, -, names, fields, size
            target.order = ">" if state[1] == ">" else "<"
            if isinstance(state[5], int) and state[5] > 0:
                target.size = state[5]
        return True
    if isinstance(target, Array) and isinstance(state, tuple) and len(state) > 4:  # noqa: PLR2004 - see below
        # version, shape, type, order, content
        target.shape = shape_of(state[1])
        target.dtype = state[2] if isinstance(state[2], DType) else None
        if isinstance(state[4], list):
            target.items = state[4]
        elif target.dtype is not None and target.dtype.text:
            target.items = strings(raw(state[4], data), target.dtype)
        return True
    return False


def wrapper(state: Any) -> tuple[Array, bool]:
    """Return the array that joblib's wrapper describes, and whether its bytes are padded to an alignment."""
    array, padded, lies = Array(), False, True
    flat = state.flat if isinstance(state, Pairs) else []
    for key, value in zip(flat[::2], flat[1::2], strict=False):
        if key == "shape":
            array.shape = shape_of(value)
            lies = not isinstance(value, tuple) or len(value) != len(array.shape)
        elif key == "dtype" and isinstance(value, DType):
            array.dtype = value
        elif key == "numpy_array_alignment_bytes":
            padded = isinstance(value, int)
    if lies:
        array.dtype = None
    return array, padded
