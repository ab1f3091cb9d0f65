"""Rows of one submission that claim to be the same record and differ: all of them go back."""

from ledgersync.merge.identified import Submitted
from ledgersync.merge.keys import KeyReader
from ledgersync.merge.result import Returned
from ledgersync.messages import counted, listed, message


def duplicate(reader: KeyReader, record: str, row: Submitted, count: int) -> Returned:
    """`duplicate.key`: rows of one submission that claim to be the same and differ."""
    at = reader.key_at if reader.key(row.row) is not None else reader.fallback_at or reader.key_at
    headers = [reader.table.fields[i].header for i in at]
    named = listed([message("〔{header}〕", header=h) for h in headers], "")
    told = counted(
        "本表有{n}行的{named}相同而内容不同，无法确定以哪一行为准，均未合并；"
        "是同一条的请只保留一行，复制来的新记录请填它自己的{named}，再重新提交",
        n=count,
        named=named,
    )
    return Returned(record, row.position, None, "duplicate.key", told, None, row.row)
