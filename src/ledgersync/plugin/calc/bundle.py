"""Which files travel in the extension: the package's pure part and the pure libraries it needs.

The package's modules are found by following imports from `office`; a library that is neither in
the standard library nor listed here stops the build, so that nothing compiled slips in.
"""

import ast
import importlib.util
import re
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import ledgersync
from ledgersync.dataclass import dataclass
from ledgersync.errors import LedgerSyncError
from ledgersync.messages import message

ROOT = Path(ledgersync.__file__).parent
ENTRY = "ledgersync.plugin.calc.office"
# Packages whose own code needs more than an extension has; their modules are taken one by one.
EMPTY = frozenset({"ledgersync.workspace", "ledgersync.workbook.read"})
HOST = frozenset({"com", "uno", "unohelper"})  # what LibreOffice itself brings


@dataclass(frozen=True, slots=True)
class Library:
    """A pure Python library to bundle: `only` these files, `never` those (as path prefixes)."""

    only: tuple[str, ...] = ("",)
    never: tuple[str, ...] = ()
    distribution: str = ""

    def takes(self, inside: str) -> bool:
        return inside.startswith(self.only) and not inside.startswith(self.never or ("\0",))


LIBRARIES = {
    "chinese_calendar": Library(distribution="chinesecalendar"),
    "cn2an": Library(never=("an2cn_test", "cn2an_test", "transform_test", "performance")),
    "proces": Library(never=("masking_test", "preprocess_test")),
    "platformdirs": Library(never=("pytest_plugin", "testing")),
    "stdnum": Library(
        distribution="python-stdnum",
        only=(
            "__init__",
            "exceptions",
            "util",
            "numdb",
            "cn/__init__",
            "cn/ric",
            "cn/uscc",
            "cn/loc.dat",
        ),
    ),
    # The BSD part alone: `pro` has a licence of its own.
    "xlwings": Library(
        never=("pro/", "addin/", "html/", "js/", "ext/", "rest/", "_xl", "cli", "xlwings")
    ),
}
_CODE = (".py", ".dat", ".toml", ".json", ".txt")


class BundleFault(LedgerSyncError):
    """The extension would need something that cannot travel in it."""

    def __init__(self, module: str, needs: str) -> None:
        super().__init__(
            message(
                "模块 {module} 需要 {needs}，不能装进 LibreOffice 扩展。",
                module=module,
                needs=needs,
            ),
            message("请把它移到扩展之外的模块。"),
        )


def bundled_files() -> dict[str, bytes]:
    """Path inside `pythonpath/` → content, for the package and its libraries."""
    files: dict[str, bytes] = {}
    for module in sorted(package_modules()):
        path = _source(module)
        files[_target(path)] = b"" if module in EMPTY else path.read_bytes()
    for path in sorted((ROOT / "schema" / "ledgers").glob("*.toml")):
        files[_target(path)] = path.read_bytes()
    for name, library in LIBRARIES.items():
        files.update(_library_files(name, library))
    return files


def package_modules() -> set[str]:
    """Every module of the package that `office` reaches. Raises BundleFault."""
    found: set[str] = set()
    waiting = [ENTRY]
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        waiting.extend(m for m in _with_parents(module) if m not in found)
        if module not in EMPTY:
            waiting.extend(_package_imports(module))
    return found


def _with_parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:n]) for n in range(1, len(parts))]


def _package_imports(module: str) -> Iterator[str]:
    for name in imported(ast.parse(_source(module).read_text(encoding="utf-8"))):
        top = name.partition(".")[0]
        if top == "ledgersync":
            yield from (m for m in (name, name.rpartition(".")[0]) if _is_module(m))
        elif top not in sys.stdlib_module_names and top not in HOST and top not in LIBRARIES:
            raise BundleFault(module, top)


def imported(node: ast.AST) -> Iterator[str]:
    """Names that are imported when the code runs (`TYPE_CHECKING` blocks do not)."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Import):
            yield from (alias.name for alias in child.names)
        elif isinstance(child, ast.ImportFrom) and child.module:
            yield child.module
            yield from (f"{child.module}.{alias.name}" for alias in child.names)
        elif not (isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING"):
            yield from imported(child)


def _is_module(name: str) -> bool:
    return name == "ledgersync" or (name.startswith("ledgersync.") and _path(name) is not None)


def _path(module: str) -> Path | None:
    base = ROOT.joinpath(*module.split(".")[1:])
    for path in (base / "__init__.py", base.with_suffix(".py")):
        if path.is_file():
            return path
    return None


def _source(module: str) -> Path:
    path = _path(module)
    if path is None:
        raise BundleFault(module, "a source file")
    return path


def _target(path: Path) -> str:
    return f"ledgersync/{path.relative_to(ROOT).as_posix()}"


def _library_files(name: str, library: Library) -> dict[str, bytes]:
    spec = importlib.util.find_spec(name)
    if spec is None or spec.origin is None:
        raise BundleFault(ENTRY, name)
    root = Path(spec.origin).parent
    paths = {p.relative_to(root).as_posix(): p for p in sorted(root.rglob("*"))}
    return {
        f"{name}/{inside}": path.read_bytes()
        for inside, path in paths.items()
        if path.suffix in _CODE and library.takes(inside)
    }


def licences() -> dict[str, bytes]:
    """The bundled libraries' licence texts, by `<distribution>/<file>`."""
    found = {}
    for name, library in LIBRARIES.items():
        for file in metadata.files(library.distribution or name) or []:
            if (
                re.fullmatch(r"(LICEN[CS]E|COPYING)(\.\w{2,3})?", file.name)
                and file.suffix != ".bas"
            ):
                found[f"{name}/{file.name}"] = Path(str(file.locate())).read_bytes()
    return found
