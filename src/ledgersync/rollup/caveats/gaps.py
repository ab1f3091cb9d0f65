"""What a period lacks though its folders are there: empty ledgers, rows that are no unit's."""

from collections.abc import Iterator

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, listed, message
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines import table_name
from ledgersync.rollup.facts import MissingUnit, Remark
from ledgersync.rollup.units.coverage import Span
from ledgersync.rollup.units.tree import Node
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema


@dataclass(frozen=True)
class Gaps:
    """Looks at the current window of an engine."""

    engine: Engine

    @property
    def span(self) -> Span:
        return self.engine.spans[self.engine.windows["current"]]

    def missing(self) -> Iterator[MissingUnit]:
        """Ledgers without a row, or whose first row is later than the period."""
        catalog = self.engine.definitions.catalog
        definitions = self.engine.definitions
        needed = {key[0] for defined in definitions for key in definitions.needs(defined)}
        wanted = [ledger.id for ledger in catalog if ledger.id in needed]
        for code, name, standing in self.engine.coverage.faults(wanted, self.span):
            unit, ledger = self.engine.tree.nodes[code].unit, catalog.ledgers[name]
            if standing == "empty":
                yield MissingUnit(unit.code, _empty(ledger), name, "empty")
            else:
                yield MissingUnit(unit.code, self._not_begun(code, ledger), name, "not_begun")

    def _not_begun(self, code: str, ledger: LedgerSchema) -> Message:
        first = self.engine.coverage.holdings[code, ledger.id].since.isoformat()
        return message(
            "无此期台账：{workbook}从 {first} 起才有记录，不按零计",
            workbook=ledger.workbook,
            first=first,
        )

    def remarks(self) -> Iterator[Remark]:
        """Rows of the period that no unit owns, and units that ended without an heir."""
        if not self.engine.limited:
            return
        for ledger, table in self.engine.definitions.catalog.tables():
            field = ledger.dated_by(table.id)
            if field:
                yield from self._unowned(ledger, table, field)
        for node in self.engine.tree:
            if self._leaves_nobody(node):
                yield Remark("ended_unit", _ended(node), node.unit.code)

    def _unowned(
        self, ledger: LedgerSchema, table: TableSchema, field: FieldSchema
    ) -> Iterator[Remark]:
        key = ledger.id, table.id
        window = self.engine.windows["current"]
        sql = (
            f'SELECT f._unit, count(*), min(f."{field.id}"), max(f."{field.id}") '
            f"FROM {table_name(key)} f JOIN _windows w "
            f'ON f."{field.id}" BETWEEN w._first AND w._last WHERE w._window = {window} '
            "AND NOT EXISTS (SELECT 1 FROM _places p WHERE p._under = f._unit "
            f'AND f."{field.id}" BETWEEN p._since AND p._until) '
            "AND NOT EXISTS (SELECT 1 FROM _shared s WHERE s._source = f._source "
            "AND s._unit = f._unit AND s._record = f._record) GROUP BY f._unit"
        )
        codes = {number: code for code, number in self.engine.store.units.items()}
        for unit, rows, first, last in self.engine.store.run(ledger.id, table.id, sql):
            node = self.engine.tree.nodes[codes[unit]]
            days = message("{first} 至 {last}", first=first, last=last)
            days = days if first < last else listed([first])
            text = _nobodys(node, ledger.workbook, table.sheet, rows, days)
            yield Remark("unowned_rows", text, node.unit.code, ledger.id)

    def _leaves_nobody(self, node: Node) -> bool:
        """It ended in this period, and what becomes of its rows is not said."""
        ended = self.span.first <= node.ends < self.span.last
        heir = self.engine.tree.counted_as(node.code, self.span.last)
        return ended and heir == node.code and node.code in self.engine.kept


def _empty(ledger: LedgerSchema) -> Message:
    return message("空台账：{workbook}里没有一条记录，不按零计", workbook=ledger.workbook)


def _nobodys(node: Node, workbook: str, sheet: str, rows: int, days: Message) -> Message:
    return message(
        "{name}的{workbook}“{sheet}”有 {rows} 行（{days}）不在该单位的存续期内，"
        "也没有唯一的承接或前身单位可算，没有计入。请核对日期，或在 ledgersync.toml 里改正 "
        "valid_from、valid_to、succeeded_by",
        name=node.unit.name,
        workbook=workbook,
        sheet=sheet,
        rows=rows,
        days=days,
    )


def _ended(node: Node) -> Message:
    day = node.ends.isoformat()
    return message(
        "{name}到 {day} 为止，没有写明唯一的承接单位（succeeded_by）：此后它的台账不计入任何单位",
        name=node.unit.name,
        day=day,
    )
