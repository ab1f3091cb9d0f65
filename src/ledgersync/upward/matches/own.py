"""In the unit itself: which of its rows an office above has found in another unit, too."""

from datetime import date

from ledgersync.dataclass import dataclass
from ledgersync.sync.check import Books, CheckReport
from ledgersync.upward.matches.hashes import Kind, hashed
from ledgersync.upward.matches.letters import known_cases
from ledgersync.upward.office import Office


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case at one cell of the unit's own workbooks."""

    number: str
    kind: Kind
    ledger: str
    table: str
    file: str
    sheet: str
    row: int
    cell: str | None


def own_cases(office: Office, today: date) -> list[OwnCase]:
    """At their cells as they are today: what was put right since is not told any more."""
    known, key = known_cases(office), office.matching
    if not known or key is None:
        return []
    workspace, catalog = office.workspace, office.workspace.catalog
    there = [(path, ledger) for ledger in catalog if (path := workspace.primary(ledger)).exists()]
    books = Books(catalog, today)
    books.take_own(workspace, there, CheckReport())
    found = []
    for (kind, digest), places in hashed(books.rows(), catalog, key).items():
        for place in places if (kind, digest) in known else ():
            book, cell = books.at(*place)
            at = (cell.file or book.path.name, cell.sheet or "", cell.row or 0, cell.cell)
            found.append(OwnCase(known[kind, digest], kind, place[0], place[1], *at))
    return sorted(found, key=lambda c: (c.kind, c.number, c.file, c.row))
