"""缺报与迟报: which ledgers of which unit are in, since when they have rows, what came late."""

from collections.abc import Iterator, Sequence

from ledgersync.report.annex.trends import month_label
from ledgersync.report.content import Piece, Table
from ledgersync.report.marks import REPORTED, Marks
from ledgersync.report.reading import Reading
from ledgersync.report.wording import NOTHING
from ledgersync.rollup.handins import STATES, HandIn
from ledgersync.rollup.units.tree import Node
from ledgersync.schema import Catalog, LedgerSchema

COUNTS = ("units_expected", "units_missing", "units_late")


def completeness(reading: Reading, catalog: Catalog) -> tuple[Table, ...]:
    """The counts, then unit by ledger, the reasons, and the hand-ins; without empty tables."""
    counted = [n for n in catalog if any(x.defined.ledger == n.id for x in reading.found.lines)]
    tables = (
        Table.of("completeness.counts", "报送总数", ("指标", "数", "计量单位"), _counts(reading)),
        _by_ledger(reading, counted),
        _reasons(reading, catalog),
        _hand_ins(reading),
    )
    return tuple(t for t in tables if t.rows)


def _counts(reading: Reading) -> Iterator[Sequence[Piece]]:
    for name in COUNTS:
        line, shown = reading.line(name), reading.shown(name)
        if line is not None:
            yield line.name, shown or NOTHING, line.measure


def _by_ledger(reading: Reading, ledgers: Sequence[LedgerSchema]) -> Table:
    """A community per row: since when each of its ledgers has rows, or why it has none."""
    marks, tree = Marks(reading.found), reading.found.tree
    rows: list[list[Piece]] = []
    for node in tree:
        if node.unit.level == "community":
            above = tree.nodes.get(node.parent or "")
            states = [_state(reading, marks, node, ledger) for ledger in ledgers]
            rows.append([node.unit.name, above.unit.name if above else NOTHING, *states])
    columns = ("单位", "上级", *(ledger.name for ledger in ledgers))
    return Table.of("completeness.ledgers", "各社区台账（有数据的起始日）", columns, rows)


def _state(reading: Reading, marks: Marks, node: Node, ledger: LedgerSchema) -> str:
    state = marks.state(node, ledger.id)
    if state is not None:
        return state.zh
    since = reading.found.since.get((node.unit.code, ledger.id))
    return f"{since.isoformat()} 起" if since else REPORTED


FULL, PARTLY = "齐", "部分"


def by_month(reading: Reading, catalog: Catalog, months: Sequence[Reading]) -> Table:
    """A community per row, a month per column: all ledgers, some, or why none."""
    counted = [n for n in catalog if any(x.defined.ledger == n.id for x in reading.found.lines)]
    marks = [Marks(month.found) for month in months]
    rows: list[list[Piece]] = [
        [node.unit.name, *(_whole(each, node, counted) for each in marks)]
        for node in reading.found.tree
        if node.unit.level == "community"
    ]
    columns = ("单位", *(month_label(month.period) for month in months))
    return Table.of("completeness.months", "逐月台账", columns, rows)


def _whole(marks: Marks, node: Node, ledgers: Sequence[LedgerSchema]) -> str:
    states = {state.zh if (state := marks.state(node, n.id)) else FULL for n in ledgers}
    return states.pop() if len(states) == 1 else PARTLY


def _reasons(reading: Reading, catalog: Catalog) -> Table:
    tree = reading.found.tree
    rows = [
        (
            tree.find(m.unit).unit.name,
            catalog.ledgers[m.ledger].name if m.ledger else "全部",
            m.reason.zh,
        )
        for m in reading.found.missing
    ]
    title = "缺报的单位和台账（未计入合计，不按零处理）"
    return Table.of("completeness.missing", title, ("单位", "台账", "原因"), rows, wide=2)


def _hand_ins(reading: Reading) -> Table:
    """Where units submit packages at all."""
    tree = reading.found.tree
    rows = [
        (
            tree.find(h.unit).unit.name,
            STATES[h.state].zh,
            f"第{h.version}版" if h.version else NOTHING,
            h.due.day.isoformat(),
            h.received.isoformat() if h.received else NOTHING,
            _in_time(h),
        )
        for h in reading.found.hand_ins
    ]
    columns = ("单位", "状态", "版本", "应报日期", "收到日期", "是否按时")
    return Table.of("completeness.hand_ins", "上报包的报送", columns, rows)


def _in_time(hand_in: HandIn) -> str:
    if not hand_in.is_late:
        return "按时" if hand_in.on_time else "未到期"
    if hand_in.received is None:
        return f"迟报，已过{hand_in.days_late}天"
    return f"迟报{(hand_in.received - hand_in.due.day).days}天"
