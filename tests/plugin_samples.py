"""A few known rows as a snapshot, for tests of the plugin."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from ledgersync.model import Row, Rows, Value
from ledgersync.plugin.snapshot import Figure, OpenConflict, PostedChange, write_snapshot
from ledgersync.schema import Catalog, TableKey

HEAD, OTHER = "11010519491231002X", "110105198001010016"


def row_of(catalog: Catalog, key: TableKey, **values: Value) -> Row:
    table = catalog.table(*key)
    return tuple(values.get(f.id) for f in table.fields)


def sample_tables(catalog: Catalog) -> dict[TableKey, Rows]:
    """Two households, three people in care (two of one name), three visits."""

    def rows(key: TableKey, *found: dict[str, Value]) -> Rows:
        return {f"{key[1][:1]}{i}": row_of(catalog, key, **v) for i, v in enumerate(found)}

    households: TableKey = ("dibao", "households")
    people: TableKey = ("care", "people")
    visits: TableKey = ("visit", "visits")
    return {
        households: rows(
            households,
            {"cert_no": "D-001", "head_name": "张伟", "head_id": HEAD, "status": "在保"}
            | {"monthly_amount": Decimal("1200.50"), "hardship_cause": ("因病", "因残")}
            | {"last_review": date(2022, 1, 31), "review_cycle": "每年"},
            {"cert_no": "D-002", "head_name": "李娜", "head_id": OTHER, "status": "停保"},
        ),
        people: rows(
            people,
            {"name": "王芳", "id_number": HEAD, "address": "幸福里 3 号", "visit_cycle": "每月"}
            | {"enrolled": date(2022, 1, 1), "status": "在册"},
            {"name": "赵强", "address": "一号院", "visit_cycle": "每周"},
            {"name": "赵强", "address": "二号院"},
        ),
        visits: rows(
            visits,
            {"date": date(2022, 5, 1), "subject_id": HEAD, "household": "幸福里3号"},
            {"date": date(2022, 5, 31), "subject_name": "王芳", "household": "幸福里3号"},
            {"date": date(2022, 6, 2), "subject_name": "赵强", "household": "一号院"},
        ),
    }


def publish(
    folder: Path, catalog: Catalog, changes: tuple[PostedChange, ...] = (), revision: int = 7
) -> None:
    conflict = OpenConflict(
        id=1, ledger="dibao", table="households", record="h0", field="status", kind="edit/edit",
        base="在保", ours="停保", theirs="渐退期", ours_by="王芳", theirs_by="李娜",
        at="2022-06-01T09:00:00+08:00",
    )  # fmt: skip
    figures = [
        Figure("visits_made", "2022-06", "110105001001", 3.0),
        Figure("visits_made", "2022-05", "110105001001", None),
        Figure("care_people", "2022-06", "110105001001", None, suppressed=True),
    ]
    write_snapshot(
        folder / ".ledgersync" / "snapshot.db",
        sample_tables(catalog),
        catalog,
        [conflict],
        figures,
        revision=revision,
        changes=changes,
        changes_after=3,
        unit="110105001001",
        scopes={"陈静": {"grid": ["第一网格"]}},
    )
