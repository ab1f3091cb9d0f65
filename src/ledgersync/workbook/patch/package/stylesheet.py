"""The style part in the package: read before planning, written back when it grew."""

from ledgersync.workbook.patch.package.parts import Package
from ledgersync.workbook.patch.package.styles import Styles

_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"


def open_styles(package: Package) -> Styles:
    """The workbook's styles; a minimal part stands in where there is none."""
    found = package.related(package.workbook, "styles")
    return Styles(package.read(found[0]) if found else None)


def save_styles(package: Package, styles: Styles) -> None:
    """Plans the style part when styles were added."""
    if not styles.grown:
        return
    found = package.related(package.workbook, "styles")
    if found:
        package.replace(found[0], styles.render())
        return
    member = "xl/styles.xml"
    if package.has(member):
        member = package.free_member("xl/styles{}.xml")
    package.add_related(package.workbook, member, styles.render(), "styles", _CONTENT)
