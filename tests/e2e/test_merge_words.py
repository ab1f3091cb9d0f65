"""Words that came back often are offered once: by workbook or `map`; then they are understood."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from openpyxl import Workbook, load_workbook
from tests.entries import CATALOG, IDS, PEOPLE, VALID

from ledgersync.cli import cli
from ledgersync.errors import UsageFault

NAMES = ("王芳", "李娜", "孙静")
TABLE = CATALOG.table(*PEOPLE)
FIELDS = [*VALID[PEOPLE], "visit_cycle", "consent"]
HEADS = [TABLE.by_id[f].header for f in FIELDS]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    root = tmp_path / "幸福社区"
    run(tmp_path, "init", str(root), "--name", "幸福社区", "--code", "360702001001",
        "--level", "community")  # fmt: skip
    return root


def run(root: Path, *command: str, typed: str = "") -> Result:
    result = CliRunner().invoke(cli, ["-C", str(root), *command], input=typed)
    assert not isinstance(result.exception, (KeyError, TypeError, ValueError)), result.exception
    return result


def merge(root: Path) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(run(root, "merge", "--json").stdout)
    return report


def hand_in(root: Path, staff: str, cells: Mapping[str, object], count: int = 3) -> Path:
    """Some people, whose cells of these fields are all typed so."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = TABLE.sheet
    sheet.append(HEADS)
    for n in range(count):
        row = {**VALID[PEOPLE], "name": NAMES[n], "id_number": IDS[n], **cells}
        sheet.append([row.get(f) for f in FIELDS])
    path = root / "inbox" / staff / "重点人员.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def read(root: Path, field: str) -> list[object]:
    path = root / "primary" / "重点人员台账.xlsx"
    document = json.loads(run(root, "read", str(path), "--json").stdout)
    return [r["values"][field] for r in document["tables"][0]["records"]]


def word_list(root: Path) -> Path:
    return root / "conflicts" / "用词清单.xlsx"


def fill(root: Path, **meant: str) -> None:
    """Chooses 读作 beside words; one that is not in the list is written into a spare line."""
    book = load_workbook(word_list(root))
    sheet = book.active
    assert sheet is not None
    rows = {sheet.cell(n, 4).value: n for n in range(4, sheet.max_row + 1)}
    spare = next(n for n in range(4, sheet.max_row + 1) if not sheet.cell(n, 4).value)
    for word, value in meant.items():
        if word not in rows:
            sheet.cell(spare, 3, "走访频次")
            sheet.cell(spare, 4, word)
            rows[word] = spare
            spare += 1
        sheet.cell(rows[word], 5).value = value or None
    book.save(word_list(root))


def test_a_word_with_a_sign_that_no_cell_can_hold_is_offered_and_understood(root: Path) -> None:
    """`_x0007_` is how a workbook writes a bell; a list that openpyxl draws holds none."""
    hand_in(root, "赵敏", {"visit_cycle": "逢_x0007_五"})
    assert [w["word"] for w in merge(root)["words"]] == ["逢\x07五"]
    fill(root, 逢五="每周")
    merge(root)
    assert read(root, "visit_cycle") == ["每周"] * 3


