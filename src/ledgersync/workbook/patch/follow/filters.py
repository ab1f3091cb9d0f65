"""A sheet's own filter reaches the columns that are added right of it: sorting by it moves them."""

from collections.abc import Collection

from ledgersync.model import column_letters
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import Splices, opening

FILTER_NAME = "_xlnm._FilterDatabase"


def widen_filter(tail: bytes, new_columns: Collection[int]) -> bytes:
    """The part of a sheet behind its rows, with a filter that covers the new columns."""
    splices = Splices()
    for tag in opening(tail, b"autoFilter"):
        area = Area.parse(tag.text(b"ref") or "")
        if area and (wider := _widened(area, new_columns)) != area:
            splices.attribute(tag, b"ref", str(wider))
    return splices.apply(tail)


def widen_filter_name(formula: str, new_columns: Collection[int]) -> str:
    """The hidden name that repeats the filter's range: `'Sheet'!$A$3:$F$20`."""
    sheet, mark, cells = formula.rpartition("!")
    area = Area.parse(cells)
    if area is None or (wider := _widened(area, new_columns)) == area:
        return formula
    corners = (f"${column_letters(c)}${r}" for r, c in (wider[:2], wider[2:]))
    return sheet + mark + ":".join(corners)


def _widened(area: Area, new_columns: Collection[int]) -> Area:
    right = area.right
    while right + 1 in new_columns:
        right += 1
    return area._replace(right=right)
