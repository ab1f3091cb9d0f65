"""Earlier periods beside a period: one that was closed or locked is as its own roll-up says."""

from collections.abc import Mapping
from dataclasses import replace

from ledgersync.messages import Message
from ledgersync.rollup.caveats.comparing import Comparing
from ledgersync.rollup.figures import Cell, Figure, RollUp, Window
from ledgersync.upward.combine.own import alike


def with_answers(
    found: RollUp, earlier: Mapping[Window, RollUp], comparing: Comparing, hide: frozenset[str]
) -> RollUp:
    """The windows as those periods answer; what today's rows say is kept beside, except of lines
    to `hide`."""
    windows, reasons = dict(found.by_window), dict(found.not_comparable)
    for name, answer in earlier.items():
        told = answer.by_window["current"]
        windows[name] = {
            cell: _answer(figure, told.get(cell), hide=cell[1] in hide)
            for cell, figure in found.by_window[name].items()
        }
        for cell, then in windows[name].items():
            if then is not found.by_window[name][cell]:
                _say(found, cell, name, then, comparing, reasons)
    return replace(found, by_window=windows, not_comparable=reasons)


def _answer(now: Figure, then: Figure | None, *, hide: bool) -> Figure:
    if then is None or (alike(now, then) and now.suppressed == then.suppressed):
        return now
    is_told = not (hide or now.suppressed or then.suppressed) and now.value != then.value
    return replace(then, by_rows=now.value if is_told else None)


def _say(
    found: RollUp,
    cell: Cell,
    window: Window,
    then: Figure,
    comparing: Comparing,
    reasons: dict[tuple[str, str, Window], Message],
) -> None:
    """Whether the change against the answer can be told."""
    now = found.get(*cell)
    why = comparing.reason_of_sent(found.line(cell[1]), now, then) if now else None
    if why:
        reasons.setdefault((*cell, window), why)
