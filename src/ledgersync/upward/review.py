"""Review of what units below submitted: approve, return, lock, unlock, by the rules and roles.

未报 → 已报 → 退回 (until a new version comes) or 审核通过 → 锁定. Approval above needs approval
below: packages of units below that came here directly are approved first.
"""

from collections.abc import Sequence
from pathlib import Path

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.files import atomic_write
from ledgersync.journal import KeptPackage, ReviewStep
from ledgersync.journal.exchange.reviews import Step
from ledgersync.messages import Message, message
from ledgersync.rollup.definitions import Definitions, load_definitions
from ledgersync.rollup.figures import Figure, Number
from ledgersync.rollup.handins import STATES, State
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.units.tree import Node
from ledgersync.upward.combine.differences import number_shown
from ledgersync.upward.content.figures import unpacked
from ledgersync.upward.delivery import queue
from ledgersync.upward.expected import Register, Standing
from ledgersync.upward.key_exchange import unit_code
from ledgersync.upward.letters import letter_package
from ledgersync.upward.names import letter_name
from ledgersync.upward.office import Office
from ledgersync.workspace.place import keep_private

_FROM: dict[Step, tuple[State, ...]] = {
    "approve": ("submitted",),
    "return": ("submitted", "approved"),
    "lock": ("approved",),
    "unlock": ("locked",),
}
_STEPS: dict[Step, Message] = {
    "approve": message("审核通过"),
    "return": message("退回"),
    "lock": message("锁定"),
    "unlock": message("解锁"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator that two versions of a package differ in; `hidden` where the office's profile
    may not show the numbers."""

    unit: str
    indicator: str
    name: str
    is_ratio: bool
    before: Number | None
    after: Number | None
    hidden: bool = False

    @property
    def shown(self) -> tuple[str, str]:
        return number_shown(self.before, self.is_ratio), number_shown(self.after, self.is_ratio)


@dataclass(frozen=True)
class Review:
    """The review of a period by one office."""

    office: Office
    period: Period

    @property
    def register(self) -> Register:
        return Register(self.office, self.period)

    def standing(self, unit: str) -> Standing:
        """Of a unit by code or name; raises UsageFault for one that is not below."""
        node = self.office.node(unit_code(self.office, unit))
        if node is None or node.code == self.office.code:
            raise UsageFault(
                message("{unit} 不是本单位的下级。", unit=unit),
                message("请核对单位代码或名称，见 ledgersync units list。"),
            )
        return self.register.of(node)

    def take(
        self,
        unit: str,
        step: Step,
        who: str,
        reason: str | None = None,
        places: Sequence[str] = (),
    ) -> Path | None:
        """Takes a step; writes and queues the letter of a return. Raises UsageFault, changing
        nothing."""
        standing = self.standing(unit)
        named = self._indicators(places)
        self._check_role(step, who)
        self._check_state(standing, step)
        if step == "approve":
            self._check_below(standing.node)
        last = standing.last
        assert last is not None, "no state but 未报 is without a package"
        at = self.office.session.now().isoformat()
        taken = ReviewStep(last.unit, self.period.text, last.version, step, reason, named, who, at)
        letter = self._letter(standing, last, reason or "", named) if step == "return" else None
        with self.office.journal.transaction():  # the step and who is to hear of it, or neither
            self.office.journal.reviews.add(taken)
            if letter:
                queue(self.office, last.unit, letter)
        return letter

    def _indicators(self, places: Sequence[str]) -> tuple[str, ...]:
        """The ids of indicators by id or name; raises UsageFault where there is none."""
        definitions = load_definitions(self.office.workspace.catalog) if places else None
        return tuple(_indicator_id(definitions, place) for place in places if definitions)

    def _check_role(self, step: Step, who: str) -> None:
        allowed = self.office.workspace.config.review.may(step)
        if allowed and who not in allowed:
            raise UsageFault(
                message(
                    "{who}不能做“{step}”，[review] 里写的是{allowed}。",
                    who=who,
                    step=_STEPS[step],
                    allowed=allowed,
                ),
                message("请由有权限的人来做（--by 姓名），或改 ledgersync.toml 的 [review]。"),
            )

    def _check_state(self, standing: Standing, step: Step) -> None:
        if standing.state in _FROM[step]:
            return
        raise UsageFault(
            message(
                "{name} {period} 现在是“{state}”，不能做“{step}”。",
                name=standing.node.unit.name,
                period=self.period.text,
                state=STATES[standing.state],
                step=_STEPS[step],
            ),
            message("次序是：已报 → 审核通过 → 锁定；退回后要等新的一版；锁定的先解锁。"),
        )

    def _check_below(self, node: Node) -> None:
        tree = self.office.tree
        waiting = [
            n.unit.name
            for n in tree.under(node.code)
            if n.code != node.code and self.register.of(n).state in ("submitted", "returned")
        ]
        if waiting:
            raise UsageFault(
                message("{names}还没有审核通过。", names=waiting),
                message("请先审核下面的单位，再审核{name}。", name=node.unit.name),
            )

    def _letter(
        self, standing: Standing, last: KeptPackage, reason: str, places: Sequence[str]
    ) -> Path:
        content = {"status": "returned", "reason": reason, "places": list(places)}
        package = letter_package(self.office, "return", last, content)
        name = letter_name("退回", standing.node.unit.name, last.period, last.version)
        path = self.office.workspace.reports(last.period) / name
        atomic_write(path, package)
        keep_private(path)
        return path


def changes(office: Office, standing: Standing) -> list[Change]:
    """What the latest version changed of the one before, indicator by indicator."""
    if len(standing.versions) < 2:
        return []
    before, after = (
        unpacked(office.archive(p).parts["figures.json"]) for p in standing.versions[-2:]
    )
    old, new = before.windows["current"], after.windows["current"]
    definitions = load_definitions(office.workspace.catalog)
    ratios = {d.id for d in definitions if d.parts or d.indicator.is_ratio}
    is_public = office.workspace.config.privacy.profile == "public"
    found = []
    for unit, line in dict.fromkeys((*old, *new)):
        then, now = _value(old.get((unit, line))), _value(new.get((unit, line)))
        if then == now:
            continue
        hidden = is_public and definitions.is_private(line)
        numbers = (None, None) if hidden else (then, now)
        name = definitions.name_of(line)
        found.append(Change(office.shown(unit), line, name, line in ratios, *numbers, hidden))
    return found


def _value(figure: Figure | None) -> Number | None:
    return figure.value if figure else None


def _indicator_id(definitions: Definitions, asked: str) -> str:
    defined, member = definitions.find(asked)
    return asked if member else defined.id
