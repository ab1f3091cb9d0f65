"""Signs beside lines, and what they stand for above the table."""

import pytest

from ledgersync.report.book.footnotes import Footnotes, sign


def test_what_many_lines_share_is_said_once() -> None:
    notes = Footnotes([["缺：南山社区", "基数不足"], ["缺：南山社区"], [], ["基数不足"]])
    assert list(notes.sentences()) == ["① 缺：南山社区", "② 基数不足"]
    assert notes.signs(["缺：南山社区", "基数不足"]) == "①②"
    assert notes.signs([]) == ""


@pytest.mark.parametrize(
    ("number", "shown"),
    [(1, "①"), (20, "⑳"), (21, "㉑"), (35, "㉟"), (36, "㊱"), (50, "㊿"), (51, "(51)")],
)
def test_signs_go_on_after_twenty(number: int, shown: str) -> None:
    assert sign(number) == shown
