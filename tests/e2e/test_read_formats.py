"""The same ledger in every format is read the same."""

import shutil
import subprocess
import zipfile
from io import BytesIO
from pathlib import Path

import msoffcrypto
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from tests.fuzz.hostile import repacked
from tests.reading import LI, PEOPLE, TODAY, WANG, read_path, rules_of, save, values_of

from ledgersync.errors import UnreadableFile
from ledgersync.model import Invalid, Value
from ledgersync.schema import load_catalog
from ledgersync.workbook.read.reading import read_here

TEXT = "\r\n".join(",".join(map(str, row)) for row in (PEOPLE, WANG, LI)) + "\r\n"
NAMES: list[Value] = ["王芳", "李娜"]
IDS: list[Value] = ["36070219351024220X", "500113197504263435"]


@pytest.mark.parametrize(
    "encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_text_files(tmp_path: Path, encoding: str, delimiter: str) -> None:
    path = tmp_path / "重点人员.csv"
    path.write_bytes(TEXT.replace(",", delimiter).encode(encoding))
    data = read_path(path)
    assert values_of(data, "name") == NAMES
    assert values_of(data, "id_number") == IDS
    assert data.tables[0].sheet == "重点人员"


def test_digits_that_a_spreadsheet_damaged_in_a_text_file(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    ids = ('="36070219351024220X"', "3.60702E+17", "360702193510240000", "500113197504263435\t")
    rows = "".join(f"王芳,{number},独居老人\n" for number in ids)
    path.write_text(f"姓名,身份证号,人员类别\n{rows}", encoding="gbk")
    data = read_path(path)
    assert values_of(data, "id_number")[0] == "36070219351024220X"
    assert values_of(data, "id_number")[3] == "500113197504263435"
    assert rules_of(data, "id_number") == ["id.precision_lost", "id.precision_lost"]


def test_html_and_csv_that_call_themselves_workbooks(tmp_path: Path) -> None:
    head = "".join(f"<th>{h}</th>" for h in PEOPLE)
    body = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in (WANG, LI))
    page = (
        '<html><head><meta charset="gb2312"></head><body><table>'
        f'<tr><td colspan="6">重点人员台账</td></tr><tr>{head}</tr>{body}</table></body></html>'
    )
    for name, content in (("a.xls", page.encode("gbk")), ("b.xlsx", TEXT.encode("gbk"))):
        path = tmp_path / name
        path.write_bytes(content)
        assert values_of(read_path(path), "name") == NAMES
    assert read_path(tmp_path / "a.xls").tables[0].header_rows == (2,)


@pytest.mark.parametrize("suffix", [".xls", ".et"])
def test_old_workbooks_with_their_error_cells(tmp_path: Path, suffix: str) -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("重点人员")
    for n, row in enumerate((PEOPLE, WANG, LI)):
        for column, cell in enumerate(row):
            sheet.write(n, column, cell)
    sheet.row(3).set_cell_text(0, "赵敏")
    sheet.row(3).set_cell_text(2, "孤儿")
    sheet.row(3).set_cell_error(3, "#REF!")
    sheet.row(3).set_cell_error(5, "#DIV/0!")
    path = tmp_path / f"台账{suffix}"
    book.save(str(path))
    data = read_path(path)
    assert values_of(data, "name") == [*NAMES, "赵敏"]
    assert values_of(data, "remark")[2] == Invalid("#DIV/0!", "cell.error")
    assert rules_of(data, "phone") == ["cell.error"]


def test_strict_office_open_xml(tmp_path: Path) -> None:
    content = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG, LI]).read_bytes()
    namespaces = {
        b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": (
            b"http://purl.oclc.org/ooxml/spreadsheetml/main"
        ),
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": (
            b"http://purl.oclc.org/ooxml/officeDocument/relationships"
        ),
    }

    def strict(part: bytes) -> bytes:
        for loose, narrow in namespaces.items():
            part = part.replace(loose, narrow)
        return part

    names = zipfile.ZipFile(BytesIO(content)).namelist()
    path = tmp_path / "strict.xlsx"
    path.write_bytes(repacked(content, dict.fromkeys(names, strict)))
    assert values_of(read_path(path), "id_number") == IDS


def test_encrypted_workbooks_need_their_password(tmp_path: Path) -> None:
    plain = save(tmp_path / "a.xlsx", 重点人员=[PEOPLE, WANG, LI])
    locked = tmp_path / "locked.xlsx"
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("社区2022", target)
    assert msoffcrypto.OfficeFile(locked.open("rb")).is_encrypted()
    with pytest.raises(UnreadableFile, match="打开密码"):
        read_path(locked)
    with pytest.raises(UnreadableFile, match="密码不对"):
        read_path(locked, "wrong")
    data = read_path(locked, "社区2022")
    assert values_of(data, "name") == NAMES


def test_a_document_of_another_kind_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as package:
        package.writestr("word/document.xml", "<w/>")
    (tmp_path / "b.xls").write_bytes(
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'
    )
    for name in ("a.xlsx", "b.xls"):
        with pytest.raises(UnreadableFile):
            read_path(tmp_path / name)


@pytest.mark.office
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here")
@pytest.mark.parametrize("suffix", ["ods", "xls", "html"])
def test_what_libreoffice_writes(tmp_path: Path, suffix: str) -> None:
    source = save(
        tmp_path / "a.xlsx",
        重点人员=[PEOPLE, WANG, LI, ["赵敏", "", "孤儿", "", "", "==1/0"]],
    )
    _calculated(source)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/lo", "--headless"]
    command += ["--convert-to", suffix, "--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    data = read_here(tmp_path / f"a.{suffix}", load_catalog(), today=TODAY)
    assert values_of(data, "name") == [*NAMES, "赵敏"]
    assert values_of(data, "id_number")[:2] == IDS
    assert values_of(data, "remark")[2] == Invalid("#DIV/0!", "cell.error")


def _calculated(path: Path) -> None:
    """`==1/0` of the text table becomes the formula."""
    content = path.read_bytes()
    part = "xl/worksheets/sheet1.xml"
    path.write_bytes(repacked(content, {part: lambda x: x.replace(b"<f>=1/0</f>", b"<f>1/0</f>")}))
