"""A cell's typed content made into the value its field holds, with what is to be said about it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.model import Invalid, Note, Parsed, Value
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema
from ledgersync.values import identity, notes
from ledgersync.values.choices import BoolReader, ChoiceReader, Picked
from ledgersync.values.dates import LAST, DateFault, MonthOnly, to_date
from ledgersync.values.listed import Listing, listing_of
from ledgersync.values.numbers import Bounds, to_decimal, to_integer, to_money, without_month
from ledgersync.values.phones import SEPARATOR, to_phones
from ledgersync.values.respelled import respelled
from ledgersync.values.several import (
    NO_NAMES,
    RELATIONS,
    listed_names,
    several_codes,
    several_ids,
    several_names,
)
from ledgersync.values.text import (
    begins_like_formula,
    clean_code,
    clean_name,
    clean_text,
    is_blank,
    is_ditto,
    is_empty_mark,
    is_error_text,
    is_garbled,
    is_program_blank,
    looks_like_formula,
    squeeze,
    trim,
    typed,
)

CELL_LIMIT = 32767
_LONG_AGO = date(1949, 10, 1)  # no ledger tells of anything before
_FAR_AHEAD = timedelta(days=3653)
_OCTOBER = pattern_of(r"\s*(?:19|20)\d\d\.1\s*")
_NO_NAME = pattern_of(r"[*?？＊□■<>]|\d{5}|^无$")
_IN_GROUPS = pattern_of(r"\d\s+[A-Za-z]*\d")
_EXPONENT = pattern_of(r"\d(?:\.\d+)?[Ee]\+\d+")
_LONG_NAME = 8
_LONGEST_MARK = 13  # `#GETTING_DATA`
_ZERO = pattern_of(r"0(?:\.0+)?")
_TEXTS = frozenset({"text", "name", "code"})


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell that a spreadsheet shows as an error, or a formula that was never calculated."""

    text: str


@dataclass(frozen=True, slots=True)
class UnclearAmount:
    """A number of which nobody knows the unit of measure."""

    text: str


