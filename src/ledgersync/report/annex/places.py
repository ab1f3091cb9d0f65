"""数据出处: in which workbook, on which sheet and in which rows a figure stands, and nothing else.

Rows are named by their numbers, so that nobody is named or located. Of ledgers whose small counts
are hidden (`guarded`) no rows are told, since their number would give the count away.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import groupby

from ledgersync.report.content import Table
from ledgersync.report.reading import Reading
from ledgersync.rollup.figures import Line
from ledgersync.rollup.traced import TracedRow

Rows = Callable[[str], Sequence[TracedRow]]  # of an indicator, for the unit at the top
COLUMNS = ("指标", "单位", "工作簿", "工作表", "计入的行")
PARTS = {"value": "", "numerator": "（分子）", "denominator": "（分母）"}
_RANGES = 24  # that are named of a sheet


def places(reading: Reading, rows: Rows, guarded: Collection[str]) -> Table:
    """A row per figure, unit and sheet, in the order of the figures."""
    found = [
        row
        for line in reading.found.lines
        if line.defined.parts is None
        for row in _of_line(reading, line, rows(line.id), guarded)
    ]
    return Table.of("places", "数据出处", COLUMNS, found, wide=4)


def _of_line(
    reading: Reading, line: Line, rows: Sequence[TracedRow], guarded: Collection[str]
) -> Iterator[tuple[str, ...]]:
    counted = [r for r in rows if r.contribution and r.sheet and r.ledger not in guarded]
    for (unit, file, sheet, part), some in groupby(counted, _where):
        name = reading.found.tree.find(unit).unit.name
        numbers = [row.row for row in some]
        told = ranges(numbers) if any(numbers) else "由上报包，行在报送单位"
        yield f"{line.name}{PARTS[part]}", name, file, sheet, told


def _where(row: TracedRow) -> tuple[str, str, str, str]:
    return row.unit, row.file, row.sheet, row.part


def bare_name(name: str) -> str:
    """The name of an indicator without its part."""
    for part in filter(None, PARTS.values()):
        name = name.removesuffix(part)
    return name


def ranges(numbers: Sequence[int]) -> str:
    """`2-31、35`; of very many the first ones."""
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    spans = [f"{a}" if a == b else f"{a}-{b}" for a, b in runs]
    rest = "…（其余用 trace 查）" if len(spans) > _RANGES else ""
    return "、".join(spans[:_RANGES]) + rest
