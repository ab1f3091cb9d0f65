"""Titles, numerals, days and fields of a work summary."""

from collections.abc import Iterable
from datetime import date, timedelta

from ledgersync.rollup.period.months import Period

BASICS, PROBLEMS, STEPS = "基本情况", "存在的问题", "下一步"
FIRST = (BASICS, "走访与诉求办理", "民生保障", "志愿服务")
LAST = (PROBLEMS, STEPS)
HINTS = {
    BASICS: "（指导思想、获得的荣誉等，由本单位补写；不需要就删掉这一行）",
    "走访与诉求办理": "（可补写一两个标为“可公开”的事例，不写姓名、门牌号）",
    "民生保障": "（可补写具体做法）",
    "志愿服务": "（可补写队伍名称、特色项目）",
    PROBLEMS: "（原因分析由本单位补写）",
    STEPS: "（其他工作打算由本单位补写）",
}
_DIGITS = "一二三四五六七八九"


def numeral(number: int) -> str:
    """1 to 99 as headings count: 一, 十, 十二, 二十."""
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones - 1]
    return f"{_DIGITS[tens - 1] if tens > 1 else ''}十{_DIGITS[ones - 1] if ones else ''}"


def day_words(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def due_day(period: Period, today: date) -> date:
    """The end of the month after the period, or after today where that is later."""
    start = max(period.last, today)
    first = date(start.year + start.month // 12, start.month % 12 + 1, 1)
    following = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return following - timedelta(1)


def in_order(sections: Iterable[str]) -> list[str]:
    """The usual sections in their order, others before the problems."""
    found = list(dict.fromkeys(sections))
    middle = [s for s in found if s not in FIRST and s not in LAST]
    return [*(s for s in FIRST if s in found), *middle, *LAST]


def title(unit: str, period: Period, kind: str, ledger: str = "") -> str:
    """What stands above: 某社区2022年上半年工作总结."""
    what = {"季报": "工作简报", "月报": "工作月报", "专题": f"{ledger}专题简报"}
    return f"{unit}{period.name}{what.get(kind, '工作总结')}"
