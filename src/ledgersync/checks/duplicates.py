"""Records that stand twice: rows equal in every field, and different rows with one key.

Rows whose key is incomplete are compared by the fallback key, as merging does; rows without either
by all they hold.
"""

from collections.abc import Iterable, Iterator, Sequence

from ledgersync.checks.sheets import Sheet
from ledgersync.errors import Message
from ledgersync.model import Finding, Invalid, Row, Value
from ledgersync.schema import TableSchema

Place = tuple[Sheet, int]
_NAMED_ROWS = 3


def duplicate_findings(sheets: Sequence[Sheet]) -> list[Finding]:
    """`duplicate.row` and `duplicate.key` of one table, over all its sheets of a file."""
    table = sheets[0].schema
    places: list[Place] = [(sheet, i) for sheet in sheets for i in range(len(sheet.data.rows))]
    found: dict[tuple[Place, str, str | None], Finding] = {}
    for fields, members in _comparisons(table, places):
        for group in _groups(table, fields, members):
            for finding, place in _report(table, fields, group):
                found.setdefault((place, finding.rule, finding.field), finding)
    return list(found.values())


def _comparisons(
    table: TableSchema, places: list[Place]
) -> Iterator[tuple[tuple[str, ...], list[Place]]]:
    """Which fields to compare over which records: key, fallback key, everything, unique fields."""
    left = places
    for fields in (table.key, table.fallback_key):
        if fields and left:
            complete, left = _split(table, fields, left)
            yield fields, complete
    yield table.field_ids, left
    for field in table.fields:
        if field.unique and table.key != (field.id,):
            yield (field.id,), _split(table, (field.id,), places)[0]


def _split(
    table: TableSchema, fields: tuple[str, ...], places: list[Place]
) -> tuple[list[Place], list[Place]]:
    """Records that hold valid values in all of `fields`, and the others."""
    positions = [table.position[name] for name in fields]
    complete: list[Place] = []
    others: list[Place] = []
    for place in places:
        row = place[0].rows[place[1]]
        whole = not any(row[p] is None or type(row[p]) is Invalid for p in positions)
        (complete if whole else others).append(place)
    return complete, others


def _groups(
    table: TableSchema, fields: tuple[str, ...], places: Iterable[Place]
) -> list[list[Place]]:
    """Records that agree in `fields`, where there are several."""
    positions = [table.position[name] for name in fields]
    first: dict[tuple[Value, ...], Place] = {}
    more: dict[tuple[Value, ...], list[Place]] = {}
    for place in places:
        row = place[0].rows[place[1]]
        key = tuple([row[p] for p in positions])
        if first.setdefault(key, place) is not place:
            more.setdefault(key, [first[key]]).append(place)
    return list(more.values())


def _report(
    table: TableSchema, fields: tuple[str, ...], group: list[Place]
) -> Iterator[tuple[Finding, Place]]:
    distinct: set[Row] = {sheet.rows[i] for sheet, i in group}
    if len(distinct) == 1:
        for sheet, i in group[1:]:
            yield (
                sheet.finding(i, None, "duplicate.row", "warning", _same_row(group[0])),
                (sheet, i),
            )
        return
    at = _cell_field(table, fields)
    for sheet, i in group:
        message = _same_key(table, fields, _others(group, (sheet, i)))
        yield sheet.finding(i, at, "duplicate.key", "error", message), (sheet, i)


def _cell_field(table: TableSchema, fields: tuple[str, ...]) -> str:
    """Where a repeated key is shown: its first part that does not refer to another table."""
    return next((name for name in fields if not table.by_id[name].ref), fields[0])


def _others(group: list[Place], own: Place) -> tuple[str, str]:
    rest = [place for place in group if place != own]
    zh = "、".join(_named(place)[0] for place in rest[:_NAMED_ROWS])
    en = ", ".join(_named(place)[1] for place in rest[:_NAMED_ROWS])
    more = len(rest) - _NAMED_ROWS
    return (f"{zh}等{len(rest)}行", f"{en} and {more} more") if more > 0 else (zh, en)


def _named(place: Place) -> tuple[str, str]:
    sheet, i = place
    row = sheet.data.rows[i]
    return f"工作表“{sheet.data.sheet}”第{row}行", f"row {row} of sheet {sheet.data.sheet!r}"


def _same_row(first: Place) -> Message:
    zh, en = _named(first)
    return Message(f"与{zh}完全相同，请确认是否重复录入", f"is the same as {en}; entered twice?")


def _same_key(table: TableSchema, fields: tuple[str, ...], others: tuple[str, str]) -> Message:
    headers = [table.by_id[name].header for name in fields]
    return Message(
        f"〔{'、'.join(headers)}〕与{others[0]}重复，而其他内容不同，请核对后保留一行",
        f"{' and '.join(headers)} repeat {others[1]}, with other content; keep one row",
    )
