"""The list of units as a workbook: read like any other, with what is wrong at its row."""

import re
from collections.abc import Iterator
from dataclasses import field
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ledgersync.checks import RowChecker
from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.messages import Message, literal, message
from ledgersync.model import Invalid, TableData, Value
from ledgersync.schema import Catalog, LedgerSchema, parse_ledger
from ledgersync.workbook.read import read_workbook
from ledgersync.workspace.config import Unit
from ledgersync.workspace.unitcodes import Level, full_code, level_of

_LEVELS: dict[str, Level] = {
    "社区": "community",
    "街道": "street",
    "区县": "district",
    "市": "city",
    "省": "province",
}
_BETWEEN = re.compile(r"[,，、;；\s]+")


@dataclass(frozen=True, slots=True)
class UnitFault:
    """What is wrong with a unit: in which row of which file, and whether it stops an import."""

    place: str
    row: int | None
    code: str
    text: Message
    severity: str = "error"

    def as_json(self) -> dict[str, Any]:
        return {
            "file": self.place,
            "row": self.row,
            "code": self.code,
            "severity": self.severity,
            "message": self.text.zh,
        }


@dataclass(slots=True)
class Line:
    """One unit as a row of a workbook, or an entry of `ledgersync.toml`, says it."""

    place: str
    row: int | None
    code: str
    name: str
    level: Level
    parent: str | None = None  # a code or a name
    values: dict[str, Any] = field(default_factory=dict)  # households … succeeded_by

    @property
    def full(self) -> str:
        return full_code(self.code)

    def fault(self, text: Message, severity: str = "error") -> UnitFault:
        return UnitFault(self.place, self.row, self.code, text, severity)

    @classmethod
    def of(cls, unit: Unit, place: str) -> "Line":
        own = ("code", "name", "level", "parent")
        more = {key: value for key, value in unit.as_data().items() if key not in own}
        return cls(place, None, unit.code, unit.name, unit.level, unit.parent, more)


@cache
def units_ledger() -> LedgerSchema:
    """The list's columns, as a ledger file says them."""
    text = (resources.files("ledgersync.upward.units") / "units.toml").read_text("utf-8")
    return parse_ledger(text, "units.toml")


def units_catalog() -> Catalog:
    ledger = units_ledger()
    return Catalog({ledger.id: ledger}, {}, {})


def read_units(path: Path, today: date) -> tuple[list[Line], list[UnitFault]]:
    """The units that a workbook lists, and what is wrong with its rows. Raises UnreadableFile."""
    data = read_workbook(path, units_catalog(), today=today)
    if not data.tables:
        raise UnreadableFile(
            message("{file} 里没有认出单位名单。", file=path.name),
            message("要有“单位代码”“单位名称”两列；空表：ledgersync units template"),
        )
    lines: list[Line] = []
    faults: list[UnitFault] = []
    for part in data.tables:
        for row, values in _rows(part):
            found = list(_row_faults(path.name, row, values, today))
            faults += found
            if not any(f.severity == "error" for f in found):
                lines.append(_line(path.name, row, values))
    return lines, faults


def _rows(part: TableData) -> Iterator[tuple[int, dict[str, Value]]]:
    names = list(part.values)
    for row, cells in zip(part.rows, zip(*part.values.values(), strict=True), strict=True):
        yield row, dict(zip(names, cells, strict=True))


def _row_faults(place: str, row: int, values: dict[str, Value], today: date) -> Iterator[UnitFault]:
    """What the columns' own rules say of a row."""
    table = units_ledger().tables[0]
    whole = tuple(values.get(name) for name in table.field_ids)
    code = str(values.get("code") or "")
    for fault in RowChecker(table, today).faults(whole):
        header = table.by_id[fault.field].header if fault.field else ""
        text = message("〔{header}〕{text}", header=header, text=fault.message)
        reason = fault.message if header and header in fault.message.zh else text
        yield UnitFault(place, row, code, reason, fault.severity)


def _line(place: str, row: int, values: dict[str, Value]) -> Line:
    code = str(values["code"])
    level = values.get("level")
    more: dict[str, Any] = {n: values.get(n) for n in ("households", "residents")}
    more |= {n: values.get(n) for n in ("valid_from", "valid_to")}
    heirs = values.get("succeeded_by")
    more["succeeded_by"] = tuple(p for p in _BETWEEN.split(str(heirs or "")) if p)
    parent = values.get("parent")
    return Line(
        place,
        row,
        code,
        str(values["name"]),
        _level(str(level or ""), code),
        None if parent is None or isinstance(parent, Invalid) else str(parent).strip(),
        {k: v for k, v in more.items() if v not in (None, ())},
    )


def _level(typed: str, code: str) -> Level:
    """As it is said, else as the code says; 市 of a county's code is 县级市."""
    by_code = level_of(code)
    level = _LEVELS.get(typed, by_code)
    return by_code if (level, by_code) == ("city", "district") else level


def level_words(level: str) -> Message:
    """社区, 街道, 区县, 市, 省."""
    zh = next(word for word, known in _LEVELS.items() if known == level)
    return literal(zh, level)
