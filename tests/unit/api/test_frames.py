"""Frames of the Python API: dtypes, masking, the way back into a workbook, the journal."""

import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest
from tests.sample import COMMUNITY, day, sample

import ledgersync as ls
from ledgersync.schema import load_catalog

DTYPES = {
    "date": "datetime64[s]",
    "money": "decimal128(18, 2)[pyarrow]",
    "integer": "Int64",
    "decimal": "Float64",
    "bool": "boolean",
    "choice": "category",
    "choices": "list<item: string>[pyarrow]",
}
TABLES = [(ledger.id, table.id) for ledger, table in load_catalog().tables()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with day():
        yield sample(tmp_path_factory.mktemp("frames"))


@pytest.fixture(scope="module")
def ws(folder: Path) -> ls.OpenWorkspace:
    return ls.open(folder / COMMUNITY)


def test_importing_costs_nothing_and_loads_nothing() -> None:
    script = (
        "import sys, time; t = time.process_time(); import ledgersync;"
        "spent = time.process_time() - t;"
        "heavy = {'pandas', 'duckdb', 'pyarrow', 'numpy'} & set(sys.modules);"
        "assert not heavy, heavy; assert spent < 0.05, spent; assert dir(ledgersync)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_reading_and_looking_into_a_workspace_need_no_pandas(folder: Path) -> None:
    script = (
        "import sys, ledgersync as ls; book = ls.read(sys.argv[1]); len(book.tables[0]);"
        "book.found; ws = ls.open(sys.argv[2]); ws.status(); ws.conflicts();"
        "assert 'pandas' not in sys.modules; assert 'duckdb' not in sys.modules"
    )
    command = [sys.executable, "-c", script, str(folder / "走访.xlsx"), str(folder / COMMUNITY)]
    subprocess.run(command, check=True)


@pytest.mark.parametrize(("ledger", "table"), TABLES)
def test_every_field_has_the_dtype_of_its_type(
    ws: ls.OpenWorkspace, ledger: str, table: str
) -> None:
    schema = load_catalog().table(ledger, table)
    for frame in (ws.table(f"{ledger}.{table}"), _read(ws, ledger, table)):
        assert len(frame) > 0
        for f in schema.fields:
            assert str(frame.dtypes[f.id]) == DTYPES.get(f.type, "string"), f.id
        assert frame.attrs["headers"][schema.key[0]] == schema.by_id[schema.key[0]].header
        assert frame.attrs["source"]


def _read(ws: ls.OpenWorkspace, ledger: str, table: str) -> pd.DataFrame:
    path = ws.folder / "primary" / load_catalog().ledgers[ledger].file_name
    return ls.read(path)[f"{ledger}.{table}"].to_frame()


@pytest.mark.parametrize(("ledger", "table"), TABLES)
def test_a_table_without_a_row_has_the_same_dtypes(tmp_path: Path, ledger: str, table: str) -> None:
    path = ls.to_workbook(pd.DataFrame(), tmp_path / "空.xlsx", ledger=ledger)
    frame = ls.read(path)[f"{ledger}.{table}"].to_frame()
    assert len(frame) == 0
    types = {f.id: DTYPES.get(f.type, "string") for f in load_catalog().table(ledger, table).fields}
    assert frame.dtypes.astype(str).to_dict() == types


@pytest.mark.parametrize(("ledger", "table"), TABLES)
def test_what_is_personal_is_masked_unless_a_reason_is_journalled(
    ws: ls.OpenWorkspace, ledger: str, table: str
) -> None:
    name = f"{ledger}.{table}"
    masked, plain = ws.table(name), ws.table(name, unmask="核对")
    for f in load_catalog().table(ledger, table).fields:
        both = masked[f.id].notna()
        if f.privacy in ("name", "id_number", "phone", "account"):
            assert masked[f.id][both].str.contains("*", regex=False).all()
            assert not (masked[f.id][both] == plain[f.id][both]).any()
        elif f.type not in ("text", "digits", "code"):
            pd.testing.assert_series_equal(masked[f.id], plain[f.id])
    with pytest.raises(ls.LedgerSyncError):
        ws.table(name, unmask="  ")


def test_the_reason_stands_in_the_journal(ws: ls.OpenWorkspace) -> None:
    import sqlite3

    ws.table("care.people", unmask="区局核查")
    with sqlite3.connect(ws.workspace.journal_file) as db:
        said = db.execute("SELECT detail FROM event WHERE what = 'unmask'").fetchall()
    assert any("区局核查" in detail and "care.people" in detail for (detail,) in said)


@pytest.mark.parametrize(("ledger", "table"), TABLES)
def test_a_frame_goes_into_a_workbook_and_comes_back_the_same(
    ws: ls.OpenWorkspace, tmp_path: Path, ledger: str, table: str
) -> None:
    frame = ws.table(f"{ledger}.{table}", unmask="回写")
    path = ls.to_workbook(frame, tmp_path / "回.xlsx", ledger=ledger, table=table)
    back = ls.read(path)[f"{ledger}.{table}"]
    assert back.records == frame.index.tolist()
    fields = [f.id for f in load_catalog().table(ledger, table).fields]
    read = back.to_frame()[fields].reset_index(drop=True)
    pd.testing.assert_frame_equal(read, frame[fields].reset_index(drop=True))


def test_a_list_that_went_out_is_merged_onto_the_same_records(folder: Path, tmp_path: Path) -> None:
    """Nobody knows which is newer: what an analyst changed is to be decided, the rest is known."""
    with day():
        ws = ls.open(sample(tmp_path) / COMMUNITY)
        frame = ws.table("visit.visits", unmask="更正").head(200).copy()
        frame.loc[frame.index[:2], "remark"] = "已回访"
        path = ls.to_workbook(frame, tmp_path / "走访台账.xlsx", ledger="visit", table="visits")
        result = ws.merge([path], staff="分析员")
        assert [(m.applied, m.added, m.conflicts) for m in result] == [(0, 0, 2)]
        asked = [c for c in ws.conflicts() if c.theirs_by == "分析员"]
        assert {(c.record, c.field, c.theirs) for c in asked} == {
            (record, "remark", "已回访") for record in frame.index[:2]
        }


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"户址": ["1-1"], "星座": ["白羊"]}), "星座"),
        (pd.DataFrame({"户址": ["1-1"], "household": ["1-2"]}), "household"),
        (pd.DataFrame({"户址": ["1-1"], "受访人": ["王*"]}), "受访人"),
    ],
)
def test_what_would_do_harm_is_refused(tmp_path: Path, frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(ls.LedgerSyncError, match=said):
        ls.to_workbook(frame, tmp_path / "不.xlsx", ledger="visit")
    assert not (tmp_path / "不.xlsx").exists()


def test_a_cell_that_cannot_be_read_is_empty_and_counted(tmp_path: Path) -> None:
    frame = pd.DataFrame({"走访日期": ["2022-06-01", "昨天"], "户址": ["1-101", "1-102"]})
    book = ls.read(ls.to_workbook(frame, tmp_path / "误.xlsx", ledger="visit"))
    visits = book["visit.visits"].to_frame()
    assert visits.date.isna().tolist() == [False, True]
    assert visits.attrs["unread"] == 1
    assert "昨天" in book.findings().query("severity == 'error'").message.iloc[0]


def test_a_roster_is_two_tables_as_for_the_command() -> None:
    book = ls.read("tests/fixtures/field/cases/g19-roster.xlsx")
    assert [(t.name, len(t)) for t in book.tables] == [
        ("dibao.households", 3),
        ("dibao.members", 7),
    ]


def test_as_of_is_the_state_at_the_end_of_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with day():
        ws = ls.open(sample(tmp_path) / COMMUNITY)
        before = ws.table("visit.visits")
        path = ls.to_workbook(
            pd.DataFrame({"户址": ["9-909"], "走访日期": ["2022-07-01"]}),
            tmp_path / "走访台账.xlsx",
            ledger="visit",
        )
        monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-07-02")
        result = ws.merge([path], staff="王芳")
        changed = ws.changes(since=result.revision - 1)
        assert changed[["kind", "by"]].drop_duplicates().values.tolist() == [["add", "王芳"]]
        assert len(ws.table("visit.visits")) == len(before) + 1
        past = ws.table("visit.visits", as_of="2022-06-30")
        pd.testing.assert_frame_equal(past, before)
        with pytest.raises(ls.LedgerSyncError):
            ws.table("visit.visits", as_of="2001-01-01")


def test_figures_are_those_of_the_command(ws: ls.OpenWorkspace) -> None:
    import json

    command = [sys.executable, "-m", "ledgersync", "-C", str(ws.folder), "rollup", "--json"]
    done = subprocess.run(
        [*command, "--period", "2022H1"], capture_output=True, text=True, check=False
    )
    told = {(f["unit"], f["indicator"]): f["value"] for f in json.loads(done.stdout)["figures"]}
    frame = ws.figures("2022H1").set_index(["unit", "indicator"])
    assert set(told) == set(frame.index)
    for place, value in told.items():
        now = frame.value[place]
        assert pd.isna(now) if value is None else Decimal(str(now)) == Decimal(str(float(value)))
    rows = ws.rows_behind("visits_made", "2022H1")
    assert len(rows) == frame.value["360797001001", "visits_made"]
    table = ws.figures("2022H1").pivot_table(index="unit", columns="indicator", values="value")
    assert table.shape[0] == 1


def test_a_missing_ledger_is_named_and_never_a_zero(tmp_path: Path) -> None:
    with day():
        ws = ls.open(sample(tmp_path) / COMMUNITY)
        (ws.folder / "primary" / "志愿活动台账.xlsx").unlink()
        figures = ws.rollup("2022H1")
    assert [m.ledger for m in figures.missing] == ["volunteer"]
    assert "volunteer" in figures.to_frame().attrs["missing"][0]
    assert not {"volunteer_hours", "volunteer_activities"} & {f.indicator for f in figures}
