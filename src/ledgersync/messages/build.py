"""The catalogues: what stands in the code goes into the .po files, these into .mo for the program.

`python -m ledgersync.messages.build` does both. Babel is needed here and nowhere else.
"""

import os
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

CATALOGUES = Path(__file__).parent
PACKAGE = CATALOGUES.parent
ENGLISH = CATALOGUES / "en" / "LC_MESSAGES" / "ledgersync.po"
KEYWORDS = {"message": None, "counted": (1, 1)}
# Our own: Babel's names the day and its version, and would differ with every run.
_HEAD = """\
msgid ""
msgstr ""
"Language: {}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals={}; plural={};\\n"

"""


def extracted() -> Catalog:
    """All texts that the code says, none of them translated."""
    catalog = Catalog()
    for path in sorted(PACKAGE.rglob("*.py")):
        for text in _texts(path):
            catalog.add(text)
    return catalog


def _texts(path: Path) -> Iterator[str | tuple[str, ...]]:
    with path.open("rb") as code:
        for _, found, _, _ in extract("python", code, KEYWORDS):
            yield found


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
    catalog = renewed(ENGLISH, extracted())
    ENGLISH.write_text(po_text(catalog), encoding="utf-8", newline="\n")
    for entry in untranslated(catalog):
        print(f"not translated: {entry.id}")
    compile_catalogues()


if __name__ == "__main__":
    main()
