"""The standard library's `dataclass`, whose methods are made when they are first used.

A command declares some 150 classes and makes objects of a third of them; compiling the methods of
all costs a seventh of a short run. `__init__` is made when the first object is; all else by the
library, of a class beside, when an object is first compared, shown or asked for its fields. Classes
that are more than a list of fields (bases, keyword-only fields, class variables) go to the library
at once.
"""

import dataclasses
from collections.abc import Callable
from dataclasses import Field, FrozenInstanceError
from functools import cache
from inspect import get_annotations
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

_LATE = ("__init__", "__repr__", "__eq__", "__hash__")
_ASKED = ("__dataclass_fields__", "__dataclass_params__")
_OWN = {*_LATE, "__slots__", "__setattr__", "__delattr__", "__getstate__", "__setstate__"}
_MORE = ("ClassVar", "InitVar", "KW_ONLY")


def _lazy(
    cls: type | None = None, /, *, frozen: bool = False, slots: bool = False, **more: Any
) -> Any:
    """A decorator like `dataclasses.dataclass`, with its options."""

    def decorated(cls: type) -> type:
        if more or not _is_plain(cls):
            return dataclasses.dataclass(frozen=frozen, slots=slots, **more)(cls)
        return _declared(cls, frozen=frozen, slots=slots)

    return decorated if cls is None else decorated(cls)


def _is_plain(cls: type) -> bool:
    """Fields and methods, and nothing of what the library adds."""
    told = map(str, get_annotations(cls).values())
    is_simple = type(cls) is type and cls.__bases__ == (object,) and _OWN.isdisjoint(cls.__dict__)
    fields = [f for f in cls.__dict__.values() if isinstance(f, Field)]
    is_simple = is_simple and all(f.init and f.kw_only is not True for f in fields)
    return is_simple and not any(word in text for text in told for word in _MORE)


def _declared(cls: type, *, frozen: bool, slots: bool) -> type:
    """The class as the library would leave it, but for its late methods."""
    given = {k: v for k, v in cls.__dict__.items() if k not in ("__dict__", "__weakref__")}
    names = tuple(get_annotations(cls))
    if shared := [k for k in names if type(given.get(k)).__hash__ is None]:
        raise ValueError(f"objects of {cls.__qualname__} would share {shared}")
    if slots:
        kept = {k: v for k, v in given.items() if k not in names}
        cls, named = type(cls.__name__, (object,), kept | {"__slots__": names}), cls.__qualname__
        cls.__qualname__ = named
    else:
        _set_defaults(cls, {k: v for k, v in given.items() if k in names})
    late = _Late(cls, given, frozen=frozen)
    ways = dict.fromkeys(_LATE) | _ways(cls, names, frozen=frozen, slots=slots)
    ways = {k: late.method(k) if v is None else v for k, v in ways.items()}
    for name, value in (ways | {k: _Asked(late, k) for k in _ASKED}).items():
        setattr(cls, name, value)
    if not frozen:
        cls.__hash__ = None  # type: ignore[assignment]
    return cls


def _set_defaults(cls: type, defaults: dict[str, Any]) -> None:
    """A class has the plain defaults of its fields, and nothing where one is made each time."""
    for name, default in defaults.items():
        if isinstance(default, Field) and default.default is dataclasses.MISSING:
            delattr(cls, name)
        elif isinstance(default, Field):
            setattr(cls, name, default.default)


