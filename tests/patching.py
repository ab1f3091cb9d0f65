"""Hand-written workbook packages for the patcher's tests, and ways to look into the results."""

import struct
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.package.styles import Styles
from ledgersync.workbook.patch.package.zipcopy import ZipSource
from ledgersync.workbook.patch.scan.data import SheetText
from ledgersync.workbook.patch.scan.edits import SheetEdit
from ledgersync.workbook.patch.sheet.emit import SheetWriter
from ledgersync.workbook.patch.sheet.plan import plan_sheet

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
XDR = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"
CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
X14 = "http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"
XM = "http://schemas.microsoft.com/office/excel/2006/main"

STYLES = (
    f'{HEAD}<styleSheet xmlns="{MAIN}"><numFmts count="1">'
    '<numFmt numFmtId="164"'
    ' formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    '<fonts count="1"><font><sz val="11"/><name val="等线"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


def relations(*entries: tuple[str, str, str]) -> str:
    """A relationship part from (id, kind, target); a kind with a slash is a full type."""
    items = "".join(
        f'<Relationship Id="{key}" Type="{kind if "/" in kind else OFFICE + "/" + kind}"'
        f' Target="{target}"/>'
        for key, kind, target in entries
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{items}</Relationships>'


def content_types(extra: dict[str, str] | None = None) -> str:
    """Content types for a simple workbook plus overrides by part name."""
    sheet_ml = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = {
        "/xl/workbook.xml": f"{sheet_ml}.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{sheet_ml}.worksheet+xml",
        "/xl/styles.xml": f"{sheet_ml}.styles+xml",
        **(extra or {}),
    }
    items = "".join(
        f'<Override PartName="{name}" ContentType="{kind}"/>' for name, kind in overrides.items()
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" ContentType='
        '"application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        '<Default Extension="vml" ContentType='
        f'"application/vnd.openxmlformats-officedocument.vmlDrawing"/>{items}</Types>'
    )


def worksheet(rows: str, head: str = "", tail: str = "") -> str:
    """A worksheet part around row elements."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}" xmlns:r="{OFFICE}">{head}'
        f"<sheetData>{rows}</sheetData>{tail}</worksheet>"
    )


def workbook(names: str = "", sheets: tuple[str, ...] = ("台账",), extra: str = "") -> str:
    """A workbook part; `names` are definedName elements, `extra` stands behind them."""
    items = "".join(
        f'<sheet name="{name}" sheetId="{i}" r:id="rId{i}"/>' for i, name in enumerate(sheets, 1)
    )
    defined = f"<definedNames>{names}</definedNames>" if names else ""
    return (
        f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{items}</sheets>'
        f"{defined}{extra}</workbook>"
    )


def simple(sheet: str, **parts: str) -> dict[str, str]:
    """The parts of a workbook with one sheet `台账`; `parts` replace `workbook` or `styles`."""
    return {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relations(("rId1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": parts.get("workbook", workbook()),
        "xl/_rels/workbook.xml.rels": relations(
            ("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId9", "styles", "styles.xml")
        ),
        "xl/styles.xml": parts.get("styles", STYLES),
        "xl/worksheets/sheet1.xml": sheet,
    }


def save(parts: dict[str, str] | dict[str, str | bytes], path: Path) -> Path:
    """Zips the parts in their order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return path


def book(path: Path, rows: str, head: str = "", tail: str = "", **parts: str) -> Path:
    """A workbook with one sheet `台账` on disk."""
    return save(simple(worksheet(rows, head, tail), **parts), path)


def part(path: Path, name: str) -> str:
    """The text of one part."""
    with zipfile.ZipFile(path) as package:
        return package.read(name).decode()


def packed(path: Path) -> dict[str, bytes]:
    """Each member's compressed bytes as they lie in the file."""
    found = {}
    with zipfile.ZipFile(path) as package, path.open("rb") as file:
        for info in package.infolist():
            file.seek(info.header_offset + 26)
            name, extra = struct.unpack("<2H", file.read(4))
            file.seek(name + extra, 1)
            found[info.filename] = file.read(info.compress_size)
    return found


def sheet_rows(path: Path, name: str = "xl/worksheets/sheet1.xml") -> str:
    """What stands between the sheetData tags."""
    text = part(path, name)
    return text.partition("<sheetData>")[2].partition("</sheetData>")[0]


def cell(address: str, value: object, style: int = 0) -> str:
    """A number or inline text cell."""
    look = f' s="{style}"' if style else ""
    if isinstance(value, str):
        return (
            f'<c r="{address}"{look} t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        )
    return f'<c r="{address}"{look}><v>{value}</v></c>'


def row(number: int, *values: object, attributes: str = "") -> str:
    """A row of cells from column A; None leaves a gap."""
    cells = "".join(
        cell(f"{chr(65 + i)}{number}", value) for i, value in enumerate(values) if value is not None
    )
    return f'<row r="{number}"{attributes}>{cells}</row>'


def text_of(rows: str, head: str = "", tail: str = "") -> SheetText:
    """A worksheet part around row elements, cut into head, rows and tail."""
    return SheetText(worksheet(rows, head, tail).encode(), "台账")


@contextmanager
def opened(path: Path) -> Iterator[Package]:
    """The package of a workbook on disk, for functions that plan changes in it."""
    with closing(ZipSource(path)) as source:
        yield Package(source)


def emitted(
    at: Path, rows: str, edit: SheetEdit, head: str = "", styles: Styles | None = None
) -> str:
    """The rows of a sheet after an edit; the touched ones lie where the writer says."""
    book(at, rows, head)
    return written(at, edit, styles)


def written(at: Path, edit: SheetEdit, styles: Styles | None = None) -> str:
    with opened(at) as package:
        plan = plan_sheet(package, "台账", edit, date1904=False)
        writer = SheetWriter(plan, styles or Styles(STYLES.encode()))
        writer.head, writer.tail = b"<head>", b"<tail>"
        rendered = writer.render_rows()
        whole = b"".join(writer.pieces(rendered))
    assert {n: whole[a:b] for n, (a, b) in writer.spans.items()} == rendered
    return whole.decode().removeprefix("<head>").removesuffix("<tail>")
