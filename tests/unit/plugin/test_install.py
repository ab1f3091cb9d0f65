"""Installing for Excel, and what doctor makes of a registry: what can be tried without Windows."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledgersync.cli import cli
from ledgersync.errors import UsageFault
from ledgersync.plugin import install, settings
from ledgersync.plugin.doctor import examine, excel, office, python
from ledgersync.plugin.excel.package import ADDIN_NAME
from ledgersync.report.word.fonts import missing_fonts


@pytest.fixture
def windows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folders of a Windows user, as the environment names them."""
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))  # no LibreOffice
    monkeypatch.setattr(settings, "settings_file", lambda: tmp_path / "cfg" / "plugin.json")
    return tmp_path


def everything(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_install_and_uninstall_leave_nothing_behind(windows: Path) -> None:
    state = install.install("excel")
    install.remember(None, "王芳")
    addin = f"Roaming/Microsoft/Excel/XLSTART/{ADDIN_NAME}"
    assert state.installed and everything(windows) == [
        ".xlwings/xlwings.conf", addin, "cfg/plugin.json",
    ]  # fmt: skip
    assert settings.load_settings().staff == "王芳"
    assert install.uninstall("excel") is True
    assert everything(windows) == []
    assert not (windows / ".xlwings").exists()
    assert install.uninstall("excel") is False


def test_settings_of_others_stay(windows: Path) -> None:
    config = windows / ".xlwings" / "xlwings.conf"
    config.parent.mkdir()
    config.write_text('"SHOW CONSOLE","True"\n', encoding="utf-8")
    install.install("excel")
    assert "INTERPRETER_WIN" in config.read_text(encoding="utf-8")
    install.uninstall("excel")
    assert config.read_text(encoding="utf-8") == '"SHOW CONSOLE","True"\n'
    config.write_text('"INTERPRETER_WIN","C:\\other\\python.exe"\n', encoding="utf-8")
    install.install("excel")
    install.uninstall("excel")
    assert config.read_text(encoding="utf-8") == '"INTERPRETER_WIN","C:\\other\\python.exe"\n'


def test_excel_off_windows_is_refused_with_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("APPDATA", raising=False)
    with pytest.raises(UsageFault) as refused:
        install.install("excel")
    assert "--app libreoffice" in refused.value.next_step.zh


def test_addin_commands(windows: Path) -> None:
    run = CliRunner().invoke
    done = run(cli, ["addin", "install", "--app", "excel", "--staff", "王芳"])
    assert done.exit_code == 0 and "已安装" in done.output
    assert '"installed": true' in run(cli, ["addin", "status", "--json"]).output
    assert "已卸载" in run(cli, ["addin", "uninstall", "--app", "excel"]).output


def test_an_addin_for_somebody_who_does_not_exist_is_refused(windows: Path) -> None:
    place = windows / "社区"
    init = ["init", str(place), "--name", "幸福社区", "--code", "360702001001"]
    run = CliRunner().invoke
    assert run(cli, [*init, "--level", "community"]).exit_code == 0
    assert run(cli, ["-C", str(place), "staff", "add", "王芳"]).exit_code == 0
    wrong = run(cli, ["-C", str(place), "addin", "install", "--app", "excel", "--staff", "王方"])
    assert isinstance(wrong.exception, UsageFault) and "没有 王方" in wrong.exception.message.zh
    assert not install.state("excel").installed, "nothing is installed and noted down"
    assert settings.load_settings().staff == ""
    right = run(cli, ["-C", str(place), "addin", "install", "--app", "excel", "--staff", "王芳"])
    assert right.exit_code == 0 and settings.load_settings().staff == "王芳"


@pytest.mark.parametrize(
    ("url", "path"),
    [
        (
            "vnd.sun.star.expand:$UNO_USER_PACKAGES_CACHE/uno_packages/lu1.tmp_/Ledger%20Sync.oxt",
            "Roaming/LibreOffice/4/user/uno_packages/cache/uno_packages/lu1.tmp_/Ledger Sync.oxt",
        ),
        ("file:///home/u/%E5%8F%B0%E8%B4%A6/LedgerSync.oxt", "/home/u/台账/LedgerSync.oxt"),
        ("LedgerSync.oxt", "LedgerSync.oxt"),
    ],
    ids=["of the program", "of the system", "a name"],
)
def test_where_an_extension_lies_is_a_path(windows: Path, url: str, path: str) -> None:
    found = install.readable_place(url).removeprefix(f"{windows}{os.sep}")
    assert found == path.replace("/", os.sep)


@pytest.mark.parametrize(
    ("values", "states"),
    [
        ({}, ["ok"]),
        ({"VBAWarnings": 1}, ["ok"]),
        ({"VBAWarnings": 3}, ["problem"]),
        ({"VBAWarnings": 4, "VBAWarnings.policy": True}, ["problem"]),
        ({"blockcontentexecutionfrominternet": 1}, ["ok", "warning"]),
    ],
)
def test_trust_center(values: dict[str, object], states: list[str]) -> None:
    found = list(excel.macro_check(values))
    assert [c.state for c in found] == states
    assert all(c.advice for c in found if c.state != "ok")


def test_versions_and_fonts() -> None:
    assert office.parse_version("LibreOffice 7.4.7.2 40(Build:2)") == (7, 4, 7, 2)
    assert office.parse_version("") is None
    assert missing_fonts("FangSong\nSimHei\nKaiTi\nFZXiaoBiaoSong-B05S") == []
    assert missing_fonts("DejaVu Sans") == ["仿宋", "小标宋", "黑体", "楷体"]
    assert python._xlwings("0.37.8", "0.37.8").state == "ok"
    assert python._xlwings("0.38.0", "0.37.8").state == "problem"


def test_doctor_looks_at_a_workspace_that_is_none(tmp_path: Path, windows: Path) -> None:
    found = {c.id: c for c in examine(tmp_path / "nowhere")}
    assert found["python"].state == "ok"
    assert found["workspace"].state == "problem" and found["workspace"].advice
