"""What an identity number can be found to be; the first fault is told."""

from ledgersync.checks.rules.rule import Group, Rule
from ledgersync.messages import message

GROUP = Group(
    "身份证号",
    intro="一个号码有几处错时，按位数、字符、出生日期、校验位的次序报第一处。",
    rules=(
        Rule.of(
            "id.length",
            "e",
            message("身份证号位数不对"),
            meaning="不是 18 位（也不是 15 位旧号）。",
            example="少抄一位",
            source="GB 11643-1999",
        ),
        Rule.of(
            "id.chars",
            "e",
            message("身份证号含非法字符"),
            meaning="前 17 位应为数字，末位为数字或 X。`x`、`Ｘ`、`×` 都读成 X。",
            example="把 0 写成字母 O",
            source="GB 11643-1999",
        ),
        Rule.of(
            "id.birthdate",
            "e",
            message("身份证号出生日期不对"),
            meaning="其中的出生日期不存在，早于 1900 年或晚于今天。",
            example="第 11、12 位是 13 月",
            source="GB 11643-1999",
        ),
        Rule.of(
            "id.checksum",
            "e",
            message("身份证号校验位不对"),
            meaning="校验位不对，多半是抄错一位或两位颠倒。",
            example="末位应为 X 而写了 1",
            source="GB 11643-1999",
        ),
        Rule.of(
            "id.region",
            "w",
            message("身份证号地区码未知"),
            meaning="前 6 位不在行政区划代码表里。区划会调整，所以只警告。",
            example="已撤销或新设的县",
            source="GB/T 2260",
        ),
        Rule.of(
            "id.precision_lost",
            "ew",
            message("身份证号末几位已丢失"),
            meaning=(
                "号码被存成数字，末三位已变成 0 或错数；绝不猜测补回。警告：原有的好号码予"
                "以保留，没有被它覆盖。"
            ),
            example="显示成 `3.2E+17`",
            source="Excel 只保留 15 位有效数字",
        ),
        Rule.of(
            "id.upgraded15",
            "i",
            message("15位旧号已升位"),
            meaning="15 位旧号已换成 18 位。",
            example="–",
            source="GB 11643-1999；国发〔1999〕15号",
        ),
        Rule.of(
            "id.sequence_fill",
            "w",
            message("身份证号疑似下拉填充"),
            meaning="恰好比上一行大 1：整列是拖动填充出来的。真实的号码不会这样相邻。",
            example="…011、…012、…013",
            source="–",
        ),
    ),
)
