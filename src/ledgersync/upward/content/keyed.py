"""Different people across units, without an id: keyed hashes instead of persons.

Of figures that count different values and do not add up: for each unit, window and member the
hashes of the values counted. Homes are counted within their community and add up, so they are
left out. With one key the same person has the same hash in every unit.
"""

import io
from functools import cached_property

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.dataclass import dataclass
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.definitions import Defined
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.figures import WINDOWS, Window
from ledgersync.rollup.queries import FigureQuery
from ledgersync.upward.package.refusal import unreadable
from ledgersync.upward.package.tables import table_lines

Slot = tuple[Window, str | None]  # window, member of the family
KeySets = dict[Slot, set[bytes]]
_HOMES = "户"
_BYTES = 16
_COLUMNS = ("window", "member", "key")


def counts_across(defined: Defined) -> bool:
    """Whether the figure of several units is less than their sum, where they share somebody."""
    return defined.indicator.distinct is not None and defined.indicator.measure != _HOMES


@dataclass(frozen=True)
class Hashes:
    """The hashes behind the figures of one engine."""

    engine: Engine
    key: Pseudonyms

    def of(self, defined: Defined, code: str) -> KeySets:
        """Of all that a unit's figure counts, by window and member."""
        engine = self.engine
        query = FigureQuery(engine.store, engine.definitions, defined, engine.limited)
        sql = query.values(engine.nodes.index(code))
        found: KeySets = {}
        for window, member, unit, value, plain in engine.store.run(defined.ledger, defined.id, sql):
            own = f"{self._codes[unit]}\0" if value != plain else ""
            hashed = bytes.fromhex(self.key.of(f"{own}{plain}") or "")
            for name in self._names[window]:
                found.setdefault((name, member), set()).add(hashed)
        return found

    @cached_property
    def _names(self) -> dict[int, list[Window]]:
        named: dict[int, list[Window]] = {}
        for name, number in self.engine.windows.items():
            named.setdefault(number, []).append(name)
        return named

    @cached_property
    def _codes(self) -> dict[object, str]:
        return {number: code for code, number in self.engine.store.units.items()}


def part_name(defined: Defined) -> str:
    family = "_by" if defined.indicator.by else ""
    return f"keys/{defined.indicator.stem}{family}.parquet"


def written(sets: KeySets) -> bytes:
    """A Parquet file of the hashes."""
    slots = [(*slot, sorted(keys)) for slot, keys in sets.items()]
    windows = [name for name, _, keys in slots for _ in keys]
    members = [member for _, member, keys in slots for _ in keys]
    joined = pa.py_buffer(b"".join(key for *_, keys in slots for key in keys))
    hashes = pa.FixedSizeBinaryArray.from_buffers(pa.binary(_BYTES), len(windows), [None, joined])
    arrays = [pa.array(windows, pa.string()), pa.array(members, pa.string()), hashes]
    buffer = io.BytesIO()
    table = pa.Table.from_arrays(arrays, names=list(_COLUMNS))
    pq.write_table(table, buffer, compression="zstd", use_dictionary=["window", "member"])
    return buffer.getvalue()


def read_keys(content: bytes) -> KeySets:
    """The hashes of a part; raises Refusal where it is no such table."""
    found: KeySets = {}
    for window, member, key in table_lines(content, _COLUMNS):
        if window not in WINDOWS or not isinstance(key, bytes) or len(key) != _BYTES:
            raise unreadable()
        found.setdefault((window, member), set()).add(key)
    return found
