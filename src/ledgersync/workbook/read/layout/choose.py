"""Which table of which ledger a header belongs to, and which column holds which field.

Headers speak first; where several tables know them about equally well, the title and captions
above, the sheet's name and the file's name decide.
"""

from collections.abc import Iterable, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.schema import Catalog, TableKey, header_key
from ledgersync.workbook.read.layout.blocks import Block
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex, Match

_CLOSE = 1.6  # scores nearer than this are decided by names


@dataclass(frozen=True, slots=True)
class Context:
    """The words around a table: what stands above it, the sheet's name, the file's."""

    above: str
    sheet: str
    file: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A recognised header: its table, field by column, and columns that are none of its fields."""

    key: TableKey
    block: Block
    fields: dict[int, Match]
    unknown: tuple[HeaderColumn, ...]
    repeated: tuple[HeaderColumn, ...]
    rivals: dict[int, Match]  # what the repeated columns name
    ignored: frozenset[int]
    score: float

    @property
    def left(self) -> int:
        return self.block.left

    @property
    def right(self) -> int:
        return self.block.right


class Chooser:
    """Lays tables of a catalog over header blocks."""

    def __init__(self, catalog: Catalog, index: HeaderIndex) -> None:
        self.index = index
        self._names = {
            (ledger.id, table.id): (ledger.name, ledger.workbook, ledger.title, table.sheet)
            for ledger, table in catalog.tables()
        }

    def layouts(self, block: Block, context: Context) -> list[Layout]:
        """The tables of a header: one, or several that stand beside each other."""
        parts = [self.best(part, context) for part in segments(block)]
        apart = [p for p in parts if p is not None]
        whole = self.best(block, context)
        if len(apart) > 1 and len(apart) == len(parts) and self._stand_alone(apart):
            return apart
        return [whole] if whole is not None else apart

    def _stand_alone(self, parts: Sequence[Layout]) -> bool:
        """Each part is a table by itself: none lacks what another one has."""
        if any(len(p.fields) < 3 for p in parts):
            return False
        keys = [p.key for p in parts]
        if len(set(keys)) == len(keys):
            return all(self._missing(p) <= 1 for p in parts)
        return all(self._missing(p) == self._missing(parts[0]) for p in parts)

    def _missing(self, layout: Layout) -> int:
        found = {m.field.id for m in layout.fields.values()}
        return sum(1 for f in self.index.tables[layout.key].required if f.id not in found)

    def best(self, block: Block, context: Context) -> Layout | None:
        """The table that fits best, None when none does or two fit equally well."""
        found = [self._lay(key, block) for key in self.index.tables]
        fitting = [f for f in found if self._fits(f)]
        if not fitting:
            return None
        top = max(f.score for f in fitting)
        close = [f for f in fitting if f.score > top - _CLOSE]
        close.sort(key=lambda f: f.score + self._named(f.key, context), reverse=True)
        return close[0]

    def _lay(self, key: TableKey, block: Block) -> Layout:
        matches = [(c, self.index.match(key, c)) for c in block.columns]
        winners: dict[str, tuple[HeaderColumn, Match]] = {}
        for column, match in matches:
            if match is None:
                continue
            held = winners.get(match.field.id)
            if held is None or match.rank > held[1].rank:
                winners[match.field.id] = (column, match)
        fields = {c.index: m for c, m in winners.values()}
        rest = [(c, m) for c, m in matches if c.index not in fields]
        unknown = tuple(c for c, m in rest if m is None and not (c.is_own or c.is_serial))
        ignored = frozenset(c.index for c in unknown if self.index.ignores(key, c))
        repeated = tuple(c for c, m in rest if m is not None)
        rivals = {c.index: m for c, m in rest if m is not None}
        score = self._score(key, fields)
        fields = dict(sorted(fields.items()))
        return Layout(key, block, fields, unknown, repeated, rivals, ignored, score)

    def _score(self, key: TableKey, fields: dict[int, Match]) -> float:
        """One for each field, more for a wording that few tables know, and for the required."""
        total = sum(1 + 1 / max(1, self.index.users.get(m.wording, 1)) for m in fields.values())
        exact = sum(0.2 for m in fields.values() if m.wording == header_key(m.field.header))
        required = self.index.tables[key].required
        found = {m.field.id for m in fields.values()}
        covered = sum(1 for f in required if f.id in found) / max(1, len(required))
        return total + exact + 2 * covered

    def _fits(self, layout: Layout) -> bool:
        """Three fields, or two that are half of the columns, one of them required or a key."""
        schema = self.index.tables[layout.key]
        needed = {f.id for f in schema.required} | set(schema.key)
        found = {m.field.id for m in layout.fields.values()}
        columns = sum(1 for c in layout.block.columns if not (c.is_own or c.is_serial))
        if not found & needed or len(found) * 4 < columns:
            return False
        return len(found) >= 3 or (len(found) == 2 and columns <= 4)

    def _named(self, key: TableKey, context: Context) -> float:
        """How loudly title, sheet name and file name say this table's name."""
        ledger, workbook, title, sheet = self._names[key]
        total = 0.0
        for text, weight in ((context.above, 1.5), (context.sheet, 1.2), (context.file, 0.8)):
            if sheet in text:
                total += weight
            elif workbook in text or ledger in text or (title and title in text):
                total += weight * 0.6
        return total


def segments(block: Block) -> list[Block]:
    """The header cut at empty columns and before a second serial number."""
    groups: list[list[HeaderColumn]] = []
    serial_seen = False
    for column in block.columns:
        gap = groups and column.index > groups[-1][-1].index + 1
        again = column.is_serial and serial_seen
        if not groups or gap or again:
            groups.append([])
            serial_seen = False
        serial_seen |= column.is_serial
        groups[-1].append(column)
    return [Block(block.top, block.bottom, tuple(g)) for g in _joined(groups)]


def _joined(groups: Iterable[list[HeaderColumn]]) -> list[list[HeaderColumn]]:
    """A column or two apart belong to what is left of them."""
    found: list[list[HeaderColumn]] = []
    for group in groups:
        if found and len(group) < 3:
            found[-1].extend(group)
        else:
            found.append(group)
    return found
