"""The way back from now: what a table was after each revision, recounted from the front."""

from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.merge.homes import HOMES, NUMBERED, home

from ledgersync.merge import Distance, Past, Step, Submitted
from ledgersync.merge.resemblance import ABSENT
from ledgersync.model import Row, Rows

IDS, VALUES = "abc", "xyz"
ROWS = st.tuples(*[st.sampled_from(VALUES)] * 2)
CHANGES = st.lists(
    st.tuples(st.sampled_from(IDS), st.sampled_from((None, 0, 1)), ROWS), max_size=12
)


class Lived(NamedTuple):
    """A history told from the front: the state after each revision, and the steps."""

    states: dict[int, Rows]
    steps: list[Step]


def lived(changes: list[tuple[str, int | None, tuple[str, ...]]]) -> Lived:
    """Two changes a revision: a cell changed, or a row added, or removed where it is there."""
    now: Rows = {"a": ("x", "x")}
    found = Lived({0: dict(now)}, [])
    for n, (record, at, row) in enumerate(changes):
        revision, old = n // 2 + 1, now.get(record)
        if at is None:
            found.steps.append(Step(revision, f"u{n}", record, None, old, None if old else row))
            now.pop(record) if old else now.update({record: row})
        elif old is not None:
            found.steps.append(Step(revision, f"u{n}", record, at, old[at], row[at]))
            now[record] = (*old[:at], row[at], *old[at + 1 :])
        found.states[revision] = dict(now)
    last = max(found.states)
    return found._replace(states={r: found.states[min(r, last)] for r in range(last + 2)})


@given(CHANGES, st.sets(st.sampled_from(IDS)))
def test_rows_as_they_were(
    changes: list[tuple[str, int | None, tuple[str, ...]]], ids: set[str]
) -> None:
    states, steps = lived(changes)
    past = Past(states[max(states)], steps)
    for revision, state in states.items():
        assert past.rows_at(revision, ids) == {r: v for r, v in state.items() if r in ids}


@given(CHANGES, st.dictionaries(st.sampled_from([*IDS, "new"]), ROWS))
def test_how_far_a_file_is_from_each_state(
    changes: list[tuple[str, int | None, tuple[str, ...]]], theirs: Rows
) -> None:
    states, steps = lived(changes)
    found = Past(states[max(states)], steps).distances(theirs, [1], states)
    assert found == {r: recounted(theirs, state) for r, state in states.items()}


def recounted(theirs: Rows, state: Rows) -> Distance:
    """Only the second cell is looked at."""
    both = theirs.keys() & state.keys()
    return Distance(sum(theirs[r][1] != state[r][1] for r in both), len(theirs) - len(both))


def test_distances_of_several_tables_add_up() -> None:
    assert Distance(2, 1) + Distance(3, 5) == Distance(5, 6)


@given(CHANGES)
def test_what_cells_held_over_time(changes: list[tuple[str, int | None, tuple[str, ...]]]) -> None:
    states, steps = lived(changes)
    cells = [(record, i) for record in IDS for i in (0, 1)]
    found = Past(states[max(states)], steps).histories(cells)
    for revision, state in states.items():
        for record, i in cells:
            held = state[record][i] if record in state else ABSENT
            assert found[record, i].value_at(revision) == held
    for (record, i), history in found.items():
        who = [s.author for s in steps if s.record == record and s.at in (None, i)]
        assert history.last_author() == (who[-1] if who else None)


NOW: Rows = {"r1": home("1", "王芳", "东街"), "r2": home(None, "李强", "西街", 3)}
BEFORE = [
    Step(1, "a", "gone", None, home("7", "赵敏", "南街"), None),
    Step(2, "a", "r1", 0, "9", "1"),
    Step(3, "a", "r2", 2, "北街", "西街"),
]


def test_rows_of_a_file_find_the_records_that_they_ever_were() -> None:
    cases: list[tuple[str | None, Row, str | None]] = [
        ("r1", home("5", "别人"), "r1"),  # the id tells, whatever else it says
        ("gone", home("5"), "gone"),
        ("other", home("1"), "r1"),  # an id of another table: the key tells
        (None, home("9", "王芳"), "r1"),  # a key of then
        (None, home("7"), "gone"),  # the key of a record that is no more
        (None, home(None, "李强", "西 街"), "r2"),  # the fallback key, blanks aside
        (None, home(None, "李强", "北街"), "r2"),
        (None, home("6", "李强", "西街"), "r2"),
        (None, home(None, "李强"), None),
        (None, home("6", "钱七", "西街"), None),
    ]
    for record_id, row, record in cases:
        found = Past(NOW, BEFORE).matched(HOMES, [Submitted(0, record_id, row)])
        assert found == ({record: row} if record else {}), row


def test_of_two_rows_of_one_record_the_first_is_taken() -> None:
    rows = [Submitted(0, "r1", home("1", "甲")), Submitted(1, None, home("9", "乙"))]
    assert Past(NOW, BEFORE).matched(HOMES, rows) == {"r1": home("1", "甲")}


def test_a_key_belongs_to_who_has_it_now_before_who_had_it_once() -> None:
    steps = [Step(1, "a", "r2", 0, "1", None), Step(2, "a", "r1", 0, "2", "1")]
    found = Past(NOW, steps).matched(HOMES, [Submitted(0, None, home("1"))])
    assert found == {"r1": home("1")}
    assert Past({}, steps).matched(HOMES, [Submitted(0, None, home("1"))]) == {}


def test_a_row_whose_number_was_cleared_is_known_by_its_content() -> None:
    now: Rows = {"r1": home("H-1-1", "王芳", "东街", 2)}
    found = Past(now, []).matched(NUMBERED, [Submitted(0, None, home(None, "王芳", "东街", 2))])
    assert found == {"r1": home(None, "王芳", "东街", 2)}
