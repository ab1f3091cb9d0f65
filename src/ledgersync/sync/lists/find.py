"""`find`: a person, an address, a number, over all ledgers; masked unless a reason is given."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.files import file_hash
from ledgersync.model import Invalid, Row, Value
from ledgersync.privacy import mask
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.sync.primary.hand_base import HandBases
from ledgersync.sync.primary.places import remembered_view
from ledgersync.sync.primary.view import view_primary
from ledgersync.sync.primary.write import is_touched
from ledgersync.sync.session import Session
from ledgersync.values import shown
from ledgersync.values.text import squeeze

_SEARCHED = ("name", "id_number", "phone", "code", "digits")
_FEWEST_DIGITS = 4  # of a number that is not given whole


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that holds the text; `field` is where, `words` what it is about."""

    ledger: LedgerSchema
    table: TableSchema
    record: str
    field: FieldSchema
    row: Row
    place: tuple[str, int] | None
    year: int | None = None  # of the archive in which it rests

    @property
    def file(self) -> str:
        folder = "primary" if self.year is None else f"archive/{self.year}"
        return f"{folder}/{self.ledger.file_name}"  # as `year close` puts it

    def shown(self, field: FieldSchema, *, unmask: bool) -> str:
        """A value of the record as it may be seen."""
        text = shown(self.row[self.table.position[field.id]])
        return text if unmask else mask(field.privacy, text)

    def title(self, *, unmask: bool) -> str:
        """Whom or what the record is about."""
        fields = (self.table.by_id[name] for name in self.table.titles)
        return " ".join(t for f in fields if (t := self.shown(f, unmask=unmask)))

    def as_json(self, *, unmask: bool) -> dict[str, Any]:
        sheet, row = self.place or (self.table.sheet, None)
        return {
            "ledger": self.ledger.id,
            "table": self.table.id,
            "record": self.record,
            "field": self.field.id,
            "value": self.shown(self.field, unmask=unmask),
            "title": self.title(unmask=unmask),
            "file": self.file,
            "sheet": sheet,
            "row": row,
        }


def find(session: Session, text: str) -> list[Hit]:
    """Every record in which a name, number, telephone, id or address holds the text, in order."""
    wanted = squeeze(text).upper()
    if not wanted:
        return []
    found: list[Hit] = []
    for ledger in session.catalog:
        found += _in_ledger(session, ledger, wanted)
    return found


def _in_ledger(session: Session, ledger: LedgerSchema, wanted: str) -> list[Hit]:
    years = session.journal.years
    resting = {table.id: years.resting(ledger.id, table.id) for table in ledger.tables}
    hits = [
        Hit(ledger, table, record, field, row, None, resting[table.id].get(record))
        for table in ledger.tables
        for record, row, field in _in_table(session, ledger, table, wanted)
    ]
    return _placed(session, ledger, hits) if hits else []


def _in_table(
    session: Session, ledger: LedgerSchema, table: TableSchema, wanted: str
) -> Iterator[tuple[str, Row, FieldSchema]]:
    fields = [(f, table.position[f.id]) for f in table.fields if _is_searched(table, f)]
    for record, row in session.journal.state.rows(ledger.id, table.id).items():
        field = next((f for f, i in fields if _holds(f, row[i], wanted)), None)
        if field is not None:
            yield record, row, field


def _is_searched(table: TableSchema, field: FieldSchema) -> bool:
    return field.type in _SEARCHED or field.privacy != "none" or field.id in table.titles


def _holds(field: FieldSchema, value: Value, wanted: str) -> bool:
    if value is None:
        return False
    text = value.typed if isinstance(value, Invalid) else shown(value)
    text = squeeze(text).upper()
    if wanted.isdigit() and len(wanted) < _FEWEST_DIGITS and field.privacy != "address":
        return text == wanted
    return wanted in text


def _placed(session: Session, ledger: LedgerSchema, hits: list[Hit]) -> list[Hit]:
    """With sheet and row in the primary, where that is as it was last written."""
    path = session.workspace.primary(ledger)
    if not path.exists() or is_touched(session, ledger):
        return hits
    view = remembered_view(session, ledger, file_hash(path))
    view = view or view_primary(session, ledger, HandBases(session, ledger.id).rows)
    places = {(t, r): table.place(r) for t, table in view.tables.items() for r in table.rows}
    return [replace(h, place=places.get((h.table.id, h.record))) for h in hits]
