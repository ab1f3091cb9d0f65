"""What a workbook's core properties say: who saved it last."""

import re
import zipfile
from html import unescape
from pathlib import Path

from ledgersync.workbook.broken import DAMAGE

_LAST = re.compile(rb"<(?:\w+:)?lastModifiedBy[^>]*>([^<]*)<")
_LIMIT = 1 << 20
_OURS = "LedgerSync"  # the author of what this program writes: nobody who saved it


def last_modified_by(path: Path) -> str | None:
    """`lastModifiedBy` of an Office Open XML file, None where nobody is named."""
    try:
        with zipfile.ZipFile(path) as package:
            if package.getinfo("docProps/core.xml").file_size > _LIMIT:
                return None
            found = _LAST.search(package.read("docProps/core.xml"))
    except DAMAGE:
        return None
    name = unescape(found[1].decode("utf-8", "replace")).strip() if found else ""
    return name if name not in ("", _OURS) else None
