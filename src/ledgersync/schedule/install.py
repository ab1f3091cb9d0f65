"""Registers the schedule with the operating system, and takes it back; the text is shown first.

Windows: Task Scheduler (no admin rights: the user's own tasks). Linux: systemd user units, or a
crontab line where there is no systemd.
"""

import getpass
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from xml.sax.saxutils import escape

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError
from ledgersync.files import atomic_write
from ledgersync.messages import Message, literal, message

SERVICE, TIMER = "service", "timer"
WINDOWS, SYSTEMD, CRON = ("windows", "systemd", "cron")
EVERY_MINUTES = 10

Command = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """A file to write (`path` None: a crontab line), and the commands around it.

    `remove` come before the file goes, `after` when it is gone.
    """

    path: Path | None
    text: str
    install: tuple[Command, ...]
    remove: tuple[Command, ...]
    after: tuple[Command, ...] = ()

    @property
    def encoding(self) -> str:
        """Windows takes a task's file as UTF-16 only."""
        return "utf-16" if self.path is not None and self.path.suffix == ".xml" else "utf-8"


def units_for(workspace: Path, kind: str, system: str | None = None) -> list[Unit]:
    """What `install` would write: for `service` the watcher, for `timer` the due commands."""
    system = system or this_system()
    if system == WINDOWS:
        return [_windows_task(workspace, kind)]
    if system == SYSTEMD:
        return _systemd(workspace, kind)
    return [_cron(workspace, kind)]


def install(units: list[Unit]) -> None:
    """Writes the files and runs the commands.

    Takes everything back and raises LedgerSyncError when one of them fails.
    """
    for unit in units:
        if unit.path is not None:
            atomic_write(unit.path, unit.text.encode(unit.encoding))
    try:
        for unit in units:
            for command in unit.install:
                _run(command, unit.text)
    except LedgerSyncError:
        remove(units)
        raise


def remove(units: list[Unit]) -> None:
    """Takes back what `install` did; what is not there is passed over."""
    for unit in reversed(units):
        for command in unit.remove:
            _run_if_there(command, unit.text)
    for unit in units:
        if unit.path is not None:
            unit.path.unlink(missing_ok=True)
    for unit in units:
        for command in unit.after:
            _run_if_there(command, unit.text)


def this_system() -> str:
    """What this machine has: Task Scheduler, a systemd of the user's own, or cron."""
    if sys.platform == "win32":
        return WINDOWS
    return SYSTEMD if Path("/run/systemd/system").is_dir() else CRON


def _name(workspace: Path, kind: str) -> str:
    tail = hashlib.sha256(str(workspace).encode()).hexdigest()[:8]
    return f"ledgersync-{kind}-{tail}"


def _command(workspace: Path, kind: str) -> list[str]:
    what = ["watch"] if kind == SERVICE else ["schedule", "run"]
    return [sys.executable, "-m", "ledgersync", "-q", "-C", str(workspace), *what]


_RELOAD = ("systemctl", "--user", "daemon-reload")


def _systemd(workspace: Path, kind: str) -> list[Unit]:
    name, folder = _name(workspace, kind), _config_home() / "systemd" / "user"
    line = " ".join(_systemd_word(w) for w in _command(workspace, kind))
    title = f"LedgerSync {kind} {workspace}".replace("%", "%%")
    head = f"[Unit]\nDescription={title}\n\n"
    if kind == SERVICE:
        body = (
            f"[Service]\nExecStart={line}\nRestart=on-failure\nRestartSec=20\n"
            "TimeoutStopSec=180\n\n[Install]\nWantedBy=default.target\n"
        )
        return [_systemd_unit(folder / f"{name}.service", head + body, enable=True)]
    service = f"{head}[Service]\nType=oneshot\nExecStart={line}\nSuccessExitStatus=1\n"
    timer = (
        f"{head}[Timer]\nOnBootSec=2min\nOnUnitInactiveSec={EVERY_MINUTES}min\n\n"
        "[Install]\nWantedBy=timers.target\n"
    )
    return [
        _systemd_unit(folder / f"{name}.service", service, enable=False),
        _systemd_unit(folder / f"{name}.timer", timer, enable=True),
    ]


def _systemd_unit(path: Path, text: str, *, enable: bool) -> Unit:
    on = ("systemctl", "--user", "enable", "--now", path.name)
    off = ("systemctl", "--user", "disable", "--now", path.name)
    if not enable:
        return Unit(path, text, (_RELOAD,), (), (_RELOAD,))
    return Unit(path, text, (_RELOAD, on), (off,), (_RELOAD,))


