"""The SQL of a figure: which rows it counts, in which window, under which units.

A window is a period that figures are wanted for: this one, the year to date, the one before, the
same a year ago. Rows get into it by their date, or each row is looked at once per window.
"""

import re

from ledgersync.dataclass import dataclass
from ledgersync.rollup.definitions import Defined, Definitions
from ledgersync.rollup.engines import FactStore, past_name
from ledgersync.schema import Indicator, TableKey

_ONE_OR_SHARED = """
WITH known AS MATERIALIZED (SELECT * FROM ({within}) WHERE _key IS NOT NULL),
shared AS MATERIALIZED (SELECT _key FROM known GROUP BY _key HAVING min(_unit) <> max(_unit)),
counts AS (
    SELECT p._node, h._window, h._member, sum(h.n) AS n FROM (
        SELECT k._unit, w._window, k._member, count(*) AS n
        FROM known k ANTI JOIN shared ON shared._key = k._key JOIN _windows w ON {of} GROUP BY ALL
    ) h JOIN _places p ON p._under = h._unit GROUP BY ALL
    UNION ALL
    SELECT k._node, w._window, k._member, count(*) FROM (
        SELECT p._node, k._member, k._key, {joined} AS _in
        FROM known k SEMI JOIN shared ON shared._key = k._key JOIN _places p ON p._under = k._unit
        GROUP BY ALL
    ) k JOIN _windows w ON {of} GROUP BY ALL
)
SELECT _node, _window, _member, CAST(sum(n) AS BIGINT) FROM counts GROUP BY ALL"""
_OF_ONE, _OF_MASK = "k._in = w._window", "(k._in >> w._window) & 1 = 1"
# the days of all windows, each once, with a bit for every window that it is in
_MASKED_DAYS = "(SELECT _day, bit_or(CAST(1 AS BIGINT) << _window) AS _in FROM _days GROUP BY _day)"
_NOT_LACKING = (
    "NOT EXISTS (SELECT 1 FROM _lacking l WHERE l._node = p._node AND l._window = w._window "
    "AND l._unit = f._unit)"
)
_OF_WINDOW = re.compile(
    r"(?<![\w\"])(?:w|\"w\")\."
)  # a column of the window, as compiled or as ours
UNSAID = "未填写"  # the member of a family for rows that do not say theirs


