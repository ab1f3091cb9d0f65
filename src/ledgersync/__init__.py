"""LedgerSync: community ledgers kept in Excel, checked, merged and rolled up.

    import ledgersync as ls
    book = ls.read("走访.xlsx")
    ws = ls.open("幸福社区")

What stands in `__all__` is public and stable, and loaded when it is asked for (docs/api.md).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ledgersync.api.books import Book as Book
    from ledgersync.api.books import Table as Table
    from ledgersync.api.books import check as check
    from ledgersync.api.books import read as read
    from ledgersync.api.opened import OpenWorkspace as OpenWorkspace
    from ledgersync.api.opened import open_workspace as open
    from ledgersync.api.writing import to_workbook as to_workbook
    from ledgersync.errors import LedgerSyncError as LedgerSyncError

__version__ = "0.1.0"
__all__ = [
    "Book",
    "LedgerSyncError",
    "OpenWorkspace",
    "Table",
    "__version__",
    "check",
    "open",
    "read",
    "to_workbook",
]
_WHERE = {
    "Book": "ledgersync.api.books:Book",
    "LedgerSyncError": "ledgersync.errors:LedgerSyncError",
    "OpenWorkspace": "ledgersync.api.opened:OpenWorkspace",
    "Table": "ledgersync.api.books:Table",
    "check": "ledgersync.api.books:check",
    "open": "ledgersync.api.opened:open_workspace",
    "read": "ledgersync.api.books:read",
    "to_workbook": "ledgersync.api.writing:to_workbook",
}


def __getattr__(name: str) -> Any:
    """Loads a public name when it is first asked for."""
    if name not in _WHERE:
        raise AttributeError(f"module 'ledgersync' has no attribute {name!r}")
    module, _, attribute = _WHERE[name].partition(":")
    found = globals()[name] = getattr(import_module(module), attribute)
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
