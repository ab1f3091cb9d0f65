"""What an answer of several rows is: a sequence of typed rows that becomes a frame when asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from ledgersync.dataclass import dataclass

if TYPE_CHECKING:
    import pandas as pd

T = TypeVar("T")


@dataclass(frozen=True)
class Listing(Sequence[T], Generic[T]):
    """Typed rows, in order; `to_frame()` makes a pandas frame of them."""

    rows: tuple[T, ...]
    kind: ClassVar[type]  # what a row is

    def to_frame(self) -> pd.DataFrame:
        """The rows as a frame, a column per attribute of a row."""
        from ledgersync.api.frames import rows_frame  # pandas

        return rows_frame(self.kind, self.rows, **self.attributes())

    def attributes(self) -> dict[str, object]:
        """What stands in the frame's `attrs`."""
        return {}

    @overload
    def __getitem__(self, at: int) -> T: ...
    @overload
    def __getitem__(self, at: slice) -> tuple[T, ...]: ...
    def __getitem__(self, at: Any) -> Any:
        return self.rows[at]

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[T]:
        return iter(self.rows)
