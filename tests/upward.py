"""Offices of a small district in a test, each in a folder of its own, that share no folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ledgersync.upward import paper
from ledgersync.workspace.unitcodes import level_of
from tests.district import (
    EAST,
    HOUSEHOLDS,
    NAMES,
    PARENTS,
    A,
    B,
    Sheets,
    entry,
    on_one_page,
    primaries,
    run,
    visits,
)

Units = dict[str, "Unit"]  # by code


@dataclass
class Unit:
    """One office and the commands that it runs."""

    code: str
    root: Path
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: object) -> int:
        return run("-C", self.root, *arguments)

    def told(self, *arguments: object) -> dict[str, Any]:
        """The document of a command, with its `exit` code and what it `said` to people."""
        self.capsys.readouterr()
        code = self.run(*on_one_page(*arguments), "--json")
        printed = self.capsys.readouterr()
        return {**json.loads(printed.out), "exit": code, "said": printed.err}

    def fill(self, sheets: Sheets) -> None:
        primaries(self.root, sheets)

    def public(self) -> Path:
        path = self.root.parent / f"{self.code}.lskey"
        assert self.run("keys", "show", "-o", path) == 0
        return path

    def submit(self, period: str = "2022-06", *more: object) -> Path:
        return Path(self.told("submit", "--period", period, *more)["package"])

    def receive(self, *files: Path) -> list[dict[str, Any]]:
        packages: list[dict[str, Any]] = self.told("receive", *files)["packages"]
        return packages


def make_unit(
    folder: Path, code: str, capsys: pytest.CaptureFixture[str], below: tuple[str, ...] = ()
) -> Unit:
    """An office made by `init`, with its parent and the units below it in its configuration."""
    unit = Unit(code, folder / code, capsys)
    name, level = NAMES[code], level_of(code)
    assert run("init", unit.root, "--name", name, "--code", code, "--level", level) == 0
    entries = [entry(c) for c in (code, *below)]
    if level == "community":
        entries = [e.replace("[[unit]]", "[unit]") for e in entries]
    (unit.root / "ledgersync.toml").write_text("\n".join(entries), encoding="utf-8")
    assert PARENTS.get(code) is None or "parent" in entries[0]
    assert code not in HOUSEHOLDS or "households" in entries[0]
    return unit


def introduce(units: Mapping[str, Unit]) -> None:
    """All have keys; each believes its parent, and each parent it, and grants the matching key."""
    for unit in units.values():
        assert unit.run("keys", "init") == 0
    for code in sorted(units, key=len):  # from the top
        parent = PARENTS.get(code)
        if parent in units:
            above, below = units[parent], units[code]
            assert above.run("keys", "trust", code, below.public()) == 0
            granted = below.root.parent / f"{code}-grant.lskey"
            assert above.run("keys", "grant", code, "-o", granted) == 0
            assert below.run("keys", "trust", parent, granted) == 0


def on_a_july_day(patch: pytest.MonkeyPatch, folder: Path) -> None:
    """The day of all offices, where their keys are, and no program that prints paper."""
    patch.setenv("XDG_STATE_HOME", str(folder / "state"))
    patch.setenv("LEDGERSYNC_TODAY", "2022-07-05")
    patch.setattr(paper, "office_program", lambda: None)


def street_and_community(folder: Path, capsys: pytest.CaptureFixture[str]) -> Units:
    """A street with two communities below it, of which one has its own office and two visits."""
    made = {EAST: make_unit(folder, EAST, capsys, (A, B)), A: make_unit(folder, A, capsys)}
    introduce(made)
    made[A].fill(visits("2022-06-01", "2022-06-02"))
    return made
