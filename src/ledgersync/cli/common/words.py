"""How people call things on the screen: ledgers, tables, persons, moments; never an internal id."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from ledgersync.messages import Message, message
from ledgersync.messages.days import month_and_day

if TYPE_CHECKING:
    from ledgersync.cli.common.app import App
    from ledgersync.schema import Catalog, FieldSchema


def ledger_words(catalog: Catalog, ledger: str) -> str:
    """`低保台账`; a ledger that is no longer known keeps its id."""
    schema = catalog.ledgers.get(ledger)
    return schema.workbook if schema else ledger


def table_words(catalog: Catalog, ledger: str, table: str, between: str = "·") -> str:
    """`低保台账·低保户`: the workbook, then the sheet."""
    schema = catalog.ledgers.get(ledger)
    sheet = schema.by_id[table].sheet if schema and table in schema.by_id else table
    return f"{ledger_words(catalog, ledger)}{between}{sheet}"


def path_words(catalog: Catalog, path: str) -> str:
    """The same of `dibao.households`."""
    return table_words(catalog, *path.split(".", 1))


def field_words(catalog: Catalog, field: str) -> str:
    """The header of a field that several tables have: `所属网格`."""
    found = (t.by_id[field].header for _, t in catalog.tables() if field in t.by_id)
    return next(found, field)


def no_units() -> Message:
    """An office that nobody told who is below it."""
    return message(
        "还没有下级单位；下一步：ledgersync units template 生成名单，"
        "填好后 ledgersync units import 单位名单.xlsx",
    )


def person_words(app: App, author: str | None) -> str:
    """Who did it: a name, the workbook that became a primary, or the program."""
    kind, colon, name = (author or "").partition(":")
    if colon and kind == "adopt":
        return app.text(message("原工作簿（{name}）", name=name))
    return app.text(message("程序")) if author == "ledgersync" else author or ""


def value_words(field: FieldSchema, stored: object) -> str:
    """A stored value as it may be shown on a screen: masked as its field wants it."""
    from ledgersync.privacy import mask

    return mask(field.privacy, plain_words(field, stored))


def plain_words(field: FieldSchema, stored: object) -> str:
    """A stored value as it stands in the workbook."""
    from ledgersync.values import from_json, shown

    return shown(from_json(field, stored))


def moment_words(app: App, at: datetime | str | None, today: date) -> str:
    """`11月22日 03:01`, with the year where it is another one."""
    if not at:
        return ""
    when = datetime.fromisoformat(at) if isinstance(at, str) else at
    day = app.text(month_and_day(when))
    if when.year != today.year:
        day = app.text(message("{year}年{day}", year=when.year, day=day))
    return f"{day} {when:%H:%M}"
