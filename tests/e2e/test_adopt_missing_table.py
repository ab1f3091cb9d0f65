"""A workbook that lacks tables of its ledger is adopted, and their records find a place in it."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from tests.community import TODAY, Book, Community, counted, write_book

from ledgersync.errors import PatchRefused
from ledgersync.schema import load_catalog
from ledgersync.sync.copies.issue import issue_copies
from ledgersync.sync.create import adopt_workbook, create_workspace
from ledgersync.sync.history.verify import verify
from ledgersync.sync.opening import open_session
from ledgersync.sync.run import merge_files
from ledgersync.workbook.build.loose import loose_validation
from ledgersync.workbook.stamp import read_stamp
from ledgersync.workspace.config import new_unit

PEOPLE = """
编号 | 姓名 | 电话        | 状态
A1   | 王芳 | 13800000001 | 在册
A2   | 李强 | 13800000002 | 在册
"""
HOUSEHOLDS = """
低保证号 | 户主姓名 | 户主身份证号       | 家庭人口数 | 保障人数 | 月保障金额(元) | 保障状态
DB-1     | 王芳     | 11010519491231002X | 2          | 2        | 800            | 在保
"""
MEMBER = {"低保证号": "DB-1", "姓名": "王小明", "身份证号": "11010519491231002X"}


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    return Community(tmp_path)


def adopted(town: Community, path: Path) -> dict[str, int]:
    return adopt_workbook(town.workspace, town.workspace.catalog.ledgers["roster"], path)


def test_the_household_ledger_with_households_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    root = tmp_path / "幸福社区"
    workspace = create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    ledger = workspace.catalog.ledger("dibao")
    path = write_book(tmp_path / "低保.xlsx", {"低保户": HOUSEHOLDS})
    assert adopt_workbook(workspace, ledger, path) == {"households": 1, "members": 0}
    with open_session(workspace, "test") as session:
        copy = load_workbook(issue_copies(session, "王芳", [ledger])[0])
        ws = copy["家庭成员"]
        headers = {c.value: c.column for c in ws[3]}
        for header, value in (MEMBER | {"与户主关系": "子女"}).items():
            ws.cell(4, headers[header]).value = value
        (root / "inbox" / "王芳").mkdir(parents=True, exist_ok=True)
        copy.save(root / "inbox" / "王芳" / "低保.xlsx")
        report = merge_files(session)
        assert [s.status for s in report.submissions] == ["merged"]
        assert session.journal.writes.pending() == []
        assert verify(session).troubles == []
    ws = load_workbook(workspace.primary(ledger))["家庭成员"]
    fields = ledger.by_id["members"].fields
    assert [c.value for c in ws[2]] == [*(f.header for f in fields), "_LS_ID"]
    shown = {ws.cell(2, c.column).value: c.value for c in ws[3]}
    assert {h: shown[h] for h in MEMBER} == MEMBER and shown["_LS_ID"]


def test_missing_tables_work_and_other_programs_open_the_file(
    town: Community, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "旧.xlsx", {"人员": PEOPLE})
    assert adopted(town, path) == {"people": 2, "matters": 0, "steps": 0}
    book = town.issue("王芳")
    book.matters.add(事项编号="SX-1", 人员编号="A1", 事项内容="修灯", 办理日期="2022-06-01")
    assert (result := town.hand_in(book)).status == "merged"
    assert counted(result) == {"added": 1}
    assert town.shown("事项编号 人员编号 事项内容", "事项") == [["SX-1", "A1", "修灯"]]
    with town.session() as session:
        assert session.journal.writes.pending() == []
    town.assert_consistent()
    with CalamineWorkbook.from_path(str(town.primary)) as file:
        assert file.sheet_names == ["人员", "事项", "经过", "_ledgersync"]
        rows = file.get_sheet_by_name("事项").to_python()
    assert rows[2][:3] == ["SX-1", "A1", "修灯"]


def test_added_sheets_are_edited_by_hand_like_others(town: Community, tmp_path: Path) -> None:
    adopted(town, write_book(tmp_path / "旧.xlsx", {"人员": PEOPLE}))
    primary = town.open_primary()
    primary["经过"].fill(3, {"经过编号": "BZ-1", "经过说明": "上门", "经过日期": "2022-06-02"})
    primary.save()
    town.merge()
    shown = town.shown("经过编号 经过说明 _LS_ID", "经过")
    assert [r[:2] for r in shown] == [["BZ-1", "上门"]] and shown[0][2]
    town.assert_consistent()


def test_the_stamp_stands_in_both_places(town: Community, tmp_path: Path) -> None:
    adopted(town, write_book(tmp_path / "旧.xlsx", {"人员": PEOPLE}))
    file = load_workbook(town.primary)
    assert file["_ledgersync"].sheet_state == "veryHidden"
    cells = {r[0].value: r[1].value for r in file["_ledgersync"].iter_rows(max_col=2)}
    by_property = read_stamp(town.primary)
    assert by_property is not None and by_property.copy_id == "primary"
    for name in list(file.custom_doc_props.names):
        del file.custom_doc_props[name]
    file.save(tmp_path / "ohne.xlsx")
    assert read_stamp(tmp_path / "ohne.xlsx") == by_property
    assert cells["ledger"] == "roster"


def test_a_sheet_of_that_name_that_is_not_the_table_stops_adopting(
    town: Community, tmp_path: Path
) -> None:
    path = write_book(tmp_path / "旧.xlsx", {"人员": PEOPLE, "事项": "随便 | 写写\n一 | 二\n"})
    before = town.primary.read_bytes()
    kept = sorted(p.name for p in town.workspace.originals.rglob("*"))
    with pytest.raises(PatchRefused) as caught:
        adopted(town, path)
    assert caught.value.reason == "sheet.exists"
    assert "旧.xlsx 不能收为主台账" in caught.value.message.zh and "事项" in caught.value.message.zh
    assert town.primary.read_bytes() == before
    assert [p.name for p in town.primary.parent.iterdir() if p.name.startswith(".~")] == []
    assert sorted(p.name for p in town.workspace.originals.rglob("*")) == kept
    with town.session() as session:
        assert session.journal.state.rows("roster", "people") == {}
    town.assert_consistent()


def test_a_workbook_that_stands_in_the_place_of_a_new_ledger_is_completed(
    town: Community,
) -> None:
    """A district's own ledger: its definition comes together with the workbook used so far."""
    text = (town.root / "ledgers" / "roster.toml").read_text("utf-8")
    text = (
        text.replace('"roster"', '"patrol"')
        .replace('"名册"', '"巡查"')
        .replace("roster.", "patrol.")
    )
    headers = {"人员": "队员", "事项": "巡查", "经过": "隐患", "编号": "队号", "姓名": "队员姓名"}
    for old, new in headers.items():
        text = text.replace(f'"{old}"', f'"{new}"')
    (town.root / "ledgers" / "patrol.toml").write_text(text, "utf-8")
    place = town.root / "primary" / "巡查.xlsx"
    write_book(place, {"队员": "队号 | 队员姓名 | 享受人数 | 网格\nA1 | 王芳 | 1 | 一\n"})
    town.merge()
    assert load_workbook(place).sheetnames == ["队员", "巡查", "隐患", "_ledgersync"]
    with town.session() as session:
        assert len(session.journal.state.rows("patrol", "people")) == 1
        assert session.journal.writes.pending() == []
    assert Book(town, "", place)["队员"].id("王芳")
    town.assert_consistent()


