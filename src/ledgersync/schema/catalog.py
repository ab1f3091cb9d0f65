"""All ledgers that are known here: the package's own, and a district's TOML files beside them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.declared import DeclarationFault
from ledgersync.errors import SchemaFault, UsageFault
from ledgersync.messages import Message, literal, message
from ledgersync.schema.faults import reason_words, syntax_words, toml_data
from ledgersync.schema.ledger import FieldSchema, LedgerSchema, TableSchema
from ledgersync.schema.roles import Duty, Register, Subject, within

TableKey = tuple[str, str]  # ledger id, table id


@dataclass(frozen=True)
class Catalog:
    """The ledgers by id, in a fixed order; the headers that were confirmed for this unit.

    `texts` are their files as they stand; `pending` the ledgers whose file says something that
    does not rule yet (None: the file is missing); `gone` names the headers of fields that are no
    more.
    """

    ledgers: dict[str, LedgerSchema]
    mappings: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, str] = field(default_factory=dict)  # the file of a ledger by its id
    texts: Mapping[str, str] = field(default_factory=dict)
    pending: Mapping[str, LedgerSchema | None] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()

    def __iter__(self) -> Iterator[LedgerSchema]:
        return iter(self.ledgers.values())

    def ledger(self, name: str) -> LedgerSchema:
        """A ledger by id (`dibao`), Chinese name (`低保`) or workbook (`低保台账`)."""
        for schema in self:
            if name in (schema.id, schema.name, schema.workbook):
                return schema
        known = [literal(s.name, f"{s.id} ({s.name})") for s in self]
        raise UsageFault(
            message("没有名为“{name}”的台账。", name=name),
            message("可用的台账：{ledgers}。", ledgers=known),
        )

    def table(self, ledger: str, table: str) -> TableSchema:
        return self.ledgers[ledger].by_id[table]

    def subjects(self) -> Iterator[tuple[TableKey, Subject]]:
        """The tables of those whom visits are paid to."""
        for ledger, table in self.tables():
            if table.subject:
                yield (ledger.id, table.id), table.subject

    def registers(self) -> Iterator[tuple[TableKey, Register]]:
        """The tables of visits."""
        for ledger, table in self.tables():
            if table.visits:
                yield (ledger.id, table.id), table.visits

    def duties(self) -> Iterator[tuple[TableKey, Duty]]:
        """The tables whose records somebody is responsible for."""
        for ledger, table in self.tables():
            if table.duty:
                yield (ledger.id, table.id), table.duty

    def tables(self) -> Iterator[tuple[LedgerSchema, TableSchema]]:
        for schema in self:
            for table in schema.tables:
                yield schema, table

    @cached_property
    def columns(self) -> str:
        """All that every ledger says of its tables and fields, words and lists included."""
        import json  # a reading process needs none

        tables = [
            (ledger.id, ledger.workbook, [t.as_json() for t in ledger.tables]) for ledger in self
        ]
        return json.dumps(tables, ensure_ascii=False)

    @cached_property
    def lists(self) -> str:
        """All that decides how values of short lists are spelled."""
        parts = [
            (ledger.id, table.id, f.id, f.listed, f.known, f.prefixes)
            for ledger, table in self.tables()
            for f in table.fields
            if f.listed or f.known
        ]
        return repr(parts)

    @cached_property
    def words(self) -> str:
        """All words of the unit's own that are understood."""
        parts = [
            (ledger.id, table.id, f.id, sorted(f.words.items()))
            for ledger, table in self.tables()
            for f in table.fields
            if f.words
        ]
        return repr(parts) if parts else ""

    def field_at(self, path: str) -> tuple[TableSchema, FieldSchema] | None:
        """The field at `ledger.table.field`, None when there is none."""
        try:
            ledger, table, name = path.split(".")
            found = self.table(ledger, table)
            return found, found.by_id[name]
        except (ValueError, KeyError):
            return None


def parse_ledger(text: str, source: str, data: Mapping[str, Any] | None = None) -> LedgerSchema:
    """A ledger from the text of its TOML file, or from its `data` where that is at hand.

    Raises SchemaFault naming `source`, line and key.
    """
    try:
        data = toml_data(text) if data is None else data
    except ValueError as error:
        raise _fault(source, None, "", syntax_words(error)) from error
    try:
        return LedgerSchema.validated(data)
    except DeclarationFault as wrong:
        line, key = _line_of(text, wrong.keys), _dotted(wrong.keys)
        raise _fault(source, line, key, reason_words(wrong)) from wrong


