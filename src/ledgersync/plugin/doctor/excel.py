"""Excel as the Windows registry knows it: installed, registered for COM, allowed to run macros."""

import os
import sys
from collections.abc import Iterator

from ledgersync.messages import Message
from ledgersync.plugin.doctor.check import Check, absent, ok, problem, warning
from ledgersync.plugin.install import state

_VERSIONS = ("16.0", "15.0", "14.0")
_SECURITY = r"Software\{policies}Microsoft\Office\{version}\Excel\Security"
_INSTALL = Message(
    "请运行 ledgersync addin install --app excel。", "Run ledgersync addin install --app excel."
)


def checks() -> Iterator[Check]:
    if os.name != "nt":
        yield absent("excel", "不是 Windows：没有 Excel 可查", "Not Windows: no Excel to look at")
        return
    yield from _on_windows()


def _on_windows() -> Iterator[Check]:
    version = excel_version()
    if version is None:
        yield absent("excel", "没有安装 Excel（COM 未注册）", "Excel is not registered for COM")
        return
    yield ok("excel", f"Excel {version}，COM 已注册", f"Excel {version}, registered for COM")
    yield from judge_security(security(version))
    if state("excel").installed:
        yield ok("excel.addin", f"插件已安装：{state('excel').place}", "The add-in is installed")
    else:
        yield warning(
            "excel.addin", Message("Excel 插件未安装", "The add-in is not installed"), _INSTALL
        )


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


def judge_security(settings: dict[str, object]) -> Iterator[Check]:
    """1 all macros, 2 ask (as installed), 3 signed ones only, 4 none."""
    level = settings.get("VBAWarnings", 2)
    if level in (1, 2):
        yield ok("excel.macros", "宏设置允许运行插件", "Macros may run")
    else:
        by = "，由单位策略锁定" if settings.get("VBAWarnings.policy") else ""
        yield problem(
            "excel.macros",
            Message(
                f"宏被禁用（VBAWarnings={level}{by}）", f"Macros are off (VBAWarnings={level})"
            ),
            Message(
                "文件→选项→信任中心→宏设置，选“禁用所有宏，并发出通知”；被策略锁定时请找网管。"
                "不用宏时，工作簿自带的校验仍然有效。",
                "Trust Center > Macro Settings > Disable with notification; or ask your "
                "administrators. The native checks work without macros.",
            ),
        )
    if settings.get("blockcontentexecutionfrominternet") == 1:
        yield warning(
            "excel.internet",
            Message("来自网络的文件中的宏被阻止", "Macros in files from the internet are blocked"),
            Message(
                "对收到的 .xlsm：右键→属性→勾选“解除锁定”。",
                "For an .xlsm that was sent: Properties > Unblock.",
            ),
        )
