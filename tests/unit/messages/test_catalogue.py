"""The English catalogue: complete, of the same gaps as its source; and how texts are written."""

import ast
import string
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message as Entry

from ledgersync.messages import build

ENTRIES = [entry for entry in build.load(build.ENGLISH) if entry.id]
MARKS = ("message", "counted")


def _both(entry: Entry) -> tuple[list[str], list[str]]:
    """The texts of an entry in Chinese and in English, one each for plain ones."""
    return tuple(
        list(text) if isinstance(text, list | tuple) else [text]
        for text in (entry.id, entry.string)
    )


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda e: str(e.id)[:40])
def test_a_translation_has_the_gaps_of_its_source(entry: Entry) -> None:
    sources, texts = _both(entry)
    for text in texts:
        assert _gaps(text) == _gaps(sources[0])
        assert not {name for name in _gaps(text) if not name.isidentifier()}


def _calls() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted(build.PACKAGE.rglob("*.py")):
        if path.parent != build.CATALOGUES:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield f"{path.name}:{node.lineno}", node


def test_every_text_stands_where_it_is_marked() -> None:
    """Babel reads constants only: a text put together at run time would stay Chinese."""
    for place, call in _calls():
        if isinstance(call.func, ast.Name) and call.func.id in MARKS:
            text = call.args[0]
            assert isinstance(text, ast.Constant) and isinstance(text.value, str), place
            filled = {k.arg for k in call.keywords if k.arg} | (
                {"n"} if call.func.id == "counted" else set()
            )
            assert filled <= _gaps(text.value) | {"n"}, f"{place}: {filled}"
