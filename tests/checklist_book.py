"""docs/windows-checklist.xlsx: the steps of docs/windows-checklist.md, to be ticked off one by one.

The page is the source: its tables are the steps, its headings the parts; `make docs` writes the
workbook and `make stale` compares it.
"""

import re
import sys
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ledgersync.workbook.build.growing import GrowingSheet
from ledgersync.workbook.build.paper import landscape_page
from ledgersync.workbook.build.styles import DARK, LINE, MID, PALE, RED_TEXT, Styles
from ledgersync.workbook.lines import height_of, line_count

PAGE = Path(__file__).resolve().parents[1] / "docs" / "windows-checklist.md"
HEADS = ("序号", "做什么", "应当看到", "结果", "备注")
RESULTS = ("通过", "不通过", "没有试")
FIRST = 5  # the first row below the header, from 1
_WIDTHS = (7, 52, 60, 10, 30)
_STEP = re.compile(r"\| (\d+) \| (.+) \| (.+) \|")
_FILLS = {"通过": "#E2EFDA", "不通过": "#FFC7CE", "没有试": "#FFF2CC"}
_SHEET = "核对单"


@dataclass(frozen=True)
class Step:
    number: int
    action: str  # with `code` marked as in the page
    expected: str


@dataclass(frozen=True)
class Part:
    """A heading of the page, its lines of text and its steps."""

    title: str
    lines: tuple[str, ...]
    steps: tuple[Step, ...]


def parts_of(text: str) -> list[Part]:
    """The page's parts, the title first. ValueError where steps are not numbered in turn."""
    parts = [_part(block) for block in re.split(r"^#+ ", text, flags=re.MULTILINE) if block]
    numbers = [step.number for part in parts for step in part.steps]
    if not numbers or numbers != list(range(1, len(numbers) + 1)):
        raise ValueError(f"steps are not numbered from 1 in turn: {numbers}")
    return parts


def _part(block: str) -> Part:
    title, *rest = block.splitlines()
    steps = [Step(int(m[1]), m[2], m[3]) for line in rest if (m := _STEP.fullmatch(line))]
    lines = [line for line in rest if line and line[0] != "|" and ".xlsx)" not in line]
    return Part(title, tuple(lines), tuple(steps))


def checklist(text: str) -> bytes:
    """The workbook as it lies on disk; the same page gives the same bytes."""
    buffer = BytesIO()
    with Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": _SHEET, "created": datetime(2024, 1, 1)})
        _Sheet(book.add_worksheet(_SHEET, GrowingSheet), Styles(book)).write(parts_of(text))
    return buffer.getvalue()


