"""`ledgersync.toml`: the unit, its staff, the units below, paths, schedule, privacy."""

import json
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from ledgersync.declared import Alias, Checked, DeclarationFault, Declared, Number, Text, fresh
from ledgersync.errors import UsageFault, WorkspaceFault
from ledgersync.messages import Message, message
from ledgersync.schema.faults import quoted, syntax_words, toml_data
from ledgersync.values.listed import listing_like, one_spelling
from ledgersync.workspace.config_faults import fault_words
from ledgersync.workspace.unitcodes import CODE_PATTERN, DIGITS, Level, typed_code

CONFIG_NAME = "ledgersync.toml"
_CORRECT = message("请改正后再运行一次；什么都没有改。")


Name = Annotated[str, Text(shortest=1)]
Code = Annotated[str, Text(CODE_PATTERN)]
Count = Annotated[int, Number(0)]


class Unit(Declared):
    """The unit itself (`[unit]`) or one below it (`[[unit]]` of a street or district).

    One that moved to another parent stands once for each, the days apart.
    """

    code: Code
    name: Name
    level: Level
    parent: str | None = None
    households: Count | None = None
    residents: Count | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    succeeded_by: tuple[str, ...] = ()

    def _check(self) -> None:
        if len(self.code) < DIGITS["district"] and self.level not in ("city", "province"):
            raise ValueError(f"code {self.code} 是省或市的，level 不是")
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to 早于 valid_from")


class Staff(Declared):
    """Who works here; `scope` limits what a copy shows, `left_to` names a leaver's successor.

    `formerly`: names by which the person was known here before.
    """

    name: Name
    formerly: tuple[str, ...] = ()
    scope: dict[str, tuple[str, ...]] = fresh(factory=dict)
    left_to: str | None = None
    phone: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name of today first, then those of before."""
        return (self.name, *self.formerly)


class Paths(Declared):
    """Where things are, if not in the workspace folder."""

    state: str | None = None
    extra_inbox: tuple[str, ...] = ()
    ledgers: str = "ledgers"


class Privacy(Declared):
    """`exact` figures are for the competent authority; `public` ones hide small counts."""

    profile: Literal["exact", "public"] = "exact"
    small_cell: Count = 5


class DueWorkdays(Declared):
    """Working days after a period's end by which a unit has to submit it, by its length."""

    month: Count = 5
    quarter: Count = 10
    half: Count = 10
    year: Count = 15

    def of(self, months: int) -> int:
        """For a period of so many months."""
        if months <= 1:
            return self.month
        if months <= 3:
            return self.quarter
        return self.half if months <= 6 else self.year


class Review(Declared):
    """`[review]`: who may take which step; a step that names nobody is open to everybody."""

    approve: tuple[str, ...] = ()
    returning: Annotated[tuple[str, ...], Alias("return")] = ()
    lock: tuple[str, ...] = ()
    unlock: tuple[str, ...] = ()

    def may(self, step: str) -> tuple[str, ...]:
        return self.returning if step == "return" else tuple(getattr(self, step))


def _check_days(days: tuple[str, ...]) -> None:
    for number, day in enumerate(days, 1):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            reason = f"第 {number} 个“{quoted(day)}”不是日期，请写成 2027-02-15 这样"
            raise ValueError(reason) from error


class Rules(Declared):
    """Settings of the rules across ledgers and of periods."""

    period_end_day: Annotated[int, Number(1, 28)] | None = None
    issue_stale_workdays: Annotated[int, Number(1)] = 15
    revisit_days: Annotated[int, Number(1)] = 30
    reserved_rows: Annotated[int, Number(0, 5000)] = 200
    originals_years: Annotated[int, Number(1)] | None = None
    holidays: Annotated[tuple[str, ...], Checked(_check_days)] = ()
    due_workdays: DueWorkdays = DueWorkdays()


class Schedule(Declared):
    """One due command: cron expression, command line, period such as `last-month`."""

    name: str
    cron: str
    command: str
    period: str | None = None


