"""Draws a board as one self-contained HTML file; nothing in it is loaded from elsewhere."""

import base64
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import field
from functools import cached_property
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from ledgersync.dataclass import dataclass
from ledgersync.report.annex.meanings import defined_in
from ledgersync.report.annex.places import COLUMNS as PLACES
from ledgersync.report.annex.places import bare_name
from ledgersync.report.board import COLUMNS, Board, BoardRow, UnitBoard
from ledgersync.report.content import Shown
from ledgersync.report.page.anchors import Anchors, anchor, meaning_anchor
from ledgersync.report.page.english import words
from ledgersync.report.page.lines import HEIGHT, WIDTH, drawing_of, sparkline
from ledgersync.report.wording import HINT
from ledgersync.rollup.figures import Line

PLACES_SHOWN = 40  # of an indicator; its command lists all of them
_HERE = files("ledgersync.report.page") / "template"


@dataclass(frozen=True, slots=True)
class Meaning:
    """An indicator's entry in 指标口径, with the rows that it stands in, and how many more."""

    id: str
    name: str
    facts: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, ...], ...]
    more: int


@dataclass
class HtmlPage:
    """One page; `figures` are complete once it is drawn."""

    board: Board
    file_name: str
    anchors: Anchors = field(default_factory=Anchors)

    @property
    def figures(self) -> Mapping[str, Shown]:
        return self.anchors.figures

    def data(self) -> bytes:
        """The file, as UTF-8."""
        style, script = _part("page.css"), _part("page.js")
        board = self.board
        environment = Environment(
            loader=FunctionLoader(_part),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        text = environment.get_template("page.html").render(
            board=board,
            top=board.units[0],
            columns=COLUMNS,
            hint=HINT,
            figure=self.anchors.draw,
            anchor=anchor,
            meaning=meaning_anchor,
            drawing=drawing_of,
            width=WIDTH,
            height=HEIGHT,
            sparks=self._sparks,
            meanings=list(self._meanings()),
            first=self._first,
            bar=self._bar,
            above=self._above_name,
            depth=self._depth,
            levels=list(dict.fromkeys(unit.level for unit in board.units[1:])),
            places_columns=PLACES,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
            block=Markup(self._block()),
        )
        return text.encode()

    @cached_property
    def _first(self) -> int:
        """The line whose figures are compared first."""
        lines = self.board.found.lines
        return lines.index(self.board.headlines[0]) if self.board.headlines else 0

    @cached_property
    def _sparks(self) -> dict[str, str]:
        """By line, the path of its twelve months."""
        found: dict[str, str] = {}
        for chart in self.board.annex.trends:
            for _, *row in chart.table.rows:
                known = next((p for p in row if isinstance(p, Shown)), None)
                if known is not None:
                    found[known.indicator] = sparkline(row)
        return found

    @cached_property
    def _greatest(self) -> float:
        return max((_size(unit.rows[self._first]) for unit in self.board.units[1:]), default=0.0)

    def _bar(self, unit: UnitBoard) -> str:
        """How long the bar of a unit is, of 100."""
        size = _size(unit.rows[self._first])
        return f"{100 * size / self._greatest if self._greatest else 0:.1f}"

    def _meanings(self) -> Iterator[Meaning]:
        table, places = self.board.annex.meanings, self._places()
        for defined, row in zip(defined_in(self.board.reading), table.rows, strict=True):
            line = next(x for x in self.board.found.lines if x.defined.id == defined.id)
            facts = tuple(zip(table.heads[1:], map(str, row[1:]), strict=True))
            told = tuple(places.get(defined.id, ()))
            more = max(0, len(told) - PLACES_SHOWN)
            yield Meaning(meaning_anchor(line), str(row[0]), facts, told[:PLACES_SHOWN], more)

    def _places(self) -> dict[str, list[tuple[str, ...]]]:
        """The rows of 数据出处 by the indicator that they are of."""
        by_name = {x.name: x.defined.id for x in self.board.found.lines}
        found: dict[str, list[tuple[str, ...]]] = {}
        table = self.board.annex.places
        for row in table.rows if table is not None else ():
            known = by_name.get(bare_name(str(row[0])))
            if known is not None:
                found.setdefault(known, []).append(tuple(map(str, row)))
        return found

    def _block(self) -> str:
        """What the script draws when a reader chooses a unit or an indicator: texts, no more."""
        notes = {"": 0}
        block = {
            "file": self.file_name,
            "columns": list(COLUMNS.items()),
            "units": [self._unit(unit) for unit in self.board.units],
            "lines": [self._line(line) for line in self.board.found.lines],
            "english": words(self.board),
            "cells": [[_texts(row, notes) for row in unit.rows] for unit in self.board.units],
            "notes": list(notes),
        }
        self._note()
        text = json.dumps(block, ensure_ascii=False, separators=(",", ":"))
        for sign in "<>&\u2028\u2029":
            text = text.replace(sign, f"\\u{ord(sign):04x}")
        return text

    def _unit(self, unit: UnitBoard) -> dict[str, Any]:
        return {
            "code": unit.node.unit.code,
            "name": unit.node.unit.name,
            "level": unit.level,
            "above": self._above(unit),
            "state": unit.state,
        }

    def _above(self, unit: UnitBoard) -> int | None:
        """The place of the unit above among the units."""
        codes = [other.node.code for other in self.board.units]
        return codes.index(unit.node.parent) if unit.node.parent in codes else None

    def _depth(self, unit: UnitBoard) -> int:
        """How many units lie above it in the page."""
        above = self._above(unit)
        return 0 if above is None else 1 + self._depth(self.board.units[above])

    def _above_name(self, unit: UnitBoard) -> str:
        above = self._above(unit)
        return "" if above is None else self.board.units[above].node.unit.name

    def _line(self, line: Line) -> dict[str, str]:
        return {"id": anchor(line.id), "name": line.name, "measure": line.measure}

    def _note(self) -> None:
        """The figures that the script draws; those of the unit at the top stand in the file."""
        heads = {line.id for line in self.board.headlines}
        for at, unit in enumerate(self.board.units):
            code = unit.node.unit.code
            for number, row in enumerate(unit.rows):
                for column, piece in row.by_column.items() if at else ():
                    self.anchors.note(piece, anchor(column, code, row.line.id))
                    if row.line.id in heads and column in ("now", "yoy"):
                        self.anchors.note(piece, anchor(f"head-{column}", code, row.line.id))
                    if (
                        len(self.board.units) > 1
                        and number != self._first
                        and column in ("now", "yoy")
                    ):
                        self.anchors.note(piece, anchor(f"of-{column}", code, row.line.id))


def _texts(row: BoardRow, notes: dict[str, int]) -> list[str | int]:
    """The texts of a row and the place of its note; a note that many units have is kept once."""
    texts: list[str | int] = [str(piece) for piece in row.pieces]
    return [*texts, notes.setdefault(row.note, len(notes))] if row.note else texts


def _size(row: BoardRow) -> float:
    piece = row.pieces[0]
    value = piece.value if isinstance(piece, Shown) else None
    return 0.0 if value is None else abs(float(value))


def _part(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")


def _policy(style: str, script: str) -> str:
    """Content-Security-Policy: nothing may be loaded, nothing but these two may run."""
    allowed = {"style-src": style, "script-src": script}
    sources = "; ".join(f"{what} '{_hash(text)}'" for what, text in allowed.items())
    return f"default-src 'none'; {sources}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
