"""Header rows as people make them: aliases, numbers, line breaks, merged parents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from ledgersync.schema import FieldSchema, TableSchema, header_key
from tests.layouts.plans import Plan

WRAPS = ("\n", " ", "\u3000")
# Parents that only group; none of them is a header, alone or together with what stands below.
GROUPS = ("基本信息", "基本情况", "保障信息", "服务情况", "办理信息", "其他信息", "登记信息")
TOP_GROUPS = ("一、基础部分", "二、业务部分", "三、补充部分", "填报内容")


@dataclass(frozen=True, slots=True)
class Slot:
    """A column of the sheet: its field (None: a column no schema knows) and its header."""

    field: FieldSchema | None
    header: str
    parent: str = ""
    top: str = ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header text over `rows` × `columns` cells, from row and column 0 of the header."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


def slots_for(rng: Random, plan: Plan, table: TableSchema, keep: Sequence[str]) -> list[Slot]:
    """The columns of a sheet: required and `keep` always, the others mostly."""
    fields = [f for f in table.fields if f.required or f.id in keep or rng.random() < 0.88]
    if plan.shuffled:
        rng.shuffle(fields)
    slots = [Slot(f, _wording(rng, plan, f)) for f in fields]
    if plan.header_depth > 1:
        slots = _grouped(rng, table, slots, plan.header_depth) + _split_counts(rng, table, slots)
    slots = _with_extras(rng, plan, table, slots)
    return [_styled(rng, plan, n, slot) for n, slot in enumerate(slots, start=1)]


def _wording(rng: Random, plan: Plan, f: FieldSchema) -> str:
    return rng.choice(f.headers) if plan.aliases and rng.random() < 0.7 else f.header


def _with_extras(rng: Random, plan: Plan, table: TableSchema, slots: list[Slot]) -> list[Slot]:
    """A column nobody asked for, and one that says 联系电话 and 电话: the canonical one wins."""
    found = list(slots)
    if plan.extra_columns:
        for header in rng.sample(("开户行", "照片编号", "经办人签字", "建档立卡"), 2):
            found.insert(rng.choice(_gaps(found)), Slot(None, header))
    twice = [i for i, s in enumerate(found) if s.field and s.field.id == "phone" and not s.parent]
    if plan.repeated_column and twice:
        phone = table.by_id["phone"]
        found[twice[0]] = Slot(phone, phone.header)
        found.append(Slot(None, rng.choice(("电话", "手机"))))
    return found


def _gaps(slots: Sequence[Slot]) -> list[int]:
    """Where a column may be put in without tearing a parent apart."""
    between = range(1, len(slots))
    torn = [
        any(a and a == b for a, b in zip(_parents(slots[i - 1]), _parents(slots[i]), strict=True))
        for i in between
    ]
    return [i for i, cut in zip(between, torn, strict=True) if not cut] + [len(slots)]


def _parents(slot: Slot) -> tuple[str, str]:
    return slot.top, slot.parent


def _split_counts(rng: Random, table: TableSchema, slots: Sequence[Slot]) -> list[Slot]:
    """`保障人数 ▸ 城市, 农村`: neither is a header, so both columns are unknown."""
    taken = any(s.header.startswith("保障人数") for s in slots)
    if table.id != "households" or taken or rng.random() < 0.3:
        return []
    return [Slot(None, part, "保障人数") for part in ("城市", "农村")]


def _styled(rng: Random, plan: Plan, number: int, slot: Slot) -> Slot:
    """The header with a number in front, a break inside, full-width brackets."""
    text = slot.header
    if rng.random() < 0.3 and plan.aliases:
        text = text.replace("(", "（").replace(")", "）")
    if plan.wrapped and len(text) > 2:
        cut = rng.randint(1, len(text) - 1)
        text = text[:cut] + rng.choice(WRAPS) + text[cut:]
    if plan.numbered and not slot.parent:
        text = f"{number}.{text}"
    return Slot(slot.field, text, slot.parent, slot.top)


def _grouped(rng: Random, table: TableSchema, slots: list[Slot], depth: int) -> list[Slot]:
    """Columns under parents: `户主 ▸ 姓名, 身份证号` and plain groups such as 基本信息."""
    found: list[Slot] = []
    groups = rng.sample(GROUPS, len(GROUPS))
    while len(found) < len(slots):
        rest = slots[len(found) :]
        run = _sharing_prefix(rest) or _under_a_group(rng, table, rest, groups)
        found += run or [rest[0]]
    return _under_tops(rng, found) if depth == 3 else found


def _sharing_prefix(rest: Sequence[Slot]) -> list[Slot]:
    """The longest run from the first column whose headers begin alike: the parent is that word."""
    for width in range(len(rest), 1, -1):
        headers = [s.header for s in rest[:width]]
        prefix = _common_prefix(headers)
        if len(prefix) >= 2 and all(len(h) - len(prefix) >= 2 for h in headers):
            return [Slot(s.field, s.header[len(prefix) :], prefix) for s in rest[:width]]
    return []


def _common_prefix(texts: Sequence[str]) -> str:
    length = 0
    while all(len(t) > length and t[length] == texts[0][length] for t in texts):
        length += 1
    return texts[0][:length]


def _under_a_group(
    rng: Random, table: TableSchema, rest: Sequence[Slot], groups: list[str]
) -> list[Slot]:
    """Two to four columns under a parent that only groups; now and then none."""
    width = rng.randint(2, 4)
    if rng.random() < 0.4 or len(rest) < width or not groups:
        return []
    parent = groups.pop()
    run = rest[:width]
    if any(_says_something_else(table, parent, s.header) for s in run):
        return []
    return [Slot(s.field, s.header, parent) for s in run]


def _says_something_else(table: TableSchema, parent: str, header: str) -> bool:
    """`保障信息 ▸ 人口数` may well mean 保障人口数: no case with one right answer."""
    stems = (parent, parent.removesuffix("信息").removesuffix("情况"))
    return any(header_key(stem + header) in table.header_index for stem in stems)


def _under_tops(rng: Random, slots: list[Slot]) -> list[Slot]:
    """A third row above: runs of whole parents under a heading of their own."""
    found: list[Slot] = []
    tops = list(TOP_GROUPS)
    while len(found) < len(slots):
        end = _end_of_run(slots, len(found) + rng.randint(2, 6))
        top = tops.pop(0) if tops and rng.random() < 0.8 else ""
        found += [Slot(s.field, s.header, s.parent, top) for s in slots[len(found) : end]]
    if len({s.top for s in found}) == 1:  # one heading over everything would be a title
        return slots
    return found


def depth_of(slots: Sequence[Slot]) -> int:
    """How many rows the header needs."""
    if any(s.top for s in slots):
        return 3
    return 2 if any(s.parent for s in slots) else 1


def _end_of_run(slots: Sequence[Slot], wanted: int) -> int:
    """Not before `wanted`, and never in the middle of a parent."""
    end = min(wanted, len(slots))
    while end < len(slots) and slots[end].parent and slots[end].parent == slots[end - 1].parent:
        end += 1
    return end


def header_cells(slots: Sequence[Slot], depth: int) -> list[HeaderCell]:
    """Where each header text goes; the lowest text of a column is merged down to the last row."""
    cells: dict[tuple[int, int], HeaderCell] = {}
    for column, slot in enumerate(slots):
        for cell in _column_cells(slot, column, depth):
            left = cells.get((cell.row, column - 1))
            if cell.row + cell.rows < depth and left and _same(left, cell):
                cell = replace(cell, column=left.column, columns=left.columns + 1)
            cells[cell.row, column] = cell
    return list({(c.row, c.column): c for c in cells.values()}.values())


def _same(left: HeaderCell, cell: HeaderCell) -> bool:
    return (left.text, left.rows) == (cell.text, cell.rows)


def _column_cells(slot: Slot, column: int, depth: int) -> list[HeaderCell]:
    """Parents above, the header below: one row each, and one of them takes what is left."""
    texts = [t for t in (slot.top, slot.parent, slot.header) if t]
    spare = depth - len(texts)
    stretched = 0 if slot.parent and not slot.top else len(texts) - 1
    cells, row = [], 0
    for n, text in enumerate(texts):
        rows = 1 + (spare if n == stretched else 0)
        cells.append(HeaderCell(row, column, rows, 1, text))
        row += rows
    return cells
