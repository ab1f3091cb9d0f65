"""Warnings that several ledgers show together; none decides about a benefit."""

from ledgersync.checks.rules.rule import Group, Rule
from ledgersync.messages import message

GROUP = Group(
    "跨台账",
    intro=(
        "在工作区里不带文件名运行 `ledgersync check` 时，各主台账放在"
        "一起看。全部是警告，交给人核实；**没有一条会对待遇作出决定**。某区的台账定义"
        "里没有的台账或字段，相应规则不出声。"
    ),
    rules=(
        Rule.of(
            "cross.dibao_review_overdue",
            "w",
            message("低保复核超期"),
            meaning=(
                "在保（含渐退期）户，上次复核（没有则享受起始）加复核周期已过。没有填周期的按每年。"
            ),
            example="每季度复核，上次是 2022-03-29，到 2022-06-30 已超期",
            source="最低生活保障审核确认办法第 31 条",
        ),
        Rule.of(
            "cross.dibao_dead_active",
            "w",
            message("已去世仍在保"),
            meaning=(
                "户主或享受人已登记为去世（重点人员台账，或家庭成员减员原因为死亡），仍在保、"
                "仍享受。"
            ),
            example="–",
            source="社会救助暂行办法第 13 条",
        ),
        Rule.of(
            "cross.dibao_should_exit",
            "w",
            message("应退未退"),
            meaning="应退未退：停退日期已到仍为在保；成员全部减员；减员或转出的成员仍享受。",
            example="–",
            source="社会救助暂行办法第 13 条",
        ),
        Rule.of(
            "cross.head_not_member",
            "w",
            message("户主不在家庭成员里"),
            meaning="登记了家庭成员，其中却没有户主。",
            example="成员表里低保证号抄错",
            source="–",
        ),
        Rule.of(
            "cross.covered_count",
            "w",
            message("保障人数与成员不符"),
            meaning="保障人数与成员中“是否享受”为是的人数不同（只看登记了成员的户）。",
            example="保障 3 人，成员享受 2 人",
            source="–",
        ),
        Rule.of(
            "cross.duplicate_benefit",
            "w",
            message("重复享受"),
            meaning=(
                "同一人在两户低保里享受。跨社区只比对加密摘要（HMAC-SHA-256，密钥在区级），"
                "身份证号不出社区。"
            ),
            example="–",
            source="社会救助暂行办法第 9、13 条；个人信息保护法第 6 条",
        ),
        Rule.of(
            "cross.visit_due",
            "w",
            message("应走访未走访"),
            meaning=(
                "应走访未走访：在册重点人员按走访频次、在保户按复核周期，自上次走访（没有则"
                "纳入或起始）算起已过；上次走访写明了下次日期的，以它为准。走访台账没有任何"
                "记录时不看低保户。"
            ),
            example="每月走访，上次是 5 月 20 日",
            source="民发〔2022〕73号",
        ),
        Rule.of(
            "cross.unassigned",
            "w",
            message("没有责任人"),
            meaning=(
                "在册人员或未办结问题没有责任人（问题的责任人、责任单位都空），或责任人已经"
                "离岗（见 `staff leave`）。"
            ),
            example="–",
            source="–",
        ),
        Rule.of(
            "cross.issue_stale",
            "w",
            message("问题久拖未决"),
            meaning=(
                "未办结且已过办理时限，或登记后超过设定的工作日（`[rules] issue_stale_workd"
                "ays`，默认 15）。"
            ),
            example="–",
            source="工作区设定",
        ),
        Rule.of(
            "cross.issue_no_revisit",
            "w",
            message("办结后未回访"),
            meaning=(
                "已解决或已答复，办结后超过设定的天数（`[rules] revisit_days`，默认 30）没有回访。"
            ),
            example="–",
            source="工作区设定",
        ),
        Rule.of(
            "cross.duplicate_activity",
            "w",
            message("活动重复登记"),
            meaning="两个社区登记了同日、同名、同地点的活动，只应统计一次。没有填地点的不比。",
            example="街道统一活动各报一遍",
            source="统计法第 7 条",
        ),
        Rule.of(
            "cross.outlier",
            "w",
            message("数字突变"),
            meaning=(
                "数字与本单位历史相比突增或突降（中位数与绝对中位差，修正 z 值大于 3.5，至"
                "少 4 期历史）。"
            ),
            example="低保人数从四十来人变成 400",
            source="Iglewicz、Hoaglin 1993",
        ),
    ),
)
