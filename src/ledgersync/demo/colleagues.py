"""What the staff of a sample community do in a fortnight, faults included.

Grid workers add visits and problems, correct phones, close problems; two people change the same
cell; somebody types a wrong id; somebody saves a filtered view.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from random import Random

from ledgersync.dataclass import dataclass
from ledgersync.demo.desk import Desk
from ledgersync.demo.phrases import PROBLEMS
from ledgersync.sync.copies.issue import issue_copies
from ledgersync.sync.session import Session


@dataclass(frozen=True, slots=True)
class Colleague:
    """A person and the grids they look after (none: all of them)."""

    name: str
    grids: tuple[str, ...] = ()


def fortnight(session: Session, people: Sequence[Colleague], rng: Random) -> list[Path]:
    """Issues copies to everybody, has them work, and returns what they saved to the inbox."""
    saved: list[Path] = []
    for person in people:
        issue_copies(session, person.name)
    for person in people[:-1]:
        saved += [_visits(session, person, rng), _care(session, person, rng)]
    first, second = people[0], people[-1]
    saved += _same_cell(session, first, second, rng)
    saved.append(_filtered_view(session, people[1]))
    return saved


def _desk(session: Session, person: Colleague, name: str) -> Desk:
    return Desk(session, person.name, session.catalog.ledger(name))


def _inbox(session: Session, person: Colleague, file: str) -> Path:
    return session.workspace.inbox / person.name / file


def _visits(session: Session, person: Colleague, rng: Random) -> Path:
    """A few visits of the last days, a problem raised at one, an old problem closed."""
    desk = _desk(session, person, "visit")
    grid = person.grids[0] if person.grids else "第1网格"
    for n in range(rng.randrange(3, 6)):
        day = session.today - timedelta(rng.randrange(1, 14))
        desk.add(
            "visits",
            {
                "date": _written(day, rng),
                "visitor": person.name,
                "household": f"和平路{rng.randrange(1, 60)}号{n + 1}栋{rng.randrange(101, 902)}",
                "method": rng.choice(("入户", "上门", "电话")),
                "result": rng.choice(("见到本人", "已见面", "无人在家")),
                "satisfaction": rng.choice(("满意", "基本满意", "未询问")),
                "grid": grid,
            },
        )
    problem = rng.choice(PROBLEMS)
    desk.add(
        "issues",
        {
            "date": _written(session.today - timedelta(3), rng),
            "source": "走访",
            "kind": problem.kind,
            "description": problem.description,
            "status": "待处理",
            "due": session.today + timedelta(12),
        },
    )
    _close_one(desk, session.today)
    return desk.save(_inbox(session, person, "走访台账.xlsx"))


def _close_one(desk: Desk, today: date) -> None:
    index = desk.find("issues", "status", "协调处置中")
    if index is not None:
        desk.change("issues", index, "status", "办结")
        desk.change("issues", index, "closed", today - timedelta(1))


def _care(session: Session, person: Colleague, rng: Random) -> Path:
    """A corrected phone, a wrong phone, and a person whose id was mistyped."""
    desk = _desk(session, person, "care")
    if desk.count("people") > 1:
        desk.change("people", 0, "phone", "138" + "".join(rng.choices("0123456789", k=8)))
        desk.change("people", 1, "guardian_phone", "1380013")
    desk.add(
        "people",
        {
            "name": rng.choice(("周桂香", "田德胜", "吕秀兰")),
            "id_number": "360797195002301234",
            "category": "独居、高龄",
            "visit_cycle": "每月",
            "grid": person.grids[0] if person.grids else "第1网格",
            "responsible": person.name,
            "enrolled": session.today - timedelta(5),
            "status": "在册",
        },
    )
    return desk.save(_inbox(session, person, "重点人员台账(1).xlsx"))


def _same_cell(session: Session, first: Colleague, second: Colleague, rng: Random) -> list[Path]:
    """Two people correct the same amount, differently; one of them adds a remark elsewhere."""
    one, other = _desk(session, first, "dibao"), _desk(session, second, "dibao")
    if not one.count("households"):
        return []
    number = one.value("households", 0, "cert_no")
    there = other.find("households", "cert_no", number)
    amount = rng.randrange(400, 900)
    one.change("households", 0, "monthly_amount", amount)
    saved = [one.save(_inbox(session, first, "低保台账.xlsx"))]
    if there is not None:
        other.change("households", there, "monthly_amount", f"{amount + 120}元")
        other.change("households", there, "remark", "本月入户复核")
        saved.append(other.save(_inbox(session, second, "低保台账 最终版.xlsx")))
    return saved


def _filtered_view(session: Session, person: Colleague) -> Path:
    """A copy from which most rows are gone: a filtered view was copied and saved."""
    desk = _desk(session, person, "volunteer")
    for index in range(2, desk.count("records")):
        desk.remove("records", index)
    return desk.save(_inbox(session, person, "志愿活动台账-筛选.xlsx"))


def _written(day: date, rng: Random) -> str | date:
    return rng.choice((day, day, f"{day.year}.{day.month}.{day.day}"))
