"""Builds `LedgerSync.oxt`: functions, menu and toolbar for LibreOffice Calc, from the registry.

No SDK is needed: the interface is plain IDL registered as a type library, the component a passive
description. The same sources always give the same bytes.
"""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from ledgersync import __version__
from ledgersync.files import atomic_write
from ledgersync.plugin.buttons import BUTTONS, Button
from ledgersync.plugin.calc.bundle import bundled_files, licences
from ledgersync.plugin.registry import FUNCTIONS, Argument, SheetFunction

IDENTIFIER = "org.ledgersync.addin"
ADDIN = "org.ledgersync.Functions"
HANDLER = "org.ledgersync.Buttons"
PROTOCOL = "org.ledgersync:"
_STAMP = (2020, 1, 1, 0, 0, 0)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONFIG = (
    '<oor:component-data xmlns:oor="http://openoffice.org/2001/registry"'
    ' xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    ' oor:name="{name}" oor:package="org.openoffice.Office{part}">\n{body}\n</oor:component-data>\n'
)


def build_oxt(path: Path) -> Path:
    """Write the extension to `path`. Raises OSError and BundleFault."""
    atomic_write(path, oxt_bytes())
    return path


def oxt_bytes() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for name, content in sorted(members().items()):
            info = zipfile.ZipInfo(name, _STAMP)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            package.writestr(info, content)
    return stream.getvalue()


def members() -> dict[str, bytes]:
    """Every file of the extension."""
    texts = {
        "META-INF/manifest.xml": manifest(),
        "description.xml": description(),
        "XLedgerFunctions.idl": interface(),
        "ledgersync.components": components(),
        "CalcAddIns.xcu": calc_addins(),
        "Addons.xcu": addons(),
        "CalcWindowState.xcu": window_state(),
        "ProtocolHandler.xcu": protocol_handler(),
        "pythonpath/ledgersync_members.py": member_names(),
    }
    files = {name: text.encode() for name, text in texts.items()}
    files["component.py"] = Path(__file__).with_name("component.py").read_bytes()
    files |= {f"pythonpath/{name}": content for name, content in bundled_files().items()}
    return files | {f"licences/{name}": content for name, content in licences().items()}


def manifest() -> str:
    kinds = {
        "XLedgerFunctions.idl": "uno-typelibrary;type=RDB",
        "ledgersync.components": "uno-components",
        "CalcAddIns.xcu": "configuration-data",
        "Addons.xcu": "configuration-data",
        "CalcWindowState.xcu": "configuration-data",
        "ProtocolHandler.xcu": "configuration-data",
    }
    entries = "\n".join(
        f'<manifest:file-entry manifest:full-path="{name}"'
        f' manifest:media-type="application/vnd.sun.star.{kind}"/>'
        for name, kind in kinds.items()
    )
    space = 'xmlns:manifest="http://openoffice.org/2001/manifest"'
    return f"{_XML}<manifest:manifest {space}>\n{entries}\n</manifest:manifest>\n"


def description() -> str:
    return (
        f'{_XML}<description xmlns="http://openoffice.org/extensions/description/2006"'
        ' xmlns:d="http://openoffice.org/extensions/description/2006"'
        ' xmlns:lo="http://libreoffice.org/extensions/description/2011">\n'
        f'<identifier value="{IDENTIFIER}"/><version value="{__version__}"/>\n'
        '<dependencies><lo:LibreOffice-minimal-version value="7.0" d:name="LibreOffice 7.0"/>'
        "</dependencies>\n"
        '<display-name><name lang="zh-CN">台账同步 LedgerSync</name>'
        '<name lang="en">LedgerSync</name></display-name>\n</description>\n'
    )


def interface() -> str:
    """The functions as IDL; every argument and result may be a cell or a range."""
    methods = "\n".join(map(_method, FUNCTIONS))
    return (
        "module org { module ledgersync {\n"
        "interface XLedgerFunctions : com::sun::star::uno::XInterface {\n"
        f"{methods}\n}};\n"
        "service Functions : XLedgerFunctions;\n}; };\n"
    )


def _method(function: SheetFunction) -> str:
    arguments = ", ".join(f"[in] any {_argument(a)}" for a in function.arguments)
    return f"    sequence< sequence< any > > {function.member}({arguments});"


def _argument(argument: Argument) -> str:
    """IDL identifiers know no underscore at either end, and none of its own words."""
    first, *rest = argument.name.split("_")
    return "a" + first.capitalize() + "".join(part.capitalize() for part in rest)


def member_names() -> str:
    lines = "\n".join(f'    ("{f.member}", "{f.name}"),' for f in FUNCTIONS)
    return f'"""Method and function names, generated."""\n\nMEMBERS = (\n{lines}\n)\n'


