"""Which record each row of a copy is: by `_LS_ID`, by business key, by what the copy said last.

Never "first match": the row whose business key agrees keeps an id; a row that nobody can place
goes to review. A row is about a record that the *copy* knew (base, last submission), or that only
the primary knows (ours): the second kind cannot have been renamed or re-sorted by this person.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Mapping, Sequence
from itertools import islice

from ledgersync.merge.alignment import Alignment
from ledgersync.merge.claims import Claims
from ledgersync.merge.copied_rows import shared
from ledgersync.merge.duplicates import duplicate
from ledgersync.merge.identified import Identified, Submitted
from ledgersync.merge.keys import Key, KeyReader
from ledgersync.merge.known import Known
from ledgersync.merge.owners import Owners
from ledgersync.merge.result import Unresolved
from ledgersync.model import Row, Rows
from ledgersync.schema import TableSchema


def resolve_identity(
    table: TableSchema,
    submitted: Sequence[Submitted],
    base: Rows,
    ours: Rows,
    *,
    new_id: Callable[[], str],
    last_submission: Rows | None = None,
    present: frozenset[str] | None = None,
    aliases: Mapping[str, str] | None = None,
    our_owners: Owners | None = None,
) -> Identified:
    """Gives every submitted row its record id.

    `base` and `last_submission` as in `merge_table`; `present` are the fields that have a column
    (all by default); `aliases` what an earlier submission gave; `our_owners` the owners in `ours`.
    """
    at = tuple(i for i, n in enumerate(table.field_ids) if present is None or n in present)
    last = base if last_submission is None else last_submission
    known = Known(KeyReader(table), base, last, ours, at, our_owners)
    return _Resolver(known, submitted, new_id, aliases or {}).run()


class _Resolver:
    """One run of `resolve_identity`: claims by id, then by key, then by content and position."""

    def __init__(
        self,
        known: Known,
        submitted: Sequence[Submitted],
        new_id: Callable[[], str],
        aliases: Mapping[str, str],
    ) -> None:
        self.known, self.submitted, self.new_id, self.aliases = known, submitted, new_id, aliases
        self.reader = known.reader
        self.claims = Claims(len(submitted))
        self.records, self.holder = self.claims.records, self.claims.holder
        self.has_ids = any(s.record_id is not None for s in submitted)
        self.unsure: set[int] = set()  # rows that may be edits of a record
        self.loose: deque[int] = deque()  # rows to be placed by key
        self.fresh: dict[int, str] = {}  # loose rows with an id that nobody knows yet
        self.as_before: dict[int, Row] = {}  # rows that are what the copy said last, as it did
        self.looked_at: list[int] = []  # rows that are not simply what the copy said last
        self.review: dict[int, str | None] = {}
        self.seen: set[str] = set()
        self.repeats: list[tuple[int, int]] = []  # a row, and the row that it repeats
        self.returned: dict[int, list[int]] = {}  # a row, and all that share its key
        self.copied: dict[int, str] = {}  # rows that are new under the id they were copied with

    def run(self) -> Identified:
        for record, rows in self._groups().items():
            self._by_id(record, rows)
        unplaced = self._by_keys()
        self._by_content(unplaced)
        for record, rivals in self.claims.rivals.items():
            self._settle([self.holder[record], *rivals])
        self._settle_new_keys()
        return self._identified()

    def _row(self, i: int) -> Row:
        return self.submitted[i].row

    def _groups(self) -> dict[str, list[int]]:
        """Rows by id, without those that are simply what the copy said last."""
        known, aliases = self.known, self.aliases
        last, base, whole = known.last, known.base, known.whole
        groups = defaultdict[str, list[int]](list)
        for i, (_, record, row) in enumerate(self.submitted):
            if record is None:
                self.looked_at.append(i)
                self.loose.append(i)
                continue
            record = aliases.get(record, record) if aliases else record
            before = last.get(record)
            if whole and record not in self.holder and before == row and record in base:
                self.holder[record] = i
                self.records[i] = record
                self.as_before[i] = before
                if base is not last and base[record] != row:
                    self.looked_at.append(i)
            else:
                self.looked_at.append(i)
                groups[record].append(i)
        return groups

    def _by_id(self, record: str, rows: list[int]) -> None:
        """All rows that carry one id: who keeps it."""
        known, rows = self.known, self._unrepeated(record, rows)
        if record not in self.holder and not known.anywhere(record):
            self._by_fresh_id(record, rows)
            return
        copies = self._copies_of(record)
        if known.in_copy(record) and (copies or len(rows) + (record in self.holder) > 1):
            self._by_shared_id(record, rows, copies)
            return
        told = {i: self._told(i, record) for i in rows}
        agreeing = [i for i in rows if told[i]]
        for i in agreeing:
            self.claims.add(i, record)
        others = [i for i in rows if not told[i]]
        if record in self.holder or not known.in_copy(record):
            self.loose.extend(others)
        else:
            self._undecided(record, {i: told[i] for i in others})

    def _unrepeated(self, record: str, rows: list[int]) -> list[int]:
        """The rows without those that repeat another one under the same id exactly."""
        holder = [self.holder[record]] if record in self.holder else []
        distinct = self._distinct([*holder, *rows])
        for i in rows:
            if i not in distinct:
                same = (j for j in distinct if self.known.same(self._row(j), self._row(i)))
                self.repeats.append((i, next(same)))
        return [i for i in distinct if i not in holder]

    def _by_fresh_id(self, record: str, rows: list[int]) -> None:
        """The upper row of those under an id that nobody knows yet has it."""
        if rows:
            self.fresh[rows[0]] = record
        self.copied.update(dict.fromkeys(rows[1:], record))
        self.loose.extend(rows)

    def _copies_of(self, record: str) -> list[str]:
        """Records whose rows were copied with this id before."""
        start = f"{record}#"
        found = (r for name, r in self.aliases.items() if name.startswith(start))
        return [r for r in found if self.known.in_copy(r)]

    def _by_shared_id(self, record: str, rows: list[int], copies: list[str]) -> None:
        """A row was copied whole: whose each is (see `copied_rows`)."""
        taken = frozenset(self.holder) & {record, *copies}
        found = shared(self.known, rows, self._row, [record, *copies], taken)
        for i, member, told in found.claims:
            self.claims.add(i, member)
            if not told:
                self._contest(i, member, named=True)
        self.loose.extend(found.elsewhere)
        self.copied.update(dict.fromkeys(found.new, record))
        for i in found.new:
            if self.reader.generated or not self._is_keyed(i):
                self._new(i)
            else:
                self.loose.append(i)

    def _is_keyed(self, i: int) -> bool:
        row = self._row(i)
        return self.reader.key(row) is not None or self.reader.fallback(row) is not None

    def _told(self, i: int, record: str) -> bool | None:
        """Whether this row is the record's; a row that repeats its holder is."""
        holder = self.holder.get(record)
        repeats = holder is not None and self.known.same(self._row(holder), self._row(i))
        return repeats or self.known.agrees(record, self._row(i))

    def _undecided(self, record: str, told: dict[int, bool | None]) -> None:
        """No row's key agrees: a key corrected, rows re-sorted beside their ids, or a riddle."""
        elsewhere = [i for i in told if self._other(i, record)]
        self.loose.extend(elsewhere)
        rest = [i for i in told if i not in elsewhere]
        if len(self._distinct(rest)) > 1:
            self.seen.add(record)
            for i in rest:
                self._send_to_review(i, record)
            return
        for i in rest:
            self.claims.add(i, record)
            self._contest(i, record, named=told[i] is False)

    def _contest(self, i: int, record: str, *, named: bool) -> None:
        """A claim of which no key tells; the key that the row names instead may be somebody's."""
        owners = self.known.our_owners.of(self._row(i)) if named else []
        self.claims.weaken(i, record, contested=any(owner != record for owner in owners))

    def _other(self, i: int, record: str) -> bool:
        """Another record that the copy knew owns this row's key."""
        return any(owner != record for owner in self.known.copy_owners.of(self._row(i)))

    def _send_to_review(self, i: int, record: str | None) -> None:
        self.review[i] = record
        self._new(i)

    def _new(self, i: int) -> None:
        """A record of its own, under the row's id where that is free."""
        record = self.fresh.get(i)
        if record is None or record in self.holder:
            record = self._given_before(i) or self.new_id()
        self.claims.add(i, record)

    def _given_before(self, i: int) -> str | None:
        """The id that this very row was given last time."""
        row = self.known.view(self._row(i))
        free = (r for r in self.known.submitted_as(row) if r not in self.holder)
        return next((r for r in free if not self.known.in_ours(r)), None)

    def _by_keys(self) -> list[int]:
        """Places the loose rows that have a key; gives back those that have none."""
        unplaced = []
        while self.loose:
            i = self.loose.popleft()
            row = self._row(i)
            if self.reader.key(row) is None and self.reader.fallback(row) is None:
                unplaced.append(i)
            elif self._may_be_edited(row):
                unplaced.append(i)
                self.unsure.add(i)
            else:
                self._by_key(i, row)
        return unplaced

    def _may_be_edited(self, row: Row) -> bool:
        """In a sheet that lost ids and numbers, a row whose other key nobody has may be an edit."""
        if self.has_ids or not self.reader.generated or self.reader.key(row) is not None:
            return False
        return not (self.known.copy_owners.of(row) or self.known.our_owners.of(row))

    def _by_key(self, i: int, row: Row) -> None:
        owners = self.known.copy_owners.of(row)
        if not owners and not self._number_taken(i, row):
            owners = self.known.our_owners.of(row)
        if len(owners) > 1:
            owners = self._exactly(row, owners) or owners
        if not owners:
            self._new(i)
        elif len(owners) == 1:
            self.loose.extend(self.claims.displace(owners[0]))
            self.claims.add(i, owners[0])
        else:
            self.seen.update(owners)
            self._send_to_review(i, owners[0])

    def _exactly(self, row: Row, owners: list[str]) -> list[str]:
        """Of several records with one key, the one that the copy said to be exactly this."""
        free = (r for r in owners if r not in self.holder and self.known.unchanged(r, row))
        return list(islice(free, 1))

    def _number_taken(self, i: int, row: Row) -> bool:
        """A generated number that somebody else's record has too: renumbered, not the same."""
        if not self.reader.generated or self.submitted[i].record_id is None:
            return False
        if self.reader.key(row) is None:
            return False
        mine = self.reader.fallback(row)
        owners = self.known.our_owners.of(row)
        return all(mine is None or self.reader.fallback(self.known.ours[r]) != mine for r in owners)

    def _by_content(self, unplaced: list[int]) -> None:
        """Rows without a key: new under their own id, else matched with what was said last."""
        rows = {}
        for i in unplaced:
            if i in self.fresh:
                self._new(i)
            else:
                rows[i] = self._row(i)
        if not rows:
            return
        known = self.known
        found = Alignment(self.reader, known.last, self.holder, known.at).match(rows)
        for i in rows:
            if i not in found and self.submitted[i].record_id not in self.holder:
                self._send_to_review(i, None)
            elif i in self.unsure and (likely := found[i]) is not None:
                self.seen.add(likely)
                self._send_to_review(i, likely)
            elif (record := found.get(i) or self._repeated(i)) is None:
                self._new(i)
            else:
                self.claims.add(i, record)

    def _repeated(self, i: int) -> str | None:
        """A record of the primary with exactly this content, for a row without any id."""
        if self.submitted[i].record_id is not None:
            return None
        found = self.known.ours_as(self.known.view(self._row(i)))
        return next((r for r in found if r not in self.holder), None)

    def _distinct(self, rows: list[int]) -> list[int]:
        """The rows without exact repetitions."""
        distinct: list[int] = []
        for i in rows:
            if not any(self.known.same(self._row(i), self._row(other)) for other in distinct):
                distinct.append(i)
        return distinct

    def _settle(self, rows: list[int]) -> None:
        """Rows of one key: repetitions converge, rows that differ all go back."""
        old = {r for i in rows if (r := self.claims.record(i)) in self.known.base}
        if len(self._distinct(rows)) == 1 and len(old) < 2:
            for i in rows[1:]:
                self.records[i] = None
                self.repeats.append((i, rows[0]))
            return
        keeper = self._keeper(rows)
        for i in rows:
            self.returned[i] = rows
            if (carried := self.submitted[i].record_id) is not None:
                self.seen.add(carried)
            if i is not keeper and self.records[i] == self.records[keeper]:
                self._new(i)

    def _keeper(self, rows: list[int]) -> int:
        """The row that stands under the id: the one that stood there last time."""
        for i in rows:
            record = self.records[i]
            if record is not None and self.known.unchanged(record, self._row(i)):
                return i
        return rows[0]

    def _settle_new_keys(self) -> None:
        """Different records that got the same key in this submission."""
        groups: dict[tuple[bool, Key], list[int]] = defaultdict(list)
        for i in self.looked_at:
            if self.records[i] is None or i in self.returned or i in self.review:
                continue
            if i in self.copied and self.reader.generated:
                continue  # its number is the other row's: it gets its own
            row = self._row(i)
            key, fallback = self.reader.key(row), self.reader.fallback(row)
            if (told := key or fallback) is not None:
                groups[key is not None, told].append(i)
        for rows in groups.values():
            if len(rows) > 1 and not all(self._kept_key(i) for i in rows):
                self._settle(
                    sorted(rows, key=lambda i: not self.known.in_copy(self.claims.record(i)))
                )

    def _kept_key(self, i: int) -> bool:
        """The record had this key before: an old duplicate is not this submission's doing."""
        before = self.known.base.get(self.claims.record(i))
        return before is not None and self.reader.agree(before, self._row(i)) is True

    def _identified(self) -> Identified:
        found = Identified(aliases=dict(self.aliases))
        carried = Counter(s.record_id for s in self.submitted)
        for i, (position, own, row) in enumerate(self.submitted):
            record = self.records[i]
            if record is None:
                continue
            found.rows[record] = self.as_before.get(i, row)
            found.positions[record] = position
            elsewhere = own is not None and own != record and carried[own] == 1
            if own is not None and elsewhere and not self.known.in_copy(own):
                found.aliases[own] = record
        self._name_copies(found)
        found.unresolved = self._unresolved(found)
        return found

    def _name_copies(self, found: Identified) -> None:
        """The records of copied rows, so that the same rows are known next time."""
        for i, own in self.copied.items():
            record = self.records[i]
            if i not in self.returned and record and record not in found.aliases.values():
                taken = sum(name.startswith(f"{own}#") for name in found.aliases)
                found.aliases[f"{own}#{taken + 1}"] = record

    def _unresolved(self, found: Identified) -> Unresolved:
        returned = {
            self.claims.record(i): duplicate(
                self.reader, self.claims.record(i), self.submitted[i], len(rows)
            )
            for i, rows in self.returned.items()
        }
        return Unresolved(
            returned,
            frozenset(
                self.claims.record(i)
                for i, rows in self.returned.items()
                if self._all_as_before(rows)
            ),
            {self.claims.record(i): other for i, other in self.review.items()},
            frozenset(self.claims.contested),
            frozenset(self.seen - found.rows.keys()),
            tuple(self.claims.record(kept) for _, kept in self.repeats),
        )

    def _all_as_before(self, rows: list[int]) -> bool:
        return all(self.known.unchanged(self.claims.record(i), self._row(i)) for i in rows)
