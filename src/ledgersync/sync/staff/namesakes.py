"""Two people of one name: the roster tells them apart (王芳, 王芳2), the rows often do not.

A row that only says 王芳 is hers in whose scope it lies.
"""

from ledgersync.model import Row
from ledgersync.schema import TableSchema
from ledgersync.sync.session import Session
from ledgersync.values.listed import listing_like
from ledgersync.values.text import bare_name as bare

GRID = "grid"


def free_name(session: Session, name: str) -> str:
    """The name by which one more person of a name can be added: 王芳2."""
    taken = {s.name for s in session.workspace.config.staff}
    return next(n for k in range(2, 100) if (n := f"{bare(name)}{k}") not in taken)


def namesakes(session: Session, name: str) -> list[str]:
    """Others who work here and bear the same name."""
    staff = session.workspace.config.staff
    return [
        s.name for s in staff if not s.left_to and s.name != name and bare(s.name) == bare(name)
    ]


def is_theirs(session: Session, name: str, typed: object, grid: str | None) -> bool:
    """Whether what a row says of who is responsible means this person."""
    if not isinstance(typed, str) or bare(typed) != bare(name):
        return False
    others = namesakes(session, name)
    if not others:
        return typed == name
    owner = next((n for n in (name, *others) if _walks(session, n, grid)), None)
    exact = typed if typed in (name, *others) and typed != bare(typed) else owner or typed
    return exact == name


def _walks(session: Session, name: str, grid: str | None) -> bool:
    grids = session.workspace.config.staff_member(name).scope.get(GRID, ())
    return grid is not None and listing_like(grids).spelled(grid) in grids


class Grids:
    """The grid of a table's rows: by their own column, or that of the record they refer to."""

    def __init__(self, session: Session, ledger: str, table: TableSchema) -> None:
        self._at = table.position.get(GRID)
        self._link: int | None = None
        self._there: dict[object, object] = {}
        if self._at is None:
            self._follow(session, ledger, table)

    def _follow(self, session: Session, ledger: str, table: TableSchema) -> None:
        for f in table.fields:
            other, _, rest = (f.ref or "").partition(".")
            name, _, target = rest.partition(".")
            if other != ledger or not name:
                continue
            parent = session.catalog.table(ledger, name)
            if GRID in parent.position:
                key, grid = parent.position[target], parent.position[GRID]
                rows = session.journal.state.rows(ledger, name).values()
                self._link, self._there = table.position[f.id], {r[key]: r[grid] for r in rows}
                return

    def of(self, row: Row) -> str | None:
        found = row[self._at] if self._at is not None else None
        if self._link is not None:
            found = self._there.get(row[self._link])  # type: ignore[assignment]
        return found if isinstance(found, str) else None
