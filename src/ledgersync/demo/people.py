"""A synthetic community: its staff, its residents, and the four ledgers they stand in.

Everything follows from the seed; nobody in it exists. The rows agree with each other: members
belong to households, visits name people in care, service records name activities, problems name
the visit they were raised at.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from ledgersync.dataclass import dataclass
from ledgersync.demo import caring, visiting, volunteering, welfare
from ledgersync.demo.residents import Home, Person, Town, new_town
from ledgersync.model import Value

Record = dict[str, Value]
Tables = dict[tuple[str, str], list[Record]]
WINDOW = timedelta(548)  # how far back visits, problems and activities reach: a year and a half


@dataclass(frozen=True, slots=True)
class SampleCommunity:
    """Rows by (ledger, table), every field of the table present, empty ones None."""

    name: str
    today: date
    staff: tuple[str, ...]
    tables: Tables


def sample_community(
    seed: int, households: int, today: date, unit_name: str, grids: int = 4
) -> SampleCommunity:
    """A community of so many households, with about a year and a half of work up to `today`."""
    town = new_town(Random(f"{seed}/{unit_name}"), today, grids)
    homes = [town.home(n) for n in range(households)]
    staff = _staff(town)
    tail = f"{town.rng.randrange(1, 1000):03d}"
    families = _families(town, homes, tail)
    cared = _cared(town, homes, staff)
    visits = _visits(town, homes, families, cared, staff, tail)
    activities, records = _volunteering(town, homes, staff, tail)
    tables: Tables = {
        ("dibao", "households"): [f.household for f in families],
        ("dibao", "members"): [row for f in families for row in f.rows],
        ("care", "people"): [c.row for c in cared],
        ("volunteer", "activities"): activities,
        ("volunteer", "records"): records,
        ("visit", "visits"): visits,
        ("visit", "issues"): _issues(town, visits, staff, tail),
    }
    return SampleCommunity(unit_name, today, staff, tables)


def _staff(town: Town) -> tuple[str, ...]:
    """One person per grid and two more, with different names."""
    names: dict[str, None] = {}
    while len(names) < town.grids + 2:
        name = town.person(24, 55).name
        if "·" not in name:
            names[name] = None
    return tuple(names)


def _families(town: Town, homes: Sequence[Home], tail: str) -> list[welfare.Family]:
    """One home in twenty-five is on 低保, three at least."""
    chosen = town.rng.sample(list(homes), min(len(homes), max(3, len(homes) // 25)))
    return [
        welfare.family(town, home, f"{town.county}{tail}{n:04d}")
        for n, home in enumerate(chosen, start=1)
    ]


def _cared(town: Town, homes: Sequence[Home], staff: Sequence[str]) -> list[caring.Cared]:
    """One home in sixteen has somebody in care, four at least."""
    chosen = town.rng.sample(list(homes), min(len(homes), max(4, len(homes) // 16)))
    return [caring.cared_for(town, home, staff[: town.grids]) for home in chosen]


def _visits(
    town: Town,
    homes: Sequence[Home],
    families: Sequence[welfare.Family],
    cared: Sequence[caring.Cared],
    staff: Sequence[str],
    tail: str,
) -> list[Record]:
    """Visits to people in care, and two rounds that reach two thirds of the homes each."""
    first = town.today - WINDOW
    rows = [row for c in cared for row in visiting.care_visits(town, c, first)]
    on_dibao = {f.home.address for f in families}
    for number in (1, 2):
        start = first + WINDOW / 2 * (number - 1)
        for home in town.rng.sample(list(homes), len(homes) * 2 // 3):
            day = town.working_day(start, start + WINDOW / 2)
            visitor = staff[home.grid - 1]
            known = home.address in on_dibao
            rows.append(visiting.round_visit(town, home, day, visitor, number, known))
    return _numbered(rows, "visit_no", f"ZF-{tail}")


def _issues(town: Town, visits: Sequence[Record], staff: Sequence[str], tail: str) -> list[Record]:
    """One visit in six where somebody was met raises a problem; a third come from elsewhere."""
    met = [v for v in visits if str(v["result"]).startswith("见到")]
    raised = town.rng.sample(met, len(met) // 6)
    rows = [visiting.issue_of_visit(town, visit) for visit in raised]
    for _ in range(len(raised) // 2 + 2):
        day = town.working_day(town.today - WINDOW, town.today)
        rows.append(visiting.issue_from_elsewhere(town, day, staff))
    return _numbered(rows, "issue_no", f"WT-{tail}")


def _volunteering(
    town: Town, homes: Sequence[Home], staff: Sequence[str], tail: str
) -> tuple[list[Record], list[Record]]:
    """About two activities a month, and who served at each."""
    adults = [h.head for h in homes if 18 <= h.head.age(town.today) <= 72]
    volunteers: list[Person] = town.rng.sample(adults, max(1, len(adults) // 6))
    activities: list[Record] = []
    for _ in range(max(8, min(60, 20 + len(homes) // 40))):
        day = town.day(town.today - WINDOW, town.today)
        activities.append(volunteering.activity(town, "", day, staff))
    _numbered(activities, "activity_no", f"HD-{tail}")
    records: list[Record] = []
    for row in activities:
        served = volunteering.services(town, row, volunteers)
        row["participants"] = len(served)
        records += served
    return activities, records


def _numbered(rows: list[Record], field: str, prefix: str) -> list[Record]:
    """The rows by date, numbered from 1 in that order."""
    rows.sort(key=lambda row: str(row["date"]))
    for n, row in enumerate(rows, start=1):
        row[field] = f"{prefix}-{n:04d}"
    return rows
