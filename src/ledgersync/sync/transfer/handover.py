"""Work passes on: a person leaves, a grid moves (转出 → 待接收 → 已接收). The past keeps its names.

The settings are changed first and the journal after: cut short in between, the same command once
more finishes the work.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from ledgersync.errors import UsageFault
from ledgersync.merge import Operation
from ledgersync.messages import Message, message
from ledgersync.model import Row
from ledgersync.schema import TableSchema
from ledgersync.sync.copies.refresh import refresh_copies
from ledgersync.sync.revision.entry import Entry, entry
from ledgersync.sync.session import Session
from ledgersync.sync.staff.people import (
    GRID,
    Duty,
    as_spelled,
    change_people,
    duties,
    held_by,
    require_known,
)
from ledgersync.sync.transfer.moves import (
    ACCEPTED,
    PENDING,
    WITHDRAWN,
    GridMove,
    moves,
    open_moves,
    store,
)
from ledgersync.workspace import Staff
from ledgersync.workspace.place import person_folder


def leave(session: Session, name: str, successor: str, who: str) -> int:
    """Hands over what a leaver is responsible for; returns how many records passed on.

    The successor's scope grows by the leaver's. Their copies are revoked: late files are held for
    a person, with the original kept. Raises UsageFault for people who cannot leave or take over.
    """
    _check_leaving(session, name, successor)
    config = session.workspace.config
    changes: dict[str, dict[str, Any]] = {name: {"left_to": successor}}
    if any(s.name == successor for s in config.staff):
        scope = _joined(config.staff_member(successor), config.staff_member(name))
        changes[successor] = {"scope": scope} if scope else {}
    change_people(session, changes)
    with session.journal.transaction():
        passed = pass_on_all(session, name, successor, who)
        session.journal.copies.revoke(name)
        for move in open_moves(session):
            if name in (move.giver, move.taker):
                _close(session, move, WITHDRAWN, who)
        session.journal.log.event(session.now(), who, "staff.left", name=name, to=successor)
    refresh_copies(session, anew={successor})
    return passed


def hand_over(session: Session, grid: str, giver: str, taker: str, who: str) -> GridMove:
    """转出: a grid is offered; it stays with the giver until it is accepted."""
    grid = as_spelled(session, GRID, grid)
    _check_move(session, grid, giver, taker)
    number = 1 + max((m.id for m in moves(session)), default=0)
    move = GridMove(number, grid, giver, taker, PENDING, session.now().isoformat(), who)
    with session.journal.transaction():
        store(session, move)
        session.journal.log.event(
            session.now(), who, "grid.handed", grid=grid, giver=giver, to=taker
        )
    return move


def accept(session: Session, number: int, who: str) -> tuple[GridMove, int]:
    """已接收: scopes change, people in care and open issues of the grid follow, copies too.

    Returns the move and how many records passed on.
    """
    move = _pending(session, number)
    config = session.workspace.config
    giver, taker = config.staff_member(move.giver), config.staff_member(move.taker)
    kept = tuple(g for g in giver.scope.get(GRID, ()) if g != move.grid)
    changes: dict[str, dict[str, Any]] = {giver.name: {"scope": {**giver.scope, GRID: kept}}}
    if GRID in taker.scope:
        gained = tuple(dict.fromkeys([*taker.scope[GRID], move.grid]))
        changes[taker.name] = {"scope": {**taker.scope, GRID: gained}}
    change_people(session, changes)
    with session.journal.transaction():
        passed = _pass_on(
            session,
            giver.name,
            taker.name,
            who,
            lambda duty, rows: _in_grid(session, duty, rows, move.grid),
        )
        done = _close(session, move, ACCEPTED, who)
    refresh_copies(session, anew={giver.name, taker.name})
    return done, passed


def withdraw(session: Session, number: int, who: str) -> GridMove:
    """A move that nobody accepted is taken back."""
    with session.journal.transaction():
        return _close(session, _pending(session, number), WITHDRAWN, who)


def pass_on_all(session: Session, name: str, successor: str, who: str) -> int:
    """Another name stands for all that a person is responsible for; how many records."""
    return _pass_on(session, name, successor, who, lambda _duty, rows: rows)


Choose = Callable[[Duty, dict[str, Row]], dict[str, Row]]


def _pass_on(session: Session, name: str, successor: str, who: str, choose: Choose) -> int:
    """One revision in which another name stands for the chosen open records."""
    found = {duty: choose(duty, held_by(session, duty, name)) for duty in duties(session)}
    if not any(found.values()):
        return 0
    with entry(session, "handover", who) as made:
        for duty, records in found.items():
            at = (
                session.catalog.table(duty.ledger, duty.table).position[duty.field]
                if records
                else 0
            )
            operations = [
                Operation("edit", r, duty.field, row[at], successor) for r, row in records.items()
            ]
            _carry_out(made, duty, operations)
    return sum(len(records) for records in found.values())


def _carry_out(made: Entry, duty: Duty, operations: list[Operation]) -> None:
    if not operations:
        return
    schema = made.session.catalog.table(duty.ledger, duty.table)
    ledger = made.session.catalog.ledgers[duty.ledger]
    result = made.change(ledger, schema, operations)
    made.ask(ledger, schema, result, staff=made.author)


def _in_grid(session: Session, duty: Duty, rows: Mapping[str, Row], grid: str) -> dict[str, Row]:
    """Records of one grid, by their own column or that of the record they refer to."""
    schema = session.catalog.table(duty.ledger, duty.table)
    if GRID in schema.position:
        return {r: row for r, row in rows.items() if row[schema.position[GRID]] == grid}
    for f in schema.fields:
        parent = _parent(session, duty, f.ref) if f.ref else None
        if parent:
            table, target = parent
            known = session.journal.state.rows(duty.ledger, table.id).values()
            at = table.position[target]
            there = {row[at] for row in known if row[table.position[GRID]] == grid}
            return {r: row for r, row in rows.items() if row[schema.position[f.id]] in there}
    return {}


def _parent(session: Session, duty: Duty, ref: str) -> tuple[TableSchema, str] | None:
    """The table with a grid that a reference leads to, and the field it names."""
    ledger, name, target = ref.split(".")
    table = session.catalog.table(ledger, name) if ledger == duty.ledger else None
    return (table, target) if table and GRID in table.position else None


def _joined(taker: Staff, giver: Staff) -> dict[str, tuple[str, ...]]:
    """Both scopes together; who sees everything goes on seeing everything."""
    return {
        name: tuple(dict.fromkeys([*values, *giver.scope.get(name, ())]))
        for name, values in taker.scope.items()
    }


def _close(session: Session, move: GridMove, state: str, who: str) -> GridMove:
    closed = replace(move, state=state, closed=session.now().isoformat(), closed_by=who)
    store(session, closed)
    session.journal.log.event(
        session.now(), who, f"grid.{state}", grid=move.grid, giver=move.giver, to=move.taker
    )
    return closed


def _check_leaving(session: Session, name: str, successor: str) -> None:
    person_folder(successor)
    require_known(session, name, successor)
    config = session.workspace.config
    if name == successor:
        raise _refused(message("接手人不能是本人。"))
    if config.staff_member(successor).left_to:
        raise _refused(message("{successor} 已经离岗，不能接手。", successor=successor))
    before = config.staff_member(name).left_to
    if before and before != successor:
        raise _refused(message("{name} 已经离岗，由 {before} 接手。", name=name, before=before))
    known = {s.name for s in config.staff} | session.journal.copies.holders()
    if name not in known and not any(held_by(session, duty, name) for duty in duties(session)):
        raise _refused(message("没有 {name} 这个人。", name=name))


def _check_move(session: Session, grid: str, giver: str, taker: str) -> None:
    config = session.workspace.config
    require_known(session, giver, taker)
    if giver == taker or config.staff_member(taker).left_to:
        raise _refused(message("{taker} 不能接收。", taker=taker))
    if not any(s.name == taker for s in config.staff):
        raise _refused(message("人员名单里没有 {taker}。", taker=taker))
    if grid not in config.staff_member(giver).scope.get(GRID, ()):
        raise _refused(message("{giver} 的范围里没有“{grid}”。", giver=giver, grid=grid))
    for move in open_moves(session):
        if (move.grid, move.giver) == (grid, giver):
            raise _refused(
                message(
                    "“{grid}”已转出给 {taker}，待接收（编号 {move_id}）。",
                    grid=grid,
                    taker=move.taker,
                    move_id=move.id,
                ),
            )


def _pending(session: Session, number: int) -> GridMove:
    found = next((m for m in open_moves(session) if m.id == number), None)
    if found is None:
        raise _refused(message("没有编号为 {number} 的待接收交接。", number=number))
    return found


def _refused(reason: Message) -> UsageFault:
    return UsageFault(reason, message("请用 ledgersync staff list 查看。"))
