"""`init`: a new workspace."""

from pathlib import Path

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import LEVEL, complain
from ledgersync.messages import Message, message


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--name", required=True, help="单位名称，如 幸福社区")
@click.option(
    "--code",
    required=True,
    help="12 位统计用区划代码（街道 9 位、区县 6 位、市 4 位、省 2 位也可）",
)
@click.option(
    "--level",
    type=LEVEL,
    required=True,
    help="单位是社区、街道、区县、市还是省",
)
@pass_app
def init(app: App, folder: Path, name: str, code: str, level: str) -> None:
    """新建工作区：文件夹、ledgersync.toml 和四本空的主台账。"""
    from ledgersync.sync.create import create_workspace
    from ledgersync.workspace.config import new_unit
    from ledgersync.workspace.unitcodes import level_remark

    unit = new_unit(name, code, level)
    create_workspace(app.directory / folder, unit)
    if remark := level_remark(unit.code, unit.level):
        complain(f"! {app.text(remark)}")
    app.say(_next_step(name, str(folder), level))


def _next_step(name: str, folder: str, level: str) -> Message:
    if level == "community":
        return message(
            "已建好“{name}”的工作区：{folder}\n主台账在 primary 文件夹；下一步："
            "ledgersync -C {folder:sh} issue --staff 姓名",
            name=name,
            folder=folder,
        )
    return message(
        "已建好“{name}”的工作区：{folder}\n下一步：列出下级单位："
        "ledgersync -C {folder:sh} units template 生成名单，填好后 "
        "ledgersync -C {folder:sh} units import 单位名单.xlsx",
        name=name,
        folder=folder,
    )
