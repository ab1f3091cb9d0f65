"""The base of all declared classes: filled from a mapping, checked, and frozen."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import (
    Annotated,
    Any,
    ClassVar,
    NoReturn,
    Self,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from ledgersync.dataclass import dataclass
from ledgersync.declared.reading import Alias, DeclarationFault, Reader, at, held, reader_of

_MISSING = object()


@dataclass(frozen=True, slots=True)
class _Fresh:
    make: Callable[[], Any]


def fresh(*, factory: Callable[[], Any]) -> Any:
    """A default that is made anew for each object."""
    return _Fresh(factory)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field by its name in Python and its key in the file."""

    name: str
    key: str
    read: Reader
    default: Any

    def of(self, given: Mapping[str, Any]) -> Any:
        value = given.get(self.key, _MISSING)
        if value is not _MISSING:
            return at(self.key, self.read, value)
        if self.default is _MISSING:
            raise DeclarationFault("missing").below(self.key)
        return self.default.make() if isinstance(self.default, _Fresh) else self.default


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(fresh,))
class Declared:
    """Fields are the annotated names, by their keys in the file; equal when all fields are.

    Raises DeclarationFault for the first field that is missing or wrong, then for a key that is
    no field's (unless `passes_over` says that later versions may have more), then for what
    `_check` finds.
    """

    passes_over: ClassVar[bool] = False

    def __init__(self, /, **given: Any) -> None:
        parts, known = self.__dict__, _fields(type(self))
        for field in known:
            parts[field.name] = field.of(given)
        if not self.passes_over:
            keys = {field.key for field in known}
            for key in given:
                if key not in keys:
                    raise DeclarationFault("unknown").below(key)
        held(self._check)

    def _check(self) -> None:
        """Whether the fields go together; raises ValueError saying what does not."""

    @classmethod
    def validated(cls, data: Any) -> Self:
        """From what a TOML or JSON file holds; raises DeclarationFault."""
        if isinstance(data, cls):
            return data
        if not isinstance(data, Mapping):
            raise DeclarationFault("section", data)
        return cls(**data)

    def changed(self, **values: Any) -> Self:
        """With other values, by name and not checked; what was worked out of the old ones goes."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__getstate__(), **values)
        return made

    @classmethod
    def hints(cls) -> dict[str, Any]:
        """The annotation of every field, by its key in the file."""
        hints = get_type_hints(cls)
        return {field.key: hints[field.name] for field in _fields(cls)}

    def as_data(self) -> dict[str, Any]:
        """By keys: declared objects as mappings, days and tuples as they are."""
        return {f.key: _plain(self.__dict__[f.name]) for f in _fields(type(self))}

    def as_json(self) -> dict[str, Any]:
        """By keys, as JSON has it."""
        return {f.key: _json(self.__dict__[f.name]) for f in _fields(type(self))}

    def __getstate__(self) -> dict[str, Any]:
        return {f.name: self.__dict__[f.name] for f in _fields(type(self))}

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return self.__getstate__() == other.__getstate__()

    def __hash__(self) -> int:
        return hash((type(self), *self.__getstate__().values()))

    def __repr__(self) -> str:
        fields = ", ".join(f"{name}={value!r}" for name, value in self.__getstate__().items())
        return f"{type(self).__name__}({fields})"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen: {name}")


_KNOWN: dict[type[Declared], tuple[_Field, ...]] = {}


def _fields(kind: type[Declared]) -> tuple[_Field, ...]:
    if kind not in _KNOWN:
        hints = get_type_hints(kind, include_extras=True)
        _KNOWN[kind] = tuple(
            _Field(name, _key(name, hint), reader_of(hint), getattr(kind, name, _MISSING))
            for name, hint in hints.items()
            if get_origin(hint) is not ClassVar
        )
    return _KNOWN[kind]


def _key(name: str, hint: Any) -> str:
    extras = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
    return next((extra.key for extra in extras if isinstance(extra, Alias)), name)


def _plain(value: Any) -> Any:
    if isinstance(value, Declared):
        return value.as_data()
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return {key: _plain(one) for key, one in value.items()} if isinstance(value, dict) else value


def _json(value: Any) -> Any:
    if isinstance(value, Declared):
        return value.as_json()
    if isinstance(value, tuple):
        return list(map(_json, value))
    if isinstance(value, dict):
        return {key: _json(one) for key, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value
