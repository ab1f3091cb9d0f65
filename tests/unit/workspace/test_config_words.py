"""Mistakes in ledgersync.toml are told in words: where, and what may stand there."""

import re
from pathlib import Path

import pytest

from ledgersync.errors import SchemaFault, UsageFault, WorkspaceFault
from ledgersync.schema import load_catalog
from ledgersync.workspace.config import new_unit, read_config
from ledgersync.workspace.unitcodes import level_remark

STAFF = '[[staff]]\nname = "甲"\n'
UNIT = '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n'
LEDGER = """format = "ledgersync.ledger/1"
id = "roster"
name = "名册"
workbook = "名册"

[[tables]]
id = "people"
sheet = "人员"
key = ["no"]
fields = [ { id = "no", header = "编号", type = "text" } ]
"""
# English words in a Chinese message: names that stand in the file
NAMES = {"ledgersync", "toml", "unit", "staff", "name", "rules", "code", "level", "scope", "grid"}
NAMES |= {"reserved_rows", "period_end_day", "schedule", "cron", "community", "street", "district"}
NAMES |= {"phone", "privacy", "profile", "exact", "public", "nmae", "city", "province"}


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("", "unit 没有写", "unit is missing"),
        (
            UNIT.replace("360702001001", "360"),
            "[unit]的 code “360”写法不对",
            "[unit], code does not",
        ),
        (UNIT.replace("360702001001", "36"), "code 36 是省或市的，level 不是", ""),
        (
            UNIT.replace('"community"', '"village"'),
            "只能是 community, street, district, city 或 province",
            "level",
        ),
        (
            UNIT + '[[staff]]\nname = "甲"\n[[staff]]\nnmae = "乙"\n',
            "[[staff]] 第 2 个的 name 没有写",
            "",
        ),
        (
            UNIT + '[[staff]]\nname = "甲"\nscope = "第1网格"\n',
            "scope “第1网格”应为花括号",
            "scope",
        ),
        (UNIT + "[rules]\nreserved_rows = -1\n", "reserved_rows “-1”不能小于 0", "at least 0"),
        (UNIT + "[rules]\nperiod_end_day = 31\n", "period_end_day “31”不能大于 28", "at most 28"),
        (UNIT + '[privacy]\nprofile = "all"\n', "“all”只能是 exact 或 public", "exact or public"),
        (UNIT + '[[schedule]]\nname = "月报"\n', "[[schedule]] 第 1 个的 cron 没有写", "number 1"),
        (UNIT + '[[staff]\nname = "甲"\n', "第 5 行第 8 个字附近写法不对", "at line 5, column 8"),
        (UNIT + '[[staff]]\nname = "甲', "文件末尾少了什么", "end of document"),
    ],
)
def test_a_mistake_is_told(tmp_path: Path, text: str, zh: str, en: str) -> None:
    path = tmp_path / "ledgersync.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WorkspaceFault) as fault:
        read_config(path)
    told = fault.value.message.zh.replace(str(tmp_path), "")
    assert zh in told
    assert en in fault.value.message.en
    assert set(re.findall("[A-Za-z_]+", re.sub("“.*?”", "", told))) <= NAMES


DEEP = "x = " + "[" * 100_000


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ("unit = []\n", "unit 应为一节"),
        ("unit = [1]\n", "unit 应为一节"),
        ('[[unit]]\ncode = ["x"]\n', r"\[unit\]的 code 应为加引号的文字"),
        ('[[unit]]\ncode = "36"\nparent = ["x"]\n', r"\[unit\]的 name 没有写"),
        ('[[unit]]\nname = "x"\n', r"\[unit\]的 code 没有写"),
        (UNIT + '[rules]\nholidays = ["2027-02-15", "2027-2-15"]\n', "第 2 个“2027-2-15”不是日期"),
        (UNIT + "households = " + "9" * 5000, "有一个数字太长"),
        (UNIT + DEEP, "括号套得太深"),
        (UNIT + "households = 0x" + "f" * 4000, "households “0xffff.*…”不能大于"),
        (UNIT + "[rules]\nreserved_rows = 0x" + "f" * 4000, "reserved_rows “0xffff.*…”不能大于"),
        (UNIT + 'level = "' + "x" * 4000, "文件末尾少了什么"),
        (UNIT.replace("community", "x" * 4000), "“x{60}…”只能是"),
    ],
    ids=lambda text: text[-30:],
)
def test_what_nobody_would_write_is_told_shortly(tmp_path: Path, text: str, zh: str) -> None:
    path = tmp_path / "ledgersync.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(WorkspaceFault) as fault:
        read_config(path)
    told = fault.value.message.zh.replace(str(tmp_path), "")
    assert re.search(zh, told) and len(told) < 200


