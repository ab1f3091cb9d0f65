"""Lists in shapes that `layouts` does not have; each with what a careful clerk takes from it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.lists.people import Hand, Record
from tests.offices import Line, save


@dataclass(slots=True)
class Odd:
    """A file, what a clerk says of it (`--set`), and the records by table.

    `asked`: how many questions are open before anything is said.
    """

    ledger: str
    file: Path
    expected: dict[str, list[Record]]
    given: Sequence[str] = ()
    asked: int = 0
    told: Sequence[str] = field(default_factory=list)


Maker = Callable[[Path, Hand], Odd]
ON_BENEFIT = "保障状态=在保"


def _book(folder: Path, name: str, sheets: Mapping[str, Sequence[Line]], *areas: str) -> Path:
    return save(folder / name, sheets, dict.fromkeys(sheets, areas))


def paid_in_parts(folder: Path, hand: Hand) -> Odd:
    """Amount and supplement under one heading, and their sum, which would count one part twice."""
    lines: list[Line] = [
        ["幸福社区2022年6月份城市低保金发放花名册"],
        ["序号", "小组", "户主", "身份证号", "保障人口", None, "类别", "月保障金", None, None,
         "开户银行及账号"],
        [None, None, None, None, "家庭人口", "享受人口", None, "基本金额", "分类施保", "小计"],
    ]  # fmt: skip
    homes: list[Record] = []
    for group in ("一组", "二组"):
        for n in range(3):
            name, number = hand.person()
            amount, more = 400 + 30 * n, (0, 80, 120)[n]
            lines.append([n + 1, None if n else group, name, "'" + number, 3, 2, "ABC"[n],
                          f"{amount}元/月", f"{more}元", amount + more,
                          f"农商行62170{n}"])  # fmt: skip
            homes.append(dict(head_name=name, head_id=number, family_size=3, covered_persons=2,
                              category="ABC"[n] + "类", monthly_amount=f"{amount}.00",
                              class_supplement=f"{more}.00", hukou="城市"))  # fmt: skip
        lines.append(["小计", None, "3户", None, 9, 6, None, None, None, 1490])
    areas = ("A1:K1", "E2:F2", "H2:J2", *(f"{c}2:{c}3" for c in "ABCDGK"))
    file = _book(folder, "发放.xlsx", {"6月": lines}, *areas)
    return Odd("dibao", file, {"households": homes}, [ON_BENEFIT], 1, ["是银行账号，不收"])


def paid_by_month(folder: Path, hand: Hand) -> Odd:
    """A column a month in a roster: one household stays one household."""
    months = [f"{m}月" for m in range(1, 7)]
    head = ["序号", "户主姓名", "身份证号", "家庭人口", "享受人数", *months, "合计"]
    lines: list[Line] = [["2022年低保金发放明细表"], head]
    homes: list[Record] = []
    for n in range(4):
        name, number = hand.person()
        paid = [500] * 5 + [560 + n]
        lines.append([n + 1, name, number, 2, 2, *paid, sum(paid)])
        homes.append(dict(head_name=name, head_id=number, monthly_amount=f"{560 + n}.00"))
    file = _book(folder, "明细.xlsx", {"Sheet1": lines})
    return Odd("dibao", file, {"households": homes}, ["6月=月保障金额", ON_BENEFIT], 2)


def seen_by_month(folder: Path, hand: Hand) -> Odd:
    """A roster of people with a tick for each month: a person is one record."""
    head = ["姓名", "身份证号", "人员类别", *(f"{m}月" for m in range(1, 7))]
    lines: list[Line] = [["2022年独居老人走访登记"], head]
    people: list[Record] = []
    for n in range(4):
        name, number = hand.person()
        lines.append([name, number, "独居", *("√" if (m + n) % 2 else None for m in range(6))])
        people.append(dict(name=name, id_number=number, category=("独居老人",), enrolled=None))
    return Odd("care", _book(folder, "打卡.xlsx", {"名单": lines}), {"people": people})


def by_category(folder: Path, hand: Hand) -> Odd:
    """A sheet for each category; the households that are off benefit under a heading."""
    sheets: dict[str, list[Line]] = {}
    homes: list[Record] = []
    for letter in "AB":
        lines: list[Line] = [[f"幸福社区低保{letter}类户花名册"]]
        lines.append(["编号", "户主姓名", "身份证号", "人口", "保障人数", "月补差", "享受时间"])
        for n in range(4):
            name, number = hand.person()
            if n == 3:
                lines.append([None, "停保户"])
            lines.append([n % 3 + 1, name, number, 1, 1, 430, "2019.07"])
            homes.append(dict(head_name=name, head_id=number, category=letter + "类",
                              status="停发" if n == 3 else "在保"))  # fmt: skip
        sheets[letter + "类"] = [*lines, ["合计", "4户", None, 4, 4, 1720]]
    return Odd("dibao", _book(folder, "分类.xlsx", sheets), {"households": homes}, [ON_BENEFIT], 2)


def by_person(folder: Path, hand: Hand) -> Odd:
    """A sheet for each person: who it is stands above the visits."""
    sheets: dict[str, list[Line]] = {}
    visits: list[Record] = []
    for _ in range(2):
        name, number = hand.person()
        where = hand.address()
        sheets[name] = [
            [f"独居老人{name}走访记录表"],
            ["姓名", name, "身份证号", number, "联系电话", hand.phone()],
            [f"住址：{where}", None, "网格员：赵敏"],
            ["走访日期", "走访人", "走访方式", "老人状况"],
            *(["2022-03-01", "赵敏", "入户", "好"], ["2022-04-02", "赵敏", "电话", "好"]),
        ]
        visits += [
            dict(date=day, visitor="赵敏", household=where, host_name=name)
            for day in ("2022-03-01", "2022-04-02")
        ]
    return Odd("visit", _book(folder, "一人一表.xlsx", sheets), {"visits": visits})


def of_a_month(folder: Path, hand: Hand) -> Odd:
    """The days of a month's list without the month, some with the hour."""
    visits: list[Record] = []
    sheets: dict[str, list[Line]] = {}
    for month in (1, 2):
        lines: list[Line] = [
            [f"{month}月份走访台账"],
            ["序号", "日期", "走访人", "户主", "家庭住址"],
        ]
        for n, typed in enumerate(("3日", 10, "17日下午", "24日（周四）9:30-10:00")):
            name, _ = hand.person()
            where = hand.address()
            lines.append([n + 1, typed, "赵敏", name, where])
            visits.append(dict(date=f"2022-{month:02d}-{3 + 7 * n:02d}", host_name=name,
                               household=where))  # fmt: skip
        sheets[f"{month}月"] = lines
    return Odd("visit", _book(folder, "2022年走访.xlsx", sheets), {"visits": visits})


