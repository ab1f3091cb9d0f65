"""A ledger from its TOML file, and the headers people give its columns."""

from ledgersync.schema.catalog import Catalog, TableKey, load_catalog, parse_ledger
from ledgersync.schema.changes import Accepted, in_force, is_plain_change
from ledgersync.schema.extras import ExtraField, active_extras, with_extras
from ledgersync.schema.headers import header_key
from ledgersync.schema.indicators import Balance, Indicator, Macro, View
from ledgersync.schema.ledger import FieldSchema, LedgerSchema, TableSchema

__all__ = [
    "Accepted",
    "Balance",
    "Catalog",
    "ExtraField",
    "FieldSchema",
    "Indicator",
    "LedgerSchema",
    "Macro",
    "TableKey",
    "TableSchema",
    "View",
    "active_extras",
    "header_key",
    "in_force",
    "is_plain_change",
    "load_catalog",
    "parse_ledger",
    "with_extras",
]
