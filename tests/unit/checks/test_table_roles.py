"""What a table is to rules across ledgers is declared in its TOML, also in a unit's own ledgers."""

from datetime import date
from pathlib import Path

import pytest
from tests.tables import read_text, rows_of

from ledgersync.checks.cross import cross_findings, due_visits
from ledgersync.errors import SchemaFault
from ledgersync.schema import Catalog, load_catalog
from ledgersync.schema.roles import Subject

TODAY = date(2022, 6, 30)
OWN = """
format = "ledgersync.ledger/1"
id = "elders"
name = "高龄津贴"
workbook = "高龄津贴台账"

[[tables]]
id = "people"
sheet = "高龄老人"
key = ["number"]

[tables.subject]
name = "elder"
id_number = "number"
address = "home"
since = "from_day"
cycle = "how_often"
status = "state"
active = ["享受"]

[[tables.fields]]
id = "elder"
header = "老人姓名"
type = "name"

[[tables.fields]]
id = "number"
header = "身份证号"
type = "id_number"

[[tables.fields]]
id = "home"
header = "住址"
type = "text"

[[tables.fields]]
id = "from_day"
header = "起始日期"
type = "date"

[[tables.fields]]
id = "how_often"
header = "看望频次"
type = "choice"
cycles = { "每月" = "P1M" }
[tables.fields.choices]
"每月" = []

[[tables.fields]]
id = "state"
header = "状态"
type = "choice"
[tables.fields.choices]
"享受" = []
"停发" = []
"""
ROWS = """
老人姓名 | 身份证号 | 住址 | 起始日期 | 看望频次 | 状态
张三 | 110101193003071933 | 解放路1号 | 2022-01-01 | 每月 | 享受
李四 | | 解放路2号 | 2022-01-01 | 每月 | 享受
王五 | | 解放路3号 | 2022-01-01 | 每月 | 停发
"""
VISITS = """
走访编号 | 走访日期 | 走访人 | 户址 | 走访对象 | 走访结果
ZF1 | 2022-06-20 | 王芳 | 解放路2号 | 李四 | 见到本人
"""


def own_catalog(folder: Path, text: str = OWN) -> Catalog:
    (folder / "own.toml").write_text(text, encoding="utf-8")
    return load_catalog([folder])


def test_a_ledger_of_ones_own_is_visited_too(tmp_path: Path) -> None:
    catalog = own_catalog(tmp_path)
    made = {
        key: rows_of(read_text(catalog, key, text, TODAY), catalog.table(*key))
        for key, text in ((("elders", "people"), ROWS), (("visit", "visits"), VISITS))
    }
    assert [(d.table, d.name, d.due) for d in due_visits(made, catalog, TODAY)] == [
        (("elders", "people"), "张三", date(2022, 2, 1))
    ]
    found = [f for f in cross_findings(made, catalog, TODAY) if f.rule == "cross.visit_due"]
    assert [(f.ledger, f.table, f.field) for f in found] == [("elders", "people", "how_often")]


def test_an_older_version_of_a_packaged_ledger_keeps_its_roles(tmp_path: Path) -> None:
    packaged = load_catalog().table("care", "people")
    assert packaged.subject is not None and packaged.subject.grid == "grid"
    text = care_without_roles()
    catalog = own_catalog(tmp_path, text)
    assert catalog.table("care", "people").roles == packaged.roles
    lost = text.replace('id = "grid"', 'id = "grid_name"')
    subject = own_catalog(tmp_path, lost).table("care", "people").subject
    assert isinstance(subject, Subject) and subject.grid is None
    lost = text.replace('id = "visit_cycle"', 'id = "how_often"')
    assert own_catalog(tmp_path, lost).table("care", "people").subject is None


def care_without_roles() -> str:
    from importlib import resources

    text = resources.files("ledgersync.schema").joinpath("ledgers/care.toml").read_text("utf-8")
    start = text.index("[tables.subject]")
    return text[:start] + text[text.index("[[tables.fields]]", start) :]


def test_a_role_that_names_no_field_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SchemaFault) as fault:
        own_catalog(tmp_path, OWN.replace('cycle = "how_often"', 'cycle = "nothing"'))
    assert "nothing" in str(fault.value)
