"""Colours, fonts and number formats of generated workbooks."""

from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from ledgersync.workbook.build.layout import wraps

FONT = "微软雅黑"
DARK, MID, PALE, LINE = "#1F4E79", "#2E75B6", "#DDEBF7", "#BFBFBF"
RED_FILL, RED_TEXT, GREY_TEXT = "#FFC7CE", "#9C0006", "#7F7F7F"
YELLOW_FILL = "#FFF2CC"

_NUMBER_FORMATS = {
    "id_number": "@",
    "phone": "@",
    "code": "@",
    "digits": "@",
    "name": "@",
    "text": "@",
    "date": "yyyy-mm-dd",
    "money": "0.00",
    "integer": "0",
}
_CENTRED = frozenset({"date", "bool", "choice", "integer", "decimal", "name", "phone", "id_number"})


class Styles:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: Any) -> Format:
        base = {"font_name": FONT, "font_size": 10, "valign": "vcenter"} | properties
        key = tuple(sorted(base.items()))
        if key not in self._made:
            self._made[key] = self._workbook.add_format(base)
        return self._made[key]

    def column(self, kind: str) -> Format:
        """The format of a whole column, for rows typed below the table."""
        return self.get(**_of_type(kind))

    def cell(self, kind: str) -> Format:
        """The format of a table's cell."""
        return self.get(**_of_type(kind), border=1, border_color=LINE)

    def record_id(self) -> Format:
        """Hidden, and large: a program that fits a row to its text leaves it as tall as this."""
        return self.get(**_of_type("code"), border=1, border_color=LINE, font_size=14)

    def title(self) -> Format:
        return self.get(font_size=16, bold=True, font_color=DARK)

    def caption(self) -> Format:
        return self.get(font_color=GREY_TEXT)

    def counter(self) -> Format:
        return self.get(font_color=RED_TEXT, bold=True)

    def header(self, required: bool) -> Format:
        fill, ink = (DARK, "#FFFFFF") if required else (PALE, DARK)
        return self._header(fill, ink)

    def check_header(self) -> Format:
        return self._header("#F2F2F2", GREY_TEXT)

    def _header(self, fill: str, ink: str) -> Format:
        return self.get(
            bold=True,
            bg_color=fill,
            font_color=ink,
            align="center",
            text_wrap=True,
            border=1,
            border_color=LINE,
        )

    def check_cell(self) -> Format:
        return self.get(border=1, border_color=LINE, font_color=GREY_TEXT, text_wrap=True)

    def faulty(self) -> Format:
        """A difference, not a whole format: what a conditional format lays over a cell."""
        return self.difference(bg_color=RED_FILL, font_color=RED_TEXT)

    def doubtful(self) -> Format:
        """What no formula can decide, and `ledgersync check` will."""
        return self.difference(bg_color=YELLOW_FILL)

    def fault_text(self) -> Format:
        return self.difference(font_color=RED_TEXT, bold=True)

    def difference(self, **properties: Any) -> Format:
        """What a conditional format lays over a cell."""
        return self._workbook.add_format(properties)


def _of_type(kind: str) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    if kind in _NUMBER_FORMATS:
        properties["num_format"] = _NUMBER_FORMATS[kind]
    if kind in _CENTRED:
        properties["align"] = "center"
    elif kind != "money":
        properties |= {"align": "left", "indent": 1}
    if wraps(kind):
        properties["text_wrap"] = True
    return properties
