"""合计 as a formula over the units beneath it, where that is what the figure is."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache

from openpyxl.utils import get_column_letter

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Defined


@cache
def _adds(sql: str) -> bool:
    import sqlglot  # a tenth of a second, and a summary is drawn when it is another one
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="duckdb")
    if isinstance(tree, exp.Filter):
        tree = tree.this
    is_sum = isinstance(tree, exp.Sum | exp.Count)
    return is_sum and tree.find(exp.Distinct) is None


def adds_up(defined: Defined) -> bool:
    """Whether a figure of a unit is the sum of those below it, by its definition."""
    value = defined.indicator.value
    return value is not None and _adds(value)


@dataclass(frozen=True)
class Total:
    """A total and its parts by row, all in one column."""

    column: int
    value: object
    parts: Mapping[int, object]

    def formula(self) -> str | None:
        """None where the parts do not come to the total: not all is shown, or an office's own."""
        numbers = [v for v in self.parts.values() if isinstance(v, int | float | Decimal)]
        if len(numbers) < 2 or not isinstance(self.value, int | float | Decimal):
            return None
        if round(sum(map(float, numbers)), 6) != round(float(self.value), 6):
            return None
        return f"=SUM({','.join(self._ranges())})"

    def _ranges(self) -> list[str]:
        """`C5:C20`, several where a table goes on below another heading."""
        name = get_column_letter(self.column)
        runs: list[list[int]] = []
        for row in self.parts:
            if runs and row == runs[-1][1] + 1:
                runs[-1][1] = row
            else:
                runs.append([row, row])
        return [f"{name}{a}:{name}{b}" for a, b in runs]
