"""`ledgersync map`: confirm once what unknown headers and words mean; kept in the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.app import App, pass_app
from ledgersync.cli.common.map_words import (
    keep_words,
    offered_words,
    show_words,
    words_confirmed,
    words_given,
    words_json,
)
from ledgersync.cli.common.output import emit_json, json_option, show_table
from ledgersync.cli.common.secrets import given_password, password_option
from ledgersync.errors import ExitCode, UsageFault
from ledgersync.messages import Message, counted, listed, message

if TYPE_CHECKING:
    from ledgersync.model import WorkbookData
    from ledgersync.schema import Catalog, TableKey
    from ledgersync.workbook.read.layout.propose import Proposal

FORMAT = "ledgersync.map/v1"
SURE = 90.0  # a proposal under this is a question without a default
Header = tuple[str, str, str]  # ledger, table, normalised header


@click.command("map")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option("--yes", is_flag=True, help="采用全部建议，不逐条询问")
@click.option(
    "--set",
    "given",
    multiple=True,
    metavar="表头=字段",
    help="直接指明，如 --set 救助对象=户主姓名，或 --set 逢五=每月；写“-”表示都不是",
)
@json_option
@password_option
@pass_app
def map_headers(
    app: App,
    file: Path | None,
    yes: bool,
    given: tuple[str, ...],
    as_json: bool,
    ask_password: bool,
) -> None:
    """确认一次不认识的表头和用词，本工作区以后都按此读取。

    不写文件时，只问退回过几次的用词。
    """
    from ledgersync.schema.mappings import MAPPINGS_NAME, save_mappings

    workspace = app.workspace()
    catalog = workspace.catalog
    secret = given_password(ask_password)
    data, proposals = _proposals(file, catalog, secret) if file else (None, [])
    offers = offered_words(workspace, catalog, data)
    words, given_headers = words_given(offers, given)
    known = dict(catalog.mappings)
    faults: list[UsageFault] = []
    if given:
        learned, faults = _as_given(catalog, _headers(data, proposals), given_headers)
    elif as_json:
        learned = {}
    else:
        learned = _confirmed(app, catalog, proposals, yes)
        words = words_confirmed(app, offers, yes)
    if learned:
        save_mappings(workspace.root / MAPPINGS_NAME, known | learned)
    keep_words(workspace, words)
    if as_json:
        document = {**_document(proposals, learned), "learned": learned}
        emit_json({**document, "words": words_json(offers, words)})
    else:
        _report(app, catalog, proposals, learned, is_all=not offers)
        show_words(app, offers, words)
    if faults:
        raise _some_wrong(faults, learned)
    if any(_name(p) not in learned for p in proposals) or any(o.name not in words for o in offers):
        raise click.exceptions.Exit(ExitCode.PERSON_NEEDED)


def _proposals(
    file: Path, catalog: Catalog, password: str | None
) -> tuple[WorkbookData, list[Proposal]]:
    """Of the tables that were recognised, and of the sheets where none was."""
    from ledgersync.workbook.read import read_workbook
    from ledgersync.workbook.read.formats.files import open_book
    from ledgersync.workbook.read.layout.propose import proposals_for_sheet, proposals_for_table
    from ledgersync.workspace.clock import today

    data = read_workbook(file, catalog, today=today(), password=password)
    found = [p for t in data.tables for p in proposals_for_table(catalog, t, today())]
    lost = {f.sheet for f in data.findings if f.rule == "table.unrecognised"}
    if lost:  # the file was read to its end in a child process just now
        for grid in open_book(file.read_bytes(), file.name, password):
            if grid.sheet in lost:
                found += proposals_for_sheet(catalog, grid, today())
    return data, found


def _headers(data: WorkbookData | None, proposals: list[Proposal]) -> set[Header]:
    """Every header of the file, with the table it stands in."""
    found = {(p.ledger, p.table, p.key) for p in proposals}
    for t in data.tables if data else []:
        headers = [c.header for c in t.columns] + [c.header for c in t.unknown_columns]
        found |= {(t.ledger, t.table, _key(header)) for header in headers}
    return found


def _name(p: Proposal) -> str:
    from ledgersync.schema.mappings import mapping_name

    return mapping_name(p.ledger, p.table, p.key)


def _confirmed(app: App, catalog: Catalog, proposals: list[Proposal], yes: bool) -> dict[str, str]:
    """One question per header: the proposal, another field, `-` for none of ours, or later."""
    learned: dict[str, str] = {}
    for p in proposals:
        header = _header(catalog, p)
        if yes or p.score >= 100:
            learned[_name(p)] = p.field
            continue
        default = p.field if p.score >= SURE else "?"
        question = app.text(_question(p, header))
        answer = str(click.prompt(question, default=default, show_default=False, err=True)).strip()
        if answer != "?":
            learned[_name(p)] = _field(catalog, (p.ledger, p.table), answer)
    return learned


def _question(p: Proposal, field: str) -> Message:
    """What is only likely has no default: Enter leaves it open."""
    if p.score >= SURE:
        return message(
            "“{sheet}”的列“{header}”是〔{field}〕吗？回车=是，-=不属于台账，?="
            "以后再说，或输入台账里的列名",
            sheet=p.sheet,
            header=p.header,
            field=field,
        )
    return message(
        "“{sheet}”的列“{header}”可能是〔{field}〕，没有把握。请输入台账里的列名，-="
        "不属于台账，回车=以后再说",
        sheet=p.sheet,
        header=p.header,
        field=field,
    )


def _as_given(
    catalog: Catalog, headers: set[Header], given: tuple[str, ...]
) -> tuple[dict[str, str], list[UsageFault]]:
    """`--set 表头=字段`, in every table that has this header; a wrong one drops no other."""
    learned: dict[str, str] = {}
    faults = []
    for text in given:
        try:
            learned |= _given_one(catalog, headers, text)
        except UsageFault as fault:
            faults.append(fault)
    return learned, faults


def _given_one(catalog: Catalog, headers: set[Header], text: str) -> dict[str, str]:
    from ledgersync.schema.mappings import mapping_name

    header, _, answer = text.partition("=")
    key = _key(header)
    tables = [(ledger, table) for ledger, table, known in headers if known == key]
    if not tables or not answer:
        raise UsageFault(
            message(
                "--set {text}：文件里没有表头“{header}”，或写法不是“表头=字段”。",
                text=text,
                header=header,
            ),
            message("请先运行 ledgersync map 文件，照它列出的表头写。"),
        )
    fields = {t: _field(catalog, t, answer) for t in tables}
    return {mapping_name(*t, key): field for t, field in fields.items()}


def _some_wrong(faults: list[UsageFault], learned: dict[str, str]) -> UsageFault:
    """Every wrong item; with a word on what was kept all the same."""
    if not learned and len(faults) == 1:
        return faults[0]
    kept = counted("其余 {n} 项已记住。", len(learned))
    return UsageFault(
        message("{faults}{kept}", faults=listed([f.message for f in faults], ""), kept=kept),
        faults[0].next_step,
    )


def _key(header: str) -> str:
    from ledgersync.workbook.read.layout.headers import normal

    return "▸".join(normal(part) for part in header.split("▸"))


def _field(catalog: Catalog, key: TableKey, answer: str) -> str:
    """A field by id or by any of its headers."""
    from ledgersync.schema.mappings import IGNORED
    from ledgersync.workbook.read.layout.headers import normal

    schema = catalog.table(*key)
    known = schema.header_index.get(normal(answer))
    if answer == IGNORED or answer in schema.by_id:
        return answer
    if known is not None:
        return known.id
    headers = [f.header for f in schema.fields]
    raise UsageFault(
        message("“{sheet}”表里没有“{answer}”这一项。", sheet=schema.sheet, answer=answer),
        message("请从这些里选：{headers}。", headers=headers),
    )


def _header(catalog: Catalog, p: Proposal) -> str:
    return catalog.table(p.ledger, p.table).by_id[p.field].header


def _report(
    app: App, catalog: Catalog, proposals: list[Proposal], learned: dict[str, str], is_all: bool
) -> None:
    if proposals:
        _show_proposals(app, catalog, proposals, learned)
    elif not learned and is_all:
        app.say(message("没有待确认的表头和用词。"))
    proposed = {_name(p): p.field for p in proposals}
    for name, field in learned.items():
        if proposed.get(name) != field:  # the table says the others
            app.say(_stored(catalog, name, field))


def _stored(catalog: Catalog, name: str, field: str) -> Message:
    """What was kept, and what it does from now on."""
    from ledgersync.schema.mappings import IGNORED, MAPPINGS_NAME

    place, _, header = name.partition("/")
    sheet = catalog.table(*place.split(".", 1)).sheet
    if field == IGNORED:
        return message(
            "已记住（{file}）：“{sheet}”的列“{header}”不属于台账，以后不"
            "再并入这一列，副本里也不再有；主台账里的内容不动。要改回来，删去那里的这"
            "一行。",
            file=MAPPINGS_NAME,
            sheet=sheet,
            header=header,
        )
    known = catalog.table(*place.split(".", 1)).by_id[field].header
    return message(
        "已记住（{file}）：“{sheet}”的列“{header}”以后读作〔{known}〕。",
        file=MAPPINGS_NAME,
        sheet=sheet,
        header=header,
        known=known,
    )


def _show_proposals(
    app: App, catalog: Catalog, proposals: list[Proposal], learned: dict[str, str]
) -> None:
    rows = [
        (p.sheet, p.header, _header(catalog, p), p.score, "✓" if _name(p) in learned else "")
        for p in proposals
    ]
    show_table("", app.headers(message("工作表|表头|建议|相近度|已记住")), rows)


def _document(proposals: list[Proposal], learned: dict[str, str]) -> dict[str, Any]:
    from ledgersync.model import column_letters

    return {
        "format": FORMAT,
        "proposals": [
            {
                "sheet": p.sheet,
                "ledger": p.ledger,
                "table": p.table,
                "header": p.header,
                "column": column_letters(p.column),
                "field": p.field,
                "score": p.score,
                "kept": learned.get(_name(p)),
            }
            for p in proposals
        ],
    }
