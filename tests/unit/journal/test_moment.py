"""Reading inside a moment: what somebody else commits meanwhile is not seen until its end."""

from pathlib import Path

from ledgersync.journal import Journal
from ledgersync.schema import load_catalog


def test_all_that_is_read_is_of_one_moment(tmp_path: Path) -> None:
    catalog, file = load_catalog(), tmp_path / "journal.db"
    with Journal.create(file, catalog) as writer, Journal.open(file, catalog) as reader:
        writer.set_meta("told", "one")
        with reader.moment():
            assert reader.meta("told") == "one"
            writer.set_meta("told", "other")
            assert reader.meta("told") == "one"
        assert reader.meta("told") == "other"
        with writer.transaction():
            writer.set_meta("told", "third")
        assert reader.meta("told") == "third"
