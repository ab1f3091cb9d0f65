"""Where columns that people added are seen: grids, figures, sheets that come back, formulas."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import TODAY, Book, Community, begun, counted
from tests.e2e.test_merge_extra_columns import add_column, hand_in_column
from tests.e2e.test_merge_older_file import converted

from ledgersync.plugin.publish import publish
from ledgersync.plugin.reader import SnapshotReader


def test_a_grid_s_copy_shows_the_columns_of_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    config = '\n[[staff]]\nname = "王芳"\nscope = { grid = ["第1网格"] }\n'
    town = begun(tmp_path, config)
    book = town.issue("李强")
    add_column(book.people, "一号事", A1="甲")
    add_column(book.people, "二号事", A5="乙")
    town.hand_in(book)
    own = town.issue("王芳").people
    assert own.texts(["编号", "一号事"]) == [["A1", "甲"], ["A2", ""], ["A3", ""]]
    assert "二号事" not in own.columns
    mine = town.issue("王芳")
    add_column(mine.people, "二号事", A2="丙")
    assert counted(town.hand_in(mine)) == {"applied": 1}
    assert [row[1] for row in town.shown("编号 二号事")] == ["", "丙", "", "", "乙", ""]
    town.assert_consistent()


def test_figures_do_not_see_the_columns(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种")
    with town.session() as session:
        publish(session)
    reader = SnapshotReader(town.workspace.snapshot_file)
    assert len(reader.rows("roster", "people")) == 6
    assert {len(row) for row in reader.rows("roster", "people").values()} == {9}
    assert reader.all("SELECT 1 FROM change WHERE field LIKE 'x:%'") == []
    reader.close()


def test_a_sheet_that_comes_back_has_the_columns(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种", A3="无")
    primary = town.open_primary()
    del primary.file["人员"]
    primary.save()
    town.merge()
    assert town.shown("编号 疫苗接种")[:3] == [["A1", "已接种"], ["A2", ""], ["A3", "无"]]
    town.assert_consistent()


def formulas_in(book: Book, header: str) -> None:
    sheet = book.people
    for row in sheet.lines():
        sheet.ws.cell(row, sheet.columns[header]).value = '="第"&ROW()&"行"'


@pytest.mark.parametrize("calculated", [False, pytest.param(True, marks=pytest.mark.office)])
def test_formulas_in_the_place_of_a_merged_column_bring_no_second_one(
    town: Community, tmp_path: Path, calculated: bool
) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种", A3="禁忌")
    primary = town.open_primary()
    formulas_in(primary, "疫苗接种")
    primary.save()
    if calculated:
        converted("xlsx")(primary, tmp_path / "算过").replace(town.primary)
    town.merge()
    headers = [c.value for c in load_workbook(town.primary)["人员"][town.open_primary().people.top]]
    assert headers.count("疫苗接种") == 1
    top = town.open_primary().people
    assert str(top.ws.cell(top.lines()[0], top.columns["疫苗接种"]).value).startswith("=")
    told = town.issue("李强").people
    typed = '="第"&ROW()&"行"'  # what nobody has calculated is told as it was typed
    assert told.texts(["疫苗接种"])[0] == ["第4行" if calculated else typed]
    town.assert_consistent()


def test_formulas_in_a_copy_take_nothing_away(town: Community) -> None:
    hand_in_column(town, "王芳", "疫苗接种", A1="已接种", A3="禁忌")
    again = town.issue("王芳")
    formulas_in(again, "疫苗接种")
    again.people.set("A2", "备注", "改")
    assert counted(town.hand_in(again)) == {"applied": 1}
    assert town.shown("编号 疫苗接种")[:3] == [["A1", "已接种"], ["A2", ""], ["A3", "禁忌"]]
    headers = [c.value for c in load_workbook(town.primary)["人员"][town.open_primary().people.top]]
    assert headers.count("疫苗接种") == 1
    town.assert_consistent()
