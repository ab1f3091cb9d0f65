"""What a ledger is: its tables, their fields, rules and choices, as its TOML file says it."""

from collections.abc import Iterator
from functools import cached_property
from typing import Annotated, Literal

from ledgersync.declared import Declared, Number, Size, Text, fresh
from ledgersync.schema.headers import header_key
from ledgersync.schema.indicators import Balance, Indicator, Macro, View
from ledgersync.schema.names import Name
from ledgersync.schema.roles import Duty, Register, Role, Subject
from ledgersync.schema.sentences import SentenceRule

FieldType = Literal[
    "text",
    "name",
    "code",
    "digits",
    "integer",
    "decimal",
    "money",
    "date",
    "phone",
    "id_number",
    "bool",
    "choice",
    "choices",
]
NUMBERS = frozenset({"integer", "decimal", "money"})
Personal = Literal["none", "name", "id_number", "phone", "address", "account"]
Header = Annotated[str, Text(shortest=1, strip=True)]


class WantedIf(Declared):
    """Empty is worth a warning while `field` holds one of `values`."""

    field: Name
    values: tuple[str, ...]


class Workdays(Declared):
    """At most `days` working days after the date in `field` (`ledger.table.field`)."""

    field: str
    days: Annotated[int, Number(1)]


class Withheld(Declared):
    """A word that is not kept: what it is read as, and which department is responsible."""

    read_as: str
    responsible: str


