"""The pages about the Python API: every example in them is run, and answers what it says."""

from pathlib import Path

import pytest
from tests.doc_pages import at_sample, faults

from ledgersync.api.reference import reference

DOCS = Path(__file__).resolve().parents[3] / "docs"


@pytest.mark.parametrize("page", ["api.md", "analysis.md"])
def test_examples_answer_what_the_page_says(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    assert text.count(">>> ") > 20
    with at_sample() as names:
        told = "".join(faults(page, text, names))
    assert not told, f"right, or does `make docs` mend the page?\n{told}"


def test_the_reference_is_what_the_docstrings_say() -> None:
    assert (DOCS / "api.md").read_text(encoding="utf-8") == reference() + "\n"


def test_an_example_that_answers_something_else_is_found() -> None:
    with at_sample() as names:
        assert "Got:" in "".join(faults("page", "```python\n>>> ws.unit\n'别的'\n```\n", names))
