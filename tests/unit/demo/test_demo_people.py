"""The synthetic community keeps the rules that the ledgers ask for."""

from datetime import date
from decimal import Decimal

import pytest

from ledgersync.demo.people import SampleCommunity, sample_community
from ledgersync.demo.residents import grid_name
from ledgersync.schema import FieldSchema, load_catalog

TODAY = date(2022, 6, 30)
KINDS = {
    "text": str,
    "name": str,
    "code": str,
    "phone": str,
    "id_number": str,
    "choice": str,
    "choices": tuple,
    "integer": int,
    "decimal": (int, float),
    "money": Decimal,
    "date": date,
    "bool": bool,
}


@pytest.fixture(scope="module")
def community() -> SampleCommunity:
    return sample_community(7, 320, TODAY, "幸福社区")


def test_the_seed_alone_decides(community: SampleCommunity) -> None:
    assert sample_community(7, 320, TODAY, "幸福社区").tables == community.tables
    other = sample_community(8, 320, TODAY, "幸福社区")
    assert other.tables["care", "people"] != community.tables["care", "people"]


def test_every_table_has_all_its_fields_with_typed_values(community: SampleCommunity) -> None:
    catalog = load_catalog()
    assert set(community.tables) == {(ledger.id, t.id) for ledger, t in catalog.tables()}
    for key, rows in community.tables.items():
        table = catalog.table(*key)
        assert rows
        for row in rows:
            assert tuple(row) == table.field_ids
            for f in table.fields:
                assert_fits(f, row)


def assert_fits(f: FieldSchema, row: dict) -> None:
    value = row[f.id]
    if value is None:
        assert not f.required
        return
    assert isinstance(value, KINDS[f.type])
    words = value if isinstance(value, tuple) else (value,)
    assert not f.choices or set(words) <= set(f.choices)
    assert f.min is None or value >= f.min
    assert f.max is None or value <= f.max
    assert not f.not_future or value <= TODAY
    for other, sign in ((f.ge, 1), (f.le, -1)):
        if other and "." not in other and row[other] is not None:
            assert (value >= row[other]) if sign > 0 else (value <= row[other])
    if f.type == "money":
        assert value.as_tuple().exponent == -2


def test_id_numbers_are_unique_and_their_check_digits_right(community: SampleCommunity) -> None:
    people = community.tables["care", "people"] + community.tables["volunteer", "records"]
    ids = {str(r["id_number"]): str(r["name"]) for r in people}
    members = {str(r["member_id"]) for r in community.tables["dibao", "members"]}
    assert len(members) == len(community.tables["dibao", "members"])
    for number in [*ids, *members]:
        assert len(number) == 18
        assert check_character(number[:17]) == number[17]
        assert date(int(number[6:10]), int(number[10:12]), int(number[12:14])) < TODAY


def check_character(body: str) -> str:
    """ISO 7064 MOD 11-2 as GB 11643-1999 writes it out."""
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def test_the_check_character_is_that_of_the_standards_example() -> None:
    assert check_character("11010519491231002") == "X"


def test_references_lead_to_a_row_of_the_other_table(community: SampleCommunity) -> None:
    catalog = load_catalog()
    for key, rows in community.tables.items():
        for f in catalog.table(*key).fields:
            if f.ref:
                ledger, table, field = f.ref.split(".")
                known = {r[field] for r in community.tables[ledger, table]}
                assert {r[f.id] for r in rows if r[f.id] is not None} <= known
    by_subject = {r["id_number"]: r for r in community.tables["care", "people"]}
    for visit in community.tables["visit", "visits"]:
        if visit["subject_id"]:
            assert by_subject[visit["subject_id"]]["name"] == visit["subject_name"]
            assert by_subject[visit["subject_id"]]["address"] == visit["household"]


def test_counts_of_a_household_agree_with_its_members(community: SampleCommunity) -> None:
    for home in community.tables["dibao", "households"]:
        members = [
            m for m in community.tables["dibao", "members"] if m["cert_no"] == home["cert_no"]
        ]
        assert home["covered_persons"] == sum(bool(m["covered"]) for m in members)
        assert home["family_size"] == sum(m["member_status"] == "在户" for m in members)
        head = next(m for m in members if m["relation"] == "户主")
        assert (head["name"], head["member_id"]) == (home["head_name"], home["head_id"])


def test_categories_fit_the_age(community: SampleCommunity) -> None:
    for person in community.tables["care", "people"]:
        age = TODAY.year - int(str(person["id_number"])[6:10])
        for category in person["category"]:
            if category == "高龄老人":
                assert age >= 80
            if category.endswith("儿童") or category == "孤儿":
                assert age <= 18


def test_addresses_and_staff_are_distinct_and_grids_shared_out() -> None:
    community = sample_community(3, 900, TODAY, "和平社区", grids=9)
    visits = community.tables["visit", "visits"]
    assert {v["grid"] for v in visits} == {grid_name(n) for n in range(1, 10)}
    assert len(set(community.staff)) == 11
    hosts: dict[object, set[object]] = {}
    for visit in visits:
        hosts.setdefault(visit["household"], set()).add(visit["host_name"])
    assert all(len(names) == 1 for names in hosts.values())


def test_free_text_is_varied(community: SampleCommunity) -> None:
    issues = community.tables["visit", "issues"]
    assert len({r["description"] for r in issues}) >= min(15, len(issues) // 2)
    assert len({r["title"] for r in community.tables["volunteer", "activities"]}) >= 10
