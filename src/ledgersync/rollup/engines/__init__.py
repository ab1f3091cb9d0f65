"""What figures are computed with: DuckDB within this process, or Apache Spark beside it."""

from ledgersync.rollup.engines.protocol import EngineName, FactStore, UnitKey, past_name, table_name

__all__ = ["EngineName", "FactStore", "UnitKey", "past_name", "table_name"]
