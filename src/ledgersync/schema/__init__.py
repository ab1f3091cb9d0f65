"""A ledger from its TOML file, and the headers people give its columns."""

from ledgersync.schema.catalog import Catalog, TableKey, load_catalog, parse_ledger
from ledgersync.schema.headers import header_key
from ledgersync.schema.ledger import FieldSchema, Indicator, LedgerSchema, TableSchema

__all__ = [
    "Catalog",
    "FieldSchema",
    "Indicator",
    "LedgerSchema",
    "TableKey",
    "TableSchema",
    "header_key",
    "load_catalog",
    "parse_ledger",
]
