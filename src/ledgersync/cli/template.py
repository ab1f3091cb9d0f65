"""`ledgersync template`: an empty ledger workbook, inside a workspace or out of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.errors import UsageFault, os_reason
from ledgersync.messages import message

if TYPE_CHECKING:
    from ledgersync.schema import Catalog, LedgerSchema

_SUMMARY = ("工作总结", "summary")
_SUFFIXES = {False: ".xlsx", True: ".xlsm"}


@click.command()
@click.argument("ledger")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="写到这个文件（默认：台账名.xlsx）"
)
@click.option("--macros", is_flag=True, help="带宏的 .xlsm（Windows 版 Excel）")
@json_option
@pass_app
def template(app: App, ledger: str, output: Path | None, macros: bool, as_json: bool) -> None:
    """生成空白台账：表头、下拉列表、校验列、填表说明齐全，直接填写。

    写“工作总结”就生成 report --template 用的 Word 模板。
    """
    if ledger in _SUMMARY:
        _write_summary_template(app, output or Path("工作总结模板.docx"), as_json)
        return
    catalog = app.catalog()
    schema = catalog.ledger(ledger)
    target = _target(schema, output, macros)
    workspace = app.workspace_or_none()
    _build(target, schema, catalog, workspace.unit.name if workspace else "", macros)
    if as_json:
        tables = [{"table": t.id, "sheet": t.sheet} for t in schema.tables]
        document = {"format": "ledgersync.template/v1", "file": str(target), "ledger": schema.id}
        emit_json({**document, "tables": tables})
    else:
        app.say(message("已生成：{target}", target=target))


def _write_summary_template(app: App, output: Path, as_json: bool) -> None:
    """What an office edits for `report --template`; raises UsageFault for an existing file."""
    from ledgersync.files import atomic_write
    from ledgersync.report.word.layout import saved
    from ledgersync.report.word.template import own_template

    if output.exists():
        raise UsageFault(
            message("{output} 已经存在。", output=output), message("用 -o 指定别的文件名。")
        )
    atomic_write(output, saved(own_template()))
    if as_json:
        emit_json({"format": "ledgersync.template/v1", "file": str(output), "ledger": "summary"})
    else:
        app.say(message("已生成：{target}", target=output))


def _target(ledger: LedgerSchema, output: Path | None, macros: bool) -> Path:
    """The file to write; raises UsageFault for a suffix that does not fit, or an existing file."""
    suffix = _SUFFIXES[macros]
    if output is None:
        output = Path(f"{ledger.workbook}{suffix}")
        if output.exists():
            raise UsageFault(
                message("{output} 已经存在。", output=output),
                message("用 -o 指定别的文件名。"),
            )
    if output.suffix.casefold() != suffix:
        raise UsageFault(
            message("{output} 的扩展名应为 {suffix}。", output=output.name, suffix=suffix),
            message("改扩展名；带宏的用 .xlsm 并加 --macros。"),
        )
    return output


def _build(path: Path, ledger: LedgerSchema, catalog: Catalog, unit: str, macros: bool) -> None:
    from ledgersync.workspace.clock import today

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if macros:
            from ledgersync.plugin.excel.package import build_macro_template

            build_macro_template(path, ledger, catalog, today=today(), unit=unit)
        else:
            from ledgersync.workbook.build import build_template

            build_template(path, ledger, catalog, today=today(), unit=unit)
    except OSError as error:
        raise UsageFault(
            message("写不了 {path}：{error}。", path=path, error=os_reason(error)),
            message("换一个文件夹，或先关闭打开着的同名文件。"),
        ) from error
