"""Which spellings of which fields are looked at, and the groups among them."""

from collections import Counter
from collections.abc import Iterator, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.model import Invalid, Rows, Value
from ledgersync.schema import FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.words import choices_of
from ledgersync.sync.session import Session
from ledgersync.sync.tidy.clusters import clusters
from ledgersync.values.respelled import place_of

_SHORT = 20  # characters: longer texts are prose
_RECURRING = 0.6  # so many different ones in a hundred, and they are a list that people pick from


@dataclass(frozen=True, slots=True)
class Cluster:
    """Spellings of one thing in a field, the most frequent first, with how often each stands.

    `is_place`: they are what addresses begin with. `options` are those to choose from.
    """

    ledger: LedgerSchema
    table: TableSchema
    field: FieldSchema
    spellings: tuple[tuple[str, int], ...]
    options: tuple[str, ...]
    is_place: bool = False

    @property
    def key(self) -> str:
        """To know it again in a list that comes back."""
        words = "\t".join(word for word, _ in self.spellings)
        return f"{self.ledger.id}.{self.table.id}.{self.field.id}\t{words}"


def find_clusters(session: Session, ledgers: Sequence[LedgerSchema]) -> list[Cluster]:
    found: list[Cluster] = []
    for ledger in ledgers:
        for table in ledger.tables:
            rows = session.journal.state.rows(ledger.id, table.id)
            for field in table.fields:
                found += _of_field(ledger, table, field, rows)
    return found


def _of_field(
    ledger: LedgerSchema, table: TableSchema, field: FieldSchema, rows: Rows
) -> Iterator[Cluster]:
    at = table.position[field.id]
    values = [row[at] for row in rows.values()]
    if field.privacy == "address":
        starts = Counter(s for v in values if isinstance(v, str) and (s := place_of(v)))
        yield from _grouped(ledger, table, field, starts, is_place=True)
    elif choices_of(field):
        yield from _of_choice(ledger, table, field, values)
    elif _is_listed(field, texts := [v for v in values if isinstance(v, str)]):
        yield from _grouped(ledger, table, field, Counter(texts))


def _is_listed(field: FieldSchema, texts: Sequence[str]) -> bool:
    """Values come back again and again: grids, visitors, organisers; not people, not prose."""
    if field.type not in ("text", "name") or field.generated or not texts:
        return False
    if max(map(len, texts)) > _SHORT and field.type == "text":
        return False
    return bool(field.listed) or len(set(texts)) <= max(2, _RECURRING * len(texts))


def _grouped(
    ledger: LedgerSchema, table: TableSchema, field: FieldSchema, counts: Counter[str],
    *, is_place: bool = False,
) -> Iterator[Cluster]:  # fmt: skip
    for group in clusters(counts):
        spellings = tuple((word, counts[word]) for word in group)
        yield Cluster(ledger, table, field, spellings, group, is_place)


def _of_choice(
    ledger: LedgerSchema, table: TableSchema, field: FieldSchema, values: Sequence[Value]
) -> Iterator[Cluster]:
    """Words that are none of the choices, each with the nearest ones to choose from."""
    typed = Counter(v.typed for v in values if isinstance(v, Invalid))
    for word, count in typed.most_common():
        yield Cluster(ledger, table, field, ((word, count),), choices_of(field))
