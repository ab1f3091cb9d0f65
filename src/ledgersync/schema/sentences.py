"""What a ledger says in a work summary: sentences with gaps for figures, and when they are said.

In `text`, `{indicator}` is a figure, `{indicator:change}` its change against last year (nothing
where there is no base), `{indicator.*:names}` and `{indicator.*:counts}` the most frequent members
of a family, `{indicator:most}` and `{indicator:least}` the unit with the highest and lowest one.
`[…]` is left out where a figure in it is zero or not known. Days and names:
`{period}`, `{unit}`, `{last_day}`, `{due_day}`.
"""

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Annotated, Literal

from ledgersync.dataclass import dataclass
from ledgersync.declared import Checked, Declared
from ledgersync.patterns import pattern_of
from ledgersync.schema.names import Name

Kind = Literal["半年", "年", "季报", "月报", "专题"]
Form = Literal["value", "change", "names", "counts", "most", "least", "word"]
WORDS = ("period", "unit", "last_day", "due_day")
_GAP = pattern_of(r"\{([^{}]*)\}|(\[)|(\])")
_INDICATOR = pattern_of(
    r"([a-z][a-z0-9_]*(?:\.[^{}:*]+)?)(\.\*)?(?::(change|names|counts|most|least))?$"
)
_CONDITION = pattern_of(r"([a-z][a-z0-9_]*(?:\.\S+)?)\s*(>=|<=|>|<|==|!=)\s*(\d+(?:\.\d+)?)$")
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "==": operator.eq,
    "!=": operator.ne,
}


@dataclass(frozen=True, slots=True)
class Gap:
    """What fills a gap: an indicator in a form, or a word."""

    name: str
    form: Form


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause that is left out where a figure in it is zero or not known."""

    parts: "tuple[str | Gap, ...]"


Part = str | Gap | Clause


@dataclass(frozen=True, slots=True)
class Condition:
    """`issues_overdue >= 1`."""

    indicator: str
    comparison: str
    limit: float

    def holds(self, value: float | None) -> bool:
        """A figure that is not known fulfils nothing."""
        return value is not None and _COMPARE[self.comparison](value, self.limit)


def parse_condition(text: str) -> Condition:
    """Raises ValueError saying what is wrong."""
    match = _CONDITION.match(text.strip())
    if match is None:
        raise ValueError(f"条件要写成“指标 >= 数”，这里是“{text}”")
    return Condition(match[1], match[2], float(match[3]))


def parse_conditions(texts: Iterable[str]) -> list[Condition]:
    """Raises ValueError saying what is wrong with the first that is."""
    return [parse_condition(text) for text in texts]


def parse_text(text: str) -> tuple[Part, ...]:
    """Raises ValueError naming the gap that is none."""
    parts: list[Part] = []
    inner: list[str | Gap] | None = None
    at = 0
    for match in _GAP.finditer(text):
        target: list[str | Gap] | list[Part] = parts if inner is None else inner
        if match.start() > at:
            target.append(text[at : match.start()])
        at = match.end()
        if match[2]:
            if inner is not None:
                raise ValueError("方括号里不能再有方括号")
            inner = []
        elif match[3]:
            if inner is None:
                raise ValueError("方括号没有成对")
            parts.append(Clause(tuple(inner)))
            inner = None
        else:
            target.append(_gap(match[1]))
    if inner is not None:
        raise ValueError("方括号没有成对")
    if "{" in text[at:] or "}" in text[at:]:
        raise ValueError("花括号没有成对")
    return (*parts, *([text[at:]] if text[at:] else []))


def _gap(text: str) -> Gap:
    if text in WORDS:
        return Gap(text, "word")
    match = _INDICATOR.match(text)
    if match is None or bool(match[2]) != (match[3] in ("names", "counts")):
        raise ValueError(f"不认识的占位符 {{{text}}}")
    return Gap(match[1], match[3] or "value")  # type: ignore[arg-type]


def gaps(text: str) -> Iterator[Gap]:
    """All gaps of a text, those of optional clauses included."""
    for part in parse_text(text):
        found = part.parts if isinstance(part, Clause) else (part,)
        yield from (each for each in found if isinstance(each, Gap))


Wording = Annotated[str, Checked(parse_text)]


class SentenceRule(Declared):
    """One sentence, or one problem with the step that answers it.

    `subject` is the figure that decides between `text`, `zero` and `missing`; without it the first
    figure of the text is. Without `zero` a sentence about nothing is left out. `kinds`: the kinds
    of report that have it, all where it is empty. `uneven`: said where one unit's figure of this
    indicator is `times` as high as the middle one, or as low. `step`: what is to be done, for
    下一步. `rest`: said at the end where the `parts` do not add up to the subject.
    """

    id: Name
    section: str
    part: str = ""
    order: int = 100
    text: Wording
    when: Annotated[tuple[str, ...], Checked(parse_conditions)] = ()
    subject: str = ""
    zero: Wording = ""
    missing: Wording = ""
    step: Wording = ""
    uneven: str = ""
    times: float = 2
    kinds: tuple[Kind, ...] = ()
    parts: tuple[str, ...] = ()
    rest: str = ""

    def _check(self) -> None:
        if self.step and not (self.when or self.uneven):
            raise ValueError("有 step 的句子要写 when：什么时候算问题")

    def conditions(self) -> list[Condition]:
        return parse_conditions(self.when)

    def indicators(self) -> set[str]:
        """All that it asks for."""
        texts = (self.text, self.zero, self.missing, self.step)
        named = {g.name for text in texts for g in gaps(text) if g.form != "word"}
        return (
            named
            | {c.indicator for c in self.conditions()}
            | ({self.subject, self.uneven, *self.parts} - {""})
        )

    @property
    def about(self) -> str:
        """The figure that decides which text is said; empty where there is none."""
        figures = (g.name for g in gaps(self.text) if g.form == "value")
        return self.subject or next(figures, "")
