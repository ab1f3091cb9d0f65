"""OLE containers: old workbooks, and encrypted packages of either kind."""

import struct
import zipfile
from io import BytesIO

import msoffcrypto
import msoffcrypto.exceptions as crypto

from ledgersync.workbook.read import refusals
from ledgersync.workbook.read.formats import biff

# What msoffcrypto and olefile raise on containers that no program wrote.
_BROKEN = (
    crypto.FileFormatError,
    crypto.ParseError,
    zipfile.BadZipFile,
    struct.error,
    OSError,
    ValueError,
    LookupError,
    EOFError,
)


def opened_container(content: bytes, name: str, password: str | None) -> bytes | None:
    """What was encrypted, opened by the password; None for an old workbook that is not.

    Raises UnreadableFile.
    """
    try:
        office = msoffcrypto.OfficeFile(BytesIO(content))
        locked = office.is_encrypted()
    except _BROKEN as error:
        if biff.has_workbook(content):
            return None
        raise refusals.unknown_format(name, "不是工作簿") from error
    if not locked:
        if not biff.has_workbook(content):
            raise refusals.unknown_format(name, "不是工作簿")
        return None
    if not password:
        raise refusals.encrypted(name)
    return _decrypted(office, name, password)


def _decrypted(office: "msoffcrypto.OfficeFile", name: str, password: str) -> bytes:
    opened = BytesIO()
    try:
        office.load_key(password=password)
        office.decrypt(opened)
    except (crypto.InvalidKeyError, crypto.DecryptionError) as error:
        raise refusals.wrong_password(name) from error
    except _BROKEN as error:
        raise refusals.damaged(name) from error
    return opened.getvalue()
