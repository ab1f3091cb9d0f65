"""The words part of `map`: what people write for a choice, confirmed once and kept for the unit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ledgersync.cli.common.output import show_table
from ledgersync.errors import UsageFault
from ledgersync.messages import message

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ledgersync.cli.common.app import App
    from ledgersync.model import WorkbookData
    from ledgersync.schema import Catalog
    from ledgersync.sync.words.offers import Offer
    from ledgersync.workspace import Workspace

Learned = dict[str, str]  # the choice, or `-`, by the word's name


def offered_words(workspace: Workspace, catalog: Catalog, data: WorkbookData | None) -> list[Offer]:
    """The words of a file that mean nothing yet; without one, those that came back often."""
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.words.offers import offers_of

    if data is not None:
        return _of_file(catalog, data)
    with open_session(workspace, "map", write=False) as session:
        return offers_of(session.journal, catalog)


def _of_file(catalog: Catalog, data: WorkbookData) -> list[Offer]:
    from ledgersync.model import Invalid
    from ledgersync.sync.words.offers import words_of_cells

    found: list[Offer] = []
    for t in data.tables:
        schema = catalog.table(t.ledger, t.table)
        for name, values in t.values.items():
            typed = [v.typed for v in values if isinstance(v, Invalid)]
            found += words_of_cells((t.ledger, t.table), schema.by_id[name], typed)
    return found


def words_given(offers: Sequence[Offer], given: Sequence[str]) -> tuple[Learned, tuple[str, ...]]:
    """What `--set 写法=读作` says of words that are offered, and the rest, which is of headers."""
    learned: Learned = {}
    rest = []
    for text in given:
        word, _, answer = text.partition("=")
        same = [o for o in offers if o.word == word]
        learned |= {o.name: _choice(o, answer) for o in same}
        if not same:
            rest.append(text)
    return learned, tuple(rest)


def words_confirmed(app: App, offers: Sequence[Offer], yes: bool) -> Learned:
    """One question per word: the proposal, another choice, `-` for none of them, or later."""
    learned: Learned = {}
    for offer in offers:
        if yes:
            learned |= {offer.name: offer.proposal} if offer.proposal else {}
            continue
        question = app.text(
            message(
                "〔{field}〕里写的“{word}”（{count}处）读作“{proposal}”吗？回车=是，-=不收，?="
                "以后再说，或写可选值：{choices}",
                field=offer.schema.header,
                word=offer.word,
                count=offer.count,
                proposal=offer.proposal or "?",
                choices=_options(offer),
            )
        )
        answer = str(
            click.prompt(question, default=offer.proposal or "?", show_default=False, err=True)
        ).strip()
        if answer != "?":
            learned[offer.name] = _choice(offer, answer)
    return learned


def _options(offer: Offer) -> list[str]:
    from ledgersync.schema.words import choices_of

    return list(choices_of(offer.schema))


def _choice(offer: Offer, answer: str) -> str:
    from ledgersync.schema.mappings import IGNORED

    if answer == IGNORED or answer in _options(offer):
        return answer
    raise UsageFault(
        message("“{answer}”不是〔{field}〕的可选值。", answer=answer, field=offer.schema.header),
        message("请从这些里选：{choices}。", choices=_options(offer)),
    )


def keep_words(workspace: Workspace, learned: Learned) -> None:
    """Writes them down, and takes in what came back because of them."""
    from ledgersync.schema.mappings import MAPPINGS_NAME, load_words, save_words
    from ledgersync.sync.opening import open_session
    from ledgersync.sync.results import MergeReport
    from ledgersync.sync.run import finish
    from ledgersync.workspace import Workspace

    if not learned:
        return
    path = workspace.root / MAPPINGS_NAME
    save_words(path, load_words(path) | learned)
    with open_session(Workspace.open(workspace.root), "map") as session:
        finish(session, MergeReport(0))


def show_words(app: App, offers: Sequence[Offer], learned: Learned) -> None:
    if offers:
        headers = app.headers(message("项目|写法|次数|建议|已记住"))
        rows = [
            (o.schema.header, o.word, o.count, o.proposal, learned.get(o.name, "")) for o in offers
        ]
        show_table("", headers, rows)


def words_json(offers: Sequence[Offer], learned: Learned) -> list[dict[str, Any]]:
    return [{**o.as_json(), "kept": learned.get(o.name)} for o in offers]
