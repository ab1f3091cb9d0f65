"""Rules across ledgers, each on a handful of rows. Today is 30 June 2022, a Thursday."""

from datetime import date

import pytest
from tests.tables import tables_of

from ledgersync.checks.cross import (
    CrossSettings,
    benefit_hashes,
    cross_findings,
    due_visits,
    duplicate_activities,
    shared_benefit_findings,
    shared_hashes,
)
from ledgersync.demo.people import sample_community
from ledgersync.model import RecordFinding, Rows
from ledgersync.schema import Catalog, TableKey, load_catalog

TODAY = date(2022, 6, 30)
CATALOG = load_catalog()
WANG, LI, ZHAO = "11010119900307299X", "110101198805061235", "110101199203041522"
Tables = dict[TableKey, Rows]


def tables(**texts: str) -> Tables:
    return tables_of(CATALOG, TODAY, **texts)


def found(rule: str, made: Tables, **settings: object) -> list[RecordFinding]:
    findings = cross_findings(made, CATALOG, TODAY, CrossSettings(**settings))
    assert all(f.severity == "warning" and f.message.zh and f.message.en for f in findings)
    return [f for f in findings if f.rule == f"cross.{rule}"]


def at(rule: str, made: Tables, **settings: object) -> list[tuple[str, str, str | None]]:
    return [(f.table, f.record, f.field) for f in found(rule, made, **settings)]


def test_a_review_is_overdue_the_day_after_its_cycle_ran_out() -> None:
    made = tables(
        dibao__households="""
        低保证号 | 享受起始日期 | 复核周期 | 上次复核日期 | 保障状态
        DB1      | 2020-01-01   | 每季度   | 2022-03-30   | 在保
        DB2      | 2020-01-01   | 每季度   | 2022-03-29   | 在保
        DB3      | 2020-01-01   | 每半年   |              | 渐退期
        DB4      | 2021-07-01   |          |              | 在保
        DB5      | 2021-06-29   |          |              | 在保
        DB6      | 2020-01-01   | 每季度   | 2020-03-29   | 退出
        DB7      |              | 每季度   |              | 在保
        """
    )
    assert at("dibao_review_overdue", made) == [
        ("households", "r2", "last_review"),
        ("households", "r3", "last_review"),
        ("households", "r5", "last_review"),
    ]
    assert "2022-06-29" in found("dibao_review_overdue", made)[0].message.zh
    assert at("dibao_review_overdue", made, review_cycle=None)[-1][1] == "r3"


def test_the_dead_and_those_who_left_are_pointed_out_once_each() -> None:
    made = tables(
        dibao__households=f"""
        低保证号 | 户主身份证号 | 停退日期   | 保障状态
        DB1      | {WANG}       |            | 在保
        DB2      | {LI}         | 2022-06-01 | 在保
        DB3      | {ZHAO}       | 2022-07-01 | 在保
        DB4      | {WANG}       |            | 停发
        """,
        dibao__members=f"""
        低保证号 | 身份证号           | 是否享受 | 成员状态 | 减员原因
        DB2      | {LI}               | 是       | 在户     |
        DB2      | 110101197001011115 | 是       | 减员     | 死亡
        DB3      | {ZHAO}             | 是       | 减员     | 迁出
        DB4      | {WANG}             | 是       | 在户     |
        """,
        care__people=f"""
        姓名 | 身份证号 | 人员类别 | 在册状态
        王芳 | {WANG}   | 独居老人 | 去世
        """,
    )
    assert at("dibao_dead_active", made) == [
        ("households", "r1", "status"),
        ("members", "r2", "covered"),
    ]
    assert at("dibao_should_exit", made) == [
        ("households", "r2", "status"),
        ("households", "r3", "status"),
        ("members", "r3", "covered"),
    ]


def test_heads_and_counts_are_compared_only_where_members_are_listed() -> None:
    made = tables(
        dibao__households=f"""
        低保证号 | 户主身份证号 | 保障人数 | 保障状态
        DB1      | {WANG}       | 2        | 在保
        DB2      | {LI}         | 2        | 在保
        DB3      | {ZHAO}       | 3        | 在保
        """,
        dibao__members=f"""
        低保证号 | 身份证号           | 是否享受
        DB1      | {WANG}             | 是
        DB1      | 110101197001011115 | 是
        DB2      | 110101199508111114 | 是
        DB2      | 110101198001011232 | 否
        """,
    )
    assert at("head_not_member", made) == [("households", "r2", "head_id")]
    assert at("covered_count", made) == [("households", "r2", "covered_persons")]
    assert "1人" in found("covered_count", made)[0].message.zh


