"""How a typed header is compared with a field's names."""

import unicodedata
from functools import lru_cache

from ledgersync.patterns import pattern_of

_SPACES = pattern_of(r"[\s\u200b-\u200f\u2060\ufeff]+")
_NUMBER = pattern_of(r"^(?:\d{1,3}[.．、:：]|\(\d{1,3}\)|[①-⑳])")


@lru_cache(maxsize=4096)
def header_key(text: str) -> str:
    """NFKC, no white space, no leading `1.`-style number: `1.低保 证号` → `低保证号`."""
    squeezed = _SPACES.sub("", text)
    if squeezed[:1] and "①" <= squeezed[0] <= "⑳":
        squeezed = squeezed[1:]
    key = _SPACES.sub("", unicodedata.normalize("NFKC", squeezed))
    return _NUMBER.sub("", key, count=1) or key
