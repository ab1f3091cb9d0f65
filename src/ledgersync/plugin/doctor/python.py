"""Python, LedgerSync and xlwings: do they fit together?"""

import os
import platform
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

import xlwings

from ledgersync import __version__
from ledgersync.messages import message
from ledgersync.plugin.doctor.check import Check, ok, problem, warning
from ledgersync.plugin.excel.package import VERSION_FILE
from ledgersync.plugin.settings import load_settings


def checks() -> Iterator[Check]:
    bits = struct.calcsize("P") * 8
    system = f"Python {platform.python_version()} ({bits}-bit, {platform.system()})"
    yield ok(
        "python", message("LedgerSync {version}，{system}", version=__version__, system=system)
    )
    yield _xlwings(xlwings.__version__, VERSION_FILE.read_text(encoding="ascii").strip())
    if os.name == "nt":
        yield _dll(bits)
    yield from _interpreter(load_settings().interpreter)


def _xlwings(installed: str, built: str) -> Check:
    if installed == built:
        return ok("xlwings", message("xlwings {version}，与插件一致", version=installed))
    return problem(
        "xlwings",
        message(
            "xlwings 是 {installed}，插件里的宏按 {built} 生成，Excel 会报“要求对象”",
            installed=installed,
            built=built,
        ),
        message(
            "请安装 xlwings=={built}，或升级 LedgerSync 后重新运行 addin install。", built=built
        ),
    )


def _dll(bits: int) -> Check:
    """xlwings' DLL lies beside python.exe, and VBA loads it by its versioned name."""
    name = f"xlwings{bits}-{xlwings.__version__}.dll"
    if (Path(sys.prefix) / name).exists() or (Path(sys.base_prefix) / name).exists():
        return ok("xlwings.dll", message("找到 {name}", name=name))
    return problem(
        "xlwings.dll",
        message("没有找到 {name}", name=name),
        message("请重装 xlwings（pip install --force-reinstall xlwings），并在杀毒软件里放行。"),
    )


def _interpreter(noted: str) -> Iterator[Check]:
    if noted and not Path(noted).exists():
        yield warning(
            "interpreter",
            message("插件记着的 Python 不见了：{noted}", noted=noted),
            message("请重新运行 ledgersync addin install。"),
        )
