"""`schedule add`, `delivery add`, `settings set`: what used to need a text editor."""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.desk import Desk

from ledgersync.workspace.config import Config
from ledgersync.workspace.settings import SETTINGS


@pytest.fixture
def unit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("LEDGERSYNC_TODAY", "2022-06-30")
    return Desk.new(tmp_path / "幸福社区", "幸福社区", "360702001001")


def written(unit: Desk) -> dict[str, Any]:
    return tomllib.loads((unit.root / "ledgersync.toml").read_text("utf-8"))


@pytest.mark.parametrize(
    ("asked", "cron"),
    [
        (["--monthly", "5"], "0 8 5 * *"),
        (["--monthly", "28", "--at", "7:05"], "5 7 28 * *"),
        (["--weekly", "周五", "--at", "17点30分"], "30 17 * * 5"),
        (["--weekly", "星期天"], "0 8 * * 7"),
        (["--daily", "--at", "0:00"], "0 0 * * *"),
        (["--workdays", "--at", "12：30"], "30 12 * * 1-5"),
        (["--cron", "15 9 1 1,7 *"], "15 9 1 1,7 *"),
    ],
    ids=["monthly", "minute", "weekly", "sunday", "daily", "workdays", "cron"],
)
def test_an_entry_is_added_and_is_due(unit: Desk, asked: list[str], cron: str) -> None:
    made = unit.run("schedule", "add", "月报", "rollup", "--period", "last-month", *asked)
    assert made["cron"] == cron and made["next"] and not made["problem"]
    assert written(unit)["schedule"] == [
        {"name": "月报", "cron": cron, "command": "rollup", "period": "last-month"}
    ]
    assert unit.run("schedule", "list")["entries"][0]["cron"] == cron


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (["rollup"], "要写明什么时候"),
        (["rollup", "--daily", "--monthly", "3"], "只写一种"),
        (["rollup", "--daily", "--at", "25:00"], "时间“25:00”看不懂"),
        (["rollup", "--weekly", "周八"], "不是周几"),
        (["merge", "--cron", "0 8 32 * *"], "第 3 段“32”"),
        (["rollup", "--daily"], "缺少选项“--period”"),
        (["rollup --formt md", "--daily", "--period", "last-month"], "没有选项“--formt”"),
        (["汇总", "--daily"], "没有“汇总”这个命令"),
        (["watch", "--daily"], "不能定时执行"),
        (["rollup", "--daily", "--period", "上上月报"], "上上月报"),
    ],
    ids=[
        "never",
        "twice",
        "clock",
        "weekday",
        "cron",
        "no-period",
        "option",
        "command",
        "endless",
        "period",
    ],
)
def test_a_wrong_entry_is_said_and_not_written(unit: Desk, asked: list[str], says: str) -> None:
    before = (unit.root / "ledgersync.toml").read_bytes()
    assert says in unit.refused("schedule", "add", "月报", *asked)
    assert (unit.root / "ledgersync.toml").read_bytes() == before


def test_entries_are_replaced_and_removed_on_request(unit: Desk) -> None:
    unit.told("schedule", "add", "月报", "merge", "--daily")
    assert "--replace" in unit.refused("schedule", "add", "月报", "merge", "--daily")
    unit.told("schedule", "add", "月报", "report --kind 月报", "--daily", "--replace")
    assert written(unit)["schedule"][0]["command"] == "report --kind 月报"
    unit.told("schedule", "remove", "月报")
    assert "schedule" not in written(unit)
    assert "没有叫“月报”的定时任务" in unit.refused("schedule", "remove", "月报")


def test_comments_and_typing_stay(unit: Desk) -> None:
    path = unit.root / "ledgersync.toml"
    text = path.read_text("utf-8") + "\n# 王主任说的\n[rules]\nrevisit_days = 45   # 一个半月\n"
    path.write_text(text, encoding="utf-8")
    unit.told("settings", "set", "月报期限", "8")
    unit.told("delivery", "add", "街道共享", "--folder", "share")
    after = path.read_text("utf-8")
    assert "# 王主任说的" in after and "revisit_days = 45   # 一个半月" in after
    assert written(unit)["rules"] == {"revisit_days": 45, "due_workdays": {"month": 8}}
    unit.told("settings", "reset", "月报期限")
    unit.told("delivery", "remove", "街道共享")
    assert unit.run("settings", "list")["settings"][0]["value"] == 5


def test_deliveries_are_kept_whole(unit: Desk, tmp_path: Path) -> None:
    unit.run("delivery", "add", "共享", "--folder", str(tmp_path / "街道"))
    mail = ["--mail", "b@example.org", "--from", "a@example.org", "--host", "mail.example.org"]
    unit.run("delivery", "add", "邮箱", *mail, "--security", "tls", "--port", "465")
    folder, post = unit.run("delivery", "list")["deliveries"]
    assert (folder["kind"], folder["path"]) == ("folder", str(tmp_path / "街道"))
    assert (post["kind"], post["to"], post["from"]) == ("mail", "b@example.org", "a@example.org")
    for wrong in (["--folder", "x", *mail], mail[:2], []):
        assert "要写送到哪里" in unit.refused("delivery", "add", "又一处", *wrong)
    below = ["--folder", "x", "--unit", "幸福街道"]
    assert "下级里没有“幸福街道”" in unit.refused("delivery", "add", "下级", *below)


def leaves(model: Any, above: tuple[str, ...] = ()) -> Iterator[str]:
    for key, hint in model.hints().items():
        path = (*above, key)
        if hasattr(hint, "hints"):
            yield from leaves(hint, path)
        else:
            yield ".".join(path)


def test_no_setting_is_forgotten() -> None:
    """Every key of the tables that an office sets stands in the list, and the other way round."""
    tables = {"rules", "review", "privacy"}
    keys = {key for key in leaves(Config) if key.partition(".")[0] in tables}
    assert {s.key for s in SETTINGS} == keys | {"paths.extra_inbox"}
    titles = [s.title.zh for s in SETTINGS]
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize(
    ("name", "values", "kept"),
    [
        ("月报期限", ["8"], 8),
        ("审核通过", ["张主任，李科长"], ["张主任", "李科长"]),
        ("审核退回", ["张主任", "李科长"], ["张主任", "李科长"]),
        ("放假日", ["2027-02-15"], ["2027-02-15"]),
        ("数字公开", ["公开"], "public"),
        ("rules.revisit_days", ["45"], 45),
    ],
    ids=["due", "comma", "spaces", "holiday", "profile", "key"],
)
def test_a_setting_is_set(unit: Desk, name: str, values: list[str], kept: object) -> None:
    assert unit.run("settings", "set", name, *values)["value"] == kept


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("月报期限", "八天", "不是数字"),
        ("每月截止日", "31", "period_end_day"),
        ("放假日", "春节", "不是日期"),
        ("数字公开", "随便", "不是这里能写的"),
        ("月报", "8", "没有叫“月报”的设置"),
    ],
    ids=["number", "range", "day", "profile", "name"],
)
def test_a_wrong_setting_is_said(unit: Desk, name: str, value: str, says: str) -> None:
    before = (unit.root / "ledgersync.toml").read_bytes()
    assert says in unit.refused("settings", "set", name, value)
    assert (unit.root / "ledgersync.toml").read_bytes() == before
