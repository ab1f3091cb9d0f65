"""What calamine does not tell about a sheet, in one form for every file format."""

from collections.abc import Callable, Mapping
from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.workbook.read.formats.number_formats import (
    adds_to_text,
    as_shown,
    exactly_shown,
    has_two_places,
    is_telling,
    says_something,
)

Cell = tuple[int, int]  # row and column, from 1
Kind = Callable[[str], bool]  # which formats matter
Load = Callable[[Kind], Mapping[Cell, str]]


# A proposal of our own copies that no program has calculated: nobody typed anything there.
_PROPOSAL = pattern_of(r"=(?:IF\()?LS_[a-z]")


def is_proposal(text: str) -> bool:
    """The text of a formula of ours that fills a cell in, or a check."""
    return _PROPOSAL.match(text) is not None


@dataclass(slots=True)
class SheetFacts:
    """Cells that show an error or were never calculated, with their text; rows with formulas."""

    errors: dict[Cell, str] = field(default_factory=dict)
    formulas: dict[int, set[int]] = field(default_factory=dict)

    def note_formula(self, row: int, column: int) -> None:
        self.formulas.setdefault(column, set()).add(row)


class FormatDisplay:
    """What cells show by their number formats; the formats are looked up when first asked for."""

    def __init__(self, load: Load) -> None:
        self._load = load
        self._codes: dict[Kind, Mapping[Cell, str]] = {}

    @property
    def adds_to_texts(self) -> bool:
        """Some cells show letters before or behind a text."""
        return bool(self._of(adds_to_text))

    def text(self, row: int, column: int, raw: object) -> str | None:
        """What a cell shows, None where that is its value."""
        codes = self._of(adds_to_text if isinstance(raw, str) else is_telling)
        code = codes.get((row, column))
        return as_shown(code, raw) if code else None

    def exactly(self, row: int, column: int, number: float) -> str | None:
        """A number with the places that are shown."""
        code = self._of(has_two_places).get((row, column))
        return exactly_shown(code, number) if code else None

    def _of(self, kind: Kind) -> Mapping[Cell, str]:
        if kind not in self._codes:
            self._codes[kind] = self._load(kind)
        return self._codes[kind]


class TextDisplay:
    """What cells show, where the file says it beside the value (.ods)."""

    adds_to_texts = False

    def __init__(self, shown: Mapping[Cell, str]) -> None:
        self._shown = shown

    def text(self, row: int, column: int, raw: object) -> str | None:
        """What a number shows, where that is more than the number."""
        shown = self._shown.get((row, column))
        if shown is None or not isinstance(raw, (int, float)) or isinstance(raw, bool):
            return None
        return shown if says_something(shown, raw) else None

    def exactly(self, row: int, column: int, number: float) -> str | None:  # noqa: ARG002
        """The number as it is shown."""
        return self._shown.get((row, column))
