"""Memory that is free in this process given back to the system."""

import contextlib


def give_back() -> None:
    """What the C library keeps of freed memory; nothing where it is another library than glibc.

    Python's objects do not lie there: without this, memory for both is taken side by side.
    """
    import ctypes  # large files only

    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
