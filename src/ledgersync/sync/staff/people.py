"""Who works here: listed, added, known by name; what each is responsible for."""

import unicodedata
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import listed, message
from ledgersync.model import Row
from ledgersync.sync.session import Session
from ledgersync.sync.staff.namesakes import Grids, free_name, is_theirs, namesakes
from ledgersync.values.listed import listing_like
from ledgersync.values.text import clean_name
from ledgersync.workspace import Staff, Workspace
from ledgersync.workspace.place import person_folder

GRID = "grid"
_NEAR = 50.0  # per cent: one of two characters, two of three
_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Duty:
    """Whose name stands for a record that is still to be dealt with, in which table."""

    ledger: str
    table: str
    field: str
    status: str
    ended: tuple[str, ...]


def duties(session: Session) -> list[Duty]:
    """Those that the ledgers declare (`[tables.duty]`)."""
    return [
        Duty(*key, role.field, role.status, role.ended) for key, role in session.catalog.duties()
    ]


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff and what they hold."""

    name: str
    scope: dict[str, tuple[str, ...]]
    left_to: str | None
    copies: int
    duties: int

    def as_json(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "scope": {k: list(v) for k, v in self.scope.items()},
            "left_to": self.left_to,
            "copies": self.copies,
            "duties": self.duties,
        }


def list_staff(session: Session) -> list[Person]:
    """Everybody in `ledgersync.toml` and everybody who holds a copy."""
    listed = {s.name: s for s in session.workspace.config.staff}
    held = [copy.staff for copy in session.journal.copies.current()]
    names = [*listed, *(n for n in dict.fromkeys(held) if n not in listed)]
    return [_person(session, listed.get(n, Staff(name=n)), held.count(n)) for n in names]


def known_people(session: Session) -> list[str]:
    """Everybody who has to do with this workspace, those who left too.

    Listed, issued a copy, with an inbox folder, or responsible for a record.
    """
    workspace = session.workspace
    names = [s.name for s in workspace.config.staff]
    names += [copy.staff for copy in session.journal.copies.current()]
    for folder in (workspace.inbox, workspace.root / "issued"):
        if folder.is_dir():
            names += sorted(p.name for p in folder.iterdir() if p.is_dir() and p.name[0] != ".")
    for duty in duties(session):
        names += sorted(_responsible(session, duty))
    return list(dict.fromkeys(names))


def _responsible(session: Session, duty: Duty) -> set[str]:
    """Whose names stand in a duty's table."""
    schema = session.catalog.table(duty.ledger, duty.table)
    at = schema.position[duty.field]
    rows = session.journal.state.rows(duty.ledger, duty.table).values()
    return {str(row[at]) for row in rows if isinstance(row[at], str) and row[at]}


def require_known(session: Session, *names: str) -> None:
    """Raises UsageFault for a name that nobody here has, with those that may be meant."""
    known = known_people(session)
    for name in names:
        if name not in known:
            raise _unknown(name, [n for n in known if n != name], _left(session))


def successors(session: Session) -> dict[str, str]:
    """Who answers now for each person that left; where that one left too, who came after."""
    next_one = {s.name: s.left_to for s in session.workspace.config.staff if s.left_to}
    found = {}
    for name, taker in next_one.items():
        seen = {name}
        while taker in next_one and taker not in seen:
            seen.add(taker)
            taker = next_one[taker]
        found[name] = taker
    return found


def _left(session: Session) -> set[str]:
    return {s.name for s in session.workspace.config.staff if s.left_to}


def strangers_namesakes(session: Session, name: str) -> list[str] | None:
    """None for somebody known, or where nobody is listed; else those that may be meant."""
    known = known_people(session)
    if name in known or not session.workspace.config.staff:
        return None
    return _near(name, [n for n in known if n not in _left(session)])


def _near(name: str, here: list[str]) -> list[str]:
    from rapidfuzz import fuzz, process  # only a wrong name needs it

    return [n for n, *_ in process.extract(name, here, scorer=fuzz.ratio, score_cutoff=_NEAR)][:2]


