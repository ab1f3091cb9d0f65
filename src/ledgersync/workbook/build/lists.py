"""Drop-down lists: short ones stand in the validation, the others on a hidden sheet."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgersync.model import Value, column_letters
from ledgersync.values import shown
from ledgersync.workbook.stamp_text import LIST_SHEET

_INLINE_LIMIT = 255


class Lists:
    """The hidden sheet of lists, made when the first long list needs it."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._sheet: Worksheet | None = None
        self._columns = 0
        self._ranges: dict[tuple[str, ...], str] = {}

    def source(self, words: Sequence[str]) -> list[str] | str:
        """What a list validation takes: the words themselves, or the range that holds them.

        A comma ends a word there and a quotation mark the list; lengths are in UTF-16 units.
        """
        length = len(",".join(words).encode("utf-16-le", "surrogatepass")) // 2
        if length <= _INLINE_LIMIT and not any("," in word or '"' in word for word in words):
            return list(words)
        return "=" + self.range(words)

    def range(self, words: Sequence[Value]) -> str:
        """The cells that hold these values, written once for equal lists."""
        key = tuple(f"{type(word).__name__}:{shown(word)}" for word in words)
        if key not in self._ranges:
            self._ranges[key] = self._written(words)
        return self._ranges[key]

    def _written(self, words: Sequence[Value]) -> str:
        sheet = self._ensured()
        column = self._columns
        self._columns += 1
        day = self._workbook.add_format({"num_format": "yyyy-mm-dd"})
        for row, word in enumerate(words):
            if isinstance(word, date):
                sheet.write_datetime(row, column, word, day)
            elif isinstance(word, (int, float, Decimal)) and not isinstance(word, bool):
                sheet.write_number(row, column, float(word))
            else:
                sheet.write_string(row, column, shown(word))
        letter = column_letters(column + 1)
        return f"{LIST_SHEET}!${letter}$1:${letter}${max(1, len(words))}"

    def _ensured(self) -> Worksheet:
        if self._sheet is None:
            self._sheet = self._workbook.add_worksheet(LIST_SHEET)
            self._sheet.very_hidden()
        return self._sheet
