"""What stands beside a figure: who is missing from it, what is not known, what could not be read.

A total says how many of its communities it is of; a unit without a ledger says why instead of a
number.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, listed, message
from ledgersync.report.wording import value_text
from ledgersync.rollup.facts import MissingKind
from ledgersync.rollup.figures import Figure, Line, RollUp, Window
from ledgersync.rollup.units.tree import Node
from ledgersync.schema import Catalog

REPORTED = "已报"
_NAMED = 3  # so many units are named, of more their number
_AS_REPORTED: dict[Window, Message] = {
    "year_before": message("上年同期为当时报出的数，现在的台账为 {now}"),
    "previous": message("上期为关账（锁定）时的数，现在的台账为 {now}"),
}
_BASES: Mapping[Window, Message] = {"year_before": message("同比"), "previous": message("环比")}
STATES: Mapping[MissingKind, Message] = {
    "absent": message("缺报"),
    "unreadable": message("读不出"),
    "no_table": message("缺表"),
    "empty": message("空台账"),
    "not_begun": message("无此期台账"),
    "foreign": message("非本单位台账"),
    "ambiguous": message("文件夹不明"),
    "returned": message("已退回"),
}


@dataclass(frozen=True)
class Marks:
    """Answers for all figures of a roll-up."""

    found: RollUp

    @cached_property
    def _kinds(self) -> dict[tuple[str, str | None], MissingKind]:
        """By unit and ledger, None for all ledgers; of several reasons the first."""
        kinds: dict[tuple[str, str | None], MissingKind] = {}
        for missing in self.found.missing:
            kinds.setdefault((missing.unit, missing.ledger), missing.kind)
        return kinds

    def state(self, node: Node, ledger: str) -> Message | None:
        """Why a unit has no figures of a ledger; None where nothing is missing."""
        unit = node.unit.code
        kind = self._kinds.get((unit, None)) or self._kinds.get((unit, ledger))
        return STATES[kind] if kind else None

    def is_silent(self, node: Node) -> bool:
        """Nothing came of it at all."""
        return (node.unit.code, None) in self._kinds

    def reported(self, node: Node, catalog: Catalog) -> str:
        """已报, or what is the matter with which ledgers; above communities, how many lack some."""
        if node.unit.level == "community":
            return self._own_state(node, catalog)
        below = {n.unit.code for n in self.found.tree.under(node.code)}
        missing = {m.unit for m in self.found.missing if m.unit in below}
        return f"{len(missing)} 个单位有缺报" if missing else REPORTED

    def _own_state(self, node: Node, catalog: Catalog) -> str:
        if self.is_silent(node):
            return "缺报"
        if node.unit.code in self.found.nothing_in:
            return "空台账"
        names = ((ledger.name, self.state(node, ledger.id)) for ledger in catalog)
        return "；".join(f"{name}：{reason.zh}" for name, reason in names if reason) or REPORTED

    def beside(self, figure: Figure | None, line: Line) -> list[Message]:
        """Everything that a reader of the figure must know."""
        if figure is None:
            state = self.state(self.found.tree.nodes[self.found.tree.root], line.defined.ledger)
            return [state] if state else []
        return [*self.lacks(figure, line), *self._compared(figure), *self._reported(figure, line)]

    def lacks(self, figure: Figure, line: Line) -> list[Message]:
        """The units that it is not of, and rows that may belong to it."""
        return [*self._range(figure), *lacks(figure, line)]

    def _compared(self, figure: Figure) -> Iterator[Message]:
        """Why it is not compared."""
        for base, name in _BASES.items():
            why = self.found.not_comparable.get((figure.unit, figure.indicator, base))
            if why:
                yield message("{change}不可比：{why}", change=name, why=why)

    def _reported(self, figure: Figure, line: Line) -> Iterator[Message]:
        """Where an earlier number is the one that was reported then, and the rows say another."""
        for base, text in _AS_REPORTED.items():
            then = self.found.get(figure.unit, figure.indicator, base)
            if then is not None and then.by_rows is not None:
                now = value_text(replace(then, value=then.by_rows), line)
                yield text.filled(now=now)

    def _range(self, figure: Figure) -> Iterator[Message]:
        counted = figure.counted
        if counted.lacks:
            yield message(
                "{n}/{of} 个社区，缺：{who}",
                n=len(counted.units),
                of=len(counted.expected),
                who=self.names(counted.lacks),
            )

    def names(self, codes: Sequence[str]) -> Message:
        """The units by name, or how many there are."""
        if len(codes) > _NAMED:
            return message("{n} 个社区", n=len(codes))
        return listed([self.found.tree.nodes[code].unit.name for code in sorted(codes)])

    def lacking(self, node: Node, lines: Sequence[Line]) -> Message | None:
        """The communities that some of these figures of a unit lack."""
        figures = (self.found.get(node.unit.code, line.id) for line in lines)
        codes = dict.fromkeys(code for f in figures if f for code in f.counted.lacks)
        return message("缺：{who}", who=self.names(tuple(codes))) if codes else None


def lacks(figure: Figure, line: Line) -> list[Message]:
    """Rows that may belong to a figure."""
    return [*_unknown(figure, line), *_unread(figure)]


def _unknown(figure: Figure, line: Line) -> Iterator[Message]:
    if figure.excluded:
        yield message(
            "不完整：另有 {n} 条不知（{why}）",
            n=figure.excluded,
            why=line.defined.indicator.unknown_why,
        )


def _unread(figure: Figure) -> Iterator[Message]:
    if figure.left_out:
        yield message("另有 {n} 行认不出，没有计入", n=figure.left_out)
