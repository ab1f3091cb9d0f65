"""Samples as they may be shown outside of workbooks."""

from ledgersync.privacy import mask, mask_text
from ledgersync.schema import LedgerSchema
from ledgersync.schema.extras import ExtraField
from ledgersync.workbook.foreign.plan import ColumnPlan


def masked_samples(ledger: LedgerSchema, column: ColumnPlan) -> list[str]:
    """By the field that the column is or may be, else by its header, else as free text."""
    table = ledger.by_id[column.table]
    names = [name for name in (column.field, *column.proposals) if name]
    kinds = [table.by_id[name].privacy for name in names]
    leaf = column.header.rpartition("▸")[2].strip() or "?"
    kinds.append(ExtraField(id="x:?", header=leaf, type="text").privacy)
    kind = next((k for k in kinds if k != "none"), "none")
    return [mask_text(t) if kind == "none" else mask(kind, t) for t in column.samples]
