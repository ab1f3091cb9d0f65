"""docs/indicators.md, written from the declarations themselves."""

from collections.abc import Iterator
from importlib import resources

from ledgersync.rollup.definitions import COMMON, Defined, Definitions
from ledgersync.rollup.sql.parse import function_names


def reference(definitions: Definitions) -> str:
    """The whole document."""
    head = resources.files("ledgersync.rollup") / "reference.md"
    functions = "、".join(f"`{name}`" for name in function_names())
    parts = [head.read_text(encoding="utf-8").replace("{functions}", functions)]
    for schema in definitions.catalog:
        parts.append(f"\n## {schema.workbook}（`{schema.id}`）\n")
        parts += _sections(d for d in definitions if d.ledger == schema.id)
        if schema.balances:
            parts.append("\n必须成立：")
            parts.append("".join(f"\n- {balance.name}" for balance in schema.balances) + "\n")
    parts.append("\n## 不属于某一台账\n")
    parts += _sections(d for d in definitions if d.ledger == COMMON)
    return "".join(parts)


def _sections(found: Iterator[Defined]) -> Iterator[str]:
    yield "\n| 指标 | 名称 | 计量单位 | 类型 | 口径 | 计算 |\n|---|---|---|---|---|---|\n"
    for defined in found:
        indicator = defined.indicator
        kind = {"flow": "流量", "stock": "存量"}[indicator.kind]
        cells = (indicator.name.replace("{}", "…"), indicator.measure, kind, indicator.note)
        yield f"| `{indicator.id}` | {' | '.join(cells)} | {_formula(defined)} |\n"


def _formula(defined: Defined) -> str:
    """The declared SQL in one cell."""
    indicator = defined.indicator
    if indicator.distinct:
        text = f"不同的 {indicator.distinct}"
    elif indicator.is_ratio:
        text = f"{indicator.numerator} ÷ {indicator.denominator}"
    else:
        text = indicator.value or ""
    parts = [text, f"行：{indicator.rows}" if indicator.rows else ""]
    parts.append(f"日期：{indicator.date}" if indicator.date else "")
    parts.append(f"筛选：{indicator.where}" if indicator.where else "")
    joined = "；".join(" ".join(part.split()) for part in parts if part)
    return f"`{joined}`".replace("|", "\\|")


if __name__ == "__main__":
    import sys

    from ledgersync.rollup.definitions import load_definitions
    from ledgersync.schema import load_catalog

    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stdout.write(reference(load_definitions(load_catalog())))
