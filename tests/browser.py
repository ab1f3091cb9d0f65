"""Debian's Chromium, offline, driven by Playwright, for tests of pages."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

SIZES = {"desk": (1366, 768), "phone": (390, 844)}


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser; the caller opens pages in it."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser, file: Path, place: str = "", size: str = "desk", color: str = "light"
) -> Iterator[Page]:
    """A file in a window of its own; whatever it asks for or complains about is a failure."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=color,  # type: ignore[arg-type]
        offline=True,
        has_touch=size == "phone",
    )
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda said: trouble.append(said.text))
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.on("request", lambda r: trouble.append(r.url) if not r.url.startswith("file:") else None)
    page.goto(file.as_uri() + place)
    try:
        yield page
    finally:
        context.close()
    assert trouble == []
