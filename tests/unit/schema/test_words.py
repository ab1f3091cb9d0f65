"""Every wording that docs/words.tsv names is understood, and there are enough of them."""

from tests.word_page import sources

from ledgersync.schema import header_key, load_catalog


def test_published_wordings_are_understood() -> None:
    catalog = load_catalog()
    count = 0
    for name, words in sources().items():
        ledger, table, field = name.split(".")
        known = catalog.table(ledger, table).header_index
        assert {w: known[header_key(w)].id for w in words} == dict.fromkeys(words, field)
        count += len(words)
    assert count >= 300
