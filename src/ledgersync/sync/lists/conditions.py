"""Conditions as people say them (`80岁以上独居老人`, `90天未走访`) → tests of a row.

Words are taken from the table itself: its headers, its choices and their synonyms, the grids that
occur in it. Several conditions in one text all have to hold.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message
from ledgersync.model import Invalid, Row, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.schema.headers import header_key
from ledgersync.values import CellParser
from ledgersync.values.identity import birth_date
from ledgersync.values.text import squeeze

Holds = Callable[[str, Row], bool | None]
"""Whether a record (its id and row) fits; None where its row does not tell."""


AGE, LAST_VISIT = "age", "last_visit"  # columns that no table has, worked out for a list


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: how it is said back, which columns it looks at, and its test."""

    words: Message
    fields: tuple[str, ...]
    holds: Holds


@dataclass(frozen=True, slots=True)
class Asked:
    """What conditions are understood against: a table, the day, last visits by record."""

    table: TableSchema
    today: date
    grids: Sequence[str] = ()
    last_visits: Mapping[str, date] | None = None


_GAPS = " \t\u3000，,、；;。.和与且并的又"
_AGES = (
    (re.compile(r"满?(\d{1,3})周?岁(?:及以上|以上|及其以上)"), lambda n: (n, None)),
    (re.compile(r"(?:年?满|超过)(\d{1,3})周?岁"), lambda n: (n, None)),
    (re.compile(r"(?:不满|未满)(\d{1,3})周?岁"), lambda n: (None, n - 1)),
    (re.compile(r"(\d{1,3})周?岁(?:及以下|以内)"), lambda n: (None, n)),
    (re.compile(r"(\d{1,3})周?岁以下"), lambda n: (None, n - 1)),
)
_BETWEEN_AGES = re.compile(r"(\d{1,3})\s*(?:[-~—－～]|到|至)\s*(\d{1,3})周?岁")
_NOT_VISITED = re.compile(
    r"(?:超过|近|最近)?(\d{1,4})天(?:以上|内|没有|没|未|无)*(?:没有|没|未|无)(?:被)?(?:走访|入户|探访|看望|联系)(?:过|记录)?"
)
_VISITED = re.compile(r"(?:近|最近)?(\d{1,4})天(?:内|以内)?(?:已)?(?:走访|入户|探访|看望)过?")
_NEVER_VISITED = re.compile(r"(?:从未|从没有|从没|没有|未|没)(?:走访|入户|探访|看望)过?")
_EMPTY = re.compile(r"(?:为空|是空的?|空白|未填|没填|没有填)")
_FILLED = re.compile(r"(?:不为空|非空|已填|有填)")
_OPERATORS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r">=|≥|＞=|不小于|不少于|不低于|不早于|至少"), ">="),
    (re.compile(r"<=|≤|＜=|不大于|不超过|不高于|不晚于|至多"), "<="),
    (re.compile(r"!=|<>|≠|不是|不等于|不为"), "!="),
    (re.compile(r">|＞|大于|超过|多于|高于|晚于"), ">"),
    (re.compile(r"<|＜|小于|少于|低于|早于"), "<"),
    (re.compile(r"包含|含有|含|~"), "~"),
    (re.compile(r"==?|＝|等于|为|是|：|:"), "="),
)
_COMPARE: dict[str, Callable[[Any, Any], Any]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_STOPS = "，,、；;\\s"


def conditions_in(text: str, asked: Asked) -> list[Condition]:
    """All conditions in one text; raises UsageFault at what is not understood."""
    found: list[Condition] = []
    rest = text.strip(_GAPS)
    while rest:
        taken = _first(rest, asked)
        if taken is None:
            raise _unknown(rest, asked)
        condition, length = taken
        found.append(condition)
        rest = rest[length:].lstrip(_GAPS)
    return found


def _first(text: str, asked: Asked) -> tuple[Condition, int] | None:
    """The condition at the beginning of a text, and how much of it that takes."""
    for reader in (_age, _visits, _header, _choice, _grid):
        if taken := reader(text, asked):
            return taken
    return None


def _age(text: str, asked: Asked) -> tuple[Condition, int] | None:
    if match := _BETWEEN_AGES.match(text):
        return _aged(asked, match, int(match[1]), int(match[2]))
    for pattern, limits in _AGES:
        if match := pattern.match(text):
            low, high = limits(int(match[1]))
            return _aged(asked, match, low, high)
    return None


def _aged(
    asked: Asked, match: re.Match[str], low: int | None, high: int | None
) -> tuple[Condition, int]:
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


def _visits(text: str, asked: Asked) -> tuple[Condition, int] | None:
    for pattern, wanted in ((_NOT_VISITED, False), (_VISITED, True)):
        if match := pattern.match(text):
            return _visited(asked, match, int(match[1]), wanted=wanted)
    if match := _NEVER_VISITED.match(text):
        return _visited(asked, match, None, wanted=False)
    return None


def _visited(
    asked: Asked, match: re.Match[str], days: int | None, *, wanted: bool
) -> tuple[Condition, int]:
    last = asked.last_visits
    if last is None:
        raise UsageFault(
            message("“{sheet}”不是走访对象的名单，不能按走访筛选。", sheet=asked.table.sheet),
            message("这个条件可用于重点人员和低保户。"),
        )
    since = date.min if days is None else asked.today - timedelta(days=days)

    def holds(record: str, _: Row) -> bool:
        visit = last.get(record)
        return (visit is not None and visit >= since) is wanted

    return Condition(message("{words}", words=match[0]), (LAST_VISIT,), holds), match.end()


def _header(text: str, asked: Asked) -> tuple[Condition, int] | None:
    """`所属网格=第1网格`, `人口>3`, `联系电话为空`: the longest header that fits."""
    for header, field in _headers(asked.table):
        if not header_key(text).startswith(header) or not (length := _typed_length(text, header)):
            continue
        rest = text[length:].lstrip()
        skipped = length + len(text[length:]) - len(rest)
        for pattern, empty in ((_FILLED, False), (_EMPTY, True)):
            if match := pattern.match(rest):
                return _is_empty(asked.table, field, empty=empty), skipped + match.end()
        for pattern, sign in _OPERATORS:
            if match := pattern.match(rest):
                value, taken = _value(rest[match.end() :], field)
                condition = _compared(asked, field, sign, value)
                return condition, skipped + match.end() + taken
    return None


def _headers(table: TableSchema) -> list[tuple[str, FieldSchema]]:
    pairs = [(key, field) for key, field in table.header_index.items() if key]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def _typed_length(text: str, header: str) -> int:
    """How many characters as typed make up a normalised header."""
    return next((n for n in range(len(header), len(text) + 1) if header_key(text[:n]) == header), 0)


def _value(text: str, field: FieldSchema) -> tuple[str, int]:
    """What a field is compared with: up to the next gap; several choices go on over 、 and ，."""
    if quoted := re.match(r"\s*[“\"']([^”\"']*)[”\"']", text):
        return quoted[1], quoted.end()
    first = re.match(rf"\s*([^{_STOPS}]*)", text)
    assert first is not None  # it fits nothing at all, too
    value, taken = first[1], first.end()
    words = {word for v, synonyms in field.choices.items() for word in (v, *synonyms)}
    while (more := re.match(rf"[，,、]([^{_STOPS}]+)", text[taken:])) and more[1] in words:
        value, taken = f"{value}、{more[1]}", taken + more.end()
    return value, taken


def _is_empty(table: TableSchema, field: FieldSchema, *, empty: bool) -> Condition:
    at = table.position[field.id]
    words = message("{header}为空", header=field.header)
    if not empty:
        words = message("{header}已填", header=field.header)
    return Condition(words, (field.id,), lambda _, row: (row[at] in (None, ())) is empty)


def _compared(asked: Asked, field: FieldSchema, sign: str, text: str) -> Condition:
    at = asked.table.position[field.id]
    words = message("{header}{sign}{text}", header=field.header, sign=sign, text=text)
    if sign == "~":
        return Condition(words, (field.id,), _containing(at, text))
    wanted = [_parsed(asked, field, part) for part in _parts(field, sign, text)]
    if sign in ("=", "!="):
        return Condition(words, (field.id,), _one_of(at, wanted, sign == "="))
    return Condition(words, (field.id,), _ordered(at, _COMPARE[sign], wanted[0]))


def _parts(field: FieldSchema, sign: str, text: str) -> list[str]:
    if sign not in ("=", "!=") or not field.choices:
        return [text]
    return [part for part in text.split("、") if part] or [text]


def _parsed(asked: Asked, field: FieldSchema, text: str) -> Value:
    value = CellParser(field, asked.today)(text).value
    if value is None or isinstance(value, Invalid):
        choices = list(field.choices)[:20]
        hint = message("可选：{choices}。", choices=choices) if choices else message("请检查写法。")
        raise UsageFault(
            message("“{text}”不能和〔{header}〕比较。", text=text, header=field.header), hint
        )
    return value[0] if isinstance(value, tuple) and len(value) == 1 else value


def _containing(at: int, text: str) -> Holds:
    wanted = squeeze(text)
    return lambda _, row: wanted in squeeze(_words(row[at]))


def _words(value: Value) -> str:
    if isinstance(value, tuple):
        return "、".join(value)
    return value.typed if isinstance(value, Invalid) else str(value if value is not None else "")


def _one_of(at: int, wanted: Sequence[Value], positive: bool) -> Holds:
    def holds(_: str, row: Row) -> bool | None:
        value = row[at]
        if isinstance(value, Invalid):
            return None
        there = any(v in value for v in wanted) if isinstance(value, tuple) else value in wanted
        return there is positive

    return holds


def _ordered(at: int, compare: Callable[[Any, Any], Any], limit: Value) -> Holds:
    def holds(_: str, row: Row) -> bool | None:
        value = row[at]
        if value is None or isinstance(value, Invalid | str | tuple):
            return None
        return bool(compare(value, limit))

    return holds


def _choice(text: str, asked: Asked) -> tuple[Condition, int] | None:
    """A choice said alone, `独居老人`: of the one field that has it."""
    found: dict[str, tuple[FieldSchema, str]] = {}
    longest = 0
    for field, word, value in _choice_words(asked.table):
        if text.startswith(word) and len(word) >= longest:
            found = found if len(word) == longest else {}
            found[field.id], longest = (field, value), len(word)
    if not found:
        return None
    if len(found) > 1:
        headers = [field.header for field, _ in found.values()]
        raise UsageFault(
            message("“{word}”在{headers}里都有。", word=text[:longest], headers=headers),
            message("请写明是哪一项，如 {header}={word}。", header=headers[0], word=text[:longest]),
        )
    [(field, value)] = found.values()
    words = message("{header}={text}", header=field.header, text=value)
    at = asked.table.position[field.id]
    return Condition(words, (field.id,), _one_of(at, [value], positive=True)), longest


def _choice_words(table: TableSchema) -> Iterator[tuple[FieldSchema, str, str]]:
    for field in table.fields:
        for value, synonyms in field.choices.items():
            for word in (value, *synonyms):
                if len(word) > 1:
                    yield field, word, value


def _grid(text: str, asked: Asked) -> tuple[Condition, int] | None:
    """A grid said alone, as it stands in the ledger."""
    if "grid" not in asked.table.position:
        return None
    word = next((g for g in sorted(asked.grids, key=len, reverse=True) if text.startswith(g)), None)
    if word is None:
        return None
    words = message("{header}={text}", header=asked.table.by_id["grid"].header, text=word)
    at = asked.table.position["grid"]
    return Condition(words, ("grid",), _one_of(at, [word], positive=True)), len(word)


def _unknown(rest: str, asked: Asked) -> UsageFault:
    headers = [f.header for f in asked.table.fields if not f.is_extra]
    return UsageFault(
        message("没有看懂条件“{rest}”。", rest=rest),
        message(
            "可以写：80岁以上、90天未走访、选项本身（如{word}），"
            "或 表头=内容、表头>数字、表头为空；表头有：{headers}。",
            word=next((v for _, _, v in _choice_words(asked.table)), "在册"),
            headers=headers,
        ),
    )