@pytest.mark.parametrize("line", ["x = " + "9" * 5000, DEEP])
def test_neither_is_a_ledger(tmp_path: Path, line: str) -> None:
    (tmp_path / "名册.toml").write_text(f"{line}\n{LEDGER}", "utf-8")
    with pytest.raises(SchemaFault, match="有一个数字太长，或括号套得太深"):
        load_catalog([tmp_path])


def test_a_file_saved_in_the_encoding_of_windows(tmp_path: Path) -> None:
    path = tmp_path / "ledgersync.toml"
    path.write_bytes(UNIT.encode("gbk"))
    with pytest.raises(WorkspaceFault, match="不是 UTF-8 编码（在记事本里另存为"):
        read_config(path)


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        (LEDGER.replace("sheet = ", "shet = "), "tables.1.sheet：没有写"),
        (LEDGER.replace('"text"', '"txet"'), "tables.1.fields.1.type：“txet”只能是 "),
        (LEDGER.replace("]", "", 1), "第 6 行第 "),
        (LEDGER.replace('key = ["no"]', 'key = ["on"]'), "没有字段 on"),
    ],
)
def test_a_mistake_in_a_ledger_of_ones_own(tmp_path: Path, text: str, zh: str) -> None:
    (tmp_path / "名册.toml").write_text(text, "utf-8")
    with pytest.raises(SchemaFault) as fault:
        load_catalog([tmp_path])
    assert zh in fault.value.message.zh and "台账定义文件" in fault.value.message.zh


def test_a_ledger_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "名册.toml").write_bytes(LEDGER.encode("gbk"))
    with pytest.raises(SchemaFault, match="不是 UTF-8 编码"):
        load_catalog([tmp_path])


@pytest.mark.parametrize(
    ("code", "level", "told"),
    [
        ("36", "community", "社区的区划代码应为 12 位数字，“36”是 2 位。"),
        ("360702001", "community", "社区的区划代码应为 12 位数字，“360702001”是 9 位。"),
        ("360702", "street", "街道的区划代码应为 12 位数字，“360702”是 6 位。"),
        ("360702001", "district", "区县的区划代码应为 12 位数字，“360702001”是 9 位。"),
        ("36070200100X", "community", "社区的区划代码只能是数字，“36070200100X”不是。"),
    ],
)
def test_a_code_that_cannot_be_is_told(code: str, level: str, told: str) -> None:
    with pytest.raises(UsageFault) as fault:
        new_unit("幸福社区", code, level)
    assert fault.value.message.zh == told
    assert "12 位" in fault.value.next_step.zh


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("360702001001", "community"),
        ("360702001000", "street"),
        ("360702001", "street"),
        ("360702000000", "district"),
        ("360702", "district"),
        ("441900", "district"),  # 东莞 has no counties
        ("3607", "city"),
        ("360700", "city"),
        ("360700000000", "city"),
        ("36", "province"),
        ("360000000000", "province"),
    ],
)
def test_codes_of_each_level_are_taken_without_doubt(code: str, level: str) -> None:
    unit = new_unit("单位", code, level)
    assert unit.code == code
    assert level_remark(unit.code, level) is None


@pytest.mark.parametrize(
    ("code", "level", "other"),
    [
        ("360702001000", "community", "街道"),
        ("360702000000", "community", "区县"),
        ("360702001001", "street", "社区"),
        ("360702001001", "district", "社区"),
        ("360700", "district", "市"),
        ("360702", "city", "区县"),
        ("360700", "province", "市"),
        ("360000", "city", "省"),
    ],
)
def test_a_code_of_another_level_is_taken_and_doubted(code: str, level: str, other: str) -> None:
    unit = new_unit("单位", code, level)
    found = level_remark(unit.code, level)
    assert found is not None
    assert f"看起来是{other}的" in found.zh


def test_full_width_digits_and_blanks_are_digits() -> None:
    assert new_unit("幸福社区", " ３６０７０２ 001001", "community").code == "360702001001"


def test_a_name_that_is_empty_is_told() -> None:
    with pytest.raises(UsageFault):
        new_unit("  ", "360702001001", "community")
