"""What is registered with the operating system, and that nothing of it stays behind."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ledgersync.cli import main
from ledgersync.errors import LedgerSyncError
from ledgersync.schedule.install import SERVICE, TIMER, install, remove, this_system, units_for

TASK = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
ROOT = Path("/data/幸福 社区 50%")


def words(text: str) -> list[str]:
    """systemd's reading of a command line: quotes, `%%`, `$$`."""
    line = re.search(r"(?m)^ExecStart=(.*)$", text)
    assert line
    return [w.replace("%%", "%").replace("$$", "$") for w in shlex.split(line[1])]


def command(*what: str) -> list[str]:
    return [sys.executable, "-m", "ledgersync", "-q", "-C", str(ROOT), *what]


def test_the_windows_service_starts_at_this_users_logon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USERDOMAIN", "SHEQU")
    monkeypatch.setenv("USERNAME", "王<芳>")
    [unit] = units_for(ROOT, SERVICE, "windows")
    task = ElementTree.fromstring(unit.text.encode("utf-16"))
    users = [e.text for e in task.iter(f"{TASK}UserId")]
    assert users == ["SHEQU\\王<芳>"] * 2, "a trigger for all users would need an administrator"
    assert task.find(f".//{TASK}LogonTrigger/{TASK}Repetition") is None
    assert task.findtext(f".//{TASK}RunLevel") == "LeastPrivilege"
    settings = task.find(f"{TASK}Settings")
    assert settings is not None
    told = {e.tag.removeprefix(TASK): e.text for e in settings}
    assert told["ExecutionTimeLimit"] == "PT0S", "else Windows ends it after three days"
    assert told["StopIfGoingOnBatteries"] == told["DisallowStartIfOnBatteries"] == "false"
    assert told["MultipleInstancesPolicy"] == "IgnoreNew"
    assert settings.findtext(f"{TASK}RestartOnFailure/{TASK}Interval") == "PT1M"
    assert task.findtext(f".//{TASK}Command") == sys.executable
    assert task.findtext(f".//{TASK}Arguments") == f'-m ledgersync -q -C "{ROOT}" watch'


def test_the_windows_timer_looks_again_and_again() -> None:
    [unit] = units_for(ROOT, TIMER, "windows")
    task = ElementTree.fromstring(unit.text.encode("utf-16"))
    trigger = task.find(f".//{TASK}LogonTrigger")
    assert trigger is not None
    assert [e.tag.removeprefix(TASK) for e in trigger] == ["Repetition", "UserId"]
    assert trigger.findtext(f"{TASK}Repetition/{TASK}Interval") == "PT10M"
    assert task.findtext(f".//{TASK}Arguments") == f'-m ledgersync -q -C "{ROOT}" schedule run'
    assert task.find(f".//{TASK}RestartOnFailure") is None


@pytest.mark.parametrize("kind", [SERVICE, TIMER])
def test_systemd_units(kind: str) -> None:
    units = units_for(ROOT, kind, "systemd")
    what = ["watch"] if kind == SERVICE else ["schedule", "run"]
    assert words(units[0].text) == command(*what)
    suffixes = [u.path.suffix for u in units if u.path]
    assert suffixes == ([".service"] if kind == SERVICE else [".service", ".timer"])


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd-analyze is not here")
@pytest.mark.parametrize("kind", [SERVICE, TIMER])
def test_systemd_itself_finds_nothing_wrong(kind: str, tmp_path: Path) -> None:
    paths = []
    for unit in units_for(ROOT, kind, "systemd"):
        assert unit.path
        (tmp_path / unit.path.name).write_text(unit.text, encoding="utf-8")
        paths.append(str(tmp_path / unit.path.name))
    done = subprocess.run(
        ["systemd-analyze", "--user", "verify", "--man=no", *paths],
        capture_output=True,
        text=True,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )
    ours = [line for line in done.stderr.splitlines() if "ledgersync" in line]
    assert ours == []


@pytest.mark.parametrize(("kind", "when"), [(SERVICE, "@reboot"), (TIMER, "*/10 * * * *")])
def test_a_crontab_line(kind: str, when: str) -> None:
    [unit] = units_for(ROOT, kind, "cron")
    assert unit.text.startswith(f"{when} ") and unit.text.count("\n") == 1
    line, mark = unit.text.removeprefix(f"{when} ").rsplit("#", 1)
    what = ["watch"] if kind == SERVICE else ["schedule", "run"]
    assert shlex.split(line.replace("\\%", "%").split(" >")[0]) == command(*what)
    assert "%" not in line.replace("\\%", ""), "cron ends a command at a bare %"
    assert mark.strip().startswith(f"ledgersync-{kind}-")


