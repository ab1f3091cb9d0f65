"""What is remembered of files: when they were saved, what could not be read, whose they are."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from tests.community import Community

from ledgersync.messages import message
from ledgersync.sync.intake.inbox import NOBODY
from ledgersync.sync.intake.remembered import is_earlier, is_reported, note_saved, note_unreadable
from ledgersync.sync.intake.sender import owner_of, sender_of
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.stamps import stamp_now

EARLY, LATE = "2022-06-01T08:00:00", "2022-06-02T08:00:00"


def test_of_two_saves_of_a_copy_the_later_one_is_remembered(town: Community) -> None:
    with town.session() as session:
        assert not is_earlier(session, "c1", EARLY)
        note_saved(session, "c1", LATE)
        note_saved(session, "c1", EARLY)
        note_saved(session, "c1", None)
        assert is_earlier(session, "c1", EARLY)
        assert not is_earlier(session, "c1", LATE)
        assert not is_earlier(session, "c1", None)  # a program that says no time
        assert not is_earlier(session, "c2", EARLY)


def unreadable(reason: str) -> SubmissionResult:
    found = SubmissionResult("inbox/王/a.xlsx", "", "王", None, "none", "unreadable")
    found.message = message("{reason}", reason=reason)
    return found


def test_what_cannot_be_read_is_news_until_it_is_saved_or_fails_otherwise(
    town: Community, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"half")

    def told(reason: str) -> bool:
        result = unreadable(reason)
        note_unreadable(session, "inbox/王/a.xlsx", path.stat(), [result])
        return not result.known

    with town.session() as session:
        assert not is_reported(session, "inbox/王/a.xlsx", path.stat())
        assert [told("坏"), told("坏"), told("有密码")] == [True, False, True]
        assert is_reported(session, "inbox/王/a.xlsx", path.stat())
        os.utime(path, (1, 1))
        assert not is_reported(session, "inbox/王/a.xlsx", path.stat())
        assert told("有密码")


def test_a_file_is_of_the_folder_it_lies_in(town: Community) -> None:
    inbox = town.root / "inbox"
    (inbox / "王芳" / "六月").mkdir(parents=True)
    with town.session() as session:
        assert sender_of(session, inbox / "王芳" / "a.xlsx") == "王芳"
        assert sender_of(session, inbox / "王芳" / "六月" / "a.xlsx") == "王芳"
        assert sender_of(session, inbox / "a.xlsx") == NOBODY
        assert sender_of(session, town.root / "a.xlsx") == NOBODY


@pytest.mark.parametrize("whose", ["own", "foreign", "none"])
def test_a_stamp_names_its_owner_where_it_is_of_this_unit(town: Community, whose: str) -> None:
    with town.session() as session:
        own = stamp_now(session, session.catalog.ledger("roster"), "c1", "王芳")
        foreign = replace(own, workspace="elsewhere", unit="360702009001")
        stamp = {"own": own, "foreign": foreign, "none": None}[whose]
        assert owner_of(session, stamp) == ("王芳" if whose == "own" else None)
