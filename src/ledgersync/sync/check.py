"""`check`: the findings of files, or of a workspace's primaries with the rules across ledgers.

Outside a workspace the files are checked together, so that references between them are followed;
inside one, they are followed into the primaries too. What cannot be read is told, and the rest
goes on. No workbook is changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ledgersync.checks import WorkCalendar, check_workbook
from ledgersync.checks.cross import CrossSettings, cross_findings
from ledgersync.checks.sheets import Sheet
from ledgersync.dataclass import dataclass
from ledgersync.errors import UnreadableFile
from ledgersync.messages import literal, message
from ledgersync.model import Finding, RecordFinding, Rows, TableData, WorkbookData
from ledgersync.schema import Catalog, LedgerSchema, TableKey
from ledgersync.sync.results import FOREIGN
from ledgersync.sync.staff.scope import scopes_of
from ledgersync.sync.stamps import whose
from ledgersync.workbook.read import read_workbooks
from ledgersync.workspace import Workspace
from ledgersync.workspace.place import archive_paths

if TYPE_CHECKING:
    from ledgersync.facts.reader import PartReader, Wanted


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """One file with its findings, in the order of its cells."""

    path: Path
    name: str
    records: int
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class CheckReport:
    """All that a check says; `unreadable` are files that it could not open, and why."""

    files: list[CheckedFile] = field(default_factory=list)
    unreadable: list[tuple[Path, UnreadableFile]] = field(default_factory=list)

    @property
    def findings(self) -> list[Finding]:
        return [finding for file in self.files for finding in file.findings]

    def count(self, severity: str) -> int:
        return sum(f.severity == severity for f in self.findings)

    def add(self, other: CheckReport) -> None:
        """Takes in what another check said."""
        self.files += other.files
        self.unreadable += other.unreadable


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook that was read."""

    path: Path
    data: WorkbookData

    @property
    def records(self) -> int:
        return sum(len(table.rows) for table in self.data.tables)


Place = tuple[Path, LedgerSchema]  # a workbook, and the ledger of which its rows count


@dataclass
class Books:
    """Workbooks that are looked at together, and their records by table."""

    catalog: Catalog
    today: date
    books: list[Book] = field(default_factory=list)

    def read(self, paths: Sequence[Path], report: CheckReport, password: str | None = None) -> None:
        """Adds what can be read; the report says what cannot."""
        read = read_workbooks(paths, self.catalog, today=self.today, password=password)
        for path, data in zip(paths, read, strict=True):
            if isinstance(data, UnreadableFile):
                report.unreadable.append((path, data))
            else:
                self.books.append(Book(path, data))

    def take(self, wanted: Iterable[Wanted], parts: PartReader, report: CheckReport) -> None:
        """Adds the rows of workbooks, which are opened only where they changed since."""
        from ledgersync.facts.part import data_of

        parts.ahead(asked := list(wanted))
        for one in asked:
            try:
                part = parts.part(one)
            except UnreadableFile as fault:
                report.unreadable.append((one.path, fault))
            else:
                self.books.append(Book(one.path, data_of(one.ledger, part)))

    def take_own(self, workspace: Workspace, places: Iterable[Place], report: CheckReport) -> None:
        """The same of a workspace's own workbooks."""
        from ledgersync.facts.reader import PartReader  # who refers to nothing goes without
        from ledgersync.sync.own_parts import bring_parts

        bring_parts(workspace)
        parts = PartReader.of(workspace, self.today)
        wanted = [parts.wanted(workspace.root, *place) for place in places]
        self.take(wanted, parts, report)

    def refs(self) -> Iterator[str]:
        """The fields that their fields refer to, `ledger.table.field`."""
        for _, table in self._tables():
            for f in self.catalog.table(table.ledger, table.table).fields:
                if f.ref:
                    yield f.ref

    def rows(self) -> dict[TableKey, Rows]:
        """All records by table, under `number of the sheet's table/number of the record`."""
        rows: dict[TableKey, Rows] = {}
        for n, (_, table) in enumerate(self._tables()):
            key = (table.ledger, table.table)
            records = Sheet("", table, self.catalog.table(*key)).rows()
            rows.setdefault(key, {}).update({f"{n}/{i}": row for i, row in enumerate(records)})
        return rows

    def placed(self, found: Iterable[RecordFinding]) -> list[tuple[Book, Finding]]:
        """Findings about records of `rows()`, put at the cells where the records stand."""
        tables = list(self._tables())
        return [_at_its_cell(*tables[int(f.record.partition("/")[0])], f) for f in found]

    def at(self, ledger: str, table: str, record: str, field: str) -> tuple[Book, Finding]:
        """The cell of a record of `rows()`, as a finding without a word."""
        told = RecordFinding(ledger, table, record, field, "", "info", literal("", ""))
        [placed] = self.placed([told])
        return placed

    def _tables(self) -> Iterator[tuple[Book, TableData]]:
        for book in self.books:
            yield from ((book, table) for table in book.data.tables)


