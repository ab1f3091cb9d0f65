"""`check`: the findings of files, or of a workspace's primaries with the rules across ledgers.

Outside a workspace the files are checked together, so that references between them are followed;
inside one, they are followed into the primaries too. What cannot be read is told, and the rest
goes on. Nothing is written.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from ledgersync.checks import WorkCalendar, check_workbook
from ledgersync.checks.cross import CrossSettings, cross_findings
from ledgersync.checks.sheets import Sheet
from ledgersync.errors import UnreadableFile
from ledgersync.model import Finding, RecordFinding, Rows, TableData, WorkbookData
from ledgersync.schema import Catalog, TableKey
from ledgersync.sync.copies.scope import scopes_of
from ledgersync.workbook.read import read_workbooks
from ledgersync.workspace import Workspace


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


@dataclass(slots=True)
class _Book:
    path: Path
    data: WorkbookData


class Checker:
    """Reads and checks; `references` are more rows that references may lead to."""

    def __init__(
        self, catalog: Catalog, today: date, settings: CrossSettings | None = None
    ) -> None:
        self.catalog = catalog
        self.today = today
        self.settings = settings or CrossSettings()

    def files(
        self,
        paths: Sequence[Path],
        references: Iterable[Path] = (),
        *,
        password: str | None = None,
    ) -> CheckReport:
        """Checks these files; rows of the workbooks at `references` count as known."""
        report = CheckReport()
        books = list(self._read(paths, report, password))
        known = list(self._known(books, references))
        rows = self._rows([*known, *books])
        for book in books:
            found = self._check(book, rows)
            report.files.append(self._checked(book, found))
        return report

    def primaries(self, paths: Sequence[Path]) -> CheckReport:
        """Checks the primaries of a workspace, and the rules across their ledgers."""
        report = CheckReport()
        books = list(self._read(paths, report))
        rows = self._rows(books)
        crossed = cross_findings(rows, self.catalog, self.today, self.settings)
        placed = _place_records(books, crossed)
        for book in books:
            found = [*self._check(book, rows), *placed.get(book.path, ())]
            order = {t.sheet: n for n, t in enumerate(book.data.tables)}
            found.sort(key=lambda f: (order.get(f.sheet or "", -1), f.row or 0, f.column or 0))
            report.files.append(self._checked(book, found))
        return report

    def _read(
        self, paths: Sequence[Path], report: CheckReport, password: str | None = None
    ) -> Iterator[_Book]:
        read = read_workbooks(paths, self.catalog, today=self.today, password=password)
        for path, data in zip(paths, read, strict=True):
            if isinstance(data, UnreadableFile):
                report.unreadable.append((path, data))
            else:
                yield _Book(path, data)

    def _known(self, books: Sequence[_Book], references: Iterable[Path]) -> Iterator[_Book]:
        """Further workbooks, where a table in `books` refers to a ledger that they hold."""
        given = {book.path.resolve() for book in books}
        wanted = {ref.split(".")[0] for book in books for ref in self._refs(book)}
        names = {self.catalog.ledgers[ledger].workbook for ledger in wanted}
        for path in references:
            if path.stem in names and path.resolve() not in given:
                yield from self._read([path], CheckReport())

    def _refs(self, book: _Book) -> Iterator[str]:
        for table in book.data.tables:
            for f in self.catalog.table(table.ledger, table.table).fields:
                if f.ref:
                    yield f.ref

    def _rows(self, books: Iterable[_Book]) -> dict[TableKey, Rows]:
        """All records by table, under `number of the sheet's table/row`."""
        rows: dict[TableKey, Rows] = {}
        for n, (_, table) in enumerate(_tables(books)):
            key = (table.ledger, table.table)
            records = Sheet("", table, self.catalog.table(*key)).rows()
            numbered = zip(table.rows, records, strict=True)
            rows.setdefault(key, {}).update({f"{n}/{row}": record for row, record in numbered})
        return rows

    def _check(self, book: _Book, rows: Mapping[TableKey, Rows]) -> list[Finding]:
        return check_workbook(
            book.data, self.catalog, self.today, rows, self.settings.calendar, self.settings.scopes
        )

    def _checked(self, book: _Book, found: Sequence[Finding]) -> CheckedFile:
        records = sum(len(table.rows) for table in book.data.tables)
        return CheckedFile(book.path, book.data.file, records, tuple(found))


def check_files(
    paths: Sequence[Path],
    catalog: Catalog,
    today: date,
    workspace: Workspace | None = None,
    *,
    password: str | None = None,
) -> CheckReport:
    """The findings of these files; two of the same name are told apart by their paths."""
    settings = workspace_settings(workspace) if workspace else None
    primaries = primary_paths(workspace) if workspace else []
    checker = Checker(catalog, today, settings)
    report = checker.files(paths, primaries, password=password)
    _name_apart(report)
    return report


def check_workspace(workspace: Workspace, today: date) -> CheckReport:
    """The findings of all primaries, with the rules across ledgers."""
    checker = Checker(workspace.catalog, today, workspace_settings(workspace))
    return checker.primaries(primary_paths(workspace))


def primary_paths(workspace: Workspace) -> list[Path]:
    """The primaries that exist, in the order of the ledgers."""
    paths = [workspace.primary(ledger) for ledger in workspace.catalog]
    return [path for path in paths if path.exists()]


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


def _tables(books: Iterable[_Book]) -> Iterator[tuple[_Book, TableData]]:
    for book in books:
        yield from ((book, table) for table in book.data.tables)


def _place_records(
    books: Sequence[_Book], found: Iterable[RecordFinding]
) -> dict[Path, list[Finding]]:
    """Findings about records, put at the cells where the records stand."""
    tables = list(_tables(books))
    placed: dict[Path, list[Finding]] = {}
    for one in found:
        number, _, row = one.record.partition("/")
        book, table = tables[int(number)]
        finding = Finding(
            file=book.data.file,
            sheet=table.sheet,
            row=int(row),
            column=table.column_of(one.field) if one.field else None,
            ledger=one.ledger,
            table=one.table,
            field=one.field,
            rule=one.rule,
            severity=one.severity,
            message=one.message,
        )
        placed.setdefault(book.path, []).append(finding)
    return placed


def _name_apart(report: CheckReport) -> None:
    names = [file.name for file in report.files]
    for n, file in enumerate(report.files):
        if names.count(file.name) > 1:
            full = str(file.path)
            found = tuple(replace(finding, file=full) for finding in file.findings)
            report.files[n] = replace(file, name=full, findings=found)
