"""A value as TOML or JSON has it, read as what an annotation says; or what is wrong with it.

Read are `str`, `int`, `float`, `bool`, `date`, `Literal[...]`, `X | None`, `tuple[X, ...]`,
`dict[K, V]`, declared classes, and `Annotated` with what stands here.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cached_property
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from ledgersync.dataclass import dataclass

_LARGEST = 2**63 - 1
Key = str | int
Reader = Callable[[Any], Any]
Kind = Literal[
    "missing",
    "unknown",
    "pattern",
    "text",
    "short",
    "long",
    "integer",
    "number",
    "flag",
    "date",
    "choice",
    "list",
    "mapping",
    "section",
    "below",
    "above",
    "rule",
]


class DeclarationFault(ValueError):
    """The first thing that is wrong: of what kind, at which `keys`, and what stands there.

    `limits` are what the message needs to say what may stand there.
    """

    def __init__(self, kind: Kind, typed: object = None, **limits: str | float) -> None:
        super().__init__(kind, *limits.values())
        self.kind, self.typed, self.limits = kind, typed, limits
        self.keys: tuple[Key, ...] = ()

    def below(self, key: Key) -> "DeclarationFault":
        """The same, seen from one level further up."""
        self.keys = (key, *self.keys)
        return self

    def __str__(self) -> str:
        return f"{'.'.join(map(str, self.keys))}: {self.limits.get('reason', self.kind)}"


@dataclass(frozen=True)
class Text:
    """How a text must look: as a whole (`pattern`), and how long it is."""

    pattern: str = ""
    shortest: int = 0
    longest: int | None = None
    strip: bool = False

    @cached_property
    def _matches(self) -> Callable[[str], object]:
        return re.compile(self.pattern).fullmatch

    def read(self, text: str) -> str:
        found = text.strip() if self.strip else text
        if len(found) < self.shortest:
            raise DeclarationFault("short", text)
        if self.longest is not None and len(found) > self.longest:
            raise DeclarationFault("long", text, most=self.longest)
        if self.pattern and not self._matches(found):
            raise DeclarationFault("pattern", text)
        return found


@dataclass(frozen=True)
class Number:
    """Between which bounds a number lies, both included."""

    least: float
    most: float | None = None

    def read(self, number: float) -> float:
        if number < self.least:
            raise DeclarationFault("below", number, least=self.least)
        if self.most is not None and number > self.most:
            raise DeclarationFault("above", number, most=self.most)
        return number


@dataclass(frozen=True)
class Size:
    """How many entries a list or mapping has."""

    least: int = 0
    most: int | None = None

    def read(self, entries: Any) -> Any:
        if len(entries) < self.least:
            raise DeclarationFault("short")
        if self.most is not None and len(entries) > self.most:
            raise DeclarationFault("long", most=self.most)
        return entries


@dataclass(frozen=True)
class Checked:
    """A value that this finds nothing wrong with: it raises ValueError saying what is."""

    check: Callable[[Any], object]

    def read(self, value: Any) -> Any:
        held(self.check, value)
        return value


@dataclass(frozen=True)
class Alias:
    """What a field is called in the file, where Python has another use for the word."""

    key: str


def held(check: Callable[..., object], *given: Any) -> None:
    """Runs a check; the ValueError of one that is not content is a fault with its words."""
    try:
        check(*given)
    except DeclarationFault:
        raise
    except ValueError as error:
        raise DeclarationFault("rule", reason=str(error)) from error


def reader_of(hint: Any) -> Reader:
    """What reads values for an annotation; it raises DeclarationFault."""
    origin, inner = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _constrained(reader_of(inner[0]), inner[1:])
    if origin in (Union, UnionType):
        [only] = (one for one in inner if one is not NoneType)
        return _optional(reader_of(only))
    if origin is Literal:
        return _choice(inner)
    if origin is tuple:
        return _entries(reader_of(inner[0]))
    if origin is dict:
        return _mapping(*map(reader_of, inner))
    read: Reader = _SCALARS[hint] if hint in _SCALARS else hint.validated  # noqa: SIM401
    return read


def _constrained(read: Reader, constraints: tuple[Any, ...]) -> Reader:
    steps = [one.read for one in constraints if not isinstance(one, Alias)]

    def constrained(value: Any) -> Any:
        found = read(value)
        for step in steps:
            found = step(found)
        return found

    return constrained if steps else read


def _optional(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _choice(options: tuple[str, ...]) -> Reader:
    *others, last = map(repr, options)
    expected = f"{', '.join(others)} or {last}" if others else last

    def choice(value: Any) -> Any:
        if not isinstance(value, str) or value not in options:
            raise DeclarationFault("choice", value, expected=expected)
        return value

    return choice


def _entries(read: Reader) -> Reader:
    def entries(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list | tuple):
            raise DeclarationFault("list", value)
        return tuple(at(n, read, one) for n, one in enumerate(value))

    return entries


def _mapping(read_key: Reader, read: Reader) -> Reader:
    def mapping(value: Any) -> dict[Any, Any]:
        if not isinstance(value, Mapping):
            raise DeclarationFault("mapping", value)
        return {at(key, read_key, key): at(key, read, one) for key, one in value.items()}

    return mapping


def at(key: Key, read: Reader, value: Any) -> Any:
    """What stands at a key; a fault there is a fault at this key."""
    try:
        return read(value)
    except DeclarationFault as fault:
        fault.below(key)
        raise


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise DeclarationFault("text", value)
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError as error:  # half a character, which no file can hold
            raise DeclarationFault("pattern", "") from error
    return value


def _integer(value: Any) -> int:
    """Also one in quotes, or written as 5.0; of 64 bits, as TOML and databases have them."""
    is_whole = isinstance(value, int | str) or (isinstance(value, float) and value.is_integer())
    try:
        found = int(value) if is_whole and not isinstance(value, bool) else None
    except ValueError:
        found = None
    if found is None:
        raise DeclarationFault("integer", value)
    if found > _LARGEST:
        raise DeclarationFault("above", value, most=_LARGEST)
    if found < -_LARGEST:
        raise DeclarationFault("below", value, least=-_LARGEST)
    return found


def _number(value: Any) -> float:
    try:
        if isinstance(value, int | float | str) and not isinstance(value, bool):
            return float(value)
    except (ValueError, OverflowError):
        pass
    raise DeclarationFault("number", value)


def _flag(value: Any) -> bool:
    found = {"true": True, "false": False}.get(value) if isinstance(value, str) else value
    if not isinstance(found, bool):
        raise DeclarationFault("flag", value)
    return found


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        if value.time() == time() and value.tzinfo is None:
            return value.date()
    elif isinstance(value, date):
        return value
    elif isinstance(value, str) and len(value) == len("2026-03-31"):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise DeclarationFault("date", value)


_SCALARS: dict[Any, Reader] = {
    str: _text,
    int: _integer,
    float: _number,
    bool: _flag,
    date: _day,
}
