"""Data validations of a sheet that is added: what a program asks, or offers, as a cell is typed."""

from collections.abc import Sequence
from typing import Literal

from ledgersync.dataclass import dataclass
from ledgersync.workbook.patch.scan.refs import Area
from ledgersync.workbook.patch.scan.xml_scan import escape

Kind = Literal["list", "whole", "decimal", "date", "textLength", "custom", "none"]
_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_FORMULA = 32, 255, 255


@dataclass(frozen=True, slots=True)
class Validation:
    """A rule for one column; the formulas are as in the file, without `=`, for its first cell.

    `error` None: nothing is asked, whatever is typed. `prompt` appears beside the selected cell.
    """

    kind: Kind
    formulas: tuple[str, ...] = ()
    operator: str | None = None
    error: str | None = None
    stops: bool = False
    title: str = ""
    prompt: str = ""

    def fits(self) -> bool:
        """A file can hold the formulas."""
        return all(len(formula) <= _LONGEST_FORMULA for formula in self.formulas)

    def xml(self, area: Area) -> bytes:
        attributes = {"type": self.kind, "operator": self.operator, "allowBlank": "1"}
        if self.error is not None:
            attributes |= {"errorStyle": None if self.stops else "warning"}
            attributes |= {"showErrorMessage": "1", "errorTitle": "请核对"}
            attributes |= {"error": self.error[:_LONGEST_TEXT]}
        if self.prompt:
            attributes |= {"showInputMessage": "1", "promptTitle": self.title[:_LONGEST_TITLE]}
            attributes |= {"prompt": self.prompt[:_LONGEST_TEXT]}
        attributes |= {"sqref": str(area)}
        given = b"".join(
            b' %s="%s"' % (name.encode(), escape(text)) for name, text in attributes.items() if text
        )
        inner = b"".join(
            b"<formula%d>%s</formula%d>" % (n, escape(formula), n)
            for n, formula in enumerate(self.formulas, 1)
        )
        return b"<dataValidation%s>%s</dataValidation>" % (given, inner)


def validations_xml(found: Sequence[tuple[Area, Validation]]) -> bytes:
    """The element for a worksheet, nothing where there are none."""
    if not found:
        return b""
    inner = b"".join(validation.xml(area) for area, validation in found)
    return b'<dataValidations count="%d">%s</dataValidations>' % (len(found), inner)
