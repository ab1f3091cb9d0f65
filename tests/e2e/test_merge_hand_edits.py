"""The primary belongs to the people: what they change in it by hand is taken in first."""

from tests.community import Book, Community, counted

from ledgersync.sync.cases.held import dismiss, release
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish


def test_an_edit_by_hand_is_taken_in_before_anything_is_merged(town: Community) -> None:
    book = town.issue("王芳")
    primary = town.open_primary()
    primary.people.set("A1", "备注", "手改")
    primary.file.properties.lastModifiedBy = "站长"
    primary.save()
    book.people.set("A1", "备注", "甲").set("A2", "备注", "乙")
    assert counted(town.hand_in(book)) == {"applied": 1, "conflicts": 1}
    assert town.shown("备注")[:2] == [["手改"], ["乙"]]
    with town.session() as session:
        case = session.journal.conflicts.open()[0]
        assert (case.ours_by, case.theirs_by) == ("站长", "王芳")
    town.assert_consistent()


def test_a_record_typed_by_hand_gets_an_id(town: Community) -> None:
    primary = town.open_primary()
    primary.people.add(reserved=False, 编号="B1", 姓名="吴刚", 人口=2)
    primary.save()
    town.merge()
    assert town.open_primary().people.id("B1") not in ("", "None")
    assert [r[0] for r in town.issue("王芳").people.texts(["编号"])][-1] == "B1"
    town.assert_consistent()


def test_faulty_cells_stay_as_they_were_typed(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A1", "电话", "电话待补").set("A2", "人口", 99)
    primary.save()
    town.merge()
    book = town.issue("王芳")
    book.people.set("A3", "备注", "新")
    town.hand_in(book)
    assert town.cell("A1", "电话") == "电话待补"
    assert town.cell("A2", "人口") == "99"
    town.assert_consistent()


def test_a_few_removals_by_hand_are_removals(town: Community) -> None:
    primary = town.open_primary()
    primary.people.remove("A1")
    primary.save()
    town.merge()
    assert [r[0] for r in town.shown("编号")] == ["A2", "A3", "A4", "A5", "A6"]
    with town.session() as session:
        assert len(session.journal.state.rows("roster", "people")) == 5
    town.assert_consistent()


def test_mass_removals_by_hand_stop_every_write_until_decided(town: Community) -> None:
    book = town.issue("王芳")
    primary = town.open_primary()
    primary.people.remove("A1", "A2", "A3")
    primary.save()
    before = town.primary.read_bytes()
    book.people.set("A4", "备注", "新")
    result = town.hand_in(book)
    assert (result.status, counted(result)) == ("pending", {"applied": 1})
    assert town.primary.read_bytes() == before
    primary = town.open_primary()
    primary.people.set("A5", "备注", "又一处手改")
    primary.save()
    town.merge()
    assert [r[0] for r in town.shown("编号")] == ["A4", "A5", "A6"]
    with town.session() as session:
        [case] = session.journal.held.open()
        assert len(case.records) == 3
        release(session, case.id, "站长")
        finish(session, MergeReport(0))
    assert town.shown("编号 备注") == [["A4", "新"], ["A5", "又一处手改"], ["A6", "六"]]
    town.assert_consistent()


def test_dismissed_removals_by_hand_come_back(town: Community) -> None:
    primary = town.open_primary()
    primary.people.remove("A1", "A2", "A3")
    primary.save()
    town.merge()
    with town.session() as session:
        dismiss(session, session.journal.held.open()[0].id)
        finish(session, MergeReport(0))
    assert sorted(r[0] for r in town.shown("编号")) == ["A1", "A2", "A3", "A4", "A5", "A6"]
    town.assert_consistent()


def test_removed_rows_put_back_by_hand_need_no_decision(town: Community) -> None:
    whole = town.primary.read_bytes()
    primary = town.open_primary()
    primary.people.remove("A1", "A2", "A3")
    primary.save()
    town.merge()
    town.primary.write_bytes(whole)
    town.merge()
    with town.session() as session:
        assert session.journal.held.open() == []
    town.assert_consistent()


def test_rows_re_sorted_by_hand(town: Community) -> None:
    primary = town.open_primary()
    primary.people.resort(reverse=True).set("A1", "备注", "新")
    primary.save()
    book = town.issue("王芳")
    town.merge()
    assert next(iter(town.shown("编号"))) == ["A6"]
    book.people.set("A6", "备注", "末")
    assert counted(town.hand_in(book)) == {"applied": 1}
    assert town.shown("编号 备注")[0] == ["A6", "末"]
    town.assert_consistent()


def test_a_row_copied_by_hand_never_disappears(town: Community) -> None:
    primary = town.open_primary()
    row = primary.people.copy_row("A1")
    primary.people.fill(row, {"备注": "重复的一行"})
    primary.save()
    town.merge()
    book = town.issue("王芳")
    book.people.set("A2", "备注", "新")
    town.hand_in(book)
    assert sorted(r for r in town.shown("编号 备注") if r[0] == "A1") == [
        ["A1", "一"],
        ["A1", "重复的一行"],
    ]
    ids = [r[0] for r in town.shown("_LS_ID")]
    assert len(set(ids)) == len(ids) == 7
    town.assert_consistent()


def test_the_ids_deleted_by_hand_come_back(town: Community) -> None:
    primary = town.open_primary()
    ids = {key: primary.people.id(key) for key in ("A1", "A6")}
    sheet = primary.people
    for row in sheet.lines():
        sheet.ws.cell(row, sheet.columns["_LS_ID"]).value = None
    primary.save()
    town.merge()
    assert {key: town.open_primary().people.id(key) for key in ids} == ids
    town.assert_consistent()


def test_the_whole_id_column_deleted_by_hand_comes_back(town: Community) -> None:
    primary = town.open_primary()
    ids = {key: primary.people.id(key) for key in ("A1", "A6")}
    primary.people.drop("_LS_ID").set("A2", "备注", "新")
    primary.save()
    town.merge()
    assert {key: town.open_primary().people.id(key) for key in ids} == ids
    assert town.cell("A2", "备注") == "新"
    town.assert_consistent()


def test_an_old_backup_put_back_reverts_nothing(town: Community) -> None:
    backup = town.primary.read_bytes()
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新").add(编号="B1", 姓名="吴刚", 人口=2)
    town.hand_in(book)
    town.primary.write_bytes(backup)
    town.merge()
    assert town.cell("A1", "备注") == "新"
    assert len(town.shown("编号")) == 7
    town.assert_consistent()


def test_what_people_put_around_the_table_stays(town: Community) -> None:
    primary = town.open_primary()
    ws = primary.people.ws
    ws["T1"] = "打印前请核对"
    ws["A1"].comment = None
    primary.file.create_sheet("随手记")["B2"] = "会议记录"
    primary.save()
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新").add(编号="B1", 姓名="吴刚", 人口=2)
    town.hand_in(book)
    after = Book(town, "", town.primary)
    assert after.file["人员"]["T1"].value == "打印前请核对"
    assert after.file["随手记"]["B2"].value == "会议记录"
    town.assert_consistent()


def test_verify_tells_hand_edits_from_damage(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A1", "备注", "手改")
    primary.save()
    verdict = town.verify()
    assert verdict.hand_edits == ["roster"]
    assert verdict.troubles == []
