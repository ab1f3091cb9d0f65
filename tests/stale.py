"""Fails when a committed generated file is not what its sources make now."""

import subprocess
import sys
import tempfile
from pathlib import Path

from ledgersync.cli.reference import reference

ROOT = Path(__file__).resolve().parents[1]


def same_files(made: Path, committed: Path) -> list[str]:
    """Names that differ between a fresh folder and the committed one."""
    names = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    return [
        name
        for name in sorted(names)
        if not (committed / name).exists()
        or (committed / name).read_bytes() != (made / name).read_bytes()
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        for builder in (
            ["workbook.build", folder],
            ["plugin.excel.build", folder, "--only-workbooks"],
        ):
            module, *rest = builder
            subprocess.run([sys.executable, "-m", f"ledgersync.{module}", *rest], check=True)
        stale = same_files(made, ROOT / "workbooks")
    for name in stale:
        print(f"workbooks/{name} is stale: run `make templates` and commit it")
    if (ROOT / "docs" / "commands.md").read_text(encoding="utf-8") != reference():
        print("docs/commands.md is stale: run `make docs` and commit it")
        return 1
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
