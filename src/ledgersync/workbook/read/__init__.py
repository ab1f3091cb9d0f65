"""What a workbook holds: any layout, any format → tables of normalised values.

`read_workbook` recognises the tables of all ledgers wherever they stand in a file, normalises
their values and says which rows it passed over and why.
"""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ledgersync.model import WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.read.document import as_json
from ledgersync.workbook.read.reading import read_here

__all__ = ["as_json", "read_here", "read_workbook"]


def read_workbook(
    path: Path,
    catalog: Catalog,
    *,
    today: date,
    password: str | None = None,
    mappings: Mapping[str, str] | None = None,
) -> WorkbookData:
    """All tables of a file, with its stamp and the faults of its layout.

    `today` is the last day that is no future; `mappings` are learned headers
    (`ledger.table/header key` → field id). Raises UnreadableFile.
    """
    return read_here(Path(path), catalog, today=today, password=password, mappings=mappings)
