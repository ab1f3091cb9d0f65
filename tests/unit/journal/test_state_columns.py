"""A table's state kept by column says what `record` says, in the same order, whatever happened."""

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
from tests.community import ROSTER
from tests.unit.journal.test_journal_books import LEDGER, person, write
from tests.unit.journal.test_stored_rows import TABLE, some_rows, types_of

from ledgersync.journal import Journal, state
from ledgersync.journal.columns import ColumnStore, packed, unpacked
from ledgersync.journal.rows import decoder
from ledgersync.merge import Operation
from ledgersync.model import Invalid, Rows, Value
from ledgersync.schema import Catalog
from ledgersync.schema.catalog import parse_ledger

KEY = ("roster", "people")
WITHOUT_NOTE = "\n".join(line for line in ROSTER.splitlines() if 'id = "note"' not in line)


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journal]:
    monkeypatch.setattr(state, "LARGE", 1)
    with Journal.create(tmp_path / "journal.db", Catalog({"roster": LEDGER})) as opened:
        yield opened


def opened_anew(journal: Journal) -> Rows:
    journal.state.forget()
    return journal.state.rows(*KEY)


def some_operations(rng: Random, rows: Rows) -> Iterator[Operation]:
    """Additions, edits and removals; records that are gone come back."""
    for n in rng.sample(range(30), 5):
        record, notes = f"r{n}", ("一", "二", None, Invalid("x", "text.length"))
        row = person(f"A{n}", rng.choice(notes))  # type: ignore[arg-type]
        if record not in rows:
            yield Operation("add", record, None, None, row)
        elif rng.random() < 0.5:
            yield Operation("remove", record, None, rows[record], None)
        else:
            old, at = rows[record], LEDGER.by_id["people"].position["note"]
            yield Operation("edit", record, "note", old[at], row[at])


@pytest.mark.parametrize("seed", range(3))
def test_columns_and_what_was_written_since_are_the_state(journal: Journal, seed: int) -> None:
    rng, kept = Random(seed), 0
    for _ in range(40):
        write(journal, *some_operations(rng, journal.state.rows(*KEY)))
        if rng.random() < 0.3:
            kept += len(journal.state.without_columns())
            journal.keep_columns()
        found = opened_anew(journal)
        assert list(found.items()) == list(journal.state.stored(*KEY).items())
        assert found == journal.state.replay(*KEY)
    assert kept > 5


def test_few_changes_leave_the_columns_as_they_are(journal: Journal) -> None:
    write(journal, *(Operation("add", f"r{n}", None, None, person(f"A{n}")) for n in range(20)))
    journal.keep_columns()
    write(journal, Operation("edit", "r1", "note", None, "一"))
    assert journal.state.without_columns() == []
    write(journal, *(Operation("edit", f"r{n}", "note", None, "一") for n in range(2, 5)))
    assert journal.state.without_columns() == [KEY]


def test_damaged_columns_are_passed_over(journal: Journal) -> None:
    write(journal, *(Operation("add", f"r{n}", None, None, person(f"A{n}")) for n in range(20)))
    journal.keep_columns()
    before = opened_anew(journal)
    assert ColumnStore(journal.connection).rows(KEY, LEDGER.by_id["people"]) == before
    for change in ("content = x'5b5d'", "kind = 'codesH'", "codes = x'00'"):
        with journal.transaction():
            journal.state.keep_columns(KEY)
        journal.connection.execute(f"UPDATE state_column SET {change} WHERE position = 3")
        assert ColumnStore(journal.connection).rows(KEY, LEDGER.by_id["people"]) is None
        assert opened_anew(journal) == before


def test_columns_of_other_fields_are_passed_over(journal: Journal) -> None:
    write(journal, *(Operation("add", f"r{n}", None, None, person(f"A{n}")) for n in range(9)))
    journal.keep_columns()
    store, before = ColumnStore(journal.connection), opened_anew(journal)
    assert store.revision(KEY, journal.catalog.table(*KEY)) is not None
    journal.register(KEY, {"_x_又": "又"})
    assert store.revision(KEY, journal.catalog.table(*KEY)) is None
    assert opened_anew(journal) == {r: (*row, None) for r, row in before.items()}
    journal.keep_columns()
    assert opened_anew(journal) == {r: (*row, None) for r, row in before.items()}


