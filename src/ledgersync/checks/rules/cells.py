"""What a single cell can be found to be."""

from ledgersync.checks.rules.rule import Group, Rule
from ledgersync.messages import message

GROUP = Group(
    "单元格",
    intro="",
    rules=(
        Rule.of(
            "required",
            "e",
            message("必填项为空"),
            meaning="必填项为空。",
            example="低保户没有〔户主姓名〕",
            source="台账定义 `required`",
        ),
        Rule.of(
            "wanted",
            "w",
            message("最好填写的项为空"),
            meaning="最好填写的项为空；或者在某种状态下应填而未填。",
            example="〔保障状态〕为“退出”而〔停退日期〕为空",
            source="台账定义 `wanted`、`wanted_if`",
        ),
        Rule.of(
            "type.text",
            "ew",
            message("不是文字"),
            meaning=(
                "不像姓名或编号：被存成了日期、号码，或者含有 `*`、`?`（掩过码的姓名、转坏"
                "了的生僻字）。警告：住址等文字被表格软件当成了日期，已按显示的内容读取；姓名、"
                "住址里是另一列的内容（证号、网格、选项等，多半贴错了列），照样保留。备注什么"
                "都能写。"
            ),
            example="〔户主姓名〕`王*`、`13800001234`；〔住址〕3-2 成了 `3月2日`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.integer",
            "e",
            message("不是整数"),
            meaning="不是整数。`3人`、`三`、`3.0` 能读成 3；`三口多`、`3.5` 不能。",
            example="〔家庭人口数〕`三口多`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.decimal",
            "e",
            message("不是数字"),
            meaning="不是数字。`1.5小时` 能读成 1.5。",
            example="〔活动时长〕`半天`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.money",
            "ei",
            message("不是金额"),
            meaning=(
                "不是金额。`100元`、`1,570.44`、`￥500`、`五百` 能读；`约100` 不能，也绝不"
                "会当成 0。提示：多于两位小数，已四舍五入到分。"
            ),
            example="〔月保障金额〕`约800`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.date",
            "e",
            message("不是日期"),
            meaning="不是存在的公历日期。",
            example="`2022-02-30`、`农历五月初五`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.phone",
            "e",
            message("不是电话"),
            meaning="保留编号；电话的问题报 `phone.format`。",
            example="–",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.digits",
            "e",
            message("不全是数字"),
            meaning="应全部是数字。",
            example="`12A4`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "type.bool",
            "e",
            message("不是“是/否”"),
            meaning=(
                "不是“是/否”。`√`、`1/0`、`Y/N`、`有/无` 都能读；整列只打 `√` 时，空白为“否”。"
            ),
            example="〔是否享受〕`部分`",
            source="台账定义 `type`",
        ),
        Rule.of(
            "choice",
            "e",
            message("不在可选值内"),
            meaning="不在可选值内，也不是已知的同义词。",
            example="〔保障状态〕`看情况`",
            source="台账定义 `choices`",
        ),
        Rule.of(
            "range",
            "ew",
            message("超出范围"),
            meaning="小于下限或大于上限。警告：日期早于 1949 年 10 月，不像真的。",
            example="〔家庭人口数〕`31`；〔享受起始日期〕`1921-06-01`",
            source="台账定义 `min`、`max`",
        ),
        Rule.of(
            "date.future",
            "ew",
            message("日期晚于今天"),
            meaning=(
                "日期晚于今天（北京时间）。警告：可以晚于今天的日期，却在十年以后；或者已经"
                "停发、退出、转出，日期却在以后。"
            ),
            example="〔走访日期〕写成明年",
            source="台账定义 `not_future`",
        ),
        Rule.of(
            "date.month_only",
            "i",
            message("只写到月"),
            meaning="只写到月，按当月 1 日处理。",
            example="`2022年6月`、`202206`",
            source="归一化约定",
        ),
        Rule.of(
            "date.ambiguous",
            "e",
            message("日期有歧义"),
            meaning="年份或月份有歧义，不猜；数字之间有空格的也不猜。",
            example=(
                "`22.6.1`；数字 `2022.1`、CSV 里的 `2022.1`（1 月还是 10 月）；`2021-6-1 2`、`"
                "2021 5`"
            ),
            source="归一化约定",
        ),
        Rule.of(
            "phone.format",
            "e",
            message("电话格式不对"),
            meaning="不是手机号，也不是“区号-号码”。",
            example="`1380000123`（少一位）",
            source="电信网编号计划",
        ),
        Rule.of(
            "cell.error",
            "e",
            message("单元格是错误值"),
            meaning="单元格是错误值，或公式从未计算过。",
            example="`#REF!`",
            source="–",
        ),
        Rule.of(
            "cell.formula_injection",
            "w",
            message("像公式的文字"),
            meaning="文字以 = 开头，或 + - @ 后接字母数字，别的软件可能当公式执行；按文字保留。",
            example="`=cmd|…`、`@SUM(A1)`",
            source="OWASP CSV Injection",
        ),
        Rule.of(
            "cell.too_long",
            "e",
            message("内容过长"),
            meaning="超过 Excel 单元格上限 32767 个字符。",
            example="整篇文章贴进一格",
            source="Excel 规格",
        ),
        Rule.of(
            "value.synonym",
            "wi",
            message("按同义词处理"),
            meaning=(
                "按同义词处理。警告：写了本台账不登记的类别，已按“其他关爱对象”一类处理，并"
                "写明应由哪个部门办理；原词不再显示。"
            ),
            example="〔保障状态〕`正常` → 在保",
            source="台账定义 `choices`、`withheld`；个人信息保护法第 6、28 条",
        ),
        Rule.of(
            "value.several",
            "ew",
            message("一格里有几个值"),
            meaning=(
                "一格里有几个值。电话、姓名都保留，请核对（警告）；编号、身份证号不知道取哪"
                "个，请分开填写（错误）。警告还有：同一项有两列，两列写的不一样。"
            ),
            example="〔联系电话〕`13800001234、13900001234`；`DB001、DB002`",
            source="归一化约定",
        ),
        Rule.of(
            "value.ditto",
            "ew",
            message("写的是“同上”"),
            meaning=(
                "写的是“同上”一类的记号。警告：上一行的值明白，已照抄；错误：上面没有可以照"
                "抄的值，或者是不能重复的编号。"
            ),
            example='`同上`、`〃`、`"`、`，，`',
            source="归一化约定",
        ),
        Rule.of(
            "value.lookup_zero",
            "e",
            message("没有查到的 0"),
            meaning="姓名、住址、编号是 0：公式没有查到内容。",
            example="〔户主姓名〕`0`",
            source="归一化约定",
        ),
        Rule.of(
            "unit.measure",
            "ew",
            message("计量单位不是元、小时"),
            meaning=(
                "标题、提示行或附注写明金额不是以元为单位（时长不是小时）。警告：已换算；错"
                "误：写了几种单位，无法换算。"
            ),
            example="`单位：百元`",
            source="归一化约定",
        ),
    ),
)
