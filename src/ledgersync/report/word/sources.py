"""附：数据来源: every figure of the text with its indicator, period and unit, and what it lacks."""

from collections.abc import Iterator, Mapping, Sequence

from ledgersync.report.content import Block, Paragraph, Piece, Sentence, Shown, Table
from ledgersync.report.reading import Reading

_ROLES = {
    "value": "",
    "base": "（基数）",
    "change": "（增减数）",
    "change_rate": "（增减幅度）",
    "extreme": "（各单位比较）",
    "numerator": "（分子）",
    "denominator": "（分母）",
}
_COLUMNS = ("文中数字", "指标", "统计期", "单位")


def sources(
    reading: Reading, figures: Mapping[str, Shown], notes: Sequence[Sequence[Piece]]
) -> Iterator[Block]:
    """The notes, then a table with a row per different figure, in the order of the text."""
    for number, note in enumerate(notes, 1):
        name = f"note.{number}"
        yield Paragraph(name, (Sentence(name, (f"说明{number}：", *note)),))
    rows: dict[tuple[str, ...], list[Piece]] = {}
    for shown in figures.values():
        key = shown.indicator, shown.role, shown.period, shown.unit
        rows.setdefault(key, [shown, *_pieces(reading, shown)])
    if rows:
        yield Table.of("sources", "文中数字的来源", _COLUMNS, rows.values(), wide=1)


def _pieces(reading: Reading, shown: Shown) -> list[Piece]:
    line = reading.line(shown.indicator)
    name = (line.name if line else shown.indicator).removeprefix("其中：")
    role = _ROLES[shown.role]
    if shown.against is not None:
        role = role.replace("（", f"（比{shown.against}的")
    unit = reading.found.tree.find(shown.unit).unit.name
    return [f"{name}{role}", shown.period, unit]
