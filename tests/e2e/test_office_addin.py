"""The extension in a real LibreOffice: functions in cells, buttons in its menu, VBA, installing."""

import json
import os
import re
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlwings
from tests.e2e.office import Office, needs_office

from ledgersync.checks import check_workbook
from ledgersync.plugin import install
from ledgersync.plugin.excel.package import build_macro_template
from ledgersync.plugin.openbook import OpenBook
from ledgersync.plugin.registry import BY_NAME, FUNCTIONS
from ledgersync.schema import load_catalog

pytestmark = [pytest.mark.office, needs_office]
TODAY = date(2022, 6, 30)
VECTORS = Path(__file__).parents[1] / "vectors"


@pytest.fixture
def sheet(app: xlwings.App) -> xlwings.Sheet:
    return app.books.add().sheets[0]


def array(sheet: xlwings.Sheet, name: str, cells: list[list[Any]], more: str = "") -> list[Any]:
    """The answers of one array formula over a column of cells."""
    last = len(cells)
    sheet.range((1, 1), (last, 1)).number_format = "@"
    sheet.range((1, 1), (last, 1)).value = cells
    sheet.range((1, 3), (last, 3)).formula_array = f"={name}(A1:A{last}{more})"
    sheet.book.app.calculate()
    found = sheet.range((1, 3), (last, 3)).options(ndim=2, err_to_str=True, empty="").value
    return [row[0] for row in found]


def serial(value: Any) -> Any:
    """As Calc holds it: a date is the number of its day."""
    if isinstance(value, dict):
        return float((date.fromisoformat(value["date"]) - date(1899, 12, 30)).days)
    return value


@pytest.mark.parametrize("name", ["LS_IDCHECK", "LS_AGE", "LS_DATE", "LS_PHONE"])
def test_the_add_in_answers_as_python_does(sheet: xlwings.Sheet, name: str) -> None:
    document = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
    case = document["cases"][0]
    texts = [[c] if isinstance(c, str) else [""] for (c,) in case["arguments"][0]]
    wanted = [serial(r) if isinstance(c, str) else "" for (r,), (c,) in
              zip(case["reply"], case["arguments"][0], strict=True)]  # fmt: skip
    assert array(sheet, name, texts) == wanted


def test_one_cell_a_row_of_four_and_optional_arguments(sheet: xlwings.Sheet) -> None:
    sheet.range("A1").number_format = "@"
    sheet.range("A1").value = "11010519491231002X"
    sheet.range("B1").formula = "=LS_IDCHECK(A1)"
    sheet.range("B2").formula = '=LS_IDINFO(A1;"性别")'
    sheet.range("B3").formula = '=LS_AGE(A1;"2000-12-30")'
    sheet.range("D1:G1").formula_array = "=LS_IDINFO(A1)"
    sheet.book.app.calculate()
    assert sheet.range("B1:B3").value == [None, "女", 50.0]
    assert sheet.range("D1:G1").value[1:] == ["女", 72.0, "北京市朝阳区"]


def test_every_function_is_known_to_calc_with_its_description(office: Office) -> None:
    manager = office.context.ServiceManager
    listed = manager.createInstanceWithContext(
        "com.sun.star.sheet.FunctionDescriptions", office.context
    )
    known = {}
    for i in range(listed.Count):
        entry = {p.Name: p.Value for p in listed.getByIndex(i)}
        known[entry["Name"]] = entry
    for function in FUNCTIONS:
        entry = known[function.name]
        assert entry["Description"] == function.doc.zh
        assert [a.Name for a in entry["Arguments"]] == [a.label for a in function.arguments]
        assert [bool(a.IsOptional) for a in entry["Arguments"]] == [True] * len(function.arguments)


def test_ten_thousand_ids_in_one_array_formula(sheet: xlwings.Sheet) -> None:
    ids = [
        [f"11010519{i % 70 + 30}{i % 12 + 1:02d}{i % 28 + 1:02d}{i % 1000:03d}X"]
        for i in range(10000)
    ]
    sheet.range("A1:A10000").number_format = "@"
    sheet.range("A1:A10000").value = ids
    document = sheet.book.api
    document.addActionLock()
    sheet.range("C1:C10000").formula_array = "=LS_IDCHECK(A1:A10000)"
    start = time.perf_counter()
    document.calculateAll()
    taken = time.perf_counter() - start
    document.removeActionLock()
    assert sheet.range("C10000").value == BY_NAME["LS_IDCHECK"].call(ids[-1][0]) or not ids
    assert taken < 1.0, f"{taken:.2f} s; the benchmark has the exact figure"


