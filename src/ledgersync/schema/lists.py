"""The short lists of a unit (grids, groups …), put into the fields whose values they are."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledgersync.schema.catalog import Catalog
from ledgersync.schema.ledger import FieldSchema, LedgerSchema

Lists = Mapping[str, tuple[str, ...]]


def with_lists(catalog: Catalog, lists: Lists, prefixes: Sequence[str] = ()) -> Catalog:
    """The catalog in which text fields of these names know the unit's values, by field id.

    `prefixes` are names of the unit, which people put before a number.
    """
    if not lists:
        return catalog
    ledgers = {name: _filled(ledger, lists, prefixes) for name, ledger in catalog.ledgers.items()}
    return replace(catalog, ledgers=ledgers)


def _filled(ledger: LedgerSchema, lists: Lists, prefixes: Sequence[str]) -> LedgerSchema:
    if not any(_is_listed(f, lists) for t in ledger.tables for f in t.fields):
        return ledger
    tables = tuple(
        t.changed(fields=tuple(_with_list(f, lists, prefixes) for f in t.fields))
        for t in ledger.tables
    )
    return ledger.changed(tables=tables)


def _is_listed(field: FieldSchema, lists: Lists) -> bool:
    return field.type == "text" and field.id in lists


def _with_list(field: FieldSchema, lists: Lists, prefixes: Sequence[str]) -> FieldSchema:
    if not _is_listed(field, lists):
        return field
    known = tuple(dict.fromkeys([*field.known, *lists[field.id]]))
    return field.changed(known=known, prefixes=tuple(prefixes))
