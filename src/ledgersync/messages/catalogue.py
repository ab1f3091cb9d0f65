"""The translations of what the program says, read when a language first needs them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import gettext

FOLDER = Path(__file__).parent
DOMAIN, CLICK = "ledgersync", "click"
SOURCE_LANGUAGE = "zh"


def translated(source: str, count: int | None, lang: str) -> str:
    """A text with gaps in a language, in its plural for `count`; unknown texts stay Chinese."""
    if lang == SOURCE_LANGUAGE or not source:
        return source
    texts = _catalogue(lang)
    return texts.gettext(source) if count is None else texts.ngettext(source, source, count)


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    import gettext  # a run in Chinese needs no catalogue

    return gettext.translation(DOMAIN, FOLDER, [lang], fallback=True)
