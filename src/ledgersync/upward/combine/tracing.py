"""From a number of an office above to the packages that it is made of, and to the rows here.

A package stands as one row: its file, its version in the place of the sheet, its hash in the place
of the record. What is behind it is asked of the unit that sent it, by its own `trace`.
"""

from collections.abc import Iterator
from dataclasses import replace

from ledgersync.rollup.figures import Figure, Number
from ledgersync.rollup.trace import Trace
from ledgersync.rollup.traced import TracedRow
from ledgersync.upward.combine.combination import stood
from ledgersync.upward.combine.running import CombinedRun
from ledgersync.upward.combine.sources import Source
from ledgersync.workspace.unitcodes import full_code


def traced(run: CombinedRun, asked: str, unit: str | None = None) -> Trace:
    """The rows of folders and the packages behind a number; raises UsageFault."""
    found = run.tracer.trace(asked, unit)
    if run.closed:
        return replace(found, figure=run.exact().get(found.node.unit.code, found.line.id))
    if not run.sources:
        return found
    combined, code = run.exact(), found.node.code
    rows = [] if code in run.sources.covered else list(found.rows)
    rows += [r for s in _behind(run, code) for r in _package_rows(run, s, found, code)]
    below = {n.code for n in combined.tree.under(code)}
    ledgers = {ledger for ledger, _ in run.engine.definitions.needs(found.line.defined)}
    missing = [
        m
        for m in combined.missing
        if full_code(m.unit) in below and (m.ledger in ledgers or (m.ledger is None and ledgers))
    ]
    figure = combined.get(found.node.unit.code, found.line.id)
    return replace(found, figure=figure, rows=rows, missing=missing)


def _behind(run: CombinedRun, code: str) -> Iterator[Source]:
    covering = run.sources.covered.get(code)
    if covering is not None:
        yield covering
        return
    tree = run.exact().tree
    yield from (s for s in run.sources.tops.values() if code in tree.above(s.code))


def _package_rows(run: CombinedRun, source: Source, asked: Trace, code: str) -> Iterator[TracedRow]:
    at = code if code in source.figures.units else source.code
    figure = source.figures.get(at, asked.line.id)
    if figure is None or not stood(
        run.engine, run.exact().tree.nodes.get(at), asked.line, "current"
    ):
        return
    unit = run.exact().tree.nodes[at].unit.code
    package = source.package
    for part, number in _parts(figure):
        yield TracedRow(
            unit,
            asked.line.defined.ledger,
            "",
            package.file,
            f"第{package.version}版",
            0,
            package.sha256,
            part,
            number,
        )


def _parts(figure: Figure) -> Iterator[tuple[str, Number | None]]:
    if figure.numerator is not None or figure.denominator is not None:
        yield "numerator", figure.numerator
        yield "denominator", figure.denominator
    else:
        yield "value", figure.value
