"""The work summary as blocks: sections, sentences, problems and the steps for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date
from functools import cached_property

from ledgersync.dataclass import dataclass
from ledgersync.report.content import (
    Blank,
    Block,
    Content,
    Heading,
    Paragraph,
    Piece,
    Sentence,
)
from ledgersync.report.letter import tables, words
from ledgersync.report.letter.filling import Filling, Unknown
from ledgersync.report.letter.rules import Rule, rules_of
from ledgersync.report.letter.spread import Spread
from ledgersync.report.reading import Reading
from ledgersync.rollup.figures import Number, Window
from ledgersync.schema import Catalog
from ledgersync.schema.sentences import SentenceRule
from ledgersync.workspace.unitcodes import Level

_NAMED = 6  # units that are named in a text
_SHORT = 3  # sentences, and problems, of a 季报
_EARLIER: Mapping[Window, str] = {"year_before": "上年同期", "previous": "上期"}


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the kind of report, one ledger of a 专题, the level compared."""

    kind: str
    made: date
    ledger: str | None = None
    level: Level | None = None


@dataclass
class Composer:
    """Writes one unit's summary."""

    reading: Reading
    catalog: Catalog
    order: Order
    course: Sequence[Reading] = ()
    _named: set[str] = field(default_factory=set)

    @property
    def _short(self) -> bool:
        return self.order.kind in ("季报", "月报")

    @cached_property
    def rules(self) -> list[Rule]:
        found = rules_of(self.catalog, self.order.ledger)
        return [r for r in found if not r.sentence.kinds or self.order.kind in r.sentence.kinds]

    @cached_property
    def filling(self) -> Filling:
        return Filling(self.reading, self._words(), self._spread)

    @cached_property
    def _spread(self) -> Spread:
        return Spread(self.reading, self.order.level)

    def _words(self) -> Mapping[str, str]:
        period, made = self.reading.period, self.order.made
        last = min(period.last, made)
        due = words.due_day(period, made)
        return {
            "period": period.name,
            "unit": self.reading.top.unit.name,
            "last_day": f"{last.month}月{last.day}日",
            "due_day": f"{due.month}月{due.day}日",
        }

    def content(self) -> Content:
        unit, period = self.reading.top.unit.name, self.reading.period
        ledger = self.catalog.ledgers[self.order.ledger].name if self.order.ledger else ""
        title = words.title(unit, period, self.order.kind, ledger)
        blocks = tuple(self._short_blocks() if self._short else self._blocks())
        return Content(title, unit, period, self.order.made, blocks, tuple(self._notes()))

    # the full summary

    def _blocks(self) -> Iterator[Block]:
        sections = words.in_order(r.sentence.section for r in self.rules)
        number = 0
        for name in sections:
            blocks = list(self._section(name))
            if any(not isinstance(b, Blank) for b in blocks) or name in words.FIRST:
                number += 1
                yield Heading(name, f"{words.numeral(number)}、{name}")
                yield from blocks

    def _section(self, name: str) -> Iterator[Block]:
        if name == words.PROBLEMS:
            yield from self._problems()
        elif name == words.STEPS:
            yield from self._steps()
        else:
            yield from self._parts(name)
        if name == words.BASICS and self.order.kind == "年" and self.course:
            yield tables.course(self.reading, self.course, self.leads())
        if name in words.HINTS and self.order.kind != "专题":
            yield Blank(f"blank.{name}", words.HINTS[name])

    def _parts(self, name: str) -> Iterator[Block]:
        """One paragraph per part; a part that has a name has a heading where there are several."""
        by_part: dict[tuple[str, str], list[Rule]] = {}
        for rule in self.rules:
            if rule.sentence.section == name:
                by_part.setdefault((rule.sentence.part, rule.ledger), []).append(rule)
        written = [(*key, p) for key, r in by_part.items() if (p := self._paragraph(key, r))]
        has_parts = len({part for part, _, _ in written if part}) > 1
        for number, (part, ledger, paragraph) in enumerate(written, 1):
            if has_parts and part:
                yield Heading(f"{name}.{part}", f"（{words.numeral(number)}）{part}", 2)
            yield paragraph
            if name != words.BASICS:
                rules = by_part[part, ledger]
                figures = self._figures(rules)
                yield from tables.spread(self.reading, figures, self.order, rules[0].id)

    def _paragraph(self, key: tuple[str, str], rules: Sequence[Rule]) -> Paragraph | None:
        sentences = tuple(s for rule in rules if (s := self._sentence(rule)))
        return Paragraph(f"{key[1]}.{rules[0].sentence.id}", sentences) if sentences else None

    def _sentence(self, rule: Rule) -> Sentence | None:
        """Text, zero or missing; None where its conditions do not hold or it is left out."""
        if not self._holds(rule):
            return None
        clause, about = rule.sentence, rule.sentence.about
        value = self._decisive(about)
        if about and value is None and self._is_hidden(about):
            return self._hidden(rule)
        whole = self._with_rest(clause)
        text = clause.missing if value is None else clause.zero if not value else whole
        if not text:
            return None
        try:
            return self._lacking(Sentence(rule.id, self.filling.pieces(text)))
        except Unknown:
            return Sentence(rule.id, (clause.missing,)) if clause.missing else None

    def _with_rest(self, clause: SentenceRule) -> str:
        """The text, saying so where the parts that it names are not all of the whole."""
        shown = [self.reading.shown(name) for name in (clause.about, *clause.parts)]
        whole, *parts = [s.value if s is not None else None for s in shown]
        known = sum(p or 0 for p in parts)
        if not clause.rest or whole is None or None in parts or known in (0, whole):
            return clause.text
        return f"{clause.text.removesuffix('。')}{clause.rest}。"

    def _decisive(self, about: str) -> Number | None:
        """The figure that decides what is said, of `不少于n` the n."""
        shown = self.reading.stated(about) if about else None
        if shown is None:
            return None if about else 1
        return shown.value if shown.at_least is None else shown.at_least

    def _is_hidden(self, indicator: str) -> bool:
        figure = self.reading.figure(indicator)
        return figure is not None and figure.suppressed

    def _hidden(self, rule: Rule) -> Sentence | None:
        """A small count that is not shown is not missing; said where missing would be."""
        line = self.reading.line(rule.sentence.about)
        if not rule.sentence.missing or line is None:
            return None
        return Sentence(rule.id, (f"{line.name}较少，按规定不显示。",))

    def _holds(self, rule: Rule) -> bool:
        clause = rule.sentence
        if clause.uneven and not self._spread.is_uneven(clause.uneven, clause.times):
            return False
        return all(c.holds(self._number(c.indicator)) for c in rule.sentence.conditions())

    def _number(self, indicator: str) -> float | None:
        value = self.reading.value(indicator)
        return None if value is None else float(value)

    def _lacking(self, sentence: Sentence) -> Sentence:
        """The units that a total lacks, named once."""
        codes: list[str] = []
        for shown in sentence.figures():
            figure = self.reading.figure(shown.indicator)
            codes += figure.counted.lacks if figure and shown.role == "value" else ()
        new = [code for code in dict.fromkeys(codes) if code not in self._named]
        self._named.update(new)
        return Sentence(sentence.id, _with_remark(sentence.pieces, self._names(new)))

    def _names(self, codes: Sequence[str]) -> str:
        names = [self.reading.found.tree.nodes[code].unit.name for code in codes]
        return "、".join(names[:_NAMED]) + ("等" if len(names) > _NAMED else "")

    # problems and steps

    @cached_property
    def _shortfalls(self) -> list[tuple[Rule, Sentence, tuple[Piece, ...]]]:
        found = []
        for rule in self.rules:
            if rule.sentence.section == words.PROBLEMS and (sentence := self._sentence(rule)):
                found.append((rule, sentence, self._step(rule)))
        return found[:_SHORT] if self._short else found

    def _step(self, rule: Rule) -> tuple[Piece, ...]:
        try:
            return self.filling.pieces(rule.sentence.step) if rule.sentence.step else ()
        except Unknown:
            return ()

    def _problems(self) -> Iterator[Block]:
        if not self._shortfalls:
            none = "从本期台账看，没有发现超期、漏访、缺报等情况。"
            if self.reading.found.missing:
                none = "本期台账没有报齐，有没有超期、漏访，要等补报后再看。"
            yield Paragraph("problems.none", (Sentence("problems.none", (none,)),))
        points = [(f"problem.{rule.id}", sentence.pieces) for rule, sentence, _ in self._shortfalls]
        yield from _listed(points)

    def _steps(self) -> Iterator[Block]:
        points = [(f"step.{rule.id}", step) for rule, _, step in self._shortfalls if step]
        own = (r for r in self.rules if r.sentence.section == words.STEPS)
        points += [(f"step.{r.id}", s.pieces) for r in own if (s := self._sentence(r))]
        if not points:
            text = "继续按期走访、及时办理、如实登记，保持台账完整准确。"
            yield Paragraph("steps.none", (Sentence("steps.none", (text,)),))
        yield from _listed(points)

    # 季报 and 月报

    def _short_blocks(self) -> Iterator[Block]:
        leads = self.leads() if self.order.kind == "月报" else self.leads()[: tables.SIX]
        yield Heading("figures", "一、主要数字")
        yield tables.compared(self.reading, leads)
        yield Heading("course", "二、主要情况")
        sentences = [s for r in self._leading_rules() if (s := self._sentence(r))][:_SHORT]
        yield from (Paragraph(s.id, (s,)) for s in sentences)
        yield Heading(words.PROBLEMS, f"三、{words.PROBLEMS}")
        yield from self._problems()
        yield Blank("blank.short", "（其他情况由本单位补写）")

    def _leading_rules(self) -> list[Rule]:
        """The first sentence of every section's part."""
        found: dict[tuple[str, str], Rule] = {}
        sections = words.in_order(r.sentence.section for r in self.rules)[:-2]
        for name in sections[1:]:
            for rule in self.rules:
                if rule.sentence.section == name:
                    found.setdefault((name, rule.ledger), rule)
        return list(found.values())

    def leads(self) -> list[str]:
        """What the sentences are about, the most important first; one of each ledger in turn."""
        by_ledger: dict[str, list[str]] = {}
        for rule in self.rules:
            if rule.sentence.section not in (*words.LAST, words.BASICS) and rule.sentence.about:
                names = by_ledger.setdefault(rule.ledger, [])
                if rule.sentence.about not in names:
                    names.append(rule.sentence.about)
        longest = max(map(len, by_ledger.values()), default=0)
        return [names[n] for n in range(longest) for names in by_ledger.values() if n < len(names)]

    def _figures(self, rules: Sequence[Rule]) -> list[str]:
        return list(dict.fromkeys(r.sentence.about for r in rules if r.sentence.about))

    # the appendix

    def _notes(self) -> Iterator[tuple[Piece, ...]]:
        """Why something is missing, and where last year's number was another one."""
        found = self.reading.found
        for missing in found.missing:
            name = found.tree.find(missing.unit).unit.name
            ledger = self.catalog.ledgers[missing.ledger].name if missing.ledger else "全部台账"
            if self.order.ledger in (None, missing.ledger) or missing.ledger is None:
                yield (f"{name}（{ledger}）：{missing.reason.zh}。",)
        yield from ((text,) for text in self._not_comparable())
        for window, name in _EARLIER.items():
            for line, then, now in self.reading.differing(window):
                measure = "" if line.is_ratio else line.measure
                yield (
                    f"{line.name}的{name}数，当时报出的是",
                    then,
                    f"{measure}，按现在的台账是",
                    now,
                    f"{measure}；文中用当时报出的数。",
                )

    def _not_comparable(self) -> Iterator[str]:
        """Why no change is told, of what the sentences are about."""
        code = self.reading.top.unit.code
        names: dict[str, list[str]] = {}
        for indicator in self.leads():
            why = self.reading.found.not_comparable.get((code, indicator, "year_before"))
            line = self.reading.line(indicator)
            if why is not None and line is not None:
                names.setdefault(why.zh, []).append(line.name)
        for reason, lines in names.items():
            yield f"与上年同期不可比（{reason}）：{'、'.join(lines)}。"


def _with_remark(pieces: tuple[Piece, ...], names: str) -> tuple[Piece, ...]:
    """`…户（不含某社区）。`"""
    last = pieces[-1]
    if not names or not isinstance(last, str) or not last.endswith("。"):
        return pieces
    return (*pieces[:-1], f"{last[:-1]}（不含未报的{names}）。")


def _listed(points: Sequence[tuple[str, tuple[Piece, ...]]]) -> Iterator[Paragraph]:
    """一是…二是…, where there are three or more."""
    for number, (name, pieces) in enumerate(points, 1):
        first = (f"{words.numeral(number)}是",) if len(points) > 2 else ()
        yield Paragraph(name, (Sentence(name, (*first, *pieces)),))


def compose(
    reading: Reading, catalog: Catalog, order: Order, course: Sequence[Reading] = ()
) -> Content:
    """What the work summary says; `course` are the quarters of a year."""
    return Composer(reading, catalog, order, course).content()
