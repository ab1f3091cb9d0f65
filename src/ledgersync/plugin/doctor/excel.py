"""Excel as the Windows registry knows it: installed, registered for COM, allowed to run macros."""

import os
import sys
from collections.abc import Iterator

from ledgersync.messages import message
from ledgersync.plugin.doctor.check import Check, absent, ok, problem, warning
from ledgersync.plugin.install import state

_VERSIONS = ("16.0", "15.0", "14.0")
_SECURITY = r"Software\{policies}Microsoft\Office\{version}\Excel\Security"
_INSTALL = message("请运行 ledgersync addin install --app excel。")


def checks() -> Iterator[Check]:
    if os.name != "nt":
        yield absent("excel", message("不是 Windows：没有 Excel 可查"))
        return
    yield from _on_windows()


def _on_windows() -> Iterator[Check]:
    version = excel_version()
    if version is None:
        yield absent("excel", message("没有安装 Excel（COM 未注册）"))
        return
    yield ok("excel", message("Excel {version}，COM 已注册", version=version))
    yield from macro_check(security(version))
    if state("excel").installed:
        yield ok("excel.addin", message("插件已安装：{place}", place=str(state("excel").place)))
    else:
        yield warning("excel.addin", message("Excel 插件未安装"), _INSTALL)


def read_registry(hive: str, path: str, name: str) -> object | None:
    """A value of the registry, None when there is none or this is not Windows."""
    if sys.platform != "win32":
        return None
    import winreg

    root = winreg.HKEY_CLASSES_ROOT if hive == "HKCR" else winreg.HKEY_CURRENT_USER
    try:
        with winreg.OpenKey(root, path) as key:
            value: object = winreg.QueryValueEx(key, name)[0]
            return value
    except OSError:
        return None


def excel_version() -> str | None:
    """`16.0` from `Excel.Application.16`, None when COM does not know Excel."""
    current = read_registry("HKCR", r"Excel.Application\CurVer", "")
    if not isinstance(current, str):
        return None
    major = current.rpartition(".")[2]
    return next((v for v in _VERSIONS if v.startswith(f"{major}.")), f"{major}.0")


def security(version: str) -> dict[str, object]:
    """Trust Center's settings; a policy of the office's administrators wins."""
    found: dict[str, object] = {}
    for policies in ("", "Policies\\"):
        path = _SECURITY.format(policies=policies, version=version)
        for name in ("VBAWarnings", "blockcontentexecutionfrominternet"):
            value = read_registry("HKCU", path, name)
            if value is not None:
                found[name] = value
                found[f"{name}.policy"] = bool(policies)
    return found


def macro_check(settings: dict[str, object]) -> Iterator[Check]:
    """1 all macros, 2 ask (as installed), 3 signed ones only, 4 none."""
    level = settings.get("VBAWarnings", 2)
    if level in (1, 2):
        yield ok("excel.macros", message("宏设置允许运行插件"))
    else:
        by = message("，由单位策略锁定") if settings.get("VBAWarnings.policy") else ""
        yield problem(
            "excel.macros",
            message("宏被禁用（VBAWarnings={level}{by}）", level=str(level), by=by),
            message(
                "文件→选项→信任中心→宏设置，选“禁用所有宏，并发出通知”；被策略锁定时"
                "请找网管。不用宏时，工作簿自带的校验仍然有效。"
            ),
        )
    if settings.get("blockcontentexecutionfrominternet") == 1:
        yield warning(
            "excel.internet",
            message("来自网络的文件中的宏被阻止"),
            message("对收到的 .xlsm：右键→属性→勾选“解除锁定”。"),
        )