def components() -> str:
    def implementation(name: str, service: str) -> str:
        return (
            f'<implementation name="{name}Impl"><service name="{name}"/>'
            f'<service name="{service}"/></implementation>'
        )

    return (
        f'{_XML}<components xmlns="http://openoffice.org/2010/uno-components">\n'
        '<component loader="com.sun.star.loader.Python" uri="component.py">\n'
        f"{implementation(ADDIN, 'com.sun.star.sheet.AddIn')}\n"
        f"{implementation(HANDLER, 'com.sun.star.frame.ProtocolHandler')}\n"
        "</component>\n</components>\n"
    )


def calc_addins() -> str:
    """What the function wizard shows."""
    functions = "\n".join(map(_function_node, FUNCTIONS))
    body = (
        f'<node oor:name="AddInInfo"><node oor:name="{ADDIN}" oor:op="replace">'
        f'<node oor:name="AddInFunctions">\n{functions}\n</node></node></node>'
    )
    return _config("CalcAddIns", body)


def _function_node(function: SheetFunction) -> str:
    parameters = "".join(map(_parameter_node, function.arguments))
    return (
        f'<node oor:name="{function.member}" oor:op="replace">\n'
        f"{_prop('DisplayName', function.name)}{_prop('Description', function.doc.zh)}"
        f'<prop oor:name="Category"><value>Add-In</value></prop>'
        f"{_prop('CompatibilityName', function.name)}\n"
        f'<node oor:name="Parameters">{parameters}</node></node>'
    )


def _parameter_node(argument: Argument) -> str:
    doc = f"（可不写）{argument.doc}" if argument.optional else argument.doc
    return (
        f'<node oor:name="{_argument(argument)}" oor:op="replace">'
        f"{_prop('DisplayName', argument.label)}{_prop('Description', doc)}</node>"
    )


def _prop(name: str, text: str) -> str:
    """A localised property; English stands for every language that is not Chinese."""
    values = "".join(
        f'<value xml:lang="{lang}">{escape(text)}</value>' for lang in ("en-US", "zh-CN")
    )
    return f'<prop oor:name="{name}">{values}</prop>'


def addons() -> str:
    """A menu and a toolbar with the buttons, in Calc alone."""
    items = "\n".join(_button_node(f"m{i}", b) for i, b in enumerate(BUTTONS.values()))
    menu = (
        '<node oor:name="OfficeMenuBar"><node oor:name="org.ledgersync.menu" oor:op="replace">'
        f"{_prop('Title', '台账同步')}{_context()}"
        f'<node oor:name="Submenu">\n{items}\n</node></node></node>'
    )
    toolbar = (
        '<node oor:name="OfficeToolBar"><node oor:name="org.ledgersync.toolbar"'
        f' oor:op="replace">\n{items}\n</node></node>'
    )
    body = f'<node oor:name="AddonUI">\n{menu}\n{toolbar}\n</node>'
    return _config("Addons", body)


def _context() -> str:
    value = "com.sun.star.sheet.SpreadsheetDocument"
    return f'<prop oor:name="Context" oor:type="xs:string"><value>{value}</value></prop>'


def _button_node(name: str, button: Button) -> str:
    url = quoteattr(PROTOCOL + button.id)[1:-1]
    return (
        f'<node oor:name="{name}" oor:op="replace">'
        f'<prop oor:name="URL" oor:type="xs:string"><value>{url}</value></prop>'
        f"{_prop('Title', button.caption)}"
        '<prop oor:name="Target" oor:type="xs:string"><value>_self</value></prop>'
        f"{_context()}</node>"
    )


def window_state() -> str:
    """The toolbar's name, and its place: docked below the others instead of floating."""
    toolbar = "private:resource/toolbar/addon_org.ledgersync.toolbar"
    settings = {"Docked": "true", "Visible": "true", "DockPos": "0,2"}
    kinds = {"DockPos": "xs:string"}
    props = "".join(
        f'<prop oor:name="{name}" oor:type="{kinds.get(name, "xs:boolean")}">'
        f"<value>{value}</value></prop>"
        for name, value in settings.items()
    )
    body = (
        '<node oor:name="UIElements"><node oor:name="States">'
        f'<node oor:name="{toolbar}" oor:op="replace">{_prop("UIName", "台账同步")}{props}'
        "</node></node></node>"
    )
    return _config("CalcWindowState", body, ".UI")


def protocol_handler() -> str:
    body = (
        f'<node oor:name="HandlerSet"><node oor:name="{HANDLER}Impl" oor:op="replace">'
        '<prop oor:name="Protocols" oor:type="oor:string-list">'
        f"<value>{PROTOCOL}*</value></prop></node></node>"
    )
    return _config("ProtocolHandler", body)


def _config(name: str, body: str, part: str = "") -> str:
    return _XML + _CONFIG.format(name=name, part=part, body=body)
