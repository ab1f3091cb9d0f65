"""What is wrong with the SQL of a ledger file, and where it stands."""

from ledgersync.dataclass import dataclass
from ledgersync.errors import UsageFault
from ledgersync.messages import Message, message


class DefinitionFault(UsageFault):
    """An indicator, macro or view of a ledger file cannot be used; the message names it."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a piece of SQL stands: its file, what it belongs to, which key of it."""

    file: str
    what: Message  # such as 指标 visits_made
    key: str = ""

    def fault(self, reason: Message) -> DefinitionFault:
        return DefinitionFault(
            message(
                "台账定义文件 {file} 有误：{what}：{reason}",
                file=self.file,
                what=message("{what} 的 {key}", what=self.what, key=self.key)
                if self.key
                else self.what,
                reason=reason,
            ),
            message("请改正该文件后重试；指标里能写什么，见 docs/indicators.md。"),
        )


def indicator_place(file: str, indicator: str, key: str = "") -> Place:
    return Place(file, message("指标 {id}", id=indicator), key)


def view_place(file: str, view: str) -> Place:
    return Place(file, message("视图 {id}", id=view), "sql")


def macro_place(file: str, macro: str) -> Place:
    return Place(file, message("宏 {id}", id=macro), "sql")
