"""The tree and the folders' facts, less what packages speak for."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from ledgersync.messages import message
from ledgersync.rollup.facts import MissingUnit, Remark
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.sources.collect import Collected
from ledgersync.rollup.units.tree import FOR_EVER, LONG_AGO, Node, Stay, UnitTree
from ledgersync.upward.combine.sources import Source, Sources
from ledgersync.upward.content.figures import PackedUnit
from ledgersync.workspace import Unit
from ledgersync.workspace.unitcodes import full_code


def with_believed_units(found: Collected, tree: UnitTree, period: Period) -> Collected:
    """With the units that nobody listed and that are believed and below: they owe something, too.

    `tree` is the office's own.
    """
    more = {code: node for code, node in tree.nodes.items() if code not in found.tree.nodes}
    owing = (n for n in tree.expected(period.first, period.last) if n.code in more)
    reason = message("没有收到该单位的上报包")
    missing = tuple(MissingUnit(n.unit.code, reason) for n in owing)
    wider = replace(found.tree, nodes={**found.tree.nodes, **more})
    return replace(found, tree=wider, missing=(*found.missing, *missing)) if more else found


def with_packed_units(tree: UnitTree, sources: Sources) -> UnitTree:
    """The tree with the units that only a package knows, below its sender."""
    nodes = dict(tree.nodes)
    for source in sources.tops.values():
        for unit in source.figures.units.values():
            if unit.code not in nodes:
                nodes[unit.code] = _node(unit, source, tree)
    return replace(tree, nodes=nodes) if len(nodes) > len(tree.nodes) else tree


def _node(unit: PackedUnit, source: Source, tree: UnitTree) -> Node:
    above = unit.parent if unit.parent in source.figures.units else None
    parent = above or (tree.root if unit.code == source.code else source.code)
    made = Unit(code=unit.code, name=unit.name, level=unit.level, parent=parent)
    return Node(made, parent, (Stay(LONG_AGO, FOR_EVER, parent),))


def without_covered(
    found: Collected, sources: Sources, tree: UnitTree, period: Period
) -> Collected:
    """What folders say of the units that no package speaks for; who is missing of all."""
    facts = tuple(f for f in found.facts if full_code(f.unit.code) not in sources.covered)
    missing = [m for m in found.missing if full_code(m.unit) not in sources.covered]
    missing = [_returned(m, sources) for m in missing]
    told = {code for s in sources.tops.values() for code in s.figures.units}
    for source in sources.tops.values():
        missing += _missing_of(source, tree, told)
    missing += _ended(
        found,
        sources,
        tree.expected(period.first, period.last),
        {full_code(m.unit) for m in missing if not m.ledger},
    )
    remarks = tuple(r for r in found.remarks if full_code(r.unit or "") not in sources.covered)
    remarks = (*remarks, *_elsewhere(sources, tree))
    return replace(found, tree=tree, facts=facts, missing=tuple(missing), remarks=remarks)


def _elsewhere(sources: Sources, tree: UnitTree) -> Iterator[Remark]:
    """Communities that several packages speak for, or one that they do not stand below: the sums
    are of what was sent, and only the senders can send other ones."""
    tops = [s for s in sources.tops.values() if s.code in tree.nodes]
    for node in tree:
        senders = [s.code for s in tops if node.code in s.figures.units]
        names = [tree.nodes[code].unit.name for code in senders]
        gaps = {"unit": node.unit.name, "senders": names}
        if node.unit.level != "community" or not senders:
            continue
        if len(senders) > 1:
            text = message("{senders}的上报包里都有{unit}，合计里算了不止一次：请一方改正后重报")
        elif len(node.stays) > 1 or senders[0] in tree.above(node.code):
            continue
        else:
            text = message("{unit}的数在{senders}的上报包里，算在那里；单位名单里它不归{senders}")
        yield Remark("package_unit", text.filled(**gaps), node.unit.code)


def _ended(
    found: Collected, sources: Sources, expected: Sequence[Node], known: set[str]
) -> Iterator[MissingUnit]:
    """Units that ended in the period, of which nobody speaks: an heir's package is of the heir."""
    here = {full_code(f.unit.code) for f in found.facts} | set(sources.covered) | known
    for node in expected:
        heirs = [code for code in node.heirs if code in sources.covered]
        if node.code in here or not heirs:
            continue
        names = [found.tree.nodes[c].unit.name for c in heirs if c in found.tree.nodes]
        reason = message(
            "{day} 并入{heirs}，那之前的数没有报来（{heirs}的上报包里只有{heirs}的）",
            day=node.ends.isoformat(),
            heirs=names or heirs,
        )
        yield MissingUnit(node.unit.code, reason)


def only_covered(found: Collected, sources: Sources) -> Collected:
    """The folders of units that a package speaks for, to be compared with it."""
    facts = tuple(f for f in found.facts if full_code(f.unit.code) in sources.covered)
    return replace(found, facts=facts, missing=(), remarks=())


def _returned(missing: MissingUnit, sources: Sources) -> MissingUnit:
    package = sources.returned.get(full_code(missing.unit))
    if package is None or missing.ledger is not None:
        return missing
    reason = message("第 {version} 版已退回，等它更正后再报", version=package.version)
    return replace(missing, reason=reason, kind="returned")


def _missing_of(source: Source, tree: UnitTree, told: Collection[str]) -> list[MissingUnit]:
    """Whom the package lacks by its own words, and who stands below its sender here only; no unit
    that any package has `told` of."""
    figures, nodes = source.figures, tree.nodes
    found = [replace(m, unit=nodes[m.unit].unit.code) for m in figures.missing]
    if source.code in nodes:
        for node in tree.under(source.code):
            if node.code not in told and node.unit.level == "community":
                sender = nodes[source.code].unit.name
                reason = message("{name}报来的包里没有它", name=sender)
                found.append(MissingUnit(node.unit.code, reason))
    return found
