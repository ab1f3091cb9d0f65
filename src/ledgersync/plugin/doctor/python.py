"""Python, LedgerSync and xlwings: do they fit together?"""

import os
import platform
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import xlwings

from ledgersync import __version__
from ledgersync.messages import Message
from ledgersync.plugin.doctor.check import Check, ok, problem, warning
from ledgersync.plugin.excel.package import VERSION_FILE
from ledgersync.plugin.settings import load_settings


def checks() -> Iterator[Check]:
    bits = struct.calcsize("P") * 8
    system = f"Python {platform.python_version()} ({bits}-bit, {platform.system()})"
    yield ok("python", f"LedgerSync {__version__}，{system}", f"LedgerSync {__version__}, {system}")
    yield _xlwings(xlwings.__version__, VERSION_FILE.read_text(encoding="ascii").strip())
    if os.name == "nt":
        yield _dll(bits)
    yield from _interpreter(load_settings().interpreter)


def _xlwings(installed: str, built: str) -> Check:
    if installed == built:
        return ok("xlwings", f"xlwings {installed}，与插件一致", f"xlwings {installed} fits")
    return problem(
        "xlwings",
        Message(
            f"xlwings 是 {installed}，插件里的宏按 {built} 生成，Excel 会报“要求对象”",
            f"xlwings is {installed}, the macros were built for {built}: `Object required`",
        ),
        Message(
            f"请安装 xlwings=={built}，或升级 LedgerSync 后重新运行 addin install。",
            f"Install xlwings=={built}, or upgrade LedgerSync and run addin install again.",
        ),
    )


def _dll(bits: int) -> Check:
    """xlwings' DLL lies beside python.exe, and VBA loads it by its versioned name."""
    name = f"xlwings{bits}-{xlwings.__version__}.dll"
    if (Path(sys.prefix) / name).exists() or (Path(sys.base_prefix) / name).exists():
        return ok("xlwings.dll", f"找到 {name}", f"{name} is there")
    return problem(
        "xlwings.dll",
        Message(f"没有找到 {name}", f"{name} is missing"),
        Message(
            "请重装 xlwings（pip install --force-reinstall xlwings），并在杀毒软件里放行。",
            "Reinstall xlwings, and let the antivirus program allow it.",
        ),
    )


def _interpreter(noted: str) -> Iterator[Check]:
    if noted and not Path(noted).exists():
        yield warning(
            "interpreter",
            Message(f"插件记着的 Python 不见了：{noted}", f"The noted Python is gone: {noted}"),
            Message("请重新运行 ledgersync addin install。", "Run ledgersync addin install again."),
        )
