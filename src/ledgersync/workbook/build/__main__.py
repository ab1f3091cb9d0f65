"""`python -m ledgersync.workbook.build FOLDER [--check]`: make the templates, or say if stale."""

import sys
import tempfile
from pathlib import Path

from ledgersync.schema import load_catalog
from ledgersync.workbook.build.templates import build_all, template_difference

_USAGE = "用法：python -m ledgersync.workbook.build FOLDER [--check]\n"


def main(arguments: list[str]) -> int:
    folders = [Path(a) for a in arguments if not a.startswith("-")]
    if len(folders) != 1 or set(arguments) - {str(folders[0]), "--check"}:
        sys.stderr.write(_USAGE)
        return 2
    if "--check" in arguments:
        return _stale(folders[0])
    for path in build_all(folders[0], load_catalog()):
        sys.stdout.write(f"{path}\n")
    return 0


def _stale(folder: Path) -> int:
    """1 when a committed template is not what the schema gives now."""
    with tempfile.TemporaryDirectory() as fresh:
        stale = 0
        for path in build_all(Path(fresh), load_catalog()):
            part = template_difference(folder / path.name, path)
            if part:
                stale = 1
                sys.stderr.write(f"{folder / path.name} 已过期：{part}；请运行 make templates\n")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
