"""How people type a value that is right: every form that the domain's normalisation allows.

Each habit returns what goes into the cell and what must be read from it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import cn2an
from openpyxl.utils.datetime import CALENDAR_WINDOWS_1900

from ledgersync.model import Value
from ledgersync.schema import FieldSchema
from ledgersync.values import to_json

EMPTY_MARKS = ("无", "/", "—", "-", "N/A", "#N/A")
TRAILING = (" ", "\u00a0", "\u3000")
COUNTED = {
    "family_size": "人",
    "covered_persons": "人",
    "participants": "人",
    "beneficiaries": "人次",
}
YES = ("是", "√", "1", "Y", "有", 1)
NO = ("否", "0", "N", "无", 0)
# Compatibility ideographs that NFKC folds, as old input methods leave them in names.
COMPATIBLE = {"李": "\uf9e1", "金": "\uf90a", "林": "\uf9f4", "梁": "\uf97a"}
FULL_WIDTH = {ord(c): ord(c) + 0xFEE0 for c in map(chr, range(0x21, 0x7F))}
DATE_FORMATS = ("yyyy-mm-dd", "yyyy/m/d", 'yyyy"年"m"月"d"日"')


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell, what must be read from it (as JSON), and the error it must be flagged with."""

    cell: object
    value: Any
    rule: str | None = None
    number_format: str | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Whoever fills the sheet in: a seeded generator, how messy they are, the date system."""

    rng: Random
    mess: float
    epoch: datetime = CALENDAR_WINDOWS_1900

    def sloppy(self, share: float = 1.0) -> bool:
        return self.rng.random() < self.mess * share

    def one_of(self, *choices: Any) -> Any:
        return self.rng.choice(choices)

    def word(self, *choices: str) -> str:
        return self.rng.choice(choices)


def type_value(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    """A value as this hand types it, without faults."""
    if value is None:
        return _nothing(hand, f)
    return HABITS[f.type](hand, f, value)


def full_width(text: str) -> str:
    return text.translate(FULL_WIDTH)


def _nothing(hand: Hand, f: FieldSchema) -> Typed:
    """An empty cell, or an empty mark where the field may be empty.

    `wanted` fields count as optional: the field set reads 所属网格 `/` as empty. A mark that is a
    word of the choice (残疾等级 `无`) or of a bool is a value and is not used here.
    """
    if f.required:
        return Typed(None, None, "required")
    words = {*f.choices, *(s for synonyms in f.choices.values() for s in synonyms)}
    marks = [m for m in EMPTY_MARKS if m not in words]
    if f.type != "bool" and hand.sloppy(0.3):
        return Typed(hand.rng.choice(marks), None)
    return Typed(None, None)


def _text(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    """Free text is trimmed and otherwise left as typed, line breaks inside included."""
    text = str(value)
    if len(text) > 12 and "，" in text and hand.sloppy(0.1):
        text = text.replace("，", "，\n", 1)
    if f.id == "remark" and hand.sloppy(0.05):
        text = hand.one_of("=cmd|' /C calc'!A0", "+SUM(A1:A9)", "@SUM(A1)", "=1+1")
    return Typed(text + (hand.one_of(*TRAILING) if hand.sloppy(0.3) else ""), text)


def _name(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    name = typed = str(value)
    if "·" in name:
        typed = name.replace("·", hand.one_of("·", "•", ".")) if hand.sloppy(0.6) else name
    elif hand.sloppy(0.2):
        gap = hand.one_of("   ", "\u3000", "\u00a0", "  ", "\n")
        typed = name[0] + gap + name[1:]
    elif hand.sloppy(0.15):
        typed = COMPATIBLE.get(name[0], name[0]) + name[1:]
    elif hand.sloppy(0.1):
        typed = name[0] + "\u200b" + name[1:]
    return Typed(typed + (hand.one_of(" ", "\u3000") if hand.sloppy(0.15) else ""), name)


def _code(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    code = str(value)
    if code.isdigit() and len(code) <= 15 and code[0] != "0" and hand.sloppy(0.3):
        return Typed(int(code), code)
    if hand.sloppy(0.1):
        return Typed(full_width(code), code)
    return Typed(code + " " if hand.sloppy(0.2) else code, code)


def _id_number(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    number = str(value)
    forms: list[str] = ["'" + number, " " + number, "\u200b" + number, number + "\u00a0"]
    forms += [full_width(number), f"{number[:6]} {number[6:14]} {number[14:]}"]
    if number.endswith("X"):
        forms = [number[:-1] + last for last in ("x", "Ｘ", "×")] * 2 + forms
    if number[6:8] == "19" and hand.sloppy(0.1):
        return Typed(number[:6] + number[8:17], number)  # the 15 digits of before 1999
    return Typed(hand.rng.choice(forms) if hand.sloppy(0.4) else number, number)


def _date(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    assert isinstance(value, date)
    day = value
    if not hand.sloppy(0.9):
        return Typed(datetime(*day.timetuple()[:3]), to_json(day), None, hand.one_of(*DATE_FORMATS))
    if hand.sloppy(0.06):
        return _month_only(hand, day)
    forms = (
        f"{day.year}-{day.month}-{day.day}",
        f"{day:%Y-%m-%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}。{day.month}。{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        full_width(str(day.year)) + f".{full_width(str(day.month))}.{full_width(str(day.day))}",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        (datetime(*day.timetuple()[:3]) - hand.epoch).days,
        f"{day.year}-{day.month}-{day.day} ",
    )
    return Typed(hand.rng.choice(forms), to_json(day))


def _month_only(hand: Hand, day: date) -> Typed:
    """Only the month is written: read as its first day (info `date.month_only`)."""
    forms = (
        f"{day.year}年{day.month}月",
        f"{day:%Y.%m}",
        f"{day:%Y-%m}",
        f"{day:%Y%m}",
        int(f"{day:%Y%m}"),
    )
    return Typed(hand.rng.choice(forms), to_json(day.replace(day=1)))


def _integer(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    assert isinstance(value, int)
    if not hand.sloppy(0.4):
        return Typed(value, value)
    forms = [str(value), full_width(str(value)), f"{value} "]
    if f.id in COUNTED:
        forms += [f"{value}{COUNTED[f.id]}"] * 2
    if 0 < value < 100:
        forms.append(cn2an.an2cn(value))
    return Typed(hand.rng.choice(forms), value)


def _decimal(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    assert isinstance(value, int | float)
    number = int(value) if value == int(value) else value
    if not hand.sloppy(0.4):
        return Typed(number, number)
    forms = (str(number), f"{number}小时", full_width(str(number)), f"{float(number)}")
    return Typed(hand.rng.choice(forms), number)


def _money(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    assert isinstance(value, Decimal)
    shown, whole = to_json(value), value == int(value)
    number: object = int(value) if whole else float(value)
    if not hand.sloppy(0.4):
        return Typed(number, shown)
    forms = [f"{number}元", f"￥{value:,.2f}", f"{value:,.2f}", f"{float(value)}", f"¥{number}"]
    forms.append(full_width(f"{value:.2f}"))
    if whole and 0 < value < 10000:
        forms.append(cn2an.an2cn(int(value)))
    return Typed(hand.rng.choice(forms), shown)


def _phone(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    phone = str(value)
    if not hand.sloppy(0.4):
        return Typed(phone, phone)
    other = f"139{hand.rng.randrange(10**8):08d}"
    tail = phone + ".0"
    forms: list[object] = [int(phone), int(phone), tail, full_width(phone), phone + " "]
    if hand.sloppy(0.15):  # both are kept, with a warning
        between = hand.one_of("/", "、", "，", " ", ";", "\n")
        return Typed(phone + between + other, f"{phone}、{other}")
    return Typed(hand.rng.choice(forms), phone)


def _bool(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    if not hand.sloppy():
        return Typed("是" if value else "否", value)
    return Typed(hand.rng.choice(YES if value else NO), value)


def _choice(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    return Typed(_word(hand, f, str(value)) + (" " if hand.sloppy(0.2) else ""), value)


def _choices(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    assert isinstance(value, tuple)
    between = hand.one_of("、", "，", ",", ";", "；", "/", " ") if hand.sloppy() else "、"
    return Typed(between.join(_word(hand, f, v) for v in value), list(value))


def _word(hand: Hand, f: FieldSchema, value: str) -> str:
    held = [word for word, instead in f.withheld.items() if instead.read_as == value]
    if held and hand.sloppy(0.3):  # a mark that is not kept: read as the neutral word
        return hand.rng.choice(held)
    synonyms = f.choices[value]
    word = hand.rng.choice(synonyms) if synonyms and hand.sloppy(0.35) else value
    return full_width(word) if hand.sloppy(0.03) and word.isascii() else word


Habit = Callable[[Hand, FieldSchema, Value], Typed]
HABITS: dict[str, Habit] = {
    "text": _text,
    "name": _name,
    "code": _code,
    "digits": _code,
    "id_number": _id_number,
    "date": _date,
    "integer": _integer,
    "decimal": _decimal,
    "money": _money,
    "phone": _phone,
    "bool": _bool,
    "choice": _choice,
    "choices": _choices,
}
