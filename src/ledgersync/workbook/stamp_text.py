"""A stamp as named texts: what a workbook says about itself, without any file format.

All values are text, because spreadsheet programs change the type of numbers there.
"""

from collections.abc import Iterable, Mapping

from ledgersync.model import Stamp

STAMP_SHEET = "_ledgersync"
LIST_SHEET = "_ledgersync_lists"
KEY_SHEET = "_ledgersync_keys"
FORMULA_SHEETS = frozenset({LIST_SHEET, KEY_SHEET})
"""Sheets of ours, very hidden, that only formulas ask."""
STAMP_MARK = "LedgerSync"  # the first cell of the stamp's sheet
PREFIX = "LedgerSync."
STAMP_FIELDS = (
    "workspace",
    "ledger",
    "schema",
    "revision",
    "copy",
    "staff",
    "unit",
    "unit_name",
    "digest",
)


def stamp_texts(stamp: Stamp) -> dict[str, str]:
    """The stamp as named texts, in a fixed order."""
    values = (
        stamp.workspace,
        stamp.ledger,
        str(stamp.schema_version),
        str(stamp.revision),
        stamp.copy_id,
        stamp.staff or "",
        stamp.unit or "",
        stamp.unit_name or "",
        stamp.digest or "",
    )
    return dict(zip(STAMP_FIELDS, values, strict=True))


def stamp_in(pairs: Iterable[tuple[object, object]]) -> Stamp | None:
    """The stamp that a sheet `_ledgersync` of any format holds: names beside values."""
    return stamp_from({_plain(name): _plain(value) for name, value in pairs})


def stamp_from(texts: Mapping[str, str]) -> Stamp | None:
    """The stamp that these texts are, None when they are none."""
    try:
        return Stamp(
            workspace=texts["workspace"],
            ledger=texts["ledger"],
            schema_version=int(float(texts["schema"])),
            revision=int(float(texts["revision"])),
            copy_id=texts["copy"],
            staff=texts.get("staff") or None,
            unit=texts.get("unit") or None,
            unit_name=texts.get("unit_name") or None,
            digest=texts.get("digest") or None,
        )
    except (KeyError, ValueError, OverflowError):
        return None


def _plain(cell: object) -> str:
    """A value as text, even where a program made a number of it."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