@pytest.mark.parametrize("few", [3, 10_000])
@pytest.mark.parametrize("odd", [0.0, 0.02, 1.0])
def test_every_type_comes_back(journal: Journal, few: int, odd: float) -> None:
    rows, store = some_rows(Random(few), few, odd), ColumnStore(journal.connection)
    store.keep(("any", "all"), TABLE, rows, 7)
    found = store.rows(("any", "all"), TABLE)
    assert found is not None
    assert list(found.items()) == list(rows.items())
    assert [*map(types_of, found.values())] == [*map(types_of, rows.values())]
    assert store.revision(("any", "all"), TABLE) == 7


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("text", ["a", "b", None, "", "c\0d"]),
        ("text", ["a", "b", "\1", None]),
        ("text", ["甲\n乙", "", None]),
        ("text", []),
        ("decimal", [1, 1.0, 2.5, None]),
        ("decimal", [0.0, -0.0, 0.5, None]),
        ("bool", [True, False, None, True]),
        ("money", [Decimal("1.50"), Decimal("-2.00"), None, Decimal("0.00")]),
        ("date", [date(2022, 2, 28), None]),
        ("choices", [("因病",), ("因病", "因残"), (), None]),
        ("integer", [*range(300), None]),
        ("integer", [n % 70_000 for n in range(150_000)]),
    ],
)
def test_odd_columns_come_back(name: str, column: Sequence[Value]) -> None:
    decode = decoder(next(f for f in TABLE.fields if f.id == name))
    found = unpacked(packed(column), decode)
    assert found == list(column)
    assert [*map(type, found)] == [*map(type, column)]
    assert [*map(repr, found)] == [*map(repr, column)]


def test_a_full_disk_costs_nothing_but_the_columns(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(journal, *(Operation("add", f"r{n}", None, None, person(f"A{n}")) for n in range(9)))

    def full(*_: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(ColumnStore, "keep", full)
    journal.state.rows(*KEY)
    assert journal.state.without_columns() == [KEY]
    journal.keep_columns()
    assert len(opened_anew(journal)) == 9


def test_what_is_read_is_of_one_moment(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(journal, *(Operation("add", f"r{n}", None, None, person(f"A{n}")) for n in range(20)))
    journal.state.rows(*KEY)
    journal.keep_columns()
    write(journal, Operation("edit", "r2", "note", None, "二"))
    reader = Journal.open(tmp_path / "journal.db", journal.catalog)
    written = reader.state._written_since

    def meanwhile(*given: object) -> object:
        found = written(*given)  # type: ignore[arg-type]
        monkeypatch.setattr(reader.state, "_written_since", written)
        write(journal, Operation("edit", "r1", "note", None, "三"))
        write(journal, Operation("edit", "r2", "note", "二", "三"))
        return found

    monkeypatch.setattr(reader.state, "_written_since", meanwhile)
    at = LEDGER.by_id["people"].position["note"]
    then, now = reader.state.rows(*KEY), reader.state.rows(*KEY)
    assert [then[r][at] for r in ("r1", "r2")] == [None, "二"]
    assert [now[r][at] for r in ("r1", "r2")] == ["三", "三"]
    reader.close()


def test_a_field_that_went_and_came_back_is_empty(journal: Journal) -> None:
    """The columns of before still fit its fields, but not what the rows say by now."""
    write(journal, Operation("add", "r1", None, None, person("A1", "一")))
    journal.state.rows(*KEY)
    journal.keep_columns()
    less = Catalog({"roster": parse_ledger(WITHOUT_NOTE, "roster.toml")})
    journal.follow(less)
    journal.follow(Catalog({"roster": LEDGER}))
    assert opened_anew(journal) == journal.state.stored(*KEY) == {"r1": person("A1", None)}
