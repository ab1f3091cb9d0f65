"""All sentences that a catalog's ledgers bring, and those of no single ledger."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib import resources

from ledgersync.dataclass import dataclass
from ledgersync.messages import message
from ledgersync.rollup.definitions import COMMON, Definitions
from ledgersync.rollup.faults import Place
from ledgersync.schema import Catalog
from ledgersync.schema.sentences import SentenceRule


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence with the ledger that brings it."""

    ledger: str
    sentence: SentenceRule

    @property
    def id(self) -> str:
        return f"{self.ledger}.{self.sentence.id}"


def rules_of(catalog: Catalog, only: str | None = None) -> list[Rule]:
    """In the order in which they are said; `only` one ledger's."""
    ledgers = [ledger for ledger in catalog if only in (None, ledger.id)]
    found = [Rule(ledger.id, rule) for ledger in ledgers for rule in ledger.sentences]
    if only is None:
        found += [Rule(COMMON, rule) for rule in _common()]
    return sorted(found, key=lambda rule: rule.sentence.order)


def check_rules(definitions: Definitions) -> None:
    """Raises DefinitionFault naming the sentence that asks for a figure which nobody declares."""
    known = {d.indicator.stem if d.indicator.by else d.id for d in definitions}
    for rule in rules_of(definitions.catalog):
        for name in sorted(rule.sentence.indicators()):
            if name not in known and name.partition(".")[0] not in known:
                name_of = message("句子 {id}", id=rule.sentence.id)
                place = Place(definitions.file(rule.ledger), name_of)
                raise place.fault(message("没有指标 {name}", name=name))


@cache
def _common() -> tuple[SentenceRule, ...]:
    text = (resources.files("ledgersync.report") / "common.toml").read_text(encoding="utf-8")
    return tuple(_rules(tomllib.loads(text)["sentences"]))


def _rules(declared: list[dict[str, object]]) -> Iterator[SentenceRule]:
    return (SentenceRule.validated(each) for each in declared)
