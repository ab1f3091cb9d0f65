"""更新, without a spreadsheet: what was posted, what a scope lets through."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from tests.plugin_samples import publish, row_of

from ledgersync.plugin.reader import SnapshotReader
from ledgersync.plugin.refresh import Scope, posted_since
from ledgersync.plugin.snapshot import SNAPSHOT_NAME, PostedChange
from ledgersync.schema import Catalog

H = ("dibao", "households")


def edit(revision: int, field: str, old: object, new: object) -> PostedChange:
    return PostedChange(revision, *H, "h0", "edit", field, json.dumps(old), json.dumps(new))


CHANGES = (
    edit(4, "family_size", 2, 3),
    edit(5, "family_size", 3, 4),
    edit(5, "remark", None, "x"),
    PostedChange(6, *H, "h2", "add", None, None, json.dumps({"cert_no": "D-003"})),
    PostedChange(7, *H, "h1", "remove", None, json.dumps({"cert_no": "D-002"}), None),
)


@pytest.fixture
def reader(workspace: Path, catalog: Catalog) -> Iterator[SnapshotReader]:
    publish(workspace, catalog, CHANGES)
    reader = SnapshotReader(workspace / ".ledgersync" / SNAPSHOT_NAME)
    yield reader
    reader.close()


def test_changes_since_a_revision_run_from_its_value_to_the_newest(reader: SnapshotReader) -> None:
    posted = posted_since(reader, "dibao", 3)["households"]
    assert posted["h0"].before == {"family_size": 2, "remark": None}
    assert posted["h0"].after == {"family_size": 4, "remark": "x"}
    assert posted["h1"].removed and posted["h1"].last_row == {"cert_no": "D-002"}
    assert posted["h2"].added
    later = posted_since(reader, "dibao", 5)["households"]
    assert later.keys() == {"h1", "h2"}
    assert posted_since(reader, "dibao", 7) == {}


def test_a_scope_limits_by_own_fields_and_along_references(catalog: Catalog) -> None:
    scope = Scope({"grid": ["第一网格"]})
    people = catalog.table("care", "people")
    own = row_of(catalog, ("care", "people"), grid="第一网格")
    other = row_of(catalog, ("care", "people"), grid="第二网格")
    unknown = row_of(catalog, ("care", "people"))
    assert [scope.holds(people, r) for r in (own, other, unknown)] == [True, False, True]
    issues = catalog.table("visit", "issues")
    mine = row_of(catalog, ("visit", "issues"), visit_no="ZF-1", date=date(2022, 6, 1))
    theirs = row_of(catalog, ("visit", "issues"), visit_no="ZF-2")
    if "grid" not in issues.position:
        scope.note(("visit", "visits"), "visit_no", ["ZF-1"])
        assert scope.holds(issues, mine) and not scope.holds(issues, theirs)
    assert Scope({}).holds(people, other)
