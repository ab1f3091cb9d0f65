"""`[[staff]]` in `ledgersync.toml` changed without touching anything else in the file."""

import tomllib
from pathlib import Path

import pytest

from ledgersync.errors import WorkspaceFault
from ledgersync.workspace.config import read_config
from ledgersync.workspace.roster import change_staff

TOML = """\
# LedgerSync 工作区：幸福社区

[unit]
code = "360702001001"   # 十二位
name = "幸福社区"
level = "community"

[[staff]]
scope = { grid = ["第1网格"] }
# 手机只写内线
name="王芳"
phone = "8001"

[[staff]]  # 新来的
name = '李强'
[staff.scope]
grid = ["第2网格",
        "第3网格"]

[rules]
# 截止日
period_end_day = 25
"""


def changed(folder: Path, text: str, **changes: dict[str, object]) -> str:
    path = folder / "ledgersync.toml"
    path.write_text(text, encoding="utf-8")
    change_staff(folder, changes)
    read_config(path)
    return path.read_text(encoding="utf-8")


def staff(text: str) -> dict[str, dict[str, object]]:
    return {s["name"]: s for s in tomllib.loads(text)["staff"]}


def test_a_key_is_set_however_the_entry_is_written(tmp_path: Path) -> None:
    text = changed(tmp_path, TOML, 王芳={"left_to": "李强"}, 李强={"scope": {"grid": ("第1网格",)}})
    assert staff(text) == {
        "王芳": {
            "name": "王芳",
            "scope": {"grid": ["第1网格"]},
            "phone": "8001",
            "left_to": "李强",
        },
        "李强": {"name": "李强", "scope": {"grid": ["第1网格"]}},
    }


def test_the_rest_stays_to_the_letter(tmp_path: Path) -> None:
    text = changed(tmp_path, TOML, 王芳={"left_to": "李强"})
    assert text.startswith(TOML.split("[[staff]]")[0])
    assert text.endswith(TOML[TOML.index("[rules]") :])
    assert "# 手机只写内线\n" in text


def test_somebody_new_is_added_at_the_end(tmp_path: Path) -> None:
    text = changed(tmp_path, TOML, 赵敏={"scope": {"grid": ()}})
    assert text.startswith(TOML)
    assert staff(text)["赵敏"] == {"name": "赵敏", "scope": {"grid": []}}


def test_twice_is_once(tmp_path: Path) -> None:
    once = changed(tmp_path, TOML, 王芳={"left_to": "李强"})
    assert changed(tmp_path, once, 王芳={"left_to": "李强"}) == once


def test_a_file_without_staff_and_with_a_byte_order_mark(tmp_path: Path) -> None:
    bare = "\ufeff" + TOML.split("[[staff]]")[0]
    assert staff(changed(tmp_path, bare, 王芳={})) == {"王芳": {"name": "王芳"}}


def test_a_list_in_one_line(tmp_path: Path) -> None:
    inline = 'staff = [{ name = "王芳" }]\n' + TOML.split("[[staff]]")[0]
    text = changed(tmp_path, inline, 王芳={"left_to": "李强"}, 赵敏={"phone": "1"})
    assert staff(text) == {
        "王芳": {"name": "王芳", "left_to": "李强"},
        "赵敏": {"name": "赵敏", "phone": "1"},
    }


def test_a_name_is_changed_and_a_key_taken_away(tmp_path: Path) -> None:
    text = changed(tmp_path, TOML, 王芳={"name": "王小芳", "phone": None, "formerly": ("王芳",)})
    assert staff(text)["王小芳"] == {
        "scope": {"grid": ["第1网格"]},
        "name": "王小芳",
        "formerly": ["王芳"],
    }


def test_a_form_that_cannot_be_edited_is_refused_and_left_alone(tmp_path: Path) -> None:
    table = TOML.split("[[staff]]")[0] + '[staff]\n王芳 = "第1网格"\n'
    (tmp_path / "ledgersync.toml").write_text(table, "utf-8")
    with pytest.raises(WorkspaceFault) as refused:
        change_staff(tmp_path, {"王芳": {"left_to": "李强"}})
    assert "改不动" in refused.value.message.zh
    assert (tmp_path / "ledgersync.toml").read_text("utf-8") == table
    assert [p.name for p in tmp_path.iterdir()] == ["ledgersync.toml"]
