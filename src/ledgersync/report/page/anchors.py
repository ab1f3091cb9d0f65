"""Ids in a page: every figure that is drawn is noted under its own."""

import re
from dataclasses import field

from markupsafe import Markup, escape

from ledgersync.dataclass import dataclass
from ledgersync.report.content import Piece, Shown
from ledgersync.rollup.figures import Line

_UNFIT = re.compile(r"[\s<>\"'&#]+")


def anchor(*parts: object) -> str:
    """`now.360797.visits_made`."""
    return _UNFIT.sub("_", ".".join(map(str, parts)))


def meaning_anchor(line: Line) -> str:
    """Where an indicator's meaning stands; the members of a family have one."""
    stem, family, _ = line.defined.id.partition(".<")
    return anchor("def", stem, "each") if family else anchor("def", stem)


@dataclass
class Anchors:
    """The figures of a page by id; an id twice is a fault of the program."""

    figures: dict[str, Shown] = field(default_factory=dict)

    def note(self, piece: Piece, name: str) -> str:
        """The text of a piece; a figure is noted as standing at `name`."""
        if isinstance(piece, Shown):
            if name in self.figures:
                raise ValueError(f"the id {name} stands twice")
            self.figures[name] = piece
        return str(piece)

    def draw(self, piece: Piece, name: str, tag: str = "span", **more: object) -> Markup:
        """An element with the id `name` and the piece's text."""
        attributes = "".join(f' {key}="{escape(value)}"' for key, value in more.items())
        text = escape(self.note(piece, name))
        return Markup(f'<{tag} id="{escape(name)}"{attributes}>{text}</{tag}>')
