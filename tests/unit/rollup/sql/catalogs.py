"""A catalog with one small ledger whose definitions a test writes itself."""

from dataclasses import replace

from ledgersync.rollup.sql.statements import Statements, checked_statements
from ledgersync.schema import Catalog, load_catalog
from ledgersync.schema.catalog import parse_ledger

LEDGER = """
format = "ledgersync.ledger/1"
id = "patrol"
name = "巡查"
workbook = "巡查台账"

[[tables]]
id = "rounds"
sheet = "巡查记录"
key = ["round_no"]
fields = [
    { id = "round_no", header = "巡查编号", type = "code", unique = true },
    { id = "date", header = "巡查日期", type = "date" },
    { id = "closed", header = "整改日期", type = "date" },
    { id = "kind", header = "巡查类别", type = "choice", choices = { "消防" = [], "防汛" = [] } },
    { id = "tags", header = "标签", type = "choices", choices = { "急" = [], "缓" = [] } },
    { id = "hazards", header = "隐患数", type = "integer" },
    { id = "hours", header = "用时", type = "decimal" },
    { id = "fine", header = "罚款", type = "money" },
    { id = "done", header = "已整改", type = "bool" },
    { id = "place", header = "地点", type = "text" },
]
"""
INDICATOR = """
[[indicators]]
id = "patrols"
name = "巡查"
measure = "次"
kind = "flow"
rows = "{rows}"
{parts}
"""
FILE = "ledgers/巡查.toml"


def catalog(more: str, ledger: str = LEDGER) -> Catalog:
    """The small ledger, read from `ledgers/巡查.toml`, and after it the package's."""
    known = load_catalog()
    schema = parse_ledger(ledger + more, FILE)
    return replace(known, ledgers={"patrol": schema, **known.ledgers}, sources={"patrol": FILE})


def indicator(rows: str = "rounds", **parts: str) -> str:
    """An indicator's declaration; `value` counts the rows unless another part is given."""
    if not parts.keys() & {"value", "distinct", "numerator"}:
        parts["value"] = "count(*)"
    said = "\n".join(f"{key} = '''\n{text}'''" for key, text in parts.items())
    return INDICATOR.format(rows=rows, parts=said)


def view(sql: str, tables: str = "rounds") -> str:
    return f"\n[[views]]\nid = 'shown'\ntables = ['{tables}']\nsql = '''\n{sql}'''\n"


def macro(name: str, parameters: list[str], sql: str) -> str:
    return f"\n[[macros]]\nname = '{name}'\nparameters = {parameters}\nsql = '''\n{sql}'''\n"


def checked(more: str, ledger: str = LEDGER) -> Statements:
    return checked_statements(catalog(more, ledger))
