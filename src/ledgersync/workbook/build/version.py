"""Which program builds: a hash over the source of all that a built workbook comes from."""

import hashlib
from functools import cache

import ledgersync
from ledgersync.files import source_hash

_BUILDERS = ("workbook/build", "workbook/a4.py", "workbook/lines.py", "workbook/stamp.py")


@cache
def builder_version() -> str:
    """The same for programs that build the same workbook of the same content."""
    text = ledgersync.__version__ + source_hash(*_BUILDERS)
    return hashlib.sha256(text.encode()).hexdigest()