class Delivery(Declared):
    """`[[delivery]]`: how packages reach the office above, or with `unit` answers a unit below.

    A `folder` may be away for a time. Of `mail` the password is in the environment variable that
    `password_env` names, else in the system's keyring under the user, never here.
    """

    name: Name
    kind: Literal["folder", "mail"]
    unit: Code | None = None
    path: str | None = None
    host: str | None = None
    port: Annotated[int, Number(1, 65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password_env: str | None = None
    sender: Annotated[str | None, Alias("from")] = None
    to: str | None = None

    def _check(self) -> None:
        if self.kind == "folder" and not self.path:
            raise ValueError('kind = "folder" 要写 path')
        if self.kind == "mail" and not (self.host and self.sender and self.to):
            raise ValueError('kind = "mail" 要写 host、from、to')


class SavedList(Declared):
    """`[[list]]`: a list by name, as `export` makes it."""

    name: Name
    table: str
    where: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


class Config(Declared):
    """All of `ledgersync.toml`."""

    unit: Unit
    units: tuple[Unit, ...] = ()
    staff: tuple[Staff, ...] = ()
    paths: Paths = Paths()
    privacy: Privacy = Privacy()
    rules: Rules = Rules()
    review: Review = Review()
    schedule: tuple[Schedule, ...] = ()
    delivery: tuple[Delivery, ...] = ()
    list: tuple[SavedList, ...] = ()

    def staff_member(self, name: str) -> Staff:
        """A person by name; one that is not listed has full scope."""
        return next((s for s in self.staff if s.name == name), Staff(name=name))

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The values of everybody's scopes by field: the unit's own short lists."""
        found: dict[str, dict[str, None]] = {}
        for person in self.staff:
            for name, values in person.scope.items():
                found.setdefault(name, {}).update(dict.fromkeys(values))
        return {name: tuple(values) for name, values in found.items()}


def read_config(path: Path) -> Config:
    """The configuration of a workspace; raises WorkspaceFault naming the key that is wrong."""
    try:
        return parse_config(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        raise _missing(path.parent) from error
    except UnicodeDecodeError as error:
        raise _wrong(path, syntax_words(error)) from error
    except UsageFault as error:
        raise _wrong(path, error.message) from error


def parse_config(text: str) -> Config:
    """The configuration that `text` is; raises UsageFault whose message is what is wrong."""
    try:
        data = toml_data(text)
    except ValueError as error:
        raise UsageFault(syntax_words(error), _CORRECT) from error
    try:
        return _spelled_once(Config.validated(_with_unit_lists(data)))
    except DeclarationFault as wrong:
        raise UsageFault(fault_words(wrong), _CORRECT) from wrong


def _with_unit_lists(data: dict[str, Any]) -> dict[str, Any]:
    """Sorts out the own unit and those below it.

    TOML cannot hold `[unit]` and `[[unit]]` at once. So a street or district is the first
    `[[unit]]` whose parent is not listed, unless its code, name and level stand at the top.
    """
    unit = data.get("unit")
    if not isinstance(unit, list) or not unit or not all(isinstance(u, dict) for u in unit):
        return data
    if "code" in data:
        own = {key: data[key] for key in ("code", "name", "level") if key in data}
        rest = {key: value for key, value in data.items() if key not in own}
        return {**rest, "unit": own, "units": unit}
    codes = {code for u in unit if isinstance(code := u.get("code"), str)}
    below = [isinstance(p := u.get("parent"), str) and p in codes for u in unit]
    own = next((u for u, is_below in zip(unit, below, strict=True) if not is_below), unit[0])
    return {**data, "unit": own, "units": [u for u in unit if u is not own]}


def _spelled_once(config: Config) -> Config:
    """What two people's scopes spell differently (1网格, 第一网格) is one thing: as typed first."""
    lists = config.lists()
    if not lists:
        return config
    listings = {name: listing_like(values) for name, values in lists.items()}
    staff = [
        s.changed(scope={n: one_spelling(v, listings[n]) for n, v in s.scope.items()})
        for s in config.staff
    ]
    return config.changed(staff=tuple(staff))


def _missing(folder: Path) -> WorkspaceFault:
    return WorkspaceFault(
        message(
            "这里不是工作区：{folder} 里没有 {config_name}。",
            folder=folder,
            config_name=CONFIG_NAME,
        ),
        message("请用 -C 指定工作区文件夹，或先运行 ledgersync init。"),
    )


def _wrong(path: Path, reason: Message) -> WorkspaceFault:
    return WorkspaceFault(
        message("配置文件 {path} 有误：{reason}。", path=path, reason=reason),
        message("请按提示改正该文件后重试。"),
    )


def toml_text(value: object) -> str:
    """A scalar, list or flat table as TOML writes it."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{toml_key(k)} = {toml_text(v)}" for k, v in value.items()) + " }"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(toml_text(v) for v in value) + "]"
    if isinstance(value, date):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False)


def toml_key(key: str) -> str:
    return key if key.isidentifier() and key.isascii() else json.dumps(key, ensure_ascii=False)


def new_unit(name: str, code: str, level: str) -> Unit:
    """A unit from what a person typed; raises UsageFault for a code or name that cannot be."""
    digits = typed_code(code, level)
    try:
        return Unit.validated({"name": name.strip(), "code": digits, "level": level})
    except DeclarationFault as wrong:
        raise UsageFault(
            message("单位信息有误：{error}。", error=fault_words(wrong)),
            message("请改正后再运行一次。"),
        ) from wrong
