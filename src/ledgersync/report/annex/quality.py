"""数据质量: rates with their two parts, rows that could not be counted, what does not balance."""

from collections.abc import Iterator, Sequence

from ledgersync.report.content import Piece, Table
from ledgersync.report.marks import lacks
from ledgersync.report.reading import Reading
from ledgersync.report.wording import NOTHING
from ledgersync.rollup.figures import Line
from ledgersync.rollup.units.tree import Node


def quality(reading: Reading, nodes: Sequence[Node]) -> tuple[Table, ...]:
    """Of the top unit and `nodes`; without empty tables."""
    every = [reading.top, *(n for n in nodes if n is not reading.top)]
    tables = (
        _rates(reading, every),
        _uncounted(reading, every),
        _unbalanced(reading),
        _marked(reading, every),
        _remarks(reading),
    )
    return tuple(t for t in tables if t.rows)


def _rates(reading: Reading, nodes: Sequence[Node]) -> Table:
    """The rates of no single ledger: of how many, how many, how much."""
    lines = [x for x in reading.found.lines if x.defined.is_common and x.is_ratio]
    columns = ["单位"]
    for line in lines:
        over, under = (line.defined.indicator.part_names or ("分子", "分母"))[:2]
        columns += [over, under, line.name]
    rows = [
        [_name(reading, node), *(p for line in lines for p in _parts(reading, node, line))]
        for node in nodes
    ]
    return Table.of("quality.rates", "各单位数据质量", columns, rows)


def _parts(reading: Reading, node: Node, line: Line) -> list[Piece]:
    code = node.unit.code
    parts = [reading.part(line.id, role, code) for role in ("numerator", "denominator")]
    return [part or NOTHING for part in (*parts, reading.shown(line.id, code))]


def _name(reading: Reading, node: Node) -> str:
    return "合计" if node is reading.top else node.unit.name


def _uncounted(reading: Reading, nodes: Sequence[Node]) -> Table:
    """Rows of which nobody knows whether they belong to a figure."""
    found: dict[tuple[str, str], list[str]] = {}
    for node in nodes:
        for line in reading.found.lines:
            figure = reading.figure(line.id, node.unit.code)
            for lack in lacks(figure, line) if figure else ():
                found.setdefault((_name(reading, node), lack.zh), []).append(line.name)
    rows = [(unit, lack, "、".join(names)) for (unit, lack), names in found.items()]
    columns = ("单位", "情况", "涉及的指标")
    return Table.of("quality.rows", "没有计入或不能确定的行", columns, rows, wide=2)


def _unbalanced(reading: Reading) -> Table:
    tree = reading.found.tree
    rows = [
        (tree.find(i.unit).unit.name, i.name, f"{i.left}", f"{i.right}")
        for i in reading.found.imbalances
    ]
    columns = ("单位", "应当相等", "左边", "右边")
    return Table.of("quality.balance", "数据不平衡，请核对", columns, rows, wide=1)


def _marked(reading: Reading, nodes: Sequence[Node]) -> Table:
    """What could not be told together from the packages that units sent."""
    found: dict[tuple[str, str], list[str]] = {}
    for node in nodes:
        for line in reading.found.lines:
            figure = reading.figure(line.id, node.unit.code)
            if figure and figure.mark:
                found.setdefault((_name(reading, node), figure.mark), []).append(line.name)
    rows = [(unit, mark, "、".join(names)) for (unit, mark), names in found.items()]
    title = "由上报包合并的数（相加而未跨单位去重的，可能偏大）"
    return Table.of("quality.marks", title, ("单位", "说明", "涉及的指标"), rows, wide=2)


def _remarks(reading: Reading) -> Table:
    rows = list(_remark_rows(reading))
    return Table.of("quality.remarks", "其他说明", ("单位", "说明"), rows, wide=1)


def _remark_rows(reading: Reading) -> Iterator[tuple[str, str]]:
    tree = reading.found.tree
    for remark in reading.found.remarks:
        unit = tree.find(remark.unit).unit.name if remark.unit else "—"
        yield unit, remark.text.zh
