"""Rows of a scope looked at by what they hold are those looked at one by one."""

from random import Random

import pytest

from ledgersync.checks.scopes import Scopes, holds, within
from ledgersync.model import Rows, Value
from ledgersync.schema import TableSchema

TABLE = TableSchema.validated(
    {
        "id": "homes",
        "sheet": "户",
        "key": ["no"],
        "fields": [
            {"id": name, "header": name, "type": "text"} for name in ("no", "grid", "worker")
        ],
    }
)
SCOPES = [
    {},
    {"grid": ["一"]},
    {"grid": ["一", "二"], "worker": ["王芳"]},
    {"elsewhere": ["x"]},
    {"elsewhere": ["x"], "worker": ["李强"]},
]


def some_rows(rng: Random) -> Rows:
    grids: list[Value] = ["一", "二", "三", None]
    workers: list[Value] = ["王芳", "李强", None]
    return {
        f"r{n}": (str(n), rng.choice(grids), rng.choice(workers)) for n in range(rng.randrange(30))
    }


@pytest.mark.parametrize("seed", range(20))
def test_rows_are_those_that_hold_in_their_order(seed: int) -> None:
    rng = Random(seed)
    rows = some_rows(rng)
    besides = set(rng.sample(list(rows), len(rows) // 5))
    for scope in SCOPES:
        mine = [r for r, row in rows.items() if holds(scope, TABLE, row)]
        assert list(within(scope, TABLE, rows)) == mine
        both = within(scope, TABLE, rows, besides)
        assert list(both) == [r for r in rows if r in mine or r in besides]
        assert all(both[r] is rows[r] for r in both)


@pytest.mark.parametrize("seed", range(20))
def test_strays_are_the_rows_that_are_nobodys(seed: int) -> None:
    rng = Random(seed)
    rows = some_rows(rng)
    scopes = Scopes({f"p{n}": scope for n, scope in enumerate(rng.sample(SCOPES, 3))})
    for author in (None, "p0", "p1"):
        told = {r: scopes.nobodys(TABLE, row, author) for r, row in rows.items()}
        assert scopes.strays(TABLE, rows, author) == {r: f for r, f in told.items() if f}
