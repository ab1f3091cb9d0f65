"""Receipts and returns: what an office answers to a package, itself signed and sealed."""

import json
from collections.abc import Mapping
from typing import Any

from ledgersync import __version__
from ledgersync.files import atomic_write
from ledgersync.journal import KeptPackage, Letter
from ledgersync.messages import Message, message
from ledgersync.rollup.definitions import load_definitions
from ledgersync.schema import Catalog
from ledgersync.upward.names import safe
from ledgersync.upward.office import Office
from ledgersync.upward.package.archive import Archive, part_of, write_archive
from ledgersync.upward.package.envelope import wrapped
from ledgersync.upward.package.manifest import Kind, Manifest
from ledgersync.upward.package.refusal import Refusal, unreadable
from ledgersync.workspace.unitcodes import full_code

_STATUSES = {"receipt": ("accepted", "duplicate", "refused"), "return": ("returned",)}
_LONGEST = 2000


def letter_package(
    office: Office, kind: Kind, about: KeptPackage, content: Mapping[str, Any]
) -> bytes:
    """A letter to the sender of a package; `content` is status, reason, places."""
    unit = office.workspace.unit
    parts = {"letter.json": json.dumps(content, ensure_ascii=False).encode()}
    manifest = Manifest(
        kind=kind,
        unit=unit.code,
        name=unit.name,
        recipient=about.unit,
        period=about.period,
        version=about.version,
        previous=about.sha256,
        made=office.session.now().isoformat(),
        program=__version__,
        parts={name: part_of(content) for name, content in parts.items()},
    )
    return wrapped(
        write_archive(manifest, parts), office.keys, office.recipient(full_code(about.unit))
    )


def take_letter(office: Office, archive: Archive) -> bool:
    """Keeps what the office above says of a package of ours; False where it is known already."""
    manifest = archive.manifest
    check_ours(office, manifest)
    if manifest.kind not in ("receipt", "return"):
        raise unreadable()
    content = archive.document("letter.json")
    status, reason, places = (content.get(k) for k in ("status", "reason", "places"))
    if status not in _STATUSES[manifest.kind] or not isinstance(places, list):
        raise unreadable()
    letter = Letter(
        manifest.kind,
        manifest.code,
        manifest.period,
        manifest.version,
        str(status),
        str(reason)[:_LONGEST] if reason is not None else None,
        tuple(str(place)[:200] for place in places[:500]),
        archive.sha256,
        manifest.made,
        office.session.now().isoformat(),
    )
    if manifest.kind == "return":
        _write_out(office, letter)
    with office.journal.transaction():
        return office.journal.reviews.write_letter(letter)


def check_ours(office: Office, manifest: Manifest) -> None:
    """A letter is of an office above and about a package of ours; raises Refusal."""
    if office.is_below(manifest.code) or manifest.kind == "figures":
        raise unreadable()
    ours = office.journal.packages.version("out", office.code, manifest.period, manifest.version)
    if ours is None or ours.sha256 != manifest.previous:
        raise Refusal(
            "wrong_period",
            message(
                "它说的 {period} 第 {version} 版不是本单位做的",
                period=manifest.period,
                version=manifest.version,
            ),
            message("请向上级核实。"),
        )


def _write_out(office: Office, letter: Letter) -> None:
    """The returned period as a text that people find."""
    name = f"上级退回-{safe(letter.period)}-第{letter.version}版.txt"
    words = returned_words(letter, office.workspace.catalog).zh
    atomic_write(office.workspace.root / "returned" / name, words + "\n")


def returned_words(letter: Letter, catalog: Catalog) -> Message:
    """With the indicators by their names, where the unit's own ledgers declare them."""
    text = message(
        "{period} 第 {version} 版被上级退回：{reason}",
        period=letter.period,
        version=letter.version,
        reason=letter.reason or "",
    )
    if not letter.places:
        return text
    definitions = load_definitions(catalog)
    places = [definitions.name_of(place) for place in letter.places]
    return message("{text}（{places}）", text=text, places=places)


def open_returns(office: Office) -> list[Letter]:
    """Returns that no later version has answered yet."""
    packages = office.journal.packages
    found = []
    for letter in office.journal.reviews.letters():
        last = packages.last("out", office.code, letter.period)
        if letter.kind == "return" and last is not None and last.version <= letter.version:
            found.append(letter)
    return found
