"""走访 rows: visits to homes and to people in care, and the problems that residents raise."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from ledgersync.demo import phrases
from ledgersync.demo.caring import Cared
from ledgersync.demo.phrases import Problem
from ledgersync.demo.residents import Home, Town, grid_name
from ledgersync.model import Value

Record = dict[str, Value]
STATUSES = ("已解决", "已答复", "已转办", "协调处置中", "暂不具备条件", "待处理")
OTHER_SOURCES = ("12345", "网格巡查", "议事会", "微信群", "来访")


def care_visits(town: Town, cared: Cared, first: date) -> Iterator[Record]:
    """Visits as the cycle asks for them, a few left out, from `first` up to today."""
    day = max(first, cared.enrolled) + timedelta(town.rng.randint(0, cared.cycle))
    while day <= (cared.left or town.today):
        if town.rng.random() < 0.9:
            row = _visit(town, cared.home, day, cared.responsible)
            row["subject_name"] = cared.person.name
            row["subject_id"] = cared.person.id_number
            row["group"] = ("重点人员",)
            row["next_visit"] = day + timedelta(cared.cycle)
            yield row
        day += timedelta(max(4, cared.cycle + town.rng.randint(-4, 6)))


def round_visit(
    town: Town, home: Home, day: date, visitor: str, number: int, on_dibao: bool
) -> Record:
    """The visit to a home in the `number`-th round through the whole community."""
    row = _visit(town, home, day, visitor)
    row["round"] = number
    row["group"] = ("低保户",) if on_dibao else (town.rng.choice(("普通居民",) * 9 + ("商户",)),)
    return row


def _visit(town: Town, home: Home, day: date, visitor: str) -> Record:
    rng = town.rng
    method = rng.choices(("入户", "电话", "线上"), (86, 11, 3))[0]
    met = rng.choices(("见到本人", "见到家属", "无人在家", "谢绝走访"), (72, 15, 11, 2))[0]
    spoken = met.startswith("见到")
    return {
        "visit_no": None,
        "date": day,
        "visitor": visitor,
        "household": home.address,
        "host_name": home.head.name,
        "subject_name": None,
        "subject_id": None,
        "method": method,
        "result": met,
        "round": None,
        "group": None,
        "satisfaction": _satisfaction(town) if spoken else None,
        "grid": grid_name(home.grid),
        "next_visit": None,
        "remark": rng.choice((None, None, *phrases.VISIT_REMARKS)) if spoken else None,
    }


def issue_of_visit(town: Town, visit: Record) -> Record:
    """A problem raised during the visit, handled by whoever paid it."""
    day, visitor = visit["date"], visit["visitor"]
    assert isinstance(day, date) and isinstance(visitor, str)
    return _issue(town, day, visitor) | {"visit_no": visit["visit_no"], "source": "走访"}


def issue_from_elsewhere(town: Town, day: date, staff: Sequence[str]) -> Record:
    return _issue(town, day, town.rng.choice(list(staff)))


def _issue(town: Town, day: date, handler: str) -> Record:
    problem = town.rng.choice(phrases.PROBLEMS)
    status, closed = _state(town, day)
    revisit = _revisit(town, closed) if status == "已解决" else None
    return {
        "issue_no": None,
        "visit_no": None,
        "date": day,
        "source": town.rng.choice(OTHER_SOURCES),
        "kind": problem.kind,
        "description": problem.description,
        "place": problem.place,
        "responsible": problem.responsible,
        "handler": handler,
        "due": day + timedelta(town.rng.choice((7, 15, 15, 30, 60))),
        "status": status,
        "progress": _progress(town, problem, status),
        "closed": closed,
        "revisit": revisit,
        "satisfaction": _satisfaction(town) if revisit else None,
        "public": town.rng.random() < 0.3,
        "remark": None,
    }


def _state(town: Town, day: date) -> tuple[str, date | None]:
    """The older a problem, the likelier it is solved."""
    age = (town.today - day).days
    solved = 88 if age > 60 else 60 if age > 20 else 20
    waiting = 100 - solved
    weights = (solved, waiting * 0.3, waiting * 0.15, waiting * 0.3, waiting * 0.1, waiting * 0.15)
    status = town.rng.choices(STATUSES, weights)[0]
    if status not in ("已解决", "已答复"):
        return status, None
    return status, town.working_day(day, min(town.today, day + timedelta(45)))


def _revisit(town: Town, closed: date | None) -> date | None:
    if closed is None or town.rng.random() < 0.25:
        return None
    day = closed + timedelta(town.rng.randint(1, 25))
    return day if day <= town.today else None


def _progress(town: Town, problem: Problem, status: str) -> str | None:
    if status == "已解决":
        return problem.done
    return town.rng.choice(phrases.OPEN_PROGRESS[status])


def _satisfaction(town: Town) -> str:
    return town.rng.choices(("满意", "基本满意", "不满意", "未询问"), (70, 20, 4, 6))[0]
