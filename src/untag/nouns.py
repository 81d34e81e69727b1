"""Slotted dataclasses that cost nothing until they are used.

`dataclasses` compiles six methods for each class when a module is loaded, and loads
`inspect` with all that it needs: half of the start of a scan. Here a class is given the
same methods ready made, driven by the names of its fields. It stays a dataclass to all
who ask (`dataclasses.fields`, `replace`, `asdict`, `inspect.signature`): what they look
for is made by `dataclasses` itself at that moment.

What is left out, because no noun needs it: inheritance, ``order``, keyword-only fields.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

__all__ = ["dataclass", "field", "replace"]

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass, field, replace
else:

    def dataclass(*, frozen: bool = False, slots: bool = False, eq: bool = True) -> Callable[[type], type]:
        """Return the decorator; its words mean what they mean to `dataclasses.dataclass`."""
        if not slots:
            raise TypeError("a noun has slots")
        return lambda cls: _made(cls, frozen=frozen, eq=eq)

    def field(**how: Any) -> _Field:
        """Return a field with ``default``, ``default_factory``, ``init``, ``repr`` or ``compare``."""
        return _Field(how)

    def replace(instance: Any, /, **changes: Any) -> Any:
        """Return a copy of a noun with other values for some fields."""
        for name in instance.__match_args__:
            if name not in changes:
                changes[name] = getattr(instance, name)
        return instance.__class__(**changes)


class _Field:
    """What a class says of one of its fields."""

    __slots__ = ("how",)

    def __init__(self, how: dict[str, Any]) -> None:
        self.how = how


_NONE: Final = object()
"""Stands where a field has no default."""


def _made(cls: type, *, frozen: bool, eq: bool) -> type:
    """Return ``cls`` with slots and the methods of a dataclass."""
    if cls.__bases__ != (object,):
        raise TypeError(f"{cls.__name__}: a noun inherits nothing")
    space = dict(cls.__dict__)
    hows: dict[str, dict[str, Any]] = {}
    for name in cls.__annotations__:
        value = space.pop(name, _NONE)
        hows[name] = value.how if isinstance(value, _Field) else {} if value is _NONE else {"default": value}
    space.pop("__dict__", None)
    space.pop("__weakref__", None)
    space["__slots__"] = names = tuple(hows)
    space["__match_args__"] = tuple(name for name in names if hows[name].get("init", True))
    for name in ("__dataclass_fields__", "__dataclass_params__", "__signature__"):
        space[name] = _Asked(name, hows, frozen=frozen, eq=eq)
    made = type(cls)(cls.__name__, cls.__bases__, space)
    methods: dict[str, Any] = {
        "__init__": _init(made, hows),
        "__repr__": _repr([name for name in names if hows[name].get("repr", True)]),
        "__getstate__": _getstate,
        "__setstate__": _setstate(made, names),
        "__replace__": replace,
    }
    if eq:
        key = _key([name for name in names if hows[name].get("compare", True)])
        methods |= {"__eq__": _eq(key), "__hash__": _hash(key) if frozen else None}
    if frozen:
        methods |= {"__setattr__": _refuse("assign to"), "__delattr__": _refuse("delete")}
    for name, method in methods.items():
        if name not in space or (name == "__hash__" and space[name] is None):
            if method is not None and name not in ("__getstate__", "__replace__"):
                method.__qualname__ = f"{cls.__qualname__}.{name}"
            setattr(made, name, method)
    return made


class _Asked:
    """What `dataclasses` and `inspect` look for on a class: made when it is first looked at."""

    def __init__(self, name: str, hows: dict[str, dict[str, Any]], *, frozen: bool, eq: bool) -> None:
        self._name = name
        self._hows = hows
        self._frozen = frozen
        self._eq = eq

    def __get__(self, instance: object, owner: type) -> Any:
        import dataclasses  # noqa: PLC0415 - slow to load
        import inspect  # noqa: PLC0415

        space = {n: dataclasses.field(**how) for n, how in self._hows.items() if how}
        space |= {"__annotations__": dict(owner.__annotations__), "__module__": owner.__module__}
        twin: Any = dataclasses.dataclass(frozen=self._frozen, eq=self._eq)(type(owner.__name__, (), space))
        for name in ("__dataclass_fields__", "__dataclass_params__"):
            setattr(owner, name, getattr(twin, name))
        owner.__signature__ = inspect.signature(twin)  # type: ignore[attr-defined]
        return getattr(owner, self._name)


def _init(made: type, hows: dict[str, dict[str, Any]]) -> Callable[..., None]:
    """Return the method that sets the fields, by their slots: quicker than by name."""
    given = [(name, how.get("default", _NONE), how.get("default_factory")) for name, how in hows.items() if _given(how)]
    size = len(given)
    setters = [getattr(made, name).__set__ for name, _, _ in given]
    others = [(getattr(made, name).__set__, how) for name, how in hows.items() if not _given(how)]
    after = getattr(made, "__post_init__", None)
    plain = [default for _, default, _ in given]
    while plain and plain[0] is _NONE:
        del plain[0]
    least = size - len(plain) if _NONE not in plain else size
    # what follows the values of a call that names none: the last defaults
    tails = [tuple(plain[n:]) for n in range(len(plain) + 1)]

    def __init__(self: object, /, *values: object, **named: object) -> None:  # noqa: N807
        if named or len(values) != size:
            if named or not least <= len(values) < size:
                values = _filled(made.__name__, given, values, named)
            else:
                values += tails[len(values) - least]
        for put, value in zip(setters, values):  # noqa: B905 - of one length, and quicker
            put(self, value)
        for put, how in others:
            put(self, how["default_factory"]() if "default_factory" in how else how["default"])
        if after is not None:
            after(self)

    return __init__


def _given(how: dict[str, Any]) -> bool:
    return bool(how.get("init", True))


def _filled(
    title: str, given: list[tuple[str, Any, Any]], values: tuple[Any, ...], named: dict[str, Any]
) -> tuple[Any, ...]:
    """Return a value for each field; raise `TypeError` as a call of a function would."""
    if len(values) > len(given):
        raise TypeError(f"{title}() takes {len(given)} values but {len(values)} were given")
    filled = list(values)
    for name, default, factory in given[len(values) :]:
        value = named.pop(name, _NONE)
        if value is _NONE:
            value = factory() if factory is not None else default
            if value is _NONE:
                raise TypeError(f"{title}() misses a required value: {name!r}")
        filled.append(value)
    if named:
        wrong = next(iter(named))
        known = "several values for" if any(wrong == name for name, _, _ in given) else "an unknown field"
        raise TypeError(f"{title}() got {known} {wrong!r}")
    return tuple(filled)


def _key(names: list[str]) -> Callable[[Any], Any]:
    """Return what compares an instance: its values as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda instance: tuple(getattr(instance, name) for name in names)


def _eq(key: Callable[[Any], Any]) -> Callable[[Any, object], Any]:
    def __eq__(self: Any, other: object) -> Any:  # noqa: N807
        return key(self) == key(other) if other.__class__ is self.__class__ else NotImplemented

    return __eq__


def _hash(key: Callable[[Any], Any]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:  # noqa: N807
        return hash(key(self))

    return __hash__


def _repr(names: list[str]) -> Callable[[Any], str]:
    def __repr__(self: Any) -> str:  # noqa: N807
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    return __repr__


def _refuse(what: str) -> Callable[..., None]:
    def refuse(self: object, name: str, value: object = None) -> None:  # noqa: ARG001 - as assignments give it
        from dataclasses import FrozenInstanceError  # noqa: PLC0415 - slow to load

        raise FrozenInstanceError(f"cannot {what} field {name!r}")

    return refuse


def _getstate(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__slots__]


def _setstate(made: type, names: tuple[str, ...]) -> Callable[[Any, list[Any]], None]:
    setters = [getattr(made, name).__set__ for name in names]

    def __setstate__(self: Any, state: list[Any]) -> None:  # noqa: N807
        for put, value in zip(setters, state, strict=True):
            put(self, value)

    return __setstate__