def load_catalog(
    folders: Iterable[Path] = (), mappings: Mapping[str, str] | None = None
) -> Catalog:
    """The package's ledgers, replaced or joined by every `*.toml` in `folders`."""
    ledgers = {name: schema for name, schema, _ in _packaged()}
    texts, sources = {name: text for name, _, text in _packaged()}, {}
    for folder in folders:
        for path in sorted(Path(folder).glob("*.toml")):
            text = ledger_text(path)
            schema = parse_ledger(text, str(path))
            ledgers[schema.id], texts[schema.id] = with_roles(schema), text
            sources[schema.id] = str(path)
    catalog = Catalog(ledgers, dict(mappings or {}), sources, texts)
    _check_references(catalog)
    return catalog


def with_roles(schema: LedgerSchema) -> LedgerSchema:
    """A unit's own version of a packaged ledger keeps the roles that its file does not name."""
    known = next((packaged for name, packaged, _ in _packaged() if name == schema.id), None)
    if known is None:
        return schema
    tables = tuple(_inherit(t, known.by_id.get(t.id)) for t in schema.tables)
    return schema.changed(tables=tables)


def _inherit(table: TableSchema, known: TableSchema | None) -> TableSchema:
    missing = {
        name: fitting
        for name, role in (known.roles if known else {}).items()
        if name not in table.roles and (fitting := within(role, table.by_id))
    }
    return table.changed(**missing) if missing else table


def ledger_text(path: Path) -> str:
    """The text of a ledger file. Raises SchemaFault."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _fault(str(path), None, "", syntax_words(error)) from error


@cache
def _packaged() -> tuple[tuple[str, LedgerSchema, str], ...]:
    from importlib import resources  # only whoever reads the files needs it

    from ledgersync.schema.compiled import compiled_data, text_hash

    order = ("dibao", "care", "volunteer", "visit")
    folder = resources.files("ledgersync.schema") / "ledgers"
    texts = {name: (folder / f"{name}.toml").read_text(encoding="utf-8") for name in order}
    compiled = compiled_data()
    return tuple(
        (name, parse_ledger(text, f"{name}.toml", compiled.get(text_hash(text))), text)
        for name, text in texts.items()
    )


def _check_references(catalog: Catalog) -> None:
    for schema in catalog:
        for table in schema.tables:
            for f in table.fields:
                days = f.workdays_after.field if f.workdays_after else None
                for path in (f.ref, f.le, f.ge, days):
                    if path and "." in path and catalog.field_at(path) is None:
                        key = f"tables.{table.id}.{f.id}"
                        reason = message("没有字段 {path}", path=path)
                        raise _fault(f"{schema.id}.toml", None, key, reason)


def _fault(source: str, line: int | None, key: str, reason: Message) -> SchemaFault:
    if key:
        reason = message("{key}：{reason}", key=key, reason=reason)
    if line:
        reason = message("第 {line} 行，{reason}", line=line, reason=reason)
    return SchemaFault(
        message("台账定义文件 {source} 有误：{reason}。", source=source, reason=reason),
        message("请按提示改正该文件后重试。"),
    )


def _dotted(keys: tuple[Any, ...]) -> str:
    return ".".join(str(k + 1) if isinstance(k, int) else str(k) for k in keys)


def _line_of(text: str, keys: tuple[Any, ...]) -> int | None:
    """The line of a key path such as ('tables', 0, 'fields', 3, 'type'), found by counting."""
    lines = text.splitlines()
    at, prefix = 0, ""
    for key in keys:
        if isinstance(key, int):
            header = re.compile(rf"^\s*\[\[\s*{re.escape(prefix)}\s*\]\]")
            hits = [n for n, line in enumerate(lines) if n >= at and header.match(line)]
            at = hits[key] if key < len(hits) else at
        else:
            prefix = f"{prefix}.{key}" if prefix else str(key)
            pattern = re.compile(rf'^\s*"?{re.escape(str(key))}"?\s*=')
            at = next((n for n in range(at, len(lines)) if pattern.match(lines[n])), at)
    return at + 1 if lines else None