# No `#!` may have a space: both a shell and Python read the first lines.
FAKE = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import os, pathlib, sys
home = pathlib.Path(os.environ["FAKE_HOME"])
name = pathlib.Path(sys.argv[0]).name
with (home / "calls").open("a") as log:
    log.write(" ".join([name, *sys.argv[1:]]) + "\\n")
if (home / "broken").exists() and "enable" in sys.argv:
    sys.exit("Failed to connect to bus")
if name == "crontab":
    tab = home / "tab"
    if sys.argv[1] == "-l":
        sys.exit("no crontab") if not tab.exists() else print(tab.read_text(), end="")
    elif sys.argv[1] == "-r":
        tab.unlink()
    else:
        tab.write_text(sys.stdin.read())
if "/XML" in sys.argv:
    pathlib.Path(sys.argv[-1]).read_bytes().decode("utf-16")
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose schedulers only note what they are told."""
    programs, home = tmp_path / "bin", tmp_path / "home"
    programs.mkdir()
    home.mkdir()
    for name in ("schtasks", "systemctl", "crontab"):
        (programs / name).write_text(FAKE.format(python=sys.executable))
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("FAKE_HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home / "config"))
    return home


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.parametrize("kind", [SERVICE, TIMER])
@pytest.mark.parametrize("system", ["windows", "systemd", "cron"])
def test_what_is_registered_is_taken_back_whole(
    machine: Path, tmp_path: Path, kind: str, system: str
) -> None:
    root = tmp_path / "w"
    (root / ".ledgersync").mkdir(parents=True)
    before = files(root), files(machine)
    install(units_for(root, kind, system))
    assert files(root) | files(machine) > before[0] | before[1]
    install(units_for(root, kind, system))  # twice is once
    if system == "cron":
        assert (machine / "tab").read_text().count("ledgersync-") == 1
    remove(units_for(root, kind, system))
    calls = (machine / "calls").read_text().splitlines()
    (machine / "calls").unlink()
    assert (files(root), files(machine)) == before
    if system == "windows":
        assert calls[-1].startswith("schtasks /Delete /F /TN ledgersync-")
    if system == "systemd":
        assert calls[-1] == "systemctl --user daemon-reload"
        assert any("disable --now" in call for call in calls)
    remove(units_for(root, kind, system))  # nothing there: nothing to complain of


def test_other_peoples_crontab_lines_stay(machine: Path, tmp_path: Path) -> None:
    own = "MAILTO=me\n0 3 * * * backup # nightly\n"
    (machine / "tab").write_text(own)
    for kind in (SERVICE, TIMER):
        install(units_for(tmp_path, kind, "cron"))
    assert (machine / "tab").read_text().startswith(own)
    assert len((machine / "tab").read_text().splitlines()) == 4
    for kind in (SERVICE, TIMER):
        remove(units_for(tmp_path, kind, "cron"))
    assert (machine / "tab").read_text() == own


def test_a_failed_registration_leaves_nothing_behind(machine: Path, tmp_path: Path) -> None:
    (machine / "broken").touch()
    with pytest.raises(LedgerSyncError) as failed:
        install(units_for(tmp_path, TIMER, "systemd"))
    assert "Failed to connect to bus" in failed.value.message.zh
    assert files(machine / "config") == set()


def test_without_the_program_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(LedgerSyncError) as failed:
        install(units_for(tmp_path, TIMER, "cron"))
    assert "crontab 不存在" in failed.value.message.zh
    remove(units_for(tmp_path, TIMER, "cron"))


def test_the_command_shows_the_text_first(
    machine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "ledgersync.toml").write_text(
        '[unit]\ncode = "360702001001"\nname = "幸福社区"\nlevel = "community"\n', "utf-8"
    )
    arguments = ["-C", str(tmp_path), "schedule", "install", "--service", "--system", "systemd"]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, "--print"])
    assert ended.value.code == 0 and files(machine) == set()
    shown = capsys.readouterr().out
    assert "ExecStart=" in shown and ".service" in shown
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 0
    assert capsys.readouterr().out.startswith(shown)
    with pytest.raises(SystemExit):
        main(["-C", str(tmp_path), "schedule", "uninstall", "--service", "--system", "systemd"])
    assert files(machine) == {"calls"}


def test_this_machine_has_one_of_them() -> None:
    assert this_system() in ("windows", "systemd", "cron")
