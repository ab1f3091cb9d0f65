"""Words that came back often: for which choice, how often, from whom, and what they may mean."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import field
from typing import Any

from ledgersync.dataclass import dataclass
from ledgersync.journal import Journal
from ledgersync.privacy import mask_text
from ledgersync.schema import Catalog, FieldSchema, TableKey
from ledgersync.schema.words import choices_of, word_name
from ledgersync.values.choices import ChoiceReader, mark
from ledgersync.values.text import trim

OFTEN = 2  # records that a word came back from
_RULES = ("choice", "type.bool")
_LONGEST = 20
_NEAR = 50.0


@dataclass(slots=True)
class Offer:
    """A word that nobody has decided on yet; `proposal` is "" where nothing comes near."""

    key: TableKey
    schema: FieldSchema
    word: str
    count: int = 0
    staff: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return word_name(self.key, self.schema.id, self.word)

    @property
    def proposal(self) -> str:
        return proposal_for(self.schema, self.word)

    def as_json(self) -> dict[str, Any]:
        return {
            "ledger": self.key[0],
            "table": self.key[1],
            "field": self.schema.id,
            "word": self.word,
            "count": self.count,
            "staff": sorted(self.staff),
            "proposal": self.proposal or None,
            "choices": list(choices_of(self.schema)),
        }


def offers_of(journal: Journal, catalog: Catalog, least: int = OFTEN) -> list[Offer]:
    """What came back from at least so many records and means nothing yet, the most often first."""
    found: dict[str, Offer] = {}
    for ledger, table, name, typed, count, staff in journal.returned.often(_RULES, 1):
        schema = catalog.ledgers.get(ledger)
        known = schema.by_id.get(table) if schema else None
        if known is None or name not in known.by_id:
            continue
        for word in words_in(known.by_id[name], typed):
            one = Offer((ledger, table), known.by_id[name], word)
            one = found.setdefault(one.name, one)
            one.count += count
            one.staff |= set(staff.split(","))
    often = [one for one in found.values() if one.count >= least]
    return sorted(often, key=lambda one: (-one.count, one.name))


def words_of_cells(key: TableKey, schema: FieldSchema, typed: Iterable[str]) -> list[Offer]:
    """The same of cells at hand, however often a word stands there."""
    counts: dict[str, int] = defaultdict(int)
    for text in typed:
        for word in words_in(schema, text):
            counts[word] += 1
    return [Offer(key, schema, word, n) for word, n in counts.items()]


def words_in(schema: FieldSchema, typed: str) -> Iterator[str]:
    """The words of a cell that a person may be asked about: short, and nobody's secret."""
    if not choices_of(schema):
        return
    decided = {mark(word) for word in schema.words}
    reader = ChoiceReader(schema)
    words = reader.unknown(typed) if schema.type == "choices" else [trim(typed)]
    for word in words:
        is_secret = any(withheld in word for withheld in schema.withheld) or mask_text(word) != word
        is_word = 0 < len(word) <= _LONGEST and any(c.isalnum() for c in word) and "\n" not in word
        if is_word and not is_secret and mark(word) not in decided and reader.one(word) is None:
            yield word


def proposal_for(schema: FieldSchema, word: str) -> str:
    """The choice whose wording, or one of whose synonyms, comes nearest."""
    if schema.type == "bool":
        return "否" if word[:1] in "不没未无非" else "是"
    from rapidfuzz import fuzz  # only while there are words to propose

    best, score = "", _NEAR
    for value, synonyms in schema.choices.items():
        for text in (value, *synonyms):
            near = max(fuzz.ratio(text, word), 0.9 * fuzz.partial_ratio(text, word))
            if near > score and len(text) > 1:
                best, score = value, near
    return best
