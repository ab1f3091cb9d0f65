"""Names of files as people can read them, and as the journal and JSON can hold them.

A Chinese zip unpacked by a program that expects another encoding leaves names in GBK bytes; Python
keeps such a name in characters that no output takes. It is shown as it was meant, with a mark, so
that it is never taken for another file of that name.
"""

import hashlib
import os
from pathlib import PurePath

from ledgersync.patterns import pattern_of

_MARK = "[GBK]"
_UNSEEN = pattern_of("[\u202a-\u202e\u2066-\u2069]")
_ODD = pattern_of("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def readable(name: str) -> str:
    """A file's name in characters that can be printed and stored; most names are that already."""
    if not _ODD.search(name):
        return name
    raw = os.fsencode(name)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        return _meant(raw)
    return _ODD.sub(lambda odd: f"<{ord(odd[0]):02X}>", text)


def _meant(raw: bytes) -> str:
    try:
        text = raw.decode("gb18030")
    except UnicodeDecodeError:
        text = ""
    if text and text.isprintable():
        return _marked(text, _MARK)
    text = _ODD.sub("?", raw.decode("ascii", "replace").replace("\ufffd", "?"))
    return _marked(text, f"[{hashlib.sha256(raw).hexdigest()[:6]}]")


def _marked(name: str, mark: str) -> str:
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}{mark}{dot}{suffix}" if stem else f"{name}{mark}"


def meant(name: str) -> str:
    """What a name in the wrong encoding was meant to be, without the mark: a person's folder.

    Marks of direction that no eye sees are left out.
    """
    return readable(_UNSEEN.sub("", name)).replace(_MARK, "")


def readable_path(path: PurePath) -> str:
    """A path with forward slashes, each part readable."""
    text = path.as_posix()
    return "/".join(map(readable, text.split("/"))) if _ODD.search(text) else text
