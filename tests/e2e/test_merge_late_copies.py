"""Conflict copies of sync tools that come late: an older save never overwrites a later one.

And one person working in two files of one copy, who does not conflict with herself.
"""

import re
import zipfile
from pathlib import Path

import pytest
from tests.community import Book, Community, counted
from tests.e2e.test_merge_older_file import WAYS, Way

from ledgersync.workbook.properties import last_saved

NAMES = (
    "名册.sync-conflict-20220601-080000-ABCDEF.xlsx",
    "名册 (王芳's conflicted copy 2022-06-01).xlsx",
    "名册(冲突副本).xlsx",
    "名册 的副本.xlsx",
    "名册(1).xlsx",
)


@pytest.fixture
def source(town: Community, tmp_path: Path) -> Path:
    """The copy as it was issued."""
    path = tmp_path / "留底.xlsx"
    path.write_bytes(town.issue("王芳").path.read_bytes())
    return path


def saved(town: Community, source: Path, name: str, at: str, **cells: object) -> Path:
    """The issued copy with other cells of A1, saved at a time under a name, in the inbox."""
    book = Book(town, "王芳", source)
    for header, value in cells.items():
        book.people.set("A1", header, value)
    path = book.send(name)
    stamped = path.with_suffix(".tmp")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(stamped, "w") as new:
        for item in old.infolist():
            content = old.read(item)
            if item.filename == "docProps/core.xml":
                said = rb"(<dcterms:modified[^>]*>)[^<]*"
                content = re.sub(said, rb"\g<1>" + at.encode(), content)
            new.writestr(item, content)
    stamped.replace(path)
    return path


def taken(town: Community, name: str) -> dict[str, int]:
    report = town.merge()
    return next(counted(s) for s in report.submissions if s.file.endswith(name))


EARLY, LATE = "2022-06-01T08:00:00Z", "2022-06-01T09:00:00Z"


@pytest.mark.parametrize("name", NAMES)
def test_an_older_text_is_for_a_person(town: Community, source: Path, name: str) -> None:
    saved(town, source, "名册.xlsx", LATE, 备注="后写的", 人口=5)
    town.merge()
    saved(town, source, name, EARLY, 备注="先写的", 姓名="王方")
    report = town.merge()
    result = next(s for s in report.submissions if s.file.endswith(name))
    assert counted(result) == {"applied": 1, "conflicts": 1}, "the name is new, the remark is not"
    assert (town.cell("A1", "备注"), town.cell("A1", "人口")) == ("后写的", "5")
    assert town.cell("A1", "姓名") == "王方"
    assert town.conflicts() == [("edit/edit", "note", '"后写的"', '"先写的"')]
    assert any("保存得早" in r.zh and "名册.xlsx" in r.zh for r in result.remarks)
    town.assert_consistent()


def test_though_the_later_file_is_gone_by_now(town: Community, source: Path) -> None:
    path = saved(town, source, "名册.xlsx", LATE, 备注="后写的")
    town.merge()
    path.unlink()
    saved(town, source, NAMES[0], EARLY, 备注="先写的")
    assert taken(town, NAMES[0]) == {"conflicts": 1}
    assert town.cell("A1", "备注") == "后写的"
    town.assert_consistent()


def test_a_cell_as_it_was_given_out_takes_nothing_back(town: Community, source: Path) -> None:
    saved(town, source, "名册.xlsx", LATE, 备注="后写的")
    town.merge()
    saved(town, source, NAMES[0], EARLY, 人口=6)
    assert taken(town, NAMES[0]) == {"applied": 1}
    assert town.cell("A1", "备注") == "后写的"
    town.assert_consistent()


def test_rows_of_both_are_there_and_none_is_removed(town: Community, source: Path) -> None:
    book = Book(town, "王芳", source)
    book.people.add(编号="B1", 姓名="吴刚", 电话="13900000001")
    town.hand_in(book, "名册.xlsx")
    older = Book(town, "王芳", source)
    older.people.add(编号="B2", 姓名="郑爽", 电话="13900000002")
    path = older.send(NAMES[0])
    saved(town, path, NAMES[0], EARLY)
    assert taken(town, NAMES[0]) == {"added": 1}
    assert [row[0] for row in town.shown("编号")][6:] == ["B1", "B2"]
    town.assert_consistent()


def test_the_later_file_goes_on_where_it_was(town: Community, source: Path) -> None:
    saved(town, source, "名册.xlsx", LATE, 备注="后写的")
    town.merge()
    saved(town, source, NAMES[0], EARLY, 备注="先写的")
    town.merge()
    saved(town, source, "名册.xlsx", "2022-06-01T10:00:00Z", 备注="后写的", 人口=7)
    assert taken(town, "王芳/名册.xlsx") == {"applied": 1}
    saved(town, source, "名册.xlsx", "2022-06-01T11:00:00Z", 备注="再写的", 人口=7)
    assert taken(town, "王芳/名册.xlsx") == {"applied": 1}
    assert town.cell("A1", "备注") == "再写的"
    town.assert_consistent()


