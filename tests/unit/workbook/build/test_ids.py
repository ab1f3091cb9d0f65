"""Record ids: unique, repeatable where asked, and safe as text anywhere."""

import re
from itertools import islice

from ledgersync.values.text import looks_like_formula
from ledgersync.workbook.build import new_record_id, record_ids


def test_ids_are_unique_and_mistaken_for_nothing_else() -> None:
    ids = {new_record_id() for _ in range(5000)}
    assert len(ids) == 5000
    assert all(re.fullmatch(r"R[0-9A-HJKMNP-TV-Z]{19}", one) for one in ids)
    assert not any(looks_like_formula(one) for one in ids)


def test_a_seed_repeats_its_ids_and_no_seed_does_not() -> None:
    assert list(islice(record_ids("a"), 50)) == list(islice(record_ids("a"), 50))
    assert set(islice(record_ids("a"), 50)).isdisjoint(islice(record_ids("b"), 50))
    assert list(islice(record_ids(), 5)) != list(islice(record_ids(), 5))


def test_the_proposed_numbers_of_a_copy_differ() -> None:
    """A proposal is made from the last eight characters of the id."""
    assert len({one[-8:] for one in islice(record_ids("copy"), 5000)}) == 5000
