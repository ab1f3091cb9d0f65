"""Rows that come as columns give the same figures as rows that come one by one."""

from datetime import date

import pyarrow as pa
from tests.unit.rollup.small import CATALOG, DISTRICT, TODAY, community, facts, rolled

from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines.duckdb import DuckDBStore
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.rollup.units.tree import build_tree

VISITS = ("visit", "visits")
ROWS = [
    ("360702001001", date(2022, 1, 5), "解放路5号1栋101室"),
    ("360702001002", date(2022, 1, 6), "解放路5号 1幢101"),
    ("360702001001", date(2022, 2, 5), "3栋201"),
    ("360702001002", date(2022, 2, 6), "3栋201"),
    ("360702001002", date(2022, 2, 7), None),
    ("360702001001", None, "3栋202"),
]


def test_the_same_figures_either_way() -> None:
    units = [community(code) for code in ("360702001001", "360702001002")]
    store = DuckDBStore.create(checked_statements(CATALOG))
    codes, days, homes = (list(column) for column in zip(*ROWS, strict=True))
    columns = {"unit": codes, "date": pa.array(days, pa.date32()), "household": homes}
    batch = pa.RecordBatch.from_pydict(columns)
    store.load_columns(VISITS, [batch.slice(0, 2), batch.slice(2)])
    tree = build_tree(DISTRICT, units)
    engine = Engine(store, tree, parse_period("2022H1", TODAY), TODAY)
    engine.prepare()

    def text(code: str) -> str:
        mine = [r for r in ROWS if r[0] == code]
        return "走访日期 | 户址\n" + "\n".join(
            f"{day or ''} | {home or ''}" for _, day, home in mine
        )

    plain = rolled([facts(unit, {VISITS: text(unit.code)}) for unit in units])
    for indicator in ("visits_made", "visits_households"):
        found = engine.found(store.definitions.by_id[indicator])
        for node in tree:
            expected = plain.value(node.unit.code, indicator)
            assert found[node.code, engine.windows["current"], None] == (expected,)
    assert plain.value("360702", "visits_households") == 4
