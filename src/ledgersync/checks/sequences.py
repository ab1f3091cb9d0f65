"""Identity numbers that grow by one from row to row: a cell was dragged down the column.

The check character makes such neighbours impossible in life, so most are invalid besides; what is
compared is therefore what was typed.
"""

from collections.abc import Iterator
from itertools import pairwise

from ledgersync.checks.sheets import Sheet
from ledgersync.messages import Message, message
from ledgersync.model import Finding, Invalid, Value
from ledgersync.schema import FieldSchema
from ledgersync.values.identity import clean_id

_LENGTHS = (15, 18)


def sequence_findings(sheet: Sheet) -> Iterator[Finding]:
    """`id.sequence_fill` at each id that is one more than the id above it."""
    for field in sheet.schema.fields:
        column = sheet.data.values.get(field.id)
        if field.type != "id_number" or not column:
            continue
        numbers = [_number(value) for value in column]
        for i, (above, own) in enumerate(pairwise(numbers), start=1):
            if own is not None and above is not None and own - above == 1:
                told = _message(field, sheet.data.rows[i - 1])
                yield sheet.finding(i, field.id, "id.sequence_fill", "warning", told)


def _number(value: Value) -> int | None:
    if type(value) is Invalid:
        value = None if value.rule == "id.precision_lost" else clean_id(value.typed)
    if not isinstance(value, str) or len(value) not in _LENGTHS:
        return None
    return int(value) if value.isascii() and value.isdigit() else None


def _message(field: FieldSchema, row: int) -> Message:
    return message(
        "〔{field}〕比第{row}行恰好大1，疑似下拉填充，请按证件重新录入", field=field.header, row=row
    )
