"""The rule ids of the contract: what a finding's `rule` can be, how grave, what it is called.

Ids never change; docs/rules.md explains each of them.
"""

from typing import NamedTuple

from ledgersync.messages import Message, message
from ledgersync.model import Severity


class Rule(NamedTuple):
    """`severities` from the gravest that the rule is ever reported with."""

    id: str
    severities: tuple[Severity, ...]
    title: Message


def _rule(id_: str, severities: str, title: Message) -> Rule:
    known: dict[str, Severity] = {"e": "error", "w": "warning", "i": "info"}
    return Rule(id_, tuple(known[s] for s in severities), title)


_ALL = (
    _rule("required", "e", message("必填项为空")),
    _rule("wanted", "w", message("最好填写的项为空")),
    _rule("type.text", "ew", message("不是文字")),
    _rule("type.integer", "e", message("不是整数")),
    _rule("type.decimal", "e", message("不是数字")),
    _rule("type.money", "ei", message("不是金额")),
    _rule("type.date", "e", message("不是日期")),
    _rule("type.phone", "e", message("不是电话")),
    _rule("type.digits", "e", message("不全是数字")),
    _rule("type.bool", "e", message("不是“是/否”")),
    _rule("choice", "e", message("不在可选值内")),
    _rule("range", "ew", message("超出范围")),
    _rule("compare", "ew", message("前后矛盾")),
    _rule("date.future", "ew", message("日期晚于今天")),
    _rule("date.month_only", "i", message("只写到月")),
    _rule("date.ambiguous", "e", message("日期有歧义")),
    _rule("id.length", "e", message("身份证号位数不对")),
    _rule("id.chars", "e", message("身份证号含非法字符")),
    _rule("id.birthdate", "e", message("身份证号出生日期不对")),
    _rule("id.checksum", "e", message("身份证号校验位不对")),
    _rule("id.region", "w", message("身份证号地区码未知")),
    _rule("id.precision_lost", "ew", message("身份证号末几位已丢失")),
    _rule("id.upgraded15", "i", message("15位旧号已升位")),
    _rule("id.sequence_fill", "w", message("身份证号疑似下拉填充")),
    _rule("phone.format", "e", message("电话格式不对")),
    _rule("duplicate.key", "e", message("关键字段重复而内容不同")),
    _rule("duplicate.row", "w", message("整行重复")),
    _rule("ref.missing", "wi", message("引用的记录找不到")),
    _rule("deadline.workdays", "w", message("超过规定工作日")),
    _rule("age.category", "w", message("人员类别与年龄不符")),
    _rule("header.unknown", "i", message("不认识的列")),
    _rule("header.missing", "e", message("缺少必填列")),
    _rule("table.unrecognised", "ei", message("认不出的表")),
    _rule("cell.error", "e", message("单元格是错误值")),
    _rule("cell.formula_injection", "w", message("像公式的文字")),
    _rule("cell.too_long", "e", message("内容过长")),
    _rule("value.synonym", "wi", message("按同义词处理")),
    _rule("value.several", "ew", message("一格里有几个值")),
    _rule("value.ditto", "ew", message("写的是“同上”")),
    _rule("value.lookup_zero", "e", message("没有查到的 0")),
    _rule("unit.measure", "ew", message("计量单位不是元、小时")),
    _rule("row.passed_over", "ew", message("有内容而没有读入的行")),
    _rule("column.left_out", "e", message("没有并入的列")),
    _rule("csv.fields", "ew", message("CSV 一行的格数不对")),
    _rule("csv.quote", "ew", message("CSV 的引号不配对")),
    _rule("cross.dibao_review_overdue", "w", message("低保复核超期")),
    _rule("cross.dibao_dead_active", "w", message("已去世仍在保")),
    _rule("cross.dibao_should_exit", "w", message("应退未退")),
    _rule("cross.head_not_member", "w", message("户主不在家庭成员里")),
    _rule("cross.covered_count", "w", message("保障人数与成员不符")),
    _rule("cross.duplicate_benefit", "w", message("重复享受")),
    _rule("cross.visit_due", "w", message("应走访未走访")),
    _rule("cross.unassigned", "w", message("没有责任人")),
    _rule("cross.issue_stale", "w", message("问题久拖未决")),
    _rule("cross.issue_no_revisit", "w", message("办结后未回访")),
    _rule("cross.duplicate_activity", "w", message("活动重复登记")),
    _rule("cross.outlier", "w", message("数字突变")),
    _rule("ref.scope", "w", message("不在任何人的范围里")),
    _rule("file.name", "e", message("文件名像临时文件或备份")),
    _rule("file.format", "e", message("不是工作簿")),
    _rule("file.unread", "ew", message("文件没有收进来")),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}
