"""What `adopt` shows before it takes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgersync.cli.common.output import show_table
from ledgersync.messages import counted, listed, message

if TYPE_CHECKING:
    from pathlib import Path

    from ledgersync.cli.common.app import App
    from ledgersync.schema import LedgerSchema
    from ledgersync.workbook.foreign.plan import Plan, TablePlan


def show_plan(app: App, schema: LedgerSchema, plan: Plan) -> None:
    """Sheet by sheet: what it is, its columns with samples, its rows, what stays out."""
    for sheet in plan.sheets:
        for told in sheet.remarks:
            app.say(told)
        for table in sheet.tables:
            _show_table(app, schema, sheet.file, table)
    for told in plan.remarks:
        app.say(told)
    for question in plan.questions:
        app.say(message("？{question}", question=question.message))


def _show_table(app: App, schema: LedgerSchema, file: str, table: TablePlan) -> None:
    from ledgersync.model import column_letters
    from ledgersync.sync.adopt.masking import masked_samples

    target = schema.by_id[table.table]
    app.say(
        counted(
            "{file}·{sheet}（表头第 {heads} 行）→〔{table}〕{n} 条",
            len(table.rows),
            file=file,
            sheet=table.sheet,
            heads=[str(row) for row in table.header_rows],
            table=target.sheet,
        )
    )
    left = app.text(message("不收"))
    rows = [
        (
            column_letters(c.column),
            c.header,
            target.by_id[c.field].header if c.field else ("—", left)[c.is_left],
            f"{c.confidence:.0%}" if c.field else "",
            "、".join(masked_samples(schema, c)),
        )
        for c in table.columns
    ]
    show_table("", app.headers(message("列|表头|收作|把握|样例")), rows)
    for told in table.filled.values():
        app.say(told)
    _show_rest(app, table)


def _show_rest(app: App, table: TablePlan) -> None:
    from ledgersync.sync.adopt.book import reasons_of

    out = [message("第 {rows} 行（{reason}）", rows=r, reason=why) for why, r in reasons_of(table)]
    if out:
        app.say(message("不收：{rows}", rows=listed(out, "，")))
    if table.errors or table.warnings:
        app.say(
            message(
                "待核对：错误 {errors} 处，警告 {warnings} 处（照原样收）",
                errors=table.errors,
                warnings=table.warnings,
            )
        )


def told_open(app: App, plan: Plan, path: Path) -> None:
    """What to do next, where nothing was taken."""
    if plan.questions:
        app.say(counted("有 {n} 个问题要先回答，什么都没有收。", len(plan.questions)))
    else:
        app.say(message("没有疑问；以上只是预览，什么都没有收。"))
    app.say(
        message(
            "已写出 {path}\n下一步：核对并改好，再 ledgersync adopt --with {path:sh}",
            path=str(path),
        )
    )
