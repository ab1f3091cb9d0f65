"""A roll-up from a dataset, with either engine; the workbooks are not read for it."""

from collections.abc import Iterator
from dataclasses import field
from datetime import date
from pathlib import Path
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import literal, message
from ledgersync.rollup.assembly import Request
from ledgersync.rollup.dataset.opaque import unanswerable
from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.dataset.workspace_export import export_workspace
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines import FactStore
from ledgersync.rollup.engines.duckdb import DuckDBStore, Limits
from ledgersync.rollup.engines.spark import Cluster, SparkStore, start
from ledgersync.rollup.facts import MissingUnit, Remark
from ledgersync.rollup.period.months import Period
from ledgersync.rollup.running import Run
from ledgersync.rollup.sources.collect import units_of
from ledgersync.rollup.sql.statements import Statements, checked_statements
from ledgersync.rollup.units.tree import UnitTree
from ledgersync.workspace import Workspace
from ledgersync.workspace.unitcodes import full_code

EngineChoice = Literal["duckdb", "spark"]


@dataclass(frozen=True)
class FromDataset:
    """Which engine reads which dataset; without a folder, one of the workspace's own state.

    That one is written anew before it is read, so that it says what the workbooks say.
    """

    engine: EngineChoice
    folder: Path | None = None
    cluster: Cluster = field(default_factory=Cluster)

    def run(self, workspace: Workspace, period: Period, today: date) -> Run:
        """Raises UsageFault where the engine is not installed or cannot answer."""
        kept = workspace.state if self.engine == "duckdb" else None
        statements = checked_statements(workspace.catalog, kept)
        session = start(self.cluster) if self.engine == "spark" else None
        dataset = self._dataset(workspace, period)
        _require_answers(dataset, statements)
        last = min(period.last, today)
        tree = units_of(workspace, last)
        homes = {code: tree.counted_as(code, period.last) for code in tree.nodes}
        store: FactStore
        if session is not None:
            store = spark = SparkStore.create(statements, session, today, homes)
            spark.load_dataset(dataset)
        else:
            limits = Limits(scratch=workspace.state / "scratch")
            store = duck = DuckDBStore.create(statements, home_units=homes, limits=limits)
            duck.load_dataset(dataset, today)
        missing = tuple(missing_units(dataset, tree, min(period.first, last), last))
        remarks = tuple(strangers(dataset, tree))
        request = Request(workspace.catalog, tree, period, today, missing, remarks)
        engine = Engine(store, tree, period, today)
        engine.prepare()
        return Run(workspace, request, engine)

    def _dataset(self, workspace: Workspace, period: Period) -> Dataset:
        if self.folder is not None:
            return Dataset.open(self.folder, hashes=self.engine == "duckdb")
        export_workspace(workspace, workspace.state, period=period.text, plain=True)
        return Dataset.open(workspace.state, hashes=False)


def missing_units(
    dataset: Dataset, tree: UnitTree, first: date, last: date
) -> Iterator[MissingUnit]:
    """Communities that are expected and not there, and damaged parts of theirs."""
    for bad in dataset.bad:
        if node := tree.nodes.get(full_code(bad.unit)):
            yield MissingUnit(node.unit.code, bad.reason, bad.ledger)
    exported = {unit.code: unit for unit in dataset.manifest.units}
    for node in tree.expected(first, last):
        unit = exported.get(node.code)
        if unit is None:
            reason = message("数据集里没有这个单位")
            yield MissingUnit(node.unit.code, reason)
            continue
        for entry in unit.missing:
            yield MissingUnit(
                node.unit.code, literal(entry["zh"] or "", entry["en"] or ""), entry["ledger"]
            )
        if not unit.missing and not any(p.unit == node.code for p in dataset.manifest.parts):
            yield MissingUnit(node.unit.code, message("数据集里没有这个单位的明细"))


def strangers(dataset: Dataset, tree: UnitTree) -> Iterator[Remark]:
    """Units of the dataset that no configuration knows: their rows do not count."""
    there = {full_code(u.code): u.name for u in dataset.manifest.units}
    there |= {full_code(bad.unit): bad.unit for bad in dataset.bad if bad.unit not in there}
    for code, name in sorted(there.items()):
        if code not in tree.nodes:
            told = message(
                "数据集里的单位 {name}（{code}）不在 ledgersync.toml 的 [[unit]] 里，没有计入",
                name=name,
                code=code,
            )
            yield Remark("unlisted_unit", told, None)


def _require_answers(dataset: Dataset, statements: Statements) -> None:
    """Raises UsageFault where this dataset would answer otherwise than the rows themselves."""
    if not dataset.keys:
        return
    hashed = [unit.key for unit in dataset.manifest.units]
    if len(set(hashed)) > 1:
        raise UsageFault(
            message("数据集里各单位用的密钥不同，跨单位的人数无法去重，没有计算。"),
            message("请各单位用上级下发的同一密钥重新导出：ledgersync facts export。"),
        )
    asked = list(unanswerable(statements))
    if asked:
        raise UsageFault(
            message("数据集是脱敏的，这些指标要看个人信息本身，算不了：{ids}。", ids=asked),
            message("请导出不脱敏的数据集（--unmask 理由），或改写这些指标。"),
        )
