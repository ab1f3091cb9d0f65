"""The ledgers of a workspace and their files: which there are, one more, one less."""

from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import Message, message
from ledgersync.schema import LedgerSchema, is_plain_change, parse_ledger
from ledgersync.schema.catalog import ledger_text
from ledgersync.sync.migration.effects import Effect, effects_of
from ledgersync.sync.migration.migrate import follow
from ledgersync.sync.session import Session
from ledgersync.workspace import Workspace


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One ledger: `file` where it is the unit's own, `state` in_force, waiting or missing."""

    id: str
    name: str
    workbook: str
    file: str | None
    state: str
    records: int = 0

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def ledgers_of(workspace: Workspace) -> list[LedgerLine]:
    """As they rule, with those whose file says something else by now."""
    catalog, found = workspace.catalog, []
    for ledger in catalog:
        source = catalog.sources.get(ledger.id)
        state = "in_force"
        if ledger.id in catalog.pending:
            state = "waiting" if catalog.pending[ledger.id] else "missing"
        file = workspace.relative(Path(source)) if source else None
        found.append(LedgerLine(ledger.id, ledger.name, ledger.workbook, file, state))
    return found


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a ledger file would do: `state` new, same, plain, migration or refused."""

    ledger: LedgerSchema
    state: str
    effects: list[Effect]


def assess(session: Session, text: str, source: str) -> Assessment:
    """Looks at a ledger file; nothing is changed. Raises SchemaFault."""
    new, catalog = parse_ledger(text, source), session.workspace.catalog
    old = catalog.ledgers.get(new.id)
    if old is None:
        return Assessment(new, "new", [])
    effects = effects_of(session, old, new)
    if effects:
        return Assessment(
            new, "refused" if any(e.is_refused for e in effects) else "migration", effects
        )
    ruling = session.journal.schemas.accepted().get(new.id)
    same = text == (ruling.text if ruling else catalog.texts.get(new.id))
    return Assessment(new, "same" if same and is_plain_change(old, new) else "plain", [])


def add(session: Session, file: Path) -> Assessment:
    """Puts a ledger file among the unit's own; where it touches records it waits there."""
    text = ledger_text(file)
    assessed = assess(session, text, file.name)
    known = session.workspace.catalog.sources.get(assessed.ledger.id)
    target = (
        Path(known) if known else session.workspace.ledger_folder / f"{assessed.ledger.id}.toml"
    )
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.resolve() != file.resolve():
        atomic_write(target, text.encode())
    return assessed


def remove(session: Session, ledger: LedgerSchema) -> Path:
    """Takes a unit's own ledger file away; raises UsageFault while there are records."""
    source = session.workspace.catalog.sources.get(ledger.id)
    if source is None:
        raise _refused(ledger, message("它是程序自带的"))
    if any(session.state(ledger).values()):
        raise _refused(ledger, message("里面还有记录"))
    Path(source).unlink()
    with session.journal.transaction():
        session.journal.schemas.forget(ledger.id)  # there is no record that it gives a meaning
        follow(session)
    return Path(source)


def _refused(ledger: LedgerSchema, reason: Message) -> UsageFault:
    return UsageFault(
        message("{ledger}不能去掉：{reason}。", ledger=ledger.workbook, reason=reason),
        message("用 ledgersync ledgers list 查看有哪些台账。"),
    )
