"""Which field a column is, by its header and by what stands in it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from rapidfuzz import fuzz

from ledgersync.model import Invalid
from ledgersync.schema import FieldSchema, TableSchema, header_key
from ledgersync.schema.mappings import IGNORED
from ledgersync.values import CellParser, identity
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.text import is_blank, squeeze, typed
from ledgersync.workbook.foreign.assigned import Assigned, Cells
from ledgersync.workbook.foreign.content.days import is_short_day
from ledgersync.workbook.foreign.content.numbered import is_none, parts_of
from ledgersync.workbook.foreign.content.sums import take_sums_apart
from ledgersync.workbook.foreign.plan import SURE
from ledgersync.workbook.read.layout.births import has_ids, is_of_births
from ledgersync.workbook.read.layout.evidence import NUMBERS, looks_like_name
from ledgersync.workbook.read.layout.headers import HeaderColumn, HeaderIndex

LEAST = 0.55  # a likeness under this is worth no question
_SAMPLE = 200
_SHORT, _TURNED = 3, 0.97  # 人户 is not 户人
_WITHIN = 0.75  # 存在困难或意见建议 holds 意见建议
_WORDS = 0.95  # of its cells are words of a choice and of no other
_MOSTLY = 0.8  # of its cells are words of a choice: the column is that choice
_STRICT = frozenset({"id_number", "phone", "date", "name"}) | NUMBERS
_WORDED = frozenset({"choice", "choices", "bool"})
Evidence = Callable[["Assigner", "Assigned"], None]  # what else is known, after known headers


class Assigner:
    """Lays the fields of tables over the columns of one list."""

    def __init__(
        self, ledger: str, index: HeaderIndex, columns: Sequence[HeaderColumn], cells: Cells,
        today: date, decided: Mapping[int, str], evidence: Evidence = lambda *_: None,
        of_a_month: bool = False,
    ) -> None:  # fmt: skip
        self.ledger, self.index, self.columns, self.cells = ledger, index, columns, cells
        self.today, self.decided, self.evidence = today, decided, evidence
        self.of_a_month = of_a_month  # the list is one month's: `3日` is a day
        ids = [values for values in cells.values() if has_ids(values)]
        births = (c for c in columns if is_of_births(c.leaf, cells[c.index], ids, today))
        self.births = frozenset(c.index for c in births)

    def assign(self, table: TableSchema) -> Assigned:
        """By what a person said, known headers, the unit's own evidence, likeness and content."""
        found = Assigned(table)
        for column in self.columns:
            if (decided := self.decided.get(column.index)) is not None:
                self._as_decided(found, column, decided)
        self._known(found)
        self._sums(found)
        self.evidence(self, found)
        self._likely(found)
        self._sums(found)
        self._worded(found)
        return found

    def _sums(self, found: Assigned) -> None:
        free = [c.index for c in self.columns if self.is_free(found, c)]
        take_sums_apart(found, self.cells, free, frozenset(self.decided), self.today)

    def _worded(self, found: Assigned) -> None:
        """A text column that is full of the words of a choice that the table cannot do without."""
        for wanted in [f for f in found.missing if f.type == "choice"]:
            reader = ChoiceReader(wanted)
            for column, match in list(found.fields.items()):
                if match.field.type != "text" or match.field.required or column in self.decided:
                    continue
                words = [
                    w for c in self.cells[column] for w in parts_of(typed(c)) if not is_none(w)
                ]
                good = sum(reader.one(w) is not None for w in words)
                if len(words) > 1 and good >= _MOSTLY * len(words):
                    found.give(column, wanted, SURE)
                    break

    def _as_decided(self, found: Assigned, column: HeaderColumn, decided: str) -> None:
        table, _, name = decided.rpartition(".")
        if decided == IGNORED:
            found.ignored.add(column.index)
        elif table and table != found.table.id:
            return  # another table's
        elif name in found.table.by_id:
            found.give(column.index, found.table.by_id[name], 1.0)

    def _known(self, found: Assigned) -> None:
        key = (self.ledger, found.table.id)
        matches = [(c, m) for c in self.columns if (m := self.index.match(key, c)) is not None]
        for column, match in sorted(matches, key=lambda cm: cm[1].rank, reverse=True):
            at = column.index
            if at in self.decided or at in found.fields:
                continue
            if found.column_of(match.field.id) is not None:
                found.repeated.add(at)
                continue
            sure = self._agrees(match.field, at)
            if sure >= SURE:
                found.fields[at], found.confidence[at] = match, sure
            elif at not in self.births:
                found.proposals[at] = (match.field,)

    def _agrees(self, wanted: FieldSchema, column: int) -> float:
        """How sure a known header is, given what stands below it."""
        if wanted.type == "date" and column in self.births and "出生" not in wanted.header:
            return 0.0
        fit = self.fit(wanted, column)
        if wanted.type == "date" and self._are_short_days(column):
            return 1.0
        if fit is None or wanted.type not in _STRICT or fit >= 0.5:
            return 1.0
        return 0.92 if fit >= 0.2 else 0.5

    def _are_short_days(self, column: int) -> bool:
        """`3.5`, `3月5日9:00`, in the list of a month `5日`: days, where the header says so."""
        texts = [typed(c) for c in self.cells[column][:_SAMPLE] if not is_blank(c)]
        good = sum(is_short_day(t, self.of_a_month) for t in texts)
        return len(texts) > 1 and good >= 0.5 * len(texts)

    def fit(self, wanted: FieldSchema, column: int) -> float | None:
        """The share of filled cells that are values of the field, None for too few."""
        filled = [c for c in self.cells[column][:_SAMPLE] if not is_blank(c)]
        if len(filled) < 2 or wanted.type in ("text", "code", "digits"):
            return None
        if wanted.type == "name":
            return sum(map(_may_be_names, filled)) / len(filled)
        if wanted.type == "id_number":
            return sum(len(squeeze(typed(c))) >= 15 or "*" in typed(c) for c in filled) / len(
                filled
            )
        parser = CellParser(wanted, self.today)
        return sum(not isinstance(parser(c).value, Invalid) for c in filled) / len(filled)

    def _likely(self, found: Assigned) -> None:
        absent = [f for f in found.table.fields if found.column_of(f.id) is None]
        free = [c for c in self.columns if self.is_free(found, c)]
        table = found.table
        scored = [(self._score(table, f, c), c, f) for f in absent for c in free]
        for score, column, wanted in sorted(scored, key=lambda s: (-s[0], s[1].index)):
            at = column.index
            if score < LEAST or at in found.fields:
                continue
            if score < SURE and self._is_the_only(found, free, column, wanted):
                score = SURE
            if score >= SURE and found.column_of(wanted.id) is None:
                found.give(at, wanted, score)
            elif found.column_of(wanted.id) is None:
                found.proposals[at] = (*found.proposals.get(at, ()), wanted)[:3]

    def _is_the_only(
        self,
        found: Assigned,
        free: Sequence[HeaderColumn],
        column: HeaderColumn,
        wanted: FieldSchema,
    ) -> bool:
        """Nothing else could be the day (number, telephone) that the table needs."""
        if not wanted.required or wanted.type not in _STRICT - {"name"} - NUMBERS:
            return False
        if found.column_of(wanted.id) is not None:
            return False
        fitting = [c for c in free if (self.fit(wanted, c.index) or 0) >= SURE]
        return [c.index for c in fitting if c.index not in self.births] == [column.index]

    def is_free(self, found: Assigned, column: HeaderColumn) -> bool:
        at = column.index
        if column.is_serial or column.is_own or at in self.decided:
            return False
        return at not in found.fields and at not in found.repeated

    def _score(self, table: TableSchema, wanted: FieldSchema, column: HeaderColumn) -> float:
        """Likeness of the wording, raised or lowered by what stands in the cells."""
        if column.index in self.births and "出生" not in wanted.header:
            return 0.0
        likeness = likeness_of(wanted, column)
        fit = self.fit(wanted, column.index)
        if wanted.type == "id_number" and self._are_ids(column.index):
            return 0.95 if any(w in column.leaf for w in ("证", "号", "ID", "id")) else 0.8
        if wanted.type == "text" and wanted.required and self._are_names(column.index):
            return 0.0
        if fit is None:
            return min(likeness, SURE - 0.01)
        if likeness >= LEAST and fit >= _WORDS and self._are_its_words(table, wanted, column.index):
            return SURE
        if wanted.type in _STRICT | _WORDED:
            score = 0.6 * likeness + 0.4 * fit if fit >= 0.5 else 0.5 * likeness
            return score if likeness >= 0.85 else min(score, SURE - 0.01)
        return likeness * (0.5 + 0.5 * fit)

    def _are_names(self, column: int) -> bool:
        filled = [c for c in self.cells[column][:_SAMPLE] if not is_blank(c)]
        return len(filled) > 1 and all(map(_may_be_names, filled))

    def _are_its_words(self, table: TableSchema, wanted: FieldSchema, column: int) -> bool:
        """Words of this choice, half of them of no other one: what the column says by itself."""
        if wanted.type not in ("choice", "choices") or not wanted.required:
            return False
        others = [ChoiceReader(f) for f in table.fields if f.choices and f is not wanted]
        reader = ChoiceReader(wanted)
        words = {typed(c) for c in self.cells[column][:_SAMPLE] if not is_blank(c)}
        own = [w for w in words if not any(r.several(w) for r in others) and reader.several(w)]
        return len(own) * 2 > len(words)

    def _are_ids(self, column: int) -> bool:
        """Nine in ten have a right check digit."""
        filled = [c for c in self.cells[column][:_SAMPLE] if not is_blank(c)]
        good = sum(identity.id_fault(identity.clean_id(c), self.today) is None for c in filled)
        return len(filled) > 1 and good >= 0.9 * len(filled)


def likeness_of(wanted: FieldSchema, column: HeaderColumn) -> float:
    """How near the header is to one of the field's wordings, from 0 to 1.

    The same signs in another order are nearly the same: 保障金额（月） for 月保障金额.
    """
    leaf, whole = column.leaf, "".join(column.keys)
    names = [header_key(h) for h in wanted.headers]
    if any(len(n) > _SHORT and sorted(_signs(n)) == sorted(_signs(leaf)) for n in names):
        return _TURNED
    best = max(max(fuzz.ratio(n, leaf), fuzz.ratio(n, whole)) for n in names) / 100
    if wanted.type == "text" and any(len(n) > _SHORT and n in leaf for n in names):
        return max(best, _WITHIN)
    return best


def _signs(header: str) -> Iterator[str]:
    return (sign for sign in header if sign.isalnum())


def _may_be_names(raw: object) -> bool:
    """One name or several."""
    parts = [p for p in typed(raw).replace("，", "、").replace(",", "、").split("、") if p.strip()]
    return any(looks_like_name(p.strip()) for p in parts)
