"""The columns of a list as a preview shows them; those of bank accounts stay out."""

import re
from collections.abc import Iterator, Sequence

from ledgersync.messages import Message, message
from ledgersync.workbook.foreign.assigned import Assigned, Cells
from ledgersync.workbook.foreign.heads import samples_of
from ledgersync.workbook.foreign.plan import ColumnPlan
from ledgersync.workbook.read.layout.headers import HeaderColumn

_ACCOUNT = re.compile("银行|开户行|(?<!微信)(?<!QQ)(?:账号|帐号|账户|帐户)|一卡通")


def is_of_accounts(column: HeaderColumn) -> bool:
    """Bank accounts, which no copy of a community holds."""
    return _ACCOUNT.search(column.leaf) is not None


def told_of_accounts(
    sheet: str, columns: Sequence[HeaderColumn], pair: Sequence[Assigned]
) -> Iterator[Message]:
    found = [c.text for c in columns if is_of_accounts(c) and _is_left(c, pair)]
    if found:
        yield message(
            "工作表“{sheet}”的列“{heads}”是银行账号，不收：社区的台账里不留银行账号。要留，在接收预览里"
            "把它改为“保留为本单位自己的列”。", sheet=sheet, heads=found,
        )  # fmt: skip


def _is_left(column: HeaderColumn, pair: Sequence[Assigned]) -> bool:
    return all(column.index in a.ignored for a in pair)


def columns_of(
    columns: Sequence[HeaderColumn], cells: Cells, pair: Sequence[Assigned], number: int
) -> Iterator[ColumnPlan]:
    """The columns of one of the tables; what is of neither is shown with the first."""
    mine = pair[number]
    for column in columns:
        at = column.index
        if column.is_serial and not any(at in a.fields for a in pair):
            continue
        of = mine if at in mine.fields else None
        if of is None and any(at in a.fields for a in pair):
            continue
        likely = next((a for a in pair if a.proposals.get(at)), pair[0])
        if of is None and likely is not mine:
            continue
        table = (of or likely).table.id
        proposals = tuple(f.id for f in likely.proposals.get(at, ())) if of is None else ()
        yield ColumnPlan(
            at, column.text, samples_of(cells[at]), table,
            of.fields[at].field.id if of else None, of.confidence.get(at, 1.0) if of else 0.0,
            proposals, of is None and _is_left(column, pair),
        )  # fmt: skip
