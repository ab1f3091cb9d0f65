"""What makes a row a record: values that only an entry has.

Pure. A cell is an entry when it has a value of its column's type and says nothing of the form.
"""

from collections.abc import Mapping
from datetime import date

from ledgersync.model import Invalid
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema
from ledgersync.schema.ledger import NUMBERS as NUMBERS
from ledgersync.values import CellError, CellParser
from ledgersync.values.text import clean_name, squeeze, trim, typed
from ledgersync.workbook.read.layout import wording

DECISIVE = frozenset({"id_number", "date", "phone", "choice", "choices"})
_CODE = pattern_of(r"[0-9A-Za-z\u4e00-\u9fff()〔〕\[\]第号/_-]*\d[0-9A-Za-z()〔〕\[\]号/_-]*")
Content = list[tuple[int, object]]


class Evidence:
    """Judges the cells of one table's rows by the fields of their columns."""

    def __init__(self, fields: Mapping[int, FieldSchema], today: date) -> None:
        self.fields = fields
        self.parsers: Mapping[int, CellParser] = _Parsers(fields, today)

    def holds(self, column: int, raw: object, types: frozenset[str]) -> bool:
        """The cell is in a column of one of these types, and has a value of it."""
        schema = self.fields.get(column)
        if schema is None or schema.type not in types or isinstance(raw, CellError):
            return False
        if schema.type == "id_number":
            text = squeeze(typed(raw))
            return len(text) >= 15 and text[6:14].isdigit()
        value = self.parsers[column](raw).value
        return value is not None and not isinstance(value, Invalid)

    def decided(self, content: Content) -> bool:
        """A cell that only a record has."""
        return any(self.holds(c, raw, DECISIVE) for c, raw in content)

    def is_entry(self, column: int, raw: object) -> bool:
        """A valid day, code, number, name, choice or the like of its own."""
        schema = self.fields.get(column)
        if schema is None or schema.type in ("text", "bool") or _is_word_of_form(raw):
            return False
        if schema.type == "name":
            return looks_like_name(raw)
        if schema.type in ("code", "digits"):
            return bool(_CODE.fullmatch(squeeze(typed(raw)))) and len(squeeze(typed(raw))) < 24
        return self.holds(column, raw, frozenset({schema.type}))

    def entries(self, content: Content) -> int:
        """How many cells of a row could be somebody's entry: valid values, and texts."""
        return sum(self.is_entry(c, raw) or self.is_text_entry(c, raw) for c, raw in content)

    def is_text_entry(self, column: int, raw: object) -> bool:
        """A free text that says nothing of the form."""
        schema = self.fields.get(column)
        if schema is None or schema.type != "text" or not isinstance(raw, str):
            return False
        return not (_is_word_of_form(raw) or wording.is_nothing(raw))

    def has_full_id(self, content: Content) -> bool:
        """A valid identity number."""
        return any(
            self.holds(c, raw, frozenset({"id_number"}))
            and isinstance(self.parsers[c](raw).value, str)
            for c, raw in content
        )


class _Parsers(dict[int, CellParser]):
    """The parser of each column, made when a cell of it is judged."""

    def __init__(self, fields: Mapping[int, FieldSchema], today: date) -> None:
        super().__init__()
        self._fields, self._today = fields, today

    def __missing__(self, column: int) -> CellParser:
        made = self[column] = CellParser(self._fields[column], self._today)
        return made


def _is_word_of_form(raw: object) -> bool:
    """A label, a total, an option list, a signature: no entry."""
    if not isinstance(raw, str):
        return False
    return (
        wording.is_plain_total(raw)
        or wording.is_signature(raw)
        or wording.of_the_form(raw)
        or wording.is_day(raw)
    )


def looks_like_name(raw: object) -> bool:
    """Two to four characters, or a name with a middle dot."""
    if not isinstance(raw, str):
        return False
    name = clean_name(trim(raw))
    return (2 <= len(name) <= 4 and all(map(str.isalpha, name))) or "·" in name


def is_amount(raw: str) -> bool:
    """`1,234.00`, `43人`: what stands under the numbers of a total."""
    text = squeeze(raw).rstrip("元人户次个件场条名小时%").replace(",", "").lstrip("￥¥")
    return text.replace(".", "", 1).lstrip("-").isdigit()
