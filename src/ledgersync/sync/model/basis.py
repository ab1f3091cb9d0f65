"""The base of a submission: what it is compared with, table by table."""

from collections.abc import Mapping
from dataclasses import field
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.journal import Copy, LastSubmission
from ledgersync.model import Rows

BaseKind = Literal["stamped", "previous", "content", "none"]


@dataclass(frozen=True, slots=True)
class Basis:
    """The base of one submission; `last_submissions` of the tables that have one.

    `guarded` are cells, per table, whose change would undo a colleague's; `kept` counts the cells
    that are as they were given out once, which is nobody's change. `last_file` is the file that the
    copy spoke from last; `late`: this one was saved before that.
    """

    kind: BaseKind
    copy: Copy
    revision: int | None
    tables: dict[str, Rows]
    last_submissions: dict[str, LastSubmission]
    guarded: Mapping[str, frozenset[tuple[str, int]]] = field(default_factory=dict)
    kept: int = 0
    last_file: str | None = None
    late: bool = False

    @property
    def additive(self) -> bool:
        """Nothing is known of what the sender had before: only additions are believed."""
        return self.kind == "none"

    @property
    def hold(self) -> bool | None:
        """Without a stamp nobody can tell a removed row from one that the file never had."""
        return None if self.kind == "stamped" else True
