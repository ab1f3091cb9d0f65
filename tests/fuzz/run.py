"""`make fuzz`: mutate files and sheets; whatever breaks reading is kept in tests/fuzz/found.

A reading that is neither a result nor a refusal, that takes longer than five seconds, or that
brings its process down is a fault. The seeds are sound files of every format, hostile ones, and
everything that was ever found.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.fuzz.hostile import hostile_files, valid_workbook
from tests.fuzz.target import as_sheet
from tests.reading import LI, PEOPLE, TODAY, WANG

from ledgersync.errors import LedgerSyncError, UnreadableFile
from ledgersync.schema import Catalog, load_catalog
from ledgersync.workbook.read.pool import ReaderPool

FOUND = Path(__file__).parent / "found"
SLOWEST = 5.0
_ROW = '<row r="{n}">{cells}</row>'
_TOKENS = (
    b'<c r="A1" t="s"><v>0</v></c>', b'<c t="e"><v>#REF!</v></c>', b"<f>A1</f>", b"<v/>", b"&amp;",
    b'r="XFD1048576"', b't="inlineStr"', b't="b"', b't="d"', b"1e308", b"-1", b"NaN", b"\xff\xfe",
    b'<row r="0">', b"</row>", b"<is><t>", b"</t></is>", b"99999999999", b"\0", b"<!--", b"]]>",
    b"<mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells>", "合计".encode(), "姓名".encode(),
)  # fmt: skip


def seeds() -> list[tuple[str, bytes]]:
    """Mode and content to begin with."""
    text = "\n".join(",".join(map(str, r)) for r in (PEOPLE, WANG, LI))
    rows = "".join(_row(n, r) for n, r in enumerate((PEOPLE, WANG, LI), 1))
    page = "<table><tr><td>" + text.replace("\n", "</td></tr><tr><td>").replace(",", "</td><td>")
    files = [valid_workbook(), text.encode("gbk"), text.encode("utf-16"), page.encode()]
    files += [f for f in hostile_files().values() if len(f) < 100_000]
    return [("bytes", f) for f in files] + [("sheet", rows.encode())] * 8 + found()


def found() -> list[tuple[str, bytes]]:
    """What once broke reading: `.bin` files, and `.sheet` for the rows of a sheet."""
    kinds = {".bin": "bytes", ".sheet": "sheet"}
    return [(kinds[p.suffix], p.read_bytes()) for p in sorted(FOUND.iterdir())]


def _row(n: int, cells: list[object]) -> str:
    inner = "".join(
        f'<c r="{chr(65 + i)}{n}" t="inlineStr"><is><t>{c}</t></is></c>'
        for i, c in enumerate(cells)
    )
    return _ROW.format(n=n, cells=inner)


def mutated(rng: random.Random, content: bytes) -> bytes:
    """One to eight small changes."""
    data = bytearray(content)
    for _ in range(rng.randint(1, 8)):
        at = rng.randrange(len(data) + 1)
        kind = rng.randrange(6)
        if kind == 0 and at < len(data):
            data[at] ^= 1 << rng.randrange(8)
        elif kind == 1:
            data[at:at] = rng.choice(_TOKENS)
        elif kind == 2:
            del data[at : at + rng.randint(1, 40)]
        elif kind == 3:
            data[at:at] = data[at : at + rng.randint(1, 200)] * rng.randint(1, 4)
        elif kind == 4 and at < len(data):
            data[at] = rng.randrange(256)
        else:
            other = rng.randrange(len(data) + 1)
            data[at : at + 20] = data[other : other + 20]
    return bytes(data)


def fault_of(pool: ReaderPool, path: Path, catalog: Catalog) -> str | None:
    """What went wrong, None for a reading or a proper refusal."""
    started = time.perf_counter()
    try:
        pool.read(path, catalog, today=TODAY)
    except UnreadableFile as refusal:
        if "异常退出" in refusal.message.zh or "已停止" in refusal.message.zh:
            return refusal.message.en
    except LedgerSyncError as error:
        return repr(error)
    spent = time.perf_counter() - started
    return f"{spent:.1f} s" if spent > SLOWEST else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    rng, pool, catalog = random.Random(given.seed), ReaderPool(1), load_catalog()
    start, tried, faults = seeds(), Counter[str](), 0
    with tempfile.TemporaryDirectory(prefix="ledgersync-fuzz-") as folder:
        path, end = Path(folder) / "a.xlsx", time.monotonic() + given.seconds
        while time.monotonic() < end:
            mode, content = rng.choice(start)
            changed = mutated(rng, content)
            content = as_sheet(changed) if mode == "sheet" else changed
            path.write_bytes(content)
            tried[mode] += 1
            fault = fault_of(pool, path, catalog)
            if fault is not None:
                faults += 1
                FOUND.mkdir(exist_ok=True)
                name = hashlib.sha256(content).hexdigest()[:12]
                (FOUND / f"{name}.bin").write_bytes(content)
                print(f"FAULT {name}: {fault}", flush=True)
    pool.close()
    print(f"fuzz: {sum(tried.values())} files tried ({dict(tried)}), {faults} faults")
    return int(faults > 0)


if __name__ == "__main__":
    sys.exit(main())
