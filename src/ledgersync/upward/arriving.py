"""Packages that lie in `units/inbox/` or an extra inbox: taken in, answered, cleared away."""

from collections.abc import Iterator
from pathlib import Path

from ledgersync.errors import WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.journal import KeptPackage
from ledgersync.messages import Message, message
from ledgersync.upward.delivery import queue, reaches
from ledgersync.upward.letters import letter_package
from ledgersync.upward.names import letter_name, packages_in
from ledgersync.upward.office import Office
from ledgersync.upward.reception import Received, Reception
from ledgersync.workspace import Workspace
from ledgersync.workspace.place import keep_private


def waiting(workspace: Workspace) -> Iterator[Path]:
    """Packages that wait to be taken in."""
    extra = (Path(p).expanduser() for p in workspace.config.paths.extra_inbox)
    for folder in (workspace.root / "units" / "inbox", *extra):
        place = folder if folder.is_absolute() else workspace.root / folder
        yield from packages_in(place)


def take_waiting(office: Office, files: list[Path]) -> list[Received]:
    """Takes them in; what was taken goes from there (a copy is kept), what was refused stays."""
    found = Reception(office, office.session.today).take(files)
    for one in found:
        if one.status != "refused":
            one.file.unlink(missing_ok=True)
    return found


def answer(office: Office, found: list[Received]) -> None:
    """A receipt for each package of a unit that a delivery reaches, accepted or refused."""
    for one in found:
        if one.kind != "figures" or one.code is None or one.sha256 is None:
            continue
        if not reaches(office, one.code) or one.period is None or one.version is None:
            continue
        about = KeptPackage(
            one.code, one.period, one.version, one.sha256, None, "", None, False, "", ""
        )
        content = {
            "status": one.status,
            "reason": one.reason,
            "places": [one.refusal.message.zh] if one.refusal else [],
        }
        name = letter_name("回执", one.name or one.code, one.period, one.version)
        path = office.workspace.reports(one.period) / name
        try:
            atomic_write(path, letter_package(office, "receipt", about, content))
        except WorkspaceFault:  # its key is lost here: no receipt rather than an open one
            continue
        keep_private(path)
        queue(office, one.code, path)


def received_words(found: Received) -> Message:
    """What became of one file, and what to do about it."""
    if found.refusal:
        return message(
            "没有收 {file}：{why}。下一步：{next}",
            file=found.file.name,
            why=found.refusal.message,
            next=found.refusal.next_step,
        )
    text = message("已收{name} {period} 第 {version} 版。")
    if found.kind == "letter":
        text = message("已收{name}对 {period} 第 {version} 版的回复，见 ledgersync status。")
    elif found.kind == "match":
        text = message("已收{name}的核对函，见 ledgersync shared。")
    elif found.status == "duplicate":
        text = message("{name} {period} 第 {version} 版早已收过，没有变化。")
    gaps = {"name": found.name or "", "period": found.period or ""}
    return text.filled(version=found.version or 0, **gaps)
