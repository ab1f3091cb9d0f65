"""A ledger whose file has changed: the text that rules, what data was stored under, what is gone.

A ledger is what was last accepted, not what its file says now, as long as the change touches how
data is kept. Headers, aliases, help, limits and figures touch nothing that is kept: they take
effect at once.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ledgersync.dataclass import dataclass
from ledgersync.schema.catalog import Catalog, parse_ledger, with_roles
from ledgersync.schema.headers import header_key
from ledgersync.schema.ledger import FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.mappings import IGNORED, mapping_name


@dataclass(frozen=True, slots=True)
class Accepted:
    """The text of a ledger that rules, and those that ruled before, the oldest first.

    `since` is the revision with which it came into force.
    """

    text: str
    before: tuple[str, ...] = ()
    since: int = 0


def kept_as(field: FieldSchema) -> tuple[object, ...]:
    """All of a field that decides what value a cell has."""
    choices = {name: sorted(words) for name, words in field.choices.items()}
    return field.type, repr(choices), repr(field.withheld), field.listed


def is_plain_change(old: LedgerSchema, new: LedgerSchema) -> bool:
    """Nothing that is kept has another form or meaning."""
    if old.workbook != new.workbook or old.by_id.keys() != new.by_id.keys():
        return False
    return all(_is_plain(t, new.by_id[t.id]) for t in old.tables)


def _is_plain(old: TableSchema, new: TableSchema) -> bool:
    if (old.key, old.fallback_key) != (new.key, new.fallback_key):
        return False
    if old.field_ids != new.field_ids:
        return False
    return all(kept_as(f) == kept_as(new.by_id[f.id]) for f in old.fields)


def in_force(declared: Catalog, accepted: Mapping[str, Accepted]) -> Catalog:
    """The ledgers as they rule; `pending` are those whose file says something else."""
    ledgers, pending = dict(declared.ledgers), dict[str, LedgerSchema | None]()
    gone = dict[str, str]()
    for name, ruling in accepted.items():
        now = declared.ledgers.get(name)
        if now is None or declared.texts.get(name, ruling.text) != ruling.text:
            old = with_roles(parse_ledger(ruling.text, f"{name}.toml"))
            if now is None or not is_plain_change(old, now):
                pending[name] = now
                ledgers[name] = old
        past = [parse_ledger(text, f"{name}.toml") for text in ruling.before]
        ledgers[name] = with_past(ledgers[name], past, ruling.since)
        gone |= dict(_gone(ledgers[name], past))
    return replace(
        declared,
        ledgers=ledgers,
        mappings={**gone, **declared.mappings},
        pending=pending,
        gone=frozenset(gone.keys() - declared.mappings.keys()),
    )


def with_past(ledger: LedgerSchema, past: Iterable[LedgerSchema], since: int) -> LedgerSchema:
    """The ledger whose fields know how they were kept before."""
    before = list(past)
    if not before:
        return ledger
    tables = [
        _table_with_past(t, [p.by_id[t.id] for p in before if t.id in p.by_id], since)
        for t in ledger.tables
    ]
    same = all(new is old for new, old in zip(tables, ledger.tables, strict=True))
    return ledger if same else ledger.changed(tables=tuple(tables))


def _table_with_past(table: TableSchema, past: list[TableSchema], since: int) -> TableSchema:
    fields = [
        _field_with_past(f, [p.by_id[f.id] for p in past if f.id in p.by_id], since)
        for f in table.fields
    ]
    same = all(new is old for new, old in zip(fields, table.fields, strict=True))
    return table if same else table.changed(fields=tuple(fields))


def _field_with_past(field: FieldSchema, past: list[FieldSchema], since: int) -> FieldSchema:
    forms = {kept_as(f): f for f in past}
    forms.pop(kept_as(field), None)
    if not forms:
        return field
    return field.changed(formerly=tuple(forms.values()), changed_in=since)


def _gone(ledger: LedgerSchema, past: Iterable[LedgerSchema]) -> Iterable[tuple[str, str]]:
    """Headers of fields that the ledger has no more: their columns stay where they are, unread."""
    for old in past:
        for table in old.tables:
            now = ledger.by_id.get(table.id)
            for field in table.fields if now else ():
                if now and field.id not in now.by_id:
                    for header in field.headers:
                        if header_key(header) not in now.header_index:
                            yield mapping_name(ledger.id, table.id, header_key(header)), IGNORED
