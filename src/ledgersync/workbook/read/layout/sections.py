"""Headings between groups of rows that carry a value: `第1网格`, `二、独居老人`.

Where the table has a column for it, the heading fills the blanks below it; where it has none, the
heading is told, for its value would be lost.
"""

from collections.abc import Iterable, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values.choices import ChoiceReader
from ledgersync.values.text import squeeze

_OUTLINE = pattern_of(r"^[(（]?(?:[一二三四五六七八九十]+|\d{1,2})[)）、.．]+")
_COUNT = pattern_of(r"[(（]?共?\d+[户人件个名][)）]?$|[:：]$|[(（][^()（）]*[)）]$")
_GROUP = pattern_of(r"(?:户|家庭|人员|对象|名单|类)$")
_ORDINAL = r"[\d〇零一二三四五六七八九十]{1,4}号?"
_GRID = pattern_of(rf"第?{_ORDINAL}网格|网格{_ORDINAL}")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading in `row` that gives `value` to `field`, for the records up to the next one."""

    row: int
    field: FieldSchema
    value: str


def sections_of(table: TableSchema, rows: Iterable[tuple[int, Sequence[str]]]) -> list[Section]:
    """The headings that carry a value of one of the table's fields; `rows` are their texts."""
    readers = [(f, ChoiceReader(f)) for f in table.fields if f.type in ("choice", "choices")]
    found = []
    for row, texts in rows:
        named = _named(table, readers, texts[0]) if len(texts) == 1 else None
        if named is not None:
            found.append(Section(row, *named))
    return found


def is_heading(table: TableSchema, text: str) -> bool:
    """The text names a group of rows, and is no entry: `停保户`, `独居老人`."""
    return bool(sections_of(table, [(1, [text])]))


def _named(
    table: TableSchema, readers: Sequence[tuple[FieldSchema, ChoiceReader]], text: str
) -> tuple[FieldSchema, str] | None:
    """The field and its value, also before the noun of the group: `停保` of `停保户`."""
    bare = _bare(text)
    for word in dict.fromkeys((bare, _GROUP.sub("", bare))):
        field = _field_of(table, readers, word) if len(word) >= 2 else None
        if field is not None:
            return field, word
    return None


def _bare(text: str) -> str:
    return _COUNT.sub("", _OUTLINE.sub("", squeeze(text)))


def _field_of(
    table: TableSchema, readers: Sequence[tuple[FieldSchema, ChoiceReader]], text: str
) -> FieldSchema | None:
    """The one field that has such a value."""
    if _GRID.fullmatch(text):
        return table.by_id.get("grid")
    fitting = [f for f, reader in readers if reader.one(text) is not None]
    return fitting[0] if len(fitting) == 1 else None
