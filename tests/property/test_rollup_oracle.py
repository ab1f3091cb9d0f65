"""Random ledgers rolled up, against a plain reading of what each figure means."""

from calendar import monthrange
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from statistics import median

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ledgersync.model import Value
from ledgersync.rollup.assembly import Assembly, Request, load_engine
from ledgersync.rollup.facts import FactRow, UnitFacts
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.trace import Trace, Tracer, total
from ledgersync.rollup.units.tree import build_tree
from ledgersync.schema import TableKey, load_catalog
from ledgersync.workspace.config import Unit

CATALOG = load_catalog()
TODAY = date(2022, 12, 31)
DISTRICT = Unit(code="360702", name="区", level="district")
COMMUNITIES = ("360702001001", "360702001002", "360702002001")
UNDER = {
    "360702": COMMUNITIES,
    "360702001000": COMMUNITIES[:2],
    "360702002000": COMMUNITIES[2:],
    **{code: (code,) for code in COMMUNITIES},
}
Record = dict[str, Value]
World = dict[str, dict[TableKey, list[Record]]]  # by community

days = st.dates(date(2021, 11, 1), date(2022, 8, 31))
maybe_day = st.none() | days
ids = st.sampled_from(["110101194001010013", "110101194001010021", "110101194001010030", None])
names = st.sampled_from(["王芳", "李强", "张伟"])
homes = st.sampled_from(["解放路1号101", "解放路1号102室", "解放路1号 102", "1栋101", "1幢101室"])


def record(**fields: st.SearchStrategy) -> st.SearchStrategy[Record]:
    return st.fixed_dictionaries(fields)


TABLES: dict[TableKey, st.SearchStrategy[Record]] = {
    ("visit", "visits"): record(
        date=maybe_day,
        household=homes,
        result=st.sampled_from(["见到本人", "见到家属", "无人在家", None]),
        round=st.sampled_from([1, 2, None]),
        satisfaction=st.sampled_from(["满意", "基本满意", "不满意", "未询问", None]),
    ),
    ("visit", "issues"): record(
        date=maybe_day,
        source=st.sampled_from(["走访", "12345", None]),
        kind=st.sampled_from(["电梯", "物业服务", None]),
        due=maybe_day,
        status=st.sampled_from(
            ["已解决", "已答复", "已转办", "协调处置中", "暂不具备条件", "待处理", None]
        ),
        closed=maybe_day,
        revisit=maybe_day,
        satisfaction=st.sampled_from(["满意", "不满意", "未询问", None]),
    ),
    ("dibao", "households"): record(
        hukou=st.sampled_from(["城市", "农村", None]),
        covered_persons=st.integers(1, 5),
        monthly_amount=st.none()
        | st.integers(1, 900).map(lambda n: Decimal(n).quantize(Decimal("0.01"))),
        class_supplement=st.none() | st.just(Decimal("84.50")),
        start_date=maybe_day,
        status=st.sampled_from(["在保", "渐退期", "停发", "退出"]),
        end_date=maybe_day,
    ),
    ("care", "people"): record(
        name=names,
        id_number=ids,
        address=homes,
        category=st.lists(
            st.sampled_from(["孤儿", "独居老人", "高龄老人"]), min_size=1, unique=True
        ).map(tuple),
        enrolled=maybe_day,
        status=st.sampled_from(["在册", "去世", None]),
        end_date=maybe_day,
    ),
}
worlds: st.SearchStrategy[World] = st.fixed_dictionaries(
    {
        code: st.fixed_dictionaries({key: st.lists(row, max_size=8) for key, row in TABLES.items()})
        for code in COMMUNITIES
    }
)


def facts(code: str, tables: dict[TableKey, list[Record]]) -> UnitFacts:
    def rows(key: TableKey) -> list[FactRow]:
        fields = CATALOG.table(*key).field_ids
        return [
            FactRow(f"{code}-{key[1]}-{n}", tuple(r.get(f) for f in fields), "表", n)
            for n, r in enumerate(tables.get(key, []), 2)
        ]

    every = {
        (ledger.id, table.id): rows((ledger.id, table.id)) for ledger, table in CATALOG.tables()
    }
    return UnitFacts(Unit(code=code, name=code, level="community"), every)


