"""What is made from the registry says the same: docs, wrapper, JavaScript, workbooks, extension."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xlwings

from ledgersync.plugin import docs, vectors
from ledgersync.plugin.calc import bundle, oxt
from ledgersync.plugin.excel import package, sources, udfs
from ledgersync.plugin.office_js import NAMES, SCRIPT, metadata
from ledgersync.plugin.registry import BY_NAME, FUNCTIONS
from ledgersync.schema import load_catalog

ROOT = Path(__file__).parents[3]
# Words that VBA keeps for itself; an argument with such a name is a syntax error.
_KEPT = """
and as boolean by byref byte byval call case close const date debug declare dim do double each
else empty end enum event exit false for friend function get global goto if in input integer is
let lib like line lock long loop lset me mod name new next not nothing null object on open
option optional or paramarray print private property public put redim rem resume return rset
seek select set single static step stop string sub then time to true type until variant wend
while with write xor
"""
VBA_WORDS = frozenset(_KEPT.split())


def test_documentation_is_what_the_registry_says() -> None:
    path = ROOT / "docs" / "functions.md"
    assert path.read_text(encoding="utf-8") == docs.functions_markdown(), (
        "run: ledgersync functions --markdown > docs/functions.md"
    )


def test_vectors_are_what_the_functions_answer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LEDGERSYNC_TODAY", vectors.DAY.isoformat())
    for made in vectors.write_vectors(tmp_path):
        kept = ROOT / "tests" / "vectors" / made.name
        assert kept.read_bytes() == made.read_bytes(), (
            f"{made.name} is stale: LEDGERSYNC_TODAY={vectors.DAY} "
            "python -m ledgersync.plugin.vectors tests/vectors"
        )


@pytest.mark.skipif(
    not shutil.which("node"), reason="node is not here: the Office.js functions did not run"
)
def test_the_javascript_functions_give_the_same_answers() -> None:
    command = ["node", str(ROOT / "tests" / "vectors" / "run.js"), str(SCRIPT)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.stdout, done.stderr
    report = json.loads(done.stdout)
    assert report["compared"] > 4000
    assert report["faults"] == 0, report["wrong"]


def test_javascript_documents_the_registrys_arguments() -> None:
    text = SCRIPT.read_text(encoding="utf-8")
    found = dict(re.findall(r"^function (LS_\w+)\(([^)]*)\)", text, re.MULTILINE))
    assert tuple(found) == NAMES
    for described in metadata()["functions"]:
        names = ", ".join(p["name"] for p in described["parameters"])
        assert found[described["id"]] == names
        assert f"@customfunction {described['id']}\n" in text


def test_the_vba_wrapper_has_every_function_with_its_arguments() -> None:
    wrapper = sources.udf_wrapper(package.ADDIN_NAME)
    found = dict(re.findall(r"^Function (LS_\w+)\((.*)\)$", wrapper, re.MULTILINE))
    assert found.keys() == BY_NAME.keys()
    for function in FUNCTIONS:
        wanted = [f"Optional {a.name}" if a.optional else a.name for a in function.arguments]
        assert found[function.name].split(", ") == wanted
        assert f'"{udfs.__name__}", "{function.name}"' in wrapper
        assert not VBA_WORDS & {a.name for a in function.arguments}
    assert "ThisWorkbook" not in wrapper, "an add-in works on the active workbook"


def test_udfs_can_be_called_anywhere() -> None:
    call = udfs.LS_IDCHECK  # type: ignore[attr-defined]
    assert call([["11010519491231002X"]]) == [[""]]
    assert call.__doc__ == BY_NAME["LS_IDCHECK"].doc.zh


def test_vba_sources_are_ascii_and_short_enough() -> None:
    modules = sources.standard_modules(package.ADDIN_NAME) | sources.class_modules()
    for name, source in modules.items():
        assert source.isascii(), name
        assert max(map(len, source.split("\r\n"))) < 1023
        assert source.replace("\r\n", "").count("\n") == 0
    digits = re.search(r'LS_Text\("([0-9A-F]+)"\)', modules["LedgerSync"])
    assert digits is not None
    letters = re.findall("....", digits[1])
    assert "".join(chr(int(d, 16)) for d in letters).startswith("台账同步")


def test_committed_projects_are_what_the_sources_make() -> None:
    pytest.importorskip("pyopenvba")
    from ledgersync.plugin.excel.build import projects

    made = projects(load_catalog())
    kept = {p.stem: p.read_bytes() for p in package.DATA.glob("*.bin")}
    assert made == kept, "run: python -m ledgersync.plugin.excel.build workbooks"
    assert package.VERSION_FILE.read_text(encoding="ascii").strip() == xlwings.__version__


@pytest.mark.parametrize("name", ["LedgerSync.xlam", "template.xlsm"])
def test_macro_workbooks_hold_every_module_and_the_ribbon(name: str, tmp_path: Path) -> None:
    olevba = pytest.importorskip("oletools.olevba")
    path = tmp_path / name
    catalog = load_catalog()
    if path.suffix == ".xlam":
        package.build_addin(path, package.addin_config(r"C:\Python\pythonw.exe"))
    else:
        ledger = catalog.ledger("低保")
        package.build_macro_template(path, ledger, catalog, today=vectors.DAY)
    parser = olevba.VBA_Parser(str(path))
    found = {module: code for _, _, module, code in parser.extract_macros()}
    expected = sources.standard_modules(package.ADDIN_NAME)
    assert {f"{m}.bas" for m in expected} | {"Dictionary.cls"} <= found.keys()
    assert "LS_Explain" in found["LedgerSync.bas"] and "RunPython" in found["xlwings.bas"]
    with zipfile.ZipFile(path) as book:
        ribbon = ElementTree.fromstring(book.read(package.RIBBON_PART))
        tags = [b.get("tag") for b in ribbon.iter() if b.tag.endswith("button")]
        assert tags == ["check", "submit", "update", "conflicts", "about"]
        types = book.read("[Content_Types].xml").decode()
        kind = "addin" if path.suffix == ".xlam" else "sheet"
        assert f"application/vnd.ms-excel.{kind}.macroEnabled.main+xml" in types
        assert b"ui/extensibility" in book.read("_rels/.rels")


def _as_workbook(addin: Path) -> Path:
    """openpyxl reads no add-ins."""
    path = addin.with_suffix(".xlsm")
    with zipfile.ZipFile(addin) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"excel.addin.macro", b"excel.sheet.macro"))
    return path


def test_the_addins_own_settings_say_which_python_to_start(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    path = tmp_path / package.ADDIN_NAME
    package.build_addin(path, package.addin_config(r"C:\用户\pythonw.exe"))
    sheet = openpyxl.load_workbook(_as_workbook(path))[package.CONFIG_SHEET]
    config = {row[0].value: row[1].value for row in sheet.iter_rows()}
    assert config["INTERPRETER_WIN"] == r"C:\用户\pythonw.exe"
    assert config["UDF MODULES"] == udfs.__name__


def test_the_extension_is_the_same_bytes_each_time_and_well_formed() -> None:
    assert oxt.oxt_bytes() == oxt.oxt_bytes()
    members = oxt.members()
    for name, content in members.items():
        if name.endswith((".xml", ".xcu", ".components")):
            ElementTree.fromstring(content)
    described = members["CalcAddIns.xcu"].decode()
    for function in FUNCTIONS:
        assert f'<value xml:lang="zh-CN">{function.name}</value>' in described
        assert f" {function.member}(" in members["XLedgerFunctions.idl"].decode()


def test_nothing_compiled_and_nothing_of_xlwings_pro_travels_in_the_extension() -> None:
    names = bundle.bundled_files()
    assert not [n for n in names if n.endswith((".so", ".pyd", ".dll"))]
    assert not [n for n in names if n.startswith(("xlwings/pro", "lxml"))]
    assert "xlwings/main.py" in names and "ledgersync/plugin/buttons.py" in names


_SAME_SCHEMA = """
import json, sys
sys.path.insert(0, sys.argv[1])
from ledgersync.schema import load_catalog
def plain(x):
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, (tuple, list)):
        return [plain(v) for v in x]
    return {k: plain(v) for k, v in vars(x).items()} if hasattr(x, "__dict__") else x
