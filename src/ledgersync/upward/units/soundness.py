"""What does not hold in a list of units: codes, levels, parents, circles. Nothing is dropped."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from ledgersync.errors import UsageFault
from ledgersync.messages import message
from ledgersync.rollup.units.tree import FOR_EVER, LONG_AGO
from ledgersync.upward.units.sheet import Line, UnitFault, level_words
from ledgersync.workspace import Unit
from ledgersync.workspace.unitcodes import (
    LEVELS,
    enclosing_code,
    enclosing_codes,
    fits_level,
    full_code,
    is_code,
    level_of,
    typed_code,
)

_RANK = {level: n for n, level in enumerate(LEVELS)}  # the top first


def unsound(lines: Sequence[Line], own: Unit) -> Iterator[UnitFault]:
    """Every fault, row by row; `own` is the office whose list it is."""
    by_code: dict[str, Line] = {full_code(own.code): Line.of(own, "")}
    for line in lines:
        by_code.setdefault(line.full, line)
    names = _names(lines, own)
    for line in lines:
        yield from _code_faults(line, own)
        yield from _parent_faults(line, by_code, names)
        for heir in line.values.get("succeeded_by", ()):
            if full_code(heir) not in by_code:
                yield line.fault(message("〔并入〕没有代码为 {code} 的单位", code=heir))
    yield from _twice(lines)
    yield from _circles(lines, by_code, names)


def parent_code(line: Line, by_code: Mapping[str, object], names: Mapping[str, str]) -> str | None:
    """The padded code of the parent that a line names, or that its own code is inside of."""
    if line.parent:
        full = full_code(line.parent) if line.parent.isdigit() else ""
        return full if full in by_code else names.get(line.parent)
    return next((c for c in enclosing_codes(line.code, line.level) if c in by_code), None)


def _names(lines: Sequence[Line], own: Unit) -> dict[str, str]:
    """Codes by name; one that two units bear says nothing."""
    found: dict[str, set[str]] = {own.name: {full_code(own.code)}}
    for line in lines:
        found.setdefault(line.name, set()).add(line.full)
    return {name: min(codes) for name, codes in found.items() if len(codes) == 1}


def names_of(lines: Sequence[Line], own: Unit) -> dict[str, str]:
    return _names(lines, own)


def _code_faults(line: Line, own: Unit) -> Iterator[UnitFault]:
    try:
        typed_code(line.code, line.level)
    except UsageFault as fault:
        yield line.fault(fault.message)
        return
    if not fits_level(line.code, line.level):
        level = level_of(line.code)
        text = message(
            "〔级别〕写的是{level}，代码 {code} 是{kind}的",
            level=level_words(line.level),
            code=line.code,
            kind=level_words(level),
        )
        yield line.fault(text)
    if line.full != full_code(own.code) and _RANK[line.level] <= _RANK[own.level]:
        text = message("{name} 与本单位（{own}）同级或更高，不是下级", name=line.name, own=own.name)
        yield line.fault(text)
    elif enclosing_code(line.code, own.level) != full_code(own.code):
        yield line.fault(message("代码 {code} 不在本单位的区划内", code=line.code), "warning")


def _parent_faults(
    line: Line, by_code: Mapping[str, Line], names: Mapping[str, str]
) -> Iterator[UnitFault]:
    if not line.parent:
        return
    parent = parent_code(line, by_code, names)
    if parent is None:
        yield line.fault(message("〔上级〕没有“{parent}”这个单位", parent=line.parent))
        return
    above = by_code[parent]
    if _RANK[above.level] >= _RANK[line.level] and parent != line.full:
        text = message(
            "〔上级〕{parent}是{level}，不能做{own}的上级",
            parent=above.name,
            level=level_words(above.level),
            own=level_words(line.level),
        )
        yield line.fault(text)


def _twice(lines: Sequence[Line]) -> Iterator[UnitFault]:
    """One code in two rows for the same days."""
    seen: dict[str, list[Line]] = {}
    for line in lines:
        if not is_code(line.code):
            continue  # it is a fault of its own, and names nobody
        for other in seen.get(line.full, ()):
            if _overlap(_span(line), _span(other)):
                text = message(
                    "代码 {code} 前面已经有了（{name}）", code=line.code, name=other.name
                )
                yield line.fault(text)
                break
        seen.setdefault(line.full, []).append(line)


def _span(line: Line) -> tuple[date, date]:
    return line.values.get("valid_from") or LONG_AGO, line.values.get("valid_to") or FOR_EVER


def _overlap(one: tuple[date, date], other: tuple[date, date]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]


def _circles(
    lines: Sequence[Line], by_code: Mapping[str, Line], names: Mapping[str, str]
) -> Iterator[UnitFault]:
    for line in lines:
        at, seen = parent_code(line, by_code, names), {line.full}
        while at is not None and at in by_code and at not in seen:
            seen.add(at)
            at = parent_code(by_code[at], by_code, names)
        if at == line.full:
            yield line.fault(message("〔上级〕{name} 的上级绕回了自己", name=line.name))
