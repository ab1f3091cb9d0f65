"""The checks of a whole row: is it blank, which faults has it, what is merely worth a hint."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import field
from itertools import accumulate

from ledgersync.dataclass import dataclass
from ledgersync.schema import FieldSchema
from ledgersync.values.text import DITTO_MARKS, squeeze
from ledgersync.values.text import EMPTY_MARKS as MARKS
from ledgersync.values.totals import (
    AMOUNT_BEGINS,
    AMOUNT_ENDS,
    LONGEST_TOTAL,
    SUMMED,
    TOTAL_WORDS,
)
from ledgersync.workbook.build.expr import (
    SHARED_NAMES,
    one_of,
    replaced,
    squeezed,
    text,
    token_counter,
)
from ledgersync.workbook.build.layout import FIRST_ROW, LIVELY_ROWS, TableLayout
from ledgersync.workbook.build.native.dates import LAST_SERIAL, late
from ledgersync.workbook.build.native.field import NativeField
from ledgersync.workbook.build.native.field_rules import (
    EMPTY_MARKS,
    compared,
    relation,
    undecided,
    verdict_of,
)
from ledgersync.workbook.build.native.repeats import Repeats, repeats

TOKEN_LIMIT = 7480  # LibreOffice takes 8,192 in a cell, 7,500 as they are counted here
COMFORTABLE = 6500  # beyond so many, faults of the first fields are worked out on the sheet of keys
BEYOND = "提示：本行超出核对范围，是否重复等合并时再核；"


@dataclass
class NativeTable:
    """The defined names of a table, and those that cells and formats refer to.

    `check`, `typed` (somebody has typed into this row) and `entered` (the same, but for a row of
    totals whose word stands in place of a number) are names; `faults`, `undecided_cells`,
    `numbers`, `fills` and `lists` are names by field id, `own` those of faults that a cell has by
    itself; `keys` finds what stands twice.
    """

    prefix: str
    check: str
    typed: str
    entered: str = ""
    keys: Repeats | None = None
    names: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    own: dict[str, str] = field(default_factory=dict)
    undecided_cells: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)

    def define(self, kind: str, formula: str) -> str:
        """A defined name for this table; gives the name."""
        name = self.prefix + kind
        self.names[name] = formula
        return name


def names_of_table(layout: TableLayout, first_key: int = 1) -> NativeTable:
    """All names for one table, worked out anew; its keys begin in that column of the keys' sheet.

    Per field `e` is the fault of the cell alone, `g` that of the row, `f` the same but silent on a
    blank row.
    """
    table, prefix = layout.table, f"LS_{layout.table.id}_"
    made = NativeTable(prefix, f"{prefix}check", f"{prefix}typed")
    blank = _blank(made, layout)
    lively = layout.last_row - FIRST_ROW < LIVELY_ROWS
    today = "TODAY()" if lively else LAST_SERIAL
    fields = {
        f.id: NativeField(f, layout.cell(f.id), prefix, today)
        for f in table.fields
        if not f.is_extra
    }
    made.own = {f: native.define("e", verdict_of(native)) for f, native in fields.items()}
    made.keys = repeats(layout, fields, prefix, first_key)
    verdicts = made.keys.verdicts if made.keys else {}
    made.names.update(made.keys.names if made.keys else {})
    for f, native in fields.items():
        pairs = compared(table, native.schema)
        relations = [relation(native, fields[other.id], small) for other, small in pairs]
        parts = [made.own[f], *relations, *([verdicts[f]] if f in verdicts else [])]
        fault = native.define("g", "&".join(parts))
        if native.schema.not_future and not lively:
            fault = f"{fault}&{late(native)}"
        if formula := undecided(native):
            made.undecided_cells[f] = native.define("h", formula)
        made.faults[f] = native.define("f", f'IF({blank},"",{fault})')
        made.names.update(native.names)
        if native.schema.generated:
            made.numbers[f] = _number(made, layout, native.schema)
    _check(made, layout, fields, blank)
    return made


def _blank(made: NativeTable, layout: TableLayout) -> str:
    """`typed`: a cell without a proposal holds a record; `blank`: nothing at all is in the row.

    Blanks and 无 alone make none, and neither does a row of totals: 合计 and nothing but numbers.
    `entered` is `typed` for all proposals but the number itself, in whose place 合计 may stand.
    """
    kinds = {f.id: f.type for f in layout.table.fields if f.id not in layout.proposed}
    nothing = text("|" + "|".join(("", *sorted(MARKS))) + "|")
    runs = layout.cells_of_row([layout.columns[f] for f in kinds])
    plain = [f'"|"&TRIM(SUBSTITUTE(ASC({run}),"　"," "))&"|"' for run in runs]
    filled = "+".join(f"SUMPRODUCT(--ISERROR(FIND({cells},{nothing})))" for cells in plain)
    totals = "+".join(map(_totals, runs))
    sums = layout.cells_of_row([layout.columns[f] for f, kind in kinds.items() if kind in SUMMED])
    numbers = "+".join(map(_amounts, sums)) or "0"
    rest = f"{filled}>{totals}"
    made.entered = made.define("typed", f"{rest}+IF({totals}=0,0,{numbers})")
    numbered = {f.id for f in layout.table.fields if f.generated and f.id in layout.proposed}
    if numbered:
        words = "+".join([totals, *(_totals(layout.cell(f)) for f in sorted(numbered))])
        made.entered = made.define("entered", f"{rest}+IF({words}=0,0,{numbers})")
    shown = [
        f"IF({_totals(layout.cell(f))}=0,LEN({layout.cell(f)}),0)"
        if f in numbered
        else f"LEN({layout.cell(f)})"
        for f in layout.columns
        if f in layout.proposed
    ]
    if not shown:
        return made.define("blank", f"NOT({made.typed})")
    return made.define("blank", f"IFERROR(AND(NOT({made.entered}),{'+'.join(shown)}=0),FALSE)")


def _totals(cells: str) -> str:
    """How many of these cells say 合计, 第1网格小计 or 合计28户; see `values.totals`."""
    words = replaced(cells, (" ", "　", "：", ":"))
    known = text("|" + "|".join(TOTAL_WORDS) + "|")
    ends = f'ISNUMBER(FIND("|"&RIGHT({words},2)&"|",{known}))'
    begins = f'ISNUMBER(FIND("|"&LEFT({words},2)&"|",{known}))'
    counts = f'ISNUMBER(FIND(MID({words}&"?",3,1),"0123456789"))'
    short = f"ISNUMBER(1/(LEN({words})<={LONGEST_TOTAL}))"  # of an error value it is false
    return f"SUMPRODUCT(({ends}+{begins}*{counts}>0)*{short})"


def _amounts(cells: str) -> str:
    """How many of these cells hold a number, `28`, `28户` or `三户`."""
    first = f'ISNUMBER(FIND(LEFT({cells}&"?"),{text(AMOUNT_BEGINS)}))'
    last = f'ISNUMBER(FIND(RIGHT("?"&{cells}),{text(AMOUNT_ENDS)}))'
    return f"SUMPRODUCT({first}*{last})"


def _number(made: NativeTable, layout: TableLayout, f: FieldSchema) -> str:
    """A proposal made from the record id, shown as soon as something is typed into the row."""
    table = layout.table
    identity = layout.cell_at(layout.id_column)
    number = f'"{table.number_prefix or table.id.upper()}-"&RIGHT({identity},8)'
    return made.define(f"no_{f.id}", f'IF(AND({made.typed},{identity}<>""),{number},"")')


def _check(
    made: NativeTable, layout: TableLayout, fields: Mapping[str, NativeField], blank: str
) -> None:
    """All faults of the row in column order, then the hints, as many as LibreOffice can hold."""
    parts = [native.name("g") for native in fields.values()]
    later = [native for native in fields.values() if native.later]
    parts += [made.define(f"later_{n.schema.id}", _left_to_merge(n)) for n in later]
    parts += [_copied(layout), *([made.keys.hint] if made.keys else [])]
    for f, native in fields.items():
        parts += [made.define(f"hint_{f}", hint) for hint in _hints(native, fields)]
    if made.keys:
        parts.append(f'IF(ISBLANK({made.keys.first_cell}),{text(BEYOND)},"")')
    tokens = token_counter(SHARED_NAMES | made.names)
    if made.keys:
        parts = _shared_out(made, layout, blank, parts, tokens)
    used, kept = tokens(made.names[blank]), []
    for part in parts:
        used += tokens(part) + 1
        if used > TOKEN_LIMIT:
            break
        kept.append(part)
    made.define("check", f'IF({blank},"",{"&".join(kept)})')


def _shared_out(
    made: NativeTable,
    layout: TableLayout,
    blank: str,
    parts: Sequence[str],
    tokens: Callable[[str], int],
) -> list[str]:
    """What one cell cannot hold with ease: the first parts get cells of the sheet of keys."""
    assert made.keys is not None
    needed = [tokens(part) + 1 for part in parts]
    cells = -(-sum(needed) // COMFORTABLE)
    groups: list[list[str]] = [[] for _ in range(cells)]
    for part, end in zip(parts, accumulate(needed), strict=True):
        groups[min(cells - 1, (end - 1) * cells // sum(needed))].append(part)
    row = ",".join(layout.cells_of_row(list(layout.columns.values())))
    for n, group in enumerate(groups[:-1], 1):
        verdict = f'IF({blank},"",{"&".join(group)})'
        made.keys.add_cell(made.define(f"part{n}", f'IF(COUNTA({row})=0,"",{verdict})'))
    return [*made.keys.cells_added, *groups[-1]]


def _left_to_merge(native: NativeField) -> str:
    """What only merging will judge; the cell is yellow."""
    return f'IF(ISTEXT({native.cell}),IF({native.later},{native.left_to_merge},""),"")'


def _copied(layout: TableLayout) -> str:
    """Ditto marks anywhere in the row: merging takes the value above."""
    (run,) = layout.cells_of_row(list(layout.columns.values()))
    marks = text("|" + "|".join(DITTO_MARKS) + "|")
    found = f'SUMPRODUCT(--ISNUMBER(FIND("|"&{run}&"|",{marks})))>0'
    return f'IFERROR(IF({found},{text("提示：合并时再核〔同上〕；")},""),"")'


def _hints(native: NativeField, fields: Mapping[str, NativeField]) -> Iterator[str]:
    """What the row deserves as a hint; hints never colour anything."""
    wanted = native.schema.wanted_if
    if not wanted:
        return
    condition = fields[wanted.field]
    synonyms = [s for value in wanted.values for s in condition.schema.choices.get(value, ())]
    words = [squeeze(word).upper() for word in (*wanted.values, *synonyms)]
    holds = one_of(f"UPPER({squeezed(condition.cell)})", words)
    empty = one_of(squeezed(native.cell), EMPTY_MARKS)
    hint = text(f"提示：〔{native.schema.header}〕请补填；")
    yield f'IFERROR(IF(AND({holds},{empty}),{hint},""),"")'
