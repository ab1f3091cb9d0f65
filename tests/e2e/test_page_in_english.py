"""The page in English: everything that the program says, and back to Chinese as it was."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.browser import chromium, opened
from tests.district import EAST, A
from tests.unit.report.small import page_of, small_district

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium")]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made: dict[str, Any] = page_of(small_district(tmp_path_factory.mktemp("district")))
    return Path(made["files"][0]["path"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


CHINESE = """() => {
    const names = JSON.parse(document.getElementById("data").textContent).units.map(u => u.name);
    const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = new Set();
    while (walk.nextNode()) {
        const at = walk.currentNode.parentElement;
        if (at.closest("script, #language, dd, h3, .asked code, #meanings td")) continue;
        let text = walk.currentNode.data.trim();
        for (const name of names) text = text.split(name).join("");
        text = text.replace(/[^ ,(]+ \\([^ ()]+\\)/g, "");
        text = text.replace(/[\\u3400-\\u9fff]+台账(?= |$)/g, "");
        if (/[\\u3400-\\u9fff\\uff00-\\uffef]/.test(text)) found.add(text);
    }
    return Array.from(found);
}"""
WHOLE = "document.body.innerText + document.body.innerHTML"


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_what_is_chinese_then_is_a_name(browser: Browser, file: Path, size: str) -> None:
    """Units, and indicators and ledgers beside their translation or id; nothing else."""
    with opened(browser, file, f"#unit.{EAST}", size) as page:
        page.locator("#language").click()
        assert (chinese := page.evaluate(CHINESE)) == [], chinese
        page.locator("#unit").select_option(index=2)
        page.locator("#find").fill("visits_made")
        assert page.evaluate(CHINESE) == []
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.locator("html").get_attribute("lang") == "en"
        assert "board of community work" in page.title()


@pytest.mark.parametrize(("size", "color"), [("desk", "light"), ("phone", "dark")])
def test_axe_finds_nothing(browser: Browser, file: Path, size: str, color: str) -> None:
    with opened(browser, file, f"#now.{A}.visits_made", size, color) as page:
        page.locator("#language").click()
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        assert found.violations_count == 0, found.generate_report()


def row(page: Page) -> list[str]:
    found = page.locator("#figures tbody tr:visible").first
    return found.locator("th, td").all_inner_texts()


def test_by_keyboard_there_and_back(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        before = page.evaluate(WHOLE)
        page.locator("#language").focus()
        page.keyboard.press("Enter")
        page.locator("#find").fill("visits_made")
        assert row(page)[0] == "走访户次 (visits_made)"
        assert row(page)[2] == "visits"
        page.locator("#find").fill("")
        page.locator("#language").focus()
        page.keyboard.press("Enter")
        assert page.evaluate(WHOLE) == before


def test_units_are_chosen_and_compared_in_it(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        page.locator("#language").click()
        page.locator("#path").get_by_text("东门街道").click()
        assert page.locator("#said").inner_text() == "Now showing: 东门街道"
        state = page.locator(".state").inner_text()
        assert state == "Completeness: units with something missing: 2"
        page.locator("#level").select_option(label="community")
        names = page.locator("#compared tbody tr:visible th").all_inner_texts()
        assert names == ["Total", "幸福社区", "光明社区"]
        page.locator(f"[id='now.{EAST}.visits_made']").click()
        asked = page.locator("[id='def.visits_made'] .asked").inner_text()
        assert asked.startswith("东门街道, 走访户次 (visits_made), This period: 42. Its rows: ")
        page.locator("#path").get_by_text("光明社区").click()
        page.locator("#theme").click()
        assert page.locator("#theme").inner_text() == "Colours: light"