class _Sheet:
    """Writes from the top down; `row` is the next free row, from 0."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        self.sheet, self.styles, self.row = sheet, styles, FIRST - 1

    def write(self, parts: list[Part]) -> None:
        for column, width in enumerate(_WIDTHS):
            self.sheet.set_column(column, column, width, self.styles.get())
        first, *rest = parts
        for line in first.lines:
            self._text(line)
        for part in rest:
            self._heading(part.title)
            for line in part.lines:
                self._text(line)
            for step in part.steps:
                self._step(step)
        self._top(first.title, sum(len(part.steps) for part in parts))
        self._help()
        self._paper(first.title)

    def _text(self, line: str) -> None:
        self.sheet.write_string(self.row, 1, line.replace("`", ""), self.styles.caption())
        self.row += 1

    def _heading(self, title: str) -> None:
        style = self.styles.get(bold=True, font_size=11, font_color=MID)
        self.sheet.write_string(self.row, 0, title, style)
        self.sheet.set_row(self.row, 26)
        self.row += 1

    def _step(self, step: Step) -> None:
        style = self.styles.get(text_wrap=True, border=1, border_color=LINE)
        middle = self.styles.get(align="center", border=1, border_color=LINE)
        self.sheet.write_number(self.row, 0, step.number, middle)
        for column, text in ((1, step.action), (2, step.expected)):
            self._marked(column, text, style)
        self.sheet.write_blank(self.row, 3, None, middle)
        self.sheet.write_blank(self.row, 4, None, style)
        pairs = zip((step.action, step.expected), _WIDTHS[1:3], strict=True)
        self.sheet.set_row(self.row, height_of(max(line_count(t, w) for t, w in pairs)))
        self.row += 1

    def _marked(self, column: int, text: str, style: Any) -> None:
        """What is to be typed stands out, as `code` does on the page."""
        plain, code = self.styles.get(), self.styles.get(font_color=DARK)
        pieces = [p for p in re.split(r"(`[^`]+`)", text) if p]
        if len(pieces) == 1:
            look = self.styles.get(text_wrap=True, border=1, border_color=LINE, font_color=DARK)
            self.sheet.write_string(
                self.row, column, text.strip("`"), look if text[0] == "`" else style
            )
            return
        runs = [part for p in pieces for part in (code if p[0] == "`" else plain, p.strip("`"))]
        self.sheet.write_rich_string(self.row, column, *runs, style)

    def _top(self, title: str, steps: int) -> None:
        self.sheet.write_string(0, 0, title, self.styles.title())
        self.sheet.set_row(0, 28)
        told = f"还有 {steps} 步没有填；通过 0，不通过 0，没有试 0"
        self.sheet.write_formula(1, 0, _count(self.row), self.styles.counter(), told)
        for column, text in ((1, "Windows、Excel 或 WPS 的版本："), (2, "核对人、日期：")):
            self.sheet.write_string(2, column, text, self.styles.get(bottom=1))
        head = self.styles.get(
            bold=True, bg_color=PALE, font_color=DARK, align="center", border=1, border_color=LINE
        )
        self.sheet.write_row(3, 0, HEADS, head)
        self.sheet.freeze_panes(FIRST - 1, 0)

    def _help(self) -> None:
        """Drop-downs and colours, for every row with a number."""
        last = self.row
        told = {"error_title": "结果", "error_message": f"请选：{'、'.join(RESULTS)}。"}
        choice = {"validate": "list", "source": list(RESULTS), **told}
        self.sheet.data_validation(FIRST - 1, 3, last - 1, 3, choice)
        bare = f'AND($D{FIRST}="不通过",$E{FIRST}="")'
        self._colour(4, last, bare, {"bg_color": _FILLS["没有试"]})
        for result, fill in _FILLS.items():
            look = {"bg_color": fill} | ({"font_color": RED_TEXT} if result == "不通过" else {})
            self._colour(3, last, f'$D{FIRST}="{result}"', look)

    def _colour(self, column: int, last: int, formula: str, look: dict[str, str]) -> None:
        form = self.styles.difference(**look)
        kind = {"type": "formula", "criteria": "=" + formula, "format": form}
        self.sheet.conditional_format(FIRST - 1, column, last - 1, column, kind)

    def _paper(self, title: str) -> None:
        landscape_page(self.sheet, title)
        self.sheet.repeat_rows(FIRST - 2)
        self.sheet.print_area(0, 0, self.row - 1, len(HEADS) - 1)


def _count(last: int) -> str:
    """What is open, in words; only rows with a number are steps."""
    results = f"$D${FIRST}:$D${last}"
    counts = [f'COUNTIF({results},"{result}")' for result in RESULTS]
    left = f"COUNT($A${FIRST}:$A${last})-" + "-".join(counts)
    state = f'IF({left}>0,"还有 "&{left}&" 步没有填","每一步都填了")'
    told = '&"，'.join(f'{result} "&{n}' for result, n in zip(RESULTS, counts, strict=True))
    wanted = f'IF({counts[1]}>0,"。不通过的请在备注里写看到了什么","")'
    return f'={state}&"；{told}&{wanted}'


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(checklist(PAGE.read_text(encoding="utf-8")))
