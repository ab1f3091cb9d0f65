"""What stands beside a conflict in the list: why a decision was not carried out."""

from tests.community import Community
from tests.e2e.test_merge_extra_columns import hand_in_two_columns

from ledgersync.messages import message
from ledgersync.sync.cases.notes import drop_notes, leave_note, note_of
from ledgersync.workbook.lists.conflict_lines import Decision


def test_a_note_stays_until_its_conflict_is_decided(town: Community) -> None:
    hand_in_two_columns(town, ("过敏", "青霉素"), ("过敏", "不详"))
    with town.session() as session:
        [case] = session.journal.conflicts.open()
        assert note_of(session, case) == ""
        leave_note(session, case.id, Decision(case.id, "value", "x"), message("没有这一项"))
        assert note_of(session, case) == "未执行：没有这一项"
        drop_notes(session, {case.id})  # it is open still
        assert note_of(session, case) == "未执行：没有这一项"
        drop_notes(session, set())
        assert note_of(session, case) == ""
