"""A ledger's file changes under the data: shown, accepted, and nobody changed anything by it."""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from tests.commands import run
from tests.community import TODAY, Community, begun, counted

from ledgersync.errors import UsageFault
from ledgersync.sync.history.undo import undo_revision
from ledgersync.sync.migration.accept import accept
from ledgersync.sync.results import MergeReport
from ledgersync.sync.run import finish
from ledgersync.sync.session import REWRITTEN_BY
from ledgersync.sync.status import status_of

NOTE = '  { id = "note", header = "备注", type = "text" },\n'
STATUS = 'choices = { "在册" = ["正常"], "注销" = [] }'


@dataclass(frozen=True)
class Change:
    """A text of the ledger's file for another; the effects that are shown of it."""

    old: str
    new: str
    effects: tuple[tuple[str, int], ...] = ()


CHANGES = {
    "a choice removed": Change(STATUS, 'choices = { "登记" = [], "注销" = [] }', (("unfit", 6),)),
    "a choice renamed": Change(
        STATUS, 'choices = { "登记" = ["在册"], "注销" = [] }', (("read_otherwise", 6),)
    ),
    "a synonym removed": Change(STATUS, 'choices = { "在册" = [], "注销" = [] }'),
    "a text made a number": Change(
        NOTE, NOTE.replace('"text"', '"integer"'), (("unfit", 1), ("read_otherwise", 5))
    ),
    "a text made a date": Change(NOTE, NOTE.replace('"text"', '"date"'), (("unfit", 6),)),
    "a number made a text": Change(
        'header = "人口", type = "integer"', 'header = "人口", type = "text"'
    ),
    "a number made money": Change(
        'header = "享受人数", type = "integer", min = 1, le = "size"',
        'header = "享受人数", type = "money"',
        (("read_otherwise", 6),),
    ),
    "a date made a text": Change('type = "date", not_future = true', 'type = "text"'),
    "a field dropped": Change(NOTE, "", (("dropped", 6),)),
    "a field added": Change(NOTE, NOTE + '  { id = "more", header = "补充", type = "text" },\n'),
    "fields in another order": Change(
        '  { id = "grid", header = "网格", type = "text" },\n' + NOTE,
        NOTE + '  { id = "grid", header = "网格", type = "text" },\n',
    ),
    "limits and help": Change("max = 30", 'max = 3, help = "人"'),
}


def whole_weeks(*everyday: str) -> list[ParameterSet]:
    """Every change; those that are not tried every day are marked slow."""
    return [
        pytest.param(change, id=name, marks=() if name in everyday else pytest.mark.slow)
        for name, change in CHANGES.items()
    ]


@pytest.fixture(scope="module")
def began(tmp_path_factory: pytest.TempPathFactory) -> Community:
    """A community with two cells that people typed their own way; tests have copies of it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LEDGERSYNC_TODAY", TODAY)
        town = begun(tmp_path_factory.mktemp("began"))
        primary = town.open_primary()
        primary.people.set("A6", "备注", "说不清").set("A5", "状态", "正常")
        primary.save()
        town.merge()
    return town


@pytest.fixture
def town(began: Community, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Community:
    monkeypatch.setenv("LEDGERSYNC_TODAY", TODAY)
    shutil.copytree(began.root, tmp_path / began.root.name)
    return began.at(tmp_path)


def alter(town: Community, old: str, new: str) -> None:
    file = town.root / "ledgers" / "roster.toml"
    text = file.read_text("utf-8")
    place = old or '  { id = "size"'
    assert place in text
    file.write_text(text.replace(place, new if old else new + place, 1), "utf-8")


def accepted(town: Community) -> None:
    assert run(town.root, "ledgers", "accept")[0] == 0


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_it_is_shown_and_waits_where_it_touches_records(town: Community, change: Change) -> None:
    copy = town.issue("王芳")
    alter(town, change.old, change.new)
    code, text = run(town.root, "ledgers", "check", "--json")
    shown = [(e["kind"], e["cells"]) for j in json.loads(text)["checked"] for e in j["effects"]]
    assert (shown, code) == (list(change.effects), 1 if change.effects else 0)
    with town.session() as session:
        assert status_of(session).ledgers == (["roster"] if change.effects else [])
    assert ("定义文件改了" in run(town.root, "status")[1]) is bool(change.effects)
    copy.people.set("A2", "网格", "第3网格").set("A3", "状态", "正常")
    assert counted(town.hand_in(copy)) == {"applied": 1}
    assert ("定义文件改了" in run(town.root, "merge")[1]) is bool(change.effects)
    town.assert_consistent()


@pytest.mark.parametrize("change", whole_weeks("a choice renamed", "a text made a number"))
def test_accepted_nobody_has_changed_anything(town: Community, change: Change) -> None:
    """Copies from before, sent and not yet sent, with a colleague's work in between."""
    sent, other, late = town.issue("王芳"), town.issue("李强"), town.issue("赵敏")
    sent.people.set("A1", "网格", "第2网格").set("A1", "状态", "正常")
    assert counted(town.hand_in(sent)) == {"applied": 1}
    before = town.shown("编号 状态 登记日期 人口 享受人数 备注")
    alter(town, change.old, change.new)
    accepted(town)
    town.assert_consistent()
    assert town.shown("编号 状态 登记日期 人口 享受人数 备注") == before  # what was typed stays
    assert all(counted(s) == {} for s in town.merge().submissions)
    other.people.set("A2", "网格", "第3网格")
    assert counted(town.hand_in(other)) == {"applied": 1}
    late.people.set("A3", "网格", "第3网格").set("A2", "网格", "第4网格")
    assert counted(town.hand_in(late)) == {"applied": 1, "conflicts": 1}
    assert counted(town.hand_in(sent)) == {}
    fresh = town.issue("王芳")
    fresh.people.set("A4", "网格", "第1网格").add(编号="B1", 姓名="吴刚", 网格="第1网格")
    assert counted(town.hand_in(fresh)) == {"applied": 1, "added": 1}
    assert [c[1] for c in town.conflicts()] == ["grid"]
    town.assert_consistent()


