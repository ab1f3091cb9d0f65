"""Rows that an ended unit and the one it merged into both keep: they count once.

A row is the same by its record id or its key, with the same date, or by all that it says.
"""

from collections.abc import Iterator

from ledgersync.rollup.engines import FactStore, UnitKey, table_name
from ledgersync.rollup.units.tree import UnitTree
from ledgersync.schema import LedgerSchema, TableKey, TableSchema

_PAIR = "o._unit = {old!r} AND n._unit = {heir!r}"


def shared_rows(store: FactStore, tree: UnitTree) -> list[tuple[int, UnitKey, str]]:
    """Source, unit and record of every such row, of the old unit and of the new one."""
    found: set[tuple[int, UnitKey, str]] = set()
    catalog = store.definitions.catalog
    for old, heir in _pairs(store, tree):
        for key in store.sources:
            if (old, key) in store.present and (heir, key) in store.present:
                for way in _ways(catalog.ledgers[key[0]], catalog.table(*key)):
                    sql = _same(key, way, store.units[old], store.units[heir])
                    for source, a, one, b, other in store.run(key[0], key[1], sql):
                        found |= {(source, a, one), (source, b, other)}
    return sorted(found, key=str)


def _pairs(store: FactStore, tree: UnitTree) -> Iterator[tuple[str, str]]:
    kept = {code for code, _ in store.present}
    for code, node in tree.nodes.items():
        yield from ((code, heir) for heir in node.heirs if {code, heir} <= kept)


def _ways(ledger: LedgerSchema, table: TableSchema) -> Iterator[str]:
    field = ledger.dated_by(table.id)
    dated = [_alike(field.id)] if field else []
    # a record without an id is named by its place, `sheet!row`
    yield " AND ".join(["o._record = n._record AND NOT contains(o._record, '!')", *dated])
    for names in (table.key, table.fallback_key):
        if names:
            yield " AND ".join([*(f'o."{name}" = n."{name}"' for name in names), *dated])
    yield " AND ".join(_alike(f.id) for f in table.fields)


def _alike(name: str) -> str:
    return f'o."{name}" IS NOT DISTINCT FROM n."{name}"'


def _same(key: TableKey, way: str, old: UnitKey, heir: UnitKey) -> str:
    name = table_name(key)
    return (
        "SELECT o._source, o._unit, o._record, n._unit, n._record "
        f"FROM {name} o JOIN {name} n ON {way} WHERE {_PAIR.format(old=old, heir=heir)}"
    )
