"""Around the archive: what anybody can read of a package, its checksum, the seal, the signature.

    magic line | SHA-256 of all that follows and the magic | age file or, without keys, plain:
        public key of the sender | Ed25519 signature | archive

The signature covers magic, key and archive, so that no byte is outside of it; the checksum only
tells damage on the way from a package for somebody else. Nothing of the archive is looked at
before the signature holds.
"""

import hashlib
import hmac

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledgersync.dataclass import dataclass
from ledgersync.messages import message
from ledgersync.upward.keys.own import OwnKeys, encrypted
from ledgersync.upward.keys.public import PublicKeys
from ledgersync.upward.package.refusal import Refusal, damaged, unreadable

SEALED, OPEN = b"LedgerSync package 1 sealed\n", b"LedgerSync package 1 open\n"
LARGEST = 256 * 1024 * 1024
_CHECKSUM, _KEY, _SIGNATURE = 32, 32, 64
_NOBODY = bytes(_KEY)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What came out of a package: its archive, who signed it (hex; None: nobody)."""

    archive: bytes
    signer: str | None
    sealed: bool


def wrapped(archive: bytes, own: OwnKeys | None, recipient: PublicKeys | None) -> bytes:
    """A package: signed where the sender has keys, sealed where the recipient's are known, too."""
    is_sealed = own is not None and recipient is not None
    key = bytes.fromhex(own.public.sign) if own else _NOBODY
    signature = own.signature(_signed(key, archive)) if own else bytes(_SIGNATURE)
    content = key + signature + archive
    body = encrypted(content, recipient) if recipient and is_sealed else content
    magic = SEALED if is_sealed else OPEN
    return magic + _checksum(magic, body) + body


def unwrapped(package: bytes, own: OwnKeys | None) -> Envelope:
    """The archive of a package; raises Refusal. Whether the signer is believed is not asked."""
    magic = next((m for m in (SEALED, OPEN) if package.startswith(m)), None)
    if magic is None or len(package) > LARGEST:
        raise unreadable()
    rest = package[len(magic) :]
    checksum, body = rest[:_CHECKSUM], rest[_CHECKSUM:]
    if not hmac.compare_digest(checksum, _checksum(magic, body)):
        raise damaged()
    content = _opened(body, own) if magic == SEALED else body
    key, rest = content[:_KEY], content[_KEY:]
    signature, archive = rest[:_SIGNATURE], rest[_SIGNATURE:]
    if len(signature) < _SIGNATURE:
        raise damaged()
    if key == _NOBODY and not any(signature):
        return Envelope(archive, None, magic == SEALED)
    _verify(key, signature, archive)
    return Envelope(archive, key.hex(), magic == SEALED)


def _verify(key: bytes, signature: bytes, archive: bytes) -> None:
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, _signed(key, archive))
    except (InvalidSignature, ValueError) as error:
        raise damaged() from error


def _opened(body: bytes, own: OwnKeys | None) -> bytes:
    if own is None:
        raise _not_for_us()
    try:
        return own.decrypted(body)
    except pyrage.DecryptError as error:
        if "matching keys" in str(error):
            raise _not_for_us() from error
        raise damaged() from error


def _not_for_us() -> Refusal:
    return Refusal(
        "wrong_recipient",
        message("不是加密给本单位现在的密钥的，打不开"),
        message(
            "是报给别的单位的，请交给那个单位；是报给本单位的，请把现在的公钥（keys show -o）"
            "交给对方，请它 keys trust 后重新 submit。"
        ),
    )


def _signed(key: bytes, archive: bytes) -> bytes:
    return b"ledgersync package 1\0" + key + archive


def _checksum(magic: bytes, body: bytes) -> bytes:
    return hashlib.sha256(magic + body).digest()