@pytest.mark.parametrize("change", whole_weeks("a choice removed", "a field dropped"))
def test_history_holds_through_the_change_and_back(town: Community, change: Change) -> None:
    first = town.issue("王芳")
    first.people.set("A1", "备注", "甲").set("A2", "状态", "注销").set("A3", "人口", 4)
    town.hand_in(first)
    first.people.remove("A4").set("A1", "登记日期", "2022-02-02")
    town.hand_in(first)
    alter(town, change.old, change.new)
    accepted(town)
    with town.session() as session:
        last = session.journal.log.last
        for revision in range(last, 1, -1):
            undo_revision(session, revision, "站长") if _undoable(session, revision) else None
        finish(session, MergeReport(0))
    town.assert_consistent()
    alter(town, change.new or "", change.old)
    accepted(town)
    town.merge()
    town.assert_consistent()


def _undoable(session: object, revision: int) -> bool:
    found = session.journal.log.revision(revision)  # type: ignore[attr-defined]
    return found.kind == "submission" and bool(
        session.journal.log.operations(revision=revision)  # type: ignore[attr-defined]
    )


def test_a_choice_that_is_gone_is_told_by_check_and_mended_by_whoever_sees_it(
    town: Community,
) -> None:
    change = CHANGES["a choice removed"]
    alter(town, change.old, change.new)
    accepted(town)
    code, text = run(town.root, "check", str(town.primary))
    assert code == 1 and "登记、注销" in text
    book = town.issue("王芳")
    book.people.set("A1", "状态", "登记").set("A2", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 2}
    old = town.issue("李强")
    old.people.add(编号="B1", 姓名="吴刚", 状态="在册")
    result = town.hand_in(old)
    assert counted(result) == {"added": 1}
    assert [c.field for c in result.returned] == ["status"]
    town.assert_consistent()


def test_a_dropped_field_leaves_copies_and_comes_back_with_its_column(town: Community) -> None:
    old = town.issue("李强")
    alter(town, NOTE, "")
    accepted(town)
    assert "备注" not in town.issue("王芳").people.columns
    old.people.set("A1", "备注", "没人读").set("A1", "网格", "第5网格")
    result = town.hand_in(old)
    assert counted(result) == {"applied": 1}
    assert ["没有这一项" in m.zh for m in result.left_out] == [True]
    assert town.cell("A1", "备注") == "一"
    alter(town, "", NOTE)
    accepted(town)
    town.merge()
    assert town.issue("王芳").people.texts(["备注"])[0] == ["一"]
    town.assert_consistent()


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('workbook = "名册"', 'workbook = "花名册"', "不能从“名册”改名"),
        ('key = ["no"]', 'key = ["grid"]', "重复"),
    ],
)
def test_what_would_break_the_data_is_refused(
    town: Community, old: str, new: str, said: str
) -> None:
    alter(town, old, new)
    code, text = run(town.root, "ledgers", "check")
    assert code == 1 and said in text
    with town.session() as session, pytest.raises(UsageFault, match="还不能换成新的"):
        accept(session, session.catalog.ledgers["roster"], "站长")
    book = town.issue("王芳")
    book.people.set("A1", "备注", "新")
    assert counted(town.hand_in(book)) == {"applied": 1}
    town.assert_consistent()


def test_the_new_form_is_nothing_to_undo(town: Community) -> None:
    change = CHANGES["a choice renamed"]
    alter(town, change.old, change.new)
    accepted(town)
    with town.session() as session:
        [revision] = session.journal.meta_names(REWRITTEN_BY)
        with pytest.raises(UsageFault, match="新的台账定义"):
            undo_revision(session, int(revision), "站长")
    town.assert_consistent()


def test_a_missing_file_changes_nothing(town: Community) -> None:
    (town.root / "ledgers" / "roster.toml").unlink()
    code, text = run(town.root, "ledgers", "list", "--json")
    states = {line["id"]: line["state"] for line in json.loads(text)["ledgers"]}
    assert (code, states["roster"], states["dibao"]) == (1, "missing", "in_force")
    assert "定义文件" in run(town.root, "status")[1]
    assert town.cell("A1", "备注") == "一"
    town.assert_consistent()


def test_a_new_ledger_works_at_once_and_an_empty_one_can_go(town: Community) -> None:
    text = (town.root / "ledgers" / "roster.toml").read_text("utf-8")
    text = (
        text.replace('"roster"', '"patrol"').replace("名册", "巡查").replace("roster.", "patrol.")
    )
    file = town.root / "巡查.toml"
    file.write_text(text, "utf-8")
    code, said = run(town.root, "ledgers", "check", str(file))
    assert code == 0 and "新台账" in said
    assert run(town.root, "ledgers", "add", str(file))[0] == 0
    assert run(town.root, "issue", "--staff", "王芳", "巡查")[0] == 0
    assert run(town.root, "ledgers", "remove", "巡查")[0] == 0
    assert "patrol" not in run(town.root, "ledgers", "list", "--json")[1]
    with pytest.raises(UsageFault, match="里面还有记录"):
        run(town.root, "ledgers", "remove", "名册")
    town.assert_consistent()
