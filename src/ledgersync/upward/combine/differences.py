"""Where a package and the folder of the same unit are both here and differ."""

from collections.abc import Iterator
from dataclasses import dataclass

from ledgersync.messages import listed, message
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


def differences(folders: RollUp, sources: Sources) -> Iterator[Difference]:
    """`folders` are the figures of the covered units' folders alone; those units themselves."""
    names = {line.id: line.name for line in folders.lines}
    for figure in folders:
        code = full_code(figure.unit)
        source = sources.covered.get(code)
        if source is None or not figure.counted.units:
            continue
        sent = source.figures.get(code, figure.indicator)
        if figure.indicator in names and not _alike(sent, figure):
            value = sent.value if sent else None
            yield Difference(
                figure.unit, figure.indicator, names[figure.indicator], value, figure.value
            )


def _alike(sent: Figure | None, folder: Figure) -> bool:
    if sent is None or sent.suppressed:
        return sent is not None or not folder.value
    if sent.numerator is not None or folder.numerator is not None:
        return (sent.numerator, sent.denominator) == (folder.numerator, folder.denominator)
    return sent.value == folder.value


def difference_remarks(
    found: RollUp, differing: list[Difference], hide: frozenset[str]
) -> Iterator[Remark]:
    """One remark per unit, with the first few indicators; of lines to `hide` without numbers."""
    by_unit: dict[str, list[Difference]] = {}
    for each in differing:
        by_unit.setdefault(each.unit, []).append(each)
    for unit, some in by_unit.items():
        parts = [
            message("{name} 有改动", name=d.name)
            if d.indicator in hide
            else message(
                "{name} 包里 {package}，文件夹 {folder}",
                name=d.name,
                package=shown_number(d.package),
                folder=shown_number(d.folder),
            )
            for d in some[:_SHOWN]
        ]
        text = message(
            "{unit}的上报包与文件夹里的台账对不上（{count} 项），按上报包计：{parts}",
            unit=found.tree.find(unit).unit.name,
            count=len(some),
            parts=listed(parts, "；"),
        )
        yield Remark("package_differs", text, unit)


def shown_number(number: Number | None) -> str:
    return "—" if number is None else f"{number:.4g}" if isinstance(number, float) else str(number)
