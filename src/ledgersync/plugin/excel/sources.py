"""The VBA modules of our workbooks: `macros/*.bas`, xlwings' own, and the generated ones.

A VBA project has one code page. So that Chinese survives on every machine the sources are ASCII
when they are built in: a literal with Chinese becomes `LS_Text("8EAB4EFD...")`.
"""

import re
import subprocess
import sys
from pathlib import Path

import xlwings

from ledgersync.plugin.registry import FUNCTIONS, SheetFunction

MACROS = Path(__file__).resolve().parents[4] / "macros"
_LITERAL = re.compile(r'"((?:[^"]|"")*)"')
_LINE = 900  # VBA takes 1,023 characters a line
_PIECE = 160


def standard_modules(workbook: str) -> dict[str, str]:
    """Module name → source of every standard module; ASCII, lines ended as VBA has them."""
    vendor = Path(xlwings.__file__).parent
    modules = {"xlwings": (vendor / "xlwings.bas").read_text(encoding="ascii")}
    for path in sorted(MACROS.glob("*.bas")):
        modules[path.stem] = ascii_source(path.read_text(encoding="utf-8"))
    modules["LedgerSyncHelp"] = ascii_source(help_module())
    modules["xlwings_udfs"] = udf_wrapper(workbook)
    return {name: _lines(source) for name, source in modules.items()}


def class_modules() -> dict[str, str]:
    """xlwings' Dictionary, which its code needs on machines without Scripting.Dictionary."""
    vendor = Path(xlwings.__file__).parent / "addin"
    return {"Dictionary": _lines((vendor / "Dictionary.cls").read_text(encoding="utf-8"))}


def udf_wrapper(workbook: str) -> str:
    """The functions' wrapper from xlwings' generator, which needs a process of its own."""
    command = [sys.executable, "-m", "ledgersync.plugin.excel.standins", workbook]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return done.stdout


def help_module() -> str:
    """Descriptions for Excel's function wizard; Excel forgets them, so they are set when it opens.

    `Auto_Open` runs for a workbook that somebody opens, an add-in among them.
    """
    body = "\n".join(map(_description, FUNCTIONS))
    return (
        'Attribute VB_Name = "LedgerSyncHelp"\nOption Explicit\n\n'
        "Public Sub Auto_Open()\n    On Error Resume Next\n    LS_Describe\nEnd Sub\n\n"
        f"Public Sub LS_Describe()\n{body}\nEnd Sub\n"
    )


def _description(function: SheetFunction) -> str:
    documented = [f'"{a.label}：{a.doc}"' for a in function.arguments]
    text = f"{function.doc.zh}例：{function.example}".replace('"', '""')
    arguments = ", _\n        ".join(documented)
    return (
        f'    Application.MacroOptions Macro:="{function.name}", Category:="LedgerSync", _\n'
        f'        Description:="{text[:250]}", _\n'
        f"        ArgumentDescriptions:=Array( _\n        {arguments})"
    )


def ascii_source(source: str) -> str:
    """The same program in ASCII; raises UnicodeError where Chinese stands outside a literal."""
    text = _LITERAL.sub(_ascii_literal, source)
    text.encode("ascii")
    return text


def _ascii_literal(match: re.Match[str]) -> str:
    if match[0].isascii():
        return match[0]
    digits = "".join(f"{ord(c):04X}" for c in match[1].replace('""', '"'))
    pieces = [digits[i : i + _PIECE] for i in range(0, len(digits), _PIECE)]
    return 'LS_Text("' + '" & _\n        "'.join(pieces) + '")'


def _lines(source: str) -> str:
    lines = source.replace("\r\n", "\n").split("\n")
    longest = max(lines, key=len)
    if len(longest) > _LINE:
        raise ValueError(longest)
    return "\r\n".join(lines)