def test_check_gives_the_verdicts_of_the_check_command(
    app: xlwings.App, open_folder: Path, office: Office
) -> None:
    """The same rows through LS_CHECK in cells, and as a workbook through `check`."""
    catalog = load_catalog()
    table = catalog.table("dibao", "households")
    sheet = app.books.add().sheets[0]
    sheet.name = table.sheet
    headers = [f.header for f in table.fields]
    rows = [_row(table.field_ids, i) for i in range(60)]
    area = sheet.range((1, 1), (len(rows) + 1, len(headers)))
    area.number_format = "@"
    area.value = [headers, *rows]
    last = sheet.range((len(rows) + 1, len(headers))).address.replace("$", "")
    head = sheet.range((1, len(headers))).address.replace("$", "")
    column = len(headers) + 2
    answers = sheet.range((2, column), (len(rows) + 1, column))
    answers.formula_array = f'=LS_CHECK("低保";"";A1:{head};A2:{last})'
    app.calculate()
    shown = [row[0] or "" for row in answers.options(ndim=2, empty="").value]
    answers.clear_contents()
    book = OpenBook(sheet.book, catalog, TODAY)
    found: dict[int, set[tuple[str, str]]] = {}
    for finding in check_workbook(book.data, catalog, TODAY):
        if finding.severity != "info" and finding.row and not _of_others(finding.rule):
            found.setdefault(finding.row - 2, set()).add(_said(finding.message.zh, finding.rule))
    assert sum(map(bool, shown)) > 40
    for i, text in enumerate(shown):
        said = {_said(*m) for m in re.findall(r"(?:提醒：)?(.+?)（([a-z_.]+)）(?:；|$)", text)}
        assert said == found.get(i, set()), rows[i]


def _of_others(rule: str) -> bool:
    """What other tables and the course of numbers decide, which an area does not know."""
    return rule.startswith(("id.sequence", "ref."))


def _said(text: str, rule: str) -> tuple[str, str]:
    """What stands twice is told with the rows of the area or of the sheet: only the rule is one."""
    return ("", rule) if rule.startswith("duplicate.") else (text, rule)


def _row(fields: tuple[str, ...], i: int) -> list[str]:
    good = {
        "cert_no": f"D-{i:03d}", "head_name": "张伟", "head_id": "11010519491231002X",
        "family_size": "3", "covered_persons": "2", "monthly_amount": "1200", "status": "在保",
        "hukou": "城市", "start_date": "2020-01-01",
    }  # fmt: skip
    faults = (
        ("head_id", "110105194912310021"), ("head_id", "1101051949123100"), ("head_name", ""),
        ("covered_persons", "5"), ("monthly_amount", "很多"), ("monthly_amount", "99999"),
        ("status", "看情况"), ("start_date", "2023-01-01"), ("start_date", "22.6.1"),
        ("family_size", "0"), ("hukou", ""), ("cert_no", ""),
    )  # fmt: skip
    name, value = faults[i % len(faults)]
    cells = good | ({name: value} if i % 5 else {})
    return [cells.get(f, "") for f in fields]


def test_the_menu_button_runs_inside_libreoffice(app: xlwings.App, office: Office) -> None:
    """The dispatch that the menu sends; the code that answers is the extension's own."""
    app.impl.visible = True
    book = app.books.add()
    sheet = book.sheets[0]
    sheet.name = "低保户"
    sheet.range("A1").value = [["低保证号", "户主姓名", "户主身份证号", "家庭人口数", "保障人数"]]
    sheet.range("C2").number_format = "@"
    sheet.range("A2").value = [["D-1", "张伟", "110105194912310021", 2, 3]]
    frame = book.api.CurrentController.Frame
    helper = office.context.ServiceManager.createInstanceWithContext(
        "com.sun.star.frame.DispatchHelper", office.context
    )
    helper.executeDispatch(frame, "org.ledgersync:check", "", 0, ())
    assert "校验位不对" in sheet.range("C2").note.text
    assert sheet.range("E2").color == (255, 199, 206)
    assert sheet.range("D2").color is None


