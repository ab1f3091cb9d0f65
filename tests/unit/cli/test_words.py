"""Names, moments and masked values as the screens show them."""

from datetime import date
from pathlib import Path

import pytest

from ledgersync.cli.common.app import App
from ledgersync.cli.common.conflict_words import distinct
from ledgersync.cli.common.usage import file_fault
from ledgersync.cli.common.words import (
    field_words,
    ledger_words,
    moment_words,
    path_words,
    person_words,
    table_words,
)
from ledgersync.schema import FieldSchema, load_catalog

ZH, EN = App(Path()), App(Path(), lang="en")
TODAY = date(2022, 6, 30)


def field(kind: str, **more: str) -> FieldSchema:
    return FieldSchema.validated({"id": "x", "header": "项目", "type": kind, **more})


def test_ledgers_and_tables_are_called_as_their_workbooks_and_sheets() -> None:
    catalog = load_catalog()
    assert ledger_words(catalog, "dibao") == "低保台账"
    assert path_words(catalog, "care.people") == "重点人员台账·重点人员"
    assert table_words(catalog, "visit", "issues") == "走访台账·问题诉求"
    assert table_words(catalog, "gone", "rows") == "gone·rows"
    assert field_words(catalog, "grid") == "所属网格"


@pytest.mark.parametrize(
    ("at", "zh", "en"),
    [
        ("2022-06-01T09:05:00+08:00", "6月1日 09:05", "1 Jun 09:05"),
        ("2021-12-31T23:59:59+08:00", "2021年12月31日 23:59", "31 Dec 2021 23:59"),
        (None, "", ""),
    ],
)
def test_moments(at: str | None, zh: str, en: str) -> None:
    assert (moment_words(ZH, at, TODAY), moment_words(EN, at, TODAY)) == (zh, en)


@pytest.mark.parametrize(
    ("author", "words"),
    [
        ("王芳", "王芳"),
        ("adopt:旧.xlsx", "原工作簿（旧.xlsx）"),
        ("ledgersync", "程序"),
        (None, ""),
    ],
)
def test_authors(author: str, words: str) -> None:
    assert person_words(ZH, author) == words


@pytest.mark.parametrize(
    ("kind", "values", "shown"),
    [
        ("name", ["王芳", "王丽", "王芳"], ["王*①", "王*②", "王*①"]),
        ("name", ["王芳", "李丽", None], ["王*", "李*", ""]),
        ("phone", ["13811110001", "13822220001"], ["138****0001①", "138****0001②"]),
        ("text", ["搬走", "在家"], ["搬走", "在家"]),
        ("integer", [3, 5, 3], ["3", "5", "3"]),
    ],
)
def test_what_looks_alike_and_differs_is_numbered(
    kind: str, values: list[object], shown: list[str]
) -> None:
    assert distinct(field(kind), values) == shown


def test_addresses_that_differ_behind_the_building() -> None:
    values = ["幸福路1号楼2单元301", "幸福路1号楼2单元302"]
    assert distinct(field("text", personal="address"), values) == [
        "幸福路1号楼***①",
        "幸福路1号楼***②",
    ]


def test_of_a_long_text_one_sees_where_it_differs() -> None:
    same = "本户反映楼道灯不亮，" * 20
    one, other = distinct(field("text"), [same + "已报修", same + "待核实"])
    assert one.endswith("已报修") and other.endswith("待核实")
    assert one.startswith("…") and len(one) < 70


@pytest.mark.parametrize(
    ("error", "zh"),
    [
        (FileNotFoundError(2, "No such file or directory", "a.xlsx"), "a.xlsx：找不到"),
        (PermissionError(13, "Permission denied", "a.xlsx"), "没有权限"),
        (OSError(28, "No space left on device", "a.xlsx"), "磁盘满了"),
    ],
)
def test_a_failed_file_operation_is_told(error: OSError, zh: str) -> None:
    fault = file_fault(error)
    assert zh in fault.message.zh
    assert not any(word in fault.text("zh") for word in ("No such", "denied", "Errno", "device"))
    assert "下一步：" in fault.text("zh")