def test_added_sheets_ask_and_offer_as_templates_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    root = tmp_path / "幸福社区"
    workspace = create_workspace(root, new_unit("幸福社区", "360702001001", "community"))
    ledger = workspace.catalog.ledger("dibao")
    adopt_workbook(workspace, ledger, write_book(tmp_path / "低保.xlsx", {"低保户": HOUSEHOLDS}))
    ws = load_workbook(workspace.primary(ledger))["家庭成员"]
    headers = {c.value: c.column for c in ws[2]}
    rules = [(next(iter(v.sqref.ranges)), v) for v in ws.data_validations.dataValidation]
    found = {area.min_col: v for area, v in rules}
    assert {area.min_row for area, _ in rules} == {3}
    relation = found[headers["与户主关系"]]
    assert relation.type == "list" and "子女" in relation.formula1
    assert (relation.errorStyle, relation.showErrorMessage) == ("warning", True)
    number = found[headers["身份证号"]]
    assert number.type == "custom" and "10X98765432" in number.formula1
    assert number.promptTitle == "身份证号" and "18位" in number.prompt
    assert ws.freeze_panes == "A3" and ws.column_dimensions["A"].hidden is False


def test_every_field_of_the_ledgers_gets_a_rule_that_a_file_can_hold() -> None:
    for _, table in load_catalog().tables():
        rules = {f.id: loose_validation(f, "AA3") for f in table.fields}
        assert all(rule.fits() for rule in rules.values() if rule)
        kinds = {f.id: (rules[f.id].kind if rules[f.id] else None) for f in table.fields}  # type: ignore[union-attr]
        for f in table.fields:
            if f.type in ("date", "integer", "money", "id_number", "bool", "name"):
                assert kinds[f.id] not in (None, "none"), f.id
