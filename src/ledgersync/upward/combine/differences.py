"""Where a package and the folder of the same unit are both here and differ."""

from collections.abc import Callable, Iterator, Sequence

from ledgersync.dataclass import dataclass
from ledgersync.messages import Message, listed, message
from ledgersync.rollup.facts import Remark
from ledgersync.rollup.figures import Figure, Number, RollUp
from ledgersync.upward.combine.sources import Sources
from ledgersync.workspace.unitcodes import full_code

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Difference:
    """An indicator of a unit that its package and its folder do not agree about."""

    unit: str
    indicator: str
    name: str
    package: Number | None
    folder: Number | None
    is_ratio: bool = False

    @property
    def shown(self) -> tuple[str, str]:
        return number_shown(self.package, self.is_ratio), number_shown(self.folder, self.is_ratio)


def differences(folders: RollUp, sources: Sources) -> Iterator[Difference]:
    """`folders` are the figures of the covered units' folders alone; those units themselves."""
    lines = {line.id: line for line in folders.lines}
    for figure in folders:
        code = full_code(figure.unit)
        source = sources.covered.get(code)
        if source is None or not figure.counted.units:
            continue
        sent = source.figures.get(code, figure.indicator)
        line = lines.get(figure.indicator)
        if line is not None and not _alike(sent, figure):
            values = (sent.value if sent else None, figure.value)
            yield Difference(figure.unit, line.id, line.name, *values, line.is_ratio)


def _alike(sent: Figure | None, folder: Figure) -> bool:
    if sent is None or sent.suppressed:
        return sent is not None or not folder.value
    if sent.numerator is not None or folder.numerator is not None:
        return (sent.numerator, sent.denominator) == (folder.numerator, folder.denominator)
    return sent.value == folder.value


def first_told(
    differing: Sequence[Difference],
    hide: frozenset[str],
    told: Callable[[Difference], Message],
) -> list[Message]:
    """The first few; of lines to `hide` only that something changed."""
    return [
        message("{name} 有改动", name=d.name) if d.indicator in hide else told(d)
        for d in differing[:_SHOWN]
    ]


def _in_package(d: Difference) -> Message:
    package, folder = d.shown
    return message(
        "{name} 包里 {package}，文件夹 {folder}", name=d.name, package=package, folder=folder
    )


def difference_remarks(
    found: RollUp, differing: list[Difference], hide: frozenset[str]
) -> Iterator[Remark]:
    """One remark per unit, with the first few indicators; of lines to `hide` without numbers."""
    by_unit: dict[str, list[Difference]] = {}
    for each in differing:
        by_unit.setdefault(each.unit, []).append(each)
    for unit, some in by_unit.items():
        parts = first_told(some, hide, _in_package)
        text = message(
            "{unit}的上报包与文件夹里的台账对不上（{count} 项），按上报包计：{parts}",
            unit=found.tree.find(unit).unit.name,
            count=len(some),
            parts=listed(parts, "；"),
        )
        yield Remark("package_differs", text, unit)


def number_shown(number: Number | None, is_ratio: bool) -> str:
    """A number as people read it beside another."""
    if number is None:
        return "—"
    if is_ratio:
        return f"{float(number):.1%}"
    return str(round(number, 2)) if isinstance(number, float) else str(number)
