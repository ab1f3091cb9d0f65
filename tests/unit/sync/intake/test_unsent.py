"""Workbooks that somebody changed where no merge looks: each is found, and told what to do."""

import shutil

from openpyxl import load_workbook
from tests.community import Community

from ledgersync.sync.intake.unsent import unsent


def found(town: Community) -> list[tuple[str, str | None, str]]:
    with town.session() as session:
        return [(u.file, u.staff, u.kind) for u in unsent(session)]


def test_copies_as_they_were_issued_are_nothing(town: Community) -> None:
    town.issue("王芳")
    town.merge()
    assert found(town) == []


def test_a_copy_that_was_changed_in_its_place_waits_for_its_owner(town: Community) -> None:
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    book.save()
    file = book.path.relative_to(town.root).as_posix()
    assert found(town) == [(file, "王芳", "issued")]
    with town.session() as session:
        [one] = unsent(session)
    assert one.since is not None and one.finding.rule == one.as_json()["rule"]
    assert file in one.message.zh
    inbox = town.root / "inbox" / "王芳"
    inbox.mkdir(exist_ok=True)
    shutil.copy(book.path, inbox / "名册.xlsx")  # handed in after all
    town.merge()
    assert found(town) == []


def test_other_workbooks_beside_copies_and_primaries_are_told(town: Community) -> None:
    folder = town.issue("王芳").path.parent
    other = load_workbook(town.primary)
    other["人员"]["A1"].value = "别的"
    other.save(folder / "另一本.xlsx")
    shutil.copy(folder / "另一本.xlsx", town.primary.with_name("名册-冲突副本.xlsx"))
    (folder / "说明.txt").write_text("不是表", "utf-8")
    (folder / "~$名册.xlsx").write_bytes(b"lock")
    assert found(town) == [
        (f"issued/{folder.name}/另一本.xlsx", "王芳", "beside"),
        ("primary/名册-冲突副本.xlsx", None, "beside"),
    ]
