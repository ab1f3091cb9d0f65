"""What people type into one cell, right and wrong, for every type of field; from a seed."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from random import Random

from stdnum.cn import ric

from ledgersync.schema import FieldSchema

Raw = str | float | int | None
FULL_WIDTH = str.maketrans("0123456789X.-/,()", "０１２３４５６７８９Ｘ．－／，（）")


def id_number(rng: Random, today: date) -> str:
    """A right number of nobody; counties that exist or not make no difference here."""
    born = date(1930, 1, 1) + timedelta(days=rng.randrange((today - date(1930, 1, 1)).days))
    region = rng.choice(("110105", "320106", "371302", "440304", "513436"))
    body = f"{region}{born:%Y%m%d}{rng.randrange(1, 1000):03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def entries(field: FieldSchema, rng: Random, today: date) -> Iterator[Raw]:
    """Endless cells for a field."""
    make = _MAKERS.get(field.type, _words)
    while True:
        if rng.random() < 0.04:
            yield rng.choice(("无", "/", "—", "-", "N/A", "#REF!", " ", "　"))
        else:
            yield _dressed(make(field, rng, today), rng)


def _dressed(raw: Raw, rng: Random) -> Raw:
    """Once in a while blanks around or full-width characters."""
    if not isinstance(raw, str) or rng.random() < 0.8:
        return raw
    dress: Callable[[str], str] = rng.choice(
        (
            lambda t: f" {t}",
            lambda t: f"{t}  ",
            lambda t: f"{t}\u00a0",
            lambda t: f"　{t}",
            lambda t: t.translate(FULL_WIDTH),
        )
    )
    return dress(raw)


def _ids(field: FieldSchema, rng: Random, today: date) -> Raw:
    right = id_number(rng, today)
    at = rng.randrange(17)
    body = right[:17]
    wrong = body + rng.choice([c for c in "0123456789X" if c != right[-1]])
    old = right[:6] + right[8:17]
    tomorrow = f"{right[:6]}{today + timedelta(days=rng.randrange(1, 900)):%Y%m%d}{right[14:]}"
    impossible = right[:6] + rng.choice(
        ("19490231", "20010631", "18991230", "20011301", "19800100")
    )
    return rng.choice(
        (
            *(right, right.lower(), f"'{right}", f"{right[:6]} {right[6:14]} {right[14:]}"),
            *(wrong, right[:at] + rng.choice("0123456789") + right[at + 1 :], right[:-1]),
            *(right + "1", right[:at] + "A" + right[at + 1 :], body[:5] + "X" + body[6:] + "1"),
            *(old, old[:-1], float(body[:15] + "000"), int(old), old[:14] + "X"),
            *(impossible + right[14:], tomorrow, right.replace("X", "×"), "不详", "12345"),
        )
    )


def _phones(field: FieldSchema, rng: Random, today: date) -> Raw:
    mobile = f"1{rng.randrange(30, 100)}{rng.randrange(10**8):08d}"
    area = rng.choice(("010", "021", "025", "0539", "0755", "0991", "0111", "0221"))
    local = f"{rng.randrange(2, 9)}{rng.randrange(10**6):06d}" + rng.choice(("", "5"))
    return rng.choice(
        (
            *(mobile, int(mobile), f"+86{mobile}", f"86{mobile}", f"0086 {mobile}", f"{mobile}.0"),
            *(
                f"{mobile[:3]}-{mobile[3:7]}-{mobile[7:]}",
                f"{mobile[:3]} {mobile[3:7]} {mobile[7:]}",
            ),
            *(f"{area}-{local}", f"({area}){local}", f"{area}{local}", f"{area}—{local}", local),
            *(f"{mobile}、{mobile}", f"{mobile}/{area}-{local}", f"{mobile}或{local}"),
            *(f"{mobile} {mobile}", f"{mobile}\n{local}", f"{local}、{mobile}", f"{mobile} 儿子"),
            *(
                mobile[:-1],
                mobile + "1",
                "2" + mobile[1:],
                "12" + mobile[2:],
                "无电话",
                "0" + mobile,
            ),
            *(mobile[:5] + "x" + mobile[6:], f"儿子{mobile}", float(mobile[:9])),
        )
    )


def _dates(field: FieldSchema, rng: Random, today: date) -> Raw:
    day = date(1990, 1, 1) + timedelta(days=rng.randrange((today - date(1990, 1, 1)).days + 400))
    serial = (day - date(1899, 12, 30)).days
    y, m, d = day.year, day.month, day.day
    s = rng.choice("-/.")
    return rng.choice(
        (
            *(serial, serial, serial + 0.5, int(f"{day:%Y%m%d}"), int(f"{day:%Y%m}"), y),
            *(
                f"{y}{s}{m}{s}{d}",
                f"{y}{s}{m:02d}{s}{d:02d}",
                f"{y}年{m}月{d}日",
                f"{y}年{m:02d}月{d}号",
            ),
            *(
                f"{day:%Y%m%d}",
                f"{day:%Y%m}",
                f"{y}.{m}",
                f"{y}年{m}月",
                f"{y}-{m:02d}",
                f"{y}。{m}。{d}",
            ),
            *(f"{y} 年 {m} 月 {d} 日", f"{y}-{m:02d}-{d:02d} 08:30:00", f"{y}、{m}、{d}"),
            *(
                f"{y % 100:02d}.{m}.{d}",
                f"{y}.13.{d}",
                f"{y}-02-30",
                f"{y}-{m}-32",
                y + m / 10 + 0.01,
            ),
            *(
                f"{y}年",
                f"{m}月{d}日",
                "正月初五",
                "去年",
                "待定",
                f"{y}{m}{d}日",
                0.5,
                120,
                300000,
            ),
            *(
                f"{y}-{m:02d}-",
                f"{d}/{m}/{y}",
                f"{y}-00-10",
                f"{y}0231",
                f"{y}13",
                19000101,
                20991231,
            ),
        )
    )


def _numbers(field: FieldSchema, rng: Random, today: date) -> Raw:
    low = -2 if field.min is None else field.min
    high = 200 if field.max is None else field.max
    whole = rng.randrange(int(low) - 3, int(min(high, 90000)) + 4)
    part = round(whole + rng.random(), rng.choice((1, 2, 3)))
    big = abs(whole) + 1000
    unit = rng.choice(("元", "人", "户", "小时", "人次", "块钱", "元整", "元/月", "h", "次", "场"))
    return rng.choice(
        (
            *(whole, whole, part, float(whole), field.min, field.max, high + 1, low - 1),
            *(f"{abs(whole)}", f"{abs(part)}", f"{abs(whole)}{unit}", f"{abs(part)} {unit}"),
            *(
                f"￥{abs(part)}",
                f"¥{abs(whole)}",
                f"{big:,}",
                f"{big:,}.50元",
                f"人民币{abs(whole)}元",
            ),
            *(
                f"约{abs(whole)}",
                "待定",
                f"{abs(whole)}左右",
                "五百",
                "三",
                "十二",
                f"{abs(whole)}个半",
            ),
            *(f"{abs(whole)}-{abs(whole) + 2}", f"{abs(whole)}%", f"{abs(whole)}+1", "1.2.3", "a"),
        )
    )


def _bools(field: FieldSchema, rng: Random, today: date) -> Raw:
    right = ["是", "否", "√", "✓", "1", "0", "Y", "n", "有", "无", "×", "对", "不", "TRUE", "同意"]
    wrong = ["否认", "是的", "2", "？", "享受", "部分"]
    return rng.choice((*right, *wrong, 0, 1, 2))


def _one_choice(field: FieldSchema, rng: Random, today: date) -> Raw:
    values = list(field.choices)
    synonyms = [s for group in field.choices.values() for s in group] or values
    value = rng.choice(values)
    other = (
        "其它",
        "不清楚",
        f"{value}了",
        value[:-1] or "？",
        f"{value}、{rng.choice(values)}",
        "1",
    )
    spaced = f"{value[:1]} {value[1:]}"
    return rng.choice((value, value, rng.choice(synonyms), rng.choice(synonyms), spaced, *other))


def _choices(field: FieldSchema, rng: Random, today: date) -> Raw:
    values = list(field.choices)
    known = values + [s for group in field.choices.values() for s in group]
    words = rng.sample(known, min(len(known), rng.choice((1, 1, 2, 3))))
    if rng.random() < 0.3:
        words.insert(rng.randrange(len(words) + 1), rng.choice(("其它的", "未知", words[0] + "户")))
    return rng.choice(("、", "，", ",", "；", ";", "/", " ", "\n", "、 ", "　")).join(words)


def _words(field: FieldSchema, rng: Random, today: date) -> Raw:
    words = ("王芳", "幸福路5号1栋", "=1+1", "+86", "@某人", "-", "#1楼", "#REF!", "#N/A", "无")
    return rng.choice((*words, "3-2", "DB001", "欧阳　娜", "a" * 300, 3, 320106, "", None))


_MAKERS: dict[str, Callable[[FieldSchema, Random, date], Raw]] = {
    "id_number": _ids,
    "phone": _phones,
    "date": _dates,
    "integer": _numbers,
    "decimal": _numbers,
    "money": _numbers,
    "bool": _bools,
    "choice": _one_choice,
    "choices": _choices,
}
