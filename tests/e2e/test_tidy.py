"""`tidy`: one thing spelled in several ways: found, decided, changed, understood next time."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests import offices
from tests.commands import run

from ledgersync.sync.create import create_workspace
from ledgersync.sync.tidy.clusters import clusters
from ledgersync.workspace.config import new_unit

ALIKE = [
    ("幸福社区居委会", "幸福社区居民委员会"),
    ("阳光小区", "阳光 小区", "阳光小區"),
    ("赵敏", "赵 敏"),
    ("志愿服务队", "志愿者服务队"),
    ("第1网格", "第一网格"),
    ("张伟", "章伟"),
]
APART = [
    ("第1网格", "第2网格"),
    ("阳光路1号", "阳光路2号"),
    ("王芳", "王娜"),
    ("东风村", "西风村"),
    ("民政局", "教育局"),
]


@pytest.mark.parametrize("words", ALIKE, ids=lambda w: w[0])
def test_spellings_of_one_thing(words: tuple[str, ...]) -> None:
    counts = {word: len(words) - n for n, word in enumerate(words)}
    if words[1] == "阳光 小区":
        counts.pop("阳光小區")
    assert clusters(counts) == [tuple(counts)]


@pytest.mark.parametrize("words", APART, ids=lambda w: w[0])
def test_what_is_not_one_thing(words: tuple[str, ...]) -> None:
    assert clusters(dict.fromkeys(words, 1)) == []


HEAD = ["走访时间", "走访人员", "户主姓名", "家庭住址", "走访方式"]
LINES = [
    ["2022-03-01", "赵敏", "王建国", "阳光小区1栋101", "入户"],
    ["2022-03-02", "赵 敏", "李桂英", "阳光 小区1栋102", "入户"],
    ["2022-03-03", "钱进", "孙丽", "阳光小区2栋301", "扫街"],
    ["2022-03-04", "赵敏", "周涛", "东风路7号", "电话"],
    ["2022-03-05", "钱进", "吴刚", "阳光小区3栋201", "入户"],
]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    monkeypatch.setenv("COLUMNS", "160")
    create_workspace(tmp_path / "幸福社区", new_unit("幸福社区", "360702001001", "community"))
    path = offices.save(tmp_path / "走访.xlsx", {"走访记录": [HEAD, *LINES]})
    assert run(tmp_path / "幸福社区", "adopt", "visit", str(path))[0] == 0
    return tmp_path / "幸福社区"


def visits(root: Path) -> list[dict[str, Any]]:
    found = json.loads(run(root, "read", str(root / "primary" / "走访台账.xlsx"), "--json")[1])
    return [r["values"] for t in found["tables"] if t["table"] == "visits" for r in t["records"]]


def test_decided_changed_remembered_taken_back(root: Path, tmp_path: Path) -> None:
    code, said = run(root, "tidy", "visit", "--json")
    found = {c["field"]: c for c in json.loads(said)["clusters"]}
    assert code == 1 and set(found) == {"household", "method"}
    book = load_workbook(root / "写法整理.xlsx")
    answers = {"户址": "阳光小区", "走访方式": "入户"}
    for row in book["写法整理"].iter_rows(min_row=4):
        row[4].value = answers[row[2].value]
    book.save(root / "写法整理.xlsx")
    code, said = run(root, "tidy", "--with", str(root / "写法整理.xlsx"), "--json")
    done = json.loads(said)
    assert (code, done["changed"], done["remembered"]) == (0, 2, 2)
    assert [v["household"] for v in visits(root)][1] == "阳光小区1栋102"
    assert [v["method"] for v in visits(root)][2] == "入户"
    assert run(root, "tidy")[0] == 0 and run(root, "verify")[0] == 0
    late = [HEAD, ["2022-03-09", "钱进", "郑强", "阳光 小区9栋101", "扫街"]]
    offices.save(root / "inbox" / "钱进" / "补.xlsx", {"走访记录": late})
    assert run(root, "merge")[0] in (0, 1)
    assert visits(root)[-1]["household"] == "阳光小区9栋101"
    assert run(root, "undo", str(done["revision"]))[0] == 0
