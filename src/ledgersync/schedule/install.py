"""Registers the schedule with the operating system, and takes it back; the text is shown first.

Windows: Task Scheduler (no admin rights: the user's own tasks). Linux: systemd user units, or a
crontab line where there is no systemd.
"""

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

from ledgersync.errors import LedgerSyncError, Message

SERVICE, TIMER = "service", "timer"
EVERY_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Unit:
    """A file to write (`path` None: handed to a program), and the commands around it."""

    path: Path | None
    text: str
    install: tuple[tuple[str, ...], ...]
    remove: tuple[tuple[str, ...], ...]


def units_for(workspace: Path, kind: str, system: str | None = None) -> list[Unit]:
    """What `install` would write: for `service` the watcher, for `timer` the due commands."""
    system = system or _system()
    if system == "windows":
        return [_windows_task(workspace, kind)]
    if system == "systemd":
        return _systemd(workspace, kind)
    return [_cron(workspace, kind)]


def install(units: list[Unit]) -> None:
    """Writes the files and runs the commands; raises LedgerSyncError when one fails."""
    for unit in units:
        if unit.path is not None:
            unit.path.parent.mkdir(parents=True, exist_ok=True)
            unit.path.write_text(unit.text, encoding="utf-16" if _is_task(unit) else "utf-8")
    for unit in units:
        for command in unit.install:
            _run(command, unit.text)


def remove(units: list[Unit]) -> None:
    """Takes back what `install` did; what is not there is passed over."""
    for unit in units:
        for command in unit.remove:
            _run(command, unit.text, strict=False)
        if unit.path is not None:
            unit.path.unlink(missing_ok=True)


def _is_task(unit: Unit) -> bool:
    return unit.path is not None and unit.path.suffix == ".xml"


def _system() -> str:
    if sys.platform == "win32":
        return "windows"
    return "systemd" if Path("/run/systemd/system").is_dir() else "cron"


def _name(workspace: Path, kind: str) -> str:
    tail = hashlib.sha256(str(workspace).encode()).hexdigest()[:8]
    return f"ledgersync-{kind}-{tail}"


def _command(workspace: Path, kind: str) -> list[str]:
    what = ["watch"] if kind == SERVICE else ["schedule", "run"]
    return [sys.executable, "-m", "ledgersync", "-C", str(workspace), *what]


def _systemd(workspace: Path, kind: str) -> list[Unit]:
    name, folder = _name(workspace, kind), _config_home() / "systemd" / "user"
    line = " ".join(_systemd_word(w) for w in _command(workspace, kind))
    restart = "Restart=on-failure\nRestartSec=20\n" if kind == SERVICE else "Type=oneshot\n"
    wanted = "\n[Install]\nWantedBy=default.target\n" if kind == SERVICE else ""
    service = Unit(
        folder / f"{name}.service",
        f"[Unit]\nDescription=LedgerSync {kind} {workspace}\n\n"
        f"[Service]\nExecStart={line}\n{restart}{wanted}",
        (("systemctl", "--user", "daemon-reload"),)
        + ((("systemctl", "--user", "enable", "--now", f"{name}.service"),) * (kind == SERVICE)),
        (("systemctl", "--user", "disable", "--now", f"{name}.service"),) * (kind == SERVICE),
    )
    if kind == SERVICE:
        return [service]
    timer = Unit(
        folder / f"{name}.timer",
        f"[Unit]\nDescription=LedgerSync {workspace}\n\n[Timer]\nOnBootSec=2min\n"
        f"OnUnitActiveSec={EVERY_MINUTES}min\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target\n",
        (("systemctl", "--user", "enable", "--now", f"{name}.timer"),),
        (("systemctl", "--user", "disable", "--now", f"{name}.timer"),),
    )
    return [service, timer]


def _systemd_word(word: str) -> str:
    quoted = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
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
        (("schtasks", "/Create", "/F", "/TN", name, "/XML", str(path)),),
        (("schtasks", "/Delete", "/F", "/TN", name),),
    )


def _task_xml(program: str, arguments: str, kind: str) -> str:
    repeat = f"<Repetition><Interval>PT{EVERY_MINUTES}M</Interval></Repetition>"
    trigger = (
        f"<LogonTrigger>{'' if kind == SERVICE else repeat}<Enabled>true</Enabled></LogonTrigger>"
    )
    return (
        '<?xml version="1.0" encoding="UTF-16"?>\n'
        '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">\n'
        f"<Triggers>{trigger}</Triggers>\n"
        "<Settings><MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>"
        "<DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>"
        "<StartWhenAvailable>true</StartWhenAvailable>"
        "<ExecutionTimeLimit>PT0S</ExecutionTimeLimit></Settings>\n"
        f"<Actions><Exec><Command>{escape(program)}</Command>"
        f"<Arguments>{escape(arguments)}</Arguments></Exec></Actions>\n</Task>\n"
    )


def _run(command: tuple[str, ...], text: str, *, strict: bool = True) -> None:
    if command[0] == "crontab":
        _edit_crontab(text, add=command[1] == "+")
        return
    if shutil.which(command[0]) is None:
        raise _failed(command, f"{command[0]} 不存在")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if strict and done.returncode:
        raise _failed(command, done.stderr.strip() or str(done.returncode))


def _edit_crontab(line: str, *, add: bool) -> None:
    if shutil.which("crontab") is None:
        raise _failed(("crontab",), "crontab 不存在")
    now = subprocess.run(["crontab", "-l"], capture_output=True, text=True, check=False).stdout
    mark = line.rsplit("#", 1)[1].strip()
    kept = [known for known in now.splitlines() if not known.endswith(f"# {mark}")]
    text = "\n".join([*kept, *([line.rstrip("\n")] if add else [])])
    subprocess.run(["crontab", "-"], input=f"{text}\n" if text else "", text=True, check=True)


def _failed(command: tuple[str, ...], reason: str) -> LedgerSyncError:
    return LedgerSyncError(
        Message(f"登记失败（{command[0]}）：{reason}", f"Registering failed: {reason}"),
        Message(
            "可用 schedule install --print 看内容，请管理员登记；或者一直开着 watch。",
            "See schedule install --print, or keep watch running.",
        ),
    )
