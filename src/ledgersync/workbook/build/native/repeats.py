"""Records that stand twice, as `ledgersync.checks.duplicates` finds them.

The very hidden sheet `_ledgersync_keys` holds, in the very row of the record, what is compared: the
cleaned content of the whole row, its key, and what is to be said. So nothing is looked for among
unclean cells, a look-up (which takes * and ? for any characters and DB1 for db1) sees only texts in
which those are spelled otherwise, and the check column reads one cell.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from string import ascii_lowercase

from ledgersync.dataclass import dataclass
from ledgersync.model import column_letters
from ledgersync.schema import TableSchema
from ledgersync.values.choices import YES_WORDS
from ledgersync.workbook.build.expr import first_of, one_of, replaced, squeezed, text
from ledgersync.workbook.build.layout import FIRST_ROW, UNIQUE_ROWS, TableLayout
from ledgersync.workbook.build.native.choices import group_of
from ledgersync.workbook.build.native.field import NativeField
from ledgersync.workbook.build.native.field_rules import EMPTY_MARKS
from ledgersync.workbook.stamp_text import KEY_SHEET

_LONGEST_KEY = 110  # a look-up takes 255 characters, and a small letter needs two
_QUOTES = ("'", '"', "`", "´", "’", "‘", "“", "”", "′")
_DASHES = ("‐", "‑", "‒", "–", "—", "―", "−", "﹣", "─")
_UNSEEN = ("\u00a0", "\u200b")
_END = "¤"
# A look-up is blind for what these stand for.
_FOLDED = {letter: f"↓{letter.upper()}" for letter in ascii_lowercase} | {
    "*": "↓1",
    "?": "↓2",
    "~": "↓3",
}
SAME_ROW = "完全相同，请确认是否重复录入"
SAME_KEY = "重复，而其他内容不同，请核对后保留一行"


@dataclass(frozen=True)
class Chain:
    """One comparison of records: by the first of `keys` that a record has, else by all it holds.

    `column` is the first of three on the sheet of keys: key, where it stood first, what is said.
    """

    number: int
    keys: tuple[tuple[str, ...], ...]
    column: int


@dataclass(frozen=True)
class Repeats:
    """The names (name → formula) that find repetitions, and the sheet of keys that holds them.

    `cells` are names by column of that sheet, for its rows `FIRST_ROW` to `last_row`; `verdicts`
    are expressions of what is shown at a field, `hint` that of a row typed twice. `cells_added` are
    cells of that sheet which hold what has no room in the check column.
    """

    names: Mapping[str, str]
    cells: dict[int, str]
    last_row: int
    verdicts: Mapping[str, str]
    hint: str
    cells_added: list[str] = field(default_factory=list)

    @property
    def first_cell(self) -> str:
        """A cell that is blank only in rows beyond the sheet of keys."""
        return key_cell(min(self.cells))

    def add_cell(self, name: str) -> None:
        """One more column, each cell of which is this name."""
        column = max(self.cells) + 1
        self.cells[column] = name
        self.cells_added.append(key_cell(column))


def key_cell(column: int) -> str:
    """A cell of this row on the sheet of keys."""
    return f"{KEY_SHEET}!${column_letters(column)}1"


def repeats(
    layout: TableLayout, fields: Mapping[str, NativeField], prefix: str, first_column: int
) -> Repeats | None:
    """None where the table is too large."""
    if layout.last_row - FIRST_ROW >= UNIQUE_ROWS:
        return None
    return _Maker(layout, fields, prefix, first_column).made()


def chains_of(table: TableSchema, first_column: int) -> list[Chain]:
    """Keys first, then each field of its own that must be unique."""
    keys = tuple(key for key in (table.key, table.fallback_key) if key)
    found = [Chain(1, keys, first_column + 1)]
    for f in table.fields:
        if f.unique and table.key != (f.id,) and not f.is_extra:
            number = len(found) + 1
            found.append(Chain(number, ((f.id,),), first_column + 3 * number - 2))
    return found


def shown_at(table: TableSchema, key: Sequence[str]) -> str:
    """The field at which a repeated key is told: its first that refers to no other table."""
    return next((name for name in key if not table.by_id[name].ref), key[0])


class _Maker:
    def __init__(
        self,
        layout: TableLayout,
        fields: Mapping[str, NativeField],
        prefix: str,
        first_column: int,
    ) -> None:
        self.layout, self.fields, self.prefix = layout, fields, prefix
        self.table, self.first_column = layout.table, first_column
        self.names: dict[str, str] = {}
        self.cells: dict[int, str] = {}

    def made(self) -> Repeats:
        self.cells[self.first_column] = self._define("rs", self._signature())
        chains = chains_of(self.table, self.first_column)
        for name in dict.fromkeys(n for chain in chains for key in chain.keys for n in key):
            self._define(f"rc_{name}", self._part(self.fields[name]))
        for chain in chains:
            self._chain(chain)
        verdict = key_cell(chains[0].column + 2)
        hint = f'IF(LEFT({verdict},1)="提",{verdict},"")'
        last = self.layout.last_checked
        return Repeats(self.names, self.cells, last, dict(self._verdicts(chains)), hint)

    def _define(self, kind: str, formula: str) -> str:
        self.names[self.prefix + kind] = formula
        return self.prefix + kind

    def _block(self, column: int) -> str:
        letter = column_letters(column)
        return f"{KEY_SHEET}!${letter}${FIRST_ROW}:${letter}${self.layout.last_checked}"

    def _chain(self, chain: Chain) -> None:
        key, first, verdict = (chain.column + n for n in range(3))
        own = f"(ROW({key_cell(key)})-{FIRST_ROW - 1})"
        self.cells[key] = self._define(f"rk{chain.number}", self._key(chain))
        match = f"MATCH({key_cell(key)},{self._block(key)},0)"
        # 1/0 is an error: where a key stands first nothing is said.
        earlier = f'IFERROR(ROUND({own}-1/(1/({own}-{match})),0),"")'
        self.cells[first] = self._define(
            f"rm{chain.number}", f'IF({key_cell(key)}="","",{earlier})'
        )
        self.cells[verdict] = self._define(f"rt{chain.number}", self._text(chain, own))

    def _text(self, chain: Chain, own: str) -> str:
        """A fault of every record with this key, or a hint where all are the same row."""
        key, first = key_cell(chain.column), key_cell(chain.column + 1)
        block, rows = self._block(chain.column + 1), self._block(self.first_column)
        at = f"IF(ISNUMBER({first}),{first},{own})"
        unlike = f"({block}={at})*(1-EXACT({rows},INDEX({rows},{at})))"
        place = f'"与第"&IF(ISNUMBER({first}),{first},MATCH({own},{block},0))+{FIRST_ROW - 1}&"行'
        headers = [text(f"〔{self._header(k)}〕") for k in chain.keys]
        header = f"CHOOSE(VALUE(LEFT({key},1)),{','.join([*headers, 'NA()'])})"
        fault = f'{header}&{place}{SAME_KEY}；"'
        same = f'IF(ISNUMBER({first}),"提示："&{place}{SAME_ROW}；","")'
        again = f"OR(ISNUMBER({first}),ISNUMBER(MATCH({own},{block},0)))"
        told = f'IFERROR(IF(SUMPRODUCT({unlike})>0,{fault},{same}),"")'
        return f'IF({key}="","",IF({again},{told},""))'

    def _header(self, key: Sequence[str]) -> str:
        return self.table.by_id[shown_at(self.table, key)].header

    def _verdicts(self, chains: Sequence[Chain]) -> Iterator[tuple[str, str]]:
        """By field; what the keys say already is not said again."""
        places: dict[str, list[Chain]] = {}
        for chain in chains:
            for key in chain.keys:
                places.setdefault(shown_at(self.table, key), []).append(chain)
        for name, found in places.items():
            mark = text(f"〔{self.table.by_id[name].header}〕")
            verdict = '""'
            for chain in dict.fromkeys(reversed(found)):
                cell = key_cell(chain.column + 2)
                verdict = f"IF(LEFT({cell},LEN({mark}))={mark},{cell},{verdict})"
            yield name, verdict

    def _key(self, chain: Chain) -> str:
        """`1|…` the key, `2|…` the next one, or the whole row; with a number in front."""
        whole = key_cell(self.first_column)
        ends = f'"{len(chain.keys) + 1}|"&LEFT({whole},60)&"|"&RIGHT({whole},40)&LEN({whole})'
        raw = ends if chain.number == 1 else '""'
        for number, key in reversed(list(enumerate(chain.keys, 1))):
            parts = "&".join(f'"|"&{self.prefix}rc_{name}' for name in key)
            raw = f'IFERROR("{number}"&{parts},{raw})'
        folded = f"LEFT({raw},{_LONGEST_KEY})"
        for old, new in _FOLDED.items():
            folded = f'SUBSTITUTE({folded},"{old}","{new}")'
        return f'IF({key_cell(self.first_column)}="","",{folded})'

    def _part(self, native: NativeField) -> str:
        """What a key is made of; an error where there is no value."""
        empty = one_of(squeezed(native.cell), EMPTY_MARKS)
        if native.value is not None:
            return f"IF({empty},NA(),{native.value})"
        content = self._content(native)
        return f'IF({empty},NA(),IF({native.name("e")}="",{content},NA()))'

    def _signature(self) -> str:
        """The whole row, each cell as its field is read."""
        parts = [self._define(f"rp_{f}", self._of_row(n)) for f, n in self.fields.items()]
        columns = self.layout.columns
        own = [self.layout.cell_at(columns[f.id]) for f in self.table.fields if f.is_extra]
        parts += [f'IFERROR(TRIM({cell}),"")' for cell in own]
        whole = "&".join(f"{part}&CHAR(9)" for part in parts)
        written = [n for f, n in columns.items() if f not in self.layout.proposed]
        cells = ",".join(self.layout.cells_of_row(written))  # blank rows cost next to nothing
        return f'IF(COUNTA({cells})=0,"",IF({self.prefix}typed,{whole},""))'

    def _of_row(self, native: NativeField) -> str:
        if native.value is not None:
            return f'IFERROR({native.value}&"",IFERROR({_nothing_empty(native)},"#"))'
        if native.schema.type == "choice":
            known = group_of(f"UPPER({native.clean})", native.name("w"))
            return f'IFERROR({known}&"",IFERROR({_nothing_empty(native)},"#"))'
        content = self._content(native)
        if native.schema.type == "id_number":  # a wrong one is what was typed
            content = f'IF({native.name("e")}="",{content},TRIM({native.cell}))'
        empty = one_of(squeezed(native.cell), EMPTY_MARKS)
        return f'IFERROR(IF({empty},"",{content}),"#")'

    def _content(self, native: NativeField) -> str:
        """The cleaned text of a cell."""
        kind, cell = native.schema.type, native.cell
        if kind == "id_number":
            t = native.name("x")  # of fifteen digits the century is known
            return f"IF(LEN({t})=15,REPLACE({t},7,0,19),LEFT({t},17))"
        if kind == "text":
            return f"TRIM({replaced(cell, _UNSEEN, ' ')})"
        if kind == "bool":
            return first_of([(one_of(f"UPPER({native.clean})", sorted(YES_WORDS)), '"是"')], '"否"')
        bare = replaced(squeezed(cell), _QUOTES)
        if kind == "code":
            dashed = replaced(bare, _DASHES, "-")
            return replaced(replaced(f'{dashed}&"{_END}"', (f".0{_END}",)), (_END,))
        return replaced(bare, ("-",)) if kind == "phone" else bare


def _nothing_empty(native: NativeField) -> str:
    """The cell as it was typed, nothing for 无 and its like."""
    cleaned = squeezed(native.cell)
    return f'IF({one_of(cleaned, EMPTY_MARKS)},"",{native.cell}&"")'