BENEFITS = f"""
低保证号 | 身份证号           | 是否享受 | 成员状态
DB1      | {WANG}             | 是       | 在户
DB1      | {ZHAO}             | 是       | 在户
DB2      | {ZHAO}             |          |
DB2      | {LI}               | 是       | 减员
DB3      | {LI}               | 是       |
DB9      | {WANG}             | 是       |
"""


def homes_of(*rows: tuple[str, str, str]) -> str:
    lines = [" | ".join(row) for row in rows]
    return "\n".join(["低保证号 | 户主身份证号 | 保障状态", *lines])


def test_one_person_in_two_households() -> None:
    made = tables(
        dibao__households=homes_of(
            ("DB1", WANG, "在保"), ("DB2", LI, "渐退期"), ("DB3", LI, "在保"), ("DB4", WANG, "在保")
        ),
        dibao__members=BENEFITS,
    )
    # 赵 is in DB1 and DB2; 王 in DB1 and, as the head of a household without members, in DB4;
    # 李 left DB2; DB9 does not exist.
    assert sorted(at("duplicate_benefit", made)) == [
        ("households", "r4", "head_id"),
        ("members", "r1", "member_id"),
        ("members", "r2", "member_id"),
        ("members", "r3", "member_id"),
    ]


def test_benefits_across_communities_are_compared_without_an_id_leaving() -> None:
    east = tables(dibao__households=homes_of(("E1", WANG, "在保"), ("E2", LI, "在保")))
    west = tables(dibao__households=homes_of(("W1", LI, "在保"), ("W2", WANG, "退出")))
    key = b"district key"
    hashes = {"东": benefit_hashes(east, CATALOG, key), "西": benefit_hashes(west, CATALOG, key)}
    sent = {unit: set(own) for unit, own in hashes.items()}
    assert all(len(digest) == 64 and LI not in digest for own in sent.values() for digest in own)
    assert sent["西"].isdisjoint(benefit_hashes(west, CATALOG, b"another key"))
    shared = shared_hashes(sent)
    assert list(shared.values()) == [("东", "西")]
    [finding] = shared_benefit_findings(hashes["东"], shared, "东")
    assert (finding.table, finding.record, finding.rule) == (
        "households",
        "r2",
        "cross.duplicate_benefit",
    )
    assert "西" in finding.message.zh
    assert "东" not in finding.message.zh


PEOPLE = f"""
姓名 | 身份证号 | 人员类别 | 走访频次 | 住址         | 包联责任人 | 纳入日期   | 在册状态
王芳 | {WANG}   | 独居老人 | 每月     | 一号院2栋301 | 张伟       | 2021-01-01 | 在册
李强 |          | 空巢老人 | 每季度   | 一号院3栋101 | 张伟       | 2022-03-30 | 在册
赵敏 | {ZHAO}   | 独居老人 | 每周     | 一号院4栋101 | 刘洋       | 2022-01-01 |
周涛 |          | 独居老人 |          | 一号院5栋101 | 刘洋       | 2021-01-01 | 在册
吴刚 |          | 独居老人 | 每周     | 一号院6栋101 |            | 2021-01-01 | 转出
郑洁 |          | 独居老人 | 每周     | 一号院7栋101 |            | 2022-06-10 | 在册
"""
VISITS = f"""
走访日期   | 走访人 | 户址             | 走访对象 | 对象身份证号 | 受访人 | 下次走访日期
2022-05-20 | 张伟   | 一号院2栋301     | 王芳     | {WANG}       |        |
2022-05-01 | 张伟   | 一号院2栋301     | 王芳     | {WANG}       |        | 2022-05-02
2022-03-30 | 张伟   | 一号院 ３栋101   |          |              | 李强   |
2022-06-20 | 张伟   | 一号院4栋101     | 赵敏     | {LI}         |        |
2022-06-20 | 刘洋   | 一号院4栋101     | 赵敏     | {ZHAO}       |        | 2022-06-30
"""


def test_visits_are_due_by_cycle_enrolment_or_what_the_last_visit_said() -> None:
    made = tables(care__people=PEOPLE, visit__visits=VISITS)
    due = [(d.worker, d.record, d.due.isoformat(), d.days_overdue) for d in listed(made)]
    assert due == [
        ("刘洋", "r3", "2022-06-30", 0),
        ("张伟", "r1", "2022-06-20", 10),
        ("张伟", "r2", "2022-06-30", 0),
        (None, "r6", "2022-06-17", 13),
    ]
    assert [record for _, record, _ in at("visit_due", made)] == ["r1", "r6"]
    assert "尚无走访记录" in found("visit_due", made)[1].message.zh
    assert "王" not in found("visit_due", made)[0].message.zh


