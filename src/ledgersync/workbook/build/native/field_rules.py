"""The fault of one cell: empty, no value of its type, out of range, at odds with its neighbour."""

from collections.abc import Callable

from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values.text import DITTO_MARKS, PROGRAM_BLANKS
from ledgersync.values.text import EMPTY_MARKS as MARKS
from ledgersync.workbook.build.expr import first_of, one_of, squeezed
from ledgersync.workbook.build.native.choices import (
    bool_fault,
    choice_fault,
    choices_fault,
    mark_text,
    truth_text,
)
from ledgersync.workbook.build.native.dates import date_fault, date_text
from ledgersync.workbook.build.native.field import NativeField
from ledgersync.workbook.build.native.identity import (
    digits_fault,
    digits_text,
    id_fault,
    id_text,
)
from ledgersync.workbook.build.native.numbers import number_fault, number_text
from ledgersync.workbook.build.native.phones import phone_fault
from ledgersync.workbook.build.native.texts import (
    ERROR_VALUE,
    code_fault,
    name_fault,
    text_fault,
)

_NOTHING = ("", *sorted(PROGRAM_BLANKS))
_NO_TEXT = ("'",)  # a lone apostrophe: nothing, where texts are read
EMPTY_MARKS = (*_NOTHING, *sorted(MARKS), "n/a", "na")
REQUIRED = "必填，现为空"
DITTO = "写的是“同上”，上面没有可以照抄的值，请写出来"

_FAULTS: dict[str, Callable[[NativeField], str]] = {
    "integer": number_fault,
    "decimal": number_fault,
    "money": number_fault,
    "date": date_fault,
    "phone": phone_fault,
    "id_number": id_fault,
    "digits": digits_fault,
    "bool": bool_fault,
    "choice": choice_fault,
    "choices": choices_fault,
    "name": name_fault,
    "code": code_fault,
}
_CLEANED: dict[str, Callable[[str], str]] = {
    "integer": number_text,
    "decimal": number_text,
    "money": number_text,
    "date": date_text,
    "id_number": id_text,
    "digits": digits_text,
    "choice": mark_text,
    "bool": truth_text,
}
_ORDERED = {"integer": "number", "decimal": "number", "money": "number", "date": "date"}


def compared(table: TableSchema, field: FieldSchema) -> list[tuple[FieldSchema, bool]]:
    """Fields of the same row that this one is compared with; True where it is the smaller one."""
    pairs = [(field.le, True), (field.ge, False)]
    others = [(table.by_id[o], small) for o, small in pairs if o and "." not in o]
    kind = _ORDERED.get(field.type)
    return [(o, small) for o, small in others if kind and kind == _ORDERED.get(o.type)]


def verdict_of(native: NativeField) -> str:
    """The fault of the value alone, as an expression: "" for a right one."""
    native.clean = _CLEANED.get(native.schema.type, squeezed)(native.cell)
    of_type = _FAULTS.get(native.schema.type, text_fault)(native)
    cases = [(f"ISERROR({native.cell})", _error_value(native))]
    apostrophe = _NO_TEXT if native.schema.type in ("text", "name", "code") else ()
    if native.schema.required:
        marks = EMPTY_MARKS if native.schema.type == "text" else _NOTHING
        nothing = one_of(squeezed(native.cell), (*marks, *apostrophe))
        cases.append((nothing, native.says(REQUIRED)))
    else:
        cases.append((one_of(squeezed(native.cell), (*EMPTY_MARKS, *apostrophe)), '""'))
    cases.append((_ditto(native), _nothing_above(native)))
    return first_of(cases, of_type)


def _ditto(native: NativeField) -> str:
    """A mark for the value above."""
    return one_of(native.cell, DITTO_MARKS)


def _stands_once(native: NativeField) -> bool:
    return native.schema.unique or native.schema.generated


def _nothing_above(native: NativeField) -> str:
    """A fault where every value is another one; elsewhere merging looks at the row above."""
    return native.says(DITTO) if _stands_once(native) else '""'


def undecided(native: NativeField) -> str | None:
    """Where only `check` can decide: a numeral in Chinese, the value of the row above."""
    may = [native.later] if native.later else []
    may += [] if _stands_once(native) else [_ditto(native)]
    if not may:
        return None
    when = may[0] if len(may) == 1 else f"OR({','.join(may)})"
    return f"IF(ISTEXT({native.cell}),{when},FALSE)"


def relation(native: NativeField, other: NativeField, smaller: bool) -> str:
    """The fault of a comparison; "" where one of the two is no value."""
    dates = native.schema.type == "date"
    words = ("晚于" if smaller else "早于") if dates else ("大于" if smaller else "小于")
    fault = native.says(f"{words}〔{other.schema.header}〕")
    broken = f"{native.value}{'>' if smaller else '<'}{other.value}"
    return f'IFERROR(IF({broken},{fault},""),"")'


def _error_value(native: NativeField) -> str:
    """`#N/A` in an optional field is an empty mark."""
    if native.schema.required:
        return native.says(ERROR_VALUE)
    return f'IF(ISNA({native.cell}),"",{native.says(ERROR_VALUE)})'
