"""The page as people use it: a real Chromium, offline, by mouse and by keyboard alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from tests.browser import chromium, opened
from tests.district import DISTRICT as OFFICE
from tests.district import EAST, A, B, C
from tests.unit.report.small import page_of, small_district

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("chromium")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return page_of(small_district(tmp_path_factory.mktemp("district")))


@pytest.fixture(scope="module")
def file(made: dict[str, Any]) -> Path:
    return Path(made["files"][0]["path"])


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def text(page: Page, anchor: str) -> str:
    return page.locator(f"[id='{anchor}']").inner_text()


EVERY_NUMBER = """anchors => anchors.map(name => {
    location.hash = "";
    history.replaceState(null, "", "#" + encodeURIComponent(name));
    dispatchEvent(new HashChangeEvent("hashchange"));
    const found = document.getElementById(name);
    return found && found.getClientRects().length ? found.textContent : null;
})"""


def test_every_number_is_to_be_seen_at_its_anchor(
    browser: Browser, file: Path, made: dict[str, Any]
) -> None:
    numbers = {n["anchor"]: n["text"] for n in made["numbers"]}
    with opened(browser, file) as page:
        shown = dict(zip(numbers, page.evaluate(EVERY_NUMBER, list(numbers)), strict=True))
    assert len(numbers) > 800
    assert shown == numbers


CONTRAST = {"runOnly": ["color-contrast"]}


@pytest.mark.parametrize(
    ("size", "color", "rules"),
    [("desk", "light", {}), ("phone", "dark", {}), ("desk", "dark", CONTRAST)],
)
def test_axe_finds_nothing(
    browser: Browser, file: Path, size: str, color: str, rules: dict[str, Any]
) -> None:
    with opened(browser, file, f"#now.{A}.visits_made", size, color) as page:
        found = Axe().run(page, options={"resultTypes": ["violations"], **rules})
        assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_nothing_is_wider_than_the_window(browser: Browser, file: Path, size: str) -> None:
    with opened(browser, file, size=size) as page:
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0


def test_down_to_a_community_and_back_by_mouse(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        page.locator("#path").get_by_text("东门街道").click()
        page.locator("#path").get_by_text("幸福社区").click()
        assert text(page, f"head-now.{A}.visits_made") == "30"
        assert page.locator("#all-title .whose").inner_text() == "幸福社区"
        assert page.locator("#course .fixed").inner_text() == "章贡区"
        assert "走势是填报单位的" in page.locator("#course-of").inner_text()
        page.locator("#path").get_by_text("章贡区").click()
        assert text(page, f"now.{OFFICE}.visits_made") == "42"
        assert not page.locator("#course-of").is_visible()
        page.locator("#unit").select_option(label="　　和平社区")
        assert page.locator("#state").inner_text() == "缺报"
        assert text(page, f"now.{C}.visits_made") == "缺报"


def test_units_are_compared_sorted_and_opened(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        page.locator("#of").select_option(label="走访户次（户次）")
        page.locator("#level").select_option("社区")
        page.locator("#compared").get_by_role("button", name="本期").click()
        rows = page.locator("#compared tbody tr:visible th").all_inner_texts()
        assert rows == ["合计", "幸福社区", "光明社区", "和平社区"]
        assert page.locator("#compared th[aria-sort]").get_attribute("aria-sort") == "descending"
        widths = page.locator("#compared tr:visible rect").evaluate_all(
            "all => all.map(each => Number(each.getAttribute('width')))"
        )
        assert widths == [100, 40, 0]
        page.locator("#compared").get_by_role("link", name="光明社区").click()
        assert text(page, f"head-now.{B}.visits_made") == "12"


def test_a_table_is_filtered_by_word_and_ledger(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        page.locator("#find").fill("办结")
        names = page.locator("#figures tbody tr:visible th").all_inner_texts()
        assert "本期办结" in names and all("办结" in name for name in names[:2])
        assert page.locator("#count").inner_text().startswith(f"列出 {len(names)} 项，共 ")
        page.locator("#find").fill("")
        page.locator("#ledger").select_option(label="低保")
        ledgers = page.locator("#figures tbody tr:visible td:nth-child(2)").all_inner_texts()
        assert set(ledgers) == {"低保"}


def test_a_number_leads_to_its_meaning_and_its_trace(browser: Browser, file: Path) -> None:
    with opened(browser, file, f"#unit.{EAST}") as page:
        page.locator(f"[id='now.{EAST}.visits_made']").click()
        meaning = page.locator("[id='def.visits_made']")
        said = meaning.locator(".asked").inner_text()
        assert said == (
            "东门街道，走访户次，本期：42。追到行：ledgersync trace --number "
            f"'看板-章贡区-2022H1.html#now.{EAST}.visits_made'"
        )
        meaning.locator("summary").click()
        assert meaning.get_by_text("走访台账.xlsx").first.is_visible()


def press(page: Page, key: str, until: str, limit: int = 80) -> None:
    """A key, until what has the focus says this."""
    for _ in range(limit):
        page.keyboard.press(key)
        named = page.evaluate("(document.activeElement.id || document.activeElement.innerText)")
        if named.strip() == until:
            return
    raise AssertionError(f"{until} is not reached with {key}")


def test_a_whole_visit_by_keyboard_alone(browser: Browser, file: Path) -> None:
    with opened(browser, file) as page:
        press(page, "Tab", "unit")
        page.keyboard.type("章")
        page.keyboard.press("ArrowDown")
        assert page.locator("#all-title .whose").inner_text() == "东门街道"
        press(page, "Tab", "theme")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        assert page.locator("html").get_attribute("data-theme") == "dark"
        press(page, "Tab", "光明社区")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.innerText") == "光明社区"
        press(page, "Tab", "find")
        page.keyboard.type("走访户次")
        press(page, "Tab", "走访户次")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "def.visits_made"
        assert "12" in page.locator("[id='def.visits_made'] .asked").inner_text()
        press(page, "Tab", "数据出处：走访户次")
        page.keyboard.press("Enter")
        assert page.locator("[id='def.visits_made'] details").get_attribute("open") is not None


def test_on_paper_it_is_light_and_without_controls(browser: Browser, file: Path) -> None:
    with opened(browser, file, color="dark") as page:
        page.emulate_media(media="print")
        for name in ("#unit", "#find", ".menu", "#path"):
            assert not page.locator(name).is_visible()
        color = page.evaluate("getComputedStyle(document.querySelector('section')).backgroundColor")
        assert color == "rgb(255, 255, 255)"
        assert page.locator(f"[id='now.{OFFICE}.visits_made']").is_visible()
        assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_without_script_the_office_s_own_figures_stand(browser: Browser, file: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(file.as_uri())
    assert text(page, f"now.{OFFICE}.visits_made") == "42"
    assert not page.locator("#unit").is_visible()
    context.close()
