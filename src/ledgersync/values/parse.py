"""A cell's typed content made into the value its field holds, with what is to be said about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from ledgersync.model import Invalid, Note, Parsed, Value
from ledgersync.schema import FieldSchema
from ledgersync.values import identity, notes
from ledgersync.values.choices import ChoiceReader, Picked, to_bool
from ledgersync.values.dates import DateFault, MonthOnly, to_date
from ledgersync.values.numbers import Bounds, to_decimal, to_integer, to_money
from ledgersync.values.phones import to_phone
from ledgersync.values.text import (
    clean_name,
    is_blank,
    is_empty_mark,
    is_error_text,
    looks_like_formula,
    squeeze,
    trim,
    typed,
)

CELL_LIMIT = 32767


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that a spreadsheet shows as an error, or a formula that was never calculated."""

    text: str


class CellParser:
    """Parses the cells of one field; calling it with a raw cell gives a `Parsed`.

    Raw cells are what a reader yields: str, int, float, bool, date, datetime, None, `CellError`.
    `today` is the last day that is no future.
    """

    def __init__(self, field: FieldSchema, today: date, *, date1904: bool = False) -> None:
        self.field = field
        self.today = today
        self.date1904 = date1904
        self._choices = ChoiceReader(field)
        self.bounds = Bounds(field.min, field.max)
        self._read: Callable[[object], Parsed] = {
            "text": self._text,
            "name": self._name,
            "code": self._code,
            "digits": self._digits,
            "integer": self._integer,
            "decimal": self._decimal,
            "money": self._money,
            "date": self._date,
            "phone": self._phone,
            "id_number": self._id_number,
            "bool": self._bool,
            "choice": self._choice,
            "choices": self._several,
        }[field.type]

    def __call__(self, raw: object) -> Parsed:
        if is_blank(raw):
            return self._empty()
        if isinstance(raw, CellError):
            return self._error(raw.text)
        if isinstance(raw, str):
            special = self._special_text(raw)
            if special is not None:
                return special
        return self._judged(self._read(raw))

    def _special_text(self, raw: str) -> Parsed | None:
        """Empty marks, error texts and over-long cells; None for everything else."""
        if len(raw) > CELL_LIMIT:
            return self._invalid(raw, notes.too_long(self.field, len(raw)))
        if len(raw) > 12 or self._is_meaningful(raw):
            return None
        if not self.field.required and is_empty_mark(raw):
            return self._empty()
        return self._error(squeeze(raw)) if is_error_text(trim(raw)) else None

    def _is_meaningful(self, raw: str) -> bool:
        """A choice or bool value wins over an empty mark."""
        if self.field.type == "bool":
            return to_bool(raw) is not None
        return self._choices.one(raw) is not None

    def _empty(self) -> Parsed:
        if self.field.required:
            return Parsed(None, (notes.required(self.field),))
        return Parsed(None, (notes.wanted(self.field),)) if self.field.wanted else Parsed(None)

    def _error(self, text: str) -> Parsed:
        if text == "#N/A" and not self.field.required:
            return self._empty()
        return self._invalid(text, notes.cell_error(self.field, text))

    def _invalid(self, raw: object, note: Note) -> Parsed:
        return Parsed(Invalid(trim(typed(raw)), note.rule), (note,))

    def _judged(self, parsed: Parsed) -> Parsed:
        """The rules that a single value decides beyond its type: range and future."""
        extra = self._range(parsed.value) or self._future(parsed.value)
        return replace(parsed, notes=(*parsed.notes, extra)) if extra else parsed

    def _range(self, value: Value) -> Note | None:
        if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
            return None
        if self.bounds.hold(value):
            return None
        return notes.out_of_range(self.field, typed(value))

    def _future(self, value: Value) -> Note | None:
        if self.field.not_future and isinstance(value, date) and value > self.today:
            return notes.future_date(self.field, value.isoformat())
        return None

    def _flagged(self, value: str, raw: object) -> Parsed:
        if not value or (len(value) < 4 and not self.field.required and is_empty_mark(value)):
            return self._empty()
        if isinstance(raw, str) and looks_like_formula(raw):
            return Parsed(value, (notes.formula_like(self.field),))
        return Parsed(value)

    def _text(self, raw: object) -> Parsed:
        return self._flagged(trim(typed(raw)), raw)

    def _name(self, raw: object) -> Parsed:
        return self._flagged(clean_name(typed(raw)), raw)

    def _code(self, raw: object) -> Parsed:
        if not isinstance(raw, str) and identity.precision_lost(raw):
            return self._invalid(raw, notes.wrong_id(self.field, "id.precision_lost"))
        return self._flagged(squeeze(typed(raw)).lstrip("'"), raw)

    def _digits(self, raw: object) -> Parsed:
        text = squeeze(typed(raw)).lstrip("'")
        if identity.precision_lost(raw):
            return self._invalid(raw, notes.wrong_id(self.field, "id.precision_lost"))
        return Parsed(text) if text.isdigit() else self._wrong_type(raw)

    def _wrong_type(self, raw: object) -> Parsed:
        return self._invalid(raw, notes.wrong_type(self.field, trim(typed(raw))))

    def _integer(self, raw: object) -> Parsed:
        number = to_integer(raw)
        return self._wrong_type(raw) if number is None else Parsed(number)

    def _decimal(self, raw: object) -> Parsed:
        number = to_decimal(raw)
        return self._wrong_type(raw) if number is None else Parsed(number)

    def _money(self, raw: object) -> Parsed:
        amount = to_money(raw)
        if amount is None:
            return self._wrong_type(raw)
        value, rounded = amount
        return Parsed(value, (notes.rounded(self.field),) if rounded else ())

    def _date(self, raw: object) -> Parsed:
        day = to_date(raw, date1904=self.date1904)
        if day is DateFault.AMBIGUOUS:
            return self._invalid(raw, notes.ambiguous_date(self.field, trim(typed(raw))))
        if isinstance(day, DateFault):
            return self._wrong_type(raw)
        if isinstance(day, MonthOnly):
            first = date(day.year, day.month, 1)
            return Parsed(first, (notes.month_only(self.field, trim(typed(raw))),))
        return Parsed(day)

    def _phone(self, raw: object) -> Parsed:
        phone = to_phone(raw)
        if phone is None:
            return self._invalid(raw, notes.wrong_phone(self.field))
        number, more = phone
        return Parsed(number, (notes.second_phone(self.field),) if more else ())

    def _id_number(self, raw: object) -> Parsed:
        if identity.precision_lost(raw):
            return self._invalid(raw, notes.wrong_id(self.field, "id.precision_lost"))
        number = identity.clean_id(raw)
        fault = identity.id_fault(number, self.today)
        if fault:
            return self._invalid(raw, notes.wrong_id(self.field, fault))
        found: list[Note] = []
        if len(number) == 15:
            number = identity.upgrade_15(number)
            found.append(notes.upgraded_id(self.field))
        if identity.region_name(number[:6]) is None:
            found.append(notes.unknown_region(self.field))
        return Parsed(number, tuple(found))

    def _bool(self, raw: object) -> Parsed:
        mark = to_bool(raw)
        return self._wrong_type(raw) if mark is None else Parsed(mark)

    def _choice(self, raw: object) -> Parsed:
        pick = self._choices.one(raw)
        if pick is None:
            return self._invalid(raw, notes.wrong_choice(self.field, trim(typed(raw))))
        return Parsed(pick.value, self._picked((pick,), raw))

    def _several(self, raw: object) -> Parsed:
        picks = self._choices.several(raw)
        if picks is None:
            return self._invalid(raw, notes.wrong_choice(self.field, trim(typed(raw))))
        return Parsed(tuple(p.value for p in picks), self._picked(tuple(picks), raw))

    def _picked(self, picks: tuple[Picked, ...], raw: object) -> tuple[Note, ...]:
        """At most one note: a withheld word weighs more than a synonym."""
        for pick in picks:
            if pick.responsible:
                return (notes.withheld(self.field, pick.value, pick.responsible),)
        if any(p.synonym for p in picks):
            shown = "、".join(p.value for p in picks)
            return (notes.synonym(self.field, trim(typed(raw)), shown),)
        return ()
