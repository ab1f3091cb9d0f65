"""Which rows differ, where most of them are the very same objects on both sides."""

from collections.abc import Mapping
from itertools import compress
from operator import is_not

from ledgersync.model import Row, Rows


def differing(rows: Rows, others: Mapping[str, Row]) -> list[str]:
    """The records of `rows` of which `others` says something else or nothing, in their order.

    Two tuples are compared cell by cell even if they are one object; here only those that are not.
    """
    unlike = compress(rows, map(is_not, rows.values(), map(others.get, rows)))
    return [record for record in unlike if rows[record] != others.get(record)]
