"""Handing files over by themselves: queued, tried again with growing pauses, each sent once.

A file that was handed over just before the machine went off may be handed over again; the
receiver knows it by its content and answers that it had come.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.files import atomic_write, file_hash
from ledgersync.journal import Errand, Journal
from ledgersync.journal.exchange.deliveries import LONGEST_PAUSE, NEVER
from ledgersync.messages import Message, message
from ledgersync.upward.mail import MailFault, send_mail
from ledgersync.upward.office import Office
from ledgersync.workspace.config import Delivery
from ledgersync.workspace.unitcodes import full_code

_FIRST_PAUSE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of one attempt; `fault` None: it was handed over."""

    target: str
    file: str
    fault: Message | None


def queue(office: Office, recipient: str, path: Path) -> int:
    """Queues a file for every delivery that reaches the recipient; how many there are."""
    targets = [d for d in office.workspace.config.delivery if _reaches(office, d, recipient)]
    digest, file = file_hash(path), office.workspace.relative(path)
    with office.journal.transaction():
        for target in targets:
            now = office.session.now()
            office.journal.deliveries.add(target.name, recipient, file, digest, now)
    return len(targets)


def reaches(office: Office, recipient: str) -> bool:
    return any(_reaches(office, d, recipient) for d in office.workspace.config.delivery)


def _reaches(office: Office, delivery: Delivery, recipient: str) -> bool:
    """One that names a unit is for that unit, the others go upwards."""
    if delivery.unit:
        return full_code(delivery.unit) == recipient
    return not office.is_below(recipient)


def deliver(office: Office, now: datetime | None = None) -> list[Handed]:
    """Tries everything that is due; what has no `[[delivery]]` any more is told once and rests."""
    moment = now or office.session.now()
    _wake(office, moment)
    targets = office.workspace.config.delivery
    return [_try(office, errand, moment) for errand in ready(office.journal, targets, moment)]


def ready(journal: Journal, targets: Iterable[Delivery], now: datetime) -> list[Errand]:
    """What may be tried now: what is due, and what only waited for a folder that is back (a USB
    stick is not there for long)."""
    due = journal.deliveries.due(now)
    folders = {t.name: _folder(t) for t in targets if t.kind == "folder"}
    here = {name: _away(path).zh for name, path in folders.items() if path.is_dir()}
    back = (e for e in journal.deliveries.waiting() if e.fault and here.get(e.target) == e.fault)
    return list({e.id: e for e in (*due, *back)}.values())


def _folder(target: Delivery) -> Path:
    return Path(target.path or "").expanduser()


def _away(folder: Path) -> Message:
    return message("文件夹 {path} 不在（共享断开，或 U 盘没插）", path=folder)


def _wake(office: Office, now: datetime) -> None:
    """What rested because its `[[delivery]]` was removed is due again when there is one anew."""
    known = {d.name for d in office.workspace.config.delivery}
    resting = [e for e in office.journal.deliveries.waiting() if e.next == NEVER.isoformat()]
    with office.journal.transaction():
        for errand in resting:
            if errand.target in known:
                office.journal.deliveries.failed(errand.id, errand.fault or "", now)


def _try(office: Office, errand: Errand, now: datetime) -> Handed:
    if errand.target not in {d.name for d in office.workspace.config.delivery}:
        gone = message("ledgersync.toml 里已没有这个 [[delivery]]，不再送")
        with office.journal.transaction():
            office.journal.deliveries.failed(errand.id, gone.zh, NEVER)
        return Handed(errand.target, errand.file, gone)
    fault = _handed_over(office, errand)
    with office.journal.transaction():
        if fault is None:
            office.journal.deliveries.sent(errand.id, now)
        else:
            again = now + pause_after(errand.tries)
            office.journal.deliveries.failed(errand.id, fault.zh, again)
    return Handed(errand.target, errand.file, fault)


def pause_after(tries: int) -> timedelta:
    """How long to wait when one more attempt failed after so many; the same from the sixth on."""
    times: int = 3 ** min(tries, 6)
    return min(_FIRST_PAUSE * times, LONGEST_PAUSE)


def _handed_over(office: Office, errand: Errand) -> Message | None:
    known = {d.name: d for d in office.workspace.config.delivery}
    target = known[errand.target]
    try:
        content = (office.workspace.root / errand.file).read_bytes()
        if sha256(content).hexdigest() != errand.sha256:
            return message("文件在此期间变了")
        _WAYS[target.kind](target, Path(errand.file).name, content)
    except MailFault as fault:
        return fault.message
    except OSError as error:
        return os_reason(error)
    except LedgerSyncError as error:
        return error.message
    return None


def _to_folder(target: Delivery, name: str, content: bytes) -> None:
    """Into a folder that is there; one that is away is never made anew."""
    folder = _folder(target)
    if not folder.is_dir():
        raise MailFault(_away(folder))
    place = folder / name
    if not (place.is_file() and file_hash(place) == sha256(content).hexdigest()):
        atomic_write(place, content)


_WAYS: dict[str, Callable[[Delivery, str, bytes], None]] = {
    "folder": _to_folder,
    "mail": send_mail,
}


def waiting(errands: Iterable[Errand]) -> list[dict[str, object]]:
    """What has not been handed over, for `status`."""
    return [
        {"target": e.target, "file": e.file, "tries": e.tries, "next": e.next, "fault": e.fault}
        for e in errands
    ]
