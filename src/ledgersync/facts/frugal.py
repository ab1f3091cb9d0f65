"""Commands make columns without pandas, which pyarrow imports (0.2 s) with its first array.

They give memory back to the system, too, which pyarrow's own pool keeps.

pyarrow looks for pandas once, and again where a frame is wanted; so what is decided here ends by
itself with the first `to_pandas`. A library in somebody's notebook decides nothing.
"""

import sys
from collections.abc import Sequence
from types import ModuleType

_frugal = False


def be_frugal() -> None:
    """This process is a command; to be said before columns are made."""
    global _frugal
    _frugal = True


class _Without:
    """Finds no pandas."""

    @staticmethod
    def find_spec(
        name: str, _path: Sequence[str] | None = None, _target: ModuleType | None = None
    ) -> None:
        if name == "pandas":
            raise ImportError(name)


def keep_pandas_out() -> None:
    """Lets pyarrow look for pandas now, where a command is to go without it."""
    if not _frugal or "pandas" in sys.modules:
        return
    import pyarrow as pa

    finder = _Without()
    pa.set_memory_pool(pa.system_memory_pool())
    sys.meta_path.insert(0, finder)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(finder)
