"""The tables of hashes in a package, read as lines."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from ledgersync.upward.package.refusal import unreadable


def table_lines(content: bytes, columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The lines of a part; raises Refusal where it is no table of these columns."""
    try:
        table = pq.read_table(io.BytesIO(content), columns=list(columns))
        values = [table.column(name).to_pylist() for name in columns]
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise unreadable() from error
    return zip(*values, strict=True)
