"""A worksheet whose row heights are proposals: a program fits a row again when its text changes.

XlsxWriter marks every height as the user's own (`customHeight`), after which rows no longer grow
with what is typed into them, and long remarks are cut on screen and on paper.
"""

from typing import Any

from xlsxwriter.worksheet import Worksheet


class GrowingSheet(Worksheet):  # type: ignore[misc, unused-ignore]
    """Writes `<row>` without `customHeight`."""

    def _xml_start_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_start_tag_unencoded(tag, _proposed(tag, attributes))

    def _xml_empty_tag_unencoded(self, tag: str, attributes: Any = None) -> None:
        super()._xml_empty_tag_unencoded(tag, _proposed(tag, attributes))


def _proposed(tag: str, attributes: Any) -> Any:
    if tag != "row" or not attributes:
        return attributes
    return [(name, value) for name, value in attributes if name != "customHeight"]
