"""Small units for roll-up tests: ledgers as text tables, rolled up for a period."""

from collections.abc import Mapping, Sequence
from datetime import date

from tests.tables import read_text, rows_of

from ledgersync.rollup.assembly import Assembly, Request, load_engine
from ledgersync.rollup.caveats.suppress import without_small_cells
from ledgersync.rollup.facts import FactRow, FactTables, MissingUnit, UnitFacts
from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.units.tree import build_tree
from ledgersync.schema import Catalog, TableKey, load_catalog
from ledgersync.workspace.config import Unit

TODAY = date(2022, 7, 5)
DISTRICT = Unit(code="360702", name="章贡区", level="district")
CATALOG = load_catalog()


def community(code: str, name: str = "社区", **more: object) -> Unit:
    return Unit.validated({"code": code, "name": name, "level": "community", **more})


def tables(
    texts: Mapping[TableKey, str], catalog: Catalog = CATALOG
) -> dict[TableKey, list[FactRow]]:
    """Every table of the catalog; those without a text are there and empty."""
    found: dict[TableKey, list[FactRow]] = {
        (ledger.id, table.id): [] for ledger, table in catalog.tables()
    }
    for key, text in texts.items():
        data = read_text(catalog, key, text, TODAY)
        rows = rows_of(data, catalog.table(*key))
        found[key] = [
            FactRow(record, row, data.sheet, at)
            for (record, row), at in zip(rows.items(), data.rows, strict=True)
        ]
    return found


def facts(
    unit: Unit, texts: Mapping[TableKey, str], as_of: Mapping[date, FactTables] | None = None
) -> UnitFacts:
    return UnitFacts(
        unit,
        tables(texts),
        as_of or {},
        {"visit": "走访台账.xlsx"},
    )


def rolled(
    units: Sequence[UnitFacts],
    period: str = "2022H1",
    *,
    own: Unit = DISTRICT,
    listed: Sequence[Unit] = (),
    missing: Sequence[MissingUnit] = (),
    catalog: Catalog = CATALOG,
    today: date = TODAY,
) -> RollUp:
    tree = build_tree(own, [*listed, *(u.unit for u in units)])
    asked = parse_period(period, today)
    request = Request(catalog, tree, asked, today, tuple(missing))
    return Assembly(load_engine(request, units), request).result()


def published(
    units: Sequence[UnitFacts],
    period: str = "2022H1",
    *,
    own: Unit = DISTRICT,
    k: int = 5,
    catalog: Catalog = CATALOG,
) -> RollUp:
    """The same under the profile `public`."""
    tree = build_tree(own, [u.unit for u in units])
    request = Request(catalog, tree, parse_period(period, TODAY), TODAY)
    engine = load_engine(request, units)
    return without_small_cells(Assembly(engine, request).result(), engine, k)
