"""Conditions as people say them of names and days: `姓冯`, `王芳负责`, `2021年纳入`, `上月登记`."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import NoReturn

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.model import Row
from ledgersync.privacy import COMPOUND_SURNAMES, surname_of
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.sync.lists.asked import Asked, Condition, Taken
from ledgersync.values.text import bare_name

_SURNAME = re.compile(rf"姓(?!名)({'|'.join(sorted(COMPOUND_SURNAMES))}|[\u4e00-\u9fff])")
_IN_CHARGE = re.compile(
    r"由?([\u4e00-\u9fff]{2,4}?\d?)(?:负责|包联|包保|联系|跟进|办理|承办|走访|入户)(?:的|$|(?=[\s，,、和且或]))"
)
_PERIOD = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年(?:(?P<month>\d{1,2})月份?)?|(?P<word>今年|去年|前年|本月|这个月|上个?月))"
    r"(?P<open>以前|之前|及以前|以来|以后|之后|及以后|起)?(?:新)?"
)
_BEFORE, _SINCE = ("以前", "之前", "及以前"), ("以来", "以后", "之后", "及以后", "起")
_DAY_WORDS = ("日期", "时间", "年月", "日")


def surname_in(text: str, asked: Asked) -> Taken | None:
    """`姓冯`, `姓欧阳`: of whom a row is about."""
    match = _SURNAME.match(text)
    if match is None:
        return None
    fields = _names(asked.table)
    if not fields:
        raise UsageFault(
            message("“{sheet}”里没有姓名，不能按姓筛选。", sheet=asked.table.sheet),
            message("请换一个条件。"),
        )
    places, wanted = [asked.table.position[f] for f in fields], match[1]

    def holds(_: str, row: Row) -> bool:
        names = [row[at] for at in places]
        return any(isinstance(n, str) and surname_of(n) == wanted for n in names)

    words = message("姓{surname}", surname=wanted)
    return Condition(words, fields, holds), match.end()


def _names(table: TableSchema) -> tuple[str, ...]:
    """Fields with the name of whom a row is about: the one of a register, those of a visit."""
    if table.visits:
        return tuple(table.visits.names)
    if table.subject:
        return (table.subject.name,)
    staff = _responsible(table)
    names = [f.id for f in table.fields if f.type == "name" and f is not staff]
    return tuple(names[:1])


def in_charge(text: str, asked: Asked) -> Taken | None:
    """`王芳负责`, `李强走访`: whose name stands for a record in this table."""
    match = _IN_CHARGE.match(text)
    if match is None:
        return None
    field = _responsible(asked.table)
    if field is None:
        raise UsageFault(
            message("“{sheet}”里没有写由谁负责。", sheet=asked.table.sheet),
            message("可以按网格筛选，如 网格=第1网格。"),
        )
    at, wanted = asked.table.position[field.id], match[1]

    def holds(_: str, row: Row) -> bool:
        name = row[at]
        same = isinstance(name, str) and wanted in (name, bare_name(name))
        return same and (name == wanted or wanted == bare_name(wanted))

    words = message("{header}={text}", header=field.header, text=wanted)
    return Condition(words, (field.id,), holds), match.end()


def _responsible(table: TableSchema) -> FieldSchema | None:
    name = table.duty.field if table.duty else table.visits.visitor if table.visits else None
    return table.by_id[name] if name else None


def day_in(text: str, asked: Asked) -> Taken | None:
    """`2021年纳入`, `2021年3月登记`, `去年退出`, `2020年以前纳入`: by the column of that day."""
    match = _PERIOD.match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    found = [(stem, f) for stem, f in _day_stems(asked.table) if rest.startswith(stem)]
    if not found:
        _refuse_day(match[0], asked.table)
    stem, field = max(found, key=lambda pair: len(pair[0]))
    first, last = _period(match, asked.today)
    at = asked.table.position[field.id]

    def holds(_: str, row: Row) -> bool | None:
        value = row[at]
        if not isinstance(value, date):
            return None if value is not None else False
        return first <= value <= last

    words = message("{header}：{period}", header=field.header, period=match[0])
    return Condition(words, (field.id,), holds), match.end() + len(stem)


def _day_stems(table: TableSchema) -> Iterator[tuple[str, FieldSchema]]:
    """`纳入` of 纳入日期, 纳入时间: a header of a day without the word for day."""
    for header, field in table.header_index.items():
        for word in _DAY_WORDS:
            if field.type == "date" and len(header) > len(word) and header.endswith(word):
                yield header.removesuffix(word), field
                break


def _refuse_day(period: str, table: TableSchema) -> NoReturn:
    stems = [f.header.removesuffix("日期") for f in table.fields if f.type == "date"]
    if not stems:
        raise UsageFault(
            message("“{sheet}”里没有日期，不能按年月筛选。", sheet=table.sheet),
            message("请换一个条件。"),
        )
    raise UsageFault(
        message("没有看懂“{period}”说的是哪一项日期。", period=period),
        message("可以写：{options}。", options=[f"{period}{stem}" for stem in stems]),
    )


def _period(match: re.Match[str], today: date) -> tuple[date, date]:
    """First and last day."""
    year, month = _year_month(match, today)
    if month is not None and not 1 <= month <= 12:
        raise UsageFault(
            message("“{period}”不是一个月份。", period=match[0]), message("请写 1 到 12 月。")
        )
    first = date(year, month or 1, 1)
    after = date(year + 1, 1, 1) if not month or month == 12 else date(year, month + 1, 1)
    last = after - timedelta(days=1)
    if match["open"] in _BEFORE:
        return date.min, last if match["open"] == "及以前" else first - timedelta(days=1)
    return first, date.max if match["open"] in _SINCE else last


def _year_month(match: re.Match[str], today: date) -> tuple[int, int | None]:
    if match["year"]:
        return int(match["year"]), int(match["month"]) if match["month"] else None
    word = match["word"]
    if word in ("本月", "这个月"):
        return today.year, today.month
    if word.startswith("上"):
        before = today.replace(day=1) - timedelta(days=1)
        return before.year, before.month
    return today.year - {"今年": 0, "去年": 1, "前年": 2}[word], None
