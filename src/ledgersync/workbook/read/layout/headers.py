"""Header columns and the field each one names: aliases, parents above, numbers and units."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from ledgersync.dataclass import dataclass
from ledgersync.patterns import pattern_of
from ledgersync.schema import Catalog, FieldSchema, TableKey, TableSchema, header_key
from ledgersync.schema.mappings import IGNORED, mapping_name
from ledgersync.values.text import squeeze, trim

JOINT = " ▸ "
RECORD_ID = "_LS_ID"
CHECK_COLUMN = "校验"
_SERIAL = frozenset({"序号", "序", "行号", "顺序号", "流水号", "no", "no.", "№", "次序", "顺号"})
_NUMBERED = pattern_of(
    r"(?:第|No\.?|№|#|[A-Za-z]{1,3}[-－]?)?[(（\[]?(?:[0-9０-９]+(?:[-－.．/][0-9０-９]+)*|[一二三四五六七八九十百零〇]+)"
    r"[)）\]]?[.．、,，。:：#号]?|[①-⑳㈠-㈩⑴-⑽㊀-㊉Ⅰ-Ⅻ]|[/／—–-]+|[…·.、]+|",
    re.IGNORECASE,
)
_DAY = pattern_of(r"(?:19|20)\d\d[-./]\d{1,2}[-./]\d{1,2}$")
_NEUTRAL_TAIL = pattern_of(r"(?:的)?(?:基本|个人|相关|身份)?(?:信息|情况|资料)$")
_OUTLINE = pattern_of(r"^(?:[(（]?[一二三四五六七八九十]+[)）]?[、.．]?)(?=.{2})")
_MARKS = pattern_of(r"^[*★※]+|[*★※]+$")
_UNIT_TAIL = pattern_of(
    r"(?:(?<=[额金费入])[:/]?[十百千万亿]{1,2}元|[:/]分钟)$|"
    r"\((?:(?:单位[:：])?[十百千万亿]{0,2}元(?:/[月人户次])?|分钟|天|人|户|次|人次|户次|小时|周岁|岁|"
    r"必填|选填|可不填|\d+位|18位数?字?|"
    r"格式.*|如.*|例.*|年月日|年/月/日|yyyy.*|是/否|√)\)$",
    re.IGNORECASE,
)
_UNITS = frozenset({"元", "百元", "千元", "万元", "元/月", "分钟", "小时", "人", "户", "次"})
_UNITS |= {"人次", "户次", "岁", "周岁", "填写"}
_PERSONS_OWN = frozenset({"name", "id_number", "phone"})
_WHO = frozenset({"姓名", "名字", "名称"})
Mappings = Mapping[str, str]


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """`header_key`, without marks for "required"."""
    return _MARKS.sub("", header_key(_MARKS.sub("", trim(text))))


@dataclass(frozen=True)
class HeaderColumn:
    """A column's header: its texts from the top parent to the leaf, and how far each spans."""

    index: int
    parts: tuple[str, ...]
    spans: tuple[int, ...]

    @property
    def text(self) -> str:
        """The header as typed, parents and leaf joined."""
        return JOINT.join(trim(p) for p in self.parts)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        return tuple(normal(p) for p in self.parts)

    @property
    def key(self) -> str:
        """What a learned mapping is stored under."""
        return "▸".join(self.keys)

    @property
    def leaf(self) -> str:
        return self.keys[-1] if self.keys else ""

    @property
    def is_serial(self) -> bool:
        return self.leaf.lower() in _SERIAL

    @property
    def is_own(self) -> bool:
        """A column of our own templates: record ids, the native check."""
        return self.leaf.upper() == RECORD_ID or self.leaf == CHECK_COLUMN

    @property
    def is_record_id(self) -> bool:
        return self.leaf.upper() == RECORD_ID


def is_serial_number(raw: object) -> bool:
    """What a column of serial numbers is for: `3`, `(3)`, `三`, `③`, `No.3`, `A-3`, nothing."""
    if not isinstance(raw, str):
        return True
    return bool(_NUMBERED.fullmatch(squeeze(raw))) and not _DAY.match(squeeze(raw))


@dataclass(frozen=True, slots=True)
class Match:
    """A field that a header names, and by which wording."""

    field: FieldSchema
    wording: str

    @property
    def rank(self) -> tuple[bool, int]:
        """Of two columns for one field the higher wins: canonical, then the longest wording."""
        return (self.wording == header_key(self.field.header), len(self.wording))


