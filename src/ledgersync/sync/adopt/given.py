"""`adopt --set 表头=字段`, or one value for a field that has no column."""

from collections.abc import Sequence

from ledgersync.errors import UsageFault
from ledgersync.messages import listed, message
from ledgersync.schema import LedgerSchema, header_key
from ledgersync.schema.mappings import IGNORED
from ledgersync.sync.columns.extras import header_name
from ledgersync.workbook.foreign.lists import EMPTY, YEAR
from ledgersync.workbook.foreign.plan import Decisions, Plan

YEAR_WORD = "年份"


def with_given(
    ledger: LedgerSchema, plan: Plan, decisions: Decisions, given: Sequence[str]
) -> Decisions:
    """The decisions with what was typed. Raises UsageFault that names every wrong item."""
    columns, values = dict(decisions.columns), dict(decisions.values)
    heads = {header_name(c.header.replace(" ▸ ", "▸")) for t in plan.tables() for c in t.columns}
    wrong = []
    for text in given:
        left, _, right = text.partition("=")
        head, at, letters = left.rpartition("@")
        key, field = header_name(head if at else left), _field(ledger, right)
        name = YEAR if left == YEAR_WORD else _field(ledger, left).rpartition(".")[2]
        if key in heads and (field or right == IGNORED):
            columns["", f"{key}@{letters.upper()}" if at else key] = field or IGNORED
        elif key not in heads and name and right:
            values["", name] = EMPTY if right == IGNORED else right
        else:
            wrong.append(text)
    if wrong:
        raise UsageFault(
            message("--set {items}：文件里没有这个表头，或台账里没有这一项。", items=listed(wrong)),
            message("什么都没有收。请照 adopt --preview 列出的表头和项目写。"),
        )
    return Decisions(columns, values, decisions.left_out)


def _field(ledger: LedgerSchema, name: str) -> str:
    """`table.field` of a field by its id, header or another wording; "" where there is none."""
    for table in ledger.tables:
        found = table.header_index.get(header_key(name)) or table.by_id.get(name)
        if found is not None and found.header == name:
            return f"{table.id}.{found.id}"
    for table in ledger.tables:
        found = table.by_id.get(name) or table.header_index.get(header_key(name))
        if found is not None:
            return f"{table.id}.{found.id}"
    return ""
