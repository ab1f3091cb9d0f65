"""Workbooks from below put into their units' folders; what they replace is kept, and journalled."""

import json
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path

from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write, file_hash
from ledgersync.messages import message
from ledgersync.rollup.sources.collect import units_of
from ledgersync.rollup.units.tree import Node
from ledgersync.sync.session import Session
from ledgersync.upward.units.arrivals import Arrived, Recognition, inbox_of
from ledgersync.workspace.config import CONFIG_NAME
from ledgersync.workspace.place import WORKBOOKS, keep_private

_CONFIRMED = "units.confirmed"  # in the journal's meta: code by what a file is known by
_RECEIVED = "units.received:"  # by padded code: when something was last received


def recognition(session: Session) -> Recognition:
    """What this office knows of its units and of their files."""
    workspace = session.workspace
    inbox_of(workspace).mkdir(parents=True, exist_ok=True)
    confirmed = json.loads(session.journal.meta(_CONFIRMED) or "{}")
    return Recognition(workspace, units_of(workspace, session.today), session.today, confirmed)


def survey(session: Session, files: Sequence[Path] = (), unit: str | None = None) -> list[Arrived]:
    """What lies in `units/inbox/` (or these files), and whose it seems to be."""
    known = recognition(session)
    return _compared(session, _named(known, files, unit) if files else known.arrivals())


def take(
    session: Session,
    who: str,
    *,
    sure_only: bool = False,
    files: Sequence[Path] = (),
    unit: str | None = None,
) -> list[Arrived]:
    """Takes what is recognised (`sure_only`: what needs no confirmation), or these files.

    `unit` says whose they are. Raises UsageFault for a unit that is not listed, or files that are
    not there.
    """
    known = recognition(session)
    found = _named(known, files, unit) if files else list(known.arrivals())
    for one in _compared(session, found):
        if one.status == "proposed" and (one.is_sure or not sure_only):
            _take(session, one, who)
        elif one.status == "unchanged":
            _clear(session, one)
    _drop_empty_folders(inbox_of(session.workspace))
    return found


def last_received(session: Session) -> dict[str, str]:
    """When something of a unit was last received, by padded code."""
    journal = session.journal
    return {code: journal.meta(_RECEIVED + code) or "" for code in journal.meta_names(_RECEIVED)}


def _named(known: Recognition, files: Sequence[Path], unit: str | None) -> list[Arrived]:
    node = known.tree.find(unit) if unit else None
    found = []
    for file in files:
        inside = inbox_of(known.workspace) / file
        path = file if file.is_file() else inside
        if not path.is_file():
            raise UsageFault(
                message("没有文件 {file}。", file=file.name),
                message("写 units/inbox 里的文件名，或完整路径。"),
            )
        one = known.workbook(path)
        if node and one.status != "unreadable" and one.ledgers:
            one.unit, one.by, one.status, one.reason = node, "said", "proposed", None
        found.append(one)
    return found


def _compared(session: Session, found: Iterable[Arrived]) -> list[Arrived]:
    """What lies in the unit's folder already is no news; several files for one place are."""
    done = list(found)
    for one in done:
        if one.unit and one.status == "proposed":
            targets = [_target(session, one, ledger) for ledger in one.ledgers]
            if all(t.is_file() and file_hash(t) == one.sha256 for t in targets):
                one.status = "unchanged"
    return done


def _folder(session: Session, unit: Node) -> Path:
    """A unit's folder: one that bears its code, in whatever form, else a new one."""
    units = session.workspace.root / "units"
    for name in (unit.unit.code, unit.code, unit.code[:9]):
        if unit.unit.level == "community" and len(name) < 12:
            continue
        if (units / name).is_dir():
            return units / name
    return units / unit.unit.code


def _target(session: Session, one: Arrived, ledger: str) -> Path:
    assert one.unit is not None
    folder = _folder(session, one.unit)
    inner = folder / "primary" if one.archive is None else folder / "archive" / str(one.archive)
    return inner / f"{session.catalog.ledgers[ledger].workbook}{one.path.suffix.lower()}"


def _take(session: Session, one: Arrived, who: str) -> None:
    """Original first, then the file in its place, then the note; run again it does the same."""
    assert one.unit is not None
    folder = _folder(session, one.unit)
    if (folder / CONFIG_NAME).is_file():
        one.status = "unknown"
        one.reason = message(
            "units/{folder} 是该单位自己的工作区，不能放进去；请在那里合并", folder=folder.name
        )
        return
    content = one.path.read_bytes()
    session.originals.keep(content)
    replaced = []
    for ledger in one.ledgers:
        target = _target(session, one, ledger)
        replaced += _put_away(session, target)
        target.parent.mkdir(parents=True, exist_ok=True)
        atomic_write(target, content)
        keep_private(target)
    one.replaced, one.status = tuple(replaced), "taken"
    with session.journal.transaction():
        _note(session, one, who)
    _clear(session, one)


def _put_away(session: Session, target: Path) -> list[str]:
    """What stood there is kept by its hash; the same ledger in another format goes, too."""
    replaced = []
    for suffix in WORKBOOKS:
        old = target.with_suffix(suffix)
        if old.is_file():
            replaced.append(session.originals.keep(old.read_bytes()))
            if old != target:
                old.unlink()
    return replaced


def _note(session: Session, one: Arrived, who: str) -> None:
    assert one.unit is not None
    journal, now = session.journal, session.now()
    confirmed = json.loads(journal.meta(_CONFIRMED) or "{}")
    lasting = (k for k in one.keys if one.by == "name" or not k.startswith("file:"))
    confirmed |= dict.fromkeys(lasting, one.unit.code)
    journal.set_meta(_CONFIRMED, json.dumps(confirmed, ensure_ascii=False))
    journal.set_meta(_RECEIVED + one.unit.code, now.isoformat())
    journal.log.event(
        now,
        who,
        "unit.received",
        unit=one.unit.code,
        file=one.file,
        sha256=one.sha256,
        ledgers="、".join(one.ledgers),
        by=one.by or "",
        replaced="、".join(one.replaced),
    )


def _clear(session: Session, one: Arrived) -> None:
    """What was taken leaves the inbox; a whole workspace and files from elsewhere stay."""
    if one.by != "workspace" and one.path.is_relative_to(inbox_of(session.workspace)):
        with suppress(OSError):
            one.path.unlink()


def _drop_empty_folders(inbox: Path) -> None:
    for folder in sorted((p for p in inbox.rglob("*") if p.is_dir()), reverse=True):
        with suppress(OSError):  # it holds something
            folder.rmdir()
