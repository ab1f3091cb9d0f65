"""A sign-in sheet: people below, and the activity they came to told above them."""

import re
from collections.abc import Mapping
from dataclasses import replace

from ledgersync.messages import message
from ledgersync.model import Invalid, Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema, header_key
from ledgersync.values import CellParser
from ledgersync.values.text import squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned
from ledgersync.workbook.foreign.content.days import day_of, hours_of
from ledgersync.workbook.foreign.lists import Listing
from ledgersync.workbook.foreign.plan import SheetPlan, TablePlan, TakenRow
from ledgersync.workbook.read.layout.evidence import NUMBERS

_KIND = re.compile(
    r"(?:人员|志愿者)?(?:签到|签名|登记|报名)(?:表|册|单|簿)?$|(?:人员)?(?:名单|花名册)$"
)


def signed_in(
    listing: Listing, ledger: LedgerSchema, child: Assigned, plan: SheetPlan
) -> TablePlan | None:
    """The one record above of a list that lacks its number: its day and title stand over the list.

    How long it was goes to the people, where nothing else says it.
    """
    link = _link(ledger, child.table)
    if link is None or link[0] not in child.missing:
        return None
    parent = ledger.by_id[link[1]]
    values = _told(listing, parent)
    if any(values.get(f.id) is None for f in parent.required if not f.generated):
        return None
    _share_hours(listing, child, values)
    row = _same(plan, parent, values) or TakenRow(
        listing.grid.sheet, (*listing.above, listing.head.block.top)[0], values, {},
        listing.around.file,
    )  # fmt: skip
    filled = {name: message("取自表的上方") for name in values}
    return TablePlan(
        listing.grid.sheet, ledger.id, parent.id, tuple(listing.above), [], [row], [], filled
    )


def linked(
    table: TablePlan, above: TablePlan, ledger: LedgerSchema, plan: SheetPlan
) -> list[TablePlan]:
    """The people are of that record; two lists of a sheet are of the same one, told once."""
    link = _link(ledger, ledger.by_id[table.table])
    for record in table.rows:
        record.parent = above.rows[0]
    if link is not None:
        table.filled[link[0].id] = message("〔{field}〕按表上方的那一条", field=link[0].header)
    plan.is_plain = False
    is_told = any(row is above.rows[0] for t in plan.tables for row in t.rows)
    return [table] if is_told else [above, table]


def _link(ledger: LedgerSchema, child: TableSchema) -> tuple[FieldSchema, str] | None:
    """The reference of a table to another one of its ledger."""
    for table, link, target in ledger.references():
        owner, above, _ = target.split(".")
        if table is child and owner == ledger.id:
            return link, above
    return None


def _told(listing: Listing, parent: TableSchema) -> dict[str, Value]:
    """Fields of the record above, by labels; the title also by the title of the sheet."""
    around, texts = listing.around, dict[str, str]()
    for key, raw in around.labels.items():
        wanted = parent.header_index.get(key)
        if wanted is None or wanted.generated:
            continue
        if wanted.type == "date":
            texts.update(_hours(parent, typed(raw)))
            texts[wanted.id] = day_of(typed(raw), around.year())
        else:
            texts[wanted.id] = typed(raw)
    title = next((f for f in parent.required if f.type == "text"), None)
    if title is not None and title.id not in texts:
        words = [t for t in (*around.above, around.sheet) if _KIND.search(squeeze(t))]
        texts[title.id] = _KIND.sub("", squeeze(words[0])) if words else ""
    return dict(_values(listing, parent, texts))


def _hours(parent: TableSchema, day: str) -> Mapping[str, str]:
    """`9:00-11:00` behind the day, for the number that is counted in hours."""
    length = hours_of(day)
    wanted = next((f for f in parent.fields if f.type == "decimal" and "小时" in f.header), None)
    return {wanted.id: length} if wanted is not None and length else {}


def _values(listing: Listing, parent: TableSchema, texts: Mapping[str, str]) -> Mapping[str, Value]:
    read = {n: CellParser(parent.by_id[n], listing.today)(text).value for n, text in texts.items()}
    return {n: v for n, v in read.items() if v is not None and not isinstance(v, Invalid)}


def _share_hours(listing: Listing, child: Assigned, values: Mapping[str, Value]) -> None:
    shared = {
        header_key(f.header): values[f.id]
        for f in child.missing
        if f.type in NUMBERS and values.get(f.id) is not None
    }
    listing.around = replace(listing.around, labels={**shared, **listing.around.labels})


def _same(plan: SheetPlan, parent: TableSchema, values: Mapping[str, Value]) -> TakenRow | None:
    rows = (row for t in plan.tables if t.table == parent.id for row in t.rows)
    return next((row for row in rows if row.values == values), None)
