"""The catalogues: what stands in the code goes into the .po files, these into .mo for the program.

`python -m ledgersync.messages.build` does both. Babel is needed here and nowhere else.
"""

import ast
import os
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import TypeAlias

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CATALOGUES = Path(__file__).parent
PACKAGE = CATALOGUES.parent
ENGLISH = CATALOGUES / "en" / "LC_MESSAGES" / "ledgersync.po"
CHINESE = CATALOGUES / "zh" / "LC_MESSAGES" / "click.po"
_CLICK = Path(click.__file__).parent
_Keywords: TypeAlias = dict[str, tuple[int, int] | None]
_KEYWORDS: _Keywords = {"message": None, "counted": (1, 1)}
_MARKS: _Keywords = {"_": None, "ngettext": (1, 2)}
# What of click only somebody who writes a command can cause.
_PROGRAMMERS = (
    "Could not determine name",
    "No options defined",
    "Arguments take exactly",
    "Name '{name}' defined",
    "Boolean option",
    "Unknown color",
    "Choice({choices})",
)
# Our own: Babel's names the day and its version, and would differ with every run.
_HEAD = """\
msgid ""
msgstr ""
"Language: {}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals={}; plural={};\\n"

"""


def catalogues() -> dict[Path, Catalog]:
    """Each .po file with the texts that belong into it, none of them translated."""
    click_texts = _catalog(_CLICK, _MARKS)
    click_texts.add("required")  # looked up by what stands in a dictionary
    return {ENGLISH: _catalog(PACKAGE, _KEYWORDS, _helps), CHINESE: click_texts}


def _catalog(
    folder: Path, keywords: _Keywords, more: Callable[[Path], Iterator[str]] | None = None
) -> Catalog:
    catalog = Catalog()
    for path in sorted(folder.rglob("*.py")):
        for text in (*_texts(path, keywords), *(more(path) if more else ())):
            if not str(text).startswith(_PROGRAMMERS):
                catalog.add(text)
    return catalog


def _texts(path: Path, keywords: _Keywords) -> Iterator[str | tuple[str, ...]]:
    with path.open("rb") as code:
        for _, found, _, _ in extract("python", code, keywords):
            yield found


def _helps(path: Path) -> Iterator[str]:
    """What a command says of itself: its docstring, the help and the values of its options."""
    if "cli" not in path.parts[-3:-1]:
        return
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef) and any(map(_makes_command, node.decorator_list)):
            yield ast.get_docstring(node) or ""
        elif isinstance(node, ast.keyword) and node.arg in ("help", "metavar"):
            text = getattr(node.value, "value", None)
            if isinstance(text, str) and not text.isascii():
                yield text


def _makes_command(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(called, ast.Attribute) and called.attr in ("command", "group")


def renewed(path: Path, texts: Catalog) -> Catalog:
    """A .po file's translations of `texts`; what the code no longer says is left out."""
    catalog = load(path)
    catalog.update(texts, no_fuzzy_matching=True)
    return catalog


def load(path: Path) -> Catalog:
    """A .po file, empty where there is none; its language is the name of its folder."""
    content = path.read_bytes() if path.exists() else b""
    return read_po(BytesIO(content), locale=path.parts[-3], charset="utf-8")


def po_text(catalog: Catalog) -> str:
    """The .po file: sorted and without line numbers, so that it changes with the texts only."""
    for entry in catalog:
        entry.flags &= {"fuzzy"}  # Babel guesses at formats from a % in the text
    body = BytesIO()
    write_po(
        body,
        catalog,
        width=0,
        no_location=True,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
    )
    head = _HEAD.format(catalog.locale, catalog.num_plurals, catalog.plural_expr)
    return head + body.getvalue().decode("utf-8").strip() + "\n"


def untranslated(catalog: Catalog) -> list[Message]:
    """Entries without a text in every plural, or marked as in doubt."""
    return [entry for entry in catalog if entry.id and (entry.fuzzy or not _complete(entry))]


def _complete(entry: Message) -> bool:
    forms = entry.string if isinstance(entry.string, list | tuple) else (entry.string,)
    return all(forms) and isinstance(entry.string, str) != bool(entry.pluralizable)


def outdated() -> bool:
    """Whether a .mo is older than its .po, or absent."""
    pairs = [(path.with_suffix(".mo"), path) for path in CATALOGUES.rglob("*.po")]
    return any(not mo.exists() or mo.stat().st_mtime < po.stat().st_mtime for mo, po in pairs)


def compile_catalogues() -> list[Path]:
    """A .mo beside every .po."""
    return [_compiled(path) for path in sorted(CATALOGUES.rglob("*.po"))]


def _compiled(path: Path) -> Path:
    made = BytesIO()
    write_mo(made, load(path))
    target = path.with_suffix(".mo")
    beside = target.with_suffix(f".{os.getpid()}")
    beside.write_bytes(made.getvalue())
    return beside.replace(target)


def main() -> None:
    for path, texts in catalogues().items():
        catalog = renewed(path, texts)
        path.write_text(po_text(catalog), encoding="utf-8", newline="\n")
        for entry in untranslated(catalog):
            print(f"not translated ({path.name}): {entry.id}")
    compile_catalogues()


if __name__ == "__main__":
    main()
