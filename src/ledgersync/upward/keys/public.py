"""The public part of a unit's keys, as a file that is handed over and read out on the telephone."""

import base64
import hashlib
import json
from pathlib import Path
from typing import Annotated, Literal

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from ledgersync.dataclass import dataclass
from ledgersync.declared import Declared, Text
from ledgersync.errors import UnreadableFile
from ledgersync.messages import message
from ledgersync.workspace.unitcodes import CODE_PATTERN, NAME_PATTERN, full_code

FORMAT: Literal["ledgersync.key/v1"] = "ledgersync.key/v1"
SUFFIX = ".lskey"
_LARGEST = 64 * 1024
_GROUPS, _DIGITS = 5, 5
_Code = Annotated[str, Text(CODE_PATTERN)]
_Hex32 = Annotated[str, Text(r"^[0-9a-f]{64}$")]
_Age = Annotated[str, Text(r"^age1[0-9a-z]{58}$")]


class Grant(Declared):
    """The key for matching across units, sealed for the one unit that it is for."""

    unit: _Code
    sealed: str


class PublicKeys(Declared):
    """What everybody may know of a unit: the key it signs with, the key to encrypt for it."""

    format: Literal["ledgersync.key/v1"] = FORMAT
    unit: _Code
    name: Annotated[str, Text(NAME_PATTERN, shortest=1, longest=200)]
    sign: _Hex32
    encrypt: _Age
    made: str
    grant: Grant | None = None

    @property
    def code(self) -> str:
        return full_code(self.unit)

    @property
    def fingerprint(self) -> str:
        return fingerprint(self.code, self.sign, self.encrypt)

    def statement(self) -> bytes:
        """What the proof signs."""
        content = self.as_json()
        return b"ledgersync key 1\0" + json.dumps(content, sort_keys=True).encode()


def fingerprint(code: str, sign: str, encrypt: str) -> str:
    """Both keys and the unit in 25 digits, to be compared on the telephone."""
    digest = hashlib.sha256(f"ledgersync fingerprint 1|{code}|{sign}|{encrypt}".encode()).digest()
    digits = f"{int.from_bytes(digest) % 10 ** (_GROUPS * _DIGITS):025d}"
    return " ".join(digits[n : n + _DIGITS] for n in range(0, len(digits), _DIGITS))


@dataclass(frozen=True)
class KeyFile:
    """A public part with the proof that its sender has the private one."""

    keys: PublicKeys
    proof: str

    def text(self) -> str:
        content = {**self.keys.as_json(), "proof": self.proof}
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"

    def is_proven(self) -> bool:
        return is_signed(self.keys.sign, self.proof, self.keys.statement())


def is_signed(key: str, signature: str, content: bytes) -> bool:
    """Whether a signature (base64) of the content was made with the key (hex)."""
    try:
        raw = base64.b64decode(signature, validate=True)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(raw, content)
    except (InvalidSignature, ValueError):
        return False
    return True


def read_key_file(path: Path) -> PublicKeys:
    """The public part in a file; raises UnreadableFile where it is none, or was changed."""
    with path.open("rb") as stream:
        content = stream.read(_LARGEST + 1)
    try:
        data = json.loads(content.decode("utf-8-sig")) if len(content) <= _LARGEST else None
        if not isinstance(data, dict):
            raise ValueError
        proof = str(data.pop("proof", ""))
        found = KeyFile(PublicKeys.validated(data), proof)
        pyrage.x25519.Recipient.from_str(found.keys.encrypt)
    except (ValueError, RecursionError, pyrage.RecipientError) as error:
        raise _no_key_file(path) from error
    if not found.is_proven():
        raise UnreadableFile(
            message("公钥文件 {file} 被改动过，或没有传完整。", file=path.name),
            message("请对方用 ledgersync keys show -o 重新导出，当面或换个途径再传一次。"),
        )
    return found.keys


def _no_key_file(path: Path) -> UnreadableFile:
    return UnreadableFile(
        message("{file} 不是公钥文件。", file=path.name),
        message(
            "请用对方 ledgersync keys show -o（或 keys grant）写出的 {suffix} 文件。", suffix=SUFFIX
        ),
    )