@dataclass(frozen=True)
class FigureQuery:
    """Builds the statements of one indicator against one store."""

    store: FactStore
    definitions: Definitions
    defined: Defined
    limited: bool = False  # some unit exists for a part of the time only
    common: bool = (
        False  # only of units that both parts of a rate are of (`_lacking` has the others)
    )

    @property
    def indicator(self) -> Indicator:
        return self.defined.indicator

    def _sql(self, key: str) -> str:
        return self.store.statements.part(self.defined, key)

    def figures(self) -> str:
        """Rows of node, window, member and then the value, or numerator and denominator."""
        if self.indicator.distinct is not None:
            return self._distinct()
        if self.indicator.is_ratio:
            sums = f"{self._sql('numerator')}, {self._sql('denominator')}"
        else:
            sums = self._sql("value")
        return (
            f"SELECT p._node, w._window, {self._member()} AS _member, {sums} "
            f"FROM {self._rows()} {self._places()} {self._where()} GROUP BY ALL"
        )

    def unknown(self) -> str:
        """Rows of node, window, member and how many rows may or may not belong to the figure."""
        return (
            f"SELECT p._node, w._window, {self._member()} AS _member, count(*) "
            f"FROM {self._rows()} {self._places()} WHERE ({self._sql('unknown')}) GROUP BY ALL"
        )

    def _distinct(self) -> str:
        """Different values of each node, from the different values of each unit.

        A value that only one unit has counts once in all that encloses it, so only the values
        that several units share have to be counted anew at each level.
        """
        key, member, relation = self._sql("distinct"), self._member(), self.defined.relation
        assert relation is not None, "what is counted has rows of its own"
        if self.limited or self.common:
            hits = (
                f"SELECT DISTINCT p._node, w._window, {member} AS _member, {key} AS _key "
                f"FROM {self._rows()} {self._places()} {self._where()}"
            )
            return (
                f"SELECT _node, _window, _member, count(*) FROM ({hits}) "
                "WHERE _key IS NOT NULL GROUP BY ALL"
            )
        if self._is_masked():
            within = (
                f"SELECT f._unit, bit_or(d._in) AS _in, {member} AS _member, {key} AS _key "
                f"FROM {relation.sql} f JOIN {_MASKED_DAYS} d "
                f"ON d._day = ({self._sql('date')}) {self._unnested()} {self._where()} GROUP BY ALL"
            )
            return _ONE_OR_SHARED.format(within=within, joined="bit_or(k._in)", of=_OF_MASK)
        within = (
            f"SELECT DISTINCT f._unit, w._window AS _in, {member} AS _member, {key} AS _key "
            f"FROM {self._rows()} {self._where()}"
        )
        return _ONE_OR_SHARED.format(within=within, joined="k._in", of=_OF_ONE)

    def _is_masked(self) -> bool:
        """Whether rows are of days, and nothing that is said of them is of one window."""
        relation = self.defined.relation
        if not self.indicator.date or self.indicator.then or (relation and relation.windowed):
            return False
        parts = f"{self._sql('date')} {self._sql('distinct')} {self._where()}"
        return not _OF_WINDOW.search(parts)

    def values(self, node: int) -> str:
        """Window, member, unit of the row, value, and the value without its unit.

        Of all that a node's figure counts; where the last two differ, the value is its unit's own.
        """
        key, member = self._sql("distinct"), self._member()
        wanted = f"p._node = {node}", f"({key}) IS NOT NULL"
        return (
            f"SELECT DISTINCT w._window, {member} AS _member, f._unit, {key} AS _key, "
            f"{_without_unit(key)} AS _plain "
            f"FROM {self._rows()} {self._places()} {self._where(*wanted)}"
        )

    def contributions(self, window: int, node: int, member: str | None, key: str) -> str:
        """What every row brings to a node's figure in a window: source, unit, record, `_brings`.

        `key` is the aggregate, taken row by row; of different ones it is what differs. Rows of the
        configuration have no source and no record.
        """
        wanted = [f"w._window = {window}", f"p._node = {node}"]
        brings = self._sql("distinct" if self.indicator.distinct is not None else key)
        if self.indicator.distinct is not None:
            wanted.append(f"({brings}) IS NOT NULL")
        if member is not None:
            wanted.append(f"{self._member()} = '{_quoted(member)}'")
        relation = self.defined.relation
        place = "f._source, f._unit, f._record" if relation and relation.traceable else "f._unit"
        by = f"{place}, _brings" if self.indicator.distinct is not None else place
        return (
            f"SELECT {place}, {brings} AS _brings "
            f"FROM {self._rows()} {self._places()} {self._where(*wanted)} GROUP BY {by}"
        )

    def _rows(self) -> str:
        relation = self.defined.relation
        assert relation is not None, "a ratio of other figures has no rows of its own"
        if self.indicator.then and relation.table:
            return f"{self._with_then(relation.sql, relation.table)} f {self._joins(True)} " + (
                self._unnested()
            )
        return f"{relation.sql} f {self._joins(relation.windowed)} {self._unnested()}"

    def _joins(self, windowed: bool) -> str:
        if self.indicator.date:
            within = " AND d._window = f._window" if windowed else ""
            return (
                f"JOIN _days d ON d._day = ({self._sql('date')}){within} "
                "JOIN _windows w ON w._window = d._window"
            )
        return "JOIN _windows w ON w._window = f._window" if windowed else "CROSS JOIN _windows w"

    def _with_then(self, sql: str, table: TableKey) -> str:
        """The rows once per window, with what some fields held on its day, if that is known."""
        names = self.indicator.then
        if table not in self.store.past:
            columns = ", ".join(
                [*(f't."{n}" AS "{n}_then"' for n in names), "false AS _then_known"]
            )
            return f"(SELECT t.*, {columns}, w._window FROM {sql} t CROSS JOIN _windows w)"
        then = (f'coalesce(s."{n}", t."{n}") AS "{n}_then"' for n in names)
        columns = ", ".join([*then, "s._record IS NOT NULL AS _then_known"])
        return (
            f"(SELECT t.*, {columns}, w._window FROM {sql} t CROSS JOIN _windows w "
            f"LEFT JOIN {past_name(table)} s ON s._unit = t._unit AND s._record = t._record "
            f"AND w._{self.indicator.at} BETWEEN s._from AND s._until)"
        )

    def _family(self) -> tuple[str, str]:
        field = self.definitions.by_field(self.defined)
        return (field.id, field.type) if field else ("", "")

    def _unnested(self) -> str:
        name, kind = self._family()
        return f'CROSS JOIN UNNEST(f."{name}") AS m(_each)' if kind == "choices" else ""

    def _member(self) -> str:
        """The member of the family that a row belongs to, as text; null without families."""
        name, kind = self._family()
        if not name:
            return "NULL"
        column = "m._each" if kind == "choices" else f'f."{name}"'
        return f"coalesce(CAST({column} AS VARCHAR), '{UNSAID}')"

    def _places(self) -> str:
        on = "p._under = f._unit"
        if self.limited:
            day = "d._day" if self.indicator.date else f"w._{self.indicator.at}"
            on += f" AND {day} BETWEEN p._since AND p._until AND ({self._owned()})"
        return f"JOIN _places p ON {on}"

    def _owned(self) -> str:
        """Not what a unit that has ended and its heir both keep, nor how large it was."""
        relation = self.defined.relation
        if relation is None or not relation.traceable:
            return "p._own"
        return (
            "p._own OR NOT EXISTS (SELECT 1 FROM _shared s WHERE s._source = f._source "
            "AND s._unit = f._unit AND s._record = f._record)"
        )

    def _where(self, *more: str) -> str:
        own = [f"({self._sql('where')})"] if self.indicator.where else []
        conditions = [*own, *([_NOT_LACKING] if self.common else []), *more]
        return f"WHERE {' AND '.join(conditions)}" if conditions else ""


def _without_unit(sql: str) -> str:
    import sqlglot  # a tenth of a second
    from sqlglot import exp

    tree = sqlglot.parse_one(sql, read="duckdb")
    for column in [c for c in tree.find_all(exp.Column) if c.name == "_unit"]:
        replaced = column.replace(exp.Literal.number(-1))
        tree = replaced if column is tree else tree
    return tree.sql("duckdb")


def _quoted(text: str) -> str:
    return text.replace("'", "''")
