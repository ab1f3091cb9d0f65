"""Which cells and rows stay out, and on which cell a rule over two puts the blame."""

import pytest
from tests.unit.merge.homes import HOMES, KEYED, NUMBERED, home

from ledgersync.merge.keys import KeyReader
from ledgersync.merge.validator import Validator, returns, same_damaged, with_rest, without_rest
from ledgersync.messages import literal
from ledgersync.model import Invalid, Row, RowFault, Value
from ledgersync.schema import TableSchema

TEXT = literal("错", "wrong")
EVERY = frozenset(range(4))


@pytest.mark.parametrize(
    ("rule", "severity", "out"),
    [
        ("required", "error", True),
        ("type.date", "error", True),
        ("id.checksum", "error", True),
        ("value.separator", "error", True),
        ("date.future", "error", True),
        ("required", "warning", False),
        ("duplicate.key", "error", False),
        ("ref.missing", "error", False),
    ],
)
def test_what_keeps_a_cell_out(rule: str, severity: str, out: bool) -> None:
    assert returns(RowFault("no", rule, severity, TEXT, ("no",))) is out  # type: ignore[arg-type]


def fault(rule: str, *names: str) -> RowFault:
    return RowFault(names[0], rule, "error", TEXT, names)


def faults(row: Row) -> list[RowFault]:
    """A bad number, a size above 9, and a size that must be the length of the name."""
    no, name, _, size = row
    found = [fault("type.code", "no")] if isinstance(no, Invalid) else []
    if isinstance(size, int) and size > 9:
        found.append(fault("range", "size"))
    if isinstance(size, int) and isinstance(name, str) and size < len(name):
        found.append(fault("compare", "size", "name"))
    return found


OLD, BAD = home("1", "王", "东街", 3), Invalid("x", "type.code")


@pytest.mark.parametrize(
    ("row", "pending", "fresh", "back"),
    [
        (home("1", "王", "西街", 3), "place", "place", ""),
        (home(BAD, "王", "东街", 3), "no", "no", "no"),
        (home(BAD, "王", "东街", 99), "no size", "no size", "no size"),
        (home("1", "王", "东街", 99), "", "", ""),  # an old fault is nobody's
        (home("1", "王小二五", "东街", 3), "name", "name", "name"),
        (home("1", "王小二五", "东街", 2), "name size", "name size", "size name"),
        (home("1", "王小二五", "东街", 2), "name size", "size", "name"),  # blamed before: again
        (home("1", "王小", "东街", 1), "name size", "name size", "size"),
        (home(BAD, "王小二五", "东街", 3), "no name", "no name", "no name"),
    ],
)
def test_cells_that_stay_out(row: Row, pending: str, fresh: str, back: str) -> None:
    def at(names: str) -> frozenset[int]:
        return frozenset(HOMES.position[name] for name in names.split())

    found = Validator(KeyReader(HOMES), faults).cells(row, OLD, at(pending), at(fresh))
    assert found.keys() == at(back)


@pytest.mark.parametrize(
    ("table", "row", "nobody"),
    [
        (HOMES, home("1"), False),
        (HOMES, home(None, "王芳", "东街"), False),
        (HOMES, home(None, "王芳"), False),
        (HOMES, home(None, None, "东街"), True),  # the name is required
        (HOMES, home(None, None, None, 3), True),
        (HOMES, home(BAD, "", None), True),
        (KEYED, home(None, "王芳", "东街", 3), True),
        (KEYED, home("1"), False),
        (NUMBERED, home(None, None, "东街"), False),
        (NUMBERED, home(None), True),
        (NUMBERED.changed(fallback_key=("name",)), home(None, None, "东街"), True),
        (NUMBERED.changed(fallback_key=("name", "place")), home(None, "甲"), False),
    ],
)
def test_a_row_about_nobody(table: TableSchema, row: Row, nobody: bool) -> None:
    assert Validator(KeyReader(table), faults).nobody(row) is nobody


def test_the_reason_of_a_whole_row_is_its_keys_fault() -> None:
    validator = Validator(KeyReader(HOMES), faults)
    rule, text = validator.reason({3: fault("range", "size"), 1: fault("type.text", "name")})
    assert rule == "type.text" and text.zh.startswith("〔编号〕、〔姓名〕、〔住址〕为空或有误")
    assert validator.reason({3: fault("range", "size")})[0] == "required"


def test_the_rest_of_a_row_is_named_and_left_out_again() -> None:
    told = with_rest(TEXT, ["人口"])
    assert told.zh == "错；本行其余内容已合并，仅〔人口〕待更正"
    assert (without_rest(told).zh, without_rest(told).en) == (TEXT.zh, TEXT.en)
    assert (without_rest(TEXT).zh, without_rest(TEXT).en) == (TEXT.zh, TEXT.en)


GOOD = "320102199001011234"


@pytest.mark.parametrize(
    ("typed", "rule", "good", "same"),
    [
        ("320102199001011000", "id.precision_lost", GOOD, True),
        ("3.20102199001011E+17", "id.precision_lost", GOOD, True),
        ("'320102199001011000", "id.precision_lost", GOOD, True),
        ("320102199001010000", "id.precision_lost", GOOD, False),
        ("320102199001011000", "id.checksum", GOOD, False),
        ("320102199001011000", "id.precision_lost", None, False),
        ("320102199001011", "id.precision_lost", "320102199001011", True),
        ("32010219900101", "id.precision_lost", "32010219900101", False),
    ],
)
def test_a_damaged_id_is_the_good_one(typed: str, rule: str, good: Value, same: bool) -> None:
    assert same_damaged(Invalid(typed, rule), good) is same
    assert not same_damaged(typed, good)
