"""The worksheet functions as xlwings UDFs, one for each entry of the registry.

xlwings' COM server imports this module, and its generator makes the VBA wrapper from it. Off
Windows xlwings' decorators do nothing, so the functions can be called and tested anywhere.
"""

import inspect
from collections.abc import Callable
from typing import Any

import xlwings as xw

from ledgersync.plugin.registry import FUNCTIONS, SheetFunction

CATEGORY = "LedgerSync"


def _udf(function: SheetFunction) -> Callable[..., Any]:
    """The function under its own name and arguments; every argument comes as rows of cells."""

    def call(*cells: object) -> Any:
        return function.call(*cells)

    call.__name__ = call.__qualname__ = function.name
    call.__doc__ = function.doc.zh
    call.__annotations__ = {}
    call.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
        [
            inspect.Parameter(
                argument.name,
                inspect.Parameter.POSITIONAL_OR_KEYWORD,
                default=None if argument.optional else inspect.Parameter.empty,
            )
            for argument in function.arguments
        ]
    )
    udf: Callable[..., Any] = xw.func(category=CATEGORY)(call)
    for argument in function.arguments:
        udf = xw.arg(argument.name, ndim=2, err_to_str=True, doc=argument.doc)(udf)
    return udf


for _function in FUNCTIONS:
    globals()[_function.name] = _udf(_function)
