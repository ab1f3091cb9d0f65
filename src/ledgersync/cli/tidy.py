"""`tidy`: one thing spelled in several ways, listed to decide, and put right."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.api.aftermath import write_snapshot_of
from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import ExitCode
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.sync.tidy.found import Cluster


@click.command()
@click.argument("ledger", required=False)
@click.option("--with", "book", type=click.Path(path_type=Path), help="按改好的写法整理.xlsx 整理")
@click.option("--by", "who", help="谁定的；不写就是当前登录用户")
@json_option
@pass_app
@click.pass_context
def tidy(
    ctx: click.Context,
    app: App,
    ledger: str | None,
    book: Path | None,
    who: str | None,
    as_json: bool,
) -> None:
    """找出同一样东西的几种写法（网格、小区、走访人、单位、选项），定下来统一改。

    先写出写法整理.xlsx，一行一组，选好写法后用 --with 交回；改动记入日志，可以撤销，本单位以后
    都这样读。不写台账就是全部台账。还有没定的，退出码为 1。
    """
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.tidy.found import find_clusters

    if book is not None:
        _take(ctx, app, book, who or getpass.getuser(), as_json)
    workspace = app.workspace()
    chosen = [workspace.catalog.ledger(ledger)] if ledger else list(workspace.catalog)
    with open_session(workspace, "tidy", write=False) as session:
        found = find_clusters(session, [session.catalog.ledgers[s.id] for s in chosen])
    path = workspace.root / _list(found, workspace.root, workspace.unit.name) if found else None
    if as_json:
        listed = [_cluster(c) for c in found]
        head = {"format": "ledgersync.tidy/v1", "revision": None, "clusters": listed}
        emit_json({**head, "list": str(path) if path else None})
    else:
        _show(app, found, path)
    ctx.exit(ExitCode.PERSON_NEEDED if found else ExitCode.DONE)


def _list(found: list[Cluster], root: Path, unit: str) -> str:
    from ledgersync.sync.tidy.decide import APART
    from ledgersync.workbook.lists.answers import Line
    from ledgersync.workbook.lists.tidy_book import BOOK_NAME, write_tidy_book

    lines = [
        Line(
            (c.ledger.workbook, c.table.sheet, c.field.header, _spellings(c)),
            "",
            (*c.options, APART),
            c.key,
            is_open=True,
        )
        for c in found
    ]
    write_tidy_book(root / BOOK_NAME, unit, lines)
    return BOOK_NAME


def _spellings(cluster: Cluster) -> str:
    return "、".join(f"{word}（{n}）" for word, n in cluster.spellings)


def _show(app: App, found: list[Cluster], path: Path | None) -> None:
    if path is None:
        app.say(message("没有发现同一样东西的几种写法。"))
        return
    rows = [(c.ledger.name, c.table.sheet, c.field.header, _masked(c)) for c in found]
    show_table("", app.headers(message("台账|表|项目|写法（次数）")), rows)
    app.say(counted("共 {n} 组，已写出 {path}。", len(found), path=str(path)))
    app.say(
        message("下一步：选好要保留的写法，再 ledgersync tidy --with {path:sh}", path=str(path))
    )


def _masked(cluster: Cluster) -> str:
    return "、".join(f"{text}（{n}）" for text, n in _shown(cluster))


def _shown(cluster: Cluster) -> list[tuple[str, int]]:
    """Spellings as they may be shown; a road without a number is nobody's secret."""
    from ledgersync.privacy import mask

    kind = "none" if cluster.is_place else cluster.field.privacy
    return [(mask(kind, word), n) for word, n in cluster.spellings]


def _cluster(cluster: Cluster) -> dict[str, Any]:
    return {
        "ledger": cluster.ledger.id,
        "table": cluster.table.id,
        "field": cluster.field.id,
        "spellings": [{"text": text, "count": n} for text, n in _shown(cluster)],
    }


def _take(ctx: click.Context, app: App, book: Path, who: str, as_json: bool) -> None:
    """The list came back: its decisions are carried out."""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.run import begin, finish
    from ledgersync.sync.tidy.decide import take_spellings
    from ledgersync.sync.tidy.found import find_clusters
    from ledgersync.workbook.lists.tidy_book import read_tidy_book

    answers = read_tidy_book(book).changed
    with open_session(app.workspace(), "tidy") as session:
        report = begin(session)
        found = find_clusters(session, [session.catalog.ledgers[s.id] for s in session.catalog])
        done = take_spellings(session, found, answers, who)
        finish(session, report)
        write_snapshot_of(session)
    waiting = sum(c.key not in answers for c in found)
    if as_json:
        head = {"format": "ledgersync.tidy/v1", "revision": done.revision, "open": waiting}
        emit_json({**head, "changed": done.changed, "remembered": done.remembered})
    else:
        app.say(counted("统一了 {n} 处写法。", done.changed))
        app.say(counted("记住了 {n} 种写法，以后照此读。", done.remembered))
        if done.revision is not None:
            app.say(message("撤销：ledgersync undo {revision}", revision=done.revision))
    ctx.exit(ExitCode.PERSON_NEEDED if waiting - done.apart > 0 else ExitCode.DONE)
