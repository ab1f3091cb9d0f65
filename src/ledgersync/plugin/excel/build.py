"""`python -m ledgersync.plugin.excel.build FOLDER [--only-workbooks]`: VBA projects, `.xlsm` files.

The projects go into the package's `data/`, the templates into FOLDER. Run it when macros,
functions, ledgers or xlwings change. It needs pyOpenVBA, a development dependency, which gives
every sheet of a workbook its document module: so each ledger has a project of its own.
"""

import sys
import tempfile
import zipfile
from datetime import date
from pathlib import Path

import xlwings
from pyopenvba import ExcelFile, VBAModuleKind
from xlsxwriter import Workbook

from ledgersync.plugin.excel.package import ADDIN_NAME, DATA, VERSION_FILE, build_macro_template
from ledgersync.plugin.excel.sources import class_modules, standard_modules
from ledgersync.schema import Catalog, load_catalog
from ledgersync.workbook.build import build_template

_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_MACROS = b"application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_DAY = date(2024, 1, 1)  # the templates' own day, so that they do not change with the calendar


def projects(catalog: Catalog) -> dict[str, bytes]:
    """The VBA project of every ledger's template and of the add-in, by name."""
    made = {}
    with tempfile.TemporaryDirectory() as folder:
        for ledger in catalog:
            path = Path(folder) / f"{ledger.id}.xlsx"
            build_template(path, ledger, catalog, today=_DAY, seed=ledger.id)
            made[ledger.id] = _project(path, ledger.file_name.replace(".xlsx", ".xlsm"))
        made["addin"] = _project(_one_sheet(Path(folder) / "addin.xlsx"), ADDIN_NAME)
    return made


def _one_sheet(path: Path) -> Path:
    with Workbook(str(path)) as workbook:
        workbook.add_worksheet()
    return path


def _project(workbook: Path, name: str) -> bytes:
    """The project that a macro workbook of this name and these sheets holds."""
    book = _macro_enabled(workbook)
    with ExcelFile(book) as file:
        project = file.add_vba_project()
        for module, source in standard_modules(name).items():
            project.add_module(module, source)
        for module, source in class_modules().items():
            project.add_module(module, source, kind=VBAModuleKind.other)
        file.save(book)
    with zipfile.ZipFile(book) as package:
        return package.read("xl/vbaProject.bin")


def _macro_enabled(workbook: Path) -> Path:
    target = workbook.with_suffix(".xlsm")
    with zipfile.ZipFile(workbook) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(_PLAIN, _MACROS))
    return target


def write_projects(catalog: Catalog) -> None:
    DATA.mkdir(exist_ok=True)
    VERSION_FILE.write_text(f"{xlwings.__version__}\n", encoding="ascii")
    for name, project in projects(catalog).items():
        (DATA / f"{name}.bin").write_bytes(project)


def build_workbooks(folder: Path, catalog: Catalog) -> list[Path]:
    """The `.xlsm` template of every ledger."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for ledger in catalog:
        paths.append((folder / ledger.file_name).with_suffix(".xlsm"))
        seed = f"workbooks/{ledger.id}/{ledger.version}"
        build_macro_template(paths[-1], ledger, catalog, today=_DAY, seed=seed)
    return paths


def main(arguments: list[str]) -> int:
    catalog = load_catalog()
    if "--only-workbooks" not in arguments:
        write_projects(catalog)
    for path in build_workbooks(Path(arguments[0]), catalog):
        sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
