"""Values that are wrong, each with the one rule id that its cell must be flagged with.

Null is expected where a value fails its type, choice, id or phone rule. A date in the future and
a number out of range only compare badly: they stay (contract of `read`).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from stdnum.cn import ric

from ledgersync.model import Value
from ledgersync.schema import FieldSchema
from ledgersync.values import to_json
from tests.layouts.typing_habits import Hand, Typed

FAR = 2087  # a year that is in the future on every machine
ERROR_CELLS = ("#REF!", "#DIV/0!", "#VALUE!", "#NAME?")
NO_CHOICE = ("看情况", "待核实", "不清楚", "见附件")
# Too short, no mobile prefix, a digit too many: nothing that could be a landline either.
NO_PHONE = ("185149041", "12345678901", "1380000123", "138000012345")


def type_fault(hand: Hand, f: FieldSchema, value: Value) -> Typed | None:
    """A faulty cell for this field, None where the field knows no fault of its own."""
    if f.required and hand.rng.random() < 0.2:
        return Typed(None, None, "required")
    if f.type not in ("text", "name", "code") and hand.rng.random() < 0.05:
        return Typed(hand.rng.choice(ERROR_CELLS), None, "cell.error")
    make = FAULTS.get(f.type)
    return make(hand, f, value) if make and value is not None else None


def _id_number(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    number = str(value)
    kind = hand.one_of("length", "chars", "birthdate", "checksum", "checksum", "lost", "lost")
    if kind == "lost":
        # What a spreadsheet keeps of 18 digits typed as a number: 15, then zeros.
        digits = number.replace("X", "0")[:15] + "000"
        cell = hand.one_of(float(digits), int(digits), float(number[:17] + "0"))
        return Typed(cell, None, "id.precision_lost")
    cell = {"length": _wrong_length, "chars": _wrong_chars}.get(kind, _wrong_check)(hand, number)
    if kind == "birthdate":
        cell = _with_check(number[:6] + _no_birthday(hand, number) + number[14:17])
    return Typed(cell, None, f"id.{kind}")


def _wrong_length(hand: Hand, number: str) -> str:
    return hand.word(number[:-1], number[:8] + number[9:], number + "1", number[:16])


def _wrong_chars(hand: Hand, number: str) -> str:
    return hand.word(number[:14] + "O" + number[15:], number[:16] + "X" + number[17:])


def _wrong_check(hand: Hand, number: str) -> str:
    return number[:-1] + hand.rng.choice([c for c in "0123456789" if c != number[-1]])


def _no_birthday(hand: Hand, number: str) -> str:
    """Month 13, day 32, 30 February, before 1900, after today."""
    year = number[6:10]
    return hand.word(f"{year}1331", f"{year}0532", f"{year}0230", "18990101", f"{FAR}0101")


def _with_check(body: str) -> str:
    return body + str(ric.calc_check_digit(body + "0"))


def _date(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    assert isinstance(value, date)
    if f.not_future and hand.rng.random() < 0.15:
        day = value.replace(year=FAR, day=1)
        return Typed(f"{day:%Y-%m-%d}", to_json(day), "date.future")
    if hand.rng.random() < 0.25:
        short = f"{value:%y}.{value.month}.{value.day}"
        return Typed(hand.one_of(short, value.year + 0.1), None, "date.ambiguous")
    wrong = (f"{value.year}.13.1", f"{value.year}-02-30", "二月初三", "不详", "长期")
    return Typed(hand.rng.choice(wrong), None, "type.date")


def _money(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    if f.max is not None and hand.rng.random() < 0.2:
        return Typed(int(f.max) + 1, to_json(Decimal(int(f.max) + 1)), "range")
    return Typed(hand.one_of("待定", "约100", "面议", "一千多", "见存折"), None, "type.money")


def _integer(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    if f.max is not None and hand.rng.random() < 0.2:
        return Typed(int(f.max) + 1, int(f.max) + 1, "range")
    return Typed(hand.one_of("若干", "待定", "约10", "三五个"), None, "type.integer")


def _decimal(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    if f.max is not None and hand.rng.random() < 0.2:
        return Typed(int(f.max) + 1, int(f.max) + 1, "range")
    return Typed(hand.one_of("半天", "待定", "约2小时"), None, "type.decimal")


def _phone(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    return Typed(hand.rng.choice(NO_PHONE), None, "phone.format")


def _bool(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    return Typed("看情况", None, "type.bool")


def _choice(hand: Hand, f: FieldSchema, value: Value) -> Typed:
    return Typed(hand.rng.choice(NO_CHOICE), None, "choice")


Fault = Callable[[Hand, FieldSchema, Value], Typed]
FAULTS: dict[str, Fault] = {
    "id_number": _id_number,
    "date": _date,
    "money": _money,
    "integer": _integer,
    "decimal": _decimal,
    "phone": _phone,
    "bool": _bool,
    "choice": _choice,
    "choices": _choice,
}
