"""Columns that people added themselves, as fields that follow the declared ones of a table.

The reader never sees them: files are read with the ledgers as declared. Merging, journal and
workbooks that are written work with the extended ledgers.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ledgersync.patterns import pattern_of
from ledgersync.schema.catalog import Catalog, TableKey
from ledgersync.schema.ledger import FieldSchema, LedgerSchema, Personal, TableSchema

PREFIX = "x:"
_BESIDE = pattern_of(r"[（(][^（()）]*[)）]|[\d*]+$|\s+")  # of 电话（备用）, 电话 2
_PERSONAL: dict[Personal, re.Pattern[str]] = {
    "phone": pattern_of(r"(?:电话|手机|联系方式)(?:号|号码)?$"),
    "id_number": pattern_of(r"(?:身份证|证件|证)(?:号|号码)$|身份证$"),
    "account": pattern_of(r"(?:账号|帐号|账户|帐户|卡号)$"),
    "address": pattern_of(r"(?:住址|地址|住所)$"),
    "name": pattern_of(r"(?:姓名|名字|联系人|监护人|户主|配偶|家属)$"),
}


class ExtraField(FieldSchema):
    """A column that people added; its values are the texts of its cells.

    `taken_by`: the declared field that its header means by now, or "" where the unit said that
    the column is none of its ledger; such a field holds nothing any more.
    """

    id: str
    taken_by: str | None = None

    @property
    def privacy(self) -> Personal:
        """As its header speaks of it; anything else is masked as free text is."""
        header = _BESIDE.sub("", self.header)
        found = (kind for kind, words in _PERSONAL.items() if words.search(header))
        return "none" if "是否" in header else next(found, "none")

    @property
    def is_extra(self) -> bool:
        return True

    @property
    def is_active(self) -> bool:
        return self.taken_by is None


Extras = Mapping[TableKey, Sequence[ExtraField]]


def active_extras(table: TableSchema) -> dict[str, ExtraField]:
    """The added columns of a table that are still read, by field id."""
    return {f.id: f for f in table.extras if isinstance(f, ExtraField) and f.is_active}


def with_extras(catalog: Catalog, extras: Extras, before: Catalog | None = None) -> Catalog:
    """The catalog with added columns; ledgers that are as in `before` are the very same objects."""
    if not extras and before is None:
        return catalog
    ledgers = {s.id: _kept(_extended(s, extras), s, before) for s in catalog}
    return replace(catalog, ledgers=ledgers)


def _extended(ledger: LedgerSchema, extras: Extras) -> LedgerSchema:
    found = {t.id: extras[ledger.id, t.id] for t in ledger.tables if (ledger.id, t.id) in extras}
    if not found:
        return ledger
    tables = [
        t.changed(fields=(*t.fields, *found[t.id])) if t.id in found else t for t in ledger.tables
    ]
    return ledger.changed(tables=tuple(tables))


def _kept(new: LedgerSchema, declared: LedgerSchema, before: Catalog | None) -> LedgerSchema:
    if new is declared or before is None:
        return new
    old = before.ledgers[declared.id]
    same = [t.extras for t in old.tables] == [t.extras for t in new.tables]
    return old if same else new
