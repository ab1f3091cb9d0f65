"""What holds for every merge: identities, idempotence, conservation, order, permutation, undo."""

from itertools import permutations
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.merging import Desk, submitted

from ledgersync.merge import MergeResult, Submitted, apply, merge_table, undo
from ledgersync.merge.result import Faults
from ledgersync.model import Invalid, Row, Rows, Value
from ledgersync.schema import TableSchema

FIELDS: list[dict[str, Any]] = [
    {"id": "no", "header": "编号", "type": "code"},
    {"id": "name", "header": "姓名", "type": "name", "required": True},
    {"id": "place", "header": "住址", "type": "text"},
    {"id": "phone", "header": "电话", "type": "phone"},
    {"id": "size", "header": "人口", "type": "integer", "required": True, "min": 1, "max": 9},
    {"id": "covered", "header": "保障", "type": "integer", "min": 1, "le": "size"},
]


def schema(fields: list[dict[str, Any]]) -> TableSchema:
    return TableSchema.validated(
        {"id": "homes", "sheet": "户", "key": ["no"], "fallback_key": ["name", "place"]}
        | {"fields": fields}
    )


TABLE = schema(FIELDS)
ALL = frozenset(TABLE.field_ids)
MARRED = st.sampled_from([Invalid("1380", "phone.format"), Invalid("不详", "phone.format")])
CELLS: dict[str, st.SearchStrategy[Value]] = {
    "name": st.sampled_from(["王芳", "李强", None]),
    "place": st.sampled_from(["东街", "西街", None]),
    "phone": st.sampled_from(["13800000001", "13800000002", None]) | MARRED,
    "size": st.sampled_from([1, 3, 5, 99, None, Invalid("多", "type.integer")]),
    "covered": st.sampled_from([1, 2, 4, None]),
}
GOOD = {"name": "王芳", "place": "东街", "phone": "13800000001", "size": 3, "covered": 2}


def row(no: Value, cells: dict[str, Any]) -> Row:
    return (no, *(cells.get(name) for name in TABLE.field_ids[1:]))


def fresh(numbers: st.SearchStrategy[Value]) -> st.SearchStrategy[Row]:
    return st.builds(row, numbers, st.fixed_dictionaries(CELLS))


def no_faults(_: Row) -> list[Any]:
    return []


ANY_ROWS = st.dictionaries(
    st.sampled_from("abcdefgh"), fresh(st.sampled_from(["1", "2", "3"])), max_size=8
)


def merge(base: Rows, ours: Rows, theirs: Rows, faults: Faults, **terms: Any) -> MergeResult:
    known: dict[str, Any] = {"removals": True, "positions": {}, "present": ALL, **terms}
    return merge_table(TABLE, base, ours, theirs, faults=faults, **known)


@st.composite
def edited(draw: st.DrawFn, base: Rows, copy: str, keys: str = "") -> Rows:
    """A copy of `base` after some work: cells changed, rows removed and added.

    Added rows have ids of this copy and keys of its own, or one of `keys` that all may use.
    """
    theirs = dict(base)
    for record in draw(st.lists(st.sampled_from(sorted(base)), max_size=3)) if base else []:
        changes = draw(st.fixed_dictionaries({}, optional=CELLS))
        at = TABLE.position
        if record in theirs:
            cells = list(theirs[record])
            for name, value in changes.items():
                cells[at[name]] = value
            theirs[record] = tuple(cells)
    for record in draw(st.lists(st.sampled_from(sorted(base)), max_size=2)) if base else []:
        theirs.pop(record, None)
    own = draw(st.lists(st.sampled_from([f"{copy}{i}" for i in range(3)]), unique=True, max_size=2))
    shared = draw(st.lists(st.sampled_from(sorted(keys)), unique=True, max_size=2)) if keys else []
    for no in [*own, *shared]:
        theirs[f"id-{copy}-{no}"] = draw(fresh(st.just(no)))
    return theirs


def bases(size: int = 6) -> st.SearchStrategy[Rows]:
    """Good rows with keys of their own, named like their records."""
    return st.integers(0, size).map(lambda n: {f"r{i}": row(f"k{i}", GOOD) for i in range(n)})


@given(ANY_ROWS, ANY_ROWS)
def test_what_only_one_side_changed_is_the_result(base: Rows, other: Rows) -> None:
    assert merge(base, base, other, no_faults, hold=False).merged == other
    assert merge(base, other, base, no_faults, hold=False).merged == other


