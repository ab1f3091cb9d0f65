"""Rows that lie in nobody's scope: they stand in no colleague's copy, and nobody goes there."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import itemgetter

from ledgersync.checks.sheets import Sheet
from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, message
from ledgersync.model import Finding, Row, Rows
from ledgersync.schema import TableSchema

RULE = "ref.scope"
Scope = Mapping[str, Sequence[str]]


def holds(scope: Scope, table: TableSchema, row: Row) -> bool:
    """The row's scope fields hold one of the scope's values, or nothing at all."""
    for name, values in scope.items():
        at = table.position.get(name)
        if at is not None and row[at] is not None and row[at] not in values:
            return False
    return True


def within(scope: Scope, table: TableSchema, rows: Rows, besides: Collection[str] = ()) -> Rows:
    """The rows that a scope holds, and the records `besides`, in their order."""
    places, examples = _by_values(table, scope, rows)
    held = {values for values, row in examples.items() if holds(scope, table, row)}
    if besides:
        pairs = zip(rows.items(), places, strict=True)
        return {r: row for (r, row), values in pairs if values in held or r in besides}
    return dict(compress(rows.items(), map(held.__contains__, places)))


def _by_values(
    table: TableSchema, names: Iterable[str], rows: Rows
) -> tuple[list[object], dict[object, Row]]:
    """What each row holds in these fields, and a row for each such set of values."""
    at = [table.position[name] for name in names if name in table.position]
    places = list(map(itemgetter(*at), rows.values())) if at else [None] * len(rows)
    return places, dict(zip(places, rows.values(), strict=True))


@dataclass(frozen=True)
class Scopes:
    """What everybody who works here is responsible for; an empty scope is everything."""

    people: Mapping[str, Scope]

    @cached_property
    def _limited(self) -> list[Scope]:
        return [scope for scope in self.people.values() if scope]

    def nobodys(self, table: TableSchema, row: Row, author: str | None = None) -> str | None:
        """The field that puts a row into nobody's scope, None where it is somebody's.

        A row of an `author` with a scope must be in one that names it, whoever sees everything:
        it leaves the author's own copy.
        """
        own = bool(author and self.people.get(author))
        limited = self._limited
        if not limited or (len(limited) < len(self.people) and not own):
            return None
        for scope in limited:
            if holds(scope, table, row):
                return None
        fields = dict.fromkeys(name for scope in limited for name in scope)
        filled = [f for f in fields if f in table.position and row[table.position[f]] is not None]
        return next((f for f in filled if self._is_strange(f, table, row)), filled[0])

    def strays(self, table: TableSchema, rows: Rows, author: str | None = None) -> dict[str, str]:
        """The rows that lie in nobody's scope, by record; the field that puts each there.

        What a row's scope fields hold decides, so that each such set of values is looked at once.
        """
        names = dict.fromkeys(name for scope in self._limited for name in scope)
        places, examples = _by_values(table, names, rows)
        looked_at = ((v, self.nobodys(table, row, author)) for v, row in examples.items())
        fields = {values: field for values, field in looked_at if field}
        if not fields:
            return {}
        pairs = zip(rows, places, strict=True)
        return {record: fields[values] for record, values in pairs if values in fields}

    def _is_strange(self, field: str, table: TableSchema, row: Row) -> bool:
        """No scope has this field's value."""
        value = row[table.position[field]]
        known = {v for scope in self.people.values() for v in scope.get(field, ())}
        return value not in known

    def findings(self, sheet: Sheet) -> Iterator[Finding]:
        """A warning at each such row's cell."""
        if not any(f in sheet.columns for scope in self.people.values() for f in scope):
            return
        for i, row in enumerate(sheet.rows()):
            if name := self.nobodys(sheet.schema, row):
                reason = told(sheet.schema, name, row)
                yield sheet.finding(i, name, RULE, "warning", reason)


def told(table: TableSchema, field: str, row: Row) -> Message:
    """What is said at the cell."""
    at = table.position[field]
    return message(
        "〔{header}〕“{value}”不在任何人的范围里，除录入人外谁的副本里都没有；"
        "写错了请改正，没有写错请在 ledgersync.toml 里加给某人",
        header=table.fields[at].header,
        value=_shown(row, at),
    )


def _shown(row: Row, at: int) -> str:
    value = row[at]
    return value if isinstance(value, str) else str(getattr(value, "typed", value))
