"""Made-up households, people in care, visits and activities, the same for the same seed."""

from dataclasses import dataclass, field
from random import Random

from tests.offices import id_number

SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐"
GIVEN = ["建国", "桂英", "秀兰", "志强", "丽华", "小明", "海燕", "国庆", "春梅"]
GIVEN += ["德福", "玉珍", "文斌", "雪梅", "大勇", "淑芬", "金山", "晓东", "翠花"]
ROADS = ["阳光路", "东风路", "和平街", "红旗路", "滨江路"]
STAFF = ["赵敏", "钱进", "孙小圣"]
CATEGORIES = ["独居老人", "空巢老人", "高龄老人", "重度残疾人", "困境儿童", "特困人员"]
PROBLEMS = ["楼道灯不亮", "下水道堵塞", "楼道堆物影响通行", "屋顶漏水", "噪声扰民"]
PROBLEMS += ["车棚充电桩损坏"]
DONE = ["已解决", "已转办", "协调处置中", "待处理"]
WORDS = {"已解决": "已办结", "已转办": "已转办", "协调处置中": "处理中", "待处理": "未处理"}
Record = dict[str, object]


@dataclass(slots=True)
class Hand:
    """Draws people; no two have the same name or number."""

    seed: int
    random: Random = field(init=False)
    count: int = 0

    def __post_init__(self) -> None:
        self.random = Random(self.seed)

    def person(self, first: int = 1935, last: int = 1975) -> tuple[str, str]:
        """A name and a number."""
        self.count += 1
        born = f"{self.random.randint(first, last)}{self.random.randint(1, 12):02d}15"
        surname = SURNAMES[(self.count * 7 + self.seed) % len(SURNAMES)]
        given = GIVEN[(self.count + self.seed) % len(GIVEN)]
        return surname + given, id_number(born, self.count + self.seed * 17)

    def address(self) -> str:
        road = self.random.choice(ROADS)
        return f"{road}{self.random.randint(1, 60)}号{self.random.randint(1, 9)}栋{self.count}01"

    def phone(self) -> str:
        return f"138{self.random.randint(10000000, 99999999)}"

    def day(self, year: int = 2022, months: int = 6) -> str:
        month, day = self.random.randint(1, months), self.random.randint(1, 28)
        return f"{year}-{month:02d}-{day:02d}"

    def grid(self) -> str:
        return f"第{self.random.randint(1, 4)}网格"


def households(hand: Hand, count: int) -> list[tuple[Record, list[Record]]]:
    """Households with their members, the head among them."""
    found = []
    for n in range(count):
        head, number = hand.person()
        members: list[Record] = [
            dict(name=head, member_id=number, relation="户主", health="慢性病")
        ]
        for relation in hand.random.sample(["配偶", "子女", "父母"], hand.random.randint(0, 3)):
            name, other = hand.person(1940, 2012)
            members.append(dict(name=name, member_id=other, relation=relation, health="健康"))
        found.append((
            dict(head_name=head, head_id=number, family_size=len(members),
                 covered_persons=len(members), status="在保", address=hand.address(),
                 monthly_amount=f"{hand.random.randint(300, 2000)}.00",
                 category="ABC"[n % 3] + "类", phone=hand.phone()),
            members,
        ))  # fmt: skip
    return found


def people(hand: Hand, count: int, category: str | None = None) -> list[Record]:
    """People in care."""
    found = []
    for n in range(count):
        kind = category or CATEGORIES[(n + hand.seed) % len(CATEGORIES)]
        years = (2008, 2018) if "儿童" in kind else (1930, 1955)
        name, number = hand.person(*years)
        found.append(
            dict(name=name, id_number=number, category=(kind,), address=hand.address(),
                 phone=hand.phone(), grid=hand.grid(), responsible=STAFF[n % 3])
        )  # fmt: skip
    return found


def visits(hand: Hand, count: int, year: int = 2022) -> list[tuple[Record, list[Record]]]:
    """Visits with the problems that were raised: none, one or two."""
    found = []
    for n in range(count):
        host, _ = hand.person()
        day = hand.day(year)
        visit: Record = dict(date=day, visitor=STAFF[n % 3], host_name=host,
                             household=hand.address(), method=["入户", "电话"][n % 2])  # fmt: skip
        raised = hand.random.sample(PROBLEMS, n % 3)
        issues: list[Record] = [
            dict(date=day, description=text, status=hand.random.choice(DONE)) for text in raised
        ]
        found.append((visit, issues))
    return found


def activities(hand: Hand, count: int) -> list[Record]:
    titles = [
        "清扫楼道",
        "敬老慰问",
        "政策宣讲",
        "义诊进社区",
        "文明劝导",
        "垃圾分类宣传",
        "学雷锋集中行动",
    ]
    return [
        dict(title=titles[n % len(titles)], date=hand.day(), organiser="幸福社区居委会",
             place=["文化广场", "党群服务中心"][n % 2], hours=float(hand.random.randint(1, 6)),
             participants=hand.random.randint(5, 40), beneficiaries=hand.random.randint(10, 200))
        for n in range(count)
    ]  # fmt: skip
