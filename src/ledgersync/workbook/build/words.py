"""What the workbook says to a person about a field: prompts, rules, examples."""

from ledgersync.schema import Catalog, FieldSchema
from ledgersync.workbook.build.native.numbers import range_words

KINDS = {
    "text": "文字",
    "name": "姓名",
    "code": "编号",
    "digits": "数字串",
    "integer": "整数",
    "decimal": "数字",
    "money": "金额（元）",
    "date": "日期",
    "phone": "电话",
    "id_number": "身份证号",
    "bool": "是/否",
    "choice": "单选",
    "choices": "可多选",
}
EXAMPLES = {
    "name": "姓名中间不留空格；少数民族姓名用“·”",
    "code": "按证件照抄，不用补零或去零",
    "digits": "只写数字",
    "integer": "3",
    "decimal": "1.5",
    "money": "860.00",
    "date": "2022-06-01；2022年6月1日、20220601 也可",
    "phone": "手机11位；座机写区号-号码",
    "id_number": "18位，末位X大写；不要用拖动填充",
    "bool": "是",
}


def demand(f: FieldSchema) -> str:
    """Must it be filled in?"""
    if f.required:
        return "必填"
    if f.generated:
        return "自动编号"
    if f.wanted_if:
        return "视情况"
    return "建议填" if f.wanted else "选填"


def prompt(f: FieldSchema, catalog: Catalog, *, listed: bool) -> str:
    """The balloon at a selected cell; only where it helps."""
    if (listed or f.ref) and not f.help and not f.generated:
        return f"可从下拉列表中选，也可直接填写。{_source(f, catalog)}"
    return balloon(f)


def balloon(f: FieldSchema) -> str:
    """What the field alone has to say of itself; only where it helps."""
    if f.help:
        return f.help
    if f.generated:
        return "可不填：录入本行后自动给出编号；已有编号也可直接填写。"
    return {
        "id_number": "18位，照证件填写，末位X大写。不要拖动填充。",
        "phone": "手机11位，或“区号-号码”。",
        "date": "如 2022-06-01；按 Ctrl+; 填今天。",
        "choices": f"可多选，用顿号“、”隔开，如：{'、'.join(list(f.choices)[:2])}",
    }.get(f.type, "")


def _source(f: FieldSchema, catalog: Catalog) -> str:
    target = catalog.field_at(f.ref) if f.ref else None
    return f"应为〔{target[0].sheet}〕中已有的{target[1].header}。" if target else ""


def contents(f: FieldSchema) -> str:
    """Choices or range."""
    if f.choices:
        return "、".join(f.choices)
    if f.min is not None or f.max is not None:
        return range_words(f.min, f.max)
    return "是、否" if f.type == "bool" else ""


def example(f: FieldSchema) -> str:
    """How it may be written."""
    if f.generated:
        return "可不填，录入后自动给出"
    if f.type == "choices":
        return "、".join(list(f.choices)[:2])
    if f.type == "choice":
        pairs = [(s, value) for value, group in f.choices.items() for s in group][:2]
        also = "；".join(f"写“{s}”按“{value}”" for s, value in pairs)
        return also or next(iter(f.choices))
    return EXAMPLES.get(f.type, "")


def native_rules(f: FieldSchema, headers: dict[str, str]) -> list[str]:
    """The rules that the workbook checks by itself; `headers` by field id."""
    rules = []
    if f.unique:
        rules.append("本表内不得重复")
    if f.not_future:
        rules.append("不晚于今天")
    if f.le and "." not in f.le:
        rules.append(f"不{'晚' if f.type == 'date' else '大'}于〔{headers[f.le]}〕")
    if f.ge and "." not in f.ge:
        rules.append(f"不{'早' if f.type == 'date' else '小'}于〔{headers[f.ge]}〕")
    if f.type == "id_number":
        rules.append("位数、出生日期、校验位")
    if f.wanted_if:
        states = "、".join(f.wanted_if.values)
        rules.append(f"〔{headers[f.wanted_if.field]}〕为{states}时请补填")
    return rules


def outside_rules(f: FieldSchema, catalog: Catalog) -> list[str]:
    """The rules of a field that only `ledgersync check` can look at."""
    rules = []
    for path, words in ((f.ref, "应能查到"), (f.le, "不大于"), (f.ge, "不小于")):
        target = catalog.field_at(path) if path and "." in path else None
        if target:
            rules.append(f"〔{f.header}〕{words}〔{target[0].sheet}〕的〔{target[1].header}〕")
    if f.workdays_after and (target := catalog.field_at(f.workdays_after.field)):
        days = f.workdays_after.days
        rules.append(f"〔{f.header}〕在〔{target[1].header}〕后{days}个工作日内")
    return rules
