"""The ledgers as the functions see them: the workspace's from its snapshot, else the package's."""

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.plugin.grid import refusal
from ledgersync.plugin.reader import current
from ledgersync.schema import Catalog, LedgerSchema, TableSchema, load_catalog


def catalog() -> Catalog:
    reader = current()
    return reader.catalog if reader else load_catalog()


def find_ledger(name: str) -> LedgerSchema | str:
    """A ledger by id or Chinese name, or what to show instead."""
    try:
        return catalog().ledger(name)
    except UsageFault as fault:
        return refusal("ledger.unknown", fault.message)


def find_table(ledger: str, table: str) -> TableSchema | str:
    """A table by id or sheet name; without a name the ledger's first."""
    schema = find_ledger(ledger)
    if isinstance(schema, str):
        return schema
    if not table:
        return schema.tables[0]
    for candidate in schema.tables:
        if table in (candidate.id, candidate.sheet):
            return candidate
    known = [t.sheet for t in schema.tables]
    told = message("{workbook}里只有：{known}", workbook=schema.workbook, known=known)
    return refusal("table.unknown", told)
