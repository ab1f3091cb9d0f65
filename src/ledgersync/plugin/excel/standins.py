"""`python -m ledgersync.plugin.excel.standins NAME`: the VBA wrapper for a workbook, on stdout.

xlwings' own generator makes it. It can be imported on Windows only, so this process gets empty
stand-ins for pywin32 first, and xlwings' decorators their Windows form.
"""

import io
import sys
from types import ModuleType
from typing import Any, NamedTuple

UDF_MODULE = "ledgersync.plugin.excel.udfs"


class Workbook(NamedTuple):
    """All that the generator asks of a workbook: an add-in's wrapper uses the active one."""

    Name: str


def _stand_in(name: str, **contents: Any) -> None:
    module = ModuleType(name)
    module.__dict__.update(contents)
    sys.modules[name] = module


def prepare() -> None:
    """Let xlwings' generator be imported in this process; nothing else should run in it."""
    _stand_in("pywintypes", com_error=type("com_error", (Exception,), {}))
    _stand_in("pythoncom", CoInitialize=lambda: None)
    _stand_in("win32com")
    _stand_in("win32com.client", Dispatch=lambda *_: None)


def wrapper(workbook: str) -> str:
    """The generated VBA module `xlwings_udfs`."""
    import xlwings
    from xlwings import udfs
    from xlwings.utils import VBAWriter

    for name in ("func", "arg", "ret"):
        setattr(xlwings, name, getattr(udfs, f"xl{name}"))
    from ledgersync.plugin.excel import udfs as ours

    text = io.StringIO()
    writer = VBAWriter(text)  # type: ignore[no-untyped-call]
    writer.writeln('Attribute VB_Name = "xlwings_udfs"')  # type: ignore[no-untyped-call]
    writer.writeln('#Const App = "Microsoft Excel"')  # type: ignore[no-untyped-call]
    udfs.generate_vba_wrapper(UDF_MODULE, ours, text, Workbook(workbook))  # type: ignore[no-untyped-call]
    return text.getvalue()


if __name__ == "__main__":
    prepare()
    sys.stdout.write(wrapper(sys.argv[1]))
