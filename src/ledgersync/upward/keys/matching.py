"""The key for matching across units: the topmost office's, handed down unit by unit.

A unit that was granted one uses it; an office without one makes its own; a community without one
has none, and its figures of different people are added up by the office above.
"""

from pathlib import Path

import pyrage

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.rollup.dataset.pseudonyms import GRANTED_KEY, Pseudonyms, keep_key, read_key
from ledgersync.upward.keys.own import OwnKeys, encrypted
from ledgersync.upward.keys.public import Grant, PublicKeys


def granted_key(folder: Path) -> Pseudonyms | None:
    """The key that came from above."""
    path = folder / GRANTED_KEY
    return read_key(path) if path.exists() else None


def grant_for(unit: PublicKeys, key: Pseudonyms) -> Grant:
    """The matching key, readable by that unit only."""
    return Grant(unit=unit.unit, sealed=encrypted(key.key, unit).hex())


def take_grant(folder: Path, own: OwnKeys | None, grant: Grant) -> Pseudonyms:
    """Keeps the granted key (mode 0600); raises UsageFault where it is not for this unit."""
    try:
        if own is None:
            raise ValueError
        key = Pseudonyms(own.decrypted(bytes.fromhex(grant.sealed)))
        if len(key.key) != 32:
            raise ValueError
    except (ValueError, pyrage.DecryptError) as error:
        raise UsageFault(
            message("这份授权不是给本单位现在的密钥的（给的是 {unit}）。", unit=grant.unit),
            message(
                "请先 keys init，把 keys show -o 写出的公钥交给上级，再请上级重新 keys grant。"
            ),
        ) from error
    keep_key(folder / GRANTED_KEY, key.key)
    return key
