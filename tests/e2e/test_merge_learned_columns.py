"""Columns of people that become fields of the ledger: taken over, and never cleared."""

from tests.community import Community, counted
from tests.e2e.test_merge_extra_columns import add_column, hand_in_column, hand_in_two_columns

from ledgersync.sync.cases.decisions import resolve
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish
from ledgersync.values import shown
from ledgersync.workbook.lists.conflict_lines import Decision


def learn(town: Community, **meanings: str) -> None:
    """What `ledgersync map` writes down."""
    lines = "".join(f'"{header}" = "{field}"\n' for header, field in meanings.items())
    (town.root / "mappings.toml").write_text(f'["roster.people"]\n{lines}', encoding="utf-8")


def test_a_field_of_a_new_version_of_the_ledger_takes_over(town: Community) -> None:
    """The header of a column becomes a field's: old copies, conflicts and undo follow."""
    first, other, old = town.issue("王芳"), town.issue("李强"), town.issue("赵敏")
    add_column(first.people, "建档日", A1="2022-03-01", A2="2022年2月1日", A3="说不清")
    town.hand_in(first)
    with town.session() as session:
        revision = session.journal.log.last
    add_column(other.people, "建档日", A1="2022.3.2")
    assert counted(town.hand_in(other)) == {"conflicts": 1}
    mine = town.issue("王芳")
    mine.people.set("A2", "建档日", "2022-02-22")
    toml = town.root / "ledgers" / "roster.toml"
    field = '  { id = "filed", header = "建档日期", aliases = ["建档日"], type = "date" },\n'
    before, mark, after = toml.read_text("utf-8").partition('  { id = "note"')
    toml.write_text(f"{before}{field}{mark}{after}", encoding="utf-8")
    town.merge()
    town.assert_consistent()
    assert town.shown("编号 建档日")[:3] == [
        ["A1", "2022-03-01"],
        ["A2", "2022年2月1日"],
        ["A3", "说不清"],
    ]
    assert town.conflicts() == [("edit/edit", "filed", '"2022-03-01"', '"2022-03-02"')]
    assert filed(town, "A1", "A2", "A3") == ["2022-03-01", "2022-02-01", "说不清"]
    assert counted(town.hand_in(mine)) == {"applied": 1}
    add_column(old.people, "建档日", A4="2022-04-04")
    assert counted(town.hand_in(old)) == {"applied": 1}
    assert filed(town, "A2", "A4") == ["2022-02-22", "2022-04-04"]
    town.assert_consistent()
    with town.session() as session:
        counts = undo_revision(session, revision, "站长").counts
        assert (counts.applied, counts.conflicts) == (2, 1)
        finish(session, MergeReport(0))
    assert filed(town, "A1", "A2", "A3") == ["", "2022-02-22", ""]
    assert "建档日期" in town.issue("李强").people.columns
    town.assert_consistent()


def filed(town: Community, *keys: str) -> list[str]:
    """The field that took over, as the journal has it."""
    with town.session() as session:
        table = session.catalog.table("roster", "people")
        rows = session.journal.state.rows("roster", "people").values()
        assert not any(row[i] for row in rows for i, f in enumerate(table.fields) if f.is_extra)
        held = {str(row[0]): row[table.position["filed"]] for row in rows}
    return [shown(held[key]) for key in keys]


def test_a_field_with_a_column_of_its_own_takes_over_what_it_lacks(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A2", "备注", None)
    add_column(primary.people, "附注", A1="甲", A2="乙", A3="三")
    primary.save()
    town.merge()
    learn(town, 附注="note")
    town.merge()
    assert town.shown("备注")[:3] == [["一"], ["乙"], ["三"]]
    assert town.conflicts() == [("edit/edit", "note", '"一"', '"甲"')]
    town.assert_consistent()


def test_a_column_said_to_be_none_of_ours_stays_in_the_primary(town: Community) -> None:
    hand_in_column(town, "王芳", "照片编号", A1="P1")
    learn(town, 照片编号="-")
    town.merge()
    assert town.cell("A1", "照片编号") == "P1"
    assert "照片编号" not in town.issue("李强").people.columns
    town.assert_consistent()
    (town.root / "mappings.toml").unlink()
    town.merge()
    assert town.issue("李强").people.texts(["照片编号"])[0] == ["P1"]
    town.assert_consistent()


def test_contents_of_a_column_that_becomes_known_are_never_cleared(town: Community) -> None:
    """A header that nobody knew when the primary was taken in, mapped to a field since."""
    primary = town.open_primary()
    primary.people.rename("备注", "说明事项")
    primary.people.set("A2", "说明事项", "手写")
    primary.save()
    town.merge()
    learn(town, 说明事项="note")
    book = town.issue("王芳")
    book.people.set("A1", "网格", "第9网格")
    town.hand_in(book)
    assert town.shown("说明事项")[1:3] == [["手写"], ["三"]]
    town.assert_consistent()


def test_what_an_update_in_the_open_copy_leaves_alone_is_no_edit(town: Community) -> None:
    """更新 brings fields and a newer stamp, but no added columns: what stands there is just old."""
    hand_in_column(town, "王芳", "疫苗接种", A1="一针", A2="一针")
    mine, other = town.issue("王芳"), town.issue("李强")
    other.people.set("A1", "疫苗接种", "两针")
    town.hand_in(other)
    with town.session() as session:
        revision = session.journal.log.last
    mine.file.custom_doc_props["LedgerSync.revision"].value = str(revision)
    for line in mine.file["_ledgersync"].iter_rows():
        if line[0].value == "revision":
            line[1].value = str(revision)
    mine.people.set("A2", "疫苗接种", "三针")
    assert counted(town.hand_in(mine)) == {"applied": 1}
    assert town.shown("疫苗接种")[:2] == [["两针"], ["三针"]]
    town.assert_consistent()


def test_a_value_typed_as_decision_stays_text(town: Community) -> None:
    hand_in_two_columns(town, ("过敏", "青霉素"), ("过敏", "不详"))
    with town.session() as session:
        case = session.journal.conflicts.open()[0]
        assert resolve(session, Decision(case.id, "value", "无"), "站长").done
        finish(session, MergeReport(0))
    assert town.cell("A1", "过敏") == "无"
    town.assert_consistent()