class Oracle:
    """Figures of some communities, counted row by row."""

    def __init__(self, world: World, communities: Iterable[str], first: date, last: date) -> None:
        self.first, self.last, self.opening = first, last, first - timedelta(1)
        self.rows = {
            key: [(code, r) for code in communities for r in world[code][key]] for key in TABLES
        }

    def has(self, ledger: str) -> bool:
        """Some community has rows, the first of which is not later than the last day."""
        since = {
            "visits": "date",
            "issues": "date",
            "households": "start_date",
            "people": "enrolled",
        }
        for code in {code for rows in self.rows.values() for code, _ in rows}:
            days = [
                r[since[key[1]]]
                for key, rows in self.rows.items()
                for whose, r in rows
                if key[0] == ledger and whose == code
            ]
            known = [day for day in days if isinstance(day, date)]
            undated = len(known) < len(days) and ledger != "visit"
            if days and (undated or not known or min(known) <= self.last):
                return True
        return False

    def count(self, key: TableKey, wanted: Callable[[Record], object]) -> int:
        return sum(1 for _, r in self.rows[key] if wanted(r))

    def inside(self, day: Value) -> bool:
        return isinstance(day, date) and self.first <= day <= self.last

    # visits
    def homes(self, number: int | None = None) -> int:
        found = set()
        for code, r in self.rows["visit", "visits"]:
            if self.inside(r["date"]) and number in (None, r["round"]):
                plain = str(r["household"]).replace(" ", "").removesuffix("室").replace("幢", "栋")
                found.add((code, plain))
        return len(found)

    def visits(self, *results: str) -> int:
        key = ("visit", "visits")
        return self.count(
            key, lambda r: self.inside(r["date"]) and (not results or r["result"] in results)
        )

    # problems
    @staticmethod
    def closing(r: Record) -> date | None:
        if r["status"] not in ("已解决", "已答复") or not isinstance(r["date"], date):
            return None
        closed = r["closed"] if isinstance(r["closed"], date) else r["date"]
        return closed if closed >= r["date"] else None

    def is_open(self, r: Record, day: date) -> bool:
        closing = self.closing(r)
        known = isinstance(r["date"], date) and r["date"] <= day
        return known and (closing is None or closing > day)

    def state(self, r: Record) -> str:
        if not self.is_open(r, self.last):
            return "resolved"
        if r["status"] in ("协调处置中", "已转办", "已解决", "已答复"):
            return "in_progress"
        return "not_feasible" if r["status"] == "暂不具备条件" else "pending"

    def issues(self, state: str | None = None) -> int:
        return self.count(
            ("visit", "issues"),
            lambda r: self.inside(r["date"]) and (state is None or self.state(r) == state),
        )

    def waits(self) -> float | None:
        found = [
            (r["closed"] - r["date"]).days
            for _, r in self.rows["visit", "issues"]
            if isinstance(r["closed"], date)
            and isinstance(r["date"], date)
            and r["closed"] >= r["date"]
            and self.inside(self.closing(r))
        ]
        return median(found) if found else None

    # 低保
    @staticmethod
    def on_benefit(r: Record, day: date) -> bool:
        if isinstance(r["start_date"], date) and r["start_date"] > day:
            return False
        if isinstance(r["end_date"], date):
            return r["end_date"] > day
        return r["status"] in ("在保", "渐退期")

    def dibao(self, day: date, weigh: Callable[[Record], int] = lambda r: 1) -> int:
        rows = self.rows["dibao", "households"]
        return sum(weigh(r) for _, r in rows if self.on_benefit(r, day))

    def amount(self) -> Decimal:
        total = Decimal(0)
        for month in range(self.first.month, self.last.month + 1):
            day = date(self.first.year, month, monthrange(self.first.year, month)[1])
            for _, r in self.rows["dibao", "households"]:
                if self.on_benefit(r, day):
                    total += (r["monthly_amount"] or 0) + (r["class_supplement"] or 0)  # type: ignore[operator]
        return total

    # 重点人员
    def people(self, category: str | None = None) -> int:
        found = set()
        for code, r in self.rows["care", "people"]:
            if isinstance(r["enrolled"], date) and r["enrolled"] > self.last:
                continue
            ended = r["end_date"]
            here = ended > self.last if isinstance(ended, date) else r["status"] in ("在册", None)
            if here and (category is None or category in r["category"]):  # type: ignore[operator]
                home = str(r["address"]).replace(" ", "").removesuffix("室").replace("幢", "栋")
                found.add(r["id_number"] or (code, r["name"], home))
        return len(found)

    def all(self) -> dict[str, object]:
        """No ledger is not 0."""
        ledgers = {"visits": "visit", "issues": "visit", "issue": "visit"}
        found = self.figures().items()
        return {
            i: v if self.has(ledgers.get(i.split("_")[0], i.split("_")[0])) else None
            for i, v in found
        }

    def figures(self) -> dict[str, object]:
        issues = ("visit", "issues")
        return {
            "visits_made": self.visits(),
            "visits_households": self.homes(),
            "visits_households_round.1": self.homes(1),
            "issues_collected": self.issues(),
            "issues_resolved": self.issues("resolved"),
            "issues_in_progress": self.issues("in_progress"),
            "issues_not_feasible": self.issues("not_feasible"),
            "issues_pending": self.issues("pending"),
            "issues_carried_in": self.count(issues, lambda r: self.is_open(r, self.opening)),
            "issues_open_end": self.count(issues, lambda r: self.is_open(r, self.last)),
            "issues_closed": self.count(issues, lambda r: self.inside(self.closing(r))),
            "issues_overdue": self.count(
                issues,
                lambda r: (
                    self.is_open(r, self.last)
                    and isinstance(r["due"], date)
                    and r["due"] < self.last
                ),
            ),
            "issues_collected.电梯": self.count(
                issues, lambda r: self.inside(r["date"]) and r["kind"] == "电梯"
            ),
            "issues_source.12345": self.count(
                issues, lambda r: self.inside(r["date"]) and r["source"] == "12345"
            ),
            "issue_days_median": self.waits(),
            "dibao_households": self.dibao(self.last),
            "dibao_opening": self.dibao(self.opening),
            "dibao_persons": self.dibao(self.last, lambda r: int(str(r["covered_persons"]))),
            "dibao_new": self.count(
                ("dibao", "households"), lambda r: self.inside(r["start_date"])
            ),
            "dibao_exited": self.count(
                ("dibao", "households"), lambda r: self.inside(r["end_date"])
            ),
            "dibao_amount": self.amount(),
            "care_people": self.people(),
            "care_people.孤儿": self.people("孤儿"),
        }


