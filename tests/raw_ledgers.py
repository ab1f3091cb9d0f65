"""A community's ledgers as they lie: raw rows of its workbooks, read by openpyxl alone."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

Row = dict[str, Any]
SAME = {  # what the sample district's own lists may call their columns
    "志愿活动": {
        "活动编号": "编号 活动号",
        "活动名称": (
            "名称 活动主题 主题 活动项目 服务项目 项目名称 活动标题 志愿服务项目 活动项目名称"
        ),
        "党员志愿": "是否党员志愿 党员志愿服务",
        "活动日期": (
            "日期 时间 开展时间 活动时间 服务日期 举办时间 开展日期 活动开展时间 举办日期 实施时间"
        ),
        "活动时长(小时)": "时长 活动时长 服务时长 服务小时数 活动时数 服务时数 活动小时数",
        "参加人数": (
            "参与人数 志愿者人数 参加志愿者人数 人数 参加人员数 参与志愿者人数 出动志愿者人数 "
            "志愿者数 志愿者数量 参加志愿者数 参与志愿者数 参加活动人数"
        ),
        "受益人次": (
            "服务人次 慰问人次 服务群众人次 服务对象人数 受益人数 服务人数 惠及人数 受众人数 "
            "服务居民人次 受益群众人次"
        ),
    },
    "服务记录": {
        "活动编号": "编号 活动号 活动编码 项目编号",
        "志愿者姓名": "姓名 志愿者 志愿者名字 服务者姓名",
        "证件号码": (
            "身份证号 身份证号码 公民身份号码 身份证 身份号码 公民身份证号码 "
            "志愿者身份证号 志愿者证件号码"
        ),
        "服务时长(小时)": "时长 服务时长 服务时间 服务小时数 服务时数 志愿服务时长",
        "联系电话": (
            "电话 手机 手机号码 电话号码 联系方式 手机号 联系号码 电话号 联系手机 联系手机号 "
            "志愿者电话 人联系电话"
        ),
    },
}
CYCLES = {
    "每周": (0, 7), "每半月": (0, 15), "每月": (1, 0), "每季度": (3, 0), "每半年": (6, 0),
    "每年": (12, 0),
}  # fmt: skip
DATE = re.compile(r"(\d{4})[-./年]?(\d{1,2})[-./月]?(\d{1,2})日?$")


def rows_of(path: Path, sheet: str, needed: str) -> list[Row]:
    """The rows beneath the header that has the column `needed`."""
    if not path.is_file():
        return []
    book = load_workbook(path, data_only=True, read_only=True)
    if sheet not in book.sheetnames:
        return []
    known = {
        other: name for name, others in SAME.get(sheet, {}).items() for other in others.split()
    }
    lines = list(book[sheet].iter_rows(values_only=True))
    named = [[known.get(str(cell), str(cell)) for cell in line] for line in lines[:15]]
    at = next((n for n, line in enumerate(named) if needed in line), None)
    if at is None:
        return []
    heads = named[at]
    unknown = [name for name in SAME.get(sheet, {}) if name not in heads]
    assert not unknown, f"{path.name}: what is called {unknown}? {heads}"
    found = [dict(zip(heads, line, strict=False)) for line in lines[at + 1 :]]
    return [row for row in found if row.get(needed) not in (None, "")]


def day(value: Any) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    found = DATE.match(str(value or "").strip())
    return date(*map(int, found.groups())) if found else None


def whole(value: Any) -> Decimal:
    """A number as typed; nothing for 无, / and empty cells."""
    text = str(value if value is not None else "").replace(",", "")
    return Decimal(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else Decimal(0)


def place(value: Any) -> str:
    return re.sub(r"\s", "", str(value or "")).replace("幢", "栋").removesuffix("室")


def several(value: Any) -> list[str]:
    return [part for part in re.split(r"[、，,;；/\s]+", str(value or "")) if part]


def after(start: date, months: int, days: int) -> date:
    if not months:
        return start + timedelta(days)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def months_between(start: date, end: date) -> int:
    """Whole months; the last day of a month ends one that began later in its month."""
    count = (end.year - start.year) * 12 + end.month - start.month
    is_last = end.day == monthrange(end.year, end.month)[1]
    return count - (end.day < start.day and not is_last)


def elapsed(anchor: date, until: date | None, cycle: str | None) -> int:
    """How many cycles are over."""
    if until is None or until < anchor or cycle not in CYCLES:
        return 0
    months, days = CYCLES[cycle]
    if months:
        return months_between(anchor, until) // months
    return (until - anchor).days // days


def period_days(text: str) -> tuple[date, date]:
    """Of `2026`, `2026H1`, `2026Q2`, `2026-03`, `2026-01..2026-06`."""
    begin, _, end = text.partition("..")
    first, last = _months(begin)
    if end:
        last = _months(end)[1]
    (y1, m1), (y2, m2) = first, last
    return date(y1, m1, 1), date(y2, m2, monthrange(y2, m2)[1])


def _months(text: str) -> tuple[tuple[int, int], tuple[int, int]]:
    year = int(text[:4])
    if len(text) == 4:
        return (year, 1), (year, 12)
    if text[4] in "HQ":
        length = 6 if text[4] == "H" else 3
        start = (int(text[5:]) - 1) * length + 1
        return (year, start), (year, start + length - 1)
    return (year, int(text[5:7])), (year, int(text[5:7]))


@dataclass
class Community:
    """The raw rows of one community's primaries."""

    code: str
    folder: Path
    households: int | None = None
    residents: int | None = None

    def _rows(self, book: str, sheet: str, needed: str) -> list[Row]:
        return rows_of(self.folder / "primary" / f"{book}.xlsx", sheet, needed)

    @cached_property
    def visits(self) -> list[Row]:
        return self._rows("走访台账", "走访记录", "走访日期")

    @cached_property
    def issues(self) -> list[Row]:
        return self._rows("走访台账", "问题诉求", "登记日期")

    @cached_property
    def dibao(self) -> list[Row]:
        return self._rows("低保台账", "低保户", "户主姓名")

    @cached_property
    def members(self) -> list[Row]:
        return self._rows("低保台账", "家庭成员", "姓名")

    @cached_property
    def people(self) -> list[Row]:
        return self._rows("重点人员台账", "重点人员", "姓名")

    @cached_property
    def activities(self) -> list[Row]:
        return self._rows("志愿活动台账", "志愿活动", "活动名称")

    @cached_property
    def records(self) -> list[Row]:
        return self._rows("志愿活动台账", "服务记录", "志愿者姓名")

    @property
    def is_there(self) -> bool:
        return (self.folder / "primary").is_dir() and any((self.folder / "primary").glob("*.xlsx"))