def _systemd_word(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    quoted = quoted.replace("$", "$$")
    return f'"{quoted}"'


def _config_home() -> Path:
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")


def _cron(workspace: Path, kind: str) -> Unit:
    """A marked crontab line; the rest of the person's crontab stays as it is."""
    when = "@reboot" if kind == SERVICE else f"*/{EVERY_MINUTES} * * * *"
    command = shlex.join(_command(workspace, kind)).replace("%", "\\%")
    line = f"{when} {command} >/dev/null 2>&1 # {_name(workspace, kind)}\n"
    return Unit(None, line, (("crontab", "+"),), (("crontab", "-"),))


def _windows_task(workspace: Path, kind: str) -> Unit:
    name = _name(workspace, kind)
    path = workspace / ".ledgersync" / f"{name}.xml"
    program, *arguments = _command(workspace, kind)
    windowless = Path(program).with_name("pythonw.exe")
    program = str(windowless) if windowless.exists() else program
    return Unit(
        path,
        _task_xml(program, subprocess.list2cmdline(arguments), kind),
        (
            ("schtasks", "/Create", "/F", "/TN", name, "/XML", str(path)),
            ("schtasks", "/Run", "/TN", name),
        ),
        (("schtasks", "/End", "/TN", name), ("schtasks", "/Delete", "/F", "/TN", name)),
    )


def _task_xml(program: str, arguments: str, kind: str) -> str:
    """A task of this user alone, at their logon: that needs no administrator.

    The watcher is started again when it ends in error; due commands are looked for again and
    again while the user is logged on.
    """
    user = f"<UserId>{escape(_windows_user())}</UserId>"
    again = "<RestartOnFailure><Interval>PT1M</Interval><Count>99</Count></RestartOnFailure>"
    repeat = f"<Repetition><Interval>PT{EVERY_MINUTES}M</Interval></Repetition>"
    service = kind == SERVICE
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        f"<Triggers><LogonTrigger>{'' if service else repeat}{user}</LogonTrigger></Triggers>\n"
        f'<Principals><Principal id="Author">{user}<LogonType>InteractiveToken</LogonType>'
        "<RunLevel>LeastPrivilege</RunLevel></Principal></Principals>\n"
        "<Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
        "<StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>"
        "<StartWhenAvailable>true</StartWhenAvailable>"
        f"{again if service else ''}<ExecutionTimeLimit>PT0S</ExecutionTimeLimit></Settings>\n"
        f'<Actions Context="Author"><Exec><Command>{escape(program)}</Command>'
        f"<Arguments>{escape(arguments)}</Arguments></Exec></Actions>\n</Task>\n"
    )


def _windows_user() -> str:
    domain, user = os.environ.get("USERDOMAIN"), os.environ.get("USERNAME") or getpass.getuser()
    return f"{domain}\\{user}" if domain else user


def _run(command: Command, text: str) -> None:
    """Runs one command; raises LedgerSyncError when it is not there or fails."""
    if shutil.which(command[0]) is None:
        raise _failed(command, message("{command} 不存在", command=command[0]))
    if command[0] == "crontab":
        done = _edit_crontab(text, add=command[1] == "+")
    else:
        done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        code = message("退出码 {returncode}", returncode=done.returncode)
        reason = done.stderr.strip()
        raise _failed(command, literal(reason, reason) if reason else code)


def _run_if_there(command: Command, text: str) -> None:
    with suppress(LedgerSyncError):
        _run(command, text)


def _edit_crontab(line: str, *, add: bool) -> subprocess.CompletedProcess[str]:
    """Adds or takes away our line, known by its mark; an emptied crontab is removed."""
    listed = subprocess.run(["crontab", "-l"], capture_output=True, text=True)
    now = listed.stdout if listed.returncode == 0 else ""
    mark = line.rsplit("#", 1)[1].strip()
    kept = [known for known in now.splitlines() if not known.endswith(f"# {mark}")]
    lines = [*kept, line.rstrip("\n")] if add else kept
    if not lines:
        command, text = ["crontab", "-r"], None
    else:
        command, text = ["crontab", "-"], "\n".join(lines) + "\n"
    return subprocess.run(command, input=text, capture_output=True, text=True)


def _failed(command: tuple[str, ...], reason: Message) -> LedgerSyncError:
    return LedgerSyncError(
        message("登记失败（{command}）：{reason}", command=command[0], reason=reason),
        message("可用 schedule install --print 看内容，换 --system cron，或者一直开着 watch。"),
    )
