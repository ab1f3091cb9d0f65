"""Regular expressions that are compiled when they are first used.

Half of those that reading knows are for cells that few workbooks have, and compiling all of them
took a third of the time in which a reading process starts.
"""

import re
from functools import cached_property
from typing import Any, cast


class _Pattern:
    """Becomes what `re.compile` would have given, method by method."""

    def __init__(self, text: str, flags: int) -> None:
        self._declared = text, flags

    def __getattr__(self, name: str) -> Any:
        """Called once for each name: what it finds is an attribute from then on."""
        found = self.__dict__[name] = getattr(self._compiled, name)
        return found

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(*self._declared)


def pattern_of(text: str, flags: int = 0) -> re.Pattern[str]:
    """A pattern by its methods; functions of `re` do not take it."""
    return cast("re.Pattern[str]", _Pattern(text, flags))
