"""What a table is to the rules and lists that span ledgers: declared in its TOML, not in Python."""

from collections.abc import Collection
from typing import Annotated

from ledgersync.declared import Declared, Size
from ledgersync.schema.names import Name


class Subject(Declared):
    """Whom visits are paid to: `[tables.subject]`.

    A record counts while `status` holds one of `active` (or nothing, with `or_blank`). `cycle` is
    how often, counted from the last visit, else from `since`. `reviewed` makes it a cycle of
    reviews: worksheet functions then count from that date. `if_visited`: only where the unit keeps
    a register of visits at all.
    """

    name: Name
    id_number: Name
    address: Name
    since: Name
    cycle: Name
    status: Name
    active: Annotated[tuple[str, ...], Size(1)]
    or_blank: bool = False
    grid: Name | None = None
    worker: Name | None = None
    reviewed: Name | None = None
    grace: tuple[str, ...] = ()
    if_visited: bool = False

    @property
    def named(self) -> tuple[str, ...]:
        """The fields that it names."""
        fields = (self.name, self.id_number, self.address, self.since, self.cycle, self.status)
        return (*fields, *filter(None, (self.grid, self.worker, self.reviewed)))

    @property
    def optional(self) -> tuple[str, ...]:
        """The attributes that may be absent."""
        return ("grid", "worker", "reviewed")


class Register(Declared):
    """Visits that were paid: `[tables.visits]`; `names` may each be the person's."""

    date: Name
    id_number: Name
    names: Annotated[tuple[Name, ...], Size(1)]
    address: Name
    visitor: Name | None = None
    next: Name | None = None

    @property
    def named(self) -> tuple[str, ...]:
        fields = (self.date, self.id_number, *self.names, self.address)
        return (*fields, *filter(None, (self.visitor, self.next)))

    @property
    def optional(self) -> tuple[str, ...]:
        return ("visitor", "next")


class Duty(Declared):
    """Whose name stands for a record until `status` is one of `ended`: `[tables.duty]`."""

    field: Name
    status: Name
    ended: tuple[str, ...] = ()

    @property
    def named(self) -> tuple[str, ...]:
        return (self.field, self.status)

    @property
    def optional(self) -> tuple[str, ...]:
        return ()


Role = Subject | Register | Duty


def within(role: Role, fields: Collection[str]) -> Role | None:
    """A role in a table of these fields: without optional ones that it lacks, else none."""
    lost = [n for n in role.optional if (name := getattr(role, n)) and name not in fields]
    fitting = role.changed(**dict.fromkeys(lost))
    return fitting if set(fitting.named) <= set(fields) else None
