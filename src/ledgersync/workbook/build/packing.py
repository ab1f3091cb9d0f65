"""How the parts of a built workbook become a file: deflated by the same means as patched ones.

A text stays one, whatever it looks like: XlsxWriter would make a formula of `=1+1`, a link of an
address, and write what begins with `<r>` and ends with `</r>` as markup.
"""

import re
from html import escape
from io import BytesIO
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

from ledgersync.workbook.build.layout import ROW_HEIGHT
from ledgersync.workbook.patch.package.zipcopy import ZipTarget

# What stands in a package otherwise than in a text, but for the three signs of XML.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
# What a text may hold or begin and end with that makes it stand otherwise.
_UNUSUAL = re.compile(r"[<>&_\x00-\x1f\x7f-\x9f\ufffe\uffff]|^\s|\s$")
_BLANK_END, _KEPT = re.compile(r"^\s|\s$"), [("xml:space", "preserve")]


class BuiltWorkbook(Workbook):  # type: ignore[misc, unused-ignore]
    """A workbook of XlsxWriter's; `packed` closes it and gives the bytes of its file.

    `row_height` is in points, of a row that says nothing of its height.
    """

    def __init__(self, row_height: float = ROW_HEIGHT) -> None:
        pixels = round(row_height * 96 / 72)
        options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        super().__init__(BytesIO(), options | {"default_row_height": pixels})
        self._package = _Package()

    def packed(self) -> bytes:
        self.close()
        content = self._package.content
        self._let_go()
        return content

    def _let_go(self) -> None:
        """Its objects know each other in circles, which would have to be looked for later."""
        formats = (*self.formats, *self.xf_formats)
        for known in (*self.worksheets_objs, *formats, self._package, self):
            known.__dict__.clear()

    def hide_name(self, name: str, formula: str) -> None:
        """A defined name that people do not see; `formula` without its sign."""
        self.defined_names.append([name, -1, formula, True])

    def _write_defined_name(self, defined_name: list[Any]) -> None:
        name, sheet, formula, hidden = defined_name
        if sheet != -1 or not hidden or _CONTROL.search(formula):
            super()._write_defined_name(defined_name)
        else:
            content = escape(formula, quote=False)
            self.fh.write(f'<definedName name="{name}" hidden="1">{content}</definedName>')

    def _get_packager(self) -> Packager:
        return self._package


class _Package(Packager):  # type: ignore[misc, unused-ignore]
    """Packs the parts by itself, and leaves none for XlsxWriter's slower way."""

    content = b""

    def _create_package(self) -> list[Any]:
        buffer = BytesIO()
        target = ZipTarget(buffer)
        for part, name, is_binary in super()._create_package():
            content = part.getvalue()
            target.write([content if is_binary else content.encode()], name)
        target.finish(b"")
        self.content = buffer.getvalue()
        return []

    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if table.count:
            strings = _Strings()
            strings.string_table = table
            strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
            strings._assemble_xml_file()


class _Strings(SharedStrings):  # type: ignore[misc, unused-ignore]
    """Writes at once what most texts are; XlsxWriter looks at each for what else it might be."""

    def _write_si(self, string: str) -> None:
        if not _UNUSUAL.search(string):
            self.fh.write(f"<si><t>{string}</t></si>")
            return
        text = self._escape_control_characters(string)
        self._xml_si_element(text, _KEPT if _BLANK_END.search(text) else [])
