"""Pictures of the docs: small, and each shown somewhere."""

import re
from pathlib import Path

from tests.pictures import LIMIT

ROOT = Path(__file__).resolve().parents[3]
PICTURES = sorted((ROOT / "docs" / "images").glob("*.png"))


def shown() -> set[Path]:
    pages = [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
    return {
        (page.parent / name).resolve()
        for page in pages
        for name in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }


def test_every_picture_is_shown_and_every_shown_one_is_there() -> None:
    assert shown() == set(PICTURES)


def test_pictures_are_small() -> None:
    assert PICTURES
    assert [p.name for p in PICTURES if p.stat().st_size > LIMIT] == []
