"""`adopt`: an office's own workbooks, shown as what they would become, then taken over."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.api.aftermath import refresh_snapshot
from ledgersync.cli.common.adopt_words import show_plan, told_open
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option
from ledgersync.cli.common.secrets import given_password, password_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import Message, counted, listed, message

if TYPE_CHECKING:
    from ledgersync.schema import LedgerSchema
    from ledgersync.sync.adopt.take import Taken
    from ledgersync.workbook.foreign.plan import Decisions, Plan
    from ledgersync.workspace import Workspace


@click.command()
@click.argument("ledger", required=False)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--preview", "only_show", is_flag=True, help="只预览，什么都不改")
@click.option(
    "--with",
    "book",
    type=click.Path(path_type=Path),
    help="按改好的接收预览.xlsx 接收；台账和文件不用再写",
)
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="表头=字段",
    help="直接指明，如 --set 走访户主=受访人，或整张表同一个值：--set 保障状态=在保；“-”=不收",
)
@click.option("--replace", is_flag=True, help="换掉以前收的那本（以后还没有人改过时）")
@click.option("--yes", is_flag=True, help="不再询问；只在没有疑问时接收")
@json_option
@password_option
@pass_app
def adopt(
    app: App,
    ledger: str | None,
    files: tuple[Path, ...],
    only_show: bool,
    book: Path | None,
    given: tuple[str, ...],
    replace: bool,
    yes: bool,
    as_json: bool,
    ask_password: bool,
) -> None:
    """把本单位现有的台账（一本或几本）收为主台账：先看清楚，再接收。

    先说明每张工作表是什么、每一列收作哪一项、哪些行不收。有疑问、或必填项没有列时什么都不收，
    写出接收预览.xlsx，改好后用 --with 交回。不用拆开的工作簿连同格式成为主台账，其余的另做一本。
    收错了用 undo 整个撤销。
    """
    from ledgersync.sync.adopt.take import take_over

    workspace, secret = app.workspace(), given_password(ask_password)
    schema, files, decisions = _asked(workspace, ledger, files, book, given, secret)
    plan = _plan(workspace, schema, files, decisions, secret)
    is_open = bool(plan.questions)
    if not (only_show or is_open or yes or as_json):
        show_plan(app, schema, plan)
    if only_show or is_open or not (yes or as_json or _agreed(app)):
        _leave_open(app, workspace, schema, plan, files, as_json, is_asked=only_show or is_open)
        raise click.exceptions.Exit(ExitCode.PERSON_NEEDED)
    taken = take_over(workspace, schema, plan, files, decisions, replace=replace)
    workspace = app.workspace()
    refresh_snapshot(workspace)
    findings = _findings(workspace, schema)
    if as_json:
        emit_json(_document(schema, plan, taken, findings))
        return
    _report(app, schema, plan, taken, findings)


def _asked(
    workspace: Workspace,
    ledger: str | None,
    files: tuple[Path, ...],
    book: Path | None,
    given: tuple[str, ...],
    secret: str | None,
) -> tuple[LedgerSchema, tuple[Path, ...], Decisions]:
    """The ledger, the files and what was decided: in a preview that was given back, or typed."""
    from ledgersync.sync.adopt.book import decisions_of
    from ledgersync.sync.adopt.given import with_given
    from ledgersync.workbook.foreign.plan import Decisions
    from ledgersync.workbook.lists.adopt_book import read_adopt_book

    decisions = Decisions()
    if book is not None:
        answers = read_adopt_book(book)
        ledger, files = ledger or answers.memo[0], files or tuple(map(Path, answers.memo[1:]))
        decisions = decisions_of(workspace.catalog.ledger(ledger), answers)
    if ledger is None or not files:
        raise UsageFault(
            message("请写出台账和文件，或用 --with 交回接收预览。"),
            message("例：ledgersync adopt 走访 旧登记表.xlsx"),
        )
    schema = workspace.catalog.ledger(ledger)
    if given:
        plan = _plan(workspace, schema, files, decisions, secret)
        decisions = with_given(schema, plan, decisions, given)
    return schema, files, decisions


def _plan(
    workspace: Workspace,
    schema: LedgerSchema,
    files: tuple[Path, ...],
    decisions: Decisions,
    secret: str | None,
) -> Plan:
    from ledgersync.sync.adopt.preview import preview
    from ledgersync.workspace import clock

    staff = frozenset(name for person in workspace.config.staff for name in person.names)
    return preview(schema, workspace.catalog, files, clock.today(), decisions, secret, staff)


def _agreed(app: App) -> bool:
    """A person at a terminal looks first; a script has no one to ask."""
    if not sys.stdin.isatty():
        return True
    return click.confirm(app.text(message("照此接收吗？")), default=False, err=True)


def _leave_open(
    app: App,
    workspace: Workspace,
    schema: LedgerSchema,
    plan: Plan,
    files: tuple[Path, ...],
    as_json: bool,
    *,
    is_asked: bool,
) -> None:
    """Nothing is taken: the preview as a workbook, and on the screen."""
    from ledgersync.sync.adopt.book import book_of
    from ledgersync.sync.adopt.document import document_of
    from ledgersync.workbook.lists.adopt_book import BOOK_NAME, write_adopt_book

    if not is_asked:
        app.say(message("什么都没有收。"))
        return
    path = workspace.root / BOOK_NAME
    write_adopt_book(path, book_of(schema, plan, files, workspace.unit.name))
    if as_json:
        head = {"format": "ledgersync.adopt/v1", "ledger": schema.id, "taken": False}
        emit_json({**head, **document_of(schema, plan), "preview": str(path)})
        return
    show_plan(app, schema, plan)
    told_open(app, plan, path)


def _document(
    schema: LedgerSchema, plan: Plan, taken: Taken, findings: dict[str, int]
) -> dict[str, Any]:
    from ledgersync.sync.adopt.document import document_of

    return {
        "format": "ledgersync.adopt/v1",
        "ledger": schema.id,
        "taken": True,
        "revision": taken.revision,
        "records": taken.records,
        "findings": findings,
        **document_of(schema, plan),
    }


def _report(
    app: App, schema: LedgerSchema, plan: Plan, taken: Taken, findings: dict[str, int]
) -> None:
    counts = [
        counted("{sheet} {n} 条", n, sheet=schema.by_id[t].sheet) for t, n in taken.records.items()
    ]
    app.say(
        message("{book}已收为主台账：{records}", book=schema.workbook, records=listed(counts, "，"))
    )
    for told in [m for s in plan.sheets for m in s.remarks] + plan.remarks:
        app.say(told)
    if any(findings.values()):
        app.say(_faulty(findings))
    if taken.revision is not None:
        app.say(message("收错了：ledgersync undo {revision} 整个撤销。", revision=taken.revision))


def _findings(workspace: Workspace, schema: LedgerSchema) -> dict[str, int]:
    """What `check` says of the new primary: errors and warnings."""
    from ledgersync.sync.check import check_ledgers
    from ledgersync.workspace import clock

    found = check_ledgers(workspace, [schema.id], clock.today())
    return {level: found.count(level) for level in ("error", "warning")}


def _faulty(findings: dict[str, int]) -> Message:
    return message(
        "其中错误 {errors} 处、警告 {warnings} 处，格子都照原样留着。\n"
        "下一步：ledgersync check 逐条查看（加 --annotate 另存标注副本），在主台账里改正。",
        errors=findings["error"],
        warnings=findings["warning"],
    )
