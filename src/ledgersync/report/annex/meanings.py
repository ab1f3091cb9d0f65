"""指标口径: what every figure of a report is, as its ledger declares it."""

from collections.abc import Iterator

from ledgersync.report.content import Table
from ledgersync.report.reading import Reading
from ledgersync.rollup.definitions import Defined, Definitions
from ledgersync.schema import Catalog

_KINDS = {"flow": "时期数", "stock": "时点数"}
COLUMNS = ("指标", "台账", "计量单位", "类型", "口径", "追到行的写法")


def defined_in(reading: Reading) -> list[Defined]:
    """The indicators of a report in its order, a family once."""
    return list({line.defined.id: line.defined for line in reading.found.lines}.values())


def meanings(reading: Reading, catalog: Catalog, definitions: Definitions) -> Table:
    """A row per indicator, in the order of `defined_in`."""
    title = "指标口径"
    return Table.of("meanings", title, COLUMNS, list(_rows(reading, catalog, definitions)), wide=4)


def _rows(
    reading: Reading, catalog: Catalog, definitions: Definitions
) -> Iterator[tuple[str, ...]]:
    period = reading.period.text
    for defined in defined_in(reading):
        indicator = defined.indicator
        ledger = "综合" if defined.is_common else catalog.ledgers[defined.ledger].name
        asked = f"{indicator.stem}.…" if indicator.by else defined.id
        yield (
            indicator.name.replace("{}", "…"),
            ledger,
            indicator.measure,
            _KINDS[indicator.kind],
            meaning(defined, definitions),
            f"ledgersync trace {asked} --period {period}",
        )


def meaning(defined: Defined, definitions: Definitions) -> str:
    """In words; of a rate with what is divided by what."""
    sentence = defined.indicator.note.rstrip("。")
    if defined.parts:
        over, under = (definitions.by_id[part].indicator.name for part in defined.parts)
        formula = f"{over} ÷ {under}"
        if not sentence.startswith(formula):
            sentence = "；".join(filter(None, (formula, sentence)))
    return f"{sentence}。" if sentence else "按名称计数。"
