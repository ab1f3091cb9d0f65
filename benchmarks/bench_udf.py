"""UDFs in LibreOffice: 10,000 ids as one array formula, as single cells, and a warm lookup.

Target: the array formula in 0.25 s; a native formula over the same cells takes 0.46 to 0.77 s.
A lookup in the snapshot of 20,000 households: under a millisecond.
"""

import os
import random
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from ledgersync.model import Rows
from ledgersync.plugin import reader
from ledgersync.plugin.registry import BY_NAME
from ledgersync.plugin.snapshot import Touched, write_snapshot
from ledgersync.schema import load_catalog

COUNT = 10_000
DIGITS = (
    'MID("10X98765432",MOD(SUMPRODUCT(MID(A{r},ROW($1:$17),1)*MOD(2^(18-ROW($1:$17)),11)),11)+1,1)'
)
NATIVE = f'=IF(LEN(A{{r}})<>18,"x",IF(RIGHT(A{{r}},1)={DIGITS},"","bad"))'


def ids(count: int) -> list[list[str]]:
    source = random.Random(1)
    return [
        [f"110105{source.randint(1930, 2010)}{source.randint(1, 12):02d}{source.randint(1, 28):02d}"
         f"{source.randint(0, 999):03d}{source.randint(0, 9)}"]
        for _ in range(count)
    ]  # fmt: skip


def median(action: Callable[[], object], times: int = 5) -> float:
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def in_libreoffice() -> None:
    from tests.e2e.office import running

    from ledgersync.plugin import uno_engine
    from ledgersync.plugin.calc.oxt import build_oxt

    with tempfile.TemporaryDirectory(
        prefix="ledgersync-bench-", ignore_cleanup_errors=True
    ) as name:
        folder = Path(name)
        with running(folder / "run", build_oxt(folder / "LedgerSync.oxt")) as office:
            app = uno_engine.activate(office.context)
            sheet = app.books.add().sheets[0]
            document = sheet.book.api
            document.enableAutomaticCalculation(False)
            sheet.range(f"A1:A{COUNT}").number_format = "@"
            sheet.range(f"A1:A{COUNT}").value = ids(COUNT)
            target = sheet.range(f"C1:C{COUNT}")
            target.formula_array = f"=LS_IDCHECK(A1:A{COUNT})"
            print(
                f"array formula, {COUNT} ids: {median(document.calculateAll):.3f} s (target 0.25)"
            )
            target.clear_contents()
            target.formula = [[f"=LS_IDCHECK(A{r})"] for r in range(1, COUNT + 1)]
            print(f"{COUNT} single cells:        {median(document.calculateAll):.3f} s")
            target.clear_contents()
            target.formula = [[NATIVE.format(r=r).replace(",", ";")] for r in range(1, COUNT + 1)]
            print(f"{COUNT} native formulas:     {median(document.calculateAll):.3f} s")


def in_python() -> None:
    cells = ids(COUNT)
    check = BY_NAME["LS_IDCHECK"].call
    print(f"the function alone:          {median(lambda: check(cells)):.3f} s")


def lookups() -> None:
    catalog = load_catalog()
    table = catalog.table("dibao", "households")
    rows: Rows = {
        f"r{i}": tuple({"cert_no": f"D-{i}", "head_id": n}.get(f) for f in table.field_ids)
        for i, (n,) in enumerate(ids(20_000))
    }
    with tempfile.TemporaryDirectory() as name:
        workspace = Path(name)
        (workspace / "ledgersync.toml").touch()
        os.environ["LEDGERSYNC_WORKSPACE"] = name
        path = workspace / ".ledgersync" / "snapshot.db"
        taken = median(lambda: write_snapshot(path, {("dibao", "households"): rows}, catalog), 3)
        print(f"snapshot of 20,000 rows:     {taken:.3f} s, {path.stat().st_size / 1e6:.1f} MB")
        few = Touched(0, {("dibao", "households"): list(rows)[:500]})
        again = {("dibao", "households"): rows}
        taken = median(lambda: write_snapshot(path, again, catalog, touched=few), 3)
        print(f"500 records of it changed:   {taken:.3f} s")
        look = BY_NAME["LS_LOOKUP"].call
        cold = median(lambda: look("低保", "D-1", "低保证号"), 1)
        print(f"opened:                      {cold:.3f} s")
        warm = median(lambda: look("低保", "D-777", "户主身份证号"), 200)
        print(f"warm lookup:                 {warm * 1e6:.0f} µs (target 1000)")
        reader.forget()


if __name__ == "__main__":
    in_python()
    lookups()
    if shutil.which("soffice") and shutil.which("unopkg"):
        in_libreoffice()
    else:
        print("LibreOffice is not here: the figures in the spreadsheet are left out")
