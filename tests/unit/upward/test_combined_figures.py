"""Packages, folders and both give the same figures as all rows in one place."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from random import Random

import pytest
from tests.random_district import CATALOG, KEY, TODAY, district
from tests.unit.upward.parcels import manifest

from ledgersync.journal import KeptPackage
from ledgersync.rollup.assembly import Request, load_engine
from ledgersync.rollup.dataset.pseudonyms import Pseudonyms
from ledgersync.rollup.figures import WINDOWS, RollUp
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.running import Run
from ledgersync.rollup.sources.collect import Collected
from ledgersync.rollup.units.tree import build_tree
from ledgersync.upward.combine.places import with_packed_units, without_covered
from ledgersync.upward.combine.running import CombinedRun
from ledgersync.upward.combine.sources import Source, Sources
from ledgersync.upward.content.figures import packed
from ledgersync.upward.content.keyed import counts_across, part_name, read_keys, written
from ledgersync.upward.package.archive import Archive
from ledgersync.workspace import Unit
from ledgersync.workspace.unitcodes import full_code

EAST, WEST = "360702001000", "360702002000"


def load(found: Collected, period: str, reported: frozenset[str] = frozenset()) -> Run:
    asked = parse_period(period, TODAY)
    request = Request(
        CATALOG, found.tree, asked, TODAY, found.missing, found.remarks, reported=reported
    )
    return Run(None, request, load_engine(request, found.facts))  # type: ignore[arg-type]


def combined(found: Collected, sources: Sources, period: str) -> CombinedRun:
    tree = with_packed_units(found.tree, sources)
    asked = parse_period(period, TODAY)
    rest = load(without_covered(found, sources, tree, asked), period, sources.reported)
    return CombinedRun(rest, None, sources, KEY)


def sources_of(tops: Iterable[Source], found: Collected) -> Sources:
    by_code = {s.code: s for s in tops}
    covered = {unit: s for s in by_code.values() for unit in s.figures.units}
    for code, source in by_code.items():
        covered |= {n.code: source for n in found.tree.under(code)}
    return Sources(by_code, covered, {})


def source(run: CombinedRun, key: Pseudonyms | None = KEY) -> Source:
    """What the unit of a run would send."""
    root = run.engine.tree.nodes[run.engine.tree.root]
    parts = {"figures.json": packed(run.exact())}
    for defined in run.engine.definitions:
        if key and counts_across(defined) and (sets := run.key_sets(defined, key)) is not None:
            parts[part_name(defined)] = written(sets)
            assert read_keys(parts[part_name(defined)]) == sets
    said = manifest(parts, unit=root.unit.code, matching=key.key_id if key else None)
    kept = KeptPackage(root.code, "2022-06", 1, "0" * 64, None, "", None, True, "", "")
    return Source(kept, "submitted", Archive(said, parts, "0" * 64))


def only(found: Collected, code: str) -> Collected:
    """A unit's own workspace, with the units below it."""
    own = found.tree.nodes[code].unit
    below = [n.unit for n in found.tree.under(code) if n.code != code]
    tree = build_tree(own, below)
    facts = tuple(f for f in found.facts if full_code(f.unit.code) in tree.nodes)
    missing = tuple(m for m in found.missing if full_code(m.unit) in tree.nodes)
    return Collected(tree, facts, missing)


def sent(found: Collected, code: str, period: str, key: Pseudonyms | None = KEY) -> Source:
    return source(combined(only(found, code), Sources({}, {}, {}), period), key)


def communities(found: Collected) -> list[str]:
    return [full_code(f.unit.code) for f in found.facts]


def some(found: Collected, period: str) -> Sources:
    """Some communities by package, the others by folder."""
    random = Random(period)
    picked = [code for code in communities(found) if random.random() < 0.6]
    return sources_of([sent(found, code, period) for code in picked], found)


def everyone(found: Collected, period: str) -> Sources:
    return sources_of([sent(found, code, period) for code in communities(found)], found)


def a_street_from_packages(found: Collected, period: str) -> Sources:
    """The street puts its communities' packages together and sends one of its own."""
    street = only(found, EAST)
    below = [sent(found, c, period) for c in communities(street)]
    return sources_of([source(combined(street, sources_of(below, street), period))], found)


def a_street_from_folders(found: Collected, period: str) -> Sources:
    return sources_of([sent(found, EAST, period)], found)


Split = Callable[[Collected, str], Sources]


@cache
def counted(seed: int, period: str) -> tuple[Collected, RollUp]:
    """A district, and its figures from all rows."""
    found = district(seed, merged=False)
    return found, load(found, period).exact()


