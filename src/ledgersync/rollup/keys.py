"""When two addresses are the same home: `3号楼2单元501室`, `3栋 2单元501`, `3-2-501`. Pure."""

import re
from functools import lru_cache

from ledgersync.values.text import squeeze

_PART = re.compile(r"(?:号楼|栋楼|栋|幢|座|单元|室|户|[-—–－_~/])+")
_EDGE = re.compile(r"^-+|(?:-|号)+$")
_NAMED = re.compile(r"^\D*[\u3400-\u9fff]{2,}\D*\d|^\D+$")


@lru_cache(maxsize=1 << 16)
def home_key(address: str) -> str:
    """An address without spaces and with one sign between its parts; empty for nothing."""
    return _EDGE.sub("", _PART.sub("-", squeeze(address).lower()))


def names_a_place(key: str) -> bool:
    """Whether the address says where in town it is: `解放路5号…` does, `3-2-501` does not.

    One that does not is only unique within its own community.
    """
    return bool(_NAMED.match(key))
