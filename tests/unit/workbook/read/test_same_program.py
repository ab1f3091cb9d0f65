"""The process that reads runs the program that started it, and takes nothing else from around."""

import json
from datetime import date
from pathlib import Path

import pytest

import ledgersync
from ledgersync.schema import load_catalog
from ledgersync.workbook.read import pool as pool_module

TRAP = "raise SystemExit('a file that lay there was taken for a module')\n"
WORKER = """
import ast, json, sys, typing, zipfile
import ledgersync
def main():
    print(json.dumps([ledgersync.__file__, sys.argv[1]]))
"""
MODULES = ("json", "zipfile", "typing", "importlib", "ast", "gc", "sys")


def test_a_program_of_a_source_tree_reads_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Though this one is installed; and what lies beside it, where one stands, is no module."""
    folder = tmp_path / "源 'a\"$"
    within = folder / "ledgersync/workbook/read"
    within.mkdir(parents=True)
    for package in (within, within.parent, within.parents[1]):
        (package / "__init__.py").write_text("import typing, importlib\n", encoding="utf-8")
    (within / "worker.py").write_text(WORKER, encoding="utf-8")
    for name in MODULES:
        (folder / f"{name}.py").write_text(TRAP, encoding="utf-8")
    monkeypatch.chdir(folder)
    monkeypatch.setattr(pool_module, "_FOLDER", str(folder))
    started = pool_module._Worker(pool_module._started(64))
    assert started._process.stdout is not None
    told = json.loads(started._process.stdout.read())
    assert told == [str(folder / "ledgersync/__init__.py"), "64"]
    assert started.end() == 0


def test_the_folder_is_the_one_this_program_lies_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert Path(pool_module._FOLDER, "ledgersync/__init__.py") == Path(ledgersync.__file__)
    (tmp_path / "zipfile.py").write_text(TRAP, encoding="utf-8")
    (tmp_path / "甲.csv").write_text("姓名,电话\n王芳,13800138000\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    pool = pool_module.ReaderPool(1)
    read = pool.read(Path("甲.csv"), load_catalog(), today=date(2022, 6, 30))
    pool.close()
    assert read.file == "甲.csv"
