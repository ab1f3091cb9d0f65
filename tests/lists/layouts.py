"""The layouts: each writes its workbooks and says what must be read from them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from tests.lists.people import (
    CATEGORIES,
    WORDS,
    Hand,
    Record,
    activities,
    households,
    people,
    visits,
)
from tests.offices import Line, save


@dataclass(slots=True)
class List:
    """One layout: its ledger, its files, and the records by table; `answers` a clerk would give."""

    name: str
    ledger: str
    files: list[Path]
    expected: dict[str, list[Record]]
    answers: dict[str, str] = field(default_factory=dict)


Maker = Callable[[Path, int], List]
HEADS = {
    "head_name": ["户主姓名", "户主", "低保户主姓名"],
    "head_id": ["户主身份证号", "户主身份证"],
    "family_size": ["家庭人口", "家庭总人数", "共同生活人数"],
    "covered_persons": ["保障人数", "享受人数", "享受低保人口"],
    "monthly_amount": ["月保障金额", "低保金额", "月补差金额", "实发金额"],
    "hcategory": ["低保类别", "类别", "保障类别"],
    "status": ["保障状态", "低保状态"],
    "address": ["家庭住址", "住址", "现居住地", "详细地址"],
    "phone": ["联系电话", "手机号码", "电话"],
    "mname": ["成员姓名", "姓名", "家庭成员姓名", "家庭成员"],
    "member_id": ["身份证号", "身份证", "公民身份号码"],
    "relation": ["与户主关系", "家庭关系", "与户主的关系"],
    "health": ["健康状况", "身体状况"],
    "name": ["姓名", "对象姓名", "老人姓名"],
    "id_number": ["身份证号", "身份证", "身份证号码"],
    "category": ["人员类别", "对象类别", "人员类型"],
    "grid": ["所属网格", "网格", "所在网格"],
    "responsible": ["包联责任人", "网格员", "帮扶责任人", "包保干部"],
    "date": ["走访日期", "时间", "走访时间", "入户时间", "日期"],
    "visitor": ["走访人", "走访人员", "走访干部", "入户人员"],
    "host_name": ["走访户主", "户主姓名", "受访人", "被走访人"],
    "household": ["家庭地址", "家庭住址", "住址", "走访地址"],
    "method": ["走访方式", "走访形式", "方式"],
    "description": ["反映的问题", "存在问题", "群众诉求", "反映问题"],
    "progress": ["处理结果", "办理情况", "解决情况"],
    "title": ["活动名称", "活动主题", "活动项目", "名称"],
    "adate": ["活动时间", "活动日期", "开展时间"],
    "organiser": ["主办单位", "组织单位", "主办方"],
    "place": ["活动地点", "地点"],
    "hours": ["活动时长", "服务时长", "时长(小时)"],
    "participants": ["参加人数", "志愿者人数", "参与人数"],
    "beneficiaries": ["受益人次", "服务人次"],
}


def head(random: Random, *names: str) -> list[str]:
    return [random.choice(HEADS[name]) for name in names]


def _titled(random: Random, title: str, width: int) -> tuple[list[Line], list[str]]:
    """A title, perhaps with who filled it in below."""
    lines: list[Line] = [[title]]
    areas = [f"A1:{chr(64 + width)}1"]
    if random.random() < 0.5:
        lines.append(["填报单位：幸福社区"])
    return lines, areas


def roster(style: str, *, heads_apart: bool = True, sizes: bool = True) -> Maker:
    """Households over their members: merged, blank below, or said again on every row."""

    def make(folder: Path, seed: int) -> List:
        hand = Hand(seed)
        random = Random(seed)
        homes = households(hand, 5)
        upper = (["head_name"] if heads_apart else []) + ["address"]
        upper += (["family_size", "covered_persons"] if sizes else []) + ["monthly_amount"]
        upper += ["hcategory"]
        names = head(random, *upper, "mname", "relation", "member_id", "health")
        title = f"幸福社区2022年在保低保{random.choice(['花名册', '家庭名单', '户明细表'])}"
        lines, areas = _titled(random, title, len(names) + 1)
        lines.append(["序号", *names])
        for n, (home, members) in enumerate(homes, 1):
            first = len(lines) + 1
            own = [n, *(home["category" if k == "hcategory" else k] for k in upper)]
            for i, m in enumerate(members):
                shown = own if i == 0 or style == "again" else [None] * len(own)
                lines.append([*shown, m["name"], m["relation"], m["member_id"], m["health"]])
            if style == "merged" and len(members) > 1:
                areas += [
                    f"{chr(65 + c)}{first}:{chr(65 + c)}{len(lines)}" for c in range(len(own))
                ]
        if random.random() < 0.6:
            lines.append(["合计", *[None] * (len(upper) + 4)])
        keep = {
            *(k for k in upper if k != "hcategory"),
            "category",
            "head_name",
            "head_id",
            "status",
        }
        keep |= {"family_size", "covered_persons"}
        expected = {
            "households": [{k: v for k, v in home.items() if k in keep} for home, _ in homes],
            "members": [m for _, members in homes for m in members],
        }
        file = save(folder / "低保.xlsx", {"Sheet1": lines}, {"Sheet1": areas})
        return List(f"roster-{style}-{heads_apart}-{sizes}", "dibao", [file], expected)

    return make


def plain_households(folder: Path, seed: int) -> List:
    """One row for each household, the status only in the title or in a column."""
    hand, random = Hand(seed), Random(seed)
    homes = [home for home, _ in households(hand, 6)]
    fields = ["head_name", "head_id", "family_size", "covered_persons", "monthly_amount", "address",
              "phone"]  # fmt: skip
    lines, areas = _titled(random, "幸福社区低保户登记表（2022年）", 8)
    has_status = random.random() < 0.5
    names = head(random, *fields) + ([random.choice(HEADS["status"])] if has_status else [])
    lines.append(["序号", *names])
    for n, home in enumerate(homes, 1):
        status = [random.choice(["在保", "正常"])] if has_status else []
        lines.append([n, *(home[k] for k in fields), *status])
    expected = [{k: v for k, v in home.items() if k in (*fields, "status")} for home in homes]
    file = save(folder / "低保户.xlsx", {"低保户": lines}, {"低保户": areas})
    return List("households", "dibao", [file], {"households": expected}, {"status": "在保"})


PEOPLE = ["name", "id_number", "address", "phone", "responsible"]


def _people_lines(rows: Sequence[Record], births: bool) -> list[Line]:
    found: list[Line] = []
    for n, row in enumerate(rows, 1):
        number = str(row["id_number"])
        extra = [f"{number[6:10]}.{number[10:12]}"] if births else []
        found.append([n, row["name"], *extra, *(row[k] for k in PEOPLE[1:])])
    return found


def _people_head(random: Random, births: bool) -> list[str]:
    names = head(random, *PEOPLE)
    return ["序号", names[0], *(["出生年月"] if births else []), *names[1:]]


def _without(rows: Sequence[Record], *names: str) -> list[Record]:
    return [{k: v for k, v in row.items() if k not in names} for row in rows]


def by_sheet(folder: Path, seed: int) -> List:
    """One sheet for each category."""
    hand, random = Hand(seed), Random(seed)
    births = random.random() < 0.7
    names = _people_head(random, births)
    sheets, rows = {}, []
    for category in random.sample(CATEGORIES, 3):
        mine = people(hand, 4, category)
        rows += mine
        top: list[Line] = [[f"幸福社区{category}名单"]] if random.random() < 0.5 else []
        sheets[category] = [*top, names, *_people_lines(mine, births)]
    file = save(folder / "重点人员.xlsx", sheets)
    return List("by-sheet", "care", [file], {"people": _without(rows, "grid")})


def by_section(folder: Path, seed: int) -> List:
    """A heading with the category between the rows."""
    hand, random = Hand(seed), Random(seed)
    births = random.random() < 0.5
    lines, areas = _titled(random, "幸福社区重点人员花名册", 6)
    lines.append(_people_head(random, births))
    rows = []
    for n, category in enumerate(random.sample(CATEGORIES, 3)):
        mine = people(hand, 4, category)
        lines += [[f"{'一二三'[n]}、{category}"], *_people_lines(mine, births)]
        rows += mine
    file = save(folder / "花名册.xlsx", {"花名册": lines}, {"花名册": areas})
    return List("by-section", "care", [file], {"people": _without(rows, "grid")})


def by_column(folder: Path, seed: int) -> List:
    """A column for the category and one for the grid."""
    hand, random = Hand(seed), Random(seed)
    rows = people(hand, 7)
    fields = ["name", "id_number", "category", "grid", "address", "phone", "responsible"]
    random.shuffle(fields)
    lines, areas = _titled(random, "重点人员台账", 7)
    lines.append(head(random, *fields))
    for row in rows:
        lines.append([row[k][0] if k == "category" else row[k] for k in fields])  # type: ignore[index]
    file = save(folder / "人员.xlsx", {"Sheet1": lines}, {"Sheet1": areas})
    return List("by-column", "care", [file], {"people": rows})


def beside(folder: Path, seed: int) -> List:
    """Two lists side by side on a sheet."""
    hand, random = Hand(seed), Random(seed)
    category = random.choice(CATEGORIES[:3])
    rows = people(hand, 8, category)
    fields = ["name", "id_number", "phone"]
    names = ["序号", *head(random, *fields)]
    gap = [None] if random.random() < 0.5 else []
    lines: list[Line] = [[f"{category}名单"], [*names, *gap, *names]]
    for n in range(4):
        left, right = rows[n], rows[n + 4]
        lines.append([n + 1, *(left[k] for k in fields), *gap, n + 5, *(right[k] for k in fields)])
    expected = _without(rows, "grid", "address", "responsible")
    file = save(folder / "名单.xlsx", {"Sheet1": lines}, {"Sheet1": ["A1:H1"]})
    return List("beside", "care", [file], {"people": expected})


def by_file(folder: Path, seed: int) -> List:
    """One workbook for each grid, its number only in the file's name or in the title."""
    hand, random = Hand(seed), Random(seed)
    files, rows = [], []
    for n in range(1, 4):
        mine = people(hand, 4)
        for row in mine:
            row["grid"] = f"第{n}网格"
        fields = ["name", "id_number", "category", "address", "phone"]
        lines: list[Line] = [[f"第{n}网格重点人员"]] if random.random() < 0.5 else []
        lines.append(head(random, *fields))
        lines += [[row[k][0] if k == "category" else row[k] for k in fields] for row in mine]  # type: ignore[index]
        files.append(save(folder / f"第{n}网格.xlsx", {"Sheet1": lines}))
        rows += mine
    return List("by-file", "care", files, {"people": _without(rows, "responsible")})


