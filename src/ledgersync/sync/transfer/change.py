"""What is known of a person changes: another scope, another name."""

import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.sync.copies.handed_back import given_to, keep
from ledgersync.sync.copies.refresh import refresh_copies
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import (
    GRID,
    change_people,
    require_known,
    spelled_scope,
)
from ledgersync.sync.transfer.handover import pass_on_all
from ledgersync.sync.transfer.moves import open_moves, store
from ledgersync.workspace.place import person_folder

ALL = ("全部", "all")
_BETWEEN = re.compile(r"[,，、;；\s]+")
_FOLDERS = ("inbox", "issued", "returned")
Scope = dict[str, tuple[str, ...]]


def typed_scope(texts: tuple[str, ...]) -> Scope:
    """`第1网格,第2网格`, `字段=值,值`, or 全部 (no limits); raises UsageFault for nothing."""
    found: dict[str, list[str]] = {}
    for text in texts:
        name, equals, rest = text.partition("=")
        field, values = (name.strip(), rest) if equals else (GRID, text)
        found.setdefault(field, []).extend(v for v in _BETWEEN.split(values.strip()) if v)
    typed = [v for parts in found.values() for v in parts]
    if not typed or (len(typed) > 1 and set(typed) & set(ALL)):
        raise UsageFault(
            message("--scope 要写网格名，或者“全部”。"),
            message("例如 --scope 第1网格,第3网格；不限范围写 --scope 全部。"),
        )
    return {} if typed[0] in ALL else {name: tuple(parts) for name, parts in found.items()}


def set_scope(session: Session, name: str, scope: Scope) -> Scope:
    """Changes what a person sees; their untouched copies follow. Raises UsageFault."""
    require_known(session, name)
    _require_field(session, scope)
    spelled = spelled_scope(session, scope)
    change_people(session, {name: {"scope": spelled or None}})
    refresh_copies(session, anew={name})
    return spelled


def set_phone(session: Session, name: str, phone: str) -> None:
    """Where a person can be reached; nothing takes it away."""
    require_known(session, name)
    change_people(session, {name: {"phone": phone.strip() or None}})


def rename(session: Session, name: str, new: str, who: str) -> int:
    """A person is called something else: folders, copies and open work follow, the past does not.

    Returns how many open records bear the new name now. Cut short in between, the same command once
    more finishes the work. Raises UsageFault where somebody else has that name.
    """
    new = person_folder(new)
    require_known(session, name)
    staff = session.workspace.config.staff
    if new == name or any(s.name == new for s in staff):
        raise UsageFault(
            message("已经有人叫 {new}。", new=new),
            message("同名的两个人，请换一个分得开的名字，如 {new}2。", new=new),
        )
    _move_folders(session.workspace.root, name, new)
    journal = session.journal
    with journal.transaction():
        for book in (journal.copies, journal.returned, journal.held, journal.notices):
            book.rename(name, new)
        keep(session, new, given_to(session, name))
        keep(session, name, {})
        for move in open_moves(session):
            if name in (move.giver, move.taker):
                giver, taker = (new if n == name else n for n in (move.giver, move.taker))
                store(session, replace(move, giver=giver, taker=taker))
        passed = pass_on_all(session, name, new, who)
        journal.log.event(session.now(), who, "staff.renamed", name=name, new=new)
    member = session.workspace.config.staff_member(name)
    formerly = tuple(dict.fromkeys([*member.formerly, name]))
    changes: dict[str, Any] = {"name": new, "formerly": tuple(f for f in formerly if f != new)}
    left = (s.name for s in session.workspace.config.staff if s.left_to == name)
    change_people(session, {name: changes, **{other: {"left_to": new} for other in left}})
    refresh_copies(session, anew={new})
    return passed


def unwatched_grids(session: Session) -> list[str]:
    """Grids of records that are in nobody's scope; none where somebody sees everything."""
    staff = [s for s in session.workspace.config.staff if not s.left_to]
    if not staff or any(GRID not in s.scope for s in staff):
        return []
    walked = {grid for s in staff for grid in s.scope[GRID]}
    found = {
        row[table.position[GRID]]
        for ledger, table in session.catalog.tables()
        if GRID in table.position
        for row in session.journal.state.rows(ledger.id, table.id).values()
    }
    return sorted(g for g in found if isinstance(g, str) and g not in walked)


def _require_field(session: Session, scope: Scope) -> None:
    known = {name for _, table in session.catalog.tables() for name in table.position}
    for name in scope:
        if name not in known:
            raise UsageFault(
                message("没有名为 {name} 的字段。", name=name),
                message("网格直接写名字：--scope 第1网格。"),
            )


def _move_folders(root: Path, name: str, new: str) -> None:
    """A folder of the new name that holds something stays, and takes in what is not there."""
    for parent in _FOLDERS:
        old, target = root / parent / name, root / parent / new
        if not old.is_dir():
            continue
        if not target.exists():
            old.rename(target)
            continue
        for path in old.iterdir():
            if not (target / path.name).exists():
                path.rename(target / path.name)
        with suppress(OSError):
            old.rmdir()
