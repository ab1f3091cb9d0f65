"""Removals that are too many to be believed: somebody saved a filtered view."""

_ALWAYS = 5
_OF_BASE = 0.02
_OF_COPY = 0.20


def mass_removal(missing: int, base_rows: int, copy_rows: int) -> bool:
    """Whether this many rows are held for a person.

    `base_rows`: all rows of the table in the base revision; `copy_rows`: those that the copy was
    issued with (fewer, where it shows one grid only). Taken literally, a single row out of a copy
    of four is more than a fifth and is held too.
    """
    if not missing:
        return False
    return missing > max(_ALWAYS, _OF_BASE * base_rows) or missing > _OF_COPY * copy_rows
