"""The English catalogue: complete, of the same gaps as its source; and how texts are written."""

import ast
import re
import string
from collections.abc import Iterator

from ledgersync.messages import build

MARKS = ("message", "counted")


def _gaps(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def _entries() -> Iterator[tuple[str, str]]:
    """Every text in Chinese with its English, each plural by itself."""
    for entry in build.load(build.ENGLISH):
        source = entry.id if isinstance(entry.id, str) else entry.id[0]
        texts = [entry.string] if isinstance(entry.string, str) else entry.string
        if source:
            yield from ((source, text) for text in texts)


def test_a_translation_has_the_gaps_of_its_source() -> None:
    """The form for one may say it in a word: “one cell”."""
    assert [s for s, text in _entries() if _gaps(text) | {"n"} != _gaps(s) | {"n"}] == []
    assert [
        source for source, _ in _entries() if not all(map(str.isidentifier, _gaps(source)))
    ] == []


NEVER_QUOTED = {"id", "revision", "number", "year", "period", "before"}


def _bare_words(text: str) -> list[str]:
    """Gaps of commands that are not shown as one word of a shell."""
    commands = re.findall(r"ledgersync (?:(?![.,;:] |[；。，：（）、()]).)*", text)
    gaps = [gap for command in commands for gap in string.Formatter().parse(command)]
    return [name for _, name, spec, _ in gaps if name and spec != "sh" and name not in NEVER_QUOTED]


def test_a_word_of_a_command_is_one_for_the_shell() -> None:
    """A name or a folder with a space would make two of it."""
    texts = {text for entry in _entries() for text in entry}
    assert any(":sh}" in text for text in texts)
    assert {text: bare for text in texts if (bare := _bare_words(text))} == {}


def test_click_in_chinese_has_no_gaps_of_its_own() -> None:
    """Chinese may leave out what English needs twice, and takes “…” for a gap with !r."""
    wrong = []
    for entry in build.load(build.CHINESE):
        forms = [entry.id] if isinstance(entry.id, str) else entry.id
        known = {gap for form in forms for gap in _gaps(form)}
        texts = [entry.string] if isinstance(entry.string, str) else entry.string
        wrong += [text for text in texts if entry.id and not _gaps(text) <= known]
    assert wrong == []


def test_headers_have_as_many_columns_in_each_language() -> None:
    headers = [(source, text) for source, text in _entries() if "|" in source]
    assert headers and [s for s, text in headers if s.count("|") != text.count("|")] == []


def _calls() -> Iterator[tuple[str, ast.Call, str]]:
    """Every call of a function by its name, outside the package of messages."""
    for path in sorted(build.PACKAGE.rglob("*.py")):
        if path.parent != build.CATALOGUES:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield f"{path.name}:{node.lineno}", node, node.func.id


def test_every_text_stands_where_it_is_marked() -> None:
    """Babel reads constants only: a text put together at run time would stay Chinese."""
    for place, call, name in _calls():
        if name in MARKS:
            text = call.args[0]
            assert isinstance(text, ast.Constant) and isinstance(text.value, str), place
            filled = {k.arg for k in call.keywords if k.arg} - {"n"}
            assert filled <= _gaps(text.value), f"{place}: {filled}"


def test_nothing_is_said_in_two_languages_at_once() -> None:
    """`literal` is for what exists in both already; nobody else makes a pair."""
    assert [place for place, _, name in _calls() if name == "Message"] == []
