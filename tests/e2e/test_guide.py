"""docs/guide.md, done as it says: every command is run, every operation by hand is done."""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.community import Sheet, write_book
from tests.desk import main_ended

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the blocks are for a shell")

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guide.md"
_PART = re.compile(r"^```(\w+)\n(.*?)^```|<!-- hand: (.*?) -->", re.MULTILINE | re.DOTALL)
VISITS = "走访台账.xlsx"


def parts() -> Iterator[tuple[str, str]]:
    """The guide's shell lines and operations by hand, in order."""
    for match in _PART.finditer(GUIDE.read_text("utf-8")):
        if match[3]:
            yield "hand", match[3]
        elif match[1] == "sh":
            yield from (("sh", line) for line in match[2].splitlines() if line.strip())


def in_shell(line: str) -> tuple[int, str, str]:
    done = subprocess.run(
        line, shell=True, text=True, capture_output=True, timeout=180, check=False
    )
    return done.returncode, done.stdout, done.stderr


class Desk:
    """The machine of the guide: one folder, a terminal, a second one with the watcher.

    A command is a process of its own when it is first typed, and later runs within this one.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.root = folder, folder / "幸福社区"
        self.watch: subprocess.Popen[str] | None = None
        self.said: dict[str, str] = {}
        self.typed: set[str] = set()
        self.shown: dict[str, tuple[int, list[list[str]]]] = {}

    def type(self, line: str) -> None:
        if line.endswith(" watch"):
            self.watch = subprocess.Popen(
                f"exec {line} --settle 0.3",
                shell=True,
                text=True,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            self.until(lambda: (self.root / ".ledgersync" / "watch.json").exists())
            return
        program, *words = shlex.split(line)
        name = words[2] if words[0] == "-C" else words[0]
        is_known = program == "ledgersync" and name in self.typed
        self.typed.add(name)
        code, out, err = main_ended(words) if is_known else in_shell(line)
        assert code in (0, 1), (line, out, err)
        self.said[line.removeprefix("ledgersync -C 幸福社区 ")] = out

    def until(self, what: Callable[[], object], seconds: float = 40) -> None:
        end = time.monotonic() + seconds
        while not what():
            assert time.monotonic() < end
            time.sleep(0.1)

    def edit(self, staff: str, change: Callable[[Sheet], object]) -> None:
        """Opens a person's copy, changes the visits, saves it into the inbox."""
        book = load_workbook(self.root / "issued" / staff / VISITS)
        for name in list(book["走访记录"].tables):
            del book["走访记录"].tables[name]
        change(Sheet(book["走访记录"]))
        book.save(self.root / "inbox" / staff / VISITS)

    def visits(self, file: str = f"primary/{VISITS}") -> list[list[str]]:
        """What the visits are now; opened again when the file has changed."""
        path = self.root / file
        saved = path.stat().st_mtime_ns
        if self.shown.get(file, (0, []))[0] != saved:
            sheet = Sheet(load_workbook(path)["走访记录"])
            self.shown[file] = saved, sorted(sheet.texts(["户址", "走访日期", "备注"]))
        return self.shown[file][1]


def fill_two(desk: Desk) -> None:
    def fill(sheet: Sheet) -> None:
        sheet.add(走访日期="2022-06-01", 户址="幸福路1号", 受访人="赵甲", 所属网格="第1网格")
        sheet.add(走访日期="2022-06-02", 户址="幸福路2号", 受访人="钱乙", 所属网格="第2网格")

    desk.edit("王芳", fill)
    desk.until(lambda: len(desk.visits()) == 2)
    desk.until(lambda: [row[0] for row in desk.visits(f"issued/李强/{VISITS}")] == ["幸福路2号"])


def edit_the_same(desk: Desk) -> None:
    desk.until(lambda: len(desk.visits(f"issued/王芳/{VISITS}")) == 2)
    mine = load_workbook(desk.root / "issued" / "李强" / VISITS)
    desk.edit("王芳", lambda sheet: sheet.set("幸福路2号", "备注", "家里没人"))
    desk.until(lambda: desk.visits()[1][2] == "家里没人")
    for name in list(mine["走访记录"].tables):
        del mine["走访记录"].tables[name]
    Sheet(mine["走访记录"]).set("幸福路2号", "备注", "下午再去")
    mine.save(desk.root / "inbox" / "李强" / VISITS)
    desk.until((desk.root / "conflicts" / "冲突清单.xlsx").exists)
    assert desk.visits()[1][2] == "家里没人"


