"""`conflicts/用词清单.xlsx`: written while there are words, and ingested once for each save."""

import hashlib
import json
from contextlib import suppress
from typing import Any

from ledgersync.errors import UnreadableFile
from ledgersync.files import file_hash
from ledgersync.journal import Journal
from ledgersync.messages import Message, message
from ledgersync.schema import Catalog, FieldSchema, TableKey, header_key
from ledgersync.schema.mappings import IGNORED, MAPPINGS_NAME, load_words, save_words
from ledgersync.schema.words import choices_of, word_name
from ledgersync.sync.session import Session
from ledgersync.sync.words.offers import Offer, offers_of
from ledgersync.workbook.lists.word_lines import NONE_OF_THEM, WordLine
from ledgersync.workspace import Workspace

_WRITTEN = "word_list"  # in the journal's meta: what the list shows, and the file as it was written


def take_saved_words(workspace: Workspace, journal: Journal) -> list[Message] | None:
    """Keeps what somebody chose in the list; what could not be, is told. None: nothing is new."""
    path = workspace.word_file
    if not path.exists() or _written(journal).get("file") == file_hash(path):
        return None
    from ledgersync.workbook.lists.word_book import read_word_book  # there rarely is one

    try:
        lines = read_word_book(path)
    except UnreadableFile as error:
        return [error.message, *([error.next_step] if error.next_step else [])]
    known, faults = load_words(workspace.root / MAPPINGS_NAME), []
    shown = set(_written(journal).get("words", []))
    kept = {name: value for name, value in known.items() if name not in shown}
    for line in lines:
        name, value, fault = _understood(workspace.catalog, line)
        if fault:
            faults.append(fault)
        if value:
            kept[name] = value
        elif fault and name in known:
            kept[name] = known[name]
    if kept != known:
        save_words(workspace.root / MAPPINGS_NAME, kept)
        faults.append(message("用词清单已照读；本单位现有用词 {n} 个。", n=len(kept)))
    _note(journal, file=file_hash(path), words=sorted(kept))
    return faults


def _understood(catalog: Catalog, line: WordLine) -> tuple[str, str, Message | None]:
    """The word's name and what it is read as ("" while that is open), or what is wrong with it."""
    found = [
        (key, f)
        for key, f in _fields(catalog)
        if header_key(line.field) in map(header_key, f.headers)
        and line.ledger in ("", *_names(catalog, key)[:2])
        and line.table in ("", _names(catalog, key)[2])
    ]
    if len(found) != 1:
        asked = bool(line.meant)
        told = message("用词清单第 {row} 行：认不出是哪张表的哪一项，没有采用。", row=line.row)
        return "", "", told if asked else None
    key, f = found[0]
    name, options = word_name(key, f.id, line.word), choices_of(f)
    if line.meant in ("", *options):
        return name, line.meant, None
    if line.meant in (NONE_OF_THEM, IGNORED):
        return name, IGNORED, None
    told = message(
        "用词清单第 {row} 行：“{meant}”不是〔{field}〕的可选值，没有采用；可选：{choices}。",
        row=line.row,
        meant=line.meant,
        field=f.header,
        choices=list(options),
    )
    return name, "", told


def _fields(catalog: Catalog) -> list[tuple[TableKey, FieldSchema]]:
    found = []
    for ledger, table in catalog.tables():
        found += [((ledger.id, table.id), f) for f in table.fields if choices_of(f)]
    return found


def _names(catalog: Catalog, key: TableKey) -> tuple[str, str, str]:
    ledger = catalog.ledgers[key[0]]
    return ledger.workbook, ledger.name, ledger.by_id[key[1]].sheet


def write_word_list(session: Session) -> None:
    """The list as it is now: what waits first, then what was decided; none without words."""
    path, catalog = session.workspace.word_file, session.workspace.catalog
    written = _written(session.journal)
    if path.exists() and written.get("file") != file_hash(path):
        return  # somebody saved it meanwhile; the next run hears them
    lines = [_offered(catalog, one) for one in offers_of(session.journal, catalog)]
    lines += _decided(catalog)
    names = sorted(load_words(session.workspace.root / MAPPINGS_NAME))
    shown = hashlib.sha256(repr(lines).encode()).hexdigest()
    if not lines:
        path.unlink(missing_ok=True)
    elif path.exists() and written.get("lines") == shown:
        return
    with suppress(PermissionError):  # open in a spreadsheet: the next run writes it
        if lines:
            from ledgersync.workbook.lists.word_book import write_word_book

            write_word_book(path, lines, session.workspace.unit.name)
        file = file_hash(path) if lines else ""
        now = {"lines": shown, "file": file, "words": names}
        if written | now != written:
            _note(session.journal, **now)


def _offered(catalog: Catalog, one: Offer) -> WordLine:
    book, _, sheet = _names(catalog, one.key)
    return WordLine(
        book, sheet, one.schema.header, one.word, "", choices_of(one.schema), one.proposal,
        one.count, "、".join(sorted(one.staff)),
    )  # fmt: skip


def _decided(catalog: Catalog) -> list[WordLine]:
    """The words of fields that take some; most fields have none."""
    found = []
    for ledger, table in catalog.tables():
        for f in table.fields:
            options = choices_of(f) if f.words else ()
            for word, value in sorted(f.words.items()) if options else ():
                meant = NONE_OF_THEM if value == IGNORED else value
                found.append(WordLine(ledger.workbook, table.sheet, f.header, word, meant, options))
    return found


def _written(journal: Journal) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(journal.meta(_WRITTEN) or "{}")
    return found


def _note(journal: Journal, **now: object) -> None:
    with journal.transaction():
        noted = _written(journal) | now
        journal.set_meta(_WRITTEN, json.dumps(noted, ensure_ascii=False))


def has_saved_words(session: Session) -> bool:
    """Somebody saved the list since it was written or ingested."""
    path = session.workspace.word_file
    return path.exists() and _written(session.journal).get("file") != file_hash(path)
