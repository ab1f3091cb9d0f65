"""Files that are kept and not merged: each is recorded once, with what is told."""

from tests.community import Community

from ledgersync.messages import message
from ledgersync.model import Stamp
from ledgersync.sync.intake.refusals import has_left, no_table, refuse_foreign, unreadable
from ledgersync.sync.results import SubmissionResult
from ledgersync.sync.session import Session

FILE = "inbox/王芳/名册.xlsx"
BROKEN = message("读不了")


def recorded(session: Session) -> list[tuple[str, str]]:
    every = session.journal.submissions.all()
    return [(s.file, s.status) for s in every if s.status in ("unreadable", "held")]


def test_an_unreadable_file_is_recorded_once_for_each_content_place_and_person(
    town: Community,
) -> None:
    with town.session() as session:
        for sha256, staff, file in (
            ("a", "王芳", FILE),
            ("a", "王芳", FILE),
            ("b", "王芳", FILE),
            ("b", "李强", FILE),
            ("b", "李强", "inbox/李强/名册.xlsx"),
        ):
            result = unreadable(session, file, sha256, staff, BROKEN)
            assert (result.status, result.ledger, result.message) == ("unreadable", None, BROKEN)
        assert len(recorded(session)) == 4


def test_another_units_workbook_is_held_and_told_whose_it_is(town: Community) -> None:
    stamp = Stamp("other", "roster", 1, 3, "c9", "赵敏", "360702001002", "和平社区", None)
    with town.session() as session:
        result = SubmissionResult(FILE, "a", "王芳", "roster", "none", "merged")
        refuse_foreign(session, result, stamp)
        assert result.status == "held" and result.message is not None
        told = result.message.zh
        assert "和平社区" in told and "幸福社区" in told and FILE in told
        assert recorded(session) == [(FILE, "held")]
        [kept] = [s for s in session.journal.submissions.all() if s.status == "held"]
        assert kept.detail["zh"] == told


def test_who_left_is_known_by_the_settings(town: Community) -> None:
    toml = town.root / "ledgersync.toml"
    people = '[[staff]]\nname = "王芳"\nleft_to = "李强"\n[[staff]]\nname = "李强"\n'
    toml.write_text(f"{toml.read_text('utf-8')}\n{people}", "utf-8")
    with town.session() as session:
        assert [has_left(session, name) for name in ("王芳", "李强", "谁也不是")] == [
            True,
            False,
            False,
        ]


def test_a_file_without_a_table_is_named() -> None:
    assert FILE in no_table(FILE).zh
