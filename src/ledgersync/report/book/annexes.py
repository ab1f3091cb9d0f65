"""缺报与迟报, 数据质量, 指标口径, 数据出处 as sheets, and the links that lead to them."""

from collections.abc import Iterator
from dataclasses import field

from openpyxl.worksheet.worksheet import Worksheet

from ledgersync.dataclass import dataclass
from ledgersync.report.annex.meanings import defined_in
from ledgersync.report.annex.places import bare_name
from ledgersync.report.book.drawing import draw
from ledgersync.report.content import Annex, Shown, Table
from ledgersync.report.reading import Reading
from ledgersync.report.sheets import Page, link_to
from ledgersync.rollup.figures import RollUp

COMPLETENESS, QUALITY, MEANINGS, PLACES = "缺报与迟报", "数据质量", "指标口径", "数据出处"
WIDTHS = {
    COMPLETENESS: (20.0, *[17.0] * 6),
    QUALITY: (20.0, *[14.0] * 8),
    MEANINGS: (26.0, 9.0, 9.0, 9.0, 58.0, 46.0),
    PLACES: (30.0, 18.0, 24.0, 14.0, 56.0),
}


@dataclass
class Links:
    """Where the meaning of each figure stands; filled when 指标口径 is drawn."""

    found: RollUp
    rows: dict[str, int] = field(default_factory=dict)

    def __call__(self, figure: object) -> str | None:
        if not isinstance(figure, Shown):
            return None
        row = self.rows.get(self.found.line(figure.indicator).defined.id)
        return f"'{MEANINGS}'!A{row}" if row else None


def draw_tables(page: Page, tables: tuple[Table, ...], found: RollUp, nothing: str) -> None:
    for table in tables:
        draw(page, table, found)
    if not tables:
        page.note(nothing)


def draw_meanings(page: Page, annex: Annex, found: RollUp, links: Links) -> None:
    """A line per indicator; figures link to it, and it to the rows of 数据出处."""
    first = draw(page, annex.meanings, found, heading=False)
    page.repeat(first - 1)
    page.sheet.freeze_panes = f"B{first}"
    for number, defined in enumerate(defined_in(Reading(found))):
        links.rows[defined.id] = first + number


def draw_places(page: Page, table: Table, found: RollUp, links: Links, back: Worksheet) -> None:
    """The rows behind the figures; the name of an indicator in 指标口径 leads to its first one."""
    page.note("行号是工作簿里的行号。本表供在屏幕上查找，不打印。")
    foot = page.row - 1
    first = draw(page, table, found, heading=False)
    page.sheet.print_area = f"A1:E{foot}"
    page.sheet.freeze_panes = f"A{first}"
    page.sheet.auto_filter.ref = f"A{first - 1}:E{max(first, page.row - 1)}"
    by_name = {x.name: x.defined.id for x in found.lines}
    seen: set[str] = set()
    for number, (name, *_) in enumerate(table.rows):
        known = by_name.get(bare_name(str(name)))
        if known is not None and known not in seen and known in links.rows:
            seen.add(known)
            link_to(back.cell(links.rows[known], 1), f"'{PLACES}'!A{first + number}")


def sheet_names(annex: Annex) -> Iterator[str]:
    yield from (COMPLETENESS, QUALITY, MEANINGS)
    if annex.places is not None:
        yield PLACES
