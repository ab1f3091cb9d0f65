"""A unit's own private keys: one file that is its owner's only, outside the workspace folder."""

import base64
import json
import secrets
from dataclasses import field
from pathlib import Path
from typing import Any

import pyrage
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault, WorkspaceFault
from ledgersync.files import atomic_write
from ledgersync.messages import message
from ledgersync.upward.keys.keyring import store, stored
from ledgersync.upward.keys.public import Grant, KeyFile, PublicKeys
from ledgersync.workspace import Unit

_FILE = "own.json"


@dataclass(frozen=True)
class OwnKeys:
    """The keys of a unit; `former` are older ones, which still open what was sent to them."""

    unit: Unit
    sign: str = field(repr=False)
    encrypt: str = field(repr=False)
    made: str
    former: tuple[str, ...] = field(default=(), repr=False)

    @property
    def public(self) -> PublicKeys:
        return PublicKeys(
            unit=self.unit.code,
            name=self.unit.name,
            sign=self._signing.public_key().public_bytes_raw().hex(),
            encrypt=str(pyrage.x25519.Identity.from_str(self.encrypt).to_public()),
            made=self.made,
        )

    @property
    def _signing(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(self.sign))

    def signature(self, content: bytes) -> bytes:
        return self._signing.sign(content)

    def key_file(self, grant: Grant | None = None) -> KeyFile:
        """The public part to hand over, with its proof."""
        public = self.public.changed(grant=grant)
        return KeyFile(public, base64.b64encode(self.signature(public.statement())).decode())

    def decrypted(self, content: bytes) -> bytes:
        """What was encrypted for this unit; raises pyrage.DecryptError."""
        texts = (self.encrypt, *self.former)
        identities = [pyrage.x25519.Identity.from_str(text) for text in texts]
        return bytes(pyrage.decrypt(content, identities))


def encrypted(content: bytes, recipient: PublicKeys) -> bytes:
    """Readable by one unit only."""
    key = pyrage.x25519.Recipient.from_str(recipient.encrypt)
    return bytes(pyrage.encrypt(content, [key]))


def own_keys(folder: Path, unit: Unit) -> OwnKeys | None:
    """The unit's keys, None where it has none; raises WorkspaceFault for a damaged file."""
    path = folder / _FILE
    if not path.exists():
        return None
    try:
        kept: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if "keyring" in kept:
            kept = json.loads(_from_keyring(str(kept["keyring"])))
        found = OwnKeys(unit, kept["sign"], kept["encrypt"], kept["made"], tuple(kept["former"]))
        _ = found.public
    except (ValueError, KeyError, TypeError, pyrage.IdentityError) as error:
        raise WorkspaceFault(
            message("密钥文件 {path} 已损坏。", path=path),
            message("请从备份恢复它；没有备份就运行 ledgersync keys init --replace 换新密钥。"),
        ) from error
    return found


def keys_gone(folder: Path, made: str) -> WorkspaceFault:
    """This unit has made keys, and they are not here."""
    return WorkspaceFault(
        message(
            "本单位的密钥不见了：{made} 做过，现在 {path} 里没有。", made=made, path=folder / _FILE
        ),
        message(
            "请用做密钥时的那个登录用户、那台电脑，或从备份恢复；"
            "确实丢了就运行 ledgersync keys init --replace，再请上下级重新确认。"
        ),
    )


def _from_keyring(name: str) -> str:
    found = stored(name)
    if found is None:
        raise WorkspaceFault(
            message("本单位的密钥在系统的钥匙串里，现在读不到。"),
            message(
                "请用做密钥时的那个登录用户登录、解锁钥匙串再试；"
                "定时任务读不到的，运行 ledgersync keys init --replace 改存文件。"
            ),
        )
    return found


def make_keys(
    folder: Path, unit: Unit, made: str, *, replace: bool = False, keyring: bool = False
) -> OwnKeys:
    """New keys, in a file of mode 0600 or the system's keyring; raises UsageFault where there are
    keys, unless replaced.

    Replaced ones sign nothing any more, but still open what was encrypted for them.
    """
    path = folder / _FILE
    if path.exists() and not replace:
        raise UsageFault(
            message("本单位已经有密钥（{path}）。", path=path),
            message(
                "要给别人公钥请运行 ledgersync keys show；密钥丢失或泄露才用 keys init --replace。"
            ),
        )
    keys = OwnKeys(
        unit,
        Ed25519PrivateKey.generate().private_bytes_raw().hex(),
        str(pyrage.x25519.Identity.generate()),
        made,
        _former(folder, unit),
    )
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept = {"sign": keys.sign, "encrypt": keys.encrypt, "made": made, "former": list(keys.former)}
    text = json.dumps(kept)
    if keyring:
        name = f"{unit.code}-{secrets.token_hex(8)}"
        store(name, text)
        text = json.dumps({"keyring": name})
    atomic_write(path, text + "\n", private=True)
    return keys


def _former(folder: Path, unit: Unit) -> tuple[str, ...]:
    try:
        old = own_keys(folder, unit)
    except WorkspaceFault:  # a damaged file holds nothing to keep
        return ()
    return (old.encrypt, *old.former) if old else ()
