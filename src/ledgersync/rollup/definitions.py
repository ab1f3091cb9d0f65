"""All figures that are known here: what the ledgers declare, and those of no single ledger."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cached_property
from importlib import resources

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, literal, message
from ledgersync.rollup.faults import DefinitionFault, indicator_place
from ledgersync.schema import Balance, Catalog, FieldSchema, Indicator, Macro, TableKey, View

COMMON = "common"


@dataclass(frozen=True, slots=True)
class Relation:
    """Where an indicator's rows come from: its SQL name, and the tables that must be there."""

    sql: str
    windowed: bool
    needs: frozenset[TableKey]
    table: TableKey | None = None  # set where it is a plain table
    traceable: bool = True
    key: TableKey = ("", "")  # ledger and name of the table or view


COMMON_RELATIONS: Mapping[str, Relation] = {
    "units": Relation("_units", False, frozenset(), traceable=False),
    "quality": Relation("_quality", False, frozenset()),
    "submissions": Relation("_submissions", True, frozenset(), traceable=False),
}


@dataclass(frozen=True)
class Defined:
    """An indicator with the ledger that declares it (`common` for none)."""

    ledger: str
    indicator: Indicator
    relation: Relation | None
    parts: tuple[str, str] | None  # numerator and denominator where they are other indicators

    @property
    def id(self) -> str:
        return self.indicator.id

    @property
    def is_common(self) -> bool:
        """Whether it belongs to no single ledger."""
        return self.ledger == COMMON


