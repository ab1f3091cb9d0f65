"""One volunteer activity told by two communities: same date, title and place."""

from collections.abc import Mapping
from datetime import date

from ledgersync.checks.cross.views import Views
from ledgersync.messages import message
from ledgersync.model import RecordFinding, Rows
from ledgersync.schema import Catalog, TableKey
from ledgersync.values.text import squeeze

Told = tuple[str, str]  # unit, record


def duplicate_activities(
    units: Mapping[str, Mapping[TableKey, Rows]], catalog: Catalog
) -> list[tuple[str, RecordFinding]]:
    """`cross.duplicate_activity` over several units (by name): unit and finding, in order.

    Activities without a place are left out: communities do the same thing on the same day.
    """
    told: dict[tuple[date, str, str], list[Told]] = {}
    for unit, tables in units.items():
        table = Views(tables, catalog).table("volunteer", "activities")
        for record, (on, title, place) in table.select("date", "title", "place"):
            if isinstance(on, date) and isinstance(title, str) and isinstance(place, str):
                told.setdefault((on, squeeze(title), squeeze(place)), []).append((unit, record))
    return [
        (unit, _finding(record, sorted({u for u, _ in group if u != unit})))
        for group in told.values()
        if len({u for u, _ in group}) > 1
        for unit, record in group
    ]


def _finding(record: str, others: list[str]) -> RecordFinding:
    told = message("{others}也登记了同日、同名、同地点的活动，请确认由谁统计", others=others)
    rule = "cross.duplicate_activity"
    return RecordFinding("volunteer", "activities", record, "title", rule, "warning", told)
