"""One field of one table as seen by a formula: its cell, and the names made for it.

A defined name with a relative row (`'低保户'!$C1`, counted from A1) means "column C of this row"
wherever it is used. So the cell formulas, validations and conditional formats stay one word long,
survive sorting, inserting and patching of rows, and share one definition.
"""

from dataclasses import field

from ledgersync.dataclass import dataclass
from ledgersync.schema import FieldSchema
from ledgersync.workbook.build.expr import text


@dataclass
class NativeField:
    """The cell of a field, and the defined names (name → formula) that judge it.

    `clean` is the expression of its cleaned text; `value` that of its number or date serial,
    an error where there is none; `today` the last day that is no future; `later` the condition
    under which no formula can decide.
    """

    schema: FieldSchema
    cell: str
    prefix: str
    today: str = "TODAY()"
    names: dict[str, str] = field(default_factory=dict)
    clean: str = ""
    later: str = ""
    value: str | None = None

    def name(self, kind: str) -> str:
        return f"{self.prefix}{kind}_{self.schema.id}"

    def define(self, kind: str, formula: str) -> str:
        """A defined name for this field; gives the name."""
        name = self.name(kind)
        self.names[name] = formula
        return name

    def says(self, words: str) -> str:
        """A fault of this field as a string literal: `"〔联系电话〕必填，现为空；"`."""
        return text(f"〔{self.schema.header}〕{words}；")

    @property
    def left_to_merge(self) -> str:
        """The hint at what only `ledgersync check` can decide; its cell is yellow."""
        return text(f"提示：合并时再核〔{self.schema.header}〕；")
