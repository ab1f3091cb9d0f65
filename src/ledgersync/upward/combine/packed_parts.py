"""What packages say of single communities, for sums of which a part may not be shown."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.figures import Line, Window
from ledgersync.upward.combine.sources import Source, Sources
from ledgersync.upward.content.keyed import KeySets, part_name


@dataclass(frozen=True)
class PackedParts:
    """The communities that packages speak for; hashes are of all that a sender counts."""

    sources: Sources
    key: Pseudonyms | None

    def at_least(self, codes: Sequence[str], line: Line, window: Window) -> int:
        """Different people where communities sent their hashes; else those of the largest one."""
        slot, people, largest = (window, line.member), set[bytes](), 0
        for code, source, count in self._counts(codes, line, window):
            largest = max(largest, count)
            if source.code == code:
                people |= self._hashes(source, part_name(line.defined)).get(slot, set())
        return max(largest, len(people))

    def _hashes(self, source: Source, part: str) -> KeySets:
        place = (source.code, part)
        if place not in self._read:
            found = source.keys(part, self.key.key_id if self.key else None)
            self._read[place] = found or {}
        return self._read[place]

    @cached_property
    def _read(self) -> dict[tuple[str, str], KeySets]:
        return {}

    def added(self, codes: Sequence[str], line: Line, window: Window) -> int:
        return sum(count for *_, count in self._counts(codes, line, window))

    def _counts(
        self, codes: Sequence[str], line: Line, window: Window
    ) -> Iterator[tuple[str, Source, int]]:
        for code in codes:
            source = self.sources.covered.get(code)
            figure = source.figures.get(code, line.id, window) if source else None
            if source and figure is not None and figure.value is not None:
                yield code, source, int(figure.value)
