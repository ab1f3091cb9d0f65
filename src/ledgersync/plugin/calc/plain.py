"""The part of pydantic's interface that the schema uses, for data that pydantic has accepted.

pydantic is compiled and cannot travel in an extension. The ledger files were validated when the
extension was built, so inside LibreOffice models only have to be filled: fields by their
annotations, defaults, nested models. Nothing is validated here. See
`docs/decisions/0010-libreoffice-extension-without-pydantic.md`.
"""

from collections.abc import Callable
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

_MISSING = object()


class ValidationError(ValueError):
    """Never raised; the name is imported."""


def Field(*, default: Any = _MISSING, **_: Any) -> Any:
    return default


def ConfigDict(**settings: Any) -> dict[str, Any]:
    return settings


class StringConstraints:
    def __init__(self, *, strip_whitespace: bool = False, **_: Any) -> None:
        self.strip_whitespace = strip_whitespace


def field_validator(*_: str, **__: Any) -> Callable[[Any], Any]:
    return lambda method: method


def model_validator(**_: Any) -> Callable[[Any], Any]:
    return lambda method: method


class BaseModel:
    """Filled from a mapping; equal when its fields are."""

    def __init__(self, **data: Any) -> None:
        for name, hint in _hints(type(self)).items():
            value = data.get(name, _MISSING)
            default = getattr(type(self), name, _MISSING)
            self.__dict__[name] = default if value is _MISSING else _filled(hint, value)

    @classmethod
    def model_validate(cls, data: dict[str, Any]) -> Any:
        return cls(**data)

    def __eq__(self, other: object) -> bool:
        names = _hints(type(self))
        return type(other) is type(self) and all(
            getattr(self, name) == getattr(other, name) for name in names
        )

    def __hash__(self) -> int:
        return hash((type(self), *(repr(getattr(self, n)) for n in _hints(type(self)))))


_KNOWN: dict[type, dict[str, Any]] = {}


def _hints(model: type) -> dict[str, Any]:
    if model not in _KNOWN:
        hints = get_type_hints(model, include_extras=True)
        _KNOWN[model] = {n: h for n, h in hints.items() if n != "model_config"}
    return _KNOWN[model]


def _filled(hint: Any, value: Any) -> Any:
    """`value` (as JSON or TOML has it) in the shape that `hint` says."""
    origin, inner = get_origin(hint), get_args(hint)
    if value is None or origin is Literal:
        return value
    if origin is Annotated:
        strips = any(getattr(extra, "strip_whitespace", False) for extra in inner[1:])
        return value.strip() if strips else _filled(inner[0], value)
    if origin in (Union, UnionType):
        return _filled(next(h for h in inner if h is not type(None)), value)
    if origin is tuple:
        return tuple(_filled(inner[0], item) for item in value)
    if origin is dict:
        return {key: _filled(inner[1], item) for key, item in value.items()}
    if isinstance(hint, type) and issubclass(hint, BaseModel):
        return hint(**value)
    return float(value) if hint is float else value
