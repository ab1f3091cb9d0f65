"""Run by `test_spark.py` in a process of its own: one figure on two workers of a small cluster."""

import sys
from pathlib import Path

from ledgersync.rollup.dataset.read import Dataset
from ledgersync.rollup.engine import Engine
from ledgersync.rollup.engines.spark import Cluster, SparkStore, start
from ledgersync.rollup.period.words import parse_period
from ledgersync.rollup.sql.statements import checked_statements
from tests.random_district import CATALOG, TODAY, district

if __name__ == "__main__":
    found, period = district(6, rows=12), parse_period("2022", TODAY)
    settings = {"spark.executor.memory": "512m", "spark.sql.shuffle.partitions": "4"}
    session = start(Cluster("local-cluster[2,1,1024]", settings))
    homes = {code: found.tree.counted_as(code, period.last) for code in found.tree.nodes}
    store = SparkStore.create(checked_statements(CATALOG), session, TODAY, homes)
    store.load_dataset(Dataset.open(Path(sys.argv[1])))
    engine = Engine(store, found.tree, period, TODAY)
    engine.prepare()
    answer = engine.found(store.definitions.by_id["visits_households"])
    session.stop()
    print(repr(sorted(answer.items())))
