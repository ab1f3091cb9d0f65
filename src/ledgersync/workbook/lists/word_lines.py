"""What stands in 用词清单.xlsx, without the workbook itself."""

from ledgersync.dataclass import dataclass

NONE_OF_THEM = "不收"


@dataclass(frozen=True, slots=True)
class WordLine:
    """One word: where it is written, what it is read as (empty: to be decided)."""

    ledger: str
    table: str
    field: str
    word: str
    meant: str
    choices: tuple[str, ...] = ()
    proposal: str = ""
    count: int = 0
    staff: str = ""
    row: int = 0
