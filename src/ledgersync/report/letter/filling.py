"""A sentence's text and the figures of a unit → pieces, with every figure known."""

from collections.abc import Iterator, Mapping, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Piece, Shown
from ledgersync.report.letter.spread import Spread, extreme
from ledgersync.report.reading import Change, Reading, percent, plain_text
from ledgersync.rollup.figures import Line, Number
from ledgersync.schema.sentences import Gap, Part, parse_text

_NAMED = 6  # members of a family that are named
_MARKS = "，。；：、"


class Unknown(Exception):
    """A figure of a sentence is not known."""


@dataclass(frozen=True)
class Filling:
    """Fills the gaps of texts; `words` are the days and names."""

    reading: Reading
    words: Mapping[str, str]
    spread: Spread

    def pieces(self, text: str) -> tuple[Piece, ...]:
        """Raises Unknown where a figure outside of `[…]` is not known."""
        found = [piece for part in parse_text(text) for piece in self._part(part)]
        return tuple(_punctuated(found))

    def _part(self, part: Part) -> Sequence[Piece]:
        if isinstance(part, str):
            return [part]
        if isinstance(part, Gap):
            return self._gap(part)
        try:
            pieces = [p for each in part.parts for p in self._part(each)]
        except Unknown:
            return []
        return [] if any(map(_is_nothing, pieces)) else pieces

    def _gap(self, gap: Gap) -> Sequence[Piece]:
        if gap.form == "word":
            return [self.words[gap.name]]
        if gap.form == "change":
            return list(self._change(gap.name))
        if gap.form in ("names", "counts"):
            return self._members(gap)
        if gap.form in ("most", "least"):
            return self._extreme(gap)
        shown = self.reading.stated(gap.name)
        if shown is None:
            raise Unknown(gap.name)
        return [shown]

    def _extreme(self, gap: Gap) -> Sequence[Piece]:
        """`光明社区（12%）`."""
        found = self.spread.of(gap.name)
        if not found:
            raise Unknown(gap.name)
        shown, node = found[0 if gap.form == "most" else -1]
        return [f"{node.unit.name}（", extreme(shown), "）"]

    def _members(self, gap: Gap) -> Sequence[Piece]:
        """The most frequent members of a family; nothing of hidden and empty ones."""
        lines = [(self.reading.shown(x.id), x) for x in self.reading.family(gap.name)]
        found = [(s, x) for s, x in lines if s is not None and s.value and x.member != "未填写"]
        found.sort(key=lambda each: -float(each[0].value or 0))
        if not found:
            raise Unknown(gap.name)
        named = found[:_NAMED]
        rest = "等" if len(found) > len(named) else ""
        if gap.form == "names":
            return ["、".join(str(x.member) for _, x in named) + rest]
        listed: list[Piece] = []
        for shown, line in named:
            listed += ["、" if listed else "", str(line.member), shown, line.measure]
        return [*listed, rest] if rest else listed

    def _change(self, indicator: str) -> Iterator[Piece]:
        change, line = self.reading.change(indicator), self.reading.line(indicator)
        if change is None or line is None:
            return
        yield "，"
        if not change.difference:
            yield "与上年同期持平"
        elif line.is_ratio:
            yield from self._points(change, line)
        else:
            yield from self._counted(change, line)

    def _points(self, change: Change, line: Line) -> Iterator[Piece]:
        word = "提高" if change.difference > 0 else "降低"
        text = f"{abs(float(change.difference)) * 100:.1f}".removesuffix(".0")
        if text == "0":
            yield "与上年同期基本持平"
            return
        yield f"比上年同期{word}"
        yield self._of(change, line, "change", text, change.difference)
        yield "个百分点"

    def _counted(self, change: Change, line: Line) -> Iterator[Piece]:
        more = change.difference > 0
        yield f"比上年同期{'增加' if more else '减少'}"
        size = change.difference if more else -change.difference
        yield self._of(change, line, "change", plain_text(size, line), change.difference)
        yield f"{line.measure}，{'增长' if more else '下降'}"
        yield self._of(change, line, "change_rate", percent(abs(change.rate)), change.rate)

    def _of(self, change: Change, line: Line, role: str, text: str, value: Number) -> Shown:
        unit, period = self.reading.top.unit.code, self.reading.period.text
        return Shown(text, line.id, period, unit, role, value, change.against)  # type: ignore[arg-type]


def _is_nothing(piece: Piece) -> bool:
    """A zero; what is `不少于n` is none."""
    is_value = isinstance(piece, Shown) and piece.role == "value" and piece.at_least is None
    return is_value and isinstance(piece, Shown) and not piece.value


def _punctuated(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """Clauses that were left out leave no marks behind, such as `，，`."""
    before = ""
    for piece in pieces:
        if isinstance(piece, str):
            text = _joined(before, piece)
            if not text:
                continue
            before = text
            yield text
        else:
            before = piece.text
            yield piece


def _joined(before: str, text: str) -> str:
    while text and text[0] in "，、" and (not before or before[-1] in _MARKS):
        text = text[1:]
    return text
