"""How ids are written in a ledger's file."""

from typing import Annotated

from ledgersync.declared import Text

Name = Annotated[str, Text(r"[a-z][a-z0-9_]*")]
