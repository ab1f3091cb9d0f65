"""What the page says: every unit's figures in five columns, and which of them stand at the top."""

from collections.abc import Sequence
from datetime import date
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, literal, message
from ledgersync.report.cells import FigureCell, change_at, figure_at
from ledgersync.report.content import Annex, Piece
from ledgersync.report.groups import Topic, topics
from ledgersync.report.marks import Marks
from ledgersync.report.reading import Reading
from ledgersync.rollup.figures import Line, RollUp, Window
from ledgersync.rollup.period.months import caution
from ledgersync.rollup.units.tree import LEVEL_NAMES, Node
from ledgersync.schema import Catalog

COLUMNS = {"now": "本期", "ytd": "本年累计", "base": "上年同期", "yoy": "同比", "mom": "环比"}
_VALUES: tuple[tuple[str, Window], ...] = (
    ("now", "current"),
    ("ytd", "year_to_date"),
    ("base", "year_before"),
)
_CHANGES: tuple[tuple[str, Window], ...] = (("yoy", "year_before"), ("mom", "previous"))
HEADLINES = 8


@dataclass(frozen=True, slots=True)
class BoardRow:
    """One indicator of a unit: a piece for each of COLUMNS, and what a reader must know."""

    line: Line
    pieces: tuple[Piece, ...]
    notes: tuple[Message, ...]

    @property
    def note(self) -> str:
        return "；".join(note.zh for note in self.notes)

    @property
    def by_column(self) -> dict[str, Piece]:
        return dict(zip(COLUMNS, self.pieces, strict=True))


@dataclass(frozen=True, slots=True)
class UnitBoard:
    """A unit with all its figures, in the order of the report's lines."""

    node: Node
    state: str
    rows: tuple[BoardRow, ...]

    @property
    def level(self) -> str:
        return LEVEL_NAMES[self.node.unit.level]


@dataclass(frozen=True)
class Board:
    """The page's content; `leads` are the indicators that the sentences are about."""

    reading: Reading
    catalog: Catalog
    annex: Annex
    leads: Sequence[str]
    made: date

    @property
    def found(self) -> RollUp:
        return self.reading.found

    @cached_property
    def marks(self) -> Marks:
        return Marks(self.found)

    @property
    def title(self) -> Message:
        period = literal(self.reading.period.name, self.reading.period.text)
        return message(
            "{unit}社区工作看板（{period}）", unit=self.reading.top.unit.name, period=period
        )

    @property
    def span(self) -> Message:
        """From when to when, and whether the period is over."""
        period = self.reading.period
        remark = caution(period, self.made)
        days = message(
            "{first} 至 {last}", first=period.first.isoformat(), last=period.last.isoformat()
        )
        return message("{days}，{remark}", days=days, remark=remark) if remark else days

    @cached_property
    def units(self) -> list[UnitBoard]:
        """The top unit first, each followed by what lies beneath it."""
        return [self._unit(node) for node in self.found.tree.under(self.reading.top.code)]

    @cached_property
    def topics(self) -> list[Topic]:
        return topics(self.found, self.catalog)

    @property
    def headlines(self) -> list[Line]:
        return [x for i in self.leads if (x := self.reading.line(i))][:HEADLINES]

    def _unit(self, node: Node) -> UnitBoard:
        rows = tuple(self._row(node, line) for line in self.found.lines)
        return UnitBoard(node, self.marks.reported(node, self.catalog), rows)

    def _row(self, node: Node, line: Line) -> BoardRow:
        figure = self.found.get(node.unit.code, line.id)
        state = self.marks.state(node, line.defined.ledger)
        cells = [figure_at(self.found, node, line, window) for _, window in _VALUES]
        cells += [change_at(self.found, node, line, base) for _, base in _CHANGES]
        pieces = [_piece(cell) for cell in cells]
        if figure is None and state is not None:
            pieces[0] = state.zh
        notes = self.marks.beside(figure, line) if figure is not None else []
        return BoardRow(line, tuple(pieces), tuple(notes))


def _piece(cell: FigureCell) -> Piece:
    """A figure, or the word that stands for none."""
    return cell.shown if cell.shown is not None else str(cell.value)
