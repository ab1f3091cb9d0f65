"""What unknown headers may mean: the nearest header of a missing field, and what the cells hold."""

from collections.abc import Iterable, Sequence
from datetime import date

from rapidfuzz import fuzz

from ledgersync.dataclass import dataclass
from ledgersync.model import Invalid, TableData
from ledgersync.schema import Catalog, FieldSchema, TableKey, TableSchema, header_key
from ledgersync.values import CellParser
from ledgersync.values.text import is_blank
from ledgersync.workbook.read.layout.births import has_ids, is_of_births
from ledgersync.workbook.read.layout.grid import Grid
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex

LEAST = 55.0  # a proposal nearer than this is worth asking about
_SAMPLE = 200
_TELLING = frozenset({"id_number", "phone", "date", "choice", "choices", "bool"})


@dataclass(frozen=True, slots=True)
class Proposal:
    """A header and the field that it most likely names; `score` out of 100."""

    sheet: str
    ledger: str
    table: str
    header: str
    key: str
    column: int
    field: str
    score: float


def proposals_for_table(catalog: Catalog, table: TableData, today: date) -> list[Proposal]:
    """For the unknown columns of a recognised table, the best of its missing fields."""
    schema = catalog.table(table.ledger, table.table)
    seen = {c.field for c in table.columns}
    absent = [f for f in schema.fields if f.id not in seen]
    extras = list(table.extras.values())
    columns = [
        (HeaderColumn(c.index, tuple(c.header.split(" ▸ ")), ()), extras[i])
        for i, c in enumerate(table.unknown_columns)
        if c.header
    ]
    numbers = [f.id for f in schema.fields if f.type == "id_number" and f.id in table.values]
    ids = [
        [v.typed if isinstance(v, Invalid) else v for v in table.values[name]] for name in numbers
    ]
    columns = [(c, cells) for c, cells in columns if not is_of_births(c.leaf, cells, ids, today)]
    found = _best(columns, absent, today)
    return [_proposal(table.sheet, (table.ledger, table.table), *hit) for hit in found]


def proposals_for_sheet(catalog: Catalog, grid: Grid, today: date) -> list[Proposal]:
    """For a sheet that no table fits: its most header-like row, laid over the nearest table."""
    index = HeaderIndex(catalog)
    best: list[Proposal] = []
    best_score = 0.0
    for row in range(1, min(grid.height, 15) + 1):
        columns = [HeaderColumn(c, (str(raw),), (1,)) for c, raw in grid.filled(row) if _short(raw)]
        if len(columns) < 3:
            continue
        cells = [(c, [grid.cell(r, c.index) for r in _below(grid, row)]) for c in columns]
        ids = [values for _, values in cells if has_ids(values)]
        cells = [(c, v) for c, v in cells if not is_of_births(c.leaf, v, ids, today)]
        for key, schema in index.tables.items():
            found = [
                _proposal(grid.sheet, key, *hit) for hit in _lay(index, key, schema, cells, today)
            ]
            score = sum(p.score for p in found) + 30 * _required(schema, found)
            if score > best_score and len(found) >= 3:
                best, best_score = found, score
    return best


def _below(grid: Grid, row: int) -> range:
    return range(row + 1, min(grid.height, row + _SAMPLE) + 1)


def _short(raw: object) -> bool:
    return isinstance(raw, str) and 2 <= len(raw) <= 30


def _required(schema: TableSchema, found: Sequence[Proposal]) -> int:
    fields = {p.field for p in found}
    return sum(f.id in fields for f in schema.required)


def _lay(
    index: HeaderIndex,
    key: TableKey,
    schema: TableSchema,
    cells: Sequence[tuple[HeaderColumn, Sequence[object]]],
    today: date,
) -> list[tuple[HeaderColumn, FieldSchema, float]]:
    """Known headers first, then the nearest for the rest."""
    known = {c.index: m.field for c, _ in cells if (m := index.match(key, c)) is not None}
    sure = [(c, known[c.index], 100.0) for c, _ in cells if c.index in known]
    taken = {f.id for f in known.values()}
    rest = [(c, values) for c, values in cells if c.index not in known]
    return sure + _best(rest, [f for f in schema.fields if f.id not in taken], today)


def _best(
    columns: Sequence[tuple[HeaderColumn, Sequence[object]]],
    fields: Iterable[FieldSchema],
    today: date,
) -> list[tuple[HeaderColumn, FieldSchema, float]]:
    """The best pairs, each column and each field once."""
    scored = [
        (score, column, f)
        for f in fields
        for column, cells in columns
        if (score := _score(f, column, cells, today)) >= LEAST
    ]
    scored.sort(key=lambda s: (-s[0], s[1].index))
    found: dict[int, tuple[HeaderColumn, FieldSchema, float]] = {}
    taken: set[str] = set()
    for score, column, f in scored:
        if column.index not in found and f.id not in taken:
            found[column.index] = (column, f, score)
            taken.add(f.id)
    return [found[i] for i in sorted(found)]


def _score(f: FieldSchema, column: HeaderColumn, cells: Sequence[object], today: date) -> float:
    """Likeness of the wording, raised or lowered by what stands in the cells."""
    names = [header_key(h) for h in f.headers]
    leaf, whole = column.leaf, "".join(column.keys)
    likeness = max(max(fuzz.ratio(n, leaf), fuzz.ratio(n, whole)) for n in names)
    fit = _fit(f, cells, today)
    if fit is None:
        return likeness
    return 0.6 * likeness + 40 * fit if f.type in _TELLING else likeness * (0.5 + 0.5 * fit)


def _fit(f: FieldSchema, cells: Sequence[object], today: date) -> float | None:
    """The share of filled cells that the field's type understands, None for too few."""
    filled = [c for c in cells[:_SAMPLE] if not is_blank(c)]
    if len(filled) < 2:
        return None
    parser = CellParser(f, today)
    good = sum(1 for c in filled if not isinstance(parser(c).value, Invalid))
    return good / len(filled)


def _proposal(
    sheet: str, key: TableKey, column: HeaderColumn, f: FieldSchema, score: float
) -> Proposal:
    return Proposal(
        sheet, key[0], key[1], column.text, column.key, column.index, f.id, round(score, 1)
    )
