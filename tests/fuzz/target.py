"""What fuzzing tries: any bytes are read or refused, never anything else.

`python -m tests.fuzz.target bytes|sheet [libFuzzer options]` runs under atheris (coverage guided,
in one process, begun from the seeds of `tests/fuzz/run.py`), which `make fuzz` installs from
`requirements-fuzz.txt`; `tests/fuzz/run.py` mutates without it, in child processes.
"""

import json
import sys
import tempfile
from pathlib import Path

from tests.fuzz.hostile import SHEET, repacked, sheet_of, valid_workbook
from tests.reading import TODAY

from ledgersync.errors import UnreadableFile
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import as_json
from ledgersync.workbook.read.reading import read_here

_CATALOG = load_catalog()
_VALID = valid_workbook()


def as_file(data: bytes) -> bytes:
    """The bytes are the file."""
    return data


def as_sheet(data: bytes) -> bytes:
    """The bytes are the rows of a sheet in a sound package."""
    return repacked(_VALID, {SHEET: sheet_of(data)})


MODES = {"bytes": as_file, "sheet": as_sheet}


def try_file(content: bytes, path: Path) -> bool:
    """True when the content was read; every fault but a refusal comes through."""
    path.write_bytes(content)
    try:
        json.dumps(as_json(read_here(path, _CATALOG, today=TODAY)), ensure_ascii=False)
    except UnreadableFile:
        return False
    return True


def _corpus(folder: Path, mode: str) -> Path:
    from tests.fuzz.run import seeds

    folder.mkdir()
    for n, (kind, content) in enumerate(seeds()):
        if kind == mode:
            (folder / str(n)).write_bytes(content)
    return folder


def main() -> None:
    import atheris  # only here: it is no dependency of anything else

    mode = sys.argv.pop(1)
    wrap = MODES[mode]
    folder = Path(tempfile.mkdtemp(prefix="ledgersync-fuzz-"))
    sys.argv.append(str(_corpus(folder / "corpus", mode)))
    atheris.instrument_all()
    atheris.Setup(sys.argv, lambda data: try_file(wrap(data), folder / "a.xlsx"))
    atheris.Fuzz()


if __name__ == "__main__":
    main()
