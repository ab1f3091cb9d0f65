"""What a ledger's figures are, as its TOML file declares them.

The SQL is DuckDB's and is explained in docs/indicators.md: columns are the table's field ids,
`:first`, `:last` and `:opening` are the period's first and last day and the day before the first.
"""

from typing import Annotated, Literal

from ledgersync.declared import Declared, Text
from ledgersync.schema.names import Name

Sql = Annotated[str, Text(shortest=1, strip=True)]


class Macro(Declared):
    """A named expression, called as `<ledger>.<name>(…)`."""

    name: Name
    parameters: tuple[Name, ...]
    sql: Sql


class View(Declared):
    """Rows made from tables; each keeps `_source`, `_unit` and `_record` of the row it shows.

    `windowed`: the view is made from `windows` or `months`, and each row has its `_window`.
    `tables`: what must be there for it, as `table` or `ledger.table`.
    """

    id: Name
    tables: tuple[str, ...]
    windowed: bool = False
    sql: Sql


class Indicator(Declared):
    """One figure, or with `by` a family of them (one per choice of that field).

    Exactly one of: `value` (an aggregate), `distinct` (an expression whose different values are
    counted, at each level anew), or `numerator` and `denominator` (aggregates over the same rows,
    or ids of other indicators). `date`: rows count where it falls into the period; without it
    every row is looked at once per period. `then` names fields without dates of their own: as
    `<field>_then` the SQL has what the journal says they held on the day `at`, where it reaches
    back so far, and what they hold now otherwise; `_then_known` says whether it does.
    `unknown` is true of rows of which nobody knows whether they belong to the figure (and
    `unknown_why` says why not); `doubt` of rows that are left out for what they say.
    `overwritten`: the ledger keeps only the latest date, so that nothing is known of earlier
    periods to compare with.
    """

    id: Annotated[str, Text(r"[a-z][a-z0-9_]*(\.<[a-z_]+>)?")]
    name: str
    measure: str
    kind: Literal["flow", "stock"]
    rows: str | None = None
    date: Sql | None = None
    where: Sql | None = None
    value: Sql | None = None
    distinct: Sql | None = None
    unknown: Sql | None = None
    unknown_why: str = ""
    doubt: Sql | None = None
    numerator: Sql | None = None
    denominator: Sql | None = None
    by: Name | None = None
    at: Literal["last", "opening"] = "last"
    then: tuple[Name, ...] = ()
    may_be_blank: bool = False
    overwritten: bool = False
    private: bool = False
    topic: str = ""
    note: str = ""
    part_names: tuple[str, ...] = ()

    @property
    def is_ratio(self) -> bool:
        return self.numerator is not None

    @property
    def stem(self) -> str:
        """The id without its family placeholder."""
        return self.id.partition(".")[0]

    def _check(self) -> None:
        ratio = self.numerator is not None
        if ratio != (self.denominator is not None):
            raise ValueError("numerator 与 denominator 要同时写")
        if sum((self.value is not None, self.distinct is not None, ratio)) != 1:
            raise ValueError("value、distinct、numerator/denominator 三者恰好写一种")
        if self.part_names and not (ratio and len(self.part_names) == 2):
            raise ValueError("part_names 只能用于比率，写分子、分母两个名称")
        if self.private and self.kind != "stock":
            raise ValueError("private 只能用于存量：各期的流量相减会把小数算出来")
        if ("<" in self.id) != (self.by is not None):
            raise ValueError("分类指标的 id 以 .<…> 结尾，并写 by")


class Balance(Declared):
    """An equation that must hold in every unit: the sums of both sides are equal."""

    name: str
    left: tuple[str, ...]
    right: tuple[str, ...]