def visit_register(style: str) -> Maker:
    """A row for each visit, with its problem and the answer; several numbered in one cell."""

    def make(folder: Path, seed: int) -> List:
        hand, random = Hand(seed), Random(seed)
        rows = visits(hand, 9)
        fields = ["date", "visitor", "host_name", "household", "method"]
        names = ["序号", *head(random, *fields, "description", "progress")]
        lines, areas = _titled(random, "幸福社区2022年入户走访登记表", 8)
        lines.append(names)
        for n, (visit, issues) in enumerate(rows, 1):
            shown = [_day(str(visit[k]), style) if k == "date" else visit[k] for k in fields]
            texts = [str(i["description"]) for i in issues]
            said = [WORDS[str(i["status"])] for i in issues]
            if style == "rows":
                for i in range(max(1, len(texts))):
                    more = [texts[i], said[i]] if texts else ["无", None]
                    lines.append([n, *shown, *more] if i == 0 else [None] * 6 + more)
                continue
            lines.append([n, *shown, _numbered(texts, random), _numbered(said, random) or None])
        expected = {
            "visits": [v for v, _ in rows],
            "issues": [i for _, issues in rows for i in issues],
        }
        file = save(folder / "走访.xlsx", {"走访": lines}, {"走访": areas})
        return List(f"visits-{style}", "visit", [file], expected)

    return make