def test_a_later_conflict_copy_is_the_later_word(town: Community, source: Path) -> None:
    saved(town, source, "名册.xlsx", EARLY, 备注="先写的")
    town.merge()
    saved(town, source, NAMES[0], LATE, 备注="后写的")
    assert taken(town, NAMES[0]) == {"applied": 1}
    assert town.cell("A1", "备注") == "后写的"
    town.assert_consistent()


@pytest.mark.parametrize("way", WAYS.values())
def test_an_older_file_in_any_format(town: Community, source: Path, way: Way) -> None:
    """Without a time or a stamp the content tells what the same person said since."""
    saved(town, source, "名册.xlsx", "2100-01-01T00:00:00Z", 备注="后写的")
    town.merge()
    older = Book(town, "王芳", source)
    older.people.set("A1", "备注", "先写的")
    path = way(older, town.root / "inbox" / "王芳")
    town.merge()
    assert town.cell("A1", "备注") == "后写的"
    sides = [theirs for _, _, _, theirs in town.conflicts()]
    assert sides == ['"先写的"'], path.name
    town.assert_consistent()


@pytest.mark.parametrize("suffix", ["xlsx", "ods", "xls"])
def test_every_format_says_when_it_was_saved(town: Community, tmp_path: Path, suffix: str) -> None:
    book = town.issue("王芳")
    if suffix == "xlsx":
        path = saved(town, book.path, "名册.xlsx", "2022-06-01T08:00:00Z")
        assert last_saved(path.read_bytes()) == "2022-06-01T08:00:00+00:00"
    else:
        way = WAYS[suffix]
        path = way.values[0](book, tmp_path)  # type: ignore[attr-defined]
        assert (last_saved(path.read_bytes()) or "") > "2024"


def test_nothing_is_said_by_what_says_nothing() -> None:
    for content in (b"", b"PK", b"a,b\n1,2\n", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)):
        assert last_saved(content) is None


def corrected(town: Community, source: Path, name: str, **cells: object) -> dict[str, int]:
    """The same new row typed into a file of the copy, with some cells otherwise."""
    book = Book(town, "王芳", source)
    row = {"编号": "B1", "姓名": "吴刚", "电话": "13900000001", "备注": "原", **cells}
    book.people.add(**row)
    return counted(town.hand_in(book, name))


@pytest.mark.parametrize(
    ("header", "value"),
    [("电话", "13900000002"), ("姓名", "吴钢"), ("编号", "B2"), ("备注", "改"), ("人口", 4)],
)
def test_one_person_correcting_a_new_row_in_two_files(
    town: Community, source: Path, header: str, value: object
) -> None:
    assert corrected(town, source, "一.xlsx") == {"added": 1}
    assert corrected(town, source, "二.xlsx", **{header: value}) == {"applied": 1}
    assert len(town.shown("编号")) == 7
    assert counted_of_first(town, source, 网格="第3网格") == {"applied": 1}
    assert town.cell("第3网格", header) == str(value), "what 二 corrected stands"
    other = "备注" if header != "备注" else "姓名"
    assert counted_of_first(town, source, 网格="第3网格", **{other: "又改"}) == {"applied": 1}
    assert town.conflicts() == []
    town.assert_consistent()


def counted_of_first(town: Community, source: Path, **cells: object) -> dict[str, int]:
    return corrected(town, source, "一.xlsx", **cells)


def test_both_files_correct_the_same_cell_in_turn(town: Community, source: Path) -> None:
    assert corrected(town, source, "一.xlsx") == {"added": 1}
    for n, name in enumerate(("二.xlsx", "一.xlsx", "二.xlsx", "一.xlsx")):
        assert corrected(town, source, name, 备注=f"第{n}次") == {"applied": 1}
        assert town.cell("B1", "备注") == f"第{n}次"
    assert town.conflicts() == []
    town.assert_consistent()


def test_a_colleagues_word_in_between_is_a_conflict(town: Community, source: Path) -> None:
    assert corrected(town, source, "一.xlsx") == {"added": 1}
    assert corrected(town, source, "二.xlsx", 备注="二") == {"applied": 1}
    theirs = town.issue("李强")
    theirs.people.set("B1", "备注", "同事")
    town.hand_in(theirs)
    assert corrected(town, source, "一.xlsx", 备注="一") == {"conflicts": 1}
    assert town.cell("B1", "备注") == "同事"
    town.assert_consistent()