def ticked(folder: Path, hand: Hand) -> Odd:
    """A column for each category, ticked where it holds."""
    lines: list[Line] = [
        ["特殊群体摸底表"],
        ["序号", "网格", "姓名", "身份证号", "住址", "人员类别", None, None],
        [None, None, None, None, None, "独居", "空巢", "高龄"],
    ]
    ticks = [("√", None, None), (None, "√", None), ("√", None, "√"), (None, "√", "√")]
    words = ("独居老人", "空巢老人", "高龄老人")
    people: list[Record] = []
    for n, row in enumerate(ticks):
        name, number = hand.person(1930, 1940)
        lines.append([n + 1, f"{n % 2 + 1}网格", name, number, hand.address(), *row])
        kinds = tuple(w for w, t in zip(words, row, strict=True) if t)
        people.append(dict(name=name, id_number=number, category=kinds))
    areas = ("F2:H2", *(f"{c}2:{c}3" for c in "ABCDE"))
    file = _book(folder, "摸底.xlsx", {"Sheet1": lines}, *areas)
    return Odd("care", file, {"people": people}, told=["打勾的列（独居、空巢、高龄）"])


def signed_in(folder: Path, hand: Hand) -> Odd:
    """Who came, twice beside each other; which activity, when and where above."""
    lines: list[Line] = [
        ["幸福社区学雷锋志愿服务活动签到表"],
        ["活动时间：2022年3月5日9:00-11:00", None, None, None, "活动地点：文化广场"],
        ["序号", "姓名", "电话", "签名"] * 2,
    ]
    people: list[Record] = []
    for n in range(4):
        both = [(hand.person()[0], hand.phone()) for _ in range(2)]
        lines.append([x for i, (a, b) in enumerate(both) for x in (2 * n + i, a, b, a)])
        people += [dict(name=name, phone=phone, hours=2) for name, phone in both]
    activity: Record = dict(title="幸福社区学雷锋志愿服务活动", date="2022-03-05",
                            place="文化广场", hours=2)  # fmt: skip
    file = _book(folder, "签到.xlsx", {"签到表": lines})
    return Odd("volunteer", file, {"activities": [activity], "records": people})