def _day(day: str, style: str) -> str:
    year, month, date = day.split("-")
    if style == "short":
        return f"{int(month)}月{int(date)}日"
    return f"{year}.{int(month)}.{int(date)}" if style == "dots" else day


def _numbered(texts: Sequence[str], random: Random) -> str:
    if not texts:
        return random.choice(["无", "没有", ""])
    if len(texts) == 1:
        return texts[0]
    mark = random.choice(["{}.", "{}、", "（{}）"])
    return random.choice(["；", "\n"]).join(mark.format(n) + t for n, t in enumerate(texts, 1))


def by_month(folder: Path, seed: int) -> List:
    """Months as columns: the day of the visit, or a tick."""
    hand, random = Hand(seed), Random(seed)
    lines, _ = _titled(random, "2022年走访情况一览表", 9)
    names = head(random, "host_name", "household", "visitor")
    lines.append(["序号", *names, *(f"{m}月" for m in range(1, 7))])
    expected: list[Record] = []
    for n in range(1, 6):
        host, _ = hand.person()
        where, who = hand.address(), random.choice(["赵敏", "钱进"])
        cells: list[object] = []
        for month in range(1, 7):
            day = random.randint(2, 28) if random.random() < 0.6 else None
            cells.append(f"{day}日" if day else None)
            if day:
                date = f"2022-{month:02d}-{day:02d}"
                expected.append(
                    {"host_name": host, "household": where, "visitor": who, "date": date}
                )
        lines.append([n, host, where, who, *cells])
    file = save(folder / "走访一览.xlsx", {"Sheet1": lines})
    return List("by-month", "visit", [file], {"visits": expected})