def _at_its_cell(book: Book, table: TableData, found: RecordFinding) -> tuple[Book, Finding]:
    return book, Finding(
        file=book.data.file,
        sheet=table.sheet,
        row=table.rows[int(found.record.partition("/")[2])],
        column=table.column_of(found.field) if found.field else None,
        ledger=found.ledger,
        table=found.table,
        field=found.field,
        rule=found.rule,
        severity=found.severity,
        message=found.message,
    )


class Checker:
    """Reads and checks; inside a workspace, what rests there is known to references."""

    def __init__(self, catalog: Catalog, today: date, workspace: Workspace | None = None) -> None:
        self.catalog = catalog
        self.today = today
        self.workspace = workspace
        self.settings = workspace_settings(workspace) if workspace else CrossSettings()

    def files(self, paths: Sequence[Path], *, password: str | None = None) -> CheckReport:
        """Checks these files; rows of the workspace's workbooks count as known."""
        report = CheckReport()
        given = Books(self.catalog, self.today)
        given.read(paths, report, password)
        known = self._known(self._referred(given), CheckReport())
        known.books += given.books
        rows = known.rows()
        for book in given.books:
            report.files.append(self._checked(book, self._check(book, rows)))
        return report

    def data(self, path: Path, data: WorkbookData) -> CheckedFile:
        """Checks a workbook that was read already, by itself."""
        book = Book(path, data)
        rows = Books(self.catalog, self.today, [book]).rows()
        return self._checked(book, self._check(book, rows))

    def primaries(self, asked: Collection[str]) -> CheckReport:
        """Checks the primaries of these ledgers, and the rules across all ledgers at their cells.

        The others and what rests in archives are known, and not checked again.
        """
        report = CheckReport()
        there = self._primaries()
        given = Books(self.catalog, self.today)
        given.read([path for path, ledger in there if ledger.id in asked], report)
        others = [place for place in there if place[1].id not in asked]
        archived = [one for ledger in self.catalog for one in self._archives(ledger)]
        known = self._known([*others, *archived], report)
        known.books = [*given.books, *known.books]
        rows = known.rows()
        crossed = known.placed(cross_findings(rows, self.catalog, self.today, self.settings))
        for book in given.books:
            found = [*self._check(book, rows), *(f for b, f in crossed if b is book)]
            report.files.append(self._checked(book, in_order(book, found)))
        return report

    def _known(self, places: Sequence[Place], report: CheckReport) -> Books:
        """The rows of further workbooks of the workspace."""
        known = Books(self.catalog, self.today)
        if places and self.workspace:
            known.take_own(self.workspace, places, report)
        return known

    def _referred(self, given: Books) -> list[Place]:
        """Further workbooks that hold the ledgers which those that are given refer to."""
        if self.workspace is None:
            return []
        there = {book.path.resolve() for book in given.books}
        wanted = {ref.split(".")[0] for ref in given.refs()}
        ledgers = [ledger for ledger in self.catalog if ledger.id in wanted]
        primaries = [place for place in self._primaries() if place[1].id in wanted]
        archived = [one for ledger in ledgers for one in self._archives(ledger)]
        return [p for p in (*primaries, *archived) if p[0].resolve() not in there]

    def _primaries(self) -> list[Place]:
        """Those that exist, in the order of the ledgers."""
        if self.workspace is None:
            return []
        places = [(self.workspace.primary(ledger), ledger) for ledger in self.catalog]
        return [place for place in places if place[0].exists()]

    def _archives(self, ledger: LedgerSchema) -> list[Place]:
        """The workbooks of closed years."""
        root = self.workspace.root if self.workspace else None
        return [(path, ledger) for path in archive_paths(root, ledger)] if root else []

    def _check(self, book: Book, rows: Mapping[TableKey, Rows]) -> list[Finding]:
        found = check_workbook(
            book.data, self.catalog, self.today, rows, self.settings.calendar, self.settings.scopes
        )
        return [*self._foreign(book), *found]

    def _foreign(self, book: Book) -> Iterator[Finding]:
        """A workbook that another community's stamp is in; an office above gets anybody's."""
        stamp, unit = book.data.stamp, self.workspace.unit if self.workspace else None
        if stamp and stamp.unit and unit and unit.level == "community" and stamp.unit != unit.code:
            told = message(
                "这是{owner}的工作簿，不是{unit}的：合并时不收，请交还给对方",
                owner=whose(stamp),
                unit=unit.name,
            )
            yield Finding(book.data.file, *(None,) * 6, FOREIGN, "error", told)

    def _checked(self, book: Book, found: Sequence[Finding]) -> CheckedFile:
        return CheckedFile(book.path, book.data.file, book.records, tuple(found))


