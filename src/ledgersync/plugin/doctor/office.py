"""LibreOffice and the fonts that official documents need."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ledgersync.errors import LedgerSyncError
from ledgersync.messages import message
from ledgersync.plugin.doctor.check import Check, absent, ok, problem, warning
from ledgersync.plugin.install import state, unopkg
from ledgersync.report.word.fonts import installed_fonts, missing_fonts

OLDEST = (7, 0)


def checks() -> Iterator[Check]:
    yield from _libreoffice()
    yield from _fonts()


def _libreoffice() -> Iterator[Check]:
    program = shutil.which("soffice") or _beside(unopkg())
    if program is None:
        yield absent("libreoffice", message("没有安装 LibreOffice"))
        return
    version = parse_version(_output(program, "--version"))
    if version is None or version[:2] < OLDEST:
        shown = ".".join(map(str, version or ("?",)))
        yield problem(
            "libreoffice",
            message("LibreOffice {shown} 太旧", shown=shown),
            message("请升级到 7.0 或更新版本。"),
        )
        return
    shown = ".".join(map(str, version))
    yield ok("libreoffice", message("LibreOffice {shown}", shown=shown))
    yield _extension()


def _extension() -> Check:
    try:
        found = state("libreoffice")
    except LedgerSyncError as fault:
        return Check("libreoffice.addin", "warning", fault.message, fault.next_step)
    if found.installed:
        return ok("libreoffice.addin", message("扩展已安装（{version}）", version=found.version))
    return warning(
        "libreoffice.addin",
        message("LibreOffice 扩展未安装"),
        message("请运行 ledgersync addin install --app libreoffice。"),
    )


def _beside(tool: str | None) -> str | None:
    if tool is None:
        return None
    found = (Path(tool).with_name(name) for name in ("soffice.com", "soffice"))
    return next((str(p) for p in found if p.exists()), None)


def _output(*command: str) -> str:
    """What a program prints, nothing when it does not answer in time."""
    try:
        return subprocess.run(
            command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return ""


def parse_version(text: str) -> tuple[int, ...] | None:
    """`LibreOffice 7.4.7.2 40(Build:2)` → (7, 4, 7, 2)."""
    match = re.search(r"LibreOffice\w* (\d+(?:\.\d+)+)", text)
    return tuple(map(int, match[1].split("."))) if match else None


def _fonts() -> Iterator[Check]:
    installed = installed_fonts()
    missing = missing_fonts(installed)
    if not installed:
        yield absent("fonts", message("无法列出字体"))
    elif missing:
        yield warning(
            "fonts",
            message("缺公文字体：{names}，工作总结会用相近字体", names=missing),
            message("请安装这些字体，或在有字体的电脑上打印。"),
        )
    else:
        yield ok("fonts", message("公文字体齐全"))
