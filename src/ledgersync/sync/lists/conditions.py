"""Conditions as people say them (`80岁以上独居老人`, `90天未走访`) → tests of a row.

Words are taken from the table itself: its headers, its choices and their synonyms, the grids that
occur in it. Several conditions in one text all have to hold.
"""

import operator
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.model import Invalid, Row, Value
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.schema.headers import header_key
from ledgersync.sync.lists.ages import age_in, sex_in
from ledgersync.sync.lists.asked import LAST_VISIT, Asked, Condition, Holds, Taken
from ledgersync.sync.lists.spoken import day_in, in_charge, surname_in
from ledgersync.values import CellParser
from ledgersync.values.text import squeeze

_GAPS = " \t\u3000，,、；;。.和与且并的又"
_NOT_VISITED = re.compile(
    r"(?:超过|近|最近)?(\d{1,4})天(?:以上|内|没有|没|未|无)*(?:没有|没|未|无)(?:被)?(?:走访|入户|探访|看望|联系)(?:过|记录)?"
)
_VISITED = re.compile(r"(?:近|最近)?(\d{1,4})天(?:内|以内)?(?:已)?(?:走访|入户|探访|看望)过?")
_NEVER_VISITED = re.compile(r"(?:从未|从没有|从没|没有|未|没)(?:走访|入户|探访|看望)过?")
_OR = re.compile(r"[，,、]?或者?(?:是|者)?")
_NOT = re.compile(r"不是|并非|不属于|非")
_HAS = re.compile(r"没有|没|无|缺少|缺|有")
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
    """All conditions in one text; raises UsageFault at what is not understood.

    或 joins its two neighbours: `80岁以上独居老人或空巢老人` are people over 80 of either kind.
    """
    found: list[Condition] = []
    rest = text.strip(_GAPS)
    while rest:
        condition, rest = _next(rest, asked)
        while either := _OR.match(rest):
            other, rest = _next(rest[either.end() :].lstrip(_GAPS), asked)
            condition = _either(condition, other)
        found.append(condition)
    return found


def _next(text: str, asked: Asked) -> tuple[Condition, str]:
    """The condition at the beginning of a text, and what is behind it."""
    own = (age_in, _visits, _lacking, _header, _choice, _grid, _denied, sex_in)
    readers = (*own, surname_in, in_charge, day_in)
    taken = next((found for read in readers if (found := read(text, asked))), None)
    if taken is None:
        raise _unknown(text, asked)
    condition, length = taken
    return condition, text[length:].lstrip(_GAPS)


def _either(one: Condition, other: Condition) -> Condition:
    def holds(record: str, row: Row) -> bool | None:
        told = (one.holds(record, row), other.holds(record, row))
        return True if True in told else None if None in told else False

    words = message("{words}或{other}", words=one.words, other=other.words)
    return Condition(words, (*one.fields, *other.fields), holds)


def _denied(text: str, asked: Asked) -> Taken | None:
    """`不是独居老人`, `非第1网格`: a choice or a grid that a row does not have."""
    match = _NOT.match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    taken = _choice(rest, asked) or _grid(rest, asked)
    if taken is None:
        return None
    denied, length = taken

    def holds(record: str, row: Row) -> bool | None:
        told = denied.holds(record, row)
        return None if told is None else not told

    words = message("不是{words}", words=text[match.end() : match.end() + length])
    return Condition(words, denied.fields, holds), match.end() + length


def _lacking(text: str, asked: Asked) -> Taken | None:
    """`没有联系电话`, `有监护人电话`: whether something stands in a column."""
    match = _HAS.match(text)
    if match is None:
        return None
    rest = text[match.end() :]
    for header, field in _headers(asked.table):
        if header_key(rest).startswith(header) and (length := _typed_length(rest, header)):
            empty = match[0] != "有"
            return _is_empty(asked.table, field, empty=empty), match.end() + length
    return None


def _visits(text: str, asked: Asked) -> Taken | None:
    for pattern, wanted in ((_NOT_VISITED, False), (_VISITED, True)):
        if match := pattern.match(text):
            return _visited(asked, match, int(match[1]), wanted=wanted)
    if match := _NEVER_VISITED.match(text):
        return _visited(asked, match, None, wanted=False)
    return None


def _visited(asked: Asked, match: re.Match[str], days: int | None, *, wanted: bool) -> Taken:
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


def _header(text: str, asked: Asked) -> Taken | None:
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


def _choice(text: str, asked: Asked) -> Taken | None:
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


def _grid(text: str, asked: Asked) -> Taken | None:
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
            "可以写：80岁以上、女、姓冯、90天未走访、2021年登记、王芳负责、"
            "选项本身（如{word}，可以用“或”“不是”），"
            "或 表头=内容、表头>数字、没有+表头；表头有：{headers}。",
            word=next((v for _, _, v in _choice_words(asked.table)), "在册"),
            headers=headers,
        ),
    )
