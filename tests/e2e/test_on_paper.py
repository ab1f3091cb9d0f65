"""How many pages LibreOffice makes of generated workbooks: no page with empty rows only."""

import re
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from tests.e2e.office import Office, needs_office

from ledgersync.demo.people import sample_community
from ledgersync.files import atomic_write
from ledgersync.messages import Message
from ledgersync.model import Finding, Row, Value
from ledgersync.schema import load_catalog
from ledgersync.workbook.annotate import annotate
from ledgersync.workbook.build import Kind, SheetRows, ledger_workbook, record_ids
from ledgersync.workbook.lists.conflict_lines import ConflictLine
from ledgersync.workbook.lists.conflicts import write_conflict_workbook
from ledgersync.workbook.patch import CellValue, SheetEdit, patch_sheets

pytestmark = [pytest.mark.office, needs_office]
CATALOG = load_catalog()
LEDGER = CATALOG.ledger("visit")
TABLE = CATALOG.table("visit", "visits")
TODAY = date(2024, 6, 1)
A4 = (842, 595)
_PAGE = re.compile(rb"/Type\s*/Page\b(?!s)")
_BOX = re.compile(rb"/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]")


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    """No running office: every conversion starts one with its own profile."""
    with TemporaryDirectory(prefix="ledgersync-paper-", ignore_cleanup_errors=True) as name:
        yield Office(Path(name))


def pages(office: Office, path: Path) -> list[tuple[int, int]]:
    """The sizes of the pages that a workbook prints."""
    office.give(path.parent)
    office.run(
        "soffice", "--headless", "--convert-to", "pdf", "--outdir", str(path.parent), str(path)
    )
    pdf = path.with_suffix(".pdf").read_bytes()
    boxes = [(round(float(w)), round(float(h))) for w, h in _BOX.findall(pdf)]
    assert boxes
    return boxes[: len(_PAGE.findall(pdf))]


def records(count: int) -> list[tuple[str, Row]]:
    found = sample_community(5, 300, TODAY, "幸福社区").tables["visit", "visits"]
    numbered = zip(record_ids("s"), (found * 9)[:count], strict=False)
    return [(rid, tuple(row[f] for f in TABLE.field_ids)) for rid, row in numbered]


def typed(value: Value) -> CellValue:
    """A value as it is written into a cell."""
    return "、".join(value) if isinstance(value, tuple) else value  # type: ignore[return-value]


def built(path: Path, kind: Kind, filled: int, reserved: int = 200) -> Path:
    ids = tuple(islice(record_ids("r"), reserved))
    atomic_write(
        path,
        ledger_workbook(
            LEDGER,
            CATALOG,
            kind=kind,
            unit="幸福社区",
            rows={"visits": SheetRows(records(filled), ids), "issues": SheetRows((), ids)},
            stamp=None,
            today=TODAY,
        ),
    )
    return path


@pytest.fixture
def folder(office: Office) -> Path:
    made = office.folder / "work"
    made.mkdir(exist_ok=True)
    return made


def test_an_empty_template_is_a_form_of_one_page_per_table(office: Office, folder: Path) -> None:
    sizes = pages(office, built(folder / "空表.xlsx", "template", 0))
    assert set(sizes) == {A4}
    assert len(sizes) <= 1 + 2 + 3, "two tables of 200 reserved rows each, one wide, and the guide"


def test_a_copy_prints_its_records_only(office: Office, folder: Path) -> None:
    few = len(pages(office, built(folder / "少.xlsx", "copy", 3)))
    without = len(pages(office, built(folder / "无.xlsx", "copy", 3, reserved=0)))
    assert few - without <= 1, "200 reserved rows in each of two tables"


def test_a_primary_prints_what_was_appended(office: Office, folder: Path) -> None:
    path = built(folder / "主.xlsx", "primary", 0, reserved=0)
    before = len(pages(office, path))
    rows = [[*map(typed, row), None, f"R{n}"] for n, (_, row) in enumerate(records(120))]
    patch_sheets(path, path, {"走访记录": SheetEdit(append=rows, append_column=1)})
    assert 2 <= len(pages(office, path)) - before <= 8


def test_lists_are_one_page_wide(office: Office, folder: Path) -> None:
    line = ConflictLine(
        1, "走访台账", "走访记录", "张三", "备注", "两人改了同一格",
        "", "独居" * 40, "李四", "独居" * 30, "王五", "2026-11-22 11:00",
    )  # fmt: skip
    conflicts = folder / "冲突清单.xlsx"
    write_conflict_workbook(conflicts, [line], "幸福社区")
    assert pages(office, conflicts) == [A4]
    source = built(folder / "查.xlsx", "primary", 2, reserved=0)
    finding = Finding(
        source.name, "走访记录", 4, 1, "visit", "visits", "remark", "wanted", "error",
        Message("〔备注〕" + "很长的说明" * 30, ""),
    )  # fmt: skip
    before, target = len(pages(office, source)), folder / "查-校验.xlsx"
    annotate(source, [finding] * 5, target)
    assert len(pages(office, target)) == before + 1, "the list of five is one more page"
