"""A ledger from its TOML file, and the headers people give its columns."""

from ledgersync.schema.catalog import Catalog, TableKey, load_catalog, parse_ledger
from ledgersync.schema.headers import header_key
from ledgersync.schema.indicators import Balance, Indicator, Macro, View
from ledgersync.schema.ledger import FieldSchema, LedgerSchema, TableSchema

__all__ = [
    "Balance",
    "Catalog",
    "FieldSchema",
    "Indicator",
    "LedgerSchema",
    "Macro",
    "TableKey",
    "TableSchema",
    "View",
    "header_key",
    "load_catalog",
    "parse_ledger",
]
