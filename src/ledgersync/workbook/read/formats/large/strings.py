"""The shared texts of a package: plain ones at once, all others left to calamine.

A text is plain if it stands alone in its entry, without signs that are escaped, blanks at an edge
or anything else that a reader could understand in two ways.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from ledgersync.workbook.read.formats.large.escapes import without_numbers
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
_ENTRY_END = b"</si>"
_STYLE, _STYLE_END = b"<rPr>", b"</rPr>"  # of a run
_JOINT, _RUNS_END = b'</t></r><r><t xml:space="preserve">', b"</t></r></si>"
_RUNS = b'<si><r><t xml:space="preserve">'
_MARKS = ("&", "\r", "_x")


def shared_texts(pieces: Iterable[bytes]) -> tuple[list[str], dict[int, str]]:
    """The texts in their order, and by position the entries (without `si`) that are not plain."""
    xml = b"".join(_lightened(pieces))
    head = _HEAD.match(xml)
    end = xml.rfind(_ENTRY_END) + len(_ENTRY_END)
    if head is not None and xml[head.end() - 2 :].strip() == b"/>":
        return [], {}
    if head is None or xml[end:].strip() != _TAIL or (b"!" in xml and b"<!" in xml):
        raise Unusual
    marks = [mark for mark in _MARKS if mark.encode() in xml]
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


def _lightened(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The XML without what makes it long, whole entries at a time."""
    rest = b""
    for piece in pieces:
        xml = rest + piece
        end = xml.rfind(_ENTRY_END) + len(_ENTRY_END) if _ENTRY_END in piece else 0
        whole, rest = without_numbers(xml[:end]), xml[end:]
        yield _with_joint_runs(whole) if _STYLE in whole and b"_x" not in whole else whole
    yield rest


def _with_joint_runs(xml: bytes) -> bytes:
    """Texts whose parts are written differently as one text each, if all their blanks count."""
    first, *others = xml.split(_STYLE)
    parts = [part.partition(_STYLE_END) for part in others]
    styles, bare = b"".join([p[0] for p in parts]), first + b"".join([p[2] for p in parts])
    if _STYLE_END in bare or not _only_styles(styles) or not all(p[1] for p in parts):
        return xml
    joint = bare.replace(_JOINT, b"").replace(_RUNS_END, _CLOSE.encode())
    joint = joint.replace(_RUNS, _PRESERVED.encode())
    is_whole = joint.count(b"<si") == xml.count(b"<si")
    left = any(mark in joint for mark in (b"_x", b"<r>", b"</r>"))
    return joint if is_whole and not left else xml


def _only_styles(xml: bytes) -> bool:
    """There are only tags without content, and no text among them."""
    return b"<t" not in xml and b"<!" not in xml and xml.count(b"<") == xml.count(b"/>")


def inline_texts(raw: Iterable[bytes]) -> tuple[list[str], dict[int, str]]:
    """As `shared_texts`, of texts within their cells: from `<t` to before `</t>`."""
    try:
        entries = [text.decode() + "</t>" for text in raw]
    except UnicodeDecodeError:
        raise Unusual from None
    texts = [entry[3:-4] if entry.startswith("<t>") else "" for entry in entries]
    marked = (n for n, text in enumerate(texts) if any(mark in text for mark in _MARKS))
    other = (n for n, entry in enumerate(entries) if not entry.startswith("<t>"))
    doubtful = chain(marked, other, _doubtful(texts, ()))
    return texts, {n: entries[n] for n in doubtful}


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