def listed(made: Tables) -> list[object]:
    return list(due_visits(made, CATALOG, TODAY))


def test_low_income_households_are_visited_at_their_review_cycle() -> None:
    made = tables(
        dibao__households=f"""
        低保证号 | 户主姓名 | 户主身份证号 | 享受起始日期 | 复核周期 | 保障状态 | 所属网格
        DB1      | 王芳     | {WANG}       | 2022-01-01   | 每季度   | 在保     | 第一网格
        DB2      | 李强     | {LI}         | 2022-01-01   | 每年     | 在保     | 第一网格
        DB3      | 赵敏     | {ZHAO}       | 2022-01-01   | 每季度   | 退出     | 第一网格
        """,
        visit__visits="走访日期 | 户址\n2022-06-01 | 别处",
    )
    assert at("visit_due", made) == [("households", "r1", "review_cycle")]
    [due] = due_visits(made, CATALOG, TODAY, CrossSettings(grid_workers={"第一网格": "张伟"}))
    assert (due.worker, due.name, due.last) == ("张伟", "王芳", None)
    del made["visit", "visits"]
    assert due_visits(made, CATALOG, TODAY) == []


ISSUES = """
登记日期   | 问题描述 | 责任人 | 责任单位 | 办理时限   | 处理状态     | 办结日期   | 回访日期
2022-06-09 | 路灯     | 张伟   |          |            | 待处理       |            |
2022-06-08 | 路灯     | 张伟   |          |            | 协调处置中   |            |
2022-06-29 | 路灯     |        | 物业     | 2022-06-29 | 已转办       |            |
2022-06-29 | 路灯     |        |          | 2022-06-30 | 待处理       |            |
2021-06-01 | 路灯     |        |          |            | 暂不具备条件 |            |
2022-01-01 | 路灯     |        |          |            | 已解决       | 2022-05-30 |
2022-01-01 | 路灯     |        |          |            | 已解决       | 2022-05-31 |
2022-01-01 | 路灯     |        |          |            | 已答复       | 2022-02-01 | 2022-06-01
2022-01-01 | 路灯     |        |          |            | 已解决       |            |
"""


def test_issues_left_lying_unanswered_or_nobodys() -> None:
    made = tables(visit__issues=ISSUES)
    # the 15th working day after 8 June is 29 June, after 9 June it is 30 June
    assert at("issue_stale", made) == [("issues", "r2", "status"), ("issues", "r3", "due")]
    assert at("issue_stale", made, issue_stale_workdays=16) == [("issues", "r3", "due")]
    assert at("issue_no_revisit", made) == [("issues", "r6", "revisit")]
    assert at("issue_no_revisit", made, revisit_days=29)[-1][1] == "r7"
    assert at("unassigned", made) == [("issues", "r4", "handler")]


def test_people_in_care_without_anybody_responsible() -> None:
    assert at("unassigned", tables(care__people=PEOPLE)) == [("people", "r6", "responsible")]


def test_who_left_is_responsible_for_nothing() -> None:
    people = tables(
        care__people="""
        姓名 | 包联责任人 | 在册状态
        赵甲 | 王芳       | 在册
        钱乙 | 李强       | 在册
        孙丙 | 王芳       | 去世
        """
    )
    assert at("unassigned", people) == []
    [one] = found("unassigned", people, left={"王芳": "张伟", "张伟": "李强"})
    assert (one.record, one.field) == ("r1", "responsible")
    assert "已离岗" in one.message.zh
    assert "接手人：李强" in one.message.zh, "who took over has left too"
    issues = tables(
        visit__issues="""
        登记日期   | 问题描述 | 责任人 | 责任单位 | 处理状态
        2022-06-20 | 路灯     | 王芳   |          | 待处理
        2022-06-20 | 路灯     | 王芳   | 物业     | 待处理
        """
    )
    assert at("unassigned", issues, left={"王芳": "李强"}) == [("issues", "r1", "handler")]


