"""志愿活动 rows: activities, and who served at each for how long."""

from collections.abc import Sequence
from datetime import date, timedelta

from ledgersync.demo import phrases
from ledgersync.demo.residents import Person, Town, grid_name
from ledgersync.model import Value

Record = dict[str, Value]


def activity(town: Town, number: str, day: date, leaders: Sequence[str]) -> Record:
    """One activity of an hour and a half to four hours; how many came is filled in later."""
    rng = town.rng
    occasion = rng.choice(phrases.OCCASIONS)
    hours = rng.choice((1.5, 2, 2, 2.5, 3, 4))
    return {
        "activity_no": number,
        "title": f"{occasion.title}（{day.month}月）" if rng.random() < 0.5 else occasion.title,
        "kind": occasion.kind,
        "party": rng.random() < 0.3,
        "organiser": rng.choice(phrases.ORGANISERS),
        "co_organisers": rng.choice((None, *phrases.PARTNERS)),
        "leader": rng.choice(list(leaders)),
        "date": day,
        "hours": hours,
        "participants": None,
        "place": occasion.place,
        "content": occasion.content,
        "beneficiaries": rng.choice((None, rng.randrange(10, 240, 5))),
        "grid": grid_name(rng.randint(1, town.grids)),
        "remark": None,
    }


def services(town: Town, activity_row: Record, volunteers: Sequence[Person]) -> list[Record]:
    """Who served at the activity; recorded within a week, never after today."""
    day, hours = activity_row["date"], activity_row["hours"]
    assert isinstance(day, date) and isinstance(hours, int | float)
    came = town.rng.sample(list(volunteers), min(len(volunteers), town.rng.randint(4, 12)))
    recorded = min(town.today, day + timedelta(town.rng.randint(0, 6)))
    return [
        {
            "activity_no": activity_row["activity_no"],
            "name": person.name,
            "id_number": person.id_number,
            "hours": hours if town.rng.random() < 0.8 else 1,
            "recorded": recorded,
            "phone": person.phone,
            "remark": None,
        }
        for person in came
    ]
