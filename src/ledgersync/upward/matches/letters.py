"""The letters to the units that share something: a number and their own hash, nobody's name."""

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from ledgersync.files import atomic_write
from ledgersync.journal import KeptPackage
from ledgersync.journal.exchange.matches import MatchLetter
from ledgersync.upward.letters import check_ours, letter_package
from ledgersync.upward.matches.cases import Case, concerning
from ledgersync.upward.matches.hashes import KINDS, Kind, UnitHashes
from ledgersync.upward.names import letter_name
from ledgersync.upward.office import Office
from ledgersync.upward.package.archive import Archive
from ledgersync.upward.package.refusal import unreadable
from ledgersync.workspace.place import keep_private

_NUMBER = re.compile(r"^\d{3}-\d{3}-\d{3}$")
_KEY = re.compile(r"^[0-9a-f]{32}$")
_MOST = 100_000
Known = dict[tuple[Kind, bytes], str]  # the number by kind and hash


def write_letters(office: Office, cases: list[Case], units: UnitHashes) -> list[tuple[Path, str]]:
    """One for every unit (its padded code beside it) of which there is something new to tell."""
    told = {letter.unit: letter.cases for letter in office.journal.matches.latest("out")}
    senders = {p.unit: p for p in office.journal.packages.all("in")}  # the last of each
    from_above = known_cases(office)
    written = []
    for code, about in senders.items():
        below = {node.code for node in office.tree.under(code)} if office.node(code) else {code}
        listed = sorted(_listed(concerning(cases, below), units, below, from_above))
        text = json.dumps([dict(zip(("case", "kind", "key"), one, strict=True)) for one in listed])
        if office.trusted.of(code) is not None and text != told.get(code, "[]"):
            written.append((_written(office, about, text), code))
    return written


def _listed(
    cases: list[Case], units: UnitHashes, below: set[str], above: Known
) -> Iterator[tuple[str, str, str]]:
    """Number, kind and hash: those found here, and those that an office above has told of."""
    own = {(case.kind, case.key): case.number for case in cases}
    theirs = {one for code in below for one in units.get(code, ())}
    for kind, key in theirs & {*own, *above}:
        yield above.get((kind, key)) or own[kind, key], kind, key.hex()


def _written(office: Office, about: KeptPackage, cases: str) -> Path:
    content = letter_package(office, "match", about, {"cases": json.loads(cases)})
    name = letter_name("核对", office.name(about.unit), about.period, about.version)
    path = office.workspace.reports(about.period) / name
    atomic_write(path, content)
    keep_private(path)
    now = office.session.now().isoformat()
    letter = MatchLetter("out", about.unit, cases, sha256(content).hexdigest(), now, now)
    with office.journal.transaction():
        office.journal.matches.add(letter)
    return path


def take_matches(office: Office, archive: Archive) -> bool:
    """Keeps what came from above; raises Refusal for what is no such letter."""
    manifest = archive.manifest
    check_ours(office, manifest)
    cases = archive.document("letter.json").get("cases")
    if not isinstance(cases, list) or len(cases) > _MOST or not all(map(_is_case, cases)):
        raise unreadable()
    letter = MatchLetter(
        *("in", manifest.code, json.dumps(cases), archive.sha256),
        *(manifest.made, office.session.now().isoformat()),
    )
    with office.journal.transaction():
        return office.journal.matches.add(letter)


def _is_case(entry: Any) -> bool:
    return (
        isinstance(entry, dict)
        and set(entry) == {"case", "kind", "key"}
        and all(isinstance(text, str) for text in entry.values())
        and bool(_NUMBER.match(entry["case"]) and _KEY.match(entry["key"]))
        and entry["kind"] in KINDS
    )


def known_cases(office: Office) -> Known:
    """What the offices above told last."""
    return {
        (entry["kind"], bytes.fromhex(entry["key"])): entry["case"]
        for letter in office.journal.matches.latest("in")
        for entry in json.loads(letter.cases)
    }
