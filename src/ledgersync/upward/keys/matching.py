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
from ledgersync.workspace.unitcodes import full_code


def granted_key(folder: Path) -> Pseudonyms | None:
    """The key that came from above."""
    path = folder / GRANTED_KEY
    return read_key(path) if path.exists() else None


def grant_for(unit: PublicKeys, key: Pseudonyms) -> Grant:
    """The matching key, readable by that unit only."""
    return Grant(unit=unit.unit, sealed=encrypted(key.key, unit).hex())


def take_grant(folder: Path, own: OwnKeys | None, grant: Grant) -> Pseudonyms:
    """Keeps the granted key (mode 0600); raises UsageFault where it is not for this unit."""
    if own is not None and full_code(grant.unit) != own.public.code:
        raise UsageFault(
            message("这份授权是给 {unit} 的，不是给本单位的。", unit=grant.unit),
            message("请向上级要给本单位的那一份。"),
        )
    try:
        if own is None:
            raise ValueError
        key = Pseudonyms(own.decrypted(bytes.fromhex(grant.sealed)))
        if len(key.key) != 32:
            raise ValueError
    except (ValueError, pyrage.DecryptError) as error:
        raise UsageFault(
            message("这份授权不是给本单位现在的密钥的。"),
            message(
                "请把 ledgersync keys show -o 写出的公钥（还没有密钥的先 keys init）交给上级，"
                "请它 keys trust，再重新 keys grant。"
            ),
        ) from error
    keep_key(folder / GRANTED_KEY, key.key)
    return key
