"""What a unit's rows may share with another unit's, as keyed hashes: nothing else leaves.

Somebody who is paid a benefit, somebody in the register of care, an activity by date, title and
place. A hash says of what kind it is, so that none of one kind ever equals one of another.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Literal, get_args

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.checks.cross.benefits import claims
from ledgersync.checks.cross.views import Views
from ledgersync.model import Rows
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.facts import FactColumns, UnitFacts
from ledgersync.schema import Catalog, TableKey
from ledgersync.upward.package.refusal import unreadable
from ledgersync.upward.package.tables import table_lines
from ledgersync.values.text import squeeze

Kind = Literal["benefit", "care", "activity"]
Place = tuple[str, str, str, str]  # ledger, table, record, field
KINDS: tuple[Kind, ...] = get_args(Kind)
PART = "matches.parquet"
TABLES: tuple[TableKey, ...] = (
    ("dibao", "households"),
    ("dibao", "members"),
    ("care", "people"),
    ("volunteer", "activities"),
)
_BYTES = 16
_COLUMNS = ("unit", "kind", "key")
_HERE = (None, "在册")
Hashed = dict[tuple[Kind, bytes], list[Place]]
UnitHashes = dict[str, set[tuple[Kind, bytes]]]  # by padded code


def hashed(tables: Mapping[TableKey, Rows], catalog: Catalog, key: Pseudonyms) -> Hashed:
    """The hashes of a unit's rows, each with the cells that it stands for."""
    found: Hashed = {}
    for kind, value, place in _values(Views(tables, catalog)):
        digest = bytes.fromhex(key.of(f"{kind}\0{value}") or "")
        found.setdefault((kind, digest), []).append(place)
    return found


def _values(views: Views) -> Iterator[tuple[Kind, str, Place]]:
    for claim in claims(views):
        cell = "head_id" if claim.table == "households" else "member_id"
        yield "benefit", claim.person, ("dibao", claim.table, claim.record, cell)
    care = views.table("care", "people")
    for record, (person, status) in care.select("id_number", "status"):
        if isinstance(person, str) and status in _HERE:
            yield "care", person, ("care", "people", record, "id_number")
    held = views.table("volunteer", "activities")
    for record, (on, title, where) in held.select("date", "title", "place"):
        if isinstance(on, date) and isinstance(title, str) and isinstance(where, str):
            told = f"{on.isoformat()}\0{squeeze(title)}\0{squeeze(where)}"
            yield "activity", told, ("volunteer", "activities", record, "title")


def rows_of(facts: UnitFacts, catalog: Catalog) -> dict[TableKey, Rows]:
    """The rows of what was collected from a folder, of the tables that are compared."""
    found: dict[TableKey, Rows] = {}
    for key in TABLES:
        if key in facts.tables and key[0] in catalog.ledgers:
            schema = catalog.table(*key)
            pieces = FactColumns.of(schema, facts.tables[key], date.max).pieces
            rows: Rows = {}
            for _, piece in pieces:
                columns = [piece.column(name).to_pylist() for name in schema.field_ids]
                values = zip(*columns, strict=True)
                rows.update(zip(piece.column("_record").to_pylist(), values, strict=True))
            found[key] = rows
    return found


def written(units: UnitHashes) -> bytes:
    """The part of a package."""
    rows = [(unit, *one) for unit, hashes in sorted(units.items()) for one in sorted(hashes)]
    columns = list(zip(*rows, strict=True)) or [()] * len(_COLUMNS)
    types = (pa.string(), pa.string(), pa.binary(_BYTES))
    arrays = [pa.array(list(c), t) for c, t in zip(columns, types, strict=True)]
    buffer = io.BytesIO()
    pq.write_table(pa.Table.from_arrays(arrays, list(_COLUMNS)), buffer, compression="zstd")
    return buffer.getvalue()


def read_hashes(content: bytes, allowed: frozenset[str]) -> UnitHashes:
    """The hashes of a package's units; raises Refusal where it is no such table."""
    found: UnitHashes = {}
    for unit, kind, key in table_lines(content, _COLUMNS):
        if unit not in allowed or kind not in KINDS or len(key or b"") != _BYTES:
            raise unreadable()
        found.setdefault(unit, set()).add((kind, key))
    return found
