"""Faults that rows, columns and sheets show."""

from ledgersync.checks.rules.rule import Group, Rule
from ledgersync.messages import message

GROUP = Group(
    "行与表",
    intro="",
    rules=(
        Rule.of(
            "compare",
            "ew",
            message("前后矛盾"),
            meaning=(
                "与另一格矛盾。同一行之内是错误；与另一张表比较、日期恰好是本人的出生日期，是警告。"
            ),
            example=(
                "〔保障人数〕大于〔家庭人口数〕；〔停退日期〕早于〔享受起始日期〕；服务时长"
                "大于活动时长"
            ),
            source="台账定义 `le`、`ge`",
        ),
        Rule.of(
            "age.category",
            "w",
            message("人员类别与年龄不符"),
            meaning=(
                "人员类别与身份证号上的年龄不符：高龄不满 80 周岁，儿童已满 18 周岁。已退出"
                "的按退出日期算。"
            ),
            example="〔人员类别〕`高龄老人`，65 岁",
            source="高龄津贴多自 80 周岁起；未成年人保护法第 2 条",
        ),
        Rule.of(
            "duplicate.key",
            "e",
            message("关键字段重复而内容不同"),
            meaning=(
                "关键字段（或应当唯一的字段）相同，而其他内容不同；每一行都标出。关键字段为"
                "空时比较后备关键字段。"
            ),
            example="两行同一低保证号，金额不同",
            source="台账定义 `key`、`fallback_key`、`unique`",
        ),
        Rule.of(
            "duplicate.row",
            "w",
            message("整行重复"),
            meaning="整行内容相同，标在后出现的行上。合并时只算一行。",
            example="复制粘贴了两遍",
            source="–",
        ),
        Rule.of(
            "row.passed_over",
            "ew",
            message("有内容而没有读入的行"),
            meaning=(
                "这一行有内容，却不像一条记录，没有读入（错误）；合计与上面各行之和不等、分"
                "组的小标题没有可放的列（警告）。标题、填报单位、提示、签名、相等的合计、空"
                "行不提。"
            ),
            example="表中间单独一格的文字",
            source="归一化约定",
        ),
        Rule.of(
            "csv.fields",
            "ew",
            message("CSV 一行的格数不对"),
            meaning=(
                "CSV 文件里这一行的格数与表头不同，多半是内容里有逗号；能还原的已还原（警告）。"
            ),
            example="住址里的逗号没有加引号",
            source="RFC 4180",
        ),
        Rule.of(
            "csv.quote",
            "ew",
            message("CSV 的引号不配对"),
            meaning="CSV 文件的引号不配对，已逐行读取，请核对。",
            example='`"东风小区3号` 少了后一个引号',
            source="RFC 4180",
        ),
        Rule.of(
            "ref.missing",
            "wi",
            message("引用的记录找不到"),
            meaning="引用的编号在另一张表里找不到。提示：那张表这次没有读到，未核对。",
            example="家庭成员的〔低保证号〕在低保户里没有",
            source="台账定义 `ref`",
        ),
        Rule.of(
            "ref.scope",
            "w",
            message("不在任何人的范围里"),
            meaning=(
                "〔所属网格〕（或人员范围所用的其他字段）的值不在任何人的范围里：这一行只留"
                "在录入人的副本里，别人都没有。`1网格`、`第一网格`、`网格1` 等写法是同一个"
                "网格，按人员范围里的写法算。有不限范围的人员时，只提限了范围的人自己录入的。"
            ),
            example="三个人分管第1到第3网格，有一行写“第9网格”",
            source="`ledgersync.toml` 的 `scope`",
        ),
        Rule.of(
            "deadline.workdays",
            "w",
            message("超过规定工作日"),
            meaning=(
                "晚于规定的工作日数（按国务院公布的放假安排；尚未公布的年份用设定的假日和周"
                "末，标“推算”）。"
            ),
            example="志愿服务在活动后第 12 个工作日才记录",
            source="志愿服务记录与证明出具办法（试行）",
        ),
        Rule.of(
            "header.unknown",
            "i",
            message("不认识的列"),
            meaning=(
                "不是本台账字段的列：原样保留，不校验、不汇总。可用 `ledgersync map` 确认它的意思。"
            ),
            example="自己加的一列",
            source="–",
        ),
        Rule.of(
            "column.left_out",
            "e",
            message("没有并入的列"),
            meaning=(
                "填在并不进去的列里：没有表头（或表头被抹掉）、序号列里的文字、与另一列指同一项、"
                "表头相同、"
                "表头过长、自己加的列太多。每次合并都说，直到改好；确认不要的用 "
                "`notices dismiss`。整列公式不算。"
            ),
            example="表右边没有表头的一格",
            source="归一化约定",
        ),
        Rule.of(
            "header.missing",
            "e",
            message("缺少必填列"),
            meaning="缺少必填字段的列。",
            example="删掉了〔户主姓名〕列",
            source="台账定义 `required`",
        ),
        Rule.of(
            "table.unrecognised",
            "ei",
            message("认不出的表"),
            meaning="工作表里有表，却认不出是哪个台账，内容未读取。隐藏的工作表只提示。",
            example="换了一套表头",
            source="–",
        ),
    ),
)
