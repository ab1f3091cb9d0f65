"""Macro workbooks made from the projects in `data/`: the add-in, and templates with macros.

Nothing here needs Windows, Excel or pyOpenVBA: the projects were compiled when LedgerSync was
built (`ledgersync.plugin.excel.build`), and are put into workbooks as they are.
"""

import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import quoteattr

from xlsxwriter import Workbook

from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.plugin.buttons import BUTTONS
from ledgersync.schema import Catalog, LedgerSchema
from ledgersync.workbook.build import build_template

DATA = Path(__file__).with_name("data")
VERSION_FILE = DATA / "xlwings.txt"  # the version whose DLL the projects name
ADDIN_NAME = "LedgerSync.xlam"
CONFIG_SHEET = "xlwings.conf"
RIBBON_PART = "customUI/customUI14.xml"
_SHEET = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_ADDIN = b"application/vnd.ms-excel.addin.macroEnabled.main+xml"
_RIBBON = "http://schemas.microsoft.com/office/2009/07/customui"
_RELATION = (
    '<Relationship Id="rIdLedgerSync" Type="http://schemas.microsoft.com/office/2007/'
    f'relationships/ui/extensibility" Target="{RIBBON_PART}"/>'
)
_IMAGES = {
    "check": "ReviewAcceptChange",
    "submit": "FileSave",
    "update": "Refresh",
    "conflicts": "ReviewCompareMenu",
    "about": "Info",
}


def vba_project(name: str) -> bytes:
    """The compiled project of a ledger's template, or `addin`. Raises UsageFault."""
    path = DATA / f"{name}.bin"
    if not path.is_file():
        raise UsageFault(
            message("台账 {name} 没有带宏的模板。", name=name),
            message("请使用不带宏的模板。"),
        )
    return path.read_bytes()


def build_macro_template(
    path: Path, ledger: LedgerSchema, catalog: Catalog, *, today: date, unit: str = "",
    seed: str | None = None,
) -> None:  # fmt: skip
    """An empty `.xlsm` of a ledger with functions, macros and ribbon."""
    project = vba_project(ledger.id)
    build_template(path, ledger, catalog, today=today, unit=unit, seed=seed, vba=project)
    rewrite(path, with_ribbon)


def build_addin(path: Path, config: Mapping[str, str]) -> None:
    """The `.xlam`; `config` becomes xlwings' configuration sheet inside it."""
    with Workbook(str(path), {"in_memory": True}) as workbook:
        workbook.set_properties({"title": "LedgerSync", "created": None})
        sheet = workbook.add_worksheet(CONFIG_SHEET)
        for row, (key, value) in enumerate(config.items()):
            sheet.write_string(row, 0, key)
            sheet.write_string(row, 1, value)
        workbook.add_vba_project(BytesIO(vba_project("addin")), is_stream=True)
    rewrite(path, lambda name, content: with_ribbon(name, content.replace(_SHEET, _ADDIN)))


def addin_config(interpreter: str) -> dict[str, str]:
    """xlwings' settings: which Python, one server for all calls, no console, our module."""
    return {
        "INTERPRETER_WIN": interpreter,
        "UDF MODULES": "ledgersync.plugin.excel.udfs",
        "USE UDF SERVER": "True",
        "SHOW CONSOLE": "False",
        "ADD_WORKBOOK_TO_PYTHONPATH": "False",
    }


def with_ribbon(name: str, content: bytes) -> bytes:
    """A part of the package with the link to the ribbon; other parts as they are."""
    if name == "_rels/.rels":
        return content.replace(b"</Relationships>", f"{_RELATION}</Relationships>".encode())
    return content


def ribbon() -> str:
    """The tab 台账同步, one button for each of `BUTTONS`."""
    buttons = "\n".join(
        f'<button id="ls_{b.id}" tag="{b.id}" label={quoteattr(b.caption)} size="large"'
        f' imageMso="{_IMAGES[b.id]}" screentip={quoteattr(b.caption)}'
        f' supertip={quoteattr(b.tip)} onAction="LS_OnButton"/>'
        for b in BUTTONS.values()
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<customUI xmlns="{_RIBBON}"><ribbon><tabs>\n'
        '<tab id="ls_tab" label="台账同步"><group id="ls_group" label="台账同步">\n'
        f"{buttons}\n</group></tab>\n</tabs></ribbon></customUI>\n"
    )


def rewrite(path: Path, changed: Callable[[str, bytes], bytes]) -> None:
    """Pass every part through `changed` and add the ribbon; the same input, the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(buffer, "w") as new:
        for info in old.infolist():
            _store(new, info.filename, changed(info.filename, old.read(info)))
        _store(new, RIBBON_PART, ribbon().encode())
    atomic_write(path, buffer.getvalue())


def _store(package: zipfile.ZipFile, name: str, content: bytes) -> None:
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    package.writestr(info, content)
