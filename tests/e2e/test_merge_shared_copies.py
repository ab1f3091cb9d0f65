"""One template for several people; copies brought up to date, by their owner or by the merge."""

import shutil
from datetime import date

from tests.community import Book, Community, counted

from ledgersync.sync.stamps import known_by
from ledgersync.workbook.build import build_template


def filled_template(town: Community, staff: str, what: str) -> Book:
    """The same template file, with the proposed number as a spreadsheet would show it."""
    template = town.root / "模板.xlsx"
    if not template.exists():
        catalog = town.workspace.catalog
        build_template(template, catalog.ledger("roster"), catalog, today=date(2022, 6, 30))
    book = Book(town, staff, template)
    sheet = book.matters
    row = sheet.top + 1
    number = f"SX-{str(sheet.ws.cell(row, sheet.columns['_LS_ID']).value)[-8:]}"
    sheet.fill(row, {"事项编号": number, "事项内容": what, "办理日期": "2022-06-01"})
    return book


def test_one_template_filled_by_two_people_gives_two_records(town: Community) -> None:
    filled_template(town, "王芳", "修路灯").send("王芳.xlsx")
    filled_template(town, "李强", "通下水道").send("李强.xlsx")
    report = town.merge()
    sent = [s for s in report.submissions if s.status != "unchanged"]
    assert [counted(s) for s in sent] == [{"added": 1}, {"added": 1}]
    shown = town.shown("事项编号 事项内容", "事项")
    assert sorted(what for _, what in shown) == ["修路灯", "通下水道"]
    assert len({number for number, _ in shown}) == 2
    assert town.conflicts() == []
    town.assert_consistent()


def test_a_copy_that_was_merged_as_it_is_gets_colleagues_entries(town: Community) -> None:
    one, other = town.issue("王芳"), town.issue("李强")
    one.people.set("A1", "备注", "甲")
    one.save()
    sent = town.root / "inbox" / "王芳" / "名册.xlsx"
    sent.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(one.path, sent)
    town.merge()
    other.people.set("A2", "备注", "乙")
    town.hand_in(other)
    fresh = Book(town, "王芳", one.path)
    assert fresh.people.texts(["备注"])[:2] == [["甲"], ["乙"]]
    fresh.people.set("A3", "备注", "丙")
    assert counted(town.hand_in(fresh)) == {"applied": 1}
    town.assert_consistent()


def test_a_copy_with_something_returned_is_left_to_be_corrected(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "电话", "138")
    book.save()
    sent = town.root / "inbox" / "王芳" / "名册.xlsx"
    sent.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(book.path, sent)
    town.merge()
    other = town.issue("李强")
    other.people.set("A2", "备注", "乙")
    town.hand_in(other)
    assert Book(town, "王芳", book.path).people.texts(["电话"])[0] == ["138"]


def test_a_stamp_brought_up_to_date_moves_the_base(town: Community) -> None:
    """更新 takes colleagues' entries into the open copy and stamps it with the new revision."""
    mine, other = town.issue("王芳"), town.issue("李强")
    mine.people.set("A3", "备注", "我的")
    assert counted(town.hand_in(mine)) == {"applied": 1}
    other.people.set("A1", "备注", "乙")
    town.hand_in(other)
    with town.session() as session:
        revision = session.journal.log.last
        now = {"revision": str(revision), "digest": known_by(session, revision)}
    mine.people.set("A1", "备注", "乙")  # what 更新 brings, and the stamp it leaves
    for name, text in now.items():
        mine.file.custom_doc_props[f"LedgerSync.{name}"].value = text
    for line in mine.file["_ledgersync"].iter_rows():
        line[1].value = now.get(line[0].value, line[1].value)
    mine.people.set("A1", "备注", "再改")
    assert counted(town.hand_in(mine)) == {"applied": 1}
    assert town.conflicts() == []
    assert town.cell("A1", "备注") == "再改"
    town.assert_consistent()