class Yearly(Declared):
    """Which rows go to the archive when their year is closed.

    By `date`, or with the row that the field `follows` refers to; with `ended`, only where its
    field holds one of its values. All else stays.
    """

    date: Name | None = None
    follows: Name | None = None
    ended: WantedIf | None = None

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that it names."""
        ended = self.ended.field if self.ended else None
        return tuple(filter(None, (self.date, self.follows, ended)))


class FieldSchema(Declared):
    """One column: how people head it, what it holds, which rules it obeys.

    `formerly`: how it was kept before its ledger changed, in the revision `changed_in`.
    `listed`: a text from a short list of the unit, with how its numbers are spelled
    (`第{n}网格`); `known`: the list, as the unit spells it; `prefixes`: what may stand before;
    `words`: what else the unit writes for one of the choices, or for a text that it spells anew;
    `counts`: it says how many rows of another table belong to this one (`members`), or those with
    a yes there (`members.covered`).
    """

    id: Name
    header: Header
    aliases: tuple[Header, ...] = ()
    type: FieldType
    required: bool = False
    wanted: bool = False
    wanted_if: WantedIf | None = None
    unique: bool = False
    generated: bool = False
    min: float | None = None
    max: float | None = None
    le: str | None = None
    ge: str | None = None
    not_future: bool = False
    ref: str | None = None
    workdays_after: Workdays | None = None
    choices: dict[str, tuple[str, ...]] = fresh(factory=dict)
    cycles: dict[str, Annotated[str, Text(r"P\d+[DM]")]] = fresh(factory=dict)
    withheld: dict[str, Withheld] = fresh(factory=dict)
    words: dict[str, str] = fresh(factory=dict)
    listed: Annotated[str, Text(r"[^{}]*\{n\}[^{}]*|")] = ""
    known: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    counts: Annotated[str, Text(r"(?:[a-z][a-z0-9_]*(?:\.[a-z0-9_]+)?)?")] = ""
    personal: Personal | None = None
    width: float | None = None
    help: str = ""
    formerly: "tuple[FieldSchema, ...]" = ()
    changed_in: int = 0

    @property
    def privacy(self) -> Personal:
        """How the field is masked outside the workbooks; names, ids and phones always are."""
        if self.personal is not None:
            return self.personal
        by_type: dict[str, Personal] = {"name": "name", "id_number": "id_number", "phone": "phone"}
        return by_type.get(self.type, "none")

    @property
    def is_extra(self) -> bool:
        """A column that people added, which no ledger file declares."""
        return False

    @property
    def headers(self) -> tuple[str, ...]:
        """The canonical header first, then the aliases."""
        return (self.header, *self.aliases)

    def _check(self) -> None:
        if (self.type in ("choice", "choices")) != bool(self.choices):
            raise ValueError("choices: 恰好 choice/choices 类型的字段要有选项")
        for value in [*self.cycles, *(w.read_as for w in self.withheld.values())]:
            if value not in self.choices:
                raise ValueError(f"{value} 不在 choices 里")


class TableSchema(Declared):
    """One table of a ledger: its sheet, its keys, its fields in column order."""

    id: Name
    sheet: Header
    key: tuple[Name, ...]
    fallback_key: tuple[Name, ...] = ()
    number_prefix: str = ""
    title: tuple[Name, ...] = ()
    dated_by: Name | None = None  # since when a row counts; see LedgerSchema.dated_by
    yearly: Yearly | None = None
    subject: Subject | None = None
    visits: Register | None = None
    duty: Duty | None = None
    fields: Annotated[tuple[FieldSchema, ...], Size(1)]

    @cached_property
    def by_id(self) -> dict[str, FieldSchema]:
        return {f.id: f for f in self.fields}

    @cached_property
    def field_ids(self) -> tuple[str, ...]:
        return tuple(f.id for f in self.fields)

    @cached_property
    def position(self) -> dict[str, int]:
        """Where each field stands in a `Row`."""
        return {f.id: i for i, f in enumerate(self.fields)}

    @cached_property
    def header_index(self) -> dict[str, FieldSchema]:
        """Field by normalised header or alias."""
        return {header_key(h): f for f in self.fields for h in f.headers}

    @cached_property
    def titles(self) -> tuple[str, ...]:
        """The fields that say whom or what a record is about.

        Where the ledger names none: the first name or text that no record goes without, else the
        first name, else the first field.
        """
        if self.title:
            return self.title
        names = [f for f in self.fields if f.type == "name"]
        needed = [f for f in self.fields if f.required and f.type in ("name", "text")]
        return ((needed or names or list(self.fields))[0].id,)

    @property
    def roles(self) -> dict[str, Role]:
        """What the table is to rules and lists that span ledgers."""
        found = {"subject": self.subject, "visits": self.visits, "duty": self.duty}
        return {name: role for name, role in found.items() if role is not None}

    @property
    def required(self) -> tuple[FieldSchema, ...]:
        return tuple(f for f in self.fields if f.required)

    @cached_property
    def extras(self) -> "tuple[FieldSchema, ...]":
        """The columns that people added; they follow the declared fields."""
        return tuple(f for f in self.fields if f.is_extra)

    def _check(self) -> None:
        if len(self.by_id) != len(self.fields):
            raise ValueError("fields: 字段 id 重复")
        own = [f.wanted_if.field for f in self.fields if f.wanted_if]
        own += [r for f in self.fields for r in (f.le, f.ge) if r and "." not in r]
        dated = [self.dated_by] if self.dated_by else []
        dated += self.yearly.named if self.yearly else []
        dated += [name for role in self.roles.values() for name in role.named]
        for name in [*self.key, *self.fallback_key, *self.title, *dated, *own]:
            if name not in self.by_id:
                raise ValueError(f"没有字段 {name}")
        seen: dict[str, str] = {}
        for f in self.fields:
            for header in f.headers:
                other = seen.setdefault(header_key(header), f.id)
                if other != f.id:
                    raise ValueError(f"表头“{header}”同时属于 {other} 和 {f.id}")


class LedgerSchema(Declared):
    """One ledger, as its TOML file declares it."""

    format: Literal["ledgersync.ledger/1"]
    id: Name
    name: str
    workbook: str
    title: str = ""
    version: Annotated[int, Number(1)] = 1
    basis: tuple[str, ...] = ()
    purpose: str = ""
    retention_years: Annotated[int, Number(1)] = 5
    tables: Annotated[tuple[TableSchema, ...], Size(1)]
    macros: tuple[Macro, ...] = ()
    views: tuple[View, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    balances: tuple[Balance, ...] = ()
    sentences: tuple[SentenceRule, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, TableSchema]:
        return {t.id: t for t in self.tables}

    @property
    def file_name(self) -> str:
        return f"{self.workbook}.xlsx"

    def dated_by(self, table: str) -> FieldSchema | None:
        """The date since when a row of a table counts: declared, else that of its first figure."""
        found = self.by_id[table]
        dates = (i.date for i in self.indicators if i.rows == table)
        name = found.dated_by or next((d for d in dates if d in found.by_id), None)
        return found.by_id[name] if name else None

    @cached_property
    def wordings(self) -> str:
        """All that decides what columns and words mean: a change of it reads files anew."""
        fields = [
            (t.id, f.id, f.type, f.headers, f.choices, f.listed, f.known)
            for t in self.tables
            for f in t.fields
        ]
        return repr(fields)

    def _check(self) -> None:
        if len(self.by_id) != len(self.tables):
            raise ValueError("tables: 表 id 重复")
        if len({t.sheet for t in self.tables}) != len(self.tables):
            raise ValueError("tables: 工作表名重复")

    def references(self) -> Iterator[tuple[TableSchema, FieldSchema, str]]:
        """Every `ref` of the ledger: table, field, `ledger.table.field` it points to."""
        for table in self.tables:
            for f in table.fields:
                if f.ref:
                    yield table, f, f.ref
