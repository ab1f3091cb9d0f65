"""How many of many people match: all that two units of one key share, none of two keys."""

from datetime import date
from random import Random

import pytest

from ledgersync.model import Rows
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.schema import load_catalog
from ledgersync.upward.matches.hashes import KINDS, hashed, read_hashes, written
from ledgersync.upward.package.refusal import Refusal

CATALOG = load_catalog()
PEOPLE, SHARED = 2000, 150
ONE, OTHER = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)


def unit(random: Random, known: list[str]) -> dict[tuple[str, str], Rows]:
    """Care and benefits of these and of others."""
    more = [f"{random.randrange(10**17, 10**18)}" for _ in range(PEOPLE - len(known))]
    care, homes = CATALOG.table("care", "people"), CATALOG.table("dibao", "households")
    held = CATALOG.table("volunteer", "activities")
    people = [*known, *more]

    def row(schema: object, **given: object) -> tuple[object, ...]:
        return tuple(given.get(name) for name in schema.field_ids)  # type: ignore[attr-defined]

    day = date(2022, 6, 1)
    return {
        ("care", "people"): {f"c{n}": row(care, id_number=p) for n, p in enumerate(people)},
        ("dibao", "households"): {
            f"h{n}": row(homes, head_id=p, status="在保") for n, p in enumerate(people)
        },
        ("volunteer", "activities"): {
            f"a{n}": row(held, date=day, title=p, place="广场") for n, p in enumerate(people)
        },
    }  # type: ignore[return-value]


def test_one_district_finds_all_that_is_shared_and_two_districts_nothing() -> None:
    random = Random(7)
    both = [f"{random.randrange(10**17, 10**18)}" for _ in range(SHARED)]
    first, second = unit(random, both), unit(random, both)
    one, two = (set(hashed(tables, CATALOG, ONE)) for tables in (first, second))
    assert len(one) == len(two) == len(KINDS) * PEOPLE
    assert len(one & two) == len(KINDS) * SHARED
    assert len({key for _, key in one & two}) == len(KINDS) * SHARED, "kinds never meet"
    assert not one & set(hashed(second, CATALOG, OTHER)), "another district's key"


def test_a_part_says_what_was_written_and_of_whom() -> None:
    found = {"360702001001": set(hashed(unit(Random(1), []), CATALOG, ONE))}
    content = written(found)
    assert read_hashes(content, frozenset(found)) == found
    assert read_hashes(written({}), frozenset()) == {}
    for bad in (content[:-9], b"", b"PAR1"):
        with pytest.raises(Refusal):
            read_hashes(bad, frozenset(found))
    with pytest.raises(Refusal):
        read_hashes(content, frozenset({"360702001002"}))