@st.composite
def messy(draw: st.DrawFn, base: Rows) -> list[Submitted]:
    """An edited copy with ids lost, rows copied and permuted."""
    rows = [
        Submitted(0, None if draw(st.integers(0, 4)) == 0 else record, cells)
        for record, cells in draw(edited(base, "x", "pq")).items()
    ]
    if rows:
        rows += draw(st.lists(st.sampled_from(rows), max_size=2))
        twice = draw(st.lists(st.sampled_from(rows), max_size=1))
        rows += [s._replace(row=draw(fresh(st.sampled_from([s.row[0], "p"])))) for s in twice]
    return [s._replace(position=i) for i, s in enumerate(draw(st.permutations(rows)))]


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_the_same_submission_again_changes_nothing(data: st.DataObject) -> None:
    desk = Desk(TABLE, data.draw(bases()))
    desk.issue("甲")
    for step in data.draw(st.lists(st.sampled_from(["甲", "other"]), min_size=1, max_size=3)):
        if step == "other":
            desk.ours = data.draw(edited(desk.ours, "o", "pq"))
        copy = data.draw(messy(desk.copies["甲"].last_submission))
        desk.submit("甲", copy)
        before = desk.ours
        again = desk.submit("甲", copy)
        assert again.counts.total == 0, again
        assert (desk.ours, again.operations, again.conflicts) == (before, [], [])
        assert again.returned == again.held == []


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_every_changed_cell_is_counted_once_and_is_somewhere(data: st.DataObject) -> None:
    base = data.draw(bases())
    ours = data.draw(edited(base, "o", "pq"))
    theirs = data.draw(edited(base, "t")) | data.draw(
        st.dictionaries(st.sampled_from(sorted(ours) or ["r0"]), fresh(st.just("z")), max_size=1)
    )
    checker = Desk(TABLE, {}).faults
    result = merge(base, ours, theirs, checker)
    expected = sum(
        _changes(result, base.get(r), ours.get(r), theirs.get(r), r) for r in {*base, *theirs}
    )
    counts = result.counts
    assert counts.total == expected
    assert (counts.conflicts, counts.held) == (len(result.conflicts), len(result.held))
    kinds = [op.kind for op in result.operations]
    assert [counts.applied, counts.added, counts.removed] == [
        kinds.count("edit"),
        kinds.count("add"),
        kinds.count("remove"),
    ]
    assert apply(TABLE, ours, result.operations) == result.merged
    for record, cells in theirs.items():
        _all_found(result, record, base.get(record), cells)


def _changes(
    result: MergeResult, base: Row | None, ours: Row | None, theirs: Row | None, record: str
) -> int:
    """How many changes a submission brings to one record, by the counting rules alone."""
    if theirs is None or (base is None and ours is None):
        return 1
    if base is None:
        return sum(value is not None for value in theirs)
    cells = sum(a != b for a, b in zip(base, theirs, strict=True))
    whole = any(c.record == record and c.kind == "edit/delete" for c in result.conflicts)
    return 1 if whole else cells


def _all_found(result: MergeResult, record: str, base: Row | None, theirs: Row) -> None:
    """Each cell that a copy changed is in the primary, in a conflict, or went back."""
    merged = result.merged.get(record)
    back = {r.field: r.typed for r in result.returned if r.record == record}
    asked = {c.field: c.theirs for c in result.conflicts if c.record == record}
    for name, i in TABLE.position.items():
        new = theirs[i]
        if new == (base[i] if base else None):
            continue
        candidate: Any = asked.get(None)
        assert (
            (merged is not None and merged[i] == new)
            or (name in asked and asked[name] == new)
            or (name in back and back[name] == new)
            or (candidate is not None and candidate[i] == new)
            or None in back
        )


def _named(record: str, rows: Row | None) -> Value:
    """A record by what all orders agree on: its id in the base, else its key."""
    return record if record.startswith("r") else rows[0] if rows else record


