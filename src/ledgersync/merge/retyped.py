"""A row that went back whole, typed once more: told by its key, or by its content."""

from ledgersync.merge.keys import KeyReader, usable
from ledgersync.model import Row


def retyped(reader: KeyReader, old: Row, new: Row, *, more: bool) -> bool:
    """Whether a row says what one that went back was to say.

    Their keys tell, else their fallback keys. Where the old one had neither, what was good in it
    is the same; the new one may say more only where the old one was faulty, or with `more`
    anywhere.
    """
    if not reader.generated and (key := reader.key(old)) is not None:
        return reader.key(new) == key
    if (fallback := reader.fallback(old)) is not None:
        return reader.fallback(new) == fallback
    at = [i for i in range(len(old)) if i not in reader.generated]
    good = [i for i in at if usable(old[i])]
    if not good or any(old[i] != new[i] for i in good):
        return False
    needed = {*reader.key_at, *reader.fallback_at, *reader.required_at}
    blank = (i for i in at if old[i] in (None, "") and i not in needed)
    return more or not any(usable(new[i]) for i in blank)
