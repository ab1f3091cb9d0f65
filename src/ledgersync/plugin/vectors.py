"""`python -m ledgersync.plugin.vectors FOLDER`: what the functions answer, for their twins.

The same cells go through the JavaScript functions, through LibreOffice and through the native
formulas, and must get the same verdict. Cells are generated, so that no real person is in them.
"""

import json
import random
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ledgersync.plugin.registry import BY_NAME

DAY = date(2022, 6, 30)  # LEDGERSYNC_TODAY when they are made and used
SEED = 20220630
_COUNTIES = ("110105", "320102", "360702", "440305", "510104", "999999")
_DATES = """
2022-6-1|2022/6/1|2022.6.1|2022。6。1|20220601|2022年6月1日|2022年6月|2022.06|2022-06|202206|22.6.1
2022.13.1|2022-02-30|２０２２．６．１|2022-06-01 09:30|二〇二二年六月一日|二〇二二年十二月
一九四九年十月一号|2022年6月31日|1926.5.1|2100-01-01
44713|11010519491231002X|手机13800138000|6222021234567890123|٢٠٢٢-٠٦-٠١|190001|2453-08-05|nan|NULL
2022年六月一号|2022年6月十日|2022，6，1|2022,6|2022年6月份|2022-6-1 下午|2022年6月1日（晚上）
2022-6-1 下午3点|2022.6.1 9点半|2022-6-1 下午，2022-6-2|下午|2022年十三月一日
2022 06 01|2022/06/01/|2022-06-01（周三）|不详|无|/|农历六月|2022－6－1| 2022.6.1 |'2022-06-01|#REF!
"""
_PHONES = """
13800138000|138 0013 8000|138-0013-8000|+8613800138000|13800138000.0|1380013800|23800138000|无
010-62345678|01062345678|0797-8123456|8123456|13800138000、13900139000|13800138000/010-62345678
１３８００１３８０００|(010)62345678|010-6234-5678|138001380001|电话|86-13800138000|-13800138000|#N/A
"""


# Right and left of a bar are two rows: blanks, width, case, marks that look-ups take for others.
_REPEATED = """
甲| 甲|乙|DB-1|ＤＢ－１|db-1|D B-1|DB*1|DB?1|DB~1|无|无|/|/|同上|同上|nan|nan
11010519491231002X|11010519491231002x|110105491231002|'12|12|12.0|DB\u200b-1|#REF!|#REF!
"""


def vectors() -> dict[str, list[dict[str, Any]]]:
    """Function name → cases of arguments and reply."""
    source = random.Random(SEED)
    ids = [[cell] for cell in _ids(source)]
    arguments: dict[str, list[list[Any]]] = {
        "LS_IDCHECK": [[ids], ["11010519491231002X"], [""], [None]],
        "LS_IDINFO": [[ids], [ids[:50], "性别"], [ids[:50], "年龄"], ["x", "血型"]],
        "LS_AGE": [[ids], [_column(_DATES)], [ids[:50], "2010-01-01"], ["1949.10.1", "昨天"]],
        "LS_DATE": [[_column(_DATES)], [[[float(n)] for n in _numbers(source)]]],
        "LS_PHONE": [[_column(_PHONES)], [[[13800138000.0]]], [_phones(source)]],
        "LS_DUP": [[_column(_REPEATED)], [[[1.0], ["1"], [2.0], ["２"]]], [[["a", "A"]]], ["a"]],
    }
    return {
        name: [{"arguments": a, "reply": _plain(BY_NAME[name].call(*a))} for a in cases]
        for name, cases in arguments.items()
    }


def _column(text: str) -> list[list[str]]:
    return [[cell] for line in text.strip().splitlines() for cell in line.split("|")]


def _numbers(source: random.Random) -> Iterator[float]:
    yield from (44713, 44713.75, 2022.1, 20220601, 202206, 1, 0, -5, 99999999, 9999, 73050.5)
    yield from (source.randint(9000, 74000) for _ in range(100))


def _phones(source: random.Random) -> list[list[str]]:
    return [[f"1{source.randint(10**9, 10**10 - 1)}"] for _ in range(100)]


def _ids(source: random.Random) -> Iterator[str | float]:
    """Right ones, and ones with every fault, in every spelling."""
    for _ in range(600):
        yield _misspelt(source, _id(source))
    yield from ("", "无", "/", "123", "#REF!", 1.1010519491231e17, "1.1010519491231E+17")
    yield from ("110105491231002", "110105493231002", "11010519491231002×", "'11010519491231002x")


def _id(source: random.Random) -> str:
    born = date(1895, 1, 1) + timedelta(days=source.randrange(48000))
    body = f"{source.choice(_COUNTIES)}{born:%Y%m%d}{source.randrange(1000):03d}"
    total = sum(2 ** (17 - i) % 11 * int(c) for i, c in enumerate(body))
    return body + "10X98765432"[total % 11]


def _misspelt(source: random.Random, number: str) -> str:
    at = source.randrange(18)
    other = number[:at] + source.choice("0123456789XO") + number[at + 1 :]
    forms = [number, number, number.lower(), f" {number[:6]} {number[6:]}", other, other]
    forms += [number[:-1], number + "0", number.translate({i: i + 0xFEE0 for i in range(48, 58)})]
    return source.choice(forms)


def _plain(reply: Any) -> Any:
    if isinstance(reply, list):
        return [[_plain(cell) for cell in row] for row in reply]
    return {"date": reply.isoformat()} if isinstance(reply, date) else reply


def write_vectors(folder: Path) -> list[Path]:
    """One file a function; the caller sets LEDGERSYNC_TODAY to `DAY`."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, cases in vectors().items():
        paths.append(folder / f"{name}.json")
        document = {"function": name, "today": DAY.isoformat(), "cases": cases}
        text = json.dumps(document, ensure_ascii=False, indent=None, separators=(",", ":"))
        paths[-1].write_text(text.replace('{"arguments"', '\n{"arguments"') + "\n", "utf-8")
    return paths


if __name__ == "__main__":
    write_vectors(Path(sys.argv[1]))
