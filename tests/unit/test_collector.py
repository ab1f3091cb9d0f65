"""While much is made at once the collector rests; what was made then counts as old."""

import gc
from collections.abc import Iterator

import pytest

from ledgersync.collector import without_collector


@pytest.fixture(autouse=True)
def collecting() -> Iterator[None]:
    was_enabled = gc.isenabled()
    gc.enable()
    yield
    if not was_enabled:
        gc.disable()


def test_the_collector_rests_and_goes_on() -> None:
    with without_collector(), without_collector():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), without_collector():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_whoever_has_none_gets_none() -> None:
    gc.disable()
    with without_collector():
        pass
    assert not gc.isenabled()


def test_what_was_made_is_not_looked_through_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 0)  # the tests' own collector is frozen
    thawed: list[str] = []
    monkeypatch.setattr(gc, "freeze", lambda: thawed.append("freeze"))
    monkeypatch.setattr(gc, "unfreeze", lambda: thawed.append("unfreeze"))
    with without_collector():
        pass
    assert thawed == ["freeze", "unfreeze"]


def test_what_somebody_froze_stays_frozen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gc, "get_freeze_count", lambda: 7)
    monkeypatch.setattr(gc, "unfreeze", None)  # whoever calls it fails
    with without_collector():
        pass
    assert gc.isenabled()
