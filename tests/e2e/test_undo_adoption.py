"""An adoption is one operation: taken back whole, also after `map`, and one can begin again."""

import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.commands import run
from tests.community import TODAY, Community, counted, write_book

from ledgersync.errors import UsageFault
from ledgersync.sync.history.undo import undo_revision

OWN = """
编号 | 姓名 | 电话        | 状态 | 登记日期   | 人口 | 享受人数 | 小组    | 备注
A1   | 王芳 | 13800000001 | 在册 | 2022-01-01 | 3    | 2        | 第1网格 | 一
A2   | 李强 | 13800000002 | 在册 | 2022-01-02 | 3    | 2        |         | 二
A3   | 赵敏 | 13800000003 | 在册 | 2022-01-03 | 3    | 2        |         | 三
A4   | 钱进 | 13800000004 | 在册 | 2022-01-04 | 4    | 2        | 第2网格 | 四
A5   | 孙丽 | 13800000005 | 在册 | 2022-01-05 | 4    | 2        |         | 五
A6   | 周涛 | 13800000006 | 在册 | 2022-01-06 | 2    | 2        | 第2网格 | 六
A7   | 吴刚 | 13800000007 | 在册 | 2022-01-07 | 2    | 2        | 第3网格 | 七
"""
ADOPTION = 2


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    """Seven persons adopted; their groups stand in merged cells of a column of the unit's own."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    town = Community(tmp_path)
    own = write_book(town.root / "人员.xlsx", {"人员": OWN})
    book = load_workbook(own)
    for merge in ("H2:H4", "H5:H6"):
        book["人员"].merge_cells(merge)
    book.save(own)
    assert run(town.root, "adopt", "名册", str(own))[0] == 0
    return town


def mapped(town: Community) -> None:
    file = town.root / "人员.xlsx"
    assert run(town.root, "map", str(file), "--set", "小组=网格")[0] == 0


def kinds(town: Community) -> list[tuple[str, str]]:
    with town.session() as session:
        return [(r.kind, r.author) for r in session.journal.log.revisions()]


@pytest.mark.parametrize("merged_since", [False, True])
@pytest.mark.parametrize("is_mapped", [False, True])
def test_it_is_taken_back_whole_and_begun_again(
    town: Community, is_mapped: bool, merged_since: bool
) -> None:
    if is_mapped:
        mapped(town)
    if merged_since:
        run(town.root, "merge")
    code, text = run(town.root, "undo", str(ADOPTION), "--json")
    assert (code, json.loads(text)["changes"]["removed"]) == (0, 7)
    assert "hand" not in dict(kinds(town))
    assert town.conflicts() == [] and town.shown("编号") == []
    town.assert_consistent()
    file = town.root / "人员.xlsx"
    assert run(town.root, "adopt", "名册", str(file))[0] == 0
    assert [row[0] for row in town.shown("编号")] == [f"A{n}" for n in range(1, 8)]
    town.assert_consistent()
    grids = [row[0] for row in town.issue("王芳").people.texts(["网格" if is_mapped else "小组"])]
    assert grids[0] == "第1网格" and (grids[1] == "第1网格") is is_mapped


def test_what_only_means_something_else_by_now_is_nobodys_edit(town: Community) -> None:
    mapped(town)
    run(town.root, "merge")
    assert kinds(town)[2:] == [("handover", "ledgersync"), ("handover", "ledgersync")]
    assert [r[0] for r in town.issue("王芳").people.texts(["网格"])][:3] == ["第1网格"] * 3
    town.assert_consistent()


def test_the_undo_can_be_undone(town: Community) -> None:
    mapped(town)
    run(town.root, "undo", str(ADOPTION))
    last = len(kinds(town))
    assert run(town.root, "undo", str(last))[0] == 0
    rows = town.issue("王芳").people.texts(["编号", "人口", "网格", "备注"])
    assert rows[2] == ["A3", "3", "第1网格", "三"] and len(rows) == 7
    town.assert_consistent()


@pytest.mark.parametrize("by_hand", [False, True])
def test_what_people_did_since_is_to_be_taken_back_first(town: Community, by_hand: bool) -> None:
    if by_hand:
        primary = town.open_primary()
        primary.people.set("A2", "备注", "新")
        primary.save()
        town.merge()
    else:
        book = town.issue("王芳")
        book.people.set("A2", "备注", "新")
        assert counted(town.hand_in(book)) == {"applied": 1}
    with town.session() as session, pytest.raises(UsageFault, match="修订 3"):
        undo_revision(session, ADOPTION, "站长")
    assert len(town.shown("编号")) == 7
    assert run(town.root, "undo", "3")[0] == 0
    assert run(town.root, "undo", str(ADOPTION))[0] == 0
    assert town.shown("编号") == []
    town.assert_consistent()
