"""Python's garbage collector, where it would only look for what is not there."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_collector() -> Iterator[None]:
    """Millions of fresh cells and rows, none of them in circles, would be looked through for it.

    Afterwards they count as old, so that they are not looked through at once; what is in circles is
    found when all is looked at.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled and not gc.get_freeze_count():
            gc.freeze()
            gc.unfreeze()
        if was_enabled:
            gc.enable()
