"""What does not get through: which cells of a row, or which rows, go back to their sender.

Only errors that the record's own row decides, and only where this submission added the row or
changed a cell that the rule reads. A rule over two cells puts the blame on the cell that has the
rule when it was changed, else on the one that was; a cell that was returned before and is still
as it was is blamed first, so that it does not drag a good correction with it.
"""

from collections.abc import Set

from ledgersync.merge.keys import KeyReader, usable
from ledgersync.merge.result import Faults
from ledgersync.messages import Message, counted, listed, literal, message
from ledgersync.model import Invalid, Row, RowFault, Value

_RULES = frozenset(
    {
        *("required", "choice", "range", "compare", "phone.format", "unit.measure"),
        *("cell.error", "cell.too_long"),
    }
)
_FAMILIES = ("type.", "id.", "date.", "value.")


def returns(fault: RowFault) -> bool:
    """Whether a fault keeps its cell out of the primary."""
    if fault.severity != "error":
        return False
    return fault.rule in _RULES or fault.rule.startswith(_FAMILIES)


class Validator:
    """Judges the rows of one table with the faults that `faults` finds in them."""

    def __init__(self, reader: KeyReader, faults: Faults) -> None:
        self._reader = reader
        self._at = reader.table.position
        self._faults = faults

    def cells(
        self, row: Row, instead: Row, pending: Set[int], fresh: Set[int]
    ) -> dict[int, RowFault]:
        """The cells of `row` that stay out, with their faults.

        `pending` are the cells that differ from what was taken in before, `fresh` those that this
        submission changed; `instead` is what stands in place of a cell that stays out.
        """
        back: dict[int, RowFault] = {}
        while more := self._next(row, pending - back.keys(), fresh):
            back.update(more)
            row = tuple([instead[i] if i in back else v for i, v in enumerate(row)])
        return back

    def _next(self, row: Row, open_cells: Set[int], fresh: Set[int]) -> dict[int, RowFault]:
        """Faults of single cells first; then one rule over several cells at a time."""
        if not open_cells:
            return {}
        found = [f for f in self._faults(row) if returns(f)]
        if not found:
            return {}
        blamed: dict[int, RowFault] = {}
        for fault in sorted(found, key=lambda f: len(f.reads) > 1):
            culprits = {self._at[name] for name in fault.reads} & open_cells
            if len(fault.reads) > 1 and (blamed or not culprits):
                continue
            for cell in self._blame(fault, culprits, fresh):
                blamed.setdefault(cell, fault)
        return blamed

    def _blame(self, fault: RowFault, culprits: Set[int], fresh: Set[int]) -> Set[int]:
        own = self._at[fault.field]
        return (culprits - fresh) or ({own} if own in culprits else culprits)

    def nobody(self, row: Row) -> bool:
        """Whether nobody could tell whom or what a new row is about (its faulty cells emptied).

        Key and fallback key are empty, or a required field is that they need. A number that the
        merge generates is a key, but says nothing: then the fallback key, if any, must.
        """
        reader = self._reader
        if not any(usable(value) for value in row):
            return True
        if reader.key(row) is not None or reader.fallback(row) is not None:
            return False
        if reader.generated:
            return bool(reader.fallback_at) and not _some(row, reader.fallback_at)
        needed = set(reader.fallback_at or reader.key_at) & set(reader.required_at)
        return not _some(row, reader.key_at + reader.fallback_at) or any(
            not usable(row[i]) for i in needed
        )

    def reason(self, back: dict[int, RowFault]) -> tuple[str, Message]:
        """Rule and sentence for a row that goes back whole."""
        keys = [*self._reader.key_at, *self._reader.fallback_at]
        fault = next((back[i] for i in keys if i in back), None)
        rule = fault.rule if fault else "required"
        headers = [self._reader.table.fields[i].header for i in dict.fromkeys(keys)]
        named = [message("〔{header}〕", header=h) for h in headers]
        return rule, message(
            "{named}为空或有误，无法确定本行是谁、是哪件事；本行未合并，请补正后重新提交",
            named=named,
        )


_REST = message("；本行其余内容已合并，仅")


def with_rest(reason: Message, headers: list[str]) -> Message:
    """The reason at a returned cell, and that the rest of its row is in."""
    named = listed([message("〔{header}〕", header=h) for h in headers], "")
    return counted(
        "{reason}{rest}{fields}待更正", len(headers), reason=reason, rest=_REST, fields=named
    )


def without_rest(told: Message) -> Message:
    """The reason alone, for the cell itself, where the rest of the row is in sight."""
    zh, en = told.zh.rpartition(_REST.zh)[0], told.en.rpartition(_REST.en)[0]
    return literal(zh or told.zh, en or told.en)


def same_damaged(value: Value, good: Value) -> bool:
    """Whether `value` is `good` (an id) after a spreadsheet lost its last digits."""
    if type(value) is not Invalid or value.rule != "id.precision_lost":
        return False
    return isinstance(good, str) and len(good) >= 15 and _digits(value.typed)[:15] == good[:15]


def _digits(typed: str) -> str:
    """The digits of a number as a spreadsheet shows it, `3.20102199001011E+17` too."""
    mantissa, _, _ = typed.upper().partition("E")
    whole, _, rest = mantissa.strip("'").partition(".")
    return whole + rest if "E" in typed.upper() else whole


def _some(row: Row, at: tuple[int, ...]) -> bool:
    return any(usable(row[i]) for i in at)
