"""The demo's first community, made once per run, and a small workbook beside it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pandas as pd

import ledgersync as ls
from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.demo.running import build_community

DAY = "2022-06-30"
COMMUNITY = Path("示例区/units/360797001/units/360797001001")
VISITS = pd.DataFrame(
    {
        "走访日期": ["2022-06-01", "2022-06-02", "2023-01-01"],
        "走访人": ["王芳", "王芳", "李强"],
        "户址": ["3号楼2-101", "3号楼2-102", "5号楼1-301"],
        "走访方式": ["入户", "电话", "入户"],
        "对象类别": ["低保户、重点人员", "普通居民", None],
        "走访轮次": [1, 2, None],
        "所属网格": ["第1网格", "第1网格", "第2网格"],
    }
)


@cache
def _made() -> Path:
    folder = Path(mkdtemp(prefix="ledgersync-sample-"))
    with day():
        build_community(folder / "示例区", 1, date.fromisoformat(DAY), write_snapshot_of)
    ls.to_workbook(VISITS, folder / "走访.xlsx", ledger="visit")
    return folder


@contextmanager
def day() -> Iterator[None]:
    """The day of the examples."""
    before = os.environ.get("LEDGERSYNC_TODAY")
    os.environ["LEDGERSYNC_TODAY"] = DAY
    try:
        yield
    finally:
        os.environ.pop("LEDGERSYNC_TODAY")
        if before is not None:
            os.environ["LEDGERSYNC_TODAY"] = before


def sample(folder: Path) -> Path:
    """A copy of it all in `folder`."""
    return shutil.copytree(_made(), folder / "sample")
