"""The sheets of a large package as columns."""

import zipfile
from collections.abc import Callable, Mapping
from typing import NamedTuple

import python_calamine as calamine

from ledgersync.values import CellError
from ledgersync.workbook.read.formats.inflate import Broken, DecompressionBomb, checked_pieces
from ledgersync.workbook.read.formats.large.cells import Gathered
from ledgersync.workbook.read.formats.large.columns import Columns, Styled, Values, values_of
from ledgersync.workbook.read.formats.large.probe import Probe
from ledgersync.workbook.read.formats.large.sheets import Sheet, read_sheet
from ledgersync.workbook.read.formats.large.strings import inline_texts, shared_texts
from ledgersync.workbook.read.formats.large.tags import Unusual
from ledgersync.workbook.read.formats.package import SHARED_TEXTS
from ledgersync.workbook.read.layout.grid import ColumnRows, Merge

_FEW = 5000  # texts that calamine is asked for in any case


class LargeSheet(NamedTuple):
    """A sheet as calamine would give it, and by style where the cells are that hold something."""

    meta: calamine.SheetMetadata
    rows: ColumnRows
    merges: list[Merge]
    formulas: dict[int, set[int]]
    styled: Styled


def read_large(
    content: bytes,
    archive: zipfile.ZipFile,
    parts: Mapping[str, str],
    is_wanted: Callable[[calamine.SheetMetadata], bool],
) -> list[LargeSheet] | None:
    """The wanted sheets; None if they are not written as usual.

    `parts` are the sheets' parts by name. Raises DecompressionBomb.
    """
    try:
        return _read(content, archive, parts, is_wanted)
    except DecompressionBomb:
        raise
    except (Unusual, Broken, calamine.CalamineError, calamine.XmlError, calamine.ZipError):
        return None


def _read(
    content: bytes,
    archive: zipfile.ZipFile,
    parts: Mapping[str, str],
    is_wanted: Callable[[calamine.SheetMetadata], bool],
) -> list[LargeSheet]:
    members = {m.filename: m for m in archive.infolist()}
    if not all(part.startswith("xl/") and part.endswith(".xml") for part in parts.values()):
        raise Unusual
    probe = Probe(content, members.values(), parts)
    known = probe.metadata()
    wanted = [meta for meta in known if is_wanted(meta)]
    is_one_each = len({meta.name for meta in known}) == len(known)
    if not is_one_each or not all(meta.name in parts for meta in wanted):
        raise Unusual
    texts, odd = _texts(content, members)
    gathered = Gathered(len(texts), {}, {})
    sheets = [read_sheet(content, members[parts[meta.name]], gathered) for meta in wanted]
    more, odd_ones = inline_texts(gathered.inline)
    odd |= {len(texts) + n: entry for n, entry in odd_ones.items()}
    if len(odd) > max(_FEW, (len(texts) + len(more)) // 20):
        raise Unusual
    texts += more
    cells = [sheet.cells for sheet in sheets]
    values = values_of(cells, texts, odd, list(gathered.others), probe)
    found: list[LargeSheet] = []
    while sheets:
        meta, sheet = wanted[len(found)], sheets.pop(0)
        columns = _columns(sheet, values)
        found.append(
            LargeSheet(meta, columns.rows(), sheet.merges, sheet.formulas, Styled.of(sheet.cells))
        )
    return found


def _columns(sheet: Sheet, values: Values) -> Columns:
    columns = Columns(sheet.cells, values, *_size(sheet))
    for (row, column), text in sheet.errors.items():
        columns.put(row, column, CellError(text))
    return columns


def _texts(
    content: bytes, members: Mapping[str, zipfile.ZipInfo]
) -> tuple[list[str], dict[int, str]]:
    if SHARED_TEXTS not in members:
        if any(name.lower() == SHARED_TEXTS.lower() for name in members):
            raise Unusual
        return [], {}
    try:
        return shared_texts(checked_pieces(content, members[SHARED_TEXTS]))
    except DecompressionBomb:
        raise Unusual from None


def _size(sheet: Sheet) -> tuple[int, int]:
    """Height and width, which reach as far as cells do that hold something."""
    cells, errors = sheet.cells, sheet.errors
    height = max(int(cells.row.max(initial=0)), *(row for row, _ in errors), 0)
    return height, max(int(cells.column.max(initial=0)), *(column for _, column in errors), 0)