@dataclass(frozen=True)
class Definitions:
    """The figures of a catalog, in the order of its ledgers."""

    catalog: Catalog
    common: tuple[Indicator, ...]
    common_macros: tuple[Macro, ...] = ()

    def __iter__(self) -> Iterator[Defined]:
        return iter(self.by_id.values())

    @cached_property
    def by_id(self) -> dict[str, Defined]:
        found: dict[str, Defined] = {}
        for ledger, indicator in self._declared():
            if indicator.id in found:
                raise self._wrong(ledger, indicator.id, message("指标 id 重复"))
            found[indicator.id] = self._resolved(ledger, indicator)
        return found

    def _declared(self) -> Iterator[tuple[str, Indicator]]:
        for schema in self.catalog:
            yield from ((schema.id, indicator) for indicator in schema.indicators)
        yield from ((COMMON, indicator) for indicator in self.common)

    def _resolved(self, ledger: str, indicator: Indicator) -> Defined:
        parts = self._parts(indicator)
        relation = None if parts else self.relation(ledger, indicator)
        if indicator.then and not (relation and relation.table):
            reason = message("then 只能用于一张表的行，不能用于视图")
            raise self._wrong(ledger, indicator.id, reason)
        return Defined(ledger, indicator, relation, parts)

    @cached_property
    def _ids(self) -> frozenset[str]:
        return frozenset(indicator.id for _, indicator in self._declared())

    def file(self, ledger: str) -> str:
        """The file that a ledger was read from, as messages name it."""
        return self.catalog.sources.get(ledger, f"{ledger}.toml")

    def _wrong(self, ledger: str, indicator: str, reason: Message) -> DefinitionFault:
        return indicator_place(self.file(ledger), indicator).fault(reason)

    def sql_fault(self, ledger: str, what: str, error: Exception) -> DefinitionFault:
        """A fault for SQL that an engine refuses; only its first line is told."""
        text = str(error).strip().splitlines()[0]
        return self._wrong(ledger, what, literal(text, text))

    def _parts(self, indicator: Indicator) -> tuple[str, str] | None:
        over, under = indicator.numerator, indicator.denominator
        if over is None or under is None:
            return None
        return (over, under) if over in self._ids and under in self._ids else None

    def relation(self, ledger: str, indicator: Indicator) -> Relation:
        """The rows of an indicator; raises DefinitionFault when it names none."""
        name = indicator.rows or ""
        if ledger == COMMON:
            return COMMON_RELATIONS[name]
        owner, _, table = name.rpartition(".")
        found = self._table_or_view(owner or ledger, table)
        if found is None:
            reason = message("rows 所指的表或视图不存在：{name}", name=name or message("（空）"))
            raise self._wrong(ledger, indicator.id, reason)
        return found

    def _table_or_view(self, ledger: str, name: str) -> Relation | None:
        schema = self.catalog.ledgers.get(ledger)
        if schema is None:
            return None
        sql = f'"{ledger}"."{name}"'
        if name in schema.by_id:
            key = (ledger, name)
            return Relation(sql, False, frozenset([key]), key, key=key)
        view = next((v for v in schema.views if v.id == name), None)
        if view is None:
            return None
        return Relation(sql, view.windowed, needs_of(ledger, view), key=(ledger, name))

    def needs(self, defined: Defined) -> frozenset[TableKey]:
        """The tables without which a unit has no such figure."""
        if defined.parts:
            over, under = (self.by_id[part] for part in defined.parts)
            return self.needs(over) | self.needs(under)
        return defined.relation.needs if defined.relation else frozenset()

    def is_stock(self, defined: Defined) -> bool:
        """Whether it is a state on one day; a rate is where its numerator is."""
        if defined.parts:
            return self.is_stock(self.by_id[defined.parts[0]])
        return defined.indicator.kind == "stock"

    def find(self, asked: str) -> tuple[Defined, str | None]:
        """An indicator by id or Chinese name, with the member of a family that is meant.

        Raises UsageFault when there is none.
        """
        for defined in self:
            if asked in (defined.id, defined.indicator.name):
                return defined, None
            if defined.indicator.by and asked.startswith(f"{defined.indicator.stem}."):
                return defined, asked.partition(".")[2]
        raise UsageFault(
            message("没有指标 {asked}。", asked=asked),
            message("请写 ledgersync rollup 列出的指标名，如 走访户次。"),
        )

    def name_of(self, asked: str) -> str:
        """How an id is spoken of; the id itself where these ledgers do not declare it."""
        try:
            defined, member = self.find(asked)
        except UsageFault:
            return asked
        return defined.indicator.name.format(member or "")

    def is_private(self, indicator: str) -> bool:
        """Whether it is of a private family, its total, or a rate of one; nobody can say of what
        these ledgers do not declare that it is not."""
        stem = indicator.partition(".")[0]
        known = self.by_id.get(indicator)
        if known is None and stem not in self._families:
            return True
        stems = {stem, *(p.partition(".")[0] for p in (known.parts or () if known else ()))}
        return bool(stems & self._private)

    @cached_property
    def _families(self) -> frozenset[str]:
        return frozenset(i.stem for _, i in self._declared() if i.by)

    @cached_property
    def _private(self) -> frozenset[str]:
        return frozenset(i.stem for _, i in self._declared() if i.private)

    def by_field(self, defined: Defined) -> FieldSchema | None:
        """The field that a family is split by."""
        if not defined.indicator.by or defined.relation is None:
            return None
        for ledger, table in sorted(defined.relation.needs):
            found = self.catalog.table(ledger, table).by_id.get(defined.indicator.by)
            if found:
                return found
        return None

    def then_fields(self) -> dict[TableKey, tuple[str, ...]]:
        """The fields of which earlier states are asked, by table."""
        found: dict[TableKey, set[str]] = {}
        for d in self:
            if d.indicator.then and d.relation and d.relation.table:
                found.setdefault(d.relation.table, set()).update(d.indicator.then)
        return {key: tuple(sorted(fields)) for key, fields in found.items()}

    def balances(self) -> Iterator[Balance]:
        for schema in self.catalog:
            yield from schema.balances


def needs_of(ledger: str, view: View) -> frozenset[TableKey]:
    """The tables of a view as (ledger, table)."""
    paths = (name if "." in name else f"{ledger}.{name}" for name in view.tables)
    return frozenset((path.partition(".")[0], path.partition(".")[2]) for path in paths)


def load_definitions(catalog: Catalog) -> Definitions:
    """The catalog's indicators and the package's common ones."""
    text = (resources.files("ledgersync.rollup") / "common.toml").read_text(encoding="utf-8")
    declared = tomllib.loads(text)
    indicators = tuple(Indicator.validated(d) for d in declared["indicators"])
    return Definitions(catalog, indicators, tuple(map(Macro.validated, declared["macros"])))
