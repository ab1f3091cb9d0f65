"""A roll-up as one of its units sees it: that unit at the top, and what lies below it."""

from dataclasses import replace

from ledgersync.rollup.figures import RollUp
from ledgersync.rollup.units.tree import UnitTree


def scoped(found: RollUp, name: str | None) -> RollUp:
    """The part of a roll-up under a unit (code or name); all of it without one.

    Raises UsageFault when there is no such unit.
    """
    if name is None:
        return found
    tree = found.tree
    top = tree.find(name)
    if top.code == tree.root:
        return found
    nodes = {node.code: node for node in tree.under(top.code)}
    own = {node.unit.code for node in nodes.values()}
    nodes[top.code] = replace(top, parent=None)
    return replace(
        found,
        tree=UnitTree(nodes, top.code, tree.day),
        by_window={
            window: {cell: figure for cell, figure in figures.items() if cell[0] in own}
            for window, figures in found.by_window.items()
        },
        missing=tuple(m for m in found.missing if m.unit in own),
        imbalances=tuple(i for i in found.imbalances if i.unit in own),
        not_comparable={c: why for c, why in found.not_comparable.items() if c[0] in own},
        remarks=tuple(r for r in found.remarks if r.unit in own),
    )
