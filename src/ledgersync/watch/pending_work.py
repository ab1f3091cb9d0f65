"""What there is to do: files at rest in the inboxes, saved primaries, saved decisions."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import field
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.filenames import readable
from ledgersync.files import file_hash
from ledgersync.messages import Message, message
from ledgersync.sync.cases.decisions import has_saved_decisions
from ledgersync.sync.intake.inbox import Arrival, Stray, arrivals, is_whole, survey
from ledgersync.sync.primary.write import is_touched
from ledgersync.sync.session import Session
from ledgersync.sync.words.word_list import has_saved_words
from ledgersync.watch.stability import FileStability, bad_name
from ledgersync.workbook.stamp import read_stamp
from ledgersync.workspace import Workspace

AGAIN = 20.0  # seconds until a file that could not be read is tried once more

Say = Callable[[str, Message], None]


@dataclass(slots=True)
class Work:
    """`arrivals` to be merged; `own`: the workspace's own files that people saved.

    `broken` are files at rest that nobody can read now, and why; `strays` are no ledgers.
    """

    arrivals: list[Arrival] = field(default_factory=list)
    own: list[Path] = field(default_factory=list)
    broken: list[tuple[Path, Message]] = field(default_factory=list)
    strays: list[Stray] = field(default_factory=list)


def inbox_folders(workspace: Workspace) -> list[Path]:
    """The inbox and the download folders beside it."""
    extra = workspace.config.paths.extra_inbox
    return [workspace.inbox, *(Path(p).expanduser() for p in extra)]


class Finder:
    """Looks around in a workspace; `say` hears of a file's fault (once, by the file's name)."""

    def __init__(self, stability: FileStability, say: Say, again: float = AGAIN) -> None:
        self._stability = stability
        self._say = say
        self._again = again

    def look(self, session: Session) -> Work:
        """What has come to rest and is not known yet."""
        inbox, *extra = inbox_folders(session.workspace)
        found = survey(inbox)
        sent = {a.path: a for a in found.arrivals}
        strays = {s.path: s for s in found.strays}
        loaded = {a.path: a for folder in extra for a in arrivals(folder)}
        own = _own_files(session)
        ready = self._stability.settled([*sent, *strays, *loaded, *own])
        work = Work()
        for stray in filter(None, map(strays.get, ready)):
            work.strays.append(stray)
            self._stability.done(stray.path)
            self._say(f"file:{stray.path}", stray.message)
        for path in (p for p in ready if p not in strays):
            try:
                self._sort(session, path, sent, loaded, work)
            except OSError as error:  # held open, or the share went away
                work.broken.append((path, self._put_off(path, _not_now(path, error))))
        return work

    def _sort(
        self,
        session: Session,
        path: Path,
        sent: dict[Path, Arrival],
        loaded: dict[Path, Arrival],
        work: Work,
    ) -> None:
        if path in sent:
            if self._is_news(session, path, work):
                work.arrivals.append(sent[path])
        elif path in loaded:
            if staff := self._staff_of_download(session, path):
                work.arrivals.append(Arrival(path, staff))
        elif self._was_saved(session, path):
            work.own.append(path)

    def _staff_of_download(self, session: Session, path: Path) -> str | None:
        """Whose copy a downloaded file brings, if that is news.

        Download folders hold other people's files too: only our stamped copies are taken.
        """
        if not is_whole(path):
            self._stability.later(path, self._again)
            return None
        stamp = read_stamp(path) if zipfile.is_zipfile(path) else None
        if stamp is None or stamp.workspace != session.journal.workspace_id or not stamp.staff:
            self._stability.done(path)
            return None
        return stamp.staff if self._is_news(session, path, Work()) else None

    def _is_news(self, session: Session, path: Path, work: Work) -> bool:
        """Whether a file at rest holds what was not read here before; faults are said."""
        if wrong := bad_name(path):
            self._say(f"name:{path}", wrong)
        if not is_whole(path):
            work.broken.append((path, self._put_off(path, _incomplete(path))))
            return False
        file = session.workspace.relative(path)
        if session.journal.submissions.last_hash(file) == file_hash(path):
            self._stability.done(path)
            return False
        return True

    def _was_saved(self, session: Session, path: Path) -> bool:
        """Whether somebody else than we saved a primary, or decisions in the conflict list."""
        try:
            if path == session.workspace.conflict_file:
                saved = has_saved_decisions(session)
            elif path == session.workspace.word_file:
                saved = has_saved_words(session)
            else:
                ledgers = (x for x in session.catalog if session.workspace.primary(x) == path)
                saved = any(is_touched(session, ledger) for ledger in ledgers)
        except LedgerSyncError as error:  # a conflict list that is none: nothing to lose in it
            aside = _set_aside(path)
            self._say(f"list:{path}", _aside(aside, error))
            return True
        if not saved:
            self._stability.done(path)
        return saved

    def _put_off(self, path: Path, message: Message) -> Message:
        self._stability.later(path, self._again)
        self._say(f"file:{path}", message)
        return message


def _own_files(session: Session) -> Iterator[Path]:
    yield from (session.workspace.primary(ledger) for ledger in session.catalog)
    yield from (session.workspace.conflict_file, session.workspace.word_file)


def _set_aside(path: Path) -> Path:
    """Gives an unreadable conflict list another name, so that a new one can be written."""
    number = 1
    while (aside := path.with_name(f"{path.stem}（读不了{number}）{path.suffix}")).exists():
        number += 1
    return path.rename(aside)


def _aside(aside: Path, error: LedgerSyncError) -> Message:
    return message(
        "{message}已改名为 {aside}，并重新写一份冲突清单。", message=error.message, aside=aside.name
    )


def _incomplete(path: Path) -> Message:
    who, name = readable(path.parent.name), readable(path.name)
    if path.stat().st_size == 0:
        return message(
            "{who}/{path} 是空文件（0 字节），未收；请重新保存后再交。", who=who, path=name
        )
    return message(
        "{who}/{path} 不完整（还在传，或没传完），先跳过；传完后自动收。", who=who, path=name
    )


def _not_now(path: Path, error: OSError) -> Message:
    why = os_reason(error)
    return message(
        "{parent}/{path} 现在读不了（{why}），稍后自动再试。",
        parent=readable(path.parent.name),
        path=readable(path.name),
        why=why,
    )
