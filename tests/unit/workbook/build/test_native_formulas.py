"""The native layer: within the limits of every program, and from the schema's rules alone."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token

from ledgersync.model import column_letters
from ledgersync.schema import LedgerSchema, load_catalog, parse_ledger
from ledgersync.values import CellParser
from ledgersync.values.choices import ChoiceReader, undressed
from ledgersync.workbook.build import (
    SheetRows,
    build_template,
    ledger_workbook,
    record_ids,
)
from ledgersync.workbook.build.expr import SHARED_NAMES, token_counter
from ledgersync.workbook.build.layout import LIVELY_ROWS, TableLayout
from ledgersync.workbook.build.native import NativeTable, native_table
from ledgersync.workbook.build.native.choices import groups_of, words_of
from ledgersync.workbook.build.native.numbers import UNITS
from ledgersync.workbook.build.native.table_rules import COMFORTABLE, TOKEN_LIMIT

CATALOG = load_catalog()
TABLES = [f"{ledger.id}.{table.id}" for ledger, table in CATALOG.tables()]
# What Excel 2010, WPS and LibreOffice share; IFERROR is the youngest (Excel 2007).
_FUNCTIONS = """
ABS AND ASC CHAR CHOOSE CLEAN COUNTA COUNTIF DATE DATEVALUE FIND HYPERLINK IF IFERROR INDEX INT
ISERROR ISNA ISNUMBER LEFT LEN LOOKUP MATCH MID NA MIN MAX MOD NOT OFFSET OR REPT RIGHT ROUND ROW
EXACT ADDRESS COLUMN COUNT ISBLANK REPLACE
ISLOGICAL ISTEXT SQRT SUBSTITUTE SUMPRODUCT TEXT TODAY TRIM UPPER VALUE
"""
SHARED_FUNCTIONS = set(_FUNCTIONS.split())


def _native(path: str, rows: int = 0) -> NativeTable:
    ledger, table = path.split(".")
    reserved = [f"R{n}" for n in range(rows)]
    return native_table(TableLayout(CATALOG.table(ledger, table), SheetRows((), reserved), "copy"))


def _without_strings(formula: str) -> str:
    return re.sub(r'"(?:[^"]|"")*"', '""', formula)


def _depth(formula: str) -> int:
    deepest = depth = 0
    for character in _without_strings(formula):
        depth += {"(": 1, ")": -1}.get(character, 0)
        deepest = max(deepest, depth)
    assert depth == 0
    return deepest


@pytest.mark.parametrize("path", TABLES)
def test_formulas_stay_within_the_limits_of_excel_and_libreoffice(path: str) -> None:
    native = _native(path)
    names = SHARED_NAMES | native.names
    assert max(map(len, names.values())) <= 8192
    assert max(map(_depth, names.values())) <= 60
    strings = re.findall(r'"((?:[^"]|"")*)"', "\n".join(names.values()))
    assert max(map(len, strings)) <= 255
    assert token_counter(names)(native.check) <= TOKEN_LIMIT
    assert all(re.fullmatch(r"LS_[a-z0-9_]+", name) for name in native.names)


@pytest.mark.parametrize("path", TABLES)
def test_only_functions_that_all_programs_share(path: str) -> None:
    formulas = (SHARED_NAMES | _native(path).names).values()
    used = {f for text in formulas for f in re.findall(r"([A-Z.]+)\(", _without_strings(text))}
    assert used <= SHARED_FUNCTIONS


def _check_column(native: NativeTable) -> str:
    """Its formula, and those of the cells on the sheet of keys that it reads."""
    parts = [name for name in native.names if name.startswith(f"{native.prefix}part")]
    return "&".join(native.names[name] for name in (*parts, native.check))


@pytest.mark.parametrize("path", TABLES)
def test_the_check_column_speaks_of_every_field_and_hint(path: str) -> None:
    ledger, table = path.split(".")
    native = _native(path)
    fields = CATALOG.table(ledger, table).fields
    check = _check_column(native)
    assert all(re.search(rf"\b{native.prefix}g_{f.id}\b", check) for f in fields)
    hints = [name for name in native.names if re.search(rf"^{native.prefix}hint_", name)]
    assert all(re.search(rf"\b{name}\b", check) for name in hints)
    assert len(hints) == sum(f.wanted_if is not None for f in fields)


def test_wanted_fields_have_no_fault_when_empty() -> None:
    """`wanted` never colours a cell: its fault begins with what an empty cell passes."""
    for ledger, table in CATALOG.tables():
        native = _native(f"{ledger.id}.{table.id}")
        for f in table.fields:
            required = "必填，现为空" in native.names[native.own[f.id]]
            assert required == f.required


def test_large_tables_are_not_calculated_anew_at_every_entry() -> None:
    def volatile(native: NativeTable, name: str) -> bool:
        formula = native.names[name]
        inner = [n for n in re.findall(r"LS_\w+", formula) if n in native.names]
        return "TODAY()" in formula or any(volatile(native, n) for n in inner)

    small, large = _native("visit.issues", 10), _native("visit.issues", LIVELY_ROWS + 10)
    assert volatile(small, small.check)
    assert not volatile(large, large.check)
    assert volatile(large, large.faults["date"]), "the colour still knows the future"


def test_every_unit_behind_a_number_is_one_that_check_understands() -> None:
    field = CATALOG.table("dibao", "households").by_id["family_size"]
    parse = CellParser(field, date(2024, 6, 1))
    assert [unit for unit in UNITS if parse(f"3{unit}").value != 3] == []


def _written(book: Workbook) -> Iterator[str]:
    """Every formula of a workbook: cells, names, validations, formats."""
    for name in book.defined_names.values():
        yield "=" + str(name.attr_text)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            yield from {str(c.value) for c in row if c.data_type == "f"}
        for rule in sheet.data_validations.dataValidation:
            yield from (
                f"={f}" for f in (rule.formula1, rule.formula2) if f and rule.type != "list"
            )
        for area in sheet.conditional_formatting:
            yield from (f"={text}" for rule in area.rules for text in rule.formula)


def _limits(formula: str) -> tuple[set[str], int]:
    """The functions that a formula calls, and how deep it nests them."""
    called, depth, deepest = set(), 0, 0
    for token in Tokenizer(formula).items:
        if token.type == Token.FUNC and token.subtype == Token.OPEN:
            called.add(token.value.rstrip("(").upper())
            depth += 1
            deepest = max(deepest, depth)
        elif token.type == Token.FUNC:
            depth -= 1
    return called, deepest


@pytest.mark.parametrize("ledger", [ledger.id for ledger in CATALOG])
def test_every_formula_of_a_copy_is_one_of_excel_2010_and_wps(tmp_path: Path, ledger: str) -> None:
    ids = record_ids("limits")
    schema = CATALOG.ledger(ledger)
    rows = {t.id: SheetRows((), [next(ids)], {}) for t in schema.tables}
    day = {"stamp": None, "today": date(2024, 6, 1), "unit": "幸福社区"}
    built = ledger_workbook(schema, CATALOG, kind="copy", rows=rows, **day)  # type: ignore[arg-type]
    formulas = set(_written(load_workbook(BytesIO(built))))
    assert len(formulas) > 100 and any("HYPERLINK" in f for f in formulas)
    for formula in formulas:
        called, depth = _limits(formula)
        assert called <= SHARED_FUNCTIONS, formula
        assert len(formula) <= 8192 and depth <= 64, formula


def _validated(path: Path, ledger: LedgerSchema) -> Iterator[tuple[str, str, object]]:
    book = load_workbook(path)
    for table in ledger.tables:
        for rule in book[table.sheet].data_validations.dataValidation:
            first = str(rule.sqref).split(":")[0]
            column = re.sub(r"\d", "", first)
            header = book[table.sheet][f"{column}3"].value
            yield table.id, str(header), rule


@pytest.mark.parametrize("ledger", [ledger.id for ledger in CATALOG])
def test_every_column_has_a_validation_in_chinese(tmp_path: Path, ledger: str) -> None:
    schema = CATALOG.ledger(ledger)
    build_template(tmp_path / "a.xlsx", schema, CATALOG, today=date(2024, 6, 1))
    seen = set()
    for table, header, rule in _validated(tmp_path / "a.xlsx", schema):
        seen.add((table, header))
        f = next(f for f in schema.by_id[table].fields if f.header == header)
        assert rule.type in _EXPECTED_TYPES[f.type] or f.ref  # type: ignore[attr-defined]
        for text in (rule.formula1, rule.formula2, rule.error, rule.prompt):  # type: ignore[attr-defined]
            assert text is None or len(text) <= 255
        assert "{" not in str(rule.formula1)  # type: ignore[attr-defined]
        last = int(re.sub(r"\D", "", str(rule.sqref).split(":")[1]))  # type: ignore[attr-defined]
        assert last > 2000, "rows typed below the table are looked at too"
    assert seen == {(t.id, f.header) for t in schema.tables for f in t.fields}


@pytest.mark.parametrize("ledger", [ledger.id for ledger in CATALOG])
def test_every_faulty_cell_is_coloured_by_its_own_rule(tmp_path: Path, ledger: str) -> None:
    schema = CATALOG.ledger(ledger)
    build_template(tmp_path / "a.xlsx", schema, CATALOG, today=date(2024, 6, 1))
    book = load_workbook(tmp_path / "a.xlsx")
    for table in schema.tables:
        rules = {
            str(area.sqref).split(":")[0]: [rule.formula[0] for rule in area.rules]
            for area in book[table.sheet].conditional_formatting
        }
        for column, f in enumerate(table.fields, 1):
            cell = f"{column_letters(column)}4"
            red, *yellow = rules[cell]
            assert red == f'LS_{table.id}_f_{f.id}<>""'
            assert yellow in ([], [f"LS_{table.id}_h_{f.id}"])


_EXPECTED_TYPES = {
    "id_number": {"custom"},
    "phone": {"custom"},
    "digits": {"custom"},
    "date": {"date"},
    "integer": {"whole"},
    "decimal": {"decimal"},
    "money": {"decimal"},
    "bool": {"list"},
    "choice": {"list"},
    "choices": {"list"},
    "name": {"textLength"},
    "code": {"textLength"},
    "text": {"textLength"},
}
_FIFTH = """
format = "ledgersync.ledger/1"
id = "fire"
name = "消防"
workbook = "消防台账"
[[tables]]
id = "points"
sheet = "微型消防站"
key = ["no"]
[[tables.fields]]
id = "no"
header = "站点编号"
type = "digits"
required = true
unique = true
[[tables.fields]]
id = "low"
header = "最低水压"
type = "decimal"
le = "high"
[[tables.fields]]
id = "high"
header = "最高水压"
type = "decimal"
"""


def test_a_ledger_that_is_only_a_file_gets_its_native_layer_too(tmp_path: Path) -> None:
    ledger = parse_ledger(_FIFTH, "fire.toml")
    build_template(tmp_path / "a.xlsx", ledger, CATALOG, today=date(2024, 6, 1))
    rules = {h: r.type for _, h, r in _validated(tmp_path / "a.xlsx", ledger)}  # type: ignore[attr-defined]
    assert rules == {"站点编号": "custom", "最低水压": "decimal", "最高水压": "decimal"}
    native = native_table(TableLayout(ledger.by_id["points"], SheetRows(), "copy"))
    assert "大于〔最高水压〕" in native.names["LS_points_g_low"]


def _sixty_days(rows: int) -> NativeTable:
    dates = "".join(
        f'[[tables.fields]]\nid = "d{n}"\nheader = "日期{n}"\ntype = "date"\nnot_future = true\n'
        for n in range(60)
    )
    ledger = parse_ledger(_FIFTH + dates, "fire.toml")
    reserved = [f"R{n}" for n in range(rows)]
    return native_table(TableLayout(ledger.by_id["points"], SheetRows((), reserved), "copy"))


def test_what_one_cell_cannot_hold_stands_in_several() -> None:
    native = _sixty_days(0)
    names = SHARED_NAMES | native.names
    assert native.keys is not None
    parts = [name for name in native.keys.cells.values() if "_part" in name]
    assert len(parts) > 1
    assert all(token_counter(names)(name) < 7000 for name in (*parts, native.check))
    assert all(f"LS_points_g_d{n}" in _check_column(native) for n in range(60))
    read = [f"{cell}" for cell in native.keys.cells_added]
    assert all(cell in native.names[native.check] for cell in read)


def test_there_is_room_for_more_rules() -> None:
    """A field more fits wherever one is added: what does not is put into one more cell."""
    for path in TABLES:
        native = _native(path)
        needed = token_counter(SHARED_NAMES | native.names)(native.check)
        assert needed < COMFORTABLE + 400 < TOKEN_LIMIT


def test_more_rules_than_libreoffice_can_hold_are_cut_not_broken_where_there_are_no_keys() -> None:
    native = _sixty_days(6000)
    assert native.keys is None
    assert 5000 < token_counter(SHARED_NAMES | native.names)(native.check) <= TOKEN_LIMIT
    assert "LS_points_g_d59" not in native.names[native.check]
    assert "LS_points_g_d59" in native.names[native.faults["d59"]], "still coloured"


def test_rows_beyond_the_sheet_of_keys_are_told() -> None:
    for path in TABLES:
        native = _native(path)
        assert native.keys is not None
        assert f"IF(ISBLANK({native.keys.first_cell})" in native.names[native.check]


def test_words_that_end_as_marks_do_are_known_to_the_formulas() -> None:
    """停了 is compared as 停, by the formula and by the reader."""
    for _, table in CATALOG.tables():
        for f in table.fields:
            reader, known = ChoiceReader(f), set(words_of(f))
            for words in groups_of(f) if f.choices else []:
                assert all(reader.one(word) for word in words), (f.id, words)
                assert {undressed(word) for word in words} - {""} <= known, f.id
