"""A roll-up as the JSON document of the contract (`ledgersync.rollup/v1`)."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from decimal import Decimal
from typing import Any

from ledgersync.rollup.caveats.jumps import Jump
from ledgersync.rollup.engines import EngineName
from ledgersync.rollup.figures import Figure, Imbalance, Number, RollUp
from ledgersync.workspace.unitcodes import Level


def as_json(
    found: RollUp,
    level: Level | None = None,
    today: date | None = None,
    engine: EngineName | None = None,
    jumps: Iterable[Jump] = (),
) -> dict[str, Any]:
    """The figures of the period (of one level, if asked), who is missing, what is at odds.

    With `today`, whether the period lies `ahead`, is `running` or is `over`; `findings` are
    figures that jump against the unit's own history.
    """
    unit = found.tree.nodes[found.tree.root].unit
    figures = [_figure(f) for f in found if level in (None, f.level)]
    return {
        "format": "ledgersync.rollup/v1",
        **({"engine": asdict(engine)} if engine else {}),
        "period": found.period.text,
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        **({"state": found.period.state(today)} if today else {}),
        "unit": unit.code,
        "figures": figures,
        "missing": [
            {"unit": m.unit, "reason": m.reason.zh, "ledger": m.ledger, "kind": m.kind}
            for m in found.missing
        ],
        "remarks": [
            {"kind": r.kind, "unit": r.unit, "ledger": r.ledger, "text": r.text.zh}
            for r in found.remarks
        ],
        "imbalances": [_imbalance(i) for i in found.imbalances],
        "findings": [jump.as_json() for jump in jumps],
    }


def plain(number: Number | None) -> Any:
    """Money as a string with two places, everything else as a JSON number."""
    return f"{number:.2f}" if isinstance(number, Decimal) else number


def _figure(figure: Figure) -> dict[str, Any]:
    return {
        "unit": figure.unit,
        "level": figure.level,
        "indicator": figure.indicator,
        "value": plain(figure.value),
        "numerator": plain(figure.numerator),
        "denominator": plain(figure.denominator),
        "suppressed": figure.suppressed,
        "at_least": plain(figure.at_least),
        "excluded": figure.excluded,
        "left_out": figure.left_out,
        "counted": len(figure.counted.units),
        "expected": len(figure.counted.expected),
        "mark": figure.mark,
    }


def _imbalance(found: Imbalance) -> dict[str, Any]:
    sides = {"left": plain(found.left), "right": plain(found.right)}
    return {"unit": found.unit, "balance": found.name, **sides}