def test_visits_due_pass_on_to_whoever_took_over() -> None:
    made = tables(care__people=PEOPLE, visit__visits=VISITS)
    before = {d.record: d.worker for d in due_visits(made, CATALOG, TODAY, CrossSettings())}
    name = next(worker for worker in before.values() if worker)
    after = due_visits(made, CATALOG, TODAY, CrossSettings(left={name: "接手人"}))
    expected = {r: "接手人" if worker == name else worker for r, worker in before.items()}
    assert {d.record: d.worker for d in after} == expected


def test_an_activity_told_by_two_communities() -> None:
    text = """
    活动名称   | 活动日期   | 活动地点
    学雷锋清扫 | 2022-03-05 | {}
    义诊       | 2022-04-01 |
    """
    units = {
        name: tables(volunteer__activities=text.format(place))
        for name, place in (("东", "人民 广场"), ("西", "人民广场"), ("南", "体育场"))
    }
    told = duplicate_activities(units, CATALOG)
    assert [(unit, f.record, f.rule) for unit, f in told] == [
        ("东", "r1", "cross.duplicate_activity"),
        ("西", "r1", "cross.duplicate_activity"),
    ]
    assert "西" in told[0][1].message.zh


@pytest.mark.parametrize("ledger", ["dibao", "care", "volunteer", "visit"])
def test_a_ledger_less_is_no_crash(ledger: str) -> None:
    full = sample_tables()
    fewer = Catalog({name: s for name, s in CATALOG.ledgers.items() if name != ledger})
    left = cross_findings(full, fewer, TODAY)
    assert {f.ledger for f in left} <= set(fewer.ledgers)
    kept = {key: rows for key, rows in full.items() if key[0] != ledger}
    assert {f.record for f in cross_findings(kept, fewer, TODAY)} == {f.record for f in left}


FIELDS = [
    (ledger.id, table.id, field.id)
    for ledger, table in CATALOG.tables()
    if ledger.id != "volunteer"
    for field in table.fields
]


@pytest.mark.parametrize("path", FIELDS, ids=".".join)
def test_a_field_less_is_no_crash_and_no_flood(path: tuple[str, str, str]) -> None:
    full = sample_tables()
    catalog, made = without(path, full)
    before = {(f.rule, f.record) for f in cross_findings(full, CATALOG, TODAY)}
    after = {(f.rule, f.record) for f in cross_findings(made, catalog, TODAY)}
    new = {rule for rule, _ in after - before}
    assert new <= MAY_APPEAR.get(path, set())


# What rests on a field's absence alone: without its cycle a household is reviewed yearly, without
# its visits matched by id or place a person counts as not visited, and so on.
MAY_APPEAR = {
    ("dibao", "households", "head_name"): {"cross.visit_due"},
    ("dibao", "households", "address"): {"cross.visit_due"},
    ("visit", "visits", "household"): {"cross.visit_due"},
    ("visit", "visits", "host_name"): {"cross.visit_due"},
    ("dibao", "households", "last_review"): {"cross.dibao_review_overdue"},
    ("dibao", "members", "member_status"): {"cross.duplicate_benefit"},
    ("care", "people", "id_number"): {"cross.visit_due"},
    ("care", "people", "status"): {"cross.visit_due"},
    ("visit", "visits", "subject_id"): {"cross.visit_due"},
    ("visit", "issues", "due"): {"cross.issue_stale"},
    ("visit", "issues", "closed"): {"cross.issue_stale"},
}


def sample_tables() -> Tables:
    community = sample_community(7, 320, TODAY, "幸福社区")
    return {
        key: {
            f"{key[1]}-{n}": tuple(record[name] for name in CATALOG.table(*key).field_ids)
            for n, record in enumerate(records)
        }
        for key, records in community.tables.items()
    }


def without(path: tuple[str, str, str], full: Tables) -> tuple[Catalog, Tables]:
    """The catalog and the rows as they are where a district dropped one field."""
    ledger, table, name = path
    schema = CATALOG.table(ledger, table)
    fields = tuple(f for f in schema.fields if f.id != name)
    slim = schema.changed(fields=fields)
    for cached in ("by_id", "field_ids", "position", "header_index"):
        slim.__dict__.pop(cached, None)
    own = CATALOG.ledgers[ledger]
    others = tuple(slim if t.id == table else t for t in own.tables)
    changed = own.changed(tables=others)
    changed.__dict__.pop("by_id", None)
    place = schema.position[name]
    rows = {rid: row[:place] + row[place + 1 :] for rid, row in full[ledger, table].items()}
    catalog = Catalog({**CATALOG.ledgers, ledger: changed})
    return catalog, {**full, (ledger, table): rows}