def take_theirs(desk: Desk) -> None:
    path = desk.root / "conflicts" / "冲突清单.xlsx"
    book = load_workbook(path)
    book["冲突清单"].cell(4, 13).value = "采用提交"
    book.save(path)
    desk.until(lambda: desk.visits()[1][2] == "下午再去")
    desk.until(lambda: not path.exists())


def wrong_date(desk: Desk) -> None:
    desk.edit(
        "王芳",
        lambda sheet: sheet.add(走访日期="2022-13-45", 户址="幸福路3号", 所属网格="第1网格"),
    )
    desk.until(lambda: len(desk.visits()) == 3)
    assert desk.visits()[2][1] == "", "only the faulty cell stays away"
    desk.until(lambda: any((desk.root / "returned" / "王芳").iterdir()))


def right_date(desk: Desk) -> None:
    path = desk.root / "inbox" / "王芳" / VISITS
    book = load_workbook(path)
    Sheet(book["走访记录"]).set("幸福路3号", "走访日期", "2022-06-13")
    book.save(path)
    desk.until(lambda: desk.visits()[2][1] == "2022-06-13")


def control_c(desk: Desk) -> None:
    assert desk.watch
    desk.watch.send_signal(signal.SIGINT)
    out, err = desk.watch.communicate(timeout=30)
    assert desk.watch.returncode == 0 and "Traceback" not in err
    desk.said["watch"] = out


def list_of_units(desk: Desk) -> None:
    path = desk.folder / "单位名单.xlsx"
    book = load_workbook(path)
    sheet = Sheet(book["单位"])
    for code, name in (
        ("360702001000", "东门街道"),
        ("360702001001", "幸福社区"),
        ("360702001002", "和平社区"),
        ("360702001003", "新华社区"),
        ("360702001004", "光明社区"),
        ("360702001005", "前进社区"),
    ):
        sheet.add(单位代码=code, 单位名称=name)
    book.save(path)


def from_below(desk: Desk) -> None:
    inbox = desk.folder / "东区" / "units" / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    shutil.copytree(desk.root, inbox / "幸福社区")
    table = "走访日期 | 走访人 | 户址 | 受访人\n2022-06-01 | 周一 | 和平路1号 | 吴二"
    write_book(inbox / "和平6月.xlsx", {"走访记录": f"填报单位：和平社区\n{table}"})


OPERATIONS = {
    "填单位名单": list_of_units,
    "下级报来文件": from_below,
    "王芳填两户": fill_two,
    "两人改同一格": edit_the_same,
    "采用提交": take_theirs,
    "王芳填错日期": wrong_date,
    "王芳改正": right_date,
    "Ctrl-C": control_c,
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    home = str(tmp_path / "home")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    for name, value in (("HOME", home), ("XDG_CONFIG_HOME", home), ("COLUMNS", "200")):
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    desk = Desk(tmp_path)
    yield desk
    if desk.watch and desk.watch.poll() is None:
        desk.watch.kill()
        desk.watch.communicate()


@pytest.mark.skipif(not shutil.which("sh"), reason="no shell here")
@pytest.mark.timeout(900)  # some seventy commands, many of them processes of their own
def test_a_newcomer_gets_through_the_guide(desk: Desk) -> None:
    steps = list(parts())
    assert {name for kind, name in steps if kind == "hand"} == set(OPERATIONS)
    statuses: list[str] = []
    for kind, text in steps:
        if kind == "hand":
            OPERATIONS[text](desk)
        else:
            desk.type(text)
            if text == "ledgersync -C 幸福社区 status":
                statuses.append(desk.said["status"])
    first, returned, corrected, last = statuses
    assert "watch 正在运行" in first and "李强" in first
    assert "待更正" in returned and "待更正" not in corrected
    assert "watch 没有运行" in last
    assert "已合并" in desk.said["watch"] and "没有做到一半的事" in desk.said["watch"]
    assert "第2网格" in desk.said["staff list"] and "已离岗 → 李强" in desk.said["staff list"]
    assert "下次" in desk.said["schedule list"] and "月报" in desk.said["schedule list"]
    assert list((desk.root / "reports" / "2022-06").glob("*.xlsx"))
    district = {k.rpartition("东区 ")[2]: v for k, v in desk.said.items() if "-C 东区" in k}
    assert "从没报过：前进社区" in district["status"]
    assert "以前确认过" not in district["units inbox"] and "待确认" in district["units inbox"]
    assert (desk.folder / "东区/units/360702001002/primary/走访台账.xlsx").exists()
    assert "ExecStart" in desk.said["schedule install --print"] or (
        "schedule run" in desk.said["schedule install --print"]
    )
