"""The shared texts of a package: plain ones at once, all others left to calamine.

A text is plain if it stands alone in its entry, without signs that are escaped, blanks at an edge
or anything else that a reader could understand in two ways.
"""

import re
from collections.abc import Iterable, Iterator

from ledgersync.workbook.read.formats.large.tags import Unusual

_HEAD = re.compile(
    rb'(?:<\?xml version="1\.0"(?: encoding="(?:UTF|utf)-8")?(?: standalone="\w+")?\s?\?>\s*)?'
    rb"<sst\b[^<>]*>"
)
_TAIL = b"</sst>"
_PHONETIC = re.compile(r"<phoneticPr [^<>]*/>")
_PRESERVED, _BARE = '<si><t xml:space="preserve">', "<si><t>"
_CLOSE = "</t></si>"
_SAMPLE = 1 << 16


def shared_texts(xml: bytes) -> tuple[list[str], dict[int, str]]:
    """The texts in their order, and by position the entries (without `si`) that are not plain."""
    head = _HEAD.match(xml)
    end = xml.rfind(b"</si>") + len(b"</si>")
    if head is not None and xml[head.end() - 2 :].strip() == b"/>":
        return [], {}
    if head is None or xml[end:].strip() != _TAIL or b"<!" in xml:
        raise Unusual
    marks = [mark for mark in ("&", "\r", "_x") if mark.encode() in xml]
    try:
        body = xml[head.end() : end].decode()
    except UnicodeDecodeError:
        raise Unusual from None
    if "<phoneticPr " in body:
        body = _PHONETIC.sub("", body)
    preserved = body.count(_PRESERVED, 0, _SAMPLE) > body.count(_BARE, 0, _SAMPLE)
    opened = _PRESERVED if preserved else _BARE
    texts, odd = _split(body, opened)
    for n in _doubtful(texts, marks):
        odd.setdefault(n, opened[4:] + texts[n] + "</t>")
    return texts, odd


def _split(body: str, opened: str) -> tuple[list[str], dict[int, str]]:
    parts = body.split(_CLOSE + opened)
    is_plain = body.startswith(opened) and body.endswith(_CLOSE)
    if is_plain and body.count("<") == 4 * len(parts):
        parts[0] = parts[0][len(opened) :]
        parts[-1] = parts[-1][: -len(_CLOSE)]
        return parts, {}
    texts: list[str] = []
    odd: dict[int, str] = {}
    last = len(parts) - 1
    for n, part in enumerate(parts):
        if 0 < n < last and "<" not in part:
            texts.append(part)
            continue
        for entry in _entries((opened if n else "") + part + (_CLOSE if n < last else "")):
            text = _plain_text(entry, opened[4:])
            if text is None:
                odd[len(texts)] = entry
            texts.append(text or "")
    return texts, odd


def _entries(xml: str) -> Iterator[str]:
    if not (xml.startswith("<si>") and xml.endswith("</si>")):
        raise Unusual
    for entry in xml[4:-5].split("</si><si>"):
        if "<si" in entry or "</si" in entry:
            raise Unusual
        yield entry


def _plain_text(entry: str, opened: str) -> str | None:
    text = entry[len(opened) : -len("</t>")]
    is_plain = entry.startswith(opened) and entry.endswith("</t>") and "<" not in text
    return text if is_plain and len(entry) >= len(opened) + 4 else None


def _doubtful(texts: list[str], marks: Iterable[str]) -> Iterator[int]:
    """Positions of texts with blanks at an edge, and of those that hold one of the marks."""
    stripped = list(map(str.strip, texts))
    if stripped != texts:
        yield from (n for n, text in enumerate(texts) if text != stripped[n])
    for mark in marks:
        yield from (n for n, text in enumerate(texts) if mark in text)