def _candidates(base: Rows, results: list[MergeResult], names: dict[str, Value]) -> set[Any]:
    """Everything that anybody wanted: applied or waiting for a person."""
    found: set[Any] = set()

    def want(record: str, before: Row | None, after: Any) -> None:
        if after is None:
            found.add((names[record], "removed"))
            return
        for name, i in TABLE.position.items():
            if after[i] != (before[i] if before else None):
                found.add((names[record], name, after[i]))

    for result in results:
        for op in result.operations:
            if op.field is None:
                want(op.record, None, op.new)
            else:
                found.add((names[op.record], op.field, op.new))
        for c in result.conflicts:
            if c.field is None:
                want(c.record, base.get(c.record), c.theirs)
            else:
                found.add((names[c.record], c.field, c.theirs))
    return found


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_order_of_submissions_decides_nothing(data: st.DataObject) -> None:
    base = data.draw(bases(4))
    copies = {name: data.draw(edited(base, name, "pq")) for name in ("s", "t", "u")}
    outcomes = []
    for order in permutations(copies):
        desk = Desk(TABLE, base)
        for name in order:
            desk.issue(name)
        results = [desk.submit(name, submitted(copies[name]), hold=False) for name in order]
        rows = {r: v for result in results for r, v in result.merged.items()}
        names = {r: _named(r, rows.get(r)) for r in {*base, *rows}}
        state = {names[r]: cells for r, cells in desk.ours.items()}
        wanted = _candidates(base, results, names)
        # an empty required cell goes back only where nobody filled it before
        back = [r for result in results for r in result.returned if r.rule != "required"]
        returned = {(r.field, r.row, r.rule) for r in back}
        outcomes.append((any(r.conflicts for r in results), state, wanted, returned))
    quarrel, state, wanted, returned = outcomes[0]
    for other in outcomes[1:]:
        assert other[2] == wanted
        assert other[0] == quarrel
        assert quarrel or other[1] == state
        assert other[3] == returned


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_the_order_of_rows_changes_nothing(data: st.DataObject) -> None:
    base = data.draw(bases())
    ours = data.draw(edited(base, "o", "pq"))
    rows = [
        s._replace(record_id=None) if s.row[0] and data.draw(st.booleans()) else s
        for s in submitted(data.draw(edited(base, "t", "pq")))
    ]
    outcomes = []
    for order in (rows, data.draw(st.permutations(rows))):
        desk = Desk(TABLE, base)
        desk.issue("甲")
        desk.ours = ours
        result = desk.submit("甲", order)
        state = sorted(desk.ours.values(), key=repr)
        outcomes.append((state, result.counts, {c.theirs for c in result.conflicts}))
        kept = [r for r in ours if r in desk.ours]
        assert list(desk.ours)[: len(kept)] == kept
    assert outcomes[0] == outcomes[1]


@given(st.data())
@settings(deadline=None)
def test_the_order_of_columns_changes_nothing(data: st.DataObject) -> None:
    base = data.draw(bases())
    ours, theirs = data.draw(edited(base, "o", "pq")), data.draw(edited(base, "t", "pq"))
    order = data.draw(st.permutations(range(len(FIELDS))))
    other = schema([FIELDS[i] for i in order])

    def turned(rows: Rows) -> Rows:
        return {record: tuple(cells[i] for i in order) for record, cells in rows.items()}

    plain = merge(base, ours, theirs, Desk(TABLE, {}).faults)
    result = merge_table(
        other,
        turned(base),
        turned(ours),
        turned(theirs),
        present=ALL,
        faults=Desk(other, {}).faults,
        positions={},
        removals=True,
    )
    assert result.merged == turned(plain.merged)
    assert result.counts == plain.counts


@given(st.data())
@settings(deadline=None)
def test_an_absent_column_clears_nothing(data: st.DataObject) -> None:
    base = data.draw(bases())
    ours, theirs = data.draw(edited(base, "o")), data.draw(edited(base, "t"))
    absent = data.draw(st.sampled_from(["place", "phone", "covered"]))
    at = TABLE.position[absent]
    shown = {r: (*cells[:at], None, *cells[at + 1 :]) for r, cells in theirs.items()}
    result = merge(base, ours, shown, no_faults, present=ALL - {absent})
    for record, cells in result.merged.items():
        assert record not in ours or cells[at] == ours[record][at]


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_undo_takes_back_exactly_what_was_done(data: st.DataObject) -> None:
    base = data.draw(bases())
    ours, theirs = data.draw(edited(base, "o", "pq")), data.draw(edited(base, "t", "pq"))
    assume(ours != theirs)
    result = merge(base, ours, theirs, Desk(TABLE, {}).faults)
    assert apply(TABLE, ours, result.operations) == result.merged
    back = undo(TABLE, result.merged, result.operations)
    assert back.merged == ours and back.conflicts == []
    assert back.counts.total == len(result.operations)
    assert undo(TABLE, back.merged, back.operations).merged == result.merged


@given(st.data())
@settings(max_examples=200, deadline=None)
def test_ids_that_were_sorted_apart_from_their_rows_change_nothing(data: st.DataObject) -> None:
    base = data.draw(bases())
    theirs = data.draw(edited(base, "t"))
    rows = submitted(theirs)
    ids = data.draw(st.permutations([s.record_id for s in rows]))
    mixed = [s._replace(record_id=i) for s, i in zip(rows, ids, strict=True)]
    outcomes = []
    for copy in (rows, mixed):
        desk = Desk(TABLE, base)
        result = desk.submit("甲", copy)
        known = {r: cells for r, cells in desk.ours.items() if r in base}
        outcomes.append((known, sorted(desk.ours.values(), key=repr), result.counts))
    assert outcomes[0] == outcomes[1]
