"""Grids on their way, as the journal remembers them."""

from dataclasses import replace

from tests.community import Community

from ledgersync.sync.transfer.moves import ACCEPTED, PENDING, GridMove, moves, open_moves, store

MOVE = GridMove(2, "第1网格", "王芳", "李强", PENDING, "2022-06-30T09:00:00+08:00", "站长")


def test_moves_come_by_number_and_as_they_were_stored_last(town: Community) -> None:
    with town.session() as session:
        assert moves(session) == []
        for number in (10, 2, 9):
            store(session, replace(MOVE, id=number))
        done = replace(MOVE, id=9, state=ACCEPTED, closed="2022-06-30", closed_by="李强")
        store(session, done)
        assert [m.id for m in moves(session)] == [2, 9, 10]
        assert moves(session)[1] == done
        assert [m.id for m in open_moves(session)] == [2, 10]


def test_a_move_tells_its_number_as_text() -> None:
    assert MOVE.as_json()["id"] == "2" and MOVE.as_json()["closed"] is None
