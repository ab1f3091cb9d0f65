"""The check column of a table: rows that are appended get its formula too.

Only a formula that is one name of the workbook is taken over (`LS_visits_check`), because it
reads the same in every row; other calculated columns stay as they are given.
"""

import re

from lxml import etree

from ledgersync.workbook.patch.follow.tables import Table

_CHECK_NAME = re.compile(r"LS_[a-z0-9_]+_check")
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True)


def check_columns(part: bytes, table: Table) -> dict[int, str]:
    """Columns of a table, given its part, that hold a check, with the name of its formula."""
    found = {}
    columns = etree.fromstring(part, _PARSER).iterfind(".//{*}tableColumn")
    for column, element in enumerate(columns, table.area.left):
        formula = (element.findtext("{*}calculatedColumnFormula") or "").strip()
        if _CHECK_NAME.fullmatch(formula):
            found[column] = formula
    return found
