"""`check` of 100,000 rows × 22 fields, all rules, against C: calamine's time for the same file.

    python benchmarks/bench_check.py [--rows N] [--repeat N]

Prints medians in seconds and the ratio to C (target: ≤ 1.0 beyond reading), and, where pandera is
installed, its time for the same rules on the values already read (target: ≥ 5 times ours).
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random

import xlsxwriter
from python_calamine import CalamineWorkbook
from stdnum.cn import ric

from ledgersync.checks import RowChecker, check_workbook
from ledgersync.model import WorkbookData
from ledgersync.schema import load_catalog
from ledgersync.workbook.read.reading import read_here

TODAY = date(2022, 6, 30)
CATALOG = load_catalog()
TABLE = CATALOG.table("dibao", "households")
FAULTS = 0.01  # of the rows have one


def identity(rng: Random, n: int) -> str:
    born = date(1935, 1, 1) + timedelta(n % 29000)
    body = f"11010{1 + n % 9}{born:%Y%m%d}{n // 29000 * 90 + rng.randrange(90):03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def record(rng: Random, n: int) -> list[object]:
    """One household as people type it; one in a hundred is wrong somewhere."""
    size = rng.randint(1, 5)
    start = date(2015, 1, 1) + timedelta(rng.randrange(2000))
    active = rng.random() < 0.9
    row: dict[str, object] = {
        "cert_no": f"DB{n:07d}",
        "head_name": rng.choice("王李张刘陈杨赵黄周吴") + rng.choice("伟芳娜敏静强磊军洋勇"),
        "head_id": identity(rng, n),
        "hukou": rng.choice(("城市", "农村")),
        "category": rng.choice(("A类", "B类", "C类")),
        "family_size": size,
        "covered_persons": rng.randint(1, size),
        "monthly_amount": round(rng.uniform(200, 3000), 2),
        "class_supplement": round(rng.uniform(0, 300), 2),
        "per_capita_income": round(rng.uniform(0, 900), 2),
        "hardship_cause": rng.choice(("因病", "因残", "因病、因残", "因老")),
        "start_date": start.isoformat(),
        "review_cycle": rng.choice(("每年", "每半年", "每季度")),
        "last_review": (start + timedelta(rng.randrange(300))).isoformat(),
        "status": "在保" if active else "退出",
        "end_date": None if active else (start + timedelta(400)).isoformat(),
        "end_reason": None if active else "收入超标",
        "phone": f"13{rng.randrange(10**9):09d}",
        "address": f"幸福路{n % 300}号院{rng.randint(1, 30)}号楼{rng.randint(101, 2604)}",
        "grid": f"第{n % 12 + 1}网格",
        "remark": None,
    }
    if rng.random() < FAULTS:
        field, bad = rng.choice((("head_id", "123"), ("family_size", 99), ("status", "看情况")))
        row[field] = bad
    return [row[f.id] for f in TABLE.fields]


def workbook(path: Path, rows: int) -> None:
    rng = Random(7)
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    sheet = book.add_worksheet("低保户")
    sheet.write_row(0, 0, [f.header for f in TABLE.fields])
    for n in range(rows):
        sheet.write_row(n + 1, 0, record(rng, n))
    book.close()


def timed(what: Callable[[], object], repeat: int) -> float:
    times = []
    for _ in range(repeat):
        begin = time.perf_counter()
        what()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def pandera_time(data: WorkbookData, repeat: int) -> float | None:
    """The same rules on the same values, as a lazy pandera schema; None without pandera."""
    try:
        import pandas as pd
        import pandera.pandas as pa
    except ImportError:
        return None
    frame = pd.DataFrame(data.tables[0].values)
    columns = {f.id: column_schema(pa, pd, f) for f in TABLE.fields}
    across = [
        pa.Check(lambda d, a=f.id, b=f.le: ordered(pd, d[a], d[b]), name=f"{f.id}<={f.le}")
        for f in TABLE.fields
        if f.le
    ]
    across += [
        pa.Check(lambda d, a=f.id, b=f.ge: ordered(pd, d[b], d[a]), name=f"{f.id}>={f.ge}")
        for f in TABLE.fields
        if f.ge
    ]
    across.append(pa.Check(lambda d: d["end_date"].notna() | ~d["status"].isin(["停发", "退出"])))
    schema = pa.DataFrameSchema(columns, checks=across, unique=["cert_no"])

    def validate() -> None:
        try:
            schema.validate(frame, lazy=True)
        except pa.errors.SchemaErrors as found:
            assert len(found.failure_cases)

    return timed(validate, repeat)


def column_schema(pa, pd, f):  # type: ignore[no-untyped-def]  # pandera ships no types
    checks = []
    if f.min is not None or f.max is not None:
        checks.append(pa.Check(lambda s, f=f: in_range(pd, s, f)))
    if f.choices and f.type == "choice":
        checks.append(pa.Check.isin(list(f.choices)))
    if f.not_future:
        checks.append(pa.Check(lambda s: s.isna() | (pd.to_datetime(s, errors="coerce") <= NOW)))
    if f.type == "id_number":
        checks.append(pa.Check(lambda v: isinstance(v, str) and ric.is_valid(v), element_wise=True))
    if f.type == "phone":
        checks.append(pa.Check.str_matches(r"1[3-9]\d{9}|0\d{2,3}-\d{7,8}"))
    return pa.Column(None, checks, nullable=not f.required, unique=f.unique)


NOW = f"{TODAY:%Y-%m-%d}"


def in_range(pd, series, f):  # type: ignore[no-untyped-def]
    numbers = pd.to_numeric(series.where(~series.map(lambda v: isinstance(v, Decimal)), series))
    return numbers.isna() | numbers.between(f.min or 0, f.max or float("inf"))


def ordered(pd, low, high):  # type: ignore[no-untyped-def]
    if isinstance(low.dropna().iloc[0], date):
        low, high = (pd.to_datetime(s, errors="coerce") for s in (low, high))
    else:
        low, high = (pd.to_numeric(s, errors="coerce") for s in (low, high))
    return low.isna() | high.isna() | (low <= high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "低保台账.xlsx"
        workbook(path, args.rows)
        report(path, args.rows, args.repeat)


def report(path: Path, rows: int, repeat: int) -> None:
    c = timed(lambda: CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python(), repeat)
    data = read_here(path, CATALOG, today=TODAY)
    assert len(data.tables[0].rows) == rows
    checked = timed(lambda: check_workbook(data, CATALOG, TODAY), repeat)
    found = check_workbook(data, CATALOG, TODAY)
    columns = [data.tables[0].values[f] for f in TABLE.field_ids]
    records = list(zip(*columns, strict=True))
    faults = RowChecker(TABLE, TODAY).faults
    by_row = timed(lambda: [faults(row) for row in records], repeat)
    print(f"rows                 {rows} x {len(TABLE.fields)}")
    print(f"C (calamine)         {c:.3f} s")
    print(f"check_workbook       {checked:.3f} s  {checked / c:.2f} C  ({len(found)} findings)")
    print(f"RowChecker, all rows {by_row:.3f} s  {by_row / c:.2f} C")
    peer = pandera_time(data, 1)
    if peer is None:
        print("pandera              not installed")
    else:
        print(f"pandera              {peer:.3f} s  {peer / checked:.1f} x ours")


if __name__ == "__main__":
    main()