def _unknown(name: str, known: list[str], left: set[str]) -> UsageFault:
    here = [n for n in known if n not in left]
    near = _near(name, here)
    told = message("没有 {name} 这个人。", name=name)
    if near:
        told = message("没有 {name} 这个人。是不是 {near}？", name=name, near=near)
    people = listed(here) if here else message("还没有")
    if len(here) > _SHOWN:
        people = message("{people} 等 {count} 人", people=here[:_SHOWN], count=len(here))
    add = message(
        "现有人员：{people}。确实是新来的人，先 ledgersync staff add {name:sh}。",
        people=people,
        name=name,
    )
    return UsageFault(told, add)


def _person(session: Session, staff: Staff, copies: int) -> Person:
    open_records = sum(len(held_by(session, duty, staff.name)) for duty in duties(session))
    return Person(staff.name, dict(staff.scope), staff.left_to, copies, open_records)


def add_staff(session: Session, name: str, scope: dict[str, tuple[str, ...]]) -> bool:
    """Adds a person to `ledgersync.toml`, or takes back one who left; True for the latter.

    Copies from before they left stay revoked. Raises UsageFault when they are there already.
    """
    there = next((s for s in session.workspace.config.staff if s.name == person_folder(name)), None)
    spelled = spelled_scope(session, scope)
    if there and there.left_to:
        change_people(session, {name: {"left_to": None, "scope": spelled or None}})
        return True
    if there:
        raise UsageFault(
            message("{name} 已经在人员名单里。", name=name),
            message(
                "改范围：ledgersync staff set {name:sh} --scope 网格；同名的另一个人，"
                "请换一个分得开的名字：ledgersync staff add {other:sh} --grid 网格",
                name=name,
                other=free_name(session, name),
            ),
        )
    change_people(session, {name: {"scope": spelled} if spelled else {}})
    return False


def spelled_scope(
    session: Session, scope: dict[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """A scope as typed, in the spelling of scopes and records."""
    return {f: tuple(as_spelled(session, f, v) for v in vs) for f, vs in scope.items()}


def as_spelled(session: Session, field: str, value: str) -> str:
    """A value of a scope as scopes spell it already, else as the records do: 1网格 → 第1网格."""
    known = [*session.workspace.config.lists().get(field, ())]
    for ledger, table in session.catalog.tables():
        if (at := table.position.get(field)) is not None:
            rows = session.journal.state.rows(ledger.id, table.id).values()
            known += dict.fromkeys(v for row in rows if isinstance(v := row[at], str))
    return listing_like(known).spelled(value)


def change_people(session: Session, changes: dict[str, dict[str, Any]]) -> None:
    """Writes `[[staff]]` and goes on with what it says now."""
    from ledgersync.workspace.roster import change_staff  # few commands change people

    change_staff(session.workspace.root, changes)
    session.workspace = Workspace.open(session.workspace.root)


def held_by(session: Session, duty: Duty, name: str) -> dict[str, Row]:
    """Open records that a person is responsible for."""
    schema = session.catalog.table(duty.ledger, duty.table)
    at, state = schema.position[duty.field], schema.position[duty.status]
    rows = session.journal.state.rows(duty.ledger, duty.table)
    open_rows = {r: row for r, row in rows.items() if row[state] not in duty.ended}
    if not namesakes(session, name):
        return {r: row for r, row in open_rows.items() if row[at] == name}
    grids = Grids(session, duty.ledger, schema)
    return {
        r: row for r, row in open_rows.items() if is_theirs(session, name, row[at], grids.of(row))
    }


def same_person(session: Session, name: str, owner: str | None = None) -> str:
    """The name by which a person is known here, whatever blanks and invisible marks were typed.

    `owner` stands in for a file that lies in nobody's folder.
    """
    bare = "".join(c for c in owner or name if unicodedata.category(c) != "Cf").strip()
    staff = session.workspace.config.staff
    known = {s.name for s in staff} | session.journal.copies.holders()
    if bare in known:
        return bare
    if renamed := next((s.name for s in staff if bare in s.formerly), None):
        return renamed
    like = [k for k in known if clean_name(k).casefold() == clean_name(bare).casefold()]
    return like[0] if len(like) == 1 else bare or name