def test_what_came_back_often_is_offered_and_taken_in_once_it_is_accepted(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五", "consent": "愿意"})
    offered = merge(root)["words"]
    assert [(w["field"], w["word"], w["count"], w["staff"]) for w in offered] == [
        ("consent", "愿意", 3, ["赵敏"]), ("visit_cycle", "逢五", 3, ["赵敏"]),
    ]  # fmt: skip
    assert read(root, "visit_cycle") == [None] * 3
    assert "逢五" in run(root, "status").stdout
    fill(root, 逢五="每月", 愿意="是")
    said = run(root, "merge").stdout
    assert "6 处" in said
    assert read(root, "visit_cycle") == ["每月"] * 3
    assert read(root, "consent") == [True] * 3
    assert not list((root / "returned" / "赵敏").iterdir())
    assert json.loads(run(root, "status", "--json").stdout)["returned"] == []
    assert run(root, "verify", "--deep").exit_code == 0


def test_the_same_copy_saved_once_more_changes_nothing(root: Path) -> None:
    path = hand_in(root, "赵敏", {"visit_cycle": "逢五"})
    merge(root)
    fill(root, 逢五="每月")
    merge(root)
    book = load_workbook(path)
    book.properties.title = "又存了一次"
    book.save(path)
    found = merge(root)["submissions"]
    assert [s["changes"]["conflicts"] + s["changes"]["returned"] for s in found] == [0]
    assert read(root, "visit_cycle") == ["每月"] * 3
    hand_in(root, "钱力", {"visit_cycle": "逢五"})
    assert {s["changes"]["returned"] for s in merge(root)["submissions"]} == {0}


@pytest.mark.parametrize("later", ["", "钱力"], ids=["nobody", "somebody else"])
def test_a_word_over_what_its_sender_said_before_is_taken_unless_another_has_spoken(
    root: Path, later: str
) -> None:
    """The copy is the one first issued: it was opened, handed in, changed and handed in again."""
    run(root, "issue", "--staff", "赵敏", "重点人员")
    copy = root / "issued" / "赵敏" / "重点人员台账.xlsx"
    spoken(copy, root / "inbox" / "赵敏" / "一.xlsx", "每周")
    old = copy.read_bytes()
    merge(root)
    copy.write_bytes(old)
    spoken(copy, root / "inbox" / "赵敏" / "一.xlsx", "逢五")
    merge(root)
    assert read(root, "visit_cycle") == ["每周"] * 3
    if later:
        run(root, "issue", "--staff", later, "重点人员")
        theirs = root / "issued" / later / "重点人员台账.xlsx"
        spoken(theirs, root / "inbox" / later / "二.xlsx", "每季度")
        merge(root)
    fill(root, 逢五="每月")
    merge(root)
    assert read(root, "visit_cycle") == (["每季度"] if later else ["每月"]) * 3
    assert run(root, "verify", "--deep").exit_code == 0


def spoken(copy: Path, path: Path, cycle: str) -> None:
    """Three people typed into a copy, visited that often, and saved elsewhere."""
    book = load_workbook(copy)
    sheet = book[TABLE.sheet]
    at = {cell.value: cell.column for cell in sheet[3]}
    for n in range(3):
        row = {**VALID[PEOPLE], "name": NAMES[n], "id_number": IDS[n], "visit_cycle": cycle}
        for field, value in row.items():
            sheet.cell(4 + n, at[TABLE.by_id[field].header]).value = value
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def test_a_word_that_means_none_of_them_is_not_offered_again(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五"})
    merge(root)
    fill(root, 逢五="不收")
    assert merge(root)["words"] == []
    assert len(json.loads(run(root, "status", "--json").stdout)["returned"]) == 3
    hand_in(root, "赵敏", {"visit_cycle": "逢五", "remark": "再交"})
    assert merge(root)["words"] == []


def test_once_is_not_often(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五"}, count=1)
    assert merge(root)["words"] == []
    assert not word_list(root).exists()


def test_a_word_of_ones_own_and_one_taken_back(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五"})
    merge(root)
    fill(root, 逢五="每月", 得空就去="每周")
    merge(root)
    hand_in(root, "赵敏", {"visit_cycle": "得空就去"})
    assert merge(root)["submissions"][0]["changes"]["applied"] == 3
    assert read(root, "visit_cycle") == ["每周"] * 3
    fill(root, 得空就去="")
    merge(root)
    hand_in(root, "赵敏", {"visit_cycle": "得空就去", "remark": "再交"})
    assert merge(root)["submissions"][0]["changes"]["returned"] == 3
    assert read(root, "visit_cycle") == ["每周"] * 3


def test_what_is_no_choice_is_told_and_nothing_is_lost(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五", "consent": "愿意"})
    merge(root)
    fill(root, 逢五="天天", 愿意="是")
    said = run(root, "merge").stdout
    assert "天天" in said and "每月" in said
    assert read(root, "consent") == [True] * 3
    assert read(root, "visit_cycle") == [None] * 3


def test_a_list_that_is_none_is_told(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五"})
    merge(root)
    word_list(root).write_bytes(b"x")
    assert "用词清单" in run(root, "merge").stdout
    assert word_list(root).read_bytes() == b"x"


def test_map_asks_for_words_too(root: Path) -> None:
    path = hand_in(root, "赵敏", {"visit_cycle": "逢五"})
    merge(root)
    assert run(root, "map", typed="?\n").exit_code == 1
    assert isinstance(run(root, "map", "--set", "逢五=天天").exception, UsageFault)
    assert run(root, "map", typed="每月\n").exit_code == 0
    assert read(root, "visit_cycle") == ["每月"] * 3
    hand_in(root, "赵敏", {"visit_cycle": "看情况"}, count=1)
    document = json.loads(run(root, "map", str(path), "--json").stdout)
    assert [(w["word"], w["kept"]) for w in document["words"]] == [("看情况", None)]
    run(root, "map", str(path), "--set", "看情况=-")
    assert '"逢五" = "每月"' in (root / "mappings.toml").read_text(encoding="utf-8")


def test_words_and_headers_live_together(root: Path) -> None:
    path = hand_in(root, "赵敏", {"visit_cycle": "逢五"}, count=2)
    book = load_workbook(path)
    sheet = book.active
    assert sheet is not None
    sheet.cell(1, HEADS.index("服务需求") + 1 if "服务需求" in HEADS else len(HEADS) + 1, "要啥")
    sheet.cell(2, len(HEADS) + 1, "助餐")
    book.save(path)
    merge(root)
    run(root, "map", "--set", "逢五=每月")
    run(root, "map", str(path), "--set", "要啥=服务需求")
    text = (root / "mappings.toml").read_text(encoding="utf-8")
    assert '"逢五" = "每月"' in text and '"要啥" = "needs"' in text
    merge(root)
    assert read(root, "visit_cycle") == ["每月"] * 2


def test_what_a_colleague_filled_in_meanwhile_stays(root: Path) -> None:
    hand_in(root, "赵敏", {"visit_cycle": "逢五"})
    merge(root)
    hand_in(root, "钱力", {"visit_cycle": "每周"}, count=1)
    merge(root)
    run(root, "resolve", "1", "--take", "theirs")
    fill(root, 逢五="每月")
    merge(root)
    assert read(root, "visit_cycle") == ["每周", "每月", "每月"]


def test_words_that_nobody_may_keep_are_not_offered(root: Path) -> None:
    hand_in(root, "赵敏", {"category": "疑似吸毒人员"})
    assert merge(root)["words"] == []
    hand_in(root, "赵敏", {"visit_cycle": "13800001234", "category": "独居老人"})
    assert merge(root)["words"] == []


def test_one_word_of_several_is_offered(root: Path) -> None:
    hand_in(root, "赵敏", {"category": "独居、三无"})
    assert [w["word"] for w in merge(root)["words"]] == ["三无"]
    run(root, "map", "--set", "三无=特困人员")
    assert read(root, "category") == [["独居老人", "特困人员"]] * 3
