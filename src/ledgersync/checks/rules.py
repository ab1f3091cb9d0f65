"""The rule ids of the contract: what a finding's `rule` can be, how grave, what it is called.

Ids never change; docs/rules.md explains each of them.
"""

from typing import NamedTuple

from ledgersync.messages import Message
from ledgersync.model import Severity


class Rule(NamedTuple):
    """`severities` from the gravest that the rule is ever reported with."""

    id: str
    severities: tuple[Severity, ...]
    title: Message


def _rule(id_: str, severities: str, zh: str, en: str) -> Rule:
    known: dict[str, Severity] = {"e": "error", "w": "warning", "i": "info"}
    return Rule(id_, tuple(known[s] for s in severities), Message(zh, en))


_ALL = (
    _rule("required", "e", "必填项为空", "required, but empty"),
    _rule("wanted", "w", "最好填写的项为空", "should be filled in"),
    _rule("type.text", "e", "不是文字", "not text"),
    _rule("type.integer", "e", "不是整数", "not a whole number"),
    _rule("type.decimal", "e", "不是数字", "not a number"),
    _rule("type.money", "ei", "不是金额", "not an amount"),
    _rule("type.date", "e", "不是日期", "not a date"),
    _rule("type.phone", "e", "不是电话", "not a telephone number"),
    _rule("type.digits", "e", "不全是数字", "not digits only"),
    _rule("type.bool", "e", "不是“是/否”", "neither yes nor no"),
    _rule("choice", "e", "不在可选值内", "not one of the choices"),
    _rule("range", "e", "超出范围", "out of range"),
    _rule("compare", "ew", "前后矛盾", "at odds with another field"),
    _rule("date.future", "e", "日期晚于今天", "in the future"),
    _rule("date.month_only", "i", "只写到月", "a month without a day"),
    _rule("date.ambiguous", "e", "日期有歧义", "an ambiguous date"),
    _rule("id.length", "e", "身份证号位数不对", "an id of the wrong length"),
    _rule("id.chars", "e", "身份证号含非法字符", "an id with wrong characters"),
    _rule("id.birthdate", "e", "身份证号出生日期不对", "an id with an impossible birth date"),
    _rule("id.checksum", "e", "身份证号校验位不对", "an id with a wrong check character"),
    _rule("id.region", "w", "身份证号地区码未知", "an id with an unknown region"),
    _rule("id.precision_lost", "ew", "身份证号末几位已丢失", "an id that lost its last digits"),
    _rule("id.upgraded15", "i", "15位旧号已升位", "an old 15-digit id, upgraded"),
    _rule("id.sequence_fill", "w", "身份证号疑似下拉填充", "ids that look dragged down"),
    _rule("phone.format", "ew", "电话格式不对", "a telephone number of the wrong form"),
    _rule("duplicate.key", "e", "关键字段重复而内容不同", "one key with different content"),
    _rule("duplicate.row", "w", "整行重复", "the same row twice"),
    _rule("ref.missing", "wi", "引用的记录找不到", "a reference that leads nowhere"),
    _rule("deadline.workdays", "w", "超过规定工作日", "too many working days later"),
    _rule("age.category", "w", "人员类别与年龄不符", "a category that does not fit the age"),
    _rule("header.unknown", "i", "不认识的列", "an unknown column"),
    _rule("header.missing", "e", "缺少必填列", "a required column is absent"),
    _rule("table.unrecognised", "ei", "认不出的表", "a table that was not recognised"),
    _rule("cell.error", "e", "单元格是错误值", "a cell that holds an error"),
    _rule("cell.formula_injection", "w", "像公式的文字", "text that looks like a formula"),
    _rule("cell.too_long", "e", "内容过长", "too long for a cell"),
    _rule("value.synonym", "wi", "按同义词处理", "read as its synonym"),
    _rule("cross.dibao_review_overdue", "w", "低保复核超期", "a review is overdue"),
    _rule("cross.dibao_dead_active", "w", "已去世仍在保", "dead, but still covered"),
    _rule("cross.dibao_should_exit", "w", "应退未退", "left, but still covered"),
    _rule("cross.head_not_member", "w", "户主不在家庭成员里", "the head is no member"),
    _rule("cross.covered_count", "w", "保障人数与成员不符", "covered persons do not agree"),
    _rule("cross.duplicate_benefit", "w", "重复享受", "covered in two households"),
    _rule("cross.visit_due", "w", "应走访未走访", "a visit is overdue"),
    _rule("cross.unassigned", "w", "没有责任人", "nobody is responsible"),
    _rule("cross.issue_stale", "w", "问题久拖未决", "an issue open for too long"),
    _rule("cross.issue_no_revisit", "w", "办结后未回访", "nobody called back"),
    _rule("cross.duplicate_activity", "w", "活动重复登记", "an activity told twice"),
    _rule("cross.outlier", "w", "数字突变", "a figure that jumps"),
)
RULES: dict[str, Rule] = {rule.id: rule for rule in _ALL}