BRIDGE = """
Function B_Explain(number, text)
    B_Explain = VBAProject.LedgerSync.LS_Explain(number, text)
End Function
Function B_Text(digits)
    B_Text = VBAProject.LedgerSyncText.LS_Text(digits)
End Function
"""


def test_vba_that_needs_no_excel_runs(app: xlwings.App, office: Office, open_folder: Path) -> None:
    """What the macros say when Python cannot be started, in whole Chinese sentences."""
    catalog = load_catalog()
    path = open_folder / "低保台账.xlsm"
    build_macro_template(path, catalog.ledger("低保"), catalog, today=TODAY)
    office.give(open_folder)
    document = app.books.open(str(path)).api
    document.BasicLibraries.getByName("Standard").insertByName("Bridge", BRIDGE)
    provider = document.getScriptProvider()

    def run(name: str, *arguments: Any) -> Any:
        url = f"vnd.sun.star.script:Standard.Bridge.{name}?language=Basic&location=document"
        return provider.getScript(url).invoke(arguments, (), ())[0]

    assert run("B_Text", "8EAB4EFD8BC1") == "身份证"
    assert run("B_Explain", 424, "Object required").startswith(
        "插件与这台电脑上的 xlwings 版本不一致"
    )
    assert "addin install" in run("B_Explain", 53, "File not found: xlwings64-0.37.8.dll")
    assert "Python 没有启动" in run("B_Explain", 1000, "Could not create Python process")
    assert "回车" in run("B_Explain", 1004, "Application-defined error")
    assert run("B_Explain", 5, "x y").startswith("没有做成：x y")


def test_install_status_and_uninstall_leave_nothing_behind(
    tmp_path: Path, open_folder: Path, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the real unopkg, on a profile of its own (as another user where this is root)."""
    tool = shutil.which("unopkg")
    profile, home, bin_ = (open_folder / name for name in ("profile", "home", "bin"))
    for folder in (profile, home, bin_):
        folder.mkdir()
    become = "setpriv --reuid=65534 --regid=65534 --clear-groups" if os.geteuid() == 0 else ""
    script = bin_ / "unopkg"
    script.write_text(
        f'#!/bin/sh\nchmod -R a+rX "$(dirname "$4")" 2>/dev/null\n'
        f'HOME={home} exec {become} {tool} "$@" "-env:UserInstallation={profile.as_uri()}"\n'
    )
    script.chmod(0o755)
    office.give(open_folder)
    monkeypatch.setenv("PATH", f"{bin_}:{os.environ['PATH']}")
    monkeypatch.setattr(
        "ledgersync.plugin.settings.settings_file", lambda: tmp_path / "plugin.json"
    )
    monkeypatch.delenv("APPDATA", raising=False)
    assert not install.state("libreoffice").installed
    installed = install.install("libreoffice")
    install.remember(None, "王芳")
    assert installed.installed and installed.version
    assert install.uninstall("libreoffice") is True
    assert not install.state("libreoffice").installed
    assert not (tmp_path / "plugin.json").exists()
    assert install.uninstall("libreoffice") is False


def test_dates_come_and_go_as_dates(sheet: xlwings.Sheet) -> None:
    days = [[date(2022, 6, 1) + timedelta(days=i)] for i in range(3)]
    sheet.range("A1:A3").number_format = "YYYY-MM-DD"
    sheet.range("A1:A3").value = days
    assert [d.date() for d in sheet.range("A1:A3").value] == [d[0] for d in days]
    assert sheet.range("B1:A1").value == [sheet.range("A1").value, None]
    sheet.range("C1").formula = "=1/0"
    assert sheet.range("C1").options(err_to_str=True).value == "#DIV/0!"
    assert sheet.range("C1").value is None
    assert sheet.range("A1").expand("down").address == "$A$1:$A$3"
    sheet.range("A2").add_note("看")
    sheet.range("A1:A3").number_format = "General"
    sheet.range("A1:A3").value = [[1.0], [2.0], [3.0]]
    assert sheet.range("A2").note.text == "看"
    sheet.range("A2:B2").delete("up")
    assert sheet.range("A1:A3").value == [1.0, 3.0, None]
