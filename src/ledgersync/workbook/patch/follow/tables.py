"""Excel tables on a sheet: where their rows are, and their ranges after a patch."""

from collections.abc import Mapping

from ledgersync.dataclass import dataclass
from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.scan.refs import Area, Growth
from ledgersync.workbook.patch.scan.row_map import RowMap
from ledgersync.workbook.patch.scan.xml_scan import Splices, escape, first, opening, whole_number


@dataclass(frozen=True)
class Table:
    """One table: its whole range, and how many header and totals rows are in it."""

    member: str
    area: Area
    header_rows: int
    totals_rows: int

    @property
    def first_data(self) -> int:
        return self.area.top + self.header_rows

    @property
    def last_data(self) -> int:
        return self.area.bottom - self.totals_rows

    def data_rows(self) -> range:
        return range(self.first_data, self.last_data + 1)

    def fixed_rows(self) -> set[int]:
        """The header and totals rows."""
        below = range(max(self.last_data, self.area.top - 1) + 1, self.area.bottom + 1)
        return {*range(self.area.top, min(self.first_data, self.area.bottom + 1)), *below}


def tables_of(package: Package, sheet_member: str) -> list[Table]:
    """The tables that stand on a sheet."""
    found = []
    for member in package.related(sheet_member, "table"):
        tag = first(package.read(member), b"table")
        area = Area.parse(tag.text(b"ref") or "") if tag else None
        if tag and area:
            header = whole_number(tag.get(b"headerRowCount"), 1)
            totals = whole_number(tag.get(b"totalsRowCount"))
            found.append(Table(member, area, header, totals))
    return found


def follow_table(data: bytes, table: Table, rows: RowMap, growth: Growth) -> bytes:
    """The table part with its range, filter and sort ranges after a patch."""
    splices = Splices()
    for tag in opening(data, b"table", b"autoFilter", b"sortState", b"sortCondition"):
        area = Area.parse(tag.text(b"ref") or "")
        moved = area.moved(rows) if area else None
        if area is None or moved is None:
            continue
        totals = table.totals_rows if tag.name == b"table" else 0
        grown = _grown(moved, totals, growth)
        if grown != area:
            splices.attribute(tag, b"ref", str(grown))
    return splices.apply(data)


def widen_table(data: bytes, table: Table, headers: Mapping[int, str]) -> bytes:
    """The table part with the columns that begin right of it, by their new headers.

    As it is where it would be no table any more: two columns of one name, rows without headers,
    data from elsewhere.
    """
    columns = list(opening(data, b"tableColumn"))
    taken = {(tag.text(b"name") or "").casefold() for tag in columns}
    right, new = table.area.right, list[str]()
    while (header := headers.get(right + 1)) and header.casefold() not in taken:
        taken.add(header.casefold())
        new.append(header)
        right += 1
    tag, end = first(data, b"tableColumns"), data.rfind(b"</tableColumns>")
    whole = first(data, b"table")
    is_plain = whole is not None and whole.get(b"tableType") is None and table.header_rows == 1
    if tag is None or end == -1 or not new or not is_plain:
        return data
    splices = Splices()
    splices.attribute(tag, b"count", str(len(columns) + len(new)))
    last = max(whole_number(column.get(b"id")) for column in columns)
    more = [
        b'<tableColumn id="%d" name="%s"/>' % (last + n, escape(h)) for n, h in enumerate(new, 1)
    ]
    splices.insert(end, b"".join(more))
    for ranged in opening(data, b"table", b"autoFilter"):
        area = Area.parse(ranged.text(b"ref") or "")
        if area and area.right == table.area.right:
            splices.attribute(ranged, b"ref", str(area._replace(right=right)))
    return splices.apply(data)


def _grown(area: Area, totals_rows: int, growth: Growth) -> Area:
    """The range with its data rows grown; totals rows stay below them."""
    data = area._replace(bottom=area.bottom - totals_rows)
    grown = growth.of(data, single_rows=True)
    return grown._replace(bottom=grown.bottom + totals_rows)
