"""The worksheet functions: right answers, shapes kept, and never an exception."""

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledgersync.plugin import settings as plugin_settings
from ledgersync.plugin.reader import forget
from ledgersync.plugin.registry import BY_NAME, FUNCTIONS
from ledgersync.schema import load_catalog

GOOD, WRONG = "11010519491231002X", "110105194912310021"


@pytest.fixture(autouse=True)
def _alone(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    """No workspace, and a fixed day."""
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    monkeypatch.delenv("LEDGERSYNC_WORKSPACE", raising=False)
    nowhere = tmp_path_factory.getbasetemp() / "nowhere" / "plugin.json"
    monkeypatch.setattr(plugin_settings, "settings_file", lambda: nowhere)
    forget()


def call(name: str, *cells: object) -> Any:
    return BY_NAME[name].call(*cells)


def test_a_good_id_says_nothing_and_a_wrong_one_says_why_with_its_code() -> None:
    assert call("LS_IDCHECK", GOOD) == ""
    assert call("LS_IDCHECK", f" {GOOD.lower()}") == ""
    assert call("LS_IDCHECK", WRONG) == "〔身份证号〕校验位不对，请核对证件（id.checksum）"
    assert call("LS_IDCHECK", "110105194902310022").endswith("（id.birthdate）")
    assert call("LS_IDCHECK", 1.1010519491231e17).endswith("（id.precision_lost）")
    assert call("LS_IDCHECK", "110105491231002").startswith("说明：")


def test_no_message_repeats_what_was_typed_into_a_personal_cell() -> None:
    assert WRONG[:6] not in call("LS_IDCHECK", WRONG)
    assert "1380013800" not in call("LS_PHONE", "1380013800")


def test_a_range_in_is_a_range_of_the_same_shape_out() -> None:
    answers = call("LS_IDCHECK", ((GOOD, WRONG), (None, "x")))
    assert [[bool(a) for a in row] for row in answers] == [[False, True], [False, True]]


def test_idinfo_gives_four_items_or_the_named_one() -> None:
    row = [date(1949, 12, 31), "女", 72, "北京市朝阳区"]
    assert call("LS_IDINFO", GOOD) == [row]
    assert call("LS_IDINFO", ((GOOD,), ("",))) == [row, ["", "", "", ""]]
    assert call("LS_IDINFO", GOOD, "性别") == "女"
    assert call("LS_IDINFO", GOOD, "血型").endswith("（item.unknown）")
    assert call("LS_IDINFO", WRONG)[0][0].endswith("（id.checksum）")


@pytest.mark.parametrize(
    ("value", "on", "age"),
    [
        (GOOD, None, 72),
        (GOOD, "2022-12-31", 73),
        (datetime(2000, 2, 29), "2021-02-28", 20),
        ("2000.2.29", "2021-03-01", 21),
    ],
)
def test_age(value: object, on: object, age: int) -> None:
    assert call("LS_AGE", value, on) == age


def test_age_of_nonsense_is_a_message() -> None:
    assert call("LS_AGE", "高龄").endswith("（type.date）")
    assert call("LS_AGE", WRONG).endswith("（id.checksum）")
    assert call("LS_AGE", GOOD, "去年").endswith("（type.date）")


def test_dates_in_every_form() -> None:
    forms = [["2022.6.1"], ["2022年6月1日"], [20220601.0], [44713.0], ["二〇二二年六月一日"]]
    assert call("LS_DATE", forms) == [[date(2022, 6, 1)]] * 5
    assert call("LS_DATE", "22.6.1").endswith("（date.ambiguous）")
    assert call("LS_DATE", "") == ""


def test_phone_and_mask() -> None:
    assert call("LS_PHONE", 13800138000.0) == ""
    assert call("LS_PHONE", "1380013800").endswith("（phone.format）")
    assert call("LS_MASK", "13800001234", "电话") == "138****1234"
    assert call("LS_MASK", f"证号{GOOD}") == "证号110***********002X"
    assert call("LS_MASK", "欧阳文", "姓名") == "欧阳*"


def test_duplicates_name_the_other_rows() -> None:
    answers = call("LS_DUP", [["甲"], ["乙"], [" 甲"], [""], [""]])
    assert [row[0] for row in answers] == [
        "与本区域第3行重复（duplicate.key）",
        "",
        "与本区域第1行重复（duplicate.key）",
        "",
        "",
    ]


def test_check_reads_aliases_and_gives_one_message_per_row() -> None:
    header = ["低保证号", "户主姓名", "身份证号", "家庭人口", "保障人数", "随手记"]
    rows = [
        ["1", "张伟", GOOD, 2.0, 3.0, "x"],
        ["2", "李娜", WRONG, 2.0, 2.0, ""],
        ["", "", "", "", "", "only this"],
        ["3", "王芳", "110105199001011232", 2.0, 2.0, None],
    ]
    answers = [row[0] for row in call("LS_CHECK", "低保", "低保户", [header], rows)]
    assert answers[0] == "〔保障人数〕3 大于〔家庭人口数〕2（compare）"
    assert answers[1] == "〔户主身份证号〕校验位不对，请核对证件（id.checksum）"
    assert answers[2:] == ["", ""]


def test_check_says_what_it_does_not_know() -> None:
    assert call("LS_CHECK", "社保", "", [["姓名"]], [["a"]]).endswith("（ledger.unknown）")
    assert call("LS_CHECK", "低保", "附表", [["姓名"]], [["a"]]).endswith("（table.unknown）")
    assert call("LS_CHECK", "低保", "", [["甲", "乙"]], [["a"]]).endswith("（table.unrecognised）")


def test_without_a_workspace_the_functions_say_so() -> None:
    for function in FUNCTIONS:
        if function.workspace:
            reply = function.call(*("低保" for a in function.arguments if not a.optional))
            assert str(reply).endswith("（workspace.missing）"), function.name


CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.integers(),
    st.text(max_size=30),
    st.datetimes(),
    st.sampled_from([GOOD, WRONG, "低保", "2022-06-01", "138 0013 8000", "#REF!", "=1+1", "五百"]),
)
RANGES = st.one_of(CELLS, st.lists(st.lists(CELLS, min_size=1, max_size=3), max_size=4))


@pytest.mark.parametrize("name", sorted(BY_NAME))
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_no_cell_makes_a_function_raise(name: str, data: st.DataObject) -> None:
    function = BY_NAME[name]
    cells = [data.draw(RANGES) for _ in function.arguments]
    reply = function.call(*cells)
    flat = [c for row in reply for c in row] if isinstance(reply, list) else [reply]
    assert all(isinstance(c, (str, float, int, bool, date)) for c in flat)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=5))
def test_check_never_raises_on_rows_of_anything(rows: list[list[object]]) -> None:
    for ledger, table in load_catalog().tables():
        header = [f.header for f in table.fields[:4]]
        assert len(call("LS_CHECK", ledger.id, table.id, header, rows)) == len(rows)


def test_every_function_is_documented() -> None:
    for function in FUNCTIONS:
        assert function.name.isascii() and function.name.startswith("LS_")
        assert function.doc.zh.endswith("。") and function.example.startswith("=" + function.name)
        assert all(a.label and a.doc for a in function.arguments)
        optional = [a.optional for a in function.arguments]
        assert optional == sorted(optional), "optional arguments come last"
