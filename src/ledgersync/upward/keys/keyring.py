"""The system's own store of secrets, by the optional library `keyring` (`ledgersync[keyring]`)."""

import importlib
from types import ModuleType

from ledgersync.errors import UsageFault
from ledgersync.messages import message

SERVICE = "ledgersync"


def stored(name: str) -> str | None:
    """A secret; None where it is not there, or the store cannot be opened."""
    library = _library()
    if library is None:
        return None
    try:
        found = library.get_password(SERVICE, name)
    except library.errors.KeyringError:  # locked, or nobody is logged in
        return None
    return None if found is None else str(found)


def store(name: str, secret: str) -> None:
    """Keeps a secret and reads it back; raises UsageFault where that does not work."""
    library = _library()
    if library is None:
        raise UsageFault(
            message("没有装 keyring，用不了系统的钥匙串。"),
            message("请装 ledgersync[keyring]，或去掉 --keyring（密钥就存成只有本人可读的文件）。"),
        )
    try:
        library.set_password(SERVICE, name, secret)
    except library.errors.KeyringError as error:
        raise _not_kept() from error
    if stored(name) != secret:
        raise _not_kept()


def _library() -> ModuleType | None:
    try:
        return importlib.import_module("keyring")
    except ImportError:
        return None


def _not_kept() -> UsageFault:
    return UsageFault(
        message("系统的钥匙串没有存住密钥（没有钥匙串，或没有解锁）。"),
        message("请登录桌面、解锁钥匙串再试，或去掉 --keyring（密钥就存成只有本人可读的文件）。"),
    )
