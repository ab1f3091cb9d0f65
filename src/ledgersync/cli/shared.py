"""`shared`: what stands in another unit, too, without anybody's id."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from pathlib import Path

    from ledgersync.upward.matches.cases import Case
    from ledgersync.upward.matches.own import OwnCase
    from ledgersync.upward.office import Office

KINDS = {
    "benefit": message("重复享受"),
    "care": message("同一人在册"),
    "activity": message("同一活动"),
}


@click.command()
@click.option("--letters", is_flag=True, help="给有关的下级单位各写一份核对函")
@json_option
@pass_app
@click.pass_context
def shared(ctx: click.Context, app: App, letters: bool, as_json: bool) -> None:
    """另一单位也有：重复享受、同一人在两处在册、同一活动报了两次。

    上级：比对各单位最近一份上报包里的加密摘要，各给一个核对号。社区：收了核对函以后，
    列出本单位的哪些行另一单位也有，核对号相同的就是同一件事。身份证号不出社区。
    """
    from ledgersync.upward.office import office_session

    with office_session(app.workspace(), "shared", write=letters) as office:
        own: list[OwnCase] = []
        cases: list[Case] = []
        written: list[Path] = []
        if office.workspace.unit.level == "community":
            own = _own(office, letters=letters)
        else:
            cases, written = _above(office, letters=letters)
        codes = {code: office.shown(code) for case in cases for code in case.units}
        names = {code: office.name(code) for code in codes}
    if as_json:
        emit_json(_document(own, cases, written, codes))
    elif own:
        _show_own(app, own)
    else:
        _show(app, cases, written, names)
    ctx.exit(ExitCode.PERSON_NEEDED if own or cases else ExitCode.DONE)


def _own(office: Office, *, letters: bool) -> list[OwnCase]:
    from ledgersync.upward.matches.own import own_cases

    if letters:
        raise UsageFault(message("社区没有下级，不写核对函。"), message("去掉 --letters 再运行。"))
    return own_cases(office, office.session.today)


def _above(office: Office, *, letters: bool) -> tuple[list[Case], list[Path]]:
    from ledgersync.rollup.running import period_of
    from ledgersync.rollup.sources.collect import collect
    from ledgersync.upward.delivery import deliver, queue
    from ledgersync.upward.matches.cases import cases_of, unit_hashes
    from ledgersync.upward.matches.letters import write_letters

    workspace, today, key = office.workspace, office.session.today, office.matching
    assert key is not None, "an office above always has one"
    month = period_of(workspace, f"{today:%Y-%m}", today)
    units = unit_hashes(office, collect(workspace, month, today), key)
    cases = cases_of(office, units, key)
    written = write_letters(office, cases, units) if letters else []
    for path, code in written:
        queue(office, code, path)
    deliver(office) if written else None
    return cases, [path for path, _ in written]


def _document(
    own: list[OwnCase], cases: list[Case], written: list[Path], codes: dict[str, str]
) -> dict[str, Any]:
    return {
        "format": "ledgersync.shared/v1",
        "cases": [
            {"case": c.number, "kind": c.kind, "units": [codes[u] for u in c.units]} for c in cases
        ],
        "own": [asdict(c) for c in own],
        "letters": [str(path) for path in written],
    }


def _show_own(app: App, own: list[OwnCase]) -> None:
    rows = [(c.number, app.text(KINDS[c.kind]), c.file, c.sheet, c.cell or c.row) for c in own]
    show_table("", app.headers(message("核对号|另一单位也有|文件|工作表|格子")), rows)
    app.say(
        counted(
            "{n} 处另一单位也有。请把核对号报给上级，由上级告诉怎么核对；不要互传身份证号。",
            len(own),
        )
    )


def _show(app: App, cases: list[Case], written: list[Path], names: dict[str, str]) -> None:
    if not cases:
        app.say(message("没有发现几个单位都有的。"))
    else:
        rows = [
            (c.number, app.text(KINDS[c.kind]), "、".join(names[u] for u in c.units)) for c in cases
        ]
        show_table("", app.headers(message("核对号|什么|单位")), rows)
        if not written:
            app.say(message("下一步：ledgersync shared --letters，把核对号告诉有关单位。"))
    if written:
        app.say(counted("写了 {n} 份核对函，交给各单位由它 receive。", len(written)))
