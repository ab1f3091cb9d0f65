"""Which files of a folder are packages."""

import os
from datetime import date
from pathlib import Path

from ledgersync.upward.names import packages_in
from ledgersync.upward.reception import Reception


def test_packages_of_a_folder(tmp_path: Path) -> None:
    for name in ("上报-乙.lsp", "上报-甲.LSP", "._上报-乙.lsp", ".lsp", "b.lskey", "lsp"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "folder.lsp").mkdir()
    assert {p.name for p in packages_in(tmp_path)} == {"上报-乙.lsp", "上报-甲.LSP"}


def test_what_cannot_be_looked_into_has_none(tmp_path: Path) -> None:
    assert packages_in(tmp_path / "away") == packages_in(Path(os.devnull)) == []


def test_what_cannot_be_read_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    files = [tmp_path, tmp_path / ("x" * 300), tmp_path / "away", Path(os.devnull) / "x"]
    found = Reception(None, date(2022, 7, 5)).take(files)  # type: ignore[arg-type]
    assert [(r.file, r.reason) for r in found] == [(file, "unreadable") for file in files]
