"""`rollup --format`: the figures on one page, to paste."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.desk import Desk

HEAD = "走访日期 | 走访人 | 户址 | 受访人 | 走访方式 | 走访结果"
DAYS = ["2020-05-01", *["2021-06-02"] * 20, *["2022-06-03"] * 30]
VISITS = "\n".join(
    [
        HEAD,
        *(f"{day} | 王芳 | 幸福路{n}号 | 赵甲 | 入户 | 见到本人" for n, day in enumerate(DAYS, 1)),
    ]
)


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    desk = Desk.new(tmp_path / "幸福社区", "幸福社区", "360702001001")
    desk.give("建账", "走访.xlsx", 走访记录=VISITS)
    desk.run("merge", accepted=(0, 1))
    return desk


def test_two_sentences_can_be_written_from_it(unit: Desk) -> None:
    said = unit.told("rollup", "--period", "2022-06", "--format", "text")
    row = said[said.index("走访户次") :].split()
    assert row[:4] == ["走访户次", "30户次", "20户次", "+50.0%走访户数"]
    assert "幸福社区，2022年6月" in said
    assert "数字截至 2022-07-05" in said
    assert not list((unit.root / "reports").rglob("汇总表*")), "only what was asked for"


def test_all_formats_say_the_same(unit: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "出"
    unit.told("rollup", "--period", "2022-06", "--format", "text,md,xlsx", "-o", str(folder))
    text, md, book = (next(folder.glob(f"*.{e}")) for e in ("txt", "md", "xlsx"))
    sheet = load_workbook(book).worksheets[0]
    rows = [[c.value for c in row] for row in sheet.iter_rows(min_row=3)]
    figures = [row for row in rows if row[1]]
    assert ["走访户次", "30户次", "20户次", "+50.0%"] in figures
    plain = " ".join(text.read_text("utf-8").split())
    for row in figures:
        assert " ".join(row) in plain
        assert "| " + " | ".join(row) + " |" in md.read_text("utf-8")
    assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.paperSize) == (True, 9)


def test_a_page_beside_json_is_a_file(unit: Desk) -> None:
    document = unit.run("rollup", "--period", "2022-06", "--format", "md", accepted=(0, 1))
    assert document["figures"]
    assert list((unit.root / "reports" / "2022-06").glob("一页数*.md"))


def test_what_is_no_format(unit: Desk) -> None:
    assert "没有“pdf”这一种" in unit.refused("rollup", "--period", "2022-06", "--format", "pdf")
