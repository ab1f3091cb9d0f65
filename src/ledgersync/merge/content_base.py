"""The base of a file without a stamp: what its content shows it was made from, cell by cell."""

from collections.abc import Sequence

from ledgersync.dataclass import dataclass
from ledgersync.merge.resemblance import ABSENT, History, Past
from ledgersync.model import Row, Rows


@dataclass(frozen=True, slots=True)
class Given:
    """The states that a person was given, by revision, oldest first.

    `alike` are those to which the file is nearest, `records` what the one chosen of them showed.
    """

    revisions: tuple[int, ...]
    alike: tuple[int, ...]
    records: tuple[str, ...]

    @property
    def has_newest(self) -> bool:
        return self.alike[-1] == self.revisions[-1]

    @property
    def chosen(self) -> int:
        """The newest where it is among the nearest ones, else the oldest of them: the safe one."""
        return self.alike[-1] if self.has_newest else self.alike[0]


@dataclass(frozen=True, slots=True)
class ContentBase:
    """A base; `guarded` are cells whose change would undo a colleague's later one.

    `kept` counts the cells that are as they were given out once: nobody's change.
    """

    rows: Rows
    guarded: frozenset[tuple[str, int]]
    kept: int


def base_by_content(
    past: Past, theirs: Rows, given: Given, staff: str, at: Sequence[int]
) -> ContentBase:
    """What a file's rows (by record) are compared with; `at` are the fields that it has."""
    rows = past.rows_at(given.chosen, given.records)
    for record in theirs.keys() - rows.keys():
        rows |= _last_given(past, record, given)
    differing = {
        (record, i)
        for record, row in theirs.items()
        if record in rows and rows[record] != row
        for i in at
        if rows[record][i] != row[i]
    }
    guarded, kept = set(), 0
    for (record, i), history in past.histories(differing).items():
        before = _before(history, given, staff, rows[record][i], theirs[record][i])
        if before is _GUARDED:
            guarded.add((record, i))
        else:
            kept += before == theirs[record][i]
            rows[record] = (*rows[record][:i], before, *rows[record][i + 1 :])  # type: ignore[arg-type]
    return ContentBase(rows, frozenset(guarded), kept)


_GUARDED = object()


def _before(history: History, given: Given, staff: str, base: object, cell: object) -> object:
    """What a differing cell was made from, or that its change undoes a colleague's."""
    nearest = {v for r in given.alike if (v := history.value_at(r)) is not ABSENT}
    is_sure = given.has_newest and len(nearest) < 2
    if cell in {history.value_at(r) for r in given.revisions}:
        if not is_sure:
            return cell
        return base if history.last_author() == staff else _GUARDED
    if is_sure or not nearest:
        return base
    return history.value_at(given.alike[0])


def _last_given(past: Past, record: str, given: Given) -> dict[str, Row]:
    """The row of a record as it was given out last, where the chosen state does not show it."""
    for revision in reversed(given.revisions):
        if rows := past.rows_at(revision, [record]):
            return rows
    return {}
