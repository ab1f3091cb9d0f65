"""Changes that nobody handed in are brought to the inbox before their file is replaced."""

import pytest
from tests.community import Community

from ledgersync.files import file_hash
from ledgersync.sync.copies.rescue import rescue


@pytest.mark.parametrize("changed", [True, False])
def test_only_what_was_changed_is_brought_to_the_inbox(town: Community, changed: bool) -> None:
    book = town.issue("周一")
    if changed:
        book.people.set("A1", "电话", "13811110001")
        book.save()
    before, sha256 = book.path.read_bytes(), file_hash(book.path)
    with town.session() as session:
        rescue(session, "周一", book.path, "换发前")
    inbox = sorted((town.root / "inbox" / "周一").glob("*")) if changed else []
    assert [p.name for p in inbox] == ([f"名册（换发前 {sha256[:6]}）.xlsx"] if changed else [])
    assert all(p.read_bytes() == before for p in inbox)
    assert book.path.read_bytes() == before


def test_what_we_wrote_ourselves_or_was_merged_already_is_left(town: Community) -> None:
    book = town.issue("周一")
    book.people.set("A1", "电话", "13811110001")
    sent = book.send()
    town.merge()
    with town.session() as session:
        rescue(session, "周一", sent, "换发前")
        odd = town.root / "odd.xlsx"
        odd.write_bytes(b"ours")
        rescue(session, "周一", odd, "换发前", file_hash(odd))
    assert [p.name for p in (town.root / "inbox" / "周一").iterdir()] == [sent.name]
