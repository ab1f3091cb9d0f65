"""What is left out of a file or taken with a doubt is told, kept, and settled when it is mended."""

import json

from openpyxl import load_workbook
from tests.commands import run
from tests.community import Community, write_csv

from ledgersync.sync.results import MergeReport
from ledgersync.sync.status import status_of

TWO = "13800000009/家里的"  # the number is taken, the rest is left out


def told(report: MergeReport) -> list[tuple[str, int | None, str, str, bool]]:
    return [
        (n.staff, n.finding.row, n.finding.rule, n.finding.severity, n.known) for n in report.told()
    ]


def kept(town: Community) -> list[tuple[str, str, int | None]]:
    with town.session() as session:
        return [(n.staff, n.rule, n.row) for n in status_of(session).notices]


def doubtful(text: str = "B1   | 吴刚 | " + TWO) -> str:
    return "编号 | 姓名 | 电话\n" + text


def test_a_doubt_is_told_kept_and_settled_by_the_mended_file(town: Community) -> None:
    path = write_csv(town.root / "inbox" / "李强" / "补.csv", doubtful())
    assert told(town.merge()) == [("李强", 2, "value.several", "warning", False)]
    assert kept(town) == [("李强", "value.several", 2)]
    assert told(town.merge()) == []  # the same file once more is no news, and stays listed
    assert kept(town) == [("李强", "value.several", 2)]
    write_csv(path, doubtful("B2 | 郑好 | 13800000010\nB1 | 吴刚 | " + TWO))
    assert told(town.merge()) == [("李强", 3, "value.several", "warning", True)]
    write_csv(path, doubtful("B2 | 郑好 | 13800000010\nB1 | 吴刚 | 13800000009"))
    assert told(town.merge()) == []
    assert kept(town) == []
    assert list((town.root / "returned" / "李强").glob("*")) == []


def test_the_sender_gets_it_back_at_its_cell(town: Community) -> None:
    write_csv(town.root / "inbox" / "李强" / "补.csv", doubtful())
    town.merge()
    marked = load_workbook(town.root / "returned" / "李强" / "补.xlsx")["补"]
    assert [c.coordinate for row in marked for c in row if c.comment] == ["C2"]
    reasons = (town.root / "returned" / "李强" / "退回原因.txt").read_text("utf-8-sig")
    assert "1 处收了但存疑" in reasons and "第 2 行" in reasons
    assert "待更正" not in reasons


def test_a_copy_with_something_left_out_is_not_refreshed_away(town: Community) -> None:
    book, other = town.issue("王芳"), town.issue("李强")
    book.people.set("A1", "电话", TWO)
    book.save()
    path = book.path
    before = path.read_bytes()
    report = town.merge(path)
    assert [s.staff for s in report.submissions] == ["王芳"]
    assert told(report) == [
        ("王芳", town.open_primary().people.line("A1"), "value.several", "warning", False)
    ]
    other.people.set("A2", "备注", "新")
    town.hand_in(other)
    assert path.read_bytes() == before
    book.people.set("A1", "电话", "13800000009")
    book.save()
    town.merge(path)
    assert path.read_bytes() != before and kept(town) == []


def test_a_colleague_who_changes_the_cell_settles_it(town: Community) -> None:
    book, other = town.issue("王芳"), town.issue("李强")
    book.people.set("A1", "电话", TWO)
    town.hand_in(book)
    other.people.set("A2", "电话", "13800000077")
    town.hand_in(other)
    assert kept(town)
    primary = town.open_primary()
    primary.people.set("A1", "电话", "13500000001")
    primary.save()
    town.merge()
    assert kept(town) == []


def test_a_primary_is_told_of_in_every_run_until_it_is_mended(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A3", "电话", TWO)
    line = primary.people.line("A3")
    primary.save()
    expected = [(line, "value.several", "warning")]
    for _ in range(2):
        assert [t[1:4] for t in told(town.merge())] == expected
        code, text = run(town.root, "verify")
        assert code == 1 and "一致。" not in text and f"第 {line} 行" in text
        code, text = run(town.root, "verify", "--json")
        assert code == 1 and json.loads(text)["ok"] is False
    code, text = run(town.root, "status")
    assert code == 1 and "value" not in text and "号码" in text
    primary = town.open_primary()
    primary.people.set("A3", "电话", "13800000003")
    primary.save()
    assert told(town.merge()) == []
    code, text = run(town.root, "verify")
    assert (code, "一致。" in text) == (0, True)


def test_dismissed_it_is_not_told_again(town: Community) -> None:
    primary = town.open_primary()
    primary.people.set("A3", "电话", TWO)
    primary.save()
    town.merge()
    code, text = run(town.root, "notices", "--json")
    [notice] = json.loads(text)["notices"]
    assert code == 1 and notice["file"] == "primary/名册.xlsx"
    assert run(town.root, "notices", "dismiss", notice["id"]) == (0, "1 处不再提醒。\n")
    assert run(town.root, "notices")[0] == 0
    primary = town.open_primary()
    primary.people.set("A4", "备注", "改过")
    primary.save()
    assert told(town.merge()) == []
    assert run(town.root, "verify")[0] == 0
    primary = town.open_primary()
    primary.people.set("A3", "电话", TWO.replace("9/", "8/"))  # another content is news again
    primary.save()
    assert [t[2] for t in told(town.merge())] == ["value.several"]


def test_merge_says_it_in_words_and_in_json(town: Community) -> None:
    write_csv(town.root / "inbox" / "李强" / "补.csv", doubtful())
    code, text = run(town.root, "merge", "--dry-run", "--json")
    [warning] = json.loads(text)["warnings"]
    assert (warning["file"], warning["cell"], warning["rule"]) == (
        "inbox/李强/补.csv",
        "C2",
        "value.several",
    )
    assert kept(town) == []  # a trial keeps nothing
    code, text = run(town.root, "merge")
    assert code == 1
    assert "! inbox/李强/补.csv “补”第 2 行：〔电话〕里除号码外" in text
    assert "存疑 1 处" in text and "returned/<姓名>/" in text
    assert "13700000009" not in text