def in_order(book: Book, found: Iterable[Finding]) -> list[Finding]:
    """Findings as their cells stand in the workbook."""
    order = {t.sheet: n for n, t in enumerate(book.data.tables)}
    return sorted(found, key=lambda f: (order.get(f.sheet or "", -1), f.row or 0, f.column or 0))


def check_files(
    paths: Sequence[Path],
    catalog: Catalog,
    today: date,
    workspace: Workspace | None = None,
    *,
    password: str | None = None,
) -> CheckReport:
    """The findings of these files; two of the same name are told apart by their paths."""
    report = Checker(catalog, today, workspace).files(paths, password=password)
    _name_apart(report)
    return report


def check_workspace(workspace: Workspace, today: date) -> CheckReport:
    """The findings of all primaries, with the rules across ledgers."""
    return check_ledgers(workspace, [ledger.id for ledger in workspace.catalog], today)


def check_ledgers(workspace: Workspace, asked: Collection[str], today: date) -> CheckReport:
    """The findings of the primaries of some ledgers; the others are opened where they changed."""
    return Checker(workspace.catalog, today, workspace).primaries(asked)


def workspace_settings(workspace: Workspace) -> CrossSettings:
    """What `[rules]` of `ledgersync.toml` sets, who walks which grid, who left."""
    rules = workspace.config.rules
    workers = {
        grid: person.name
        for person in workspace.config.staff
        if not person.left_to
        for grid in person.scope.get("grid", ())
    }
    return CrossSettings(
        issue_stale_workdays=rules.issue_stale_workdays,
        revisit_days=rules.revisit_days,
        grid_workers=workers,
        left={person.name: person.left_to for person in workspace.config.staff if person.left_to},
        scopes=scopes_of(workspace),
        calendar=WorkCalendar(date.fromisoformat(day) for day in rules.holidays),
    )


def _name_apart(report: CheckReport) -> None:
    names = [file.name for file in report.files]
    for n, file in enumerate(report.files):
        if names.count(file.name) > 1:
            full = str(file.path)
            found = tuple(replace(finding, file=full) for finding in file.findings)
            report.files[n] = replace(file, name=full, findings=found)
