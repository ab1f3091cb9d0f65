"""Pages with `>>>` examples: run, compared, and written anew (`python -m tests.doc_pages FILE`)."""

import contextlib
import doctest
import os
import re
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

import ledgersync as ls
from tests.sample import COMMUNITY, day, sample

_WIDE = {"display.width": 100, "display.unicode.east_asian_width": True}
_FLAGS = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS


@contextlib.contextmanager
def at_sample() -> Iterator[dict[str, Any]]:
    """The sample's folder as the current one; the names that examples may use."""
    before = Path.cwd()
    options = [item for pair in _WIDE.items() for item in pair]
    with tempfile.TemporaryDirectory() as folder, day(), pd.option_context(*options):
        os.chdir(sample(Path(folder)))
        try:
            yield {"ls": ls, "book": ls.read("走访.xlsx"), "ws": ls.open(COMMUNITY)}
        finally:
            os.chdir(before)


def faults(name: str, text: str, names: Mapping[str, Any]) -> list[str]:
    """What the examples of a text answer otherwise than it says."""
    found: list[str] = []
    test = doctest.DocTestParser().get_doctest(_bare(text), dict(names), name, name, 0)
    doctest.DocTestRunner(optionflags=_FLAGS, verbose=False).run(test, out=found.append)
    return found


def _bare(text: str) -> str:
    """Without the fences of code blocks, which would be taken for answers."""
    return re.sub("^```.*$", "", text, flags=re.MULTILINE)


def renewed(text: str, names: Mapping[str, Any]) -> str:
    """A page with the answers that its examples give now."""
    runner = _Keeping(optionflags=_FLAGS, verbose=False)
    test = doctest.DocTestParser().get_doctest(_bare(text), dict(names), "page", "page", 0)
    runner.run(test, out=lambda _: None)
    lines = text.splitlines(keepends=True)
    for example in reversed(test.examples):
        start = example.lineno + example.source.count("\n")
        told = runner.answers.get(example.lineno, "").rstrip("\n").split("\n")
        indent = " " * example.indent
        lines[start : start + example.want.count("\n")] = [
            f"{indent}{line}".rstrip() + "\n" for line in told if line
        ]
    return "".join(lines)


class _Keeping(doctest.DocTestRunner):
    """Remembers every answer."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.answers: dict[int, str] = {}

    def report_success(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        self.answers[example.lineno] = got

    def report_failure(self, out: Any, test: Any, example: doctest.Example, got: str) -> None:
        self.answers[example.lineno] = got

    def report_unexpected_exception(
        self, out: Any, test: Any, example: doctest.Example, exc_info: Any
    ) -> None:
        raise exc_info[1]


def main(paths: list[str]) -> None:
    pages = [Path(path).absolute() for path in paths]
    for page in pages:
        with at_sample() as names:
            page.write_text(renewed(page.read_text(encoding="utf-8"), names), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
