"""`read`: a workbook as tables of typed values; no workspace is needed for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.api.found import Findings, FoundFinding
from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.model import TableData, WorkbookData
from ledgersync.schema import Catalog, TableSchema

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Table:
    """A table of a workbook: which ledger's it is, and its records as they stand on their sheet."""

    file: str
    schema: TableSchema
    data: TableData

    @property
    def name(self) -> str:
        """`ledger.table`, such as `visit.visits`."""
        return f"{self.data.ledger}.{self.data.table}"

    @property
    def sheet(self) -> str:
        """The sheet that it stands on."""
        return self.data.sheet

    @property
    def records(self) -> list[str | None]:
        """The record id of every row; None where the file does not carry it."""
        return self.data.record_ids or [None] * len(self)

    def __len__(self) -> int:
        return len(self.data.rows)

    def to_frame(self) -> pd.DataFrame:
        """One row a record, index (sheet, row), a column per field of the ledger.

        Columns that are no field of the ledger follow, as texts, under their own headers. A cell
        that cannot be read is empty: `attrs["unread"]` counts them, `Book.findings` names them.

        >>> frame = ls.read("走访.xlsx")["visit.visits"].to_frame()
        >>> frame.loc[("走访记录", 4), ["date", "grid", "method"]].tolist()
        [Timestamp('2022-06-01 00:00:00'), '第1网格', '入户']
        >>> frame.dtypes[["visit_no", "date", "method", "round", "group"]].astype(str).tolist()
        ['string', 'datetime64[s]', 'category', 'Int64', 'list<item: string>[pyarrow]']
        >>> frame.attrs["title"], frame.attrs["source"], frame.attrs["unread"]
        ('走访记录', '走访.xlsx', 0)
        """
        import pandas as pd

        from ledgersync.api.frames import records_frame

        places = ((self.sheet, row) for row in self.data.rows)
        index = pd.MultiIndex.from_tuples(places, names=["sheet", "row"])
        frame = records_frame(self.schema, self.data.values, index, source=self.file)
        for header, texts in self.data.extras.items():
            name = header if header not in frame.columns else f"{header}_"
            frame[name] = pd.array(texts, dtype="string")
        return frame


@dataclass(frozen=True)
class Book:
    """A workbook that was read: its tables, and what is wrong in it."""

    path: Path
    data: WorkbookData
    catalog: Catalog
    today: date

    @property
    def sha256(self) -> str:
        """Which bytes were read."""
        return self.data.sha256

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """The tables in the order in which they stand in the file."""
        return tuple(
            Table(self.data.file, self.catalog.table(t.ledger, t.table), t)
            for t in self.data.tables
        )

    def __getitem__(self, name: str) -> Table:
        """The first table of this name (`visit.visits`); raises KeyError where there is none."""
        found = next((t for t in self.tables if name in (t.name, t.sheet)), None)
        if found is None:
            raise KeyError(name)
        return found

    @cached_property
    def found(self) -> Findings:
        """What is wrong in the file, each fault at its cell."""
        from ledgersync.sync.check import Checker  # only who asks waits for the rules

        checked = Checker(self.catalog, self.today).data(self.path, self.data)
        return Findings(tuple(map(FoundFinding.of, checked.findings)))

    def findings(self) -> pd.DataFrame:
        """What is wrong in the file as a frame: file, sheet, row, column, cell, field, rule, …

        >>> book.findings().query("severity == 'error'")[["cell", "field", "rule"]]
          cell field         rule
        2   B6  date  date.future
        """
        return self.found.to_frame()


def read(
    path: str | Path,
    *,
    ledgers: str | Path | None = None,
    password: str | None = None,
    today: date | None = None,
) -> Book:
    """Reads a workbook of any layout: `.xlsx`, `.xlsm`, `.xls`, `.et`, `.csv`.

    `ledgers` is a folder with further ledgers (TOML), `today` the last day that is no future.
    Personal data come as they are: whoever calls has the file. Raises UnreadableFile.

    >>> book = ls.read("走访.xlsx")
    >>> [(table.name, len(table)) for table in book.tables]
    [('visit.visits', 3), ('visit.issues', 0)]
    """
    path, day, catalog = Path(path), today or _today(), catalog_of(ledgers)
    [data] = read_files([path], catalog, day, password)
    if isinstance(data, UnreadableFile):
        raise data
    return Book(path, data, catalog, day)


def read_files(
    paths: Sequence[Path], catalog: Catalog, today: date, password: str | None = None
) -> Iterator[WorkbookData | UnreadableFile]:
    """What is seen in each of these workbooks, or why it cannot be read."""
    from ledgersync.workbook.foreign.two import with_two_tables
    from ledgersync.workbook.read import read_workbooks

    read = read_workbooks(paths, catalog, today=today, password=password)
    for path, data in zip(paths, read, strict=True):
        if isinstance(data, UnreadableFile):
            yield data
        else:
            yield with_two_tables(data, path, catalog, today, password)


def check(
    *paths: str | Path,
    ledgers: str | Path | None = None,
    password: str | None = None,
    today: date | None = None,
) -> Findings:
    """The findings of workbooks that are checked together, so that references are followed.

    Raises UnreadableFile for the first that cannot be read.

    >>> found = ls.check("走访.xlsx")
    >>> found.count("error"), [(f.cell, f.rule) for f in found if f.severity == "error"]
    (1, [('B6', 'date.future')])
    """
    from ledgersync.sync.check import check_files

    files = [Path(path) for path in paths]
    report = check_files(files, catalog_of(ledgers), today or _today(), password=password)
    if report.unreadable:
        raise report.unreadable[0][1]
    return Findings(tuple(map(FoundFinding.of, report.findings)))


def catalog_of(ledgers: str | Path | None) -> Catalog:
    """The package's own ledgers and those of a folder."""
    from ledgersync.schema import load_catalog

    return load_catalog([Path(ledgers)] if ledgers else [])


def _today() -> date:
    from ledgersync.workspace import clock

    return clock.today()
