"""The journal's books one by one: transactions, state, copies, cases, originals, files seen."""

import os
import sqlite3
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from tests.community import ROSTER

from ledgersync.errors import WorkspaceFault
from ledgersync.journal import (
    DryOriginals,
    HeldCase,
    Journal,
    LastSubmission,
    Originals,
    SubmissionRecord,
)
from ledgersync.journal.copies import own_copy
from ledgersync.merge import Operation, settled
from ledgersync.model import Invalid, Row
from ledgersync.schema import Catalog
from ledgersync.schema.catalog import parse_ledger

LEDGER = parse_ledger(ROSTER, "roster.toml")
TABLE = LEDGER.by_id["people"]
NOW = datetime(2022, 6, 30, 9, 0)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.create(tmp_path / "journal.db", Catalog({"roster": LEDGER})) as opened:
        yield opened


def person(no: str, note: str | None = None, **cells: object) -> Row:
    row = {"no": no, "name": "王芳", "note": note, **cells}
    return tuple(row.get(name) for name in TABLE.field_ids)  # type: ignore[return-value]


def write(journal: Journal, *operations: Operation) -> int:
    """One revision, logged and brought into the state."""
    from ledgersync.journal.rows import dumps, encode_record
    from ledgersync.merge import apply
    from ledgersync.values import to_json

    def text(side: object, *, whole: bool) -> str | None:
        if side is None:
            return None
        return encode_record(TABLE, side) if whole else dumps(to_json(side))  # type: ignore[arg-type]

    with journal.transaction():
        revision = journal.log.begin("submission", "王芳", NOW)
        merged = apply(TABLE, journal.state.rows("roster", "people"), operations)
        journal.log.add(
            (
                revision,
                "roster",
                "people",
                o.record,
                o.kind,
                o.field,
                text(o.old, whole=o.field is None),
                text(o.new, whole=o.field is None),
            )
            for o in operations
        )
        touched = {o.record for o in operations}
        changed = {r: merged[r] for r in touched if r in merged}
        journal.state.write("roster", "people", changed, [r for r in touched if r not in merged])
        journal.log.seal(revision)
    return revision


def two(journal: Journal) -> int:
    return write(
        journal,
        Operation("add", "r1", None, None, person("A1", "一")),
        Operation("add", "r2", None, None, person("A2", phone=Invalid("12345", "phone.format"))),
    )


def test_a_failed_transaction_leaves_nothing_behind(journal: Journal) -> None:
    two(journal)
    with pytest.raises(ZeroDivisionError), journal.transaction():
        journal.state.write("roster", "people", {"r9": person("A9")}, ["r1"])
        assert "r9" in journal.state.rows("roster", "people")
        raise ZeroDivisionError
    assert set(journal.state.rows("roster", "people")) == {"r1", "r2"}


def test_nested_transactions_are_one(journal: Journal) -> None:
    with pytest.raises(ZeroDivisionError), journal.transaction():
        with journal.transaction():
            journal.set_meta("a", "b")
        raise ZeroDivisionError
    assert journal.meta("a") is None


def test_a_full_disk_is_said_and_rolled_back(journal: Journal) -> None:
    with pytest.raises(WorkspaceFault, match="日志写不进去"), journal.transaction():
        journal.set_meta("a", "b")
        raise sqlite3.OperationalError("database or disk is full")
    assert journal.meta("a") is None


def test_state_as_of_any_revision_and_by_replay(journal: Journal) -> None:
    first = two(journal)
    second = write(journal, Operation("edit", "r1", "note", "一", "二"))
    third = write(journal, Operation("remove", "r2", None, person("A2"), None))
    at = journal.state.rows_at
    assert at("roster", "people", third) == {"r1": person("A1", "二")}
    assert at("roster", "people", second)["r1"] == person("A1", "二")
    assert set(at("roster", "people", second)) == {"r1", "r2"}
    assert at("roster", "people", first)["r1"] == person("A1", "一")
    assert at("roster", "people", 0) == {}
    assert journal.state.replay("roster", "people") == journal.state.rows("roster", "people")


def test_what_another_connection_wrote_is_seen(journal: Journal, tmp_path: Path) -> None:
    two(journal)
    assert len(journal.state.rows("roster", "people")) == 2
    with Journal.open(tmp_path / "journal.db", journal.catalog) as other:
        write(other, Operation("edit", "r1", "note", "一", "他人"))
    assert journal.state.rows("roster", "people")["r1"] == person("A1", "他人")


