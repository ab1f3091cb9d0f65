"""Records that stand twice: rows equal in every field, and different rows with one key.

Rows whose key is incomplete are compared by the fallback key, as merging does; rows without either
by all they hold.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from ledgersync.checks.sheets import Sheet
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, listed, message
from ledgersync.model import Finding, Invalid, Row, Value
from ledgersync.schema import TableSchema

Place = tuple[Sheet, int]
_NAMED_ROWS = 3


@dataclass(frozen=True)
class Repeated:
    """Records (counted from 0) that agree in `fields`; `same`: in everything else, too."""

    fields: tuple[str, ...]
    members: list[int]
    same: bool


class Columns:
    """The records of one table by column; `column` gives a field's values."""

    def __init__(
        self, schema: TableSchema, count: int, column: Callable[[str], list[Value]]
    ) -> None:
        self.schema = schema
        self.count = count
        self._column = column
        self._known: dict[str, list[Value]] = {}

    def column(self, field: str) -> list[Value]:
        if field not in self._known:
            self._known[field] = self._column(field)
        return self._known[field]

    def row(self, n: int) -> Row:
        return tuple([self.column(name)[n] for name in self.schema.field_ids])


def repeated(records: Columns) -> Iterator[Repeated]:
    """Every group of records that stand for one; the same group once for each comparison."""
    for fields, members in _comparisons(records):
        for group in _groups(records, fields, members):
            yield Repeated(fields, group, len({records.row(n) for n in group}) == 1)


def duplicate_findings(sheets: Sequence[Sheet]) -> list[Finding]:
    """`duplicate.row` and `duplicate.key` of one table, over all its sheets of a file."""

    def column(field: str) -> list[Value]:
        return list(chain(*(sheet.column(field) for sheet in sheets)))

    table = sheets[0].schema
    records = Columns(table, sum(len(sheet.data.rows) for sheet in sheets), column)
    found: dict[tuple[int, str, str | None], Finding] = {}
    for group in repeated(records):
        for n, finding in _report(table, sheets, group):
            found.setdefault((n, finding.rule, finding.field), finding)
    return list(found.values())


def _place(sheets: Sequence[Sheet], n: int) -> Place:
    for sheet in sheets:
        if n < len(sheet.data.rows):
            return sheet, n
        n -= len(sheet.data.rows)
    raise IndexError(n)


def _comparisons(records: Columns) -> Iterator[tuple[tuple[str, ...], Sequence[int]]]:
    """Which fields to compare over which records: key, fallback key, everything, unique fields."""
    table = records.schema
    left: Sequence[int] = range(records.count)
    for fields in (table.key, table.fallback_key):
        if fields and left:
            complete, left = _split(records, fields, left)
            yield fields, complete
    yield table.field_ids, left
    for field in table.fields:
        if field.unique and table.key != (field.id,):
            yield (field.id,), _split(records, (field.id,), range(records.count))[0]


def _split(
    records: Columns, fields: tuple[str, ...], members: Sequence[int]
) -> tuple[Sequence[int], Sequence[int]]:
    """Records that hold valid values in all of `fields`, and the others."""
    bad: set[int] = set()
    for name in fields:
        column = records.column(name)
        bad.update(n for n in members if (v := column[n]) is None or type(v) is Invalid)
    if not bad:
        return members, []
    return [n for n in members if n not in bad], [n for n in members if n in bad]


def _groups(records: Columns, fields: tuple[str, ...], members: Sequence[int]) -> list[list[int]]:
    """Records that agree in `fields`, where there are several."""
    columns = [records.column(name) for name in fields]
    if len(members) < records.count:
        columns = [[column[n] for n in members] for column in columns]
    keys: list[object] = list(columns[0]) if len(columns) == 1 else list(zip(*columns, strict=True))
    if len(set(keys)) == len(keys):
        return []
    together: dict[object, list[int]] = {}
    for n, key in zip(members, keys, strict=True):
        together.setdefault(key, []).append(n)
    return [group for group in together.values() if len(group) > 1]


def _report(
    table: TableSchema, sheets: Sequence[Sheet], group: Repeated
) -> Iterator[tuple[int, Finding]]:
    places = [_place(sheets, n) for n in group.members]
    if group.same:
        told = _same_row(places[0])
        for n, (sheet, i) in zip(group.members[1:], places[1:], strict=True):
            yield n, sheet.finding(i, None, "duplicate.row", "warning", told)
        return
    at = cell_field(table, group.fields)
    for n, (sheet, i) in zip(group.members, places, strict=True):
        told = _same_key(table, group.fields, _others(places, (sheet, i)))
        yield n, sheet.finding(i, at, "duplicate.key", "error", told)


def cell_field(table: TableSchema, fields: tuple[str, ...]) -> str:
    """Where a repeated key is shown: its first part that does not refer to another table."""
    return next((name for name in fields if not table.by_id[name].ref), fields[0])


def _others(group: list[Place], own: Place) -> Message:
    rest = [_named(p) for p in islice((place for place in group if place != own), _NAMED_ROWS)]
    others = len(group) - 1
    return (
        message("{rows}等{others}行", rows=rest, others=others)
        if others > len(rest)
        else listed(rest)
    )


def _named(place: Place) -> Message:
    sheet, i = place
    row = sheet.data.rows[i]
    return message("工作表“{sheet}”第{row}行", sheet=sheet.data.sheet, row=row)


def _same_row(first: Place) -> Message:
    return message("与{row}完全相同，请确认是否重复录入", row=_named(first))


def _same_key(table: TableSchema, fields: tuple[str, ...], others: Message) -> Message:
    headers = [table.by_id[name].header for name in fields]
    return message(
        "〔{headers}〕与{others}重复，而其他内容不同，请核对后保留一行",
        headers=headers,
        others=others,
    )
