"""How notices are shown by every command: what was left out of a file or taken with a doubt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ledgersync.cli.common.app import App
from ledgersync.cli.common.output import show_table
from ledgersync.cli.common.words import ledger_words, table_words
from ledgersync.messages import Message, counted, literal, message
from ledgersync.privacy import mask_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ledgersync.schema import Catalog
    from ledgersync.sync.results import Notice
    from ledgersync.sync.status import NoticeLine
    from ledgersync.sync.words.offers import Offer

_MOST_LINES = 20  # of a run, and in `status`; `notices` lists all
_MOST_ROWS = 6
_LEVELS = {"error": message("没有收"), "warning": message("存疑")}


def show_notice_table(
    app: App, catalog: Catalog, found: Sequence[NoticeLine], most: int = _MOST_LINES
) -> None:
    """The open notices with their numbers, then what to do."""
    headers = app.headers(message("编号|谁|台账·表|行|怎样|原因"))
    rows = [
        (
            n.id,
            n.staff,
            table_words(catalog, n.ledger, n.table) if n.table else ledger_words(catalog, n.ledger),
            n.row,
            app.text(_LEVELS[n.severity]),
            mask_text(app.text(n.message)),
        )
        for n in found[:most]
    ]
    show_table(app.text(message("没有收进来或存疑的：")), headers, rows)
    if len(found) > most:
        app.say(counted("……还有 {n} 处，ledgersync notices 全部列出", len(found) - most))
    say_next(app, {n.in_primary for n in found})


def say_next(app: App, in_primary: Iterable[bool]) -> None:
    """What to do about notices of copies (False) and of primaries (True)."""
    places = set(in_primary)
    if False in places:
        app.say(
            message(
                "下一步：请本人按 returned/<姓名>/ 里的标注更正后再交；核对过、不用改的，"
                "ledgersync notices dismiss 编号。"
            )
        )
    if True in places:
        app.say(
            message(
                "下一步：主台账里没有收进来的，请在主台账里改正后再合并；核对过、不用改的"
                "，ledgersync notices dismiss 编号。"
            )
        )


def say_notices(app: App, found: Sequence[Notice]) -> None:
    """A line per place and message, equal ones together; then what else there is."""
    news = [n for n in found if n.is_news]
    groups: dict[tuple[str, str | None, str], list[Notice]] = {}
    for n in news:
        text = mask_text(app.text(n.finding.message))
        groups.setdefault((n.finding.file, n.finding.sheet, text), []).append(n)
    for (file, sheet, text), same in list(groups.items())[:_MOST_LINES]:
        place = _place(sheet, same)
        app.say(message("! {file}{place}：{text}", file=file, place=place, text=text))
    if rest := sum(len(same) for same in list(groups.values())[_MOST_LINES:]):
        app.say(counted("……还有 {n} 处没有收进来或存疑，见 ledgersync notices。", rest))
    if old := len(found) - len(news):
        app.say(counted("仍有 {n} 处没有收进来或存疑（以前说过），见 ledgersync notices。", old))


def _place(sheet: str | None, same: Sequence[Notice]) -> Message:
    rows = sorted({n.finding.row for n in same if n.finding.row})
    if not rows:
        return message(" “{sheet}”", sheet=sheet) if sheet else literal("", "")
    shown, more = rows[:_MOST_ROWS], len(rows) > _MOST_ROWS
    if more:
        return message(
            " “{sheet}”第 {rows} 等 {count} 行", sheet=sheet or "", rows=shown, count=len(rows)
        )
    return message(" “{sheet}”第 {rows} 行", sheet=sheet or "", rows=shown)


def say_offers(app: App, offers: Sequence[Offer]) -> None:
    """Words that came back often: the coordinator may accept each once."""
    if not offers:
        return
    shown = [
        message("〔{field}〕“{word}”{count}处", field=o.schema.header, word=o.word, count=o.count)
        for o in offers[:_MOST_ROWS]
    ]
    more = ["…"] if len(offers) > _MOST_ROWS else []
    app.say(message("常写而台账不认识的词：{words}", words=[*shown, *more]))
    app.say(
        message(
            "下一步：打开 conflicts/用词清单.xlsx，选好“读作”保存，下次合并就照此收下；"
            "或 ledgersync map。"
        )
    )
