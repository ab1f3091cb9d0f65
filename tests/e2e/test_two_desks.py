"""Two people, two computers and a stick between them: what each is told, in words to act on."""

from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from tests.district import EAST, A, B, entry, visits
from tests.upward import Unit, Units, make_unit, on_a_july_day, street_and_community
from tests.written_rows import IDS

from ledgersync.upward import delivery
from ledgersync.upward.office import office_session
from ledgersync.watch.package_rounds import PackageRounds
from ledgersync.workspace import Workspace, clock

JUNE = ("--period", "2022-06")
PEOPLE = "重点人员"


@pytest.fixture(autouse=True)
def _place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    on_a_july_day(monkeypatch, tmp_path)


@pytest.fixture
def units(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Units:
    return street_and_community(tmp_path, capsys)


def printed(unit: Unit, *arguments: object) -> str:
    unit.capsys.readouterr()
    unit.run(*arguments)
    found = unit.capsys.readouterr()
    return found.out + found.err


def test_a_return_is_told_by_names_and_reminded_until_it_comes_anew(units: Units) -> None:
    street, community = units[EAST], units[A]
    assert community.run("close", "2022-06") == 0
    street.receive(community.submit())
    back = ("review", A, *JUNE, "--return", "户次偏少。")
    assert street.run(*back, "--indicator", "没有的指标") == 2
    letter = Path(street.told(*back, "--indicator", "走访户次")["letter"])
    [told] = [r for r in street.told("remind", *JUNE)["units"] if r["unit"] == A]
    assert "第 1 版）已退回：户次偏少。请更正" in told["text"] and told["days_late"] == 0
    assert community.run("receive", letter) == 0
    assert "（走访户次）" in printed(community, "status")
    assert "close 2022-06 --reopen" in printed(community, "status")
    assert community.told("status")["returns"][0]["indicators"] == ["visits_made"]
    assert community.run("close", "2022-06", "--reopen", "补录") == 0
    assert "改正后" in printed(community, "status")
    community.fill(visits("2022-06-01", "2022-06-02", "2022-06-09") | {PEOPLE: _people("1")})
    street.receive(community.submit())
    assert A not in {r["unit"] for r in street.told("remind", *JUNE)["units"]}
    said = printed(street, "review", A, *JUNE, "-o", street.root / "审核.xlsx")
    assert "走访户次 由 2 改为 3" in said and "visits_made" not in said
    sheet = load_workbook(street.root / "审核.xlsx")["两版之间的变化"]
    assert ("走访户次", 2, 3) in {row[2:5] for row in sheet.iter_rows(values_only=True)}


def test_rates_that_changed_are_told_in_percent(units: Units) -> None:
    street, community = units[EAST], units[A]
    head = "走访日期 | 户址 | 走访结果"
    for seen in ("见到本人", "见到本人\n2022-06-03 | 3-101 | 无人\n2022-06-04 | 4-101 | 无人"):
        community.fill({"走访记录": f"{head}\n2022-06-01 | 1-101 | {seen}"})
        street.receive(community.submit())
    assert "入户见面率 由 100.0% 改为 33.3%" in printed(street, "review", A, *JUNE)


def test_what_may_not_be_shown_changed_without_numbers(units: Units) -> None:
    street, community = units[EAST], units[A]
    for numbers in ("12", "1"):
        community.fill(visits(*(f"2022-06-0{n}" for n in numbers)) | {PEOPLE: _people(*numbers)})
        street.receive(community.submit())
    assert "在册人数 由 2 改为 1" in printed(street, "review", A, *JUNE)
    toml = street.root / "ledgersync.toml"
    toml.write_text(f'{toml.read_text("utf-8")}\n[privacy]\nprofile = "public"\n', "utf-8")
    book = street.root / "审核.xlsx"
    said = printed(street, "review", A, *JUNE, "-o", book)
    assert "在册人数 有改动" in said and "走访户次 由 2 改为 1" in said
    assert "在册人数 由" not in said and "独居老人 由" not in said
    rows = {row[2:5] for row in load_workbook(book)["两版之间的变化"].iter_rows(values_only=True)}
    assert ("在册人数", "有改动", "有改动") in rows
    changed = street.told("review", A, *JUNE)["units"][0]["changed"]
    told = {c["indicator"]: (c["before"], c["after"]) for c in changed}
    assert told["care_people"] == told["care_people.独居老人"] == (None, None)
    assert told["visits_made"] == (2, 1)


def _people(*numbers: str) -> str:
    lines = [f"老人{n} | {IDS[int(n)]} | 独居老人" for n in numbers]
    return "\n".join(["姓名 | 身份证号 | 人员类别", *lines])


def test_a_stick_is_received_as_a_folder(units: Units, tmp_path: Path) -> None:
    stick = tmp_path / "U盘"
    stick.mkdir()
    [empty] = units[EAST].receive(stick)
    assert (empty["status"], empty["reason"]) == ("refused", "unreadable")
    assert "没有上报包" in empty["message"]
    (stick / "说明.txt").write_text("不是包", "utf-8")
    for period in ("2022-05", "2022-06"):
        package = units[A].submit(period)
        (stick / package.name).write_bytes(package.read_bytes())
    found = units[EAST].receive(stick)
    assert [(r["period"], r["status"]) for r in found] == [
        ("2022-05", "accepted"),
        ("2022-06", "accepted"),
    ]


def test_people_in_two_packages_are_added_up_and_counted_once_in_words(
    tmp_path: Path, units: Units, capsys: pytest.CaptureFixture[str]
) -> None:
    street, other = units[EAST], make_unit(tmp_path, B, capsys)
    assert other.run("keys", "init") == 0
    assert street.run("keys", "trust", B, other.public()) == 0
    granted = tmp_path / "授权.lskey"
    assert "交给光明社区" in printed(street, "keys", "grant", B, "-o", granted)
    assert "不是给本单位的" in printed(units[A], "keys", "trust", EAST, granted)
    assert other.run("keys", "trust", EAST, granted) == 0
    for unit, numbers in ((units[A], "1"), (other, "12")):
        unit.fill({PEOPLE: _people(*numbers)})
        street.receive(unit.submit())
    told = printed(street, "trace", "care_people", *JUNE)
    assert "数值 2 人" in told and "各单位相加 3；几个单位都有的只计一次" in told
    assert "trace care_people --period 2022-06" in told and "不同的" not in told
    assert "上报包里只有数" not in printed(other, "trace", "care_people", *JUNE)


def test_a_package_does_not_go_out_open_because_the_recipients_key_is_gone(units: Units) -> None:
    community = units[A]
    [book] = (Workspace.open(community.root).keys / "trusted").glob("*.json")
    content = book.read_bytes()
    book.unlink()
    assert community.run("submit", *JUNE) == 4
    assert not list(community.root.glob("reports/*/*.lsp"))
    book.write_bytes(content)
    assert units[EAST].receive(community.submit())[0]["encrypted"] is True


def test_a_package_that_was_damaged_on_the_disk_is_told_and_taken_in_again(units: Units) -> None:
    """Never counted as it is: neither broken nor with other figures in its place."""
    street, community = units[EAST], units[A]
    for period in ("2022-05", "2022-06"):
        street.receive(community.submit(period))
    [kept] = street.root.glob("units/*/packages/*-2022-06-*.lsp")
    files = {p: p.read_bytes() for p in Workspace.open(street.root).packages.rglob("*.z")}
    one, other = files.values()
    damages = ({p: c[:-1] + bytes([c[-1] ^ 1]) for p, c in files.items()},)
    damages += (dict(zip(files, (other, one), strict=True)), dict.fromkeys(files))
    for damage in damages:
        for path, content in damage.items():
            path.write_bytes(content) if content else path.unlink()
        said = printed(street, "rollup", *JUNE)
        assert "存档不见了或已损坏" in said and kept.name in said
        assert {r["status"] for r in street.receive(kept.parent)} == {"duplicate"}
        assert {p: p.read_bytes() for p in files} == files
    next(iter(files)).unlink()
    assert street.run("verify") == 4


def test_a_stick_that_is_back_is_used_at_once_and_answered(units: Units, tmp_path: Path) -> None:
    """It may be in the computer for two minutes of the twelve hours between two attempts."""
    street, community, stick = units[EAST], units[A], tmp_path / "U盘"
    up, back = stick / "上报", stick / "回执"
    assert community.run("delivery", "add", "街道", "--folder", up) == 0
    assert community.run("settings", "set", "另外的收件箱", back) == 0
    toml = street.root / "ledgersync.toml"
    toml.write_text(toml.read_text("utf-8").replace(entry(A), ""), "utf-8")  # believed, not listed
    assert street.run("delivery", "add", "回幸福", "--folder", back, "--unit", "幸福社区") == 0
    assert street.run("delivery", "add", "别处", "--folder", back, "--unit", "光明小区") == 2
    assert street.run("settings", "set", "另外的收件箱", up) == 0
    community.submit()
    assert [d["tries"] for d in community.told("status")["deliveries"]] == [1]
    assert later(community) == [] and community.told("status")["deliveries"]
    up.mkdir(parents=True)
    assert [h.fault for h in later(community)] == [None]
    assert [r["status"] for r in street.receive()] == ["accepted"]
    back.mkdir()
    said: list[str] = []
    assert [h.fault for h in later(street)] == [None]
    watching = PackageRounds(Workspace.open(community.root), lambda told: said.append(told.zh))
    watching.round()
    watching.round()
    assert len(said) == 1 and "的回复，见 ledgersync status" in said[0]
    assert [r["status"] for r in community.told("status")["receipts"]] == ["accepted"]


def later(unit: Unit) -> list[delivery.Handed]:
    """What is handed over a minute later, before the next attempt is due."""
    with office_session(Workspace.open(unit.root), "test") as office:
        return delivery.deliver(office, clock.now() + timedelta(minutes=1))