OTHERS = [(some, 3), (everyone, 2), (a_street_from_packages, 3), (a_street_from_folders, 2)]


@pytest.mark.parametrize(
    ("split", "seed"),
    [
        (some, 2),
        (everyone, 3),
        (a_street_from_packages, 2),
        (a_street_from_folders, 3),
        *(pytest.param(*other, marks=pytest.mark.slow) for other in OTHERS),
    ],
)
def test_every_figure_is_what_the_rows_say(split: Split, seed: int) -> None:
    period = {2: "2022Q3", 3: "2022H1"}[seed]
    found, rows = counted(seed, period)
    sources = split(found, period)
    assert sources
    together = combined(found, sources, period).exact()
    assert {line.id for line in together.lines} == {line.id for line in rows.lines}
    assert {(m.unit, m.ledger, m.kind) for m in together.missing} == {
        (m.unit, m.ledger, m.kind) for m in rows.missing
    }
    for window in WINDOWS:
        assert together.by_window[window].keys() == rows.by_window[window].keys()
        for cell, figure in rows.by_window[window].items():
            other = together.by_window[window][cell]
            if other.mark == "不可合并":
                assert cell[1] == "issue_days_median" and other.value is None
                continue
            assert other.mark is None
            assert other.value == pytest.approx(figure.value), (window, cell)
            if figure.numerator is not None:
                assert other.numerator == pytest.approx(figure.numerator)
                assert other.denominator == pytest.approx(figure.denominator)
            assert set(other.counted.units) == set(figure.counted.units), (window, cell)
            assert set(other.counted.expected) == set(figure.counted.expected), (window, cell)


def distinct(found: RollUp, unit: str) -> dict[str, object]:
    return {
        line.id: (figure.value, figure.mark)
        for line in found.lines
        if counts_across(line.defined) and (figure := found.get(unit, line.id))
    }


@pytest.mark.parametrize("other", [None, Pseudonyms(b"x" * 32)])
def test_without_the_same_key_people_are_added_up_and_marked(other: Pseudonyms | None) -> None:
    """Four people only, who are in every community: the sum is far too high, and says so."""
    found = district(4, merged=False)
    codes = communities(found)
    tops = [sent(found, codes[0], "2022H1", other), *(sent(found, c, "2022H1") for c in codes[1:])]
    together = combined(found, sources_of(tops, found), "2022H1").exact()
    marked = distinct(together, "360702")
    right = distinct(load(found, "2022H1").exact(), "360702")
    value, mark = marked["care_people"]  # type: ignore[misc]
    assert mark == "未跨单位去重" and value > right["care_people"][0]  # type: ignore[index, operator]
    west = distinct(together, "360702002")
    assert all(mark is None for _, mark in west.values())  # type: ignore[misc]


def test_a_median_of_several_units_is_not_told() -> None:
    found = district(3, merged=False, rows=80)
    together = combined(found, everyone(found, "2022H1"), "2022H1").exact()
    figures = [together.get(unit, "issue_days_median") for unit in ("360702", "360702001001")]
    assert all(figures)
    assert [f.mark for f in figures if f] == ["不可合并", None]
    assert [f.value is None for f in figures if f] == [True, False]


def test_a_hidden_part_hides_the_sum() -> None:
    found = district(5, merged=False)
    top = sent(found, communities(found)[0], "2022H1")
    hidden = {
        window: {place: f.hidden() for place, f in figures.items()}
        for window, figures in top.figures.windows.items()
    }
    object.__setattr__(top, "figures", replace(top.figures, windows=hidden))
    together = combined(found, sources_of([top], found), "2022H1").exact()
    figure = together.get("360702", "care_people")
    assert figure is not None and figure.value is None and figure.suppressed


def test_a_unit_that_only_its_street_knows() -> None:
    found = district(6, merged=False)
    street = only(found, EAST)
    top = source(combined(street, Sources({}, {}, {}), "2022H1"))
    west = build_tree(
        found.tree.nodes[found.tree.root].unit,
        [
            found.tree.nodes["360702002001"].unit,
            Unit(code="360702001", name="东门", level="street"),
        ],
    )
    facts = tuple(f for f in found.facts if f.unit.code.startswith("360702002"))
    above = Collected(west, facts)
    together = combined(above, sources_of([top], above), "2022H1").exact()
    rows = load(found, "2022H1").exact()
    assert {n.unit.name for n in together.tree} >= {"幸福社区", "东门"}
    for code in ("360702", "360702001001"):
        figure, right = together.get(code, "dibao_persons"), rows.get(code, "dibao_persons")
        assert figure is not None and right is not None and figure.value == right.value
