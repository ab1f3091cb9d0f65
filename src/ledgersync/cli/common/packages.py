"""Which packages a roll-up counts, and where they and the folders differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ledgersync.messages import counted, message

if TYPE_CHECKING:
    from ledgersync.cli.common.app import App
    from ledgersync.upward.combine.running import CombinedRun


def packages_json(run: CombinedRun, profile: str | None = None) -> dict[str, Any]:
    """Of lines of small cells, where those are hidden, only that something differs."""
    from ledgersync.rollup.document import plain

    units = run.exact().tree.nodes
    hide = frozenset() if run.is_exact(profile) else run.counted.private
    closing = run.closed.closed.closing if run.closed else None
    return {
        "closed": closing and {"at": closing.at, "by": closing.who, "sha256": closing.sha256},
        "packages": [
            {
                "unit": units[s.code].unit.code,
                "version": s.package.version,
                "state": s.state,
                "file": s.package.file,
                "signed": s.package.signer is not None,
            }
            for s in run.sources.tops.values()
        ],
        "differences": [
            {
                "unit": d.unit,
                "indicator": d.indicator,
                "package": None if d.indicator in hide else plain(d.package),
                "folder": None if d.indicator in hide else plain(d.folder),
                "suppressed": d.indicator in hide,
            }
            for d in run.differing
        ],
        "closed_inside": [
            {
                "unit": one.unit,
                "period": one.closing.period,
                "indicator": d.indicator,
                "closed": None if d.indicator in hide else plain(d.package),
                "now": None if d.indicator in hide else plain(d.folder),
                "suppressed": d.indicator in hide,
            }
            for one in run.inside
            for d in one.changed
        ],
    }


def show_packages(app: App, run: CombinedRun) -> None:
    """How many packages count, and what could not be put together from them."""
    found = run.exact()
    if run.sources.tops:
        app.complain(counted("计入 {n} 份上报包。", len(run.sources.tops)))
    top = found.tree.nodes[found.tree.root].unit.code
    marked: dict[str, list[str]] = {}
    for line in found.lines:
        figure = found.get(top, line.id)
        if figure and figure.mark and line.member is None:
            marked.setdefault(figure.mark, []).append(line.name)
    for mark, names in marked.items():
        app.complain(message("{mark}：{names}", mark=mark, names=names))