def test_a_tampered_journal_no_longer_fits_its_digests(journal: Journal) -> None:
    two(journal)
    second = write(journal, Operation("edit", "r1", "note", "一", "二"))
    assert journal.log.digest_of(second) == journal.log.revision(second).digest  # type: ignore[union-attr]
    journal.connection.execute("UPDATE operation SET new = '\"三\"' WHERE kind = 'edit'")
    assert journal.log.digest_of(second) != journal.log.revision(second).digest  # type: ignore[union-attr]


def test_a_last_submission_holds_only_what_differs_and_comes_back_whole(journal: Journal) -> None:
    revision = two(journal)
    copy = own_copy("王芳", "roster", "a.xlsx", revision, NOW)
    journal.copies.add(copy)
    said = dict(journal.state.rows("roster", "people")) | {"r3": person("A3", "新")}
    said["r1"] = person("A1", "改")
    last_submission = LastSubmission(
        revision, said, {"r3": None, "r1": person("A1", "一")}, {"x": "r1"}
    )
    journal.copies.set_last_submission(copy.id, "roster", TABLE, last_submission)
    write(journal, Operation("edit", "r2", "note", None, "后来改的"))
    found = journal.copies.last_submission(copy, TABLE)
    assert found == last_submission
    assert list(found.rows) == list(said)
    assert settled(found.rows, found.unsettled)["r1"] == person("A1", "一")


def test_held_removals_shrink_and_end(journal: Journal) -> None:
    number = journal.submissions.add(_submission("copy1"), NOW)
    case = HeldCase(number, "王芳", "roster", "people", ("r1", "r2", "r3"), since=4)
    held = journal.held
    held.add(case)
    [found] = held.of_copy("copy1")
    assert (found.records, found.since, held.of_copy("copy2")) == (("r1", "r2", "r3"), 4, [])
    held.keep_only(found, ("r2",))
    assert held.open()[0].records == ("r2",)
    held.keep_only(held.open()[0], ())
    assert held.open() == []


def _submission(copy: str) -> SubmissionRecord:
    return SubmissionRecord("a.xlsx", "0" * 64, "王芳", "roster", "stamped", "held", {}, copy=copy)


def test_a_file_saved_a_moment_ago_is_hashed_again(journal: Journal, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"one")
    seen, stat = journal.submissions, path.stat()
    seen.saw("a.xlsx", stat, "hash")
    assert seen.known_hash("a.xlsx", stat.st_size, stat.st_mtime_ns) is None
    assert seen.last_hash("a.xlsx") == "hash"
    os.utime(path, (1, time.time() - 60))
    stat = path.stat()
    seen.saw("a.xlsx", stat, "hash")
    assert seen.known_hash("a.xlsx", stat.st_size, stat.st_mtime_ns) == "hash"


def test_originals_are_kept_once_and_damage_is_seen(tmp_path: Path) -> None:
    store = Originals(tmp_path / "originals")
    sha256 = store.keep(b"content")
    assert store.keep(b"content") == sha256
    assert store.load(sha256) == b"content" and store.is_intact(sha256)
    path = store.path_of(sha256)
    path.write_bytes(path.read_bytes()[:-3])
    assert store.has(sha256) and not store.is_intact(sha256)
    path.unlink()
    assert not store.is_intact(sha256)
    assert DryOriginals(tmp_path / "nowhere").keep(b"content") == sha256
    assert not (tmp_path / "nowhere").exists()


def test_whether_a_journal_was_ever_used(tmp_path: Path) -> None:
    path = tmp_path / "journal.db"
    assert not Journal.was_used(path)
    path.touch()
    assert not Journal.was_used(path)
    path.unlink()
    with Journal.create(path, Catalog({"roster": LEDGER})) as journal:
        write(journal)
        assert not Journal.was_used(path)
        two(journal)
    assert Journal.was_used(path)
    path.write_bytes(b"no database at all, but something that somebody put here")
    assert Journal.was_used(path)
    with pytest.raises(WorkspaceFault):
        Journal.open(path, Catalog({"roster": LEDGER}))


def test_rows_follow_a_schema_whose_fields_moved(journal: Journal, tmp_path: Path) -> None:
    two(journal)
    lines = ROSTER.splitlines()
    note = next(n for n, line in enumerate(lines) if 'id = "note"' in line)
    no = next(n for n, line in enumerate(lines) if 'id = "no"' in line)
    lines.insert(no, lines.pop(note))
    moved = parse_ledger("\n".join(lines), "roster.toml")
    with Journal.open(tmp_path / "journal.db", Catalog({"roster": moved})) as later:
        row = later.state.rows("roster", "people")["r1"]
        assert row[moved.by_id["people"].position["note"]] == "一"
        assert later.state.replay("roster", "people")["r1"] == row
