"""Figures as a package carries them: every unit and indicator in every window, in few bytes.

    {"format": "ledgersync.rollup/v1", "period": …, "windows": {"current": {"period": …,
     "figures": [[unit, indicator, value, numerator, denominator, suppressed, mark,
     at_least, excluded, left_out, group], …]},
     …}, "groups": [[counted units, expected units], …], "units": […], "missing": […]}

Units are padded codes; money and other decimals are strings.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, cast, get_args

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, literal
from ledgersync.rollup.facts import MissingKind, MissingUnit
from ledgersync.rollup.figures import WINDOWS, Counted, Figure, Mark, Number, RollUp, Window
from ledgersync.upward.package.refusal import unreadable
from ledgersync.workspace.unitcodes import Level, full_code

FORMAT = "ledgersync.rollup/v1"
_CODE = re.compile(r"\d{12}")
_INDICATOR = re.compile(r"[a-z][a-z0-9_]{0,80}(\.[^\x00-\x1f\x7f\ud800-\udfff]{1,80})?")
_NAME = re.compile(r"[^\x00-\x1f\x7f\ud800-\udfff]{1,120}")
_KINDS = get_args(MissingKind)
_MARKS = (None, *get_args(Mark))
Place = tuple[str, str]  # padded code, indicator


@dataclass(frozen=True, slots=True)
class PackedUnit:
    """A unit of a package; `code` and `parent` padded."""

    code: str
    name: str
    level: Level
    parent: str | None


@dataclass(frozen=True)
class PackedFigures:
    """The figures of a package: units and figures by padded code."""

    period: str
    units: Mapping[str, PackedUnit]
    windows: Mapping[Window, Mapping[Place, Figure]]
    missing: tuple[MissingUnit, ...]

    def get(self, code: str, indicator: str, window: Window = "current") -> Figure | None:
        return self.windows[window].get((code, indicator))


def packed(found: RollUp) -> bytes:
    """The figures of a roll-up as JSON."""
    codes = {node.unit.code: node.code for node in found.tree}
    groups: dict[Counted, int] = {}
    windows = {
        name: {
            "figures": [
                _row(f, codes[f.unit], groups.setdefault(f.counted, len(groups)))
                for f in found.by_window[name].values()
            ]
        }
        for name in WINDOWS
    }
    content = {
        "format": FORMAT,
        "period": found.period.text,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "units": [[n.code, n.unit.name, n.unit.level, n.parent] for n in found.tree],
        "windows": windows,
        "groups": [[list(g.units), list(g.expected)] for g in groups],
        "missing": [
            [full_code(m.unit), m.reason.zh, m.reason.en, m.ledger, m.kind] for m in found.missing
        ],
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _row(figure: Figure, code: str, group: int) -> list[Any]:
    numbers = (figure.value, figure.numerator, figure.denominator)
    caveats = (_plain(figure.at_least), figure.excluded, figure.left_out)
    return [
        code,
        figure.indicator,
        *map(_plain, numbers),
        figure.suppressed,
        figure.mark,
        *caveats,
        group,
    ]


def _plain(number: Number | None) -> Any:
    return str(number) if isinstance(number, Decimal) else number


def unpacked(content: bytes) -> PackedFigures:
    """The figures of a package; raises Refusal where anything is not what it should be."""
    try:
        return _Reader(json.loads(content)).read()
    except (ValueError, TypeError, LookupError, InvalidOperation, RecursionError) as error:
        raise unreadable() from error


@dataclass(frozen=True)
class _Reader:
    """Whatever does not fit ends in one of the errors that `unpacked` knows."""

    document: Any

    def read(self) -> PackedFigures:
        if self.document["format"] != FORMAT:
            raise ValueError
        units = {unit.code: unit for unit in map(_unit, self.document["units"])}
        groups = [_group(group, units) for group in self.document["groups"]]
        windows = {
            name: self._window(self.document["windows"][name]["figures"], units, groups)
            for name in WINDOWS
        }
        missing = tuple(_missing(m, units) for m in self.document["missing"])
        return PackedFigures(str(self.document["period"]), units, windows, missing)

    def _window(
        self, rows: Any, units: Mapping[str, PackedUnit], groups: Sequence[Counted]
    ) -> dict[Place, Figure]:
        indicators = {row[1] for row in rows}
        if not all(map(_INDICATOR.fullmatch, indicators)):
            raise ValueError
        found: dict[Place, Figure] = {}
        for row in rows:
            code, indicator, *values, group = row
            if (code, indicator) in found:
                raise ValueError
            figure = Figure(code, units[code].level, indicator, None, counted=groups[group])
            found[code, indicator] = _filled(figure, *values)
        return found


def _filled(
    figure: Figure,
    value: Any,
    over: Any,
    under: Any,
    suppressed: Any,
    mark: Any,
    at_least: Any,
    excluded: Any,
    left_out: Any,
) -> Figure:
    if type(suppressed) is not bool or mark not in _MARKS:
        raise ValueError
    if type(excluded) is not int or type(left_out) is not int:
        raise ValueError
    return replace(
        figure,
        value=_number(value),
        numerator=_number(over),
        denominator=_number(under),
        suppressed=suppressed,
        mark=mark,
        at_least=_number(at_least),
        excluded=excluded,
        left_out=left_out,
    )


def _unit(entry: Any) -> PackedUnit:
    code, name, level, parent = entry
    if level not in get_args(Level) or not (parent is None or _CODE.fullmatch(parent)):
        raise ValueError
    if not (_CODE.fullmatch(code) and _NAME.fullmatch(name)):
        raise ValueError
    return PackedUnit(code, name, cast("Level", level), parent)


def _group(entry: Any, known: Mapping[str, PackedUnit]) -> Counted:
    units, expected = (tuple(codes) for codes in entry)
    if not known.keys() >= {*units, *expected}:
        raise ValueError
    return Counted(units, expected)


def _number(entry: Any) -> Number | None:
    if entry is None or type(entry) is int:
        return entry
    if type(entry) is str and len(entry) <= 40:
        number = Decimal(entry)
        if number.is_finite():
            return number
    if type(entry) is float and math.isfinite(entry):
        return entry
    raise ValueError


def _missing(entry: Any, units: Mapping[str, PackedUnit]) -> MissingUnit:
    code, zh, en, ledger, kind = entry
    if code not in units or kind not in _KINDS or not isinstance(ledger, str | None):
        raise ValueError
    f"{zh}{en}{ledger}".encode()  # halves of characters cannot be kept
    reason: Message = literal(str(zh)[:500], str(en)[:500])
    return MissingUnit(code, reason, ledger, cast("Literal['absent']", kind))
