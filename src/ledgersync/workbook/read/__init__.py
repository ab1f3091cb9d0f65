"""What a workbook holds: any layout, any format → tables of normalised values.

`read_workbook` recognises the tables of all ledgers wherever they stand in a file, normalises
their values and says which rows it passed over and why.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path

from ledgersync.errors import UnreadableFile
from ledgersync.model import WorkbookData
from ledgersync.schema import Catalog
from ledgersync.workbook.read.document import as_json

__all__ = ["as_json", "read_workbook", "read_workbooks"]


def read_workbook(
    path: Path,
    catalog: Catalog,
    *,
    today: date,
    password: str | None = None,
    mappings: Mapping[str, str] | None = None,
) -> WorkbookData:
    """All tables of a file, with its stamp and the faults of its layout.

    The file is parsed in a child process, which is all that a hostile one can bring down
    (`reading.read_here` parses in this one). `today` is the last day that is no future;
    `mappings` are learned headers (`ledger.table/header key` → field id), the catalog's own where
    none are given. Raises UnreadableFile.
    """
    from ledgersync.workbook.read.pool import default_pool  # many commands read no file

    return default_pool().read(
        Path(path), catalog, today=today, password=password, mappings=mappings
    )


def read_workbooks(
    paths: Sequence[Path],
    catalog: Catalog,
    *,
    today: date,
    password: str | None = None,
    mappings: Mapping[str, str] | None = None,
) -> Iterator[WorkbookData | UnreadableFile]:
    """Several files, on as many processors as there are, in the order given."""

    def one(path: Path) -> WorkbookData | UnreadableFile:
        try:
            return read_workbook(path, catalog, today=today, password=password, mappings=mappings)
        except UnreadableFile as refusal:
            return refusal

    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(max_workers=4) as threads:
        yield from threads.map(one, paths)
