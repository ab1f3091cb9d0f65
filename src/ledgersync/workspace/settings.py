"""The settings of `ledgersync.toml` that a person may change by command, each in words."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message
from ledgersync.workspace.config import Config
from ledgersync.workspace.edits import edit_config, set_key
from ledgersync.workspace.place import Workspace


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: where it stands, what it is called, what it means, what may stand there."""

    path: tuple[str, ...]
    title: Message
    meaning: Message
    read: Callable[[Sequence[str]], Any]

    @property
    def key(self) -> str:
        return ".".join(self.path)

    def of(self, config: Config) -> Any:
        """What it is now; None for nothing."""
        found = config.as_json()
        for name in self.path:
            found = found[name]
        return found


def _number(typed: Sequence[str]) -> int:
    [text] = typed if len(typed) == 1 else [""]
    if not text.strip().isdecimal():
        raise UsageFault(
            message("“{text}”不是数字。", text="，".join(typed)), message("请写一个整数，如 5。")
        )
    return int(text)


def _many(typed: Sequence[str]) -> tuple[str, ...]:
    parts = [part.strip() for text in typed for part in text.replace("，", ",").split(",")]
    return tuple(dict.fromkeys(part for part in parts if part))


def _folders(typed: Sequence[str]) -> tuple[str, ...]:
    """Each one whole, so that it is found from wherever the program is started."""
    return tuple(str(Path(text).expanduser().absolute()) for text in typed)


def _days(typed: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(_day(part)) for part in _many(typed))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageFault(
            message("“{text}”不是日期。", text=text), message("请写成 2027-02-15。")
        ) from error


def _profile(typed: Sequence[str]) -> str:
    names = {"exact": "exact", "public": "public", "照实": "exact", "公开": "public"}
    text = "".join(typed).strip()
    if text not in names:
        raise UsageFault(
            message("“{text}”不是这里能写的。", text=text),
            message("照实（exact，给主管部门）或 公开（public，小数隐去）。"),
        )
    return names[text]


def _due(length: str, title: Message) -> Setting:
    return Setting(
        ("rules", "due_workdays", length), title, message("期末后几个工作日内要报"), _number
    )


def _role(step: str, title: Message) -> Setting:
    return Setting(("review", step), title, message("谁可以做这一步；没写就都可以"), _many)


SETTINGS: tuple[Setting, ...] = (
    _due("month", message("月报期限")),
    _due("quarter", message("季报期限")),
    _due("half", message("半年报期限")),
    _due("year", message("年报期限")),
    Setting(
        ("rules", "period_end_day"),
        message("每月截止日"),
        message("统计月到几号为止，1 至 28；没写就是月底"),
        _number,
    ),
    Setting(
        ("rules", "issue_stale_workdays"),
        message("诉求超期"),
        message("问题登记后多少个工作日没有办结算超期"),
        _number,
    ),
    Setting(
        ("rules", "revisit_days"),
        message("回访期限"),
        message("问题办结后多少天没有回访就提醒"),
        _number,
    ),
    Setting(
        ("rules", "reserved_rows"),
        message("副本空行"),
        message("发副本时每张表留多少空行"),
        _number,
    ),
    Setting(
        ("rules", "originals_years"),
        message("原件保存年数"),
        message("交来的原件保存几年；没写就一直保存"),
        _number,
    ),
    Setting(
        ("rules", "holidays"),
        message("放假日"),
        message("国家还没有公布的年份里，本单位的放假日"),
        _days,
    ),
    Setting(
        ("paths", "extra_inbox"),
        message("另外的收件箱"),
        message("这些文件夹里的副本、上报包也收，如 下载文件夹"),
        _folders,
    ),
    _role("approve", message("审核通过")),
    _role("return", message("审核退回")),
    _role("lock", message("锁定")),
    _role("unlock", message("解锁")),
    Setting(
        ("privacy", "profile"),
        message("数字公开"),
        message("exact 照实，给主管部门；public 小的关爱类计数隐去"),
        _profile,
    ),
    Setting(
        ("privacy", "small_cell"),
        message("小数界限"),
        message("公开时小于它的关爱类计数隐去"),
        _number,
    ),
)


def setting_named(typed: str) -> Setting:
    """A setting by title or key; raises UsageFault, naming all of them."""
    name = typed.strip()
    for setting in SETTINGS:
        if name in (setting.title.zh, setting.title.text("en"), setting.key):
            return setting
    raise UsageFault(
        message("没有叫“{name}”的设置。", name=name),
        message("可以改的：{titles}。", titles=[setting.title for setting in SETTINGS]),
    )


def change_setting(workspace: Workspace, setting: Setting, typed: Sequence[str] | None) -> Any:
    """Sets it to what was typed, None for what it is without; what it is afterwards."""
    value = None if typed is None else setting.read(typed)
    changed = edit_config(workspace.root, lambda document: set_key(document, setting.path, value))
    return setting.of(changed)
