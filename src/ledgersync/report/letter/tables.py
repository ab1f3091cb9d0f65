"""The small tables of a work summary, as rows of pieces."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ledgersync.report.content import Block, Paragraph, Piece, Sentence, Shown, Table
from ledgersync.report.letter.spread import Spread, extreme
from ledgersync.report.reading import Reading, percent, plain_text
from ledgersync.report.wording import NOTHING
from ledgersync.rollup.figures import Line
from ledgersync.rollup.units.tree import LEVEL_NAMES, Node

if TYPE_CHECKING:
    from ledgersync.report.letter.compose import Order

SIX = 6  # numbers of a 季报
_FEW = 4  # units that need no table
_WIDE = 5  # figures side by side


def compared(reading: Reading, indicators: Sequence[str]) -> Table:
    """本期, 上年同期 and the change, a figure per row."""
    rows = {}
    for line in (x for i in indicators if (x := reading.line(i))):
        change = reading.change(line.id)
        base: Piece = NOTHING
        told: Piece = NOTHING
        if change is not None:
            text = plain_text(change.then, line)
            base = _piece(reading, line, text, "base", change.then, change.against)
            told = _told(reading, line)
        shown = alike(reading.shown(line.id) or NOTHING, base)
        rows[f"{line.name}（{line.measure}）"] = [*shown, told]
    heads = ("指标", "本期", "上年同期", "增减")
    return Table.of("compared", "主要数字", heads, _named(rows))


def _named(rows: Mapping[str, Sequence[Piece]]) -> Iterator[list[Piece]]:
    return ([name, *cells] for name, cells in rows.items())


def alike(*pieces: Piece) -> list[Piece]:
    """Figures beside each other with as many decimals as the one that has most."""
    texts = [piece.text.rstrip("%") for piece in pieces if isinstance(piece, Shown)]
    most = max((len(text.partition(".")[2]) for text in texts), default=0)
    return [_with_decimals(p, most) if isinstance(p, Shown) else p for p in pieces]


def _with_decimals(shown: Shown, count: int) -> Shown:
    bare = shown.text.rstrip("%")
    whole, _, decimals = bare.partition(".")
    if not whole.lstrip("-").isdigit() or not count:
        return shown
    text = f"{whole}.{decimals.ljust(count, '0')}{shown.text[len(bare) :]}"
    return replace(shown, text=text)


def _told(reading: Reading, line: Line) -> Piece:
    change = reading.change(line.id)
    assert change is not None
    if line.is_ratio:
        text = f"{float(change.difference) * 100:+.1f}个百分点"
        return _piece(reading, line, text, "change", change.difference, change.against)
    sign = "+" if change.rate > 0 else "-" if change.rate < 0 else ""
    text = f"{sign}{percent(abs(change.rate))}"
    return _piece(reading, line, text, "change_rate", change.rate, change.against)


def _piece(
    reading: Reading, line: Line, text: str, role: str, value: object, against: str
) -> Shown:
    unit = reading.top.unit.code
    if role == "base":
        return Shown(text, line.id, against, unit, "base", value)  # type: ignore[arg-type]
    return Shown(text, line.id, reading.period.text, unit, role, value, against)  # type: ignore[arg-type]


def course(reading: Reading, parts: Sequence[Reading], indicators: Sequence[str]) -> Table:
    """The figures of the parts of a period side by side: the year's quarters."""
    lines = [x for i in indicators if (x := reading.line(i)) and x.defined.indicator.kind == "flow"]
    rows = {
        f"{line.name}（{line.measure}）": [part.shown(line.id) or NOTHING for part in parts]
        for line in lines[:SIX]
    }
    columns = [part.period.name.removeprefix(f"{part.period.year}年") for part in parts]
    return Table.of("course", "各季度情况", ("指标", *columns), _named(rows))


def spread(reading: Reading, indicators: Sequence[str], order: Order, name: str) -> Iterator[Block]:
    """The units of the level beside each other: the highest and the lowest, and a table of many."""
    compared_units = Spread(reading, order.level)
    nodes = compared_units.nodes
    lines = [x for i in indicators if (x := reading.line(i))][:_WIDE]
    if len(nodes) < 2 or not lines:
        return
    sentence = _extremes(compared_units, lines[0], name)
    if sentence is not None:
        yield sentence
    if len(nodes) > _FEW:
        yield side_by_side(reading, nodes, lines, name)


def side_by_side(
    reading: Reading, nodes: Sequence[Node], lines: Sequence[Line], name: str
) -> Table:
    """合计 first."""
    rows = {"合计": [reading.shown(x.id) or NOTHING for x in lines]}
    for node in nodes:
        rows[node.unit.name] = [reading.shown(x.id, node.unit.code) or NOTHING for x in lines]
    columns = [f"{x.name.removeprefix('其中：')}（{x.measure}）" for x in lines]
    level = LEVEL_NAMES[nodes[0].unit.level]
    return Table.of(f"{name}.units", f"各{level}情况", ("单位", *columns), _named(rows))


def _extremes(spread: Spread, line: Line, name: str) -> Paragraph | None:
    found = spread.of(line.id)
    if len(found) < 2 or found[0][0].value == found[-1][0].value:
        return None
    level = LEVEL_NAMES[found[0][1].unit.level]
    (most, top), (least, last) = found[0], found[-1]
    pieces: tuple[Piece, ...] = (
        f"分{level}看，{line.name}最多的是{top.unit.name}，为",
        extreme(most),
        f"{line.measure}；最少的是{last.unit.name}，为",
        extreme(least),
        f"{line.measure}。",
    )
    if line.is_ratio:
        pieces = tuple(p.replace("%", "") if isinstance(p, str) else p for p in pieces)
    return Paragraph(f"{name}.spread", (Sentence(f"{name}.spread", pieces),))
