"""`addin install|uninstall|status`: the user's own folders only, no administrator's rights.

Uninstalling leaves nothing behind: the add-in, our line in xlwings' configuration and our own
`plugin.json` go; what was there before stays.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError, UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.plugin.calc.oxt import IDENTIFIER, build_oxt
from ledgersync.plugin.excel.package import ADDIN_NAME, addin_config, build_addin
from ledgersync.plugin.settings import Settings, load_settings, remove_settings, save_settings

Application = Literal["excel", "libreoffice"]
LIMIT = 180  # seconds; unopkg waits for ever while LibreOffice runs on the same profile


class AddinFault(LedgerSyncError):
    """The add-in could not be installed or removed."""


@dataclass(frozen=True, slots=True)
class AddinState:
    """Whether the add-in is there; `place` is a path, or the reason why nobody knows."""

    app: Application
    installed: bool
    place: str = ""
    version: str = ""


def interpreter() -> str:
    """The Python that Excel shall start: without a console window on Windows."""
    windowless = Path(sys.executable).with_name("pythonw.exe")
    return str(windowless if windowless.exists() else Path(sys.executable))


def remember(workspace: Path | None, staff: str) -> Path:
    """Note workspace, person and interpreter down; what is not given stays as it was."""
    known = load_settings()
    return save_settings(
        Settings(
            workspace=str(workspace.resolve()) if workspace else known.workspace,
            staff=staff or known.staff,
            interpreter=interpreter(),
        )
    )


def install(app: Application) -> AddinState:
    return _install_excel() if app == "excel" else _install_libreoffice()


def uninstall(app: Application) -> bool:
    """Whether there was anything to remove; the last one takes the settings along."""
    removed = _uninstall_excel() if app == "excel" else _uninstall_libreoffice()
    other: Application = "libreoffice" if app == "excel" else "excel"
    if not is_present(other) or not state(other).installed:
        removed = remove_settings() or removed
    return removed


def state(app: Application) -> AddinState:
    if app == "libreoffice":
        return _libreoffice_state()
    path = _xlstart() / ADDIN_NAME
    return AddinState("excel", path.is_file(), str(path) if path.is_file() else "")


def is_present(app: Application) -> bool:
    """The program could be here: a user's Office folder, an `unopkg`."""
    return bool(os.environ.get("APPDATA")) if app == "excel" else unopkg() is not None


def _xlstart() -> Path:
    """Excel opens every workbook in it; it is a trusted location unless somebody changed that."""
    roaming = os.environ.get("APPDATA")
    if not roaming:
        raise UsageFault(
            message("Excel 插件只能装在 Windows 上。"),
            message("这台电脑请用 --app libreoffice；WPS 用户不装插件也有完整的表内校验。"),
        )
    return Path(roaming) / "Microsoft" / "Excel" / "XLSTART"


def _install_excel() -> AddinState:
    target = _xlstart() / ADDIN_NAME
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        build_addin(target, addin_config(interpreter()))
    except PermissionError as error:
        raise _in_use("Excel") from error
    _note_interpreter(_user_config())
    return state("excel")


def _uninstall_excel() -> bool:
    target = _xlstart() / ADDIN_NAME
    found = target.is_file()
    try:
        target.unlink(missing_ok=True)
    except PermissionError as error:
        raise _in_use("Excel") from error
    return _forget_interpreter(_user_config()) or found


def _in_use(program: str) -> AddinFault:
    return AddinFault(
        message("{program} 正在使用插件。", program=program),
        message("请关闭所有 {program} 窗口后重试。", program=program),
    )


def _user_config() -> Path:
    """xlwings' own file, which macro templates read; it may hold other people's settings."""
    home = os.environ.get("USERPROFILE") or str(Path.home())
    return Path(home) / ".xlwings" / "xlwings.conf"


def _interpreter_line() -> str:
    return f'"INTERPRETER_WIN","{interpreter()}"'


def _note_interpreter(path: Path) -> None:
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    if not any(line.upper().startswith('"INTERPRETER_WIN"') for line in lines):
        atomic_write(path, "\n".join([*lines, _interpreter_line(), ""]))


def _forget_interpreter(path: Path) -> bool:
    if not path.is_file():
        return False
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if line != _interpreter_line()]
    if kept == lines:
        return False
    if kept:
        atomic_write(path, "\n".join([*kept, ""]))
    else:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return True


def unopkg() -> str | None:
    """LibreOffice's package manager, from PATH or its usual Windows folders."""
    found = shutil.which("unopkg")
    if found:
        return found
    roots = (os.environ.get("PROGRAMFILES"), os.environ.get("PROGRAMFILES(X86)"))
    usual = (Path(r) / "LibreOffice" / "program" / "unopkg.com" for r in roots if r)
    return next((str(p) for p in usual if p.exists()), None)


def _run_unopkg(*arguments: str) -> str:
    program = unopkg()
    if program is None:
        raise UsageFault(
            message("没有找到 LibreOffice（unopkg）。"),
            message("请先安装 LibreOffice 7.0 或更新版本。"),
        )
    try:
        done = subprocess.run(
            [program, *arguments],
            capture_output=True,
            text=True,
            timeout=LIMIT,
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired as error:
        raise _in_use("LibreOffice") from error
    if done.returncode != 0:
        raise _refused(done.stdout + done.stderr)
    return done.stdout


def _refused(output: str) -> AddinFault:
    reason = next((line for line in output.splitlines() if "ERROR" in line), output.strip()[:200])
    return AddinFault(
        message("LibreOffice 拒绝了：{reason}", reason=reason),
        message("请关闭 LibreOffice，用普通用户（不是 root）再试。"),
    )


def _install_libreoffice() -> AddinState:
    with tempfile.TemporaryDirectory() as folder:
        extension = build_oxt(Path(folder) / "LedgerSync.oxt")
        _run_unopkg("add", "--force", "--suppress-license", str(extension))
    return _libreoffice_state()


def _uninstall_libreoffice() -> bool:
    if not _libreoffice_state().installed:
        return False
    _run_unopkg("remove", IDENTIFIER)
    return True


def _libreoffice_state() -> AddinState:
    listing = _run_unopkg("list")
    block = re.search(
        rf"Identifier: {re.escape(IDENTIFIER)}\s+Version: (\S+)\s+URL: (\S+)", listing
    )
    if block is None:
        return AddinState("libreoffice", False)
    return AddinState("libreoffice", True, readable_place(block[2]), block[1])


def readable_place(url: str) -> str:
    """Where an extension lies, as a path; LibreOffice names it by a URL of its own.

    `vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/LedgerSync.oxt`.
    """
    _, cache, rest = url.partition("$UNO_USER_PACKAGES_CACHE/")
    if cache:
        return str(_packages() / unquote(rest))
    return url2pathname(urlsplit(url).path) if url.startswith("file:") else unquote(url)


def _packages() -> Path:
    """The user's own packages in LibreOffice's usual profile."""
    roaming = os.environ.get("APPDATA")
    home = Path.home()
    profile = home / ".config" / "libreoffice"
    if roaming:
        profile = Path(roaming) / "LibreOffice"
    elif sys.platform == "darwin":
        profile = home / "Library" / "Application Support" / "LibreOffice"
    return profile / "4" / "user" / "uno_packages" / "cache"