def _ways(cls: Any, names: tuple[str, ...], *, frozen: bool, slots: bool) -> dict[str, Any]:
    """What the library adds besides."""
    found: dict[str, Any] = {"__match_args__": names}
    if not frozen:
        return found

    def refuse_setting(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def refuse_deleting(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    found |= {"__setattr__": refuse_setting, "__delattr__": refuse_deleting}
    return found | ({"__getstate__": _state, "__setstate__": _restore} if slots else {})


def _state(self: Any) -> list[Any]:
    return [getattr(self, f.name) for f in dataclasses.fields(self)]


def _restore(self: Any, state: list[Any]) -> None:
    for f, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, f.name, value)


class _Late:
    """A class whose methods are made when one is wanted."""

    def __init__(self, cls: type, given: dict[str, Any], *, frozen: bool) -> None:
        self.cls, self.given, self.frozen = cls, given, frozen

    def method(self, name: str) -> Callable[..., Any]:
        def first(instance: object, *args: Any, **named: Any) -> Any:
            made = self.begun() if name == "__init__" else self.made(name)
            return made(instance, *args, **named)

        first.__name__, first.__qualname__ = name, f"{self.cls.__qualname__}.{name}"
        return first

    def begun(self) -> Any:
        """`__init__`, which alone is needed of most classes."""
        made = _init(list(get_annotations(self.cls)), self.given, frozen=self.frozen)
        made.__qualname__ = f"{self.cls.__qualname__}.__init__"
        self.cls.__init__ = made  # type: ignore[misc]
        return made

    def made(self, name: str) -> Any:
        """What the library makes of this name, of a class beside with the same fields."""
        plain = type(self.cls.__name__, (object,), {**self.given, "__doc__": "a class beside"})
        wanted: dict[str, Any] = _WANTED.get(name, {"frozen": self.frozen})
        made = dataclasses.dataclass(**wanted)(plain).__dict__[name]
        setattr(self.cls, name, made)
        return made


_NO_METHOD = dict.fromkeys(("init", "repr", "eq"), False)
# How the library is asked for one thing alone; what all were asked for says, it makes with all.
_WANTED = {
    "__repr__": {**_NO_METHOD, "repr": True},
    "__eq__": {**_NO_METHOD, "eq": True},
    "__hash__": {**_NO_METHOD, "unsafe_hash": True},
    "__dataclass_fields__": _NO_METHOD,
}


def _init(names: list[str], given: dict[str, Any], *, frozen: bool) -> Any:
    """Sets every field, one that is not told to its default or to what its factory makes.

    Compiled once for all classes of so many fields of the same kinds, under other names.
    """
    known: dict[str, Any] = {"_set": object.__setattr__, "_new": object()}
    kinds, defaults = "", list[Any]()
    for n, name in enumerate(names):
        default = given.get(name, dataclasses.MISSING)
        made = default.default_factory if isinstance(default, Field) else dataclasses.MISSING
        if made is not dataclasses.MISSING:
            known[f"_make_{n}"], default = made, known["_new"]
        elif isinstance(default, Field):
            default = default.default
        is_told = default is dataclasses.MISSING
        if is_told and defaults:
            raise TypeError(f"non-default argument {name!r} follows default argument")
        defaults += [] if is_told else [default]
        kinds += "m" if made is not dataclasses.MISSING else "t"
    new = {f"_{n}": name for n, name in enumerate(names)}
    code = _setting(kinds, frozen, "__post_init__" in given)
    renamed = code.replace(
        co_varnames=tuple(new.get(name, name) for name in code.co_varnames),
        co_names=tuple(new.get(name, name) for name in code.co_names),
        co_consts=tuple(new.get(x, x) if isinstance(x, str) else x for x in code.co_consts),
    )
    return FunctionType(renamed, known, "__init__", tuple(defaults))


@cache
def _setting(kinds: str, frozen: bool, goes_on: bool) -> CodeType:
    """Code that sets fields `_0`, `_1` …: `t` as told, `m` to what is made where none is told."""
    lines, told = list[str](), ["self", *(f"_{n}" for n in range(len(kinds)))]
    for n, kind in enumerate(kinds):
        value = f"_make_{n}() if _{n} is _new else _{n}" if kind == "m" else f"_{n}"
        lines.append(f"_set(self, '_{n}', {value})" if frozen else f"self._{n} = {value}")
    lines.append("self.__post_init__()" if goes_on else "pass")
    made: dict[str, Any] = {}
    exec(f"def __init__({', '.join(told)}):\n " + "\n ".join(lines), made)
    code: CodeType = made["__init__"].__code__
    return code


class _Asked:
    """An attribute of the class that is made when it is asked for."""

    def __init__(self, late: _Late, name: str) -> None:
        self.late, self.name = late, name

    def __get__(self, instance: object, owner: type) -> Any:
        return self.late.made(self.name)


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:
    dataclass = _lazy
