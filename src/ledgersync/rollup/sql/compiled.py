"""The checked SQL of the package's own ledgers, so that a first roll-up needs no parser either.

`make` writes it beside the modules that it is compiled by, and it is not committed. It is taken for
the definitions and the program that it was made from, and for no others (`kept`).
"""

from pathlib import Path

from ledgersync.rollup.sql.kept import FILE, keep, source_key
from ledgersync.rollup.sql.statements import PACKAGED, checked_statements
from ledgersync.schema import load_catalog


def compile_statements(folder: Path = PACKAGED) -> None:
    """Writes what is checked of the ledgers as they come."""
    catalog = load_catalog()
    keep(folder, source_key(catalog), checked_statements(catalog).kept())
    (folder / FILE).chmod(0o644)  # as all that is installed, not as a workspace's state


if __name__ == "__main__":
    compile_statements()
