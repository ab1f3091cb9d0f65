"""Words that the unit has accepted for a choice, put into the fields that they belong to."""

from collections.abc import Mapping
from dataclasses import replace

from ledgersync.schema.catalog import Catalog, TableKey
from ledgersync.schema.ledger import FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.mappings import IGNORED

Words = Mapping[str, str]  # the choice by `word_name`; `-` for a word that means none
_WORDED = ("choice", "choices", "bool")
SPELLED = ("text", "name")  # of these, words are other spellings of one thing


def word_name(key: TableKey, field: str, word: str) -> str:
    """How an accepted word is named: `care.people.visit_cycle/逢五`."""
    return f"{key[0]}.{key[1]}.{field}/{word}"


def choices_of(field: FieldSchema) -> tuple[str, ...]:
    """What a word of this field may mean; none for a field that takes no words."""
    if field.type not in _WORDED:
        return ()
    return ("是", "否") if field.type == "bool" else tuple(field.choices)


def with_words(catalog: Catalog, words: Words) -> Catalog:
    """The catalog in which the fields know the unit's own words."""
    if not words:
        return catalog
    ledgers = {name: _taught(ledger, words) for name, ledger in catalog.ledgers.items()}
    return replace(catalog, ledgers=ledgers)


def _taught(ledger: LedgerSchema, words: Words) -> LedgerSchema:
    if not any(name.startswith(f"{ledger.id}.") for name in words):
        return ledger
    tables = tuple(_with_words(ledger.id, table, words) for table in ledger.tables)
    return ledger.changed(tables=tables)


def _with_words(ledger: str, table: TableSchema, words: Words) -> TableSchema:
    fields = []
    for f in table.fields:
        start, options = word_name((ledger, table.id), f.id, ""), choices_of(f)
        is_spelled = f.type in SPELLED
        own = {
            name.removeprefix(start): value
            for name, value in words.items()
            if name.startswith(start)
            if value in options or value == IGNORED or (is_spelled and value)
        }
        is_taught = own and (options or is_spelled)
        fields.append(f.changed(words=own) if is_taught else f)
    return table.changed(fields=tuple(fields))
