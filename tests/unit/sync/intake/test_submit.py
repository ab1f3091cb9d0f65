"""What becomes of a submission, and what its sender should know of how it was understood."""

from dataclasses import replace

import pytest

from ledgersync.journal import Copy
from ledgersync.merge import Counts
from ledgersync.sync.intake.submit import remarks_on, status_of
from ledgersync.sync.model.basis import Basis

COPY = Copy("c1", "王芳", "roster", "issued", 3, "", None, None, {}, {}, False)
STAMPED = Basis("stamped", COPY, 3, {}, {})


@pytest.mark.parametrize(
    ("counts", "status"),
    [
        (Counts(), "unchanged"),
        (Counts(applied=1), "merged"),
        (Counts(converged=1), "merged"),
        (Counts(conflicts=1), "merged"),
        (Counts(returned=2), "returned"),
        (Counts(returned=2, applied=1), "merged"),
        (Counts(held=1), "held"),
        (Counts(held=1, applied=5, returned=1), "held"),
    ],
)
def test_what_is_said_of_a_submission_follows_from_its_counts(counts: Counts, status: str) -> None:
    assert status_of(counts) == status


@pytest.mark.parametrize(
    ("basis", "staff", "told"),
    [
        (STAMPED, "王芳", []),
        (STAMPED, "李强", ["这份副本是发给王芳的，由李强交来，按李强交的收了。"]),
        (replace(STAMPED, kind="content"), "李强", []),  # whose it is, nobody said
        (
            replace(STAMPED, late=True, last_file="inbox/王芳/名册2.xlsx"),
            "王芳",
            ["这份比同一副本已收的“名册2.xlsx”保存得早：那份改过的格子照旧，不同的成为冲突。"],
        ),
    ],
)
def test_its_sender_is_told_what_is_not_as_usual(basis: Basis, staff: str, told: list[str]) -> None:
    assert [m.zh for m in remarks_on(staff, basis)] == told


def test_cells_of_an_old_copy_are_told_by_their_number() -> None:
    [told] = remarks_on("王芳", replace(STAMPED, kind="content", kept=7))
    assert "7 格仍是当时的旧内容" in told.zh
