"""When two addresses are the same home: `3号楼2单元501室`, `3栋 2单元501`, `3-2-501`. Pure."""

import unicodedata

from ledgersync.values.text import squeeze

# What stands between the parts of an address, the longer ones first; all mean the same.
_BETWEEN = (*("号楼", "栋楼", "单元"), *"栋幢座室户-—–－_~/")


def home_key(address: str) -> str:
    """An address without spaces and with one sign between its parts; empty for nothing."""
    key = unicodedata.normalize("NFKC", address)
    if not key.isalnum():
        key = squeeze(address)
    key = key.lower()
    for sign in _BETWEEN:
        if sign in key:
            key = key.replace(sign, "-")
    while "--" in key:
        key = key.replace("--", "-")
    return key.lstrip("-").rstrip("-号")
