"""Writes `functions.js` and `functions.json` into the folder that is named."""

import sys
from pathlib import Path

from ledgersync.plugin.office_js import write_project

for path in write_project(Path(sys.argv[1])):
    sys.stdout.write(f"{path}\n")