class CellParser:
    """Parses the cells of one field; calling it with a raw cell gives a `Parsed`.

    Raw cells are what a reader yields: str, int, float, bool, date, datetime, None, `CellError`,
    `UnclearAmount`.
    `today` is the last day that is no future. `loose`: the cells are texts whatever they were,
    as in a CSV file, where October 2021, typed as the number 2021.10, arrives as `2021.1`.
    """

    def __init__(
        self, field: FieldSchema, today: date, *, date1904: bool = False, loose: bool = False
    ) -> None:
        self.field = field
        self.today = today
        self.date1904 = date1904
        self.loose = loose
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

    @cached_property
    def _choices(self) -> ChoiceReader:
        return ChoiceReader(self.field)

    @cached_property
    def _bools(self) -> BoolReader:
        return BoolReader(self.field)

    @cached_property
    def _listing(self) -> Listing | None:
        return listing_of(self.field)

    @property
    def likely_days(self) -> tuple[date, date]:
        """The first and last day of a date cell that is taken without a word."""
        last = self.today if self.field.not_future else self.today + _FAR_AHEAD
        return _LONG_AGO, min(last, LAST)

    def __call__(self, raw: object) -> Parsed:
        if is_blank(raw):
            return self._empty()
        if isinstance(raw, CellError):
            return self._error(raw.text)
        if isinstance(raw, UnclearAmount):
            return self._invalid(raw.text, notes.unclear_unit(self.field))
        special = self._special_text(raw) if isinstance(raw, str) else None
        if special is None and self.field.type in _TEXTS:
            special = self._no_text(raw)
        return self._checked(self._read(raw)) if special is None else special

    def _special_text(self, raw: str) -> Parsed | None:
        """Empty marks, error texts and over-long cells; None for everything else."""
        if len(raw) > CELL_LIMIT:
            return self._invalid(raw, notes.too_long(self.field, len(raw)))
        if "\ufffd" in raw or (self.field.type in _TEXTS and is_garbled(raw)):
            return self._invalid(raw, notes.unreadable(self.field))
        if is_program_blank(raw):
            return self._empty()
        if len(trim(raw)) > _LONGEST_MARK or self._is_meaningful(raw):
            return None
        if (not self.field.required or self.field.type == "text") and is_empty_mark(raw):
            return self._empty()
        if is_ditto(raw):
            return self._invalid(raw, notes.ditto(self.field))
        return self._error(squeeze(raw)) if is_error_text(trim(raw)) else None

    def _no_text(self, raw: object) -> Parsed | None:
        """What no text, name or code is: 0 from a look-up; a day or a truth for a name."""
        if isinstance(raw, bool):
            raw = typed(raw)
        if raw != raw:  # not a number
            return self._empty()
        if raw in (0, time()) or (isinstance(raw, date) and raw.year < 1901):
            return self._invalid(raw, notes.lookup_zero(self.field))
        if isinstance(raw, str):
            if len(raw) < 12 and _ZERO.fullmatch(clean_code(raw)):
                return self._invalid(raw, notes.lookup_zero(self.field))
            is_truth = self.field.type != "text" and raw in ("TRUE", "FALSE")
            return self._invalid(raw, notes.no_text(self.field)) if is_truth else None
        if self.field.type != "text" and isinstance(raw, date):
            return self._invalid(raw, notes.no_text(self.field))
        return None

    def _is_meaningful(self, raw: str) -> bool:
        """A choice or bool value wins over an empty mark."""
        if self.field.type == "bool":
            return self._bools.one(raw)[0] is not None
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

    def _checked(self, parsed: Parsed) -> Parsed:
        """The rules that a single value decides beyond its type: range and future."""
        extra = self._range(parsed.value) or self._far_off(parsed.value)
        return replace(parsed, notes=(*parsed.notes, extra)) if extra else parsed

    def _range(self, value: Value) -> Note | None:
        if not isinstance(value, (int, float, Decimal)) or isinstance(value, bool):
            return None
        if self.bounds.hold(value):
            return None
        return notes.out_of_range(self.field, typed(value))

    def _far_off(self, value: Value) -> Note | None:
        """In the future, or so far away that it was hardly meant."""
        if not isinstance(value, date):
            return None
        if self.field.not_future and value > self.today:
            return notes.future_date(self.field, value.isoformat())
        if value < _LONG_AGO:
            return notes.far_off(self.field, value.isoformat())
        if value - self.today > _FAR_AHEAD:
            return notes.far_ahead(self.field, value.isoformat())
        return None

    def _flagged(self, value: str, raw: object) -> Parsed:
        if not value or (len(value) < 5 and not self.field.required and is_empty_mark(value)):
            return self._empty()
        if isinstance(raw, str) and looks_like_formula(raw):
            return Parsed(value, (notes.formula_like(self.field),))
        return Parsed(value)

    def _text(self, raw: object) -> Parsed:
        if isinstance(raw, date) and (self.field.required or self.field.wanted or self._is_place()):
            return Parsed(typed(raw), (notes.was_a_day(self.field),))
        text = clean_text(typed(raw))
        text = self._listing.spelled(text) if self._listing else text
        return self._flagged(self._as_decided(text), raw)

    def _as_decided(self, text: str) -> str:
        """As the unit has decided to spell it."""
        words = self.field.words
        is_place = self.field.privacy == "address"
        return respelled(words, text, is_place=is_place) if words else text

    def _is_place(self) -> bool:
        """An address or the like, where 3-2 is a door."""
        return self.field.privacy != "none" or self.field.id in ("place", "grid")

    def _name(self, raw: object) -> Parsed:
        names = several_names(raw) if isinstance(raw, str) else None
        if names:
            return Parsed(SEPARATOR.join(names), (notes.several_kept(self.field),))
        name = self._as_decided(clean_name(typed(raw)))
        if (
            name
            and not begins_like_formula(name)
            and (_NO_NAME.search(name) or not any(c.isalpha() for c in name))
        ):
            return self._invalid(raw, notes.no_text(self.field))
        if name in NO_NAMES:
            return self._invalid(raw, notes.no_text(self.field))
        if self.field.required and listed_names(name):
            return Parsed(name, (notes.several_kept(self.field),))
        if name in RELATIONS or (len(name) > _LONG_NAME and "·" not in name and not name.isascii()):
            return Parsed(name, (notes.odd_name(self.field),))
        return self._flagged(name, raw)

    def _code(self, raw: object) -> Parsed:
        if not isinstance(raw, str) and identity.precision_lost(raw):
            return self._invalid(raw, notes.wrong_id(self.field, "id.precision_lost"))
        if not isinstance(raw, str):
            return self._flagged(clean_code(typed(raw)), raw)
        if several_codes(raw):
            return self._invalid(raw, notes.several(self.field))
        if _EXPONENT.fullmatch(trim(raw)):
            return self._invalid(raw, notes.wrong_id(self.field, "id.precision_lost"))
        if _IN_GROUPS.search(trim(raw)):
            return Parsed(clean_code(raw), (notes.in_groups(self.field),))
        return self._flagged(clean_code(raw), raw)

    def _digits(self, raw: object) -> Parsed:
        text = clean_code(typed(raw))
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
        is_monthly = any("月" in header for header in self.field.headers)
        amount = to_money(without_month(raw) if is_monthly else raw)
        if amount is None:
            return self._wrong_type(raw)
        value, rounded = amount
        return Parsed(value, (notes.rounded(self.field),) if rounded else ())

    def _date(self, raw: object) -> Parsed:
        day = to_date(raw, date1904=self.date1904)
        if self.loose and isinstance(raw, str) and _OCTOBER.fullmatch(raw):
            day = DateFault.AMBIGUOUS
        if day is DateFault.AMBIGUOUS:
            return self._invalid(raw, notes.ambiguous_date(self.field, trim(typed(raw))))
        if isinstance(day, DateFault):
            return self._wrong_type(raw)
        if isinstance(day, MonthOnly):
            first = date(day.year, day.month, 1)
            return Parsed(first, (notes.month_only(self.field, trim(typed(raw))),))
        return Parsed(day)

    def _phone(self, raw: object) -> Parsed:
        found = to_phones(raw)
        if found is None:
            return self._invalid(raw, notes.wrong_phone(self.field))
        numbers, more = found
        if len(numbers) > 1 or more:
            return Parsed(SEPARATOR.join(numbers), (notes.several_phones(self.field, more),))
        return Parsed(numbers[0])

    def _id_number(self, raw: object) -> Parsed:
        if identity.precision_lost(raw):
            return self._invalid(raw, notes.wrong_id(self.field, "id.precision_lost"))
        if isinstance(raw, str) and several_ids(raw):
            return self._invalid(raw, notes.several(self.field))
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
        mark, is_own = self._bools.one(raw)
        if mark is None:
            return self._wrong_type(raw)
        value = "是" if mark else "否"
        note = notes.synonym(self.field, trim(typed(raw)), value)
        return Parsed(mark, (note,) if is_own else ())

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