def plain_visits(folder: Path, seed: int) -> List:
    """A sheet for each quarter, no problems."""
    hand, random = Hand(seed), Random(seed)
    rows = [v for v, _ in visits(hand, 8)]
    fields = ["date", "visitor", "host_name", "household", "method"]
    names = head(random, *fields)
    sheets = {
        f"{'一二'[n]}季度": [names, *([r[k] for k in fields] for r in rows[n * 4 : n * 4 + 4])]
        for n in range(2)
    }
    return List("visits", "visit", [save(folder / "走访记录.xlsx", sheets)], {"visits": rows})


def activity_register(folder: Path, seed: int) -> List:
    """Activities, with a note at the foot."""
    hand, random = Hand(seed), Random(seed)
    rows = activities(hand, 6)
    fields = ["title", "date", "organiser", "place", "hours", "participants", "beneficiaries"]
    lines, areas = _titled(random, "幸福社区志愿服务活动统计表", 8)
    lines.append(["序号", *head(random, *(("adate" if f == "date" else f) for f in fields))])
    for n, row in enumerate(rows, 1):
        lines.append([n, *(row[k] for k in fields)])
    lines.append(["填表人：赵敏"])
    file = save(folder / "志愿.xlsx", {"Sheet1": lines}, {"Sheet1": areas})
    return List("activities", "volunteer", [file], {"activities": rows})


MAKERS: tuple[Maker, ...] = (
    roster("merged"), roster("blank"), roster("again"), roster("merged", sizes=False),
    roster("blank", heads_apart=False), roster("merged", heads_apart=False, sizes=False),
    plain_households, by_sheet, by_section, by_column, beside, by_file,
    visit_register("rows"), visit_register("dots"), visit_register("short"), by_month,
    plain_visits, activity_register, by_sheet, visit_register("plain"),
)  # fmt: skip


def layouts(folder: Path, *, held_out: bool) -> Iterator[List]:
    """Thirty layouts: each maker with seeds that only the held-out half, or the other, has."""
    for n in range(30):
        seed = 2 * n + (101 if held_out else 0)
        yield MAKERS[n % len(MAKERS)](folder / f"{seed}", seed)