def with_hours(folder: Path, hand: Hand) -> Odd:
    """Days with the hour behind, two of them without their year."""
    days = ["3月5日上午9:00-11:30", "2022.3.12", "4月1日", "2022年5月4日14:30"]
    lines: list[Line] = [["2022年志愿服务活动记录"], ["时间", "地点", "活动主题", "参加人数"]]
    lines += [[day, "文化广场", f"活动{hand.seed}{n}", 5] for n, day in enumerate(days)]
    read = ["2022-03-05", "2022-03-12", "2022-04-01", "2022-05-04"]
    expected: list[Record] = [dict(date=d, participants=5) for d in read]
    return Odd("volunteer", _book(folder, "活动.xlsx", {"Sheet1": lines}), {"activities": expected})


def is_it_solved(folder: Path, hand: Hand) -> Odd:
    """A register of requests that asks 是否办结, with a note between its rows."""
    lines: list[Line] = [
        ["幸福社区群众诉求办理台账（2022年）"],
        ["序号", "反映时间", "反映人", "诉求事项", "承办部门", "是否办结", "办结时间"],
    ]
    issues: list[Record] = []
    for n in range(6):
        if n == 3:
            lines.append(["以上为第一季度，共3件"])
        name, _ = hand.person()
        lines.append([n % 3 + 1, f"2022.{n + 1}.3", name, f"{n}号楼灯不亮", "物业", "是否"[n % 2],
                      None if n % 2 else f"2022.{n + 1}.8"])  # fmt: skip
        issues.append(dict(date=f"2022-{n + 1:02d}-03", description=f"{n}号楼灯不亮",
                           status=("已解决", "待处理")[n % 2], handler=None))  # fmt: skip
    return Odd("visit", _book(folder, "诉求.xlsx", {"诉求": lines}), {"issues": issues})


def wants(folder: Path, hand: Hand) -> Odd:
    """What was raised under words that nobody knows, two in a cell run together; an old sheet."""
    lines: list[Line] = [["2022年走访登记表"]]
    lines.append(["走访时间", "走访人员", "被访户", "门牌", "存在困难或意见建议", "落实情况"])
    raised = ["无", "希望增设健身器材", "1、路灯不亮2、井盖松动"]
    visits: list[Record] = []
    for n, text in enumerate(raised):
        name, _ = hand.person()
        lines.append([f"2022.3.{n + 1}", "赵敏", name, f"东风路{n}号", text, "正在协调"])
        visits.append(dict(host_name=name, date=f"2022-03-0{n + 1}"))
    issues: list[Record] = [
        dict(description=t) for t in ("希望增设健身器材", "路灯不亮", "井盖松动")
    ]
    given = ["存在困难或意见建议=问题描述", "处理状态=待处理"]
    file = _book(folder, "走访.xlsx", {"走访": lines})
    return Odd("visit", file, {"visits": visits, "issues": issues}, given, 1)


def of_kinds(folder: Path, hand: Hand) -> Odd:
    """Categories under 类型, several in a cell; what a person is to the head with 之."""
    lines: list[Line] = [["第2网格重点人员信息台账"], ["网格长：赵敏"]]
    lines.append(["姓名", "身份证号", "类型", "联系人", "联系人电话", "建档时间", "银行账号"])
    people: list[Record] = []
    kinds = [
        ("独居、高龄", ("独居老人", "高龄老人")),
        ("空巢老人/重残", ("空巢老人", "重度残疾人")),
        ("失独", ("计生特殊家庭",)),
        ("五保", ("特困人员",)),
    ]
    for n, (typed, read) in enumerate(kinds):
        name, number = hand.person(1930, 1940)
        phone = hand.phone()
        lines.append([name, number, typed, "张强", phone, ["2021.3", "20210301"][n % 2], f"62{n}"])
        people.append(dict(name=name, category=read, grid="第2网格", guardian_phone=phone,
                           phone=None, enrolled="2021-03-01"))  # fmt: skip
    file = _book(folder, "台账.xlsx", {"2网格": lines})
    return Odd("care", file, {"people": people}, told=["是银行账号，不收"])


MAKERS: tuple[Maker, ...] = (
    paid_in_parts, paid_by_month, seen_by_month, by_category, by_person, of_a_month, ticked,
    signed_in, with_hours, is_it_solved, wants, of_kinds,
)  # fmt: skip