PERIODS = st.sampled_from(["2022-02", "2022Q1", "2022H1", "2022-03..2022-07"])
COUNTED = """
visits_made issues_collected issues_resolved issues_in_progress issues_pending issues_closed
issues_carried_in issues_open_end issues_overdue dibao_households dibao_new dibao_exited
issues_collected.电梯 issues_source.12345 volunteer_activities
""".split()  # noqa: SIM905 - one row each, so that a trace must list just as many


def rolled(world: World, period: str) -> tuple[RollUp, Tracer]:
    units = [facts(code, tables) for code, tables in world.items()]
    tree = build_tree(DISTRICT, [u.unit for u in units])
    request = Request(CATALOG, tree, parse_period(period, TODAY), TODAY)
    engine = load_engine(request, units)
    return Assembly(engine, request).result(), Tracer(engine)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds, period=PERIODS)
def test_every_level_agrees_with_the_oracle(world: World, period: str) -> None:
    found, _ = rolled(world, period)
    for unit, communities in UNDER.items():
        expected = Oracle(world, communities, found.period.first, found.period.last).all()
        code = unit if unit in COMMUNITIES else found.tree.find(unit).unit.code
        counted = {i: found.value(code, i) for i in expected}
        if (
            counted["visits_households_round.1"] is None and counted["visits_made"] is not None
        ):  # a round that nobody made has no line
            counted["visits_households_round.1"] = 0
        assert counted == expected


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds, period=PERIODS)
def test_as_many_rows_are_traced_as_are_counted(world: World, period: str) -> None:
    found, tracer = rolled(world, period)
    for unit in UNDER:
        code = found.tree.find(unit).unit.code
        counted = {i: found.value(code, i) or 0 for i in COUNTED}
        assert {i: len(tracer.trace(i, unit).rows) for i in COUNTED} == counted
        rate = found.get(code, "visits_met_rate")
        parts = [row.part for row in tracer.trace("visits_met_rate", unit).rows]
        assert (parts.count("numerator"), parts.count("denominator")) == (
            (rate.numerator, rate.denominator) if rate else (0, 0)
        )


@settings(max_examples=2, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds, period=PERIODS)
def test_what_the_rows_bring_adds_up_to_every_number(world: World, period: str) -> None:
    found, tracer = rolled(world, period)
    for unit in ("360702", "360702001000", COMMUNITIES[0]):
        for line in found.lines:
            figure, traced = found.get(unit, line.id), tracer.trace(line.id, unit)
            assert traced.value == (figure.value if figure else None), line.id
            assert traced.how != "other", line.id
            if figure is not None:
                adds_up(traced)


def adds_up(traced: Trace) -> None:
    """By the way in which the number comes about."""
    figure, rows = traced.figure, traced.rows
    assert figure is not None
    brought = [r.contribution for r in rows]
    if traced.how in ("sum", "distinct"):
        assert total(rows) == (figure.value or 0), traced.line.id
    elif traced.how == "ratio":
        parts = [total(rows, part) for part in ("numerator", "denominator")]
        assert parts == [figure.numerator or 0, figure.denominator or 0], traced.line.id
    elif traced.how == "median":
        assert (median(brought) if brought else None) == figure.value  # type: ignore[type-var]
    else:
        assert (max(brought) if brought else None) == figure.value, traced.line.id  # type: ignore
    firsts = {r.group: r.contribution for r in reversed(rows) if r.group is not None}
    assert set(firsts.values()) <= {1}, "the first of a group counts"


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds)
def test_problems_always_balance_and_months_add_up(world: World) -> None:
    quarter, _ = rolled(world, "2022Q1")
    assert [i for i in quarter.imbalances if "问题" in i.name] == []
    months = [rolled(world, f"2022-0{m}")[0] for m in (1, 2, 3)]
    for flow in ("visits_made", "issues_collected", "issues_closed", "dibao_new", "dibao_amount"):
        assert sum(m.value("360702", flow) or 0 for m in months) == (
            quarter.value("360702", flow) or 0
        )
