"""Several rows with one `_LS_ID`: a row was copied whole, as people do to begin a new one.

The row whose business key, else whose content, is the record's keeps the id, wherever it stands;
only if both or neither do, the upper one. Every other row is a record of its own. A number that
the program gives stands in both rows and tells nothing, unless one of them has another by now.
Rows that were copied before are known by what the copy said of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.merge.known import Known
from ledgersync.model import Row


@dataclass(slots=True)
class Sharing:
    """Whose each row is: `claims` (row, record, told by its key), records of which rows are left
    over as `new`, rows that say `elsewhere` by their key that they are other records.
    """

    claims: list[tuple[int, str, bool]] = field(default_factory=list)
    new: list[int] = field(default_factory=list)
    elsewhere: list[int] = field(default_factory=list)


def shared(
    known: Known,
    rows: Sequence[int],
    row_of: Callable[[int], Row],
    family: Sequence[str],
    taken: frozenset[str],
) -> Sharing:
    """`rows` in sheet order carry one id; `family` is its record and those copied from it before.

    `taken` are those of the family whose rows are found already.
    """
    run = _Sharing(known, row_of, tuple(family), [m for m in family if m not in taken], list(rows))
    return run.run()


@dataclass(slots=True)
class _Sharing:
    known: Known
    row_of: Callable[[int], Row]
    family: tuple[str, ...]
    members: list[str]
    rows: list[int]
    found: Sharing = field(default_factory=Sharing)

    def run(self) -> Sharing:
        self._unchanged()
        self._elsewhere()
        for member in list(self.members):
            self._by_key(member)
        while self.members and self.rows:
            self._pair(*self._likeliest(), told=False)
        self.found.new = self.rows
        return self.found

    def _pair(self, i: int, member: str, *, told: bool) -> None:
        self.found.claims.append((i, member, told))
        self.rows.remove(i)
        if member in self.members:
            self.members.remove(member)

    def _unchanged(self) -> None:
        """Rows that are what the copy said last, or what the record was."""
        for member in list(self.members):
            same = (i for i in self.rows if self._is(member, i))
            if (i := next(same, None)) is not None:
                self._pair(i, member, told=True)

    def _is(self, member: str, i: int) -> bool:
        row, base = self.row_of(i), self.known.base.get(member)
        return self.known.unchanged(member, row) or (
            base is not None and self.known.same(base, row)
        )

    def _elsewhere(self) -> None:
        """Rows whose key is another record's that the copy knew: sorted beside their ids."""
        for i in list(self.rows):
            owners = self.known.copy_owners.of(self.row_of(i))
            if any(owner not in self.family for owner in owners):
                self.rows.remove(i)
                self.found.elsewhere.append(i)

    def _by_key(self, member: str) -> None:
        """The rows with the record's key; of several with one number the upper is the record's."""
        agreeing = [i for i in self.rows if self.known.agrees(member, self.row_of(i))]
        if self.known.reader.generated and len(agreeing) > 1:
            if len(self.members) > 1:
                return  # what each is like tells
            agreeing = self._by_fallback(member, agreeing)[:1]
        for i in agreeing:
            self._pair(i, member, told=True)

    def _by_fallback(self, member: str, rows: list[int]) -> list[int]:
        """Where the number tells nothing, the other key may."""
        reader = self.known.reader
        wanted = [reader.fallback(side) for side in self._sides(member)]
        named = [i for i in rows if reader.fallback(self.row_of(i)) in wanted]
        return named if reader.fallback_at and named else rows

    def _likeliest(self) -> tuple[int, str]:
        """The row and record with the most cells alike; the first of both where that is equal."""
        pairs = ((i, m) for i in self.rows for m in self.members)
        if len(self.members) == 1:
            return self.rows[0], self.members[0]
        return max(pairs, key=lambda pair: self._likeness(*pair))

    def _likeness(self, i: int, member: str) -> int:
        row = self.row_of(i)
        return max(
            sum(old == new for old, new in zip(side, row, strict=True))
            for side in self._sides(member)
        )

    def _sides(self, member: str) -> list[Row]:
        sources = (self.known.last, self.known.base)
        return [rows[member] for rows in sources if member in rows]
