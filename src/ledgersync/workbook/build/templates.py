"""Empty ledger workbooks, and the generated set under `workbooks/`."""

import zipfile
from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path

from ledgersync.files import atomic_write
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.workbook.build.ids import record_ids
from ledgersync.workbook.build.layout import RESERVED_ROWS, SheetRows
from ledgersync.workbook.build.workbook import ledger_workbook


def build_template(
    path: Path,
    ledger: LedgerSchema,
    catalog: Catalog,
    *,
    today: date,
    unit: str = "",
    seed: str | None = None,
    vba: bytes | None = None,
) -> None:
    """An empty workbook of a ledger; with a `seed` always the same bytes.

    The ids on its empty rows are new in every file made without a seed.
    """
    ids = record_ids(seed)
    rows = {t.id: SheetRows((), tuple(islice(ids, RESERVED_ROWS))) for t in ledger.tables}
    atomic_write(
        path,
        ledger_workbook(
            ledger,
            catalog,
            kind="template",
            unit=unit,
            rows=rows,
            stamp=None,
            today=today,
            vba=vba,
        ),
    )


def build_all(folder: Path, catalog: Catalog) -> list[Path]:
    """Writes every ledger's template into `folder`, the same bytes each time."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for ledger in catalog:
        paths.append(folder / ledger.file_name)
        seed = f"workbooks/{ledger.id}/{ledger.version}"
        build_template(paths[-1], ledger, catalog, today=date(2024, 1, 1), seed=seed)
    return paths


def template_difference(one: Path, other: Path) -> str | None:
    """The first part in which two workbooks differ, None when they say the same.

    Parts are compared unpacked, because two builds of zlib may pack them differently.
    """
    if not one.exists() or not other.exists():
        return "（文件不存在）"
    with zipfile.ZipFile(one) as a, zipfile.ZipFile(other) as b:
        return next(_differing(a, b), None)


def _differing(one: zipfile.ZipFile, other: zipfile.ZipFile) -> Iterator[str]:
    here, there = set(one.namelist()), set(other.namelist())
    yield from sorted(here ^ there)
    for name in sorted(here & there):
        if one.read(name) != other.read(name):
            yield name
