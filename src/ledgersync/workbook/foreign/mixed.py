"""Rows of other ledgers inside one list: by a column that says so, or by what they fill in."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, counted
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.plan import SHOWN_ROWS
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex

_MOSTLY = 0.9  # of its words name ledgers: the column tells whose each row is
_FEW = 2  # columns that only the other table has
_SUFFIX = re.compile(r"(?:登记)?(?:台账|记录|登记|情况|工作)?(?:表|册|簿)?$")
_LEDGER = "台账"


@dataclass(frozen=True, slots=True)
class Strangers:
    """Rows of a list that are another ledger's, and the headers that say so."""

    ledger: LedgerSchema
    rows: tuple[int, ...]
    headers: tuple[str, ...]
    is_named: bool  # by a column with names of ledgers

    def told(self, sheet: str) -> Message:
        rows = [*map(str, self.rows[:SHOWN_ROWS]), *(["…"] if self.rows[SHOWN_ROWS:] else [])]
        if self.is_named:
            return counted(
                "工作表“{sheet}”有 {n} 行写明是{workbook}的（列“{header}”），不收入这里："
                "第 {rows} 行；请另外 ledgersync adopt {ledger:sh} 收。"
                "都要收进来，把这一列选为“这一列不收”。",
                len(self.rows), sheet=sheet, workbook=self.ledger.workbook,
                header=self.headers[0], rows=rows, ledger=self.ledger.name,
            )  # fmt: skip
        return counted(
            "工作表“{sheet}”有 {n} 行填的是{workbook}的内容（{headers}），不收入这里："
            "第 {rows} 行；请另外 ledgersync adopt {ledger:sh} 收。",
            len(self.rows), sheet=sheet, workbook=self.ledger.workbook,
            headers=list(self.headers), rows=rows, ledger=self.ledger.name,
        )  # fmt: skip


class Sifter:
    """Finds the rows of a list that are not of `ledger`."""

    def __init__(self, ledger: LedgerSchema, catalog: Catalog, index: HeaderIndex) -> None:
        self.ledger, self.catalog, self.index = ledger, catalog, index
        self.names = {_bare(n): x.id for x in catalog.ledgers.values() for n in _names(x)}

    def strangers(
        self, grid: Grid, rows: Sequence[int], columns: Sequence[HeaderColumn], decided: set[int]
    ) -> list[Strangers]:
        """The rows of each other ledger; `decided` are columns that a person has spoken of."""
        for column in columns:
            if column.index in decided:
                continue
            found = self._named(column, _down(grid, rows, column.index))
            if found:
                return [self._by_name(name, at, column) for name, at in found.items()]
        return list(self._by_content(grid, rows, columns))

    def _by_name(self, name: str, rows: Sequence[int], column: HeaderColumn) -> Strangers:
        return Strangers(self.catalog.ledgers[name], tuple(rows), (column.text,), True)

    def _named(self, column: HeaderColumn, words: Mapping[int, str]) -> dict[str, list[int]]:
        """Rows by the other ledger that the column names in them."""
        named = {row: name for row, w in words.items() if (name := self._ledger(w)) is not None}
        others = {row: name for row, name in named.items() if name != self.ledger.id}
        is_telling = self.ledger.id in named.values() and len(named) >= _MOSTLY * len(words)
        if not (is_telling or _LEDGER in column.leaf):
            return {}
        if all(self._is_choice(column, word) for word in words.values()):
            return {}
        found: dict[str, list[int]] = {}
        for row, name in others.items():
            found.setdefault(name, []).append(row)
        return found

    def _ledger(self, word: str) -> str | None:
        """The one ledger that a word names: by its name, a sheet's, or how its title begins."""
        bare = _bare(word)
        if bare in self.names:
            return self.names[bare]
        begun = {
            x.id
            for x in self.catalog.ledgers.values()
            if len(bare) > 1 and any(n.startswith(bare) for n in (x.name, x.workbook, x.title))
        }
        return begun.pop() if len(begun) == 1 else None

    def _is_choice(self, column: HeaderColumn, word: str) -> bool:
        """It is a choice of this ledger's own: who gets 低保 may be visited for it."""
        for table in self.ledger.tables:
            match = self.index.match((self.ledger.id, table.id), column)
            if match is not None and match.field.type in ("choice", "choices"):
                return ChoiceReader(match.field).one(word) is not None
        return False

    def _by_content(
        self, grid: Grid, rows: Sequence[int], columns: Sequence[HeaderColumn]
    ) -> Iterator[Strangers]:
        """Rows that say nothing of this ledger and all that a table of another one needs."""
        own, needed = self._fields(self.ledger.id, columns)
        left = list(rows)
        for (ledger, _), table in self.index.tables.items():
            if ledger == self.ledger.id:
                continue
            matches = [(c, self.index.match((ledger, table.id), c)) for c in columns]
            theirs = {c.index: m.field for c, m in matches if m is not None}
            have = {f.id for f in theirs.values()}
            only, ours = theirs.keys() - own, own - theirs.keys()
            if len(only) < _FEW or not ours & needed or {f.id for f in table.required} - have:
                continue
            must = {c for c, f in theirs.items() if f.required}
            found = [r for r in left if _fills(grid, r, must, only, ours)]
            if found and len(found) < len(left):
                left = [r for r in left if r not in found]
                heads = tuple(c.text for c in columns if c.index in only)
                yield Strangers(self.catalog.ledgers[ledger], tuple(found), heads, False)

    def _fields(self, ledger: str, columns: Sequence[HeaderColumn]) -> tuple[set[int], set[int]]:
        """Columns that the ledger's tables know, and those of what a table cannot do without."""
        known: set[int] = set()
        needed: set[int] = set()
        for table in self.catalog.ledgers[ledger].tables:
            for c in columns:
                match = self.index.match((ledger, table.id), c)
                if match is not None:
                    known.add(c.index)
                    needed |= {c.index} if match.field.required else set()
        return known, needed


def _fills(grid: Grid, row: int, must: set[int], only: set[int], ours: set[int]) -> bool:
    filled = {c for c, _ in grid.filled(row)}
    return must <= filled and len(filled & only) >= _FEW and not filled & ours


def _names(ledger: LedgerSchema) -> Iterator[str]:
    yield from (ledger.name, ledger.workbook, ledger.title, ledger.id)
    yield from (t.sheet for t in ledger.tables)


def _bare(word: str) -> str:
    whole = squeeze(word)
    return _SUFFIX.sub("", whole) or whole


def _down(grid: Grid, rows: Sequence[int], column: int) -> dict[int, str]:
    """The words of a column by row, those of merged cells in each of their rows."""
    tops = {
        row: m.top
        for m in grid.merges
        if m.left <= column <= m.right and m.height > 1
        for row in range(m.top, m.bottom + 1)
    }
    texts = {row: grid.cell(tops.get(row, row), column) for row in rows}
    return {row: typed(raw).strip() for row, raw in texts.items() if not is_blank(raw)}
