"""Cells that hold what belongs to another column: pasted one column off, or two of them swapped.

Only what is plain: an identity or telephone number, a grid or a person of the same row where an
address belongs; an address, a grid or a word of a choice where a person belongs. It is kept and
told. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence

from ledgersync.model import Note, Value
from ledgersync.patterns import pattern_of
from ledgersync.schema import FieldSchema, TableSchema
from ledgersync.values import notes
from ledgersync.values.several import NO_NAMES, RELATIONS

_GRID = r"第?[0-9一二三四五六七八九十]{1,3}号?网格"
_NUMBER = r"1[3-9]\d{9}|[1-9]\d{16}[\dXx]"
_DAY = r"(?:19|20)\d\d[-./年]\d{1,2}[-./月]\d{1,2}日?"
_NO_PLACE = pattern_of(rf"{_GRID}|{_NUMBER}|{_DAY}")
_NO_PERSON = pattern_of(rf"{_GRID}|.*\d+\s*(?:号|栋|幢|室|单元|楼|层|弄|组)(?:[^0-9]?.*)?")
_PERSON = pattern_of(r"[\u4e00-\u9fff]{2,4}")
Astray = Iterator[tuple[tuple[int, str], Note]]


def astray_notes(schema: TableSchema, values: Mapping[str, Sequence[Value]]) -> Astray:
    """A note for each cell that holds what belongs elsewhere."""
    people = [f for f in schema.fields if f.type == "name" and f.id in values]
    words = _choice_words(schema)
    for field in people:
        odd = {v for v in _texts(values[field.id]) if v in words or _NO_PERSON.fullmatch(v)}
        yield from _at(field, values[field.id], odd)
    for field in schema.fields:
        if field.id in values and field.type == "text" and field.personal == "address":
            texts = _texts(values[field.id])
            yield from _at(field, values[field.id], set(filter(_NO_PLACE.fullmatch, texts)))
            yield from _named_after_people(field, values, people, texts)


def _choice_words(schema: TableSchema) -> set[str]:
    """The names of all choices; words that say who somebody is are the parser's matter."""
    found = {word for f in schema.fields for word in f.choices}
    return {word for word in found if len(word) > 1} - NO_NAMES - RELATIONS


def _texts(column: Sequence[Value]) -> set[str]:
    return {v for v in set(column) if isinstance(v, str)}


def _at(field: FieldSchema, column: Sequence[Value], odd: set[str]) -> Astray:
    for i, value in enumerate(column) if odd else ():
        if isinstance(value, str) and value in odd:
            yield (i, field.id), notes.astray(field)


def _named_after_people(
    field: FieldSchema,
    values: Mapping[str, Sequence[Value]],
    people: Sequence[FieldSchema],
    texts: set[str],
) -> Astray:
    """An address (of these texts) that is the name of a person in the table."""
    names = {v for f in people for v in _texts(values[f.id])}
    places = {v for v in texts & names if _PERSON.fullmatch(v)}
    yield from _at(field, values[field.id], places)
