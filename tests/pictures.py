"""`python -m tests.pictures DEMO FOLDER`: pictures of the demo's reports, for README and docs.

Workbook sheets and the work summary as they come out of the printer (LibreOffice, pdftoppm), the
page as Chromium shows it. Small: a palette instead of true colours.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser

from tests.browser import chromium, opened

LIMIT = 150_000  # bytes of a picture
WIDTH = 1200
_GAP, _GREY = 16, (214, 219, 224)
SHEETS = {"summary": ("社区工作汇总表", "低保情况汇总表"), "course": ("走势（逐月）",)}


def main(demo: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    files = report(demo)
    with tempfile.TemporaryDirectory(prefix="ledgersync-pictures-") as name:
        place = Path(name)
        book = next(p for p in files if p.suffix == ".pdf" and p.name.startswith("汇总表-区"))
        for title, wanted in SHEETS.items():
            save(folder / f"{title}.png", beside(pages(book, wanted, place)))
        letter = next(p for p in files if p.suffix == ".pdf" and "工作总结" in p.name)
        save(folder / "work-summary.png", beside(images(letter, (1, 5), place)))
    with chromium() as browser:
        page = next(p for p in files if p.suffix == ".html")
        for title, drawn in shots(browser, page):
            save(folder / f"{title}.png", drawn)


def report(demo: Path) -> list[Path]:
    command = [sys.executable, "-m", "ledgersync", "-C", str(demo), "report", "--json"]
    command += ["--period", "last-half-year", "--level", "district"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return [Path(file["path"]) for file in json.loads(done.stdout)["files"]]


def pages(book: Path, wanted: Sequence[str], place: Path) -> list[Image.Image]:
    """The first page of a PDF on which each of these titles stands."""
    text = subprocess.run(
        ["pdftotext", "-layout", str(book), "-"], capture_output=True, text=True, check=True
    ).stdout
    by_page = text.split("\f")
    numbers = [next(n for n, said in enumerate(by_page, 1) if title in said) for title in wanted]
    return images(book, numbers, place)


def images(file: Path, numbers: Sequence[int], place: Path) -> list[Image.Image]:
    found = []
    for number in numbers:
        target = place / f"{file.stem}-{number}"
        asked = ["pdftoppm", "-png", "-r", "110", "-f", str(number), "-l", str(number)]
        subprocess.run([*asked, "-singlefile", str(file), str(target)], check=True)
        found.append(Image.open(f"{target}.png").convert("RGB"))
    return found


def beside(sheets: Sequence[Image.Image]) -> Image.Image:
    """Pages beside each other on a grey ground."""
    high = max(sheet.height for sheet in sheets)
    wide = sum(sheet.width + _GAP for sheet in sheets) + _GAP
    ground = Image.new("RGB", (wide, high + 2 * _GAP), _GREY)
    left = _GAP
    for sheet in sheets:
        ground.paste(sheet, (left, _GAP))
        left += sheet.width + _GAP
    return ground


def shots(browser: Browser, file: Path) -> Iterator[tuple[str, Image.Image]]:
    with opened(browser, file) as page:
        yield "page", Image.open(BytesIO(page.screenshot()))
    with opened(browser, file, "#compare", color="dark") as page:
        yield "page-units", Image.open(BytesIO(page.screenshot()))
    with opened(browser, file, "#all") as page:
        page.locator("#find").fill("问题")
        page.locator("#figures tbody tr:visible td.number a").first.click()
        page.locator("article.found summary").click()
        yield "page-source", Image.open(BytesIO(page.screenshot()))
    with opened(browser, file, size="phone") as page:
        yield "page-phone", Image.open(BytesIO(page.screenshot()))


def save(path: Path, drawn: Image.Image) -> None:
    """With as many colours as stay under the limit."""
    scale = min(1.0, WIDTH / drawn.width)
    size = (round(drawn.width * scale), round(drawn.height * scale))
    small = drawn.convert("RGB").resize(size, Image.Resampling.LANCZOS)
    for colours in (64, 32, 16, 8):
        buffer = BytesIO()
        small.quantize(colours, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
        if buffer.tell() < LIMIT:
            break
    path.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