class HeaderIndex:
    """All headers of a catalog: which tables know which wording."""

    def __init__(self, catalog: Catalog, mappings: Mappings | None = None) -> None:
        self.tables: dict[TableKey, TableSchema] = {
            (ledger.id, table.id): table for ledger, table in catalog.tables()
        }
        self.mappings = dict(catalog.mappings if mappings is None else mappings)
        self.users: dict[str, int] = defaultdict(int)
        for table in self.tables.values():
            for key in table.header_index:
                self.users[key] += 1
        self.persons = {
            header_key(header)
            for table in self.tables.values()
            for f in table.fields
            if f.type == "name"
            for header in f.headers
        } - _WHO
        self.words = set(self.users) | {key for _, key in self._learned()}
        self.endings = {w[-1] for w in self.words} | set("】）)*★※号元钟 \u3000\u00a0\n\t\r")

    def _learned(self) -> Iterator[tuple[str, str]]:
        for name in self.mappings:
            table, _, key = name.partition("/")
            yield table, key.rpartition("▸")[2]

    def knows(self, raw: object) -> bool:
        """The cell is a header of some table, a serial number's, or one of our own."""
        if not isinstance(raw, str) or not raw or len(raw) > 60:
            return False
        key = normal(raw)
        return bool(
            key in self.words
            or key.lower() in _SERIAL
            or key.upper() == RECORD_ID
            or (key[-1:] in ")元钟" and _UNIT_TAIL.sub("", key) in self.words)
        )

    def match(self, table: TableKey, column: HeaderColumn) -> Match | None:
        """The field of this table that the column names, None for an unknown column."""
        schema = self.tables[table]
        if not column.keys or column.is_own:
            return None
        learned = self.mappings.get(mapping_name(*table, column.key))
        if learned is None:
            return _match(schema, column, self.persons)
        known = schema.by_id.get(learned)
        return Match(known, header_key(known.header)) if known else None

    def ignores(self, table: TableKey, column: HeaderColumn) -> bool:
        """Somebody confirmed that the column is none of ours."""
        return self.mappings.get(mapping_name(*table, column.key)) == IGNORED


def _match(table: TableSchema, column: HeaderColumn, persons: set[str]) -> Match | None:
    known = table.header_index
    for name, is_bare in _with_parents(column.keys):
        if name in known and not (is_bare and known[name].type not in _PERSONS_OWN):
            return Match(known[name], name)
    person = _person_above(table, column)
    if person is not None and (found := _about_person(table, person, column.leaf)):
        return found
    is_other = person is not None or _is_somebody_else(table, column, persons)
    for name in _alone(column):
        if name in known and not (is_other and known[name].type in _PERSONS_OWN):
            return Match(known[name], name)
    return None


def _with_parents(keys: tuple[str, ...]) -> Iterator[tuple[str, bool]]:
    """Leaf joined to the parents above it, the nearest first: `户主信息 ▸ 姓名` → `户主姓名`.

    The flag says that the parent lost its tail, which makes sense for persons only.
    """
    leaf, parents = keys[-1], keys[:-1]
    for parent in reversed(parents):
        for stem, is_bare in _stems(parent):
            yield stem + leaf, is_bare
    if len(parents) > 1:
        yield "".join(parents) + leaf, False


def _stems(parent: str) -> Iterator[tuple[str, bool]]:
    plain = _OUTLINE.sub("", parent)
    yield parent, False
    yield plain, False
    bare = _NEUTRAL_TAIL.sub("", plain)
    if bare and bare != plain:
        yield bare, True


def _alone(column: HeaderColumn) -> Iterator[str]:
    """The leaf itself, or what stands above a leaf that is only a unit; each without its unit."""
    key = column.leaf
    if key.strip("()") in _UNITS and len(column.keys) > 1:
        key = column.keys[-2]
    yield key
    bare = _UNIT_TAIL.sub("", key)
    if bare != key:
        yield bare


def _person_above(table: TableSchema, column: HeaderColumn) -> FieldSchema | None:
    """The person whom a parent names (`监护人 ▸ 电话`), unless the table is about that person."""
    subject = table.header_index.get("姓名")
    for parent in reversed(column.keys[:-1]):
        for stem, _ in _stems(parent):
            found = table.header_index.get(stem)
            if found is not None and found.type == "name":
                is_other = subject is None or found.id != subject.id
                return found if is_other or column.leaf in _WHO else None
    return None


def _is_somebody_else(table: TableSchema, column: HeaderColumn, persons: set[str]) -> bool:
    """A parent names a person of other tables only: 户主 above members, who have names, too."""
    stems = {stem for parent in column.keys[:-1] for stem, _ in _stems(parent)}
    return any(s in persons and s not in table.header_index for s in stems)


def _about_person(table: TableSchema, person: FieldSchema, leaf: str) -> Match | None:
    """A leaf below a person's parent: never the field of somebody else."""
    if leaf in _WHO:
        return Match(person, leaf)
    for header in person.headers:
        name = header_key(header).removesuffix("姓名") + leaf
        if name in table.header_index:
            return Match(table.header_index[name], name)
    return None
