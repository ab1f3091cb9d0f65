"""Conditions about age and sex, which no column says: by the id number of whom a row is about."""

import re
from collections.abc import Callable
from datetime import date

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.model import Row, Value
from ledgersync.schema import TableSchema
from ledgersync.schema.headers import header_key
from ledgersync.sync.lists.asked import AGE, Asked, Condition, Taken
from ledgersync.values.identity import birth_date, sex

_WORD = "年龄"
_IN = r"(?:年龄(?:在|为)?)?"
_LIMITS: tuple[tuple[str, Callable[[int], tuple[int | None, int | None]]], ...] = (
    (r"年龄(?:>=|≥|不小于|不低于|至少|满)(\d{1,3})(?:周?岁)?", lambda n: (n, None)),
    (r"年龄(?:<=|≤|不大于|不超过|至多)(\d{1,3})(?:周?岁)?", lambda n: (None, n)),
    (r"年龄(?:>|＞|大于|超过|高于)(\d{1,3})(?:周?岁)?", lambda n: (n + 1, None)),
    (r"年龄(?:<|＜|小于|低于|不满|不到)(\d{1,3})(?:周?岁)?", lambda n: (None, n - 1)),
    (rf"{_IN}满?(\d{{1,3}})周?岁(?:及以上|以上|及其以上)", lambda n: (n, None)),
    (rf"{_IN}(?:年?满|超过)(\d{{1,3}})周?岁", lambda n: (n, None)),
    (rf"{_IN}(?:不满|未满)(\d{{1,3}})周?岁", lambda n: (None, n - 1)),
    (rf"{_IN}(\d{{1,3}})周?岁(?:及以下|以内)", lambda n: (None, n)),
    (rf"{_IN}(\d{{1,3}})周?岁以下", lambda n: (None, n - 1)),
)
_AGES = [(re.compile(pattern), limits) for pattern, limits in _LIMITS]
_BETWEEN_AGES = re.compile(r"(?:年龄(?:在|为)?)?(\d{1,3})\s*(?:[-~—－～]|到|至)\s*(\d{1,3})周?岁")
_SEX = re.compile(r"(?:性别[=＝为是：:]?)?([男女])性?")


def age_in(text: str, asked: Asked) -> Taken | None:
    """`80岁以上`, `60至79岁`, `年龄大于80`; a table's own column 年龄 is compared as any other."""
    if text.startswith(_WORD) and header_key(_WORD) in asked.table.header_index:
        return None
    if match := _BETWEEN_AGES.match(text):
        return _aged(asked, match, int(match[1]), int(match[2]))
    for pattern, limits in _AGES:
        if match := pattern.match(text):
            low, high = limits(int(match[1]))
            return _aged(asked, match, low, high)
    return None


def _aged(asked: Asked, match: re.Match[str], low: int | None, high: int | None) -> Taken:
    """By the birth date in the id number, on today's birthday already of that age."""
    at = number_place(asked.table)
    if at is None:
        raise UsageFault(
            message("“{sheet}”里没有身份证号，算不出年龄。", sheet=asked.table.sheet),
            message("请换一个条件。"),
        )

    def holds(_: str, row: Row) -> bool | None:
        age = age_on(row[at], asked.today)
        if age is None:
            return None
        return (low is None or age >= low) and (high is None or age <= high)

    return Condition(message("{words}", words=match[0]), (AGE,), holds), match.end()


def number_place(table: TableSchema) -> int | None:
    """Where a row has the id number of whom it is about."""
    return next((i for i, f in enumerate(table.fields) if f.type == "id_number"), None)


def age_on(number: Value, today: date) -> int | None:
    """Somebody's age by the birth date in an id number."""
    born = birth_date(number) if isinstance(number, str) else None
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def sex_in(text: str, asked: Asked) -> Taken | None:
    """`女`, `男性`; where a column 性别 is, that one is compared."""
    at, match = number_place(asked.table), _SEX.match(text)
    if at is None or match is None or header_key("性别") in asked.table.header_index:
        return None
    wanted, field = match[1], asked.table.fields[at]

    def holds(_: str, row: Row) -> bool | None:
        number = row[at]
        if not isinstance(number, str) or birth_date(number) is None:
            return None
        return sex(number) == wanted

    return Condition(message("{words}", words=wanted), (field.id,), holds), match.end()