said = {}
for ledger, table in load_catalog().tables():
    said[f"{ledger.id}.{table.id}"] = [
        list(table.field_ids), dict(table.position), sorted(table.header_index),
        [f.id for f in table.required], [[f.privacy, list(f.headers)] for f in table.fields],
    ]
print(json.dumps([said, [plain(ledger) for ledger in load_catalog()]]))
"""


def test_the_bundled_schema_says_what_the_schema_says(tmp_path: Path) -> None:
    for name, content in bundle.bundled_files().items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    command = [sys.executable, "-I", "-S", "-c", _SAME_SCHEMA, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    said, ledgers = json.loads(done.stdout)
    for ledger, table in load_catalog().tables():
        assert said[f"{ledger.id}.{table.id}"] == [
            list(table.field_ids),
            table.position,
            sorted(table.header_index),
            [f.id for f in table.required],
            [[f.privacy, list(f.headers)] for f in table.fields],
        ]
    for ledger, plain in zip(load_catalog(), ledgers, strict=True):
        assert _without_caches(plain, ledger.as_json())


def _without_caches(plain: Any, full: Any) -> bool:
    """Equal, but for what cached properties left beside the fields."""
    if isinstance(full, dict):
        return all(_without_caches(plain[key], value) for key, value in full.items())
    if isinstance(full, list):
        return all(_without_caches(p, f) for p, f in zip(plain, full, strict=True))
    return bool(plain == full)
