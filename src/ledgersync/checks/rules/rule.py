"""What a rule is: its id, how grave, what it says, an example, and its source."""

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message
from ledgersync.model import Severity

_LEVELS: dict[str, Severity] = {"e": "error", "w": "warning", "i": "info"}


@dataclass(frozen=True, slots=True)
class Rule:
    """`severities` from the gravest that the rule is ever reported with.

    `meaning`, `example` and `source` (the law or convention) are Markdown for docs/rules.md.
    """

    id: str
    severities: tuple[Severity, ...]
    title: Message
    meaning: str
    example: str
    source: str

    @classmethod
    def of(
        cls, id_: str, levels: str, title: Message, *, meaning: str, example: str, source: str
    ) -> "Rule":
        """A rule whose levels are letters: `ew` is error or warning."""
        return cls(
            id_, tuple(_LEVELS[letter] for letter in levels), title, meaning, example, source
        )


@dataclass(frozen=True, slots=True)
class Group:
    """Rules that docs/rules.md lists together, after a few words about all of them."""

    title: str
    intro: str
    rules: tuple[Rule, ...]
