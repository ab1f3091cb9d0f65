"""Fails when a committed generated file is not what its sources make now."""

import subprocess
import sys
import tempfile
from pathlib import Path

from ledgersync.api.reference import reference as api_reference
from ledgersync.checks.rules.reference import reference as rules
from ledgersync.cli.reference import reference
from ledgersync.messages import build
from ledgersync.schema import load_catalog
from ledgersync.workbook.build import template_difference

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # `python tests/stale.py`
from tests.checklist_book import PAGE, checklist  # noqa: E402
from tests.word_page import page as words  # noqa: E402


def stale_workbooks(made: Path, committed: Path) -> list[str]:
    """Workbooks of a fresh folder that the committed one lacks or says differently."""
    names = sorted(p.name for p in made.iterdir() if p.suffix in (".xlsx", ".xlsm"))
    found = [(name, template_difference(made / name, committed / name)) for name in names]
    return [f"{name} {part}" for name, part in found if part]


def stale_messages() -> list[str]:
    """What `make messages` would change in a catalogue, and what nobody has translated."""
    found = []
    for path, texts in build.catalogues().items():
        catalog = build.renewed(path, texts)
        if build.po_text(catalog) != path.read_text(encoding="utf-8"):
            found.append(f"{path.name}: other texts than the code: `make messages`, and commit it")
        for entry in build.untranslated(catalog):
            found.append(f"{path.name}: not translated: {entry.id}")
    return found


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        for builder in (
            ["workbook.build", folder],
            ["plugin.excel.build", folder, "--only-workbooks"],
        ):
            module, *rest = builder
            subprocess.run([sys.executable, "-m", f"ledgersync.{module}", *rest], check=True)
        stale = [f"workbooks/{name}" for name in stale_workbooks(made, ROOT / "workbooks")]
        book = made / "docs" / "windows-checklist.xlsx"
        book.parent.mkdir()
        book.write_bytes(checklist(PAGE.read_text(encoding="utf-8")))
        stale += [f"docs/{name}" for name in stale_workbooks(book.parent, ROOT / "docs")]
    for name in stale:
        print(f"{name} is stale: run `make templates docs` and commit it")
    messages = stale_messages()
    for problem in messages:
        print(problem)
    pages = {"commands.md": reference(), "rules.md": rules(), "api.md": api_reference() + "\n"}
    pages["words.md"] = words(load_catalog())
    old = [p for p, text in pages.items() if (ROOT / "docs" / p).read_text("utf-8") != text]
    for page in old:
        print(f"docs/{page} is stale: run `make docs` and commit it")
    return 1 if stale or messages or old else 0


if __name__ == "__main__":
    sys.exit(main())
