"""`functions.js` for Office.js and WPS JS add-ins, and its metadata.

`python -m ledgersync.plugin.office_js FOLDER` writes both where an add-in project wants them.
"""

import json
from pathlib import Path
from typing import Any

from ledgersync.files import atomic_write
from ledgersync.plugin.registry import FUNCTIONS, Argument

SCRIPT = Path(__file__).with_name("functions.js")
# What needs no workspace and no table of the package.
NAMES = ("LS_IDCHECK", "LS_IDINFO", "LS_AGE", "LS_DATE", "LS_PHONE", "LS_DUP")


def metadata() -> dict[str, Any]:
    """`functions.json`: what Office registers, with the same descriptions as everywhere."""
    return {
        "allowCustomDataForDataTypeAny": True,
        "functions": [
            {
                "id": f.name,
                "name": f.name,
                "description": f.doc.zh,
                "parameters": [_parameter(i, a) for i, a in enumerate(f.arguments)],
                "result": {"dimensionality": "matrix"},
            }
            for f in FUNCTIONS
            if f.name in NAMES
        ],
    }


def _parameter(position: int, argument: Argument) -> dict[str, Any]:
    """The first argument is a range; the others choose something."""
    found: dict[str, Any] = {"name": argument.name, "description": argument.doc, "type": "any"}
    if position == 0:
        found["dimensionality"] = "matrix"
    if argument.optional:
        found["optional"] = True
    return found


def write_project(folder: Path) -> list[Path]:
    """`functions.js` and `functions.json` in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    script, described = folder / "functions.js", folder / "functions.json"
    atomic_write(script, SCRIPT.read_bytes())
    text = json.dumps(metadata(), ensure_ascii=False, indent=2)
    atomic_write(described, text + "\n")
    return [script, described]
