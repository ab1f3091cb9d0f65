"""A whole column at once: equal cells are parsed once, which is what makes reading fast."""

from collections.abc import Sequence

from ledgersync.model import Note, Parsed, Value
from ledgersync.values.choices import TICKS
from ledgersync.values.parse import CellParser
from ledgersync.values.text import squeeze


class _Memo(dict[object, Value]):
    """Values by raw cell, filled by the parser; `noted` holds the few that have notes."""

    def __init__(self, parse: CellParser) -> None:
        self.parse = parse
        self.noted: dict[object, tuple[Note, ...]] = {}

    def __missing__(self, raw: object) -> Value:
        parsed: Parsed = self.parse(raw)
        if parsed.notes:
            self.noted[raw] = parsed.notes
        self[raw] = parsed.value
        return parsed.value


def parse_column(
    parser: CellParser, cells: Sequence[object]
) -> tuple[list[Value], dict[int, tuple[Note, ...]]]:
    """Values of a column, and the notes by position in it.

    A blank in a bool column whose only mark is √ means false.
    """
    if bool in set(map(type, cells)):  # True equals 1.0 as a key
        cells = [("TRUE" if c else "FALSE") if c is True or c is False else c for c in cells]
    memo = _Memo(parser)
    values = [memo[cell] for cell in cells]
    if parser.field.type == "bool" and only_ticks(cells):
        return [value is True for value in values], {}
    noted = memo.noted
    if not noted:
        return values, {}
    return values, {i: noted[cell] for i, cell in enumerate(cells) if cell in noted}


def only_ticks(cells: Sequence[object]) -> bool:
    """Some cells hold √ and the others nothing at all."""
    marks = {squeeze(str(c)) for c in set(cells) if c is not None and squeeze(str(c))}
    return bool(marks) and marks <= TICKS
