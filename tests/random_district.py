"""A district of random rows in every table of every ledger, for comparing ways to count them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

from ledgersync.messages import literal
from ledgersync.model import Value
from ledgersync.rollup.dataset.export import Export
from ledgersync.rollup.dataset.manifest import Manifest
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.facts import FactRow, MissingUnit, UnitFacts
from ledgersync.rollup.sources.collect import Collected
from ledgersync.rollup.sql.statements import checked_statements
from ledgersync.rollup.units.tree import build_tree
from ledgersync.schema import Catalog, FieldSchema, TableKey, load_catalog
from ledgersync.workspace import Unit

TODAY = date(2022, 10, 20)
CATALOG = load_catalog()
OWN = Unit(code="360702", name="区", level="district")
IDS = ["11010119400101001X", "110101194001010021", "110101194001010030", "110101194001010048"]
POOLS: dict[str, list[str]] = {
    "name": ["王芳", "李强", "张伟", "欧阳文"],
    "phone": ["13800001234", "13900005678"],
    "address": ["解放路1号101", "解放路1号102室", "解放路1号 102", "1栋101", "1幢101室"],
    "text": ["主题党日", "清扫楼道", "陪聊", "电话 13800001234"],
}
KEY = Pseudonyms(b"k" * 32)


def district(seed: int, *, rows: int = 30, merged: bool = True) -> Collected:
    """Five communities in two streets; one merged into another, one missing, one without 走访."""
    random = Random(seed)
    heir = {"valid_to": "2022-05-31", "succeeded_by": ("360702001002",)} if merged else {}
    units = [
        _unit("360702001001", "幸福社区", households=40, residents=90),
        _unit("360702001002", "光明社区", households=30, residents=70),
        _unit("360702001003", "老社区", **heir),
        _unit("360702002001", "和平社区", households=None, residents=10),
        _unit("360702002002", "缺报社区", households=5, residents=None),
    ]
    tree = build_tree(OWN, units)
    facts = [_facts(random, unit, rows) for unit in units[:4]]
    facts[3] = _without(facts[3], "visit")
    missing = (
        MissingUnit("360702002001", literal("没有走访台账", "no visits"), "visit"),
        MissingUnit("360702002002", literal("没有收到该单位的台账", "nothing came")),
    )
    return Collected(tree, tuple(facts), missing)


def export(found: Collected, folder: Path, *, plain: bool = False) -> Manifest:
    statements = checked_statements(CATALOG)
    now = datetime(2022, 10, 20, 8)
    return Export(folder, statements, TODAY, now, None if plain else KEY).write(found)


def _unit(code: str, name: str, **more: object) -> Unit:
    return Unit.validated({"code": code, "name": name, "level": "community", **more})


def _facts(random: Random, unit: Unit, count: int) -> UnitFacts:
    tables = {
        (ledger.id, table.id): [
            FactRow(f"{unit.code[-3:]}-{n}", _row(random, CATALOG, (ledger.id, table.id)), "表", n)
            for n in range(2, count + 2)
        ]
        for ledger, table in CATALOG.tables()
    }
    ends = [date(2022, month + 1, 1) - timedelta(1) for month in range(1, 10)]
    past = {day: _as_of(random, tables) for day in [*ends, date(2021, 12, 31)]}
    files = {ledger.id: f"{ledger.workbook}.xlsx" for ledger in CATALOG}
    return UnitFacts(unit, tables, past, files)


def _as_of(
    random: Random, tables: Mapping[TableKey, list[FactRow]]
) -> dict[TableKey, list[FactRow]]:
    """What most records held on an earlier day."""
    return {
        key: [r._replace(row=_row(random, CATALOG, key)) for r in rows if random.random() < 0.8]
        for key, rows in tables.items()
    }


def _without(facts: UnitFacts, ledger: str) -> UnitFacts:
    tables = {key: rows for key, rows in facts.tables.items() if key[0] != ledger}
    past = {d: {k: r for k, r in t.items() if k[0] != ledger} for d, t in facts.as_of.items()}
    return UnitFacts(facts.unit, tables, past, facts.files)


def _row(random: Random, catalog: Catalog, key: TableKey) -> tuple[Value, ...]:
    return tuple(_value(random, f) for f in catalog.table(*key).fields)


def _value(random: Random, f: FieldSchema) -> Value:
    if random.random() < 0.15:
        return None
    made: dict[str, Value] = {
        "date": date(2021, 1, 1) + timedelta(random.randrange(700)),
        "integer": random.randrange(1, 6),
        "decimal": random.randrange(1, 80) / 10,
        "money": Decimal(random.randrange(100, 90000)) / 100,
        "bool": random.random() < 0.5,
        "id_number": random.choice(IDS),
        "code": f"N{random.randrange(12)}",
        "digits": f"{random.randrange(10**6):06d}",
    }
    if f.type == "choice":
        return random.choice(list(f.choices))
    if f.type == "choices":
        return tuple(random.sample(list(f.choices), random.randrange(1, 3)))
    pool = POOLS.get(f.privacy) or POOLS.get(f.type)
    return random.choice(pool) if pool else made[f.type]
