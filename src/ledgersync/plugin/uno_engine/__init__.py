"""An xlwings engine over LibreOffice: the public xlwings API on documents that are open in it.

What the buttons use is here; the rest answers `NotImplementedError`, as xlwings' base classes do.
It runs inside LibreOffice and from outside over a socket or pipe. Names and signatures are
xlwings' own; UNO objects have no types, so neither have they here.
"""

from typing import Any

import xlwings

from ledgersync.plugin.uno_engine.engine import Engine

__all__ = ["Engine", "activate"]


def activate(context: Any) -> xlwings.App:
    """Make the office behind `context` xlwings' engine; its app."""
    engine = next((e for e in xlwings.engines if e.name == Engine.name), None)
    if engine is None:
        engine = xlwings.Engine(impl=Engine(context))
        xlwings.engines.add(engine)
    engine.impl = Engine(context)
    engine.activate()
    return next(iter(engine.apps))
