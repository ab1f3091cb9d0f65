"""Row rules: each row of the tables below stands for one record."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from ledgersync.checks import RowChecker
from ledgersync.model import Invalid, Row, RowFault, Value
from ledgersync.schema import TableSchema, load_catalog, parse_ledger

TODAY = date(2022, 6, 30)
CATALOG = load_catalog()
HOUSEHOLDS = CATALOG.table("dibao", "households")
PEOPLE = CATALOG.table("care", "people")
GOOD_HOUSEHOLD: dict[str, Value] = {
    "cert_no": "DB001",
    "head_name": "王芳",
    "head_id": "110101199003070134",
    "hukou": "城市",
    "family_size": 3,
    "covered_persons": 2,
    "monthly_amount": Decimal("900.00"),
    "start_date": date(2021, 3, 1),
    "status": "在保",
}
GOOD_PERSON: dict[str, Value] = {
    "name": "李奶奶",
    "id_number": "110101193603070029",
    "category": ("高龄老人",),
    "grid": "第一网格",
    "responsible": "张伟",
    "enrolled": date(2021, 1, 5),
    "status": "在册",
}


def row_of(table: TableSchema, values: dict[str, Value]) -> Row:
    return tuple(values.get(name) for name in table.field_ids)


def faults(table: TableSchema, good: dict[str, Value], **changed: Value) -> list[RowFault]:
    return RowChecker(table, TODAY).faults(row_of(table, good | changed))


@dataclass(frozen=True)
class Case:
    changed: dict[str, Value]
    field: str
    rule: str
    severity: str
    reads: tuple[str, ...]


def one(field: str, value: Value, rule: str, severity: str = "error") -> Case:
    return Case({field: value}, field, rule, severity, (field,))


HOUSEHOLD_CASES = [
    one("head_name", None, "required"),
    one("hukou", None, "wanted", "warning"),
    one("family_size", Invalid("三口多", "type.integer"), "type.integer"),
    one("head_id", Invalid("123", "id.length"), "id.length"),
    one("head_id", Invalid("1.1E+17", "id.precision_lost"), "id.precision_lost"),
    one("phone", Invalid("12", "phone.format"), "phone.format"),
    one("start_date", Invalid("22.6.1", "date.ambiguous"), "date.ambiguous"),
    one("status", Invalid("看情况", "choice"), "choice"),
    one("remark", Invalid("x" * 40000, "cell.too_long"), "cell.too_long"),
    one("address", Invalid("#REF!", "cell.error"), "cell.error"),
    one("family_size", 31, "range"),
    one("monthly_amount", Decimal("-0.01"), "range"),
    one("monthly_amount", Decimal("50000.01"), "range"),
    one("start_date", date(2022, 7, 1), "date.future"),
    Case(
        {"covered_persons": 4},
        "covered_persons",
        "compare",
        "error",
        ("covered_persons", "family_size"),
    ),
    Case(
        {"last_review": date(2021, 2, 28)},
        "last_review",
        "compare",
        "error",
        ("last_review", "start_date"),
    ),
    Case({"status": "退出"}, "end_date", "wanted", "warning", ("end_date", "status")),
]


@pytest.mark.parametrize("case", HOUSEHOLD_CASES, ids=lambda c: f"{c.field}-{c.rule}")
def test_each_rule_names_its_field_severity_and_what_it_read(case: Case) -> None:
    [fault] = faults(HOUSEHOLDS, GOOD_HOUSEHOLD, **case.changed)
    assert (fault.field, fault.rule, fault.severity) == (case.field, case.rule, case.severity)
    assert fault.reads == case.reads
    assert HOUSEHOLDS.by_id[case.field].header in fault.message.zh
    assert fault.message.en


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"covered_persons": 3},
        {"last_review": date(2021, 3, 1)},
        {"monthly_amount": Decimal("0.00")},
        {"monthly_amount": Decimal("50000.00")},
        {"start_date": TODAY},
        {"status": "退出", "end_date": date(2022, 1, 1)},
        {"status": "停发", "end_date": date(2021, 3, 1)},
    ],
)
def test_rows_on_the_edge_of_a_rule_pass(changed: dict[str, Value]) -> None:
    assert faults(HOUSEHOLDS, GOOD_HOUSEHOLD, **changed) == []


def test_comparisons_with_empty_or_invalid_cells_say_nothing() -> None:
    found = faults(HOUSEHOLDS, GOOD_HOUSEHOLD, family_size=Invalid("三", "type.integer"))
    assert [f.rule for f in found] == ["type.integer"]
    assert faults(HOUSEHOLDS, GOOD_HOUSEHOLD, last_review=None) == []


def test_several_faults_of_a_row_are_all_told_in_column_order() -> None:
    found = faults(HOUSEHOLDS, GOOD_HOUSEHOLD, head_name=None, family_size=40, covered_persons=41)
    assert [(f.field, f.rule) for f in found] == [
        ("head_name", "required"),
        ("family_size", "range"),
        ("covered_persons", "compare"),
    ]


@pytest.mark.parametrize(
    ("born", "category", "end", "wrong"),
    [
        ("19420630", "高龄老人", None, False),  # eighty today
        ("19420701", "高龄老人", None, True),  # eighty tomorrow
        ("20040701", "困境儿童", None, False),  # eighteen tomorrow
        ("20040630", "困境儿童", None, True),  # eighteen today
        ("20040630", "留守儿童", date(2022, 1, 1), False),  # left care as a child
        ("19800101", "独居老人", None, False),
        ("19800101", "事实无人抚养儿童", None, True),
    ],
)
def test_categories_of_age(born: str, category: str, end: date | None, wrong: bool) -> None:
    changed: dict[str, Value] = {
        "id_number": f"110101{born}0029",
        "category": ("特困人员", category),
        "end_date": end,
    }
    found = faults(PEOPLE, GOOD_PERSON, **changed)
    assert [f.rule for f in found] == (["age.category"] if wrong else [])
    for fault in found:
        assert (fault.severity, fault.reads) == ("warning", ("category", "id_number"))
        assert born not in fault.message.zh


def test_an_invalid_id_says_nothing_about_the_age() -> None:
    found = faults(PEOPLE, GOOD_PERSON, id_number=Invalid("1101011990030", "id.length"))
    assert [f.rule for f in found] == ["id.length"]


def test_messages_never_quote_what_is_personal() -> None:
    found = faults(
        HOUSEHOLDS,
        GOOD_HOUSEHOLD,
        head_id=Invalid("11010119900307013", "id.length"),
        phone=Invalid("1380000123", "phone.format"),
    )
    text = "".join(f.message.zh + f.message.en for f in found)
    assert "1101011990" not in text and "138000" not in text


def test_a_new_ledger_gets_its_rules_from_its_file_alone() -> None:
    ledger = parse_ledger(
        """
        format = "ledgersync.ledger/1"
        id = "loans"
        name = "借用"
        workbook = "借用台账"
        [[tables]]
        id = "loans"
        sheet = "借用"
        key = ["no"]
        fields = [
          {id = "no", header = "编号", type = "code", required = true},
          {id = "hours", header = "时长", type = "decimal", min = 0.1, max = 0.3},
          {id = "cost", header = "费用", type = "money", min = 0.1, le = "hours"},
          {id = "note", header = "说明", type = "text", ge = "no"},
        ]
        """,
        "loans.toml",
    )
    checker = RowChecker(ledger.tables[0], TODAY)
    assert checker.faults(("a", 0.1, Decimal("0.10"), "x")) == []
    found = checker.faults((None, 0.31, Decimal("0.32"), None))
    assert [f.rule for f in found] == ["required", "range", "compare"]
