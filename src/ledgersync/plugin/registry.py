"""Every worksheet function once: name, code, Chinese documentation, arguments.

`ledgersync functions`, `docs/functions.md`, the LibreOffice add-in, the Excel wrapper, the
JavaScript metadata and the workbooks' help sheet are all made from this table.
"""

from collections.abc import Callable

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.plugin import functions, lookups
from ledgersync.plugin.grid import Reply


@dataclass(frozen=True, slots=True)
class Argument:
    """An argument: identifier, Chinese label and explanation; a range may stand for a cell."""

    name: str
    label: str
    doc: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class SheetFunction:
    """A worksheet function; `call` takes cells or ranges in the order of `arguments`."""

    name: str
    call: Callable[..., Reply]
    doc: Message
    arguments: tuple[Argument, ...]
    example: str
    workspace: bool = False

    @property
    def member(self) -> str:
        """Its name inside the add-ins: `LS_IDCHECK` → `lsIdcheck`."""
        return "ls" + self.name.removeprefix("LS_").capitalize()

    @property
    def usage(self) -> str:
        """`LS_AGE(身份证号或出生日期, [截止日期])`."""
        shown = (f"[{a.label}]" if a.optional else a.label for a in self.arguments)
        return f"{self.name}({', '.join(shown)})"

    @property
    def signature(self) -> str:
        """The same with the arguments' identifiers: `LS_AGE(value, [day])`."""
        shown = (f"[{a.name}]" if a.optional else a.name for a in self.arguments)
        return f"{self.name}({', '.join(shown)})"


_ID = Argument("id_number", "身份证号", "身份证号所在的单元格或一列")
_LEDGER = Argument("ledger", "台账", "低保、重点人员、志愿活动、走访，或“低保.低保家庭成员”")
_WHO = Argument("who", "身份证号或姓名", "同名不止一人时请用身份证号")

FUNCTIONS: tuple[SheetFunction, ...] = (
    SheetFunction(
        "LS_IDCHECK",
        functions.idcheck,
        message(
            "校验身份证号：位数、字符、出生日期、校验位、行政区划。正确时为空，否则给出第一个问题。"
        ),
        (_ID,),
        '=LS_IDCHECK("110105194912310021")',
    ),
    SheetFunction(
        "LS_IDINFO",
        functions.idinfo,
        message("从身份证号取出生日期、性别、年龄、行政区划；不写项目时依次占四列。"),
        (_ID, Argument("item", "项目", "出生日期、性别、年龄或行政区划", optional=True)),
        '=LS_IDINFO("11010519491231002X", "性别")',
    ),
    SheetFunction(
        "LS_AGE",
        functions.age,
        message("周岁年龄，可由身份证号或出生日期算出。"),
        (
            Argument("value", "身份证号或出生日期", "单元格或一列"),
            Argument("day", "截止日期", "不写为今天", optional=True),
        ),
        '=LS_AGE("11010519491231002X", "2022-06-30")',
    ),
    SheetFunction(
        "LS_DATE",
        functions.to_day,
        message(
            "把各种写法的日期（2022.6.1、2022年6月1日、20220601……）变成真正的日期；"
            "结果单元格请设为日期格式。"
        ),
        (Argument("value", "日期", "单元格或一列"),),
        '=LS_DATE("2022年6月1日")',
    ),
    SheetFunction(
        "LS_PHONE",
        functions.phone,
        message("校验联系电话：手机号，或区号加号码。正确时为空。"),
        (Argument("phone", "电话", "单元格或一列"),),
        '=LS_PHONE("1380013800")',
    ),
    SheetFunction(
        "LS_CHECK",
        functions.check,
        message("按台账的全部规则逐行校验，每行给出一条说明，没有问题为空；一次选整片数据最快。"),
        (
            Argument("ledger", "台账", "低保、重点人员、志愿活动或走访"),
            Argument("table", "表", "工作表名，如“低保户”；留空为第一张表"),
            Argument("header_row", "表头", "表头所在的行"),
            Argument("rows", "数据", "表头下面的各行，列与表头对齐"),
        ),
        '=LS_CHECK("低保", "低保户", A1:S1, A2:S200)',
    ),
    SheetFunction(
        "LS_DUP",
        functions.dup,
        message("在所选区域里找重复：每个重复的单元格给出它与第几行相同。"),
        (Argument("cells", "区域", "要查重的一列"),),
        "=LS_DUP(C2:C200)",
    ),
    SheetFunction(
        "LS_MASK",
        functions.masked,
        message("脱敏：身份证号、电话、姓名、住址按规定的样子显示，供截图或外发时使用。"),
        (
            Argument("value", "内容", "单元格或一列"),
            Argument("kind", "类型", "姓名、身份证号、联系电话、住址或账号", optional=True),
        ),
        '=LS_MASK("13800001234", "联系电话")',
    ),
    SheetFunction(
        "LS_LOOKUP",
        lookups.lookup,
        message("到主台账里查一条记录的某一列，证号、身份证号或姓名都可以查。"),
        (
            _LEDGER,
            Argument("key", "证号", "证号、身份证号、编号或姓名，单元格或一列"),
            Argument("field", "列", "要取的列，用表头的名字"),
        ),
        '=LS_LOOKUP("低保", A2, "月保障金额(元)")',
        workspace=True,
    ),
    SheetFunction(
        "LS_EXISTS",
        lookups.exists,
        message("主台账里有没有这条记录。"),
        (_LEDGER, Argument("key", "证号", "证号、身份证号、编号或姓名")),
        '=LS_EXISTS("重点人员", B2)',
        workspace=True,
    ),
    SheetFunction(
        "LS_LASTVISIT",
        lookups.last_visit,
        message("最近一次走访这个人的日期。"),
        (_WHO,),
        "=LS_LASTVISIT(B2)",
        workspace=True,
    ),
    SheetFunction(
        "LS_DUE",
        lookups.due,
        message("下次应走访（重点人员）或应复核（低保）的日期。"),
        (_WHO, Argument("ledger", "台账", "重点人员（不写时）或低保", optional=True)),
        '=LS_DUE(B2, "低保")',
        workspace=True,
    ),
    SheetFunction(
        "LS_CONFLICTS",
        lookups.conflicts,
        message("还有几处冲突等人裁定。"),
        (Argument("ledger", "台账", "不写为全部台账", optional=True),),
        '=LS_CONFLICTS("低保")',
        workspace=True,
    ),
    SheetFunction(
        "LS_FIGURE",
        lookups.figure,
        message("最近一次汇总里的指标数；本单位没有汇总过的，取街道、区汇总出来的。"),
        (
            Argument("indicator", "指标", "指标名称或编号，如“走访户次”"),
            Argument("period", "期间", "如 2022-06、2022Q2、2022H1、2022"),
            Argument("unit", "单位", "12位区划代码或单位名称，不写为本单位", optional=True),
        ),
        '=LS_FIGURE("走访户次", "2022-06")',
        workspace=True,
    ),
)

BY_NAME = {f.name: f for f in FUNCTIONS}
