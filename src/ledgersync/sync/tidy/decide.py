"""Decisions about spellings: changes of the journal like any other, and words of the unit."""

from collections.abc import Iterator, Mapping

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.merge import Operation
from ledgersync.messages import message
from ledgersync.model import Invalid, Value
from ledgersync.schema.mappings import MAPPINGS_NAME, load_words, save_words
from ledgersync.schema.words import choices_of, word_name
from ledgersync.sync.revision.entry import Entry, entry
from ledgersync.sync.session import Session
from ledgersync.sync.tidy.found import Cluster
from ledgersync.values import CellParser
from ledgersync.values.respelled import respelled

APART = "各是各的"  # they are different things: nothing is changed, and nothing asked again


@dataclass(slots=True)
class Tidied:
    """What decisions did: cells changed, spellings remembered, groups that stay apart."""

    revision: int | None = None
    changed: int = 0
    remembered: int = 0
    apart: int = 0


def take_spellings(
    session: Session, found: list[Cluster], answers: Mapping[str, str], who: str
) -> Tidied:
    """Carries out what was chosen for each group. Raises UsageFault for what cannot be chosen."""
    done = Tidied()
    words: dict[str, str] = {}
    with entry(session, "tidy", who) as made:
        for cluster in found:
            keep = answers.get(cluster.key)
            if keep is None:
                continue
            if keep == APART:
                done.apart += 1
                continue
            done.changed += _carry_out(session, made, cluster, _allowed(cluster, keep))
            words |= _words(cluster, keep)
        done.revision = made.revision
    if words:
        path = session.workspace.root / MAPPINGS_NAME
        save_words(path, load_words(path) | words)
        done.remembered = len(words)
    return done


def _allowed(cluster: Cluster, keep: str) -> str:
    choices = choices_of(cluster.field)
    if choices and keep not in choices:
        raise UsageFault(
            message("“{keep}”不是〔{field}〕的可选值。", keep=keep, field=cluster.field.header),
            message("请从下拉列表里选，再 tidy --with 一次。"),
        )
    return keep


def _words(cluster: Cluster, keep: str) -> dict[str, str]:
    key = (cluster.ledger.id, cluster.table.id)
    names = {
        word_name(key, cluster.field.id, word) for word, _ in cluster.spellings if word != keep
    }
    return dict.fromkeys(names, keep)


def _carry_out(session: Session, made: Entry, cluster: Cluster, keep: str) -> int:
    operations = list(_operations(session, cluster, keep))
    if operations:
        made.change(cluster.ledger, cluster.table, operations)
    return len(operations)


def _operations(session: Session, cluster: Cluster, keep: str) -> Iterator[Operation]:
    words = {word: keep for word, _ in cluster.spellings if word != keep}
    taught = cluster.field.changed(words=words)
    parser = CellParser(taught, session.today)
    at = cluster.table.position[cluster.field.id]
    rows = session.journal.state.rows(cluster.ledger.id, cluster.table.id)
    for record, row in rows.items():
        old: Value = row[at]
        if isinstance(old, Invalid):
            new: Value = parser(old.typed).value if old.typed in words else old
        elif isinstance(old, str):
            new = respelled(words, old, is_place=cluster.is_place)
        else:
            continue
        if new != old:
            yield Operation("edit", record, cluster.field.id, old, new)
