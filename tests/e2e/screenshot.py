"""`python -m tests.e2e.screenshot FOLDER`: pictures of an issued copy in LibreOffice, for the docs.

Xvfb keeps its frame buffer in a file (`-fbdir`), which is read here, so no other tool is needed.
"""

import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path
from typing import Any

from tests.e2e.office import Office, load_uno

from ledgersync.plugin import buttons, uno_engine
from ledgersync.plugin.calc.oxt import build_oxt
from ledgersync.plugin.openbook import OpenBook
from ledgersync.schema import load_catalog
from ledgersync.workspace import clock

WIDTH, HEIGHT = 1500, 640
ROWS: list[dict[str, Any]] = [
    {"低保证号": "D-0101", "户主姓名": "张伟", "户主身份证号": "11010519491231002X"},
    {"低保证号": "D-0102", "户主姓名": "李娜", "户主身份证号": "110105194912310021"},
    {"低保证号": "D-0103", "户主姓名": "王强", "户主身份证号": "110105198001010016"},
    {"低保证号": "D-0104", "户主姓名": "赵敏", "户主身份证号": "110105199003070033"},
]
COMMON = {
    "城乡类别": "城市", "家庭人口数": 3, "保障人数": 2, "月保障金额(元)": 1200,
    "享受起始日期": "2020-01-01", "保障状态": "在保",
}  # fmt: skip
FAULTS = {2: {"保障人数": 5}, 3: {"月保障金额(元)": "约一千"}}


def main(folder: Path) -> None:
    load_uno()
    with tempfile.TemporaryDirectory(prefix="ledgersync-shot-", ignore_cleanup_errors=True) as name:
        place = Path(name)
        screen = subprocess.Popen(
            ["Xvfb", ":97", "-screen", "0", f"{WIDTH}x{HEIGHT}x24", "-fbdir", name, "-ac"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        office = Office(place / "office", display=":97")
        try:
            office.install(build_oxt(place / "LedgerSync.oxt"))
            office.start(LEDGERSYNC_TODAY=clock.today().isoformat())
            _show(office, _copy(place))
            time.sleep(4)
            (folder / "libreoffice-check.png").write_bytes(png(place / "Xvfb_screen0"))
        finally:
            office.stop()
            screen.terminate()
            screen.wait(10)


def _copy(place: Path) -> Path:
    run = "from ledgersync.cli import main; main()"
    community = place / "office" / "社区"
    for arguments in (
        ["init", str(community), "--name", "幸福社区", "--code", "360702001001",
         "--level", "community"],
        ["-C", str(community), "issue", "--staff", "王芳"],
    ):  # fmt: skip
        subprocess.run([sys.executable, "-c", run, *arguments], check=True, timeout=60)
    return community / "issued" / "王芳" / "低保台账.xlsx"


def _show(office: Office, path: Path) -> None:
    office.give(office.folder)
    app = uno_engine.activate(office.context)
    book = app.books.open(str(path))
    window = book.api.CurrentController.Frame.ContainerWindow
    window.setPosSize(0, 0, WIDTH, HEIGHT, 15)
    table = OpenBook(book, load_catalog(), clock.today()).data.tables[0]
    sheet = book.sheets[table.sheet]
    columns = {c.header: c.index for c in table.columns}
    for i, row in enumerate(ROWS):
        for header, value in {**row, **COMMON, **FAULTS.get(i, {})}.items():
            sheet.range((table.header_rows[-1] + 1 + i, columns[header])).value = value
    app.calculate()
    print(buttons.check(book).text)
    note = sheet.range((table.header_rows[-1] + 2, columns["户主身份证号"]))
    note.impl.cells.getCellByPosition(0, 0).Annotation.IsVisible = True


def png(frame: Path) -> bytes:
    """The picture in an XWD file of 32 bits a pixel, as PNG."""
    data = frame.read_bytes()
    header = struct.unpack(">25I", data[:100])
    width, height, line = header[4], header[5], header[12]
    start = header[0] + header[19] * 12
    rows = []
    for y in range(height):
        pixels = data[start + y * line : start + y * line + width * 4]
        red, green, blue = pixels[2::4], pixels[1::4], pixels[0::4]
        rows.append(b"\0" + bytes(c for rgb in zip(red, green, blue, strict=True) for c in rgb))

    def chunk(kind: bytes, content: bytes) -> bytes:
        body = kind + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    size = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    picture = chunk(b"IDAT", zlib.compress(b"".join(rows), 9))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", size) + picture + chunk(b"IEND", b"")


if __name__ == "__main__":
    os.environ.setdefault("LEDGERSYNC_TODAY", "2022-06-30")
    main(Path(sys.argv[1]))
