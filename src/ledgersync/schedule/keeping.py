"""The schedule inside `watch`: APScheduler looks once a minute, in a thread of its own."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from apscheduler.schedulers.background import BackgroundScheduler

from ledgersync.errors import LedgerSyncError, os_reason
from ledgersync.messages import Message, literal, message
from ledgersync.schedule.running import Process, Ran, Runner, run_due
from ledgersync.workspace import Workspace, clock


class Timekeeper:
    """Runs what is due while something else goes on; `said` hears of each run and each fault."""

    def __init__(
        self,
        root: Path,
        notify: Callable[[Message], None],
        every: float = 60.0,
        runner: Runner | None = None,
    ) -> None:
        self._root = root
        self._notify = notify
        self._every = every
        self._process = Process(root)
        self._runner = runner or self._process
        self._scheduler: BackgroundScheduler | None = None
        self._fault = ""

    def start(self) -> None:
        """Begins; calling it again changes nothing."""
        if self._scheduler is None:
            self._scheduler = BackgroundScheduler(daemon=True)
            self._scheduler.add_job(
                self.look, "interval", seconds=self._every, coalesce=True, max_instances=1
            )
            self._scheduler.start()

    def stop(self) -> None:
        """Ends it; a run that is going on is cut short, and repeated next time."""
        self._process.stop()
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=True)

    def look(self) -> None:
        """Runs what is due now, by the settings as they are now; a fault is said once."""
        try:
            workspace = Workspace.open(self._root)
            if workspace.config.schedule:
                run_due(workspace, clock.now, self._runner, self._tell)
        except (LedgerSyncError, OSError, sqlite3.Error) as error:
            told = error.message if isinstance(error, LedgerSyncError) else _failure(error)
            if told.zh != self._fault:
                self._notify(told)
            self._fault = told.zh
        else:
            self._fault = ""

    def _tell(self, ran: Ran) -> None:
        self._notify(outcome_of(ran))


def outcome_of(ran: Ran) -> Message:
    """What a run did, in one line."""
    line, came = " ".join(ran.arguments), outcome(ran.code)
    day = literal(f"{ran.at.year}年{ran.at.month}月{ran.at.day}日", f"{ran.at:%Y-%m-%d}")
    return message(
        "{name}（{day} {at:%H:%M} 到期）：{line} → {came}",
        name=ran.name,
        day=day,
        at=ran.at,
        line=line,
        came=came,
    )


_MEANINGS = {
    None: message("中断，下次重跑"),
    0: message("完成"),
    1: message("完成，有事要人处理"),
    2: message("没有跑成：命令写得不对"),
    3: message("没有跑成：有文件读不了"),
    4: message("没有跑成：工作区或锁有问题"),
}


def outcome(code: int | None) -> Message:
    """What an exit code of a run means; None: it was cut short."""
    return _MEANINGS.get(code) or message("没有跑成（退出码 {code}）", code=str(code))


def _failure(error: Exception) -> Message:
    why = os_reason(error) if isinstance(error, OSError) else literal(str(error), str(error))
    return message("定时任务没有跑成：{why}", why=why)
