"""The sheet `填表说明`: how to fill in this ledger, field by field, generated from its schema."""

from collections.abc import Iterator

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from ledgersync.schema import Catalog, LedgerSchema, TableSchema
from ledgersync.workbook.build import words
from ledgersync.workbook.build.layout import LIVELY_ROWS, UNIQUE_ROWS
from ledgersync.workbook.build.paper import landscape_page
from ledgersync.workbook.build.styles import DARK, LINE, MID, PALE, Styles
from ledgersync.workbook.lines import line_count

_HEADS = ("栏目", "要求", "填什么", "可选值或范围", "表内自动检查", "写法")
_WIDTHS = (20, 10, 12, 46, 34, 40)
_HOW = (
    "一条记录填一行，从表头下面的第一个空行接着填；不合并单元格，不在表格中间写小计。",
    "深蓝表头为必填。填错的单元格变红，原因写在最右边的“校验”列；改对后红色自动消失。",
    "粘贴进来的内容不会弹出提示，但“校验”列照样检查。",
    "浅色表头可以空着；“提示：”开头的只是提醒，不影响提交。",
    "不要删除最右边的隐藏列和隐藏工作表：程序靠它们认出每一行。排序、筛选、插入行都可以。",
    "填完保存，放进共享文件夹里自己的收件目录即可；被退回的单元格会标出原因。",
)
_KEYS = (
    ("Ctrl + ;", "填入今天的日期"),
    ("Alt + ↓", "打开下拉列表"),
    ("Ctrl + D", "照抄上一行的内容（身份证号、电话除外）"),
    ("Tab / Enter", "到右边 / 下面一格"),
    ("Ctrl + Z", "撤销"),
)
_ONLY_CHECK = (
    "身份证号前6位是否为已知的行政区划；一列身份证号是否像拖动填充那样逐个加一",
    "与其他台账的核对（重复享受、应退未退、应访未访等）",
    "用中文数字写的数量和日期（表内不标红，合并时核对）",
    "设成日期格式的数字，以及少见的全角符号和特殊空格",
    f"超过 {UNIQUE_ROWS} 行的表中的重复",
    f"超过 {LIVELY_ROWS} 行的表中，晚于今天的日期只标红、不在“校验”列写原因",
    "区号后短横线的位置（如把 022-1 写成 0221-）",
)


def write_guide(
    sheet: Worksheet, ledger: LedgerSchema, catalog: Catalog, styles: Styles, owner: str
) -> None:
    """Fills the sheet; everything on it follows from the schema. `owner` stands at the foot."""
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width, styles.get())
    sheet.hide_gridlines(2)
    writer = _Writer(sheet, styles)
    writer.line(f"{ledger.title or ledger.workbook}　填表说明", styles.title(), 30)
    writer.heading("怎么填")
    for n, sentence in enumerate(_HOW, 1):
        writer.paragraph(f"{n}. {sentence}")
    breaks = []
    for table in ledger.tables:
        breaks.append(writer.row + 1)
        writer.heading(f"〔{table.sheet}〕各栏")
        writer.table(table)
    writer.heading("常用按键")
    for key, meaning in _KEYS:
        writer.pair(key, meaning)
    writer.heading("表内查不了、合并时由 LedgerSync 检查的")
    for rule in _outside(ledger, catalog):
        writer.paragraph(f"· {rule}")
    writer.heading("依据、用途与保存")
    for key, text in _provenance(ledger):
        writer.pair(key, text)
    landscape_page(sheet, owner)
    sheet.set_h_pagebreaks(breaks[1:])
    sheet.print_area(0, 0, max(0, writer.row - 1), len(_HEADS) - 1)


def _outside(ledger: LedgerSchema, catalog: Catalog) -> Iterator[str]:
    for table in ledger.tables:
        for f in table.fields:
            yield from words.outside_rules(f, catalog)
    yield from _ONLY_CHECK


def _provenance(ledger: LedgerSchema) -> Iterator[tuple[str, str]]:
    yield "依据", "；".join(ledger.basis) or "（由所在单位补充）"
    yield "用途", ledger.purpose or "（由所在单位补充）"
    yield "保存期限", f"{ledger.retention_years}年，期满按规定处理"
    yield "个人信息", "只登记本表所列栏目，不外传、不拍照转发；对外的报表不出现姓名和证件号码。"


class _Writer:
    """Writes from the top down; `row` is the next free row, from 0."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, 0
        self._body = styles.get(text_wrap=True, border=1, border_color=LINE)

    def line(self, text: str, style: Format, height: float) -> None:
        self.sheet.set_row(self.row, height)
        self.sheet.write_string(self.row, 0, text, style)
        self.row += 1

    def heading(self, text: str) -> None:
        self.row += 1
        self.line(text, self.styles.get(bold=True, font_size=12, font_color=MID), 24)

    def paragraph(self, text: str) -> None:
        self.line(text, self.styles.get(), 18)

    def pair(self, key: str, text: str) -> None:
        self.sheet.write_string(self.row, 0, key, self.styles.get(bold=True, font_color=DARK))
        self.sheet.write_string(self.row, 1, text, self.styles.get())
        self.sheet.set_row(self.row, 18)
        self.row += 1

    def table(self, table: TableSchema) -> None:
        head = self.styles.get(
            bold=True, bg_color=PALE, font_color=DARK, align="center", border=1, border_color=LINE
        )
        self.sheet.write_row(self.row, 0, _HEADS, head)
        self.row += 1
        headers = {f.id: f.header for f in table.fields}
        for f in table.fields:
            rules = "；".join(words.native_rules(f, headers))
            cells = (f.header, words.demand(f), words.KINDS[f.type], words.contents(f), rules)
            self._cells((*cells, words.example(f)), bold=f.required)

    def _cells(self, cells: tuple[str, ...], *, bold: bool) -> None:
        first = self.styles.get(
            bold=bold, text_wrap=True, border=1, border_color=LINE, font_color=DARK
        )
        for column, text in enumerate(cells):
            self.sheet.write_string(self.row, column, text, self._body if column else first)
        lines = max(line_count(t, w) for t, w in zip(cells, _WIDTHS, strict=True))
        self.sheet.set_row(self.row, 4 + 15 * lines)
        self.row += 1
