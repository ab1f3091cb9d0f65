"""The page as a file: whole, closed in itself, every figure once, nobody named."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from tests.district import DISTRICT as OFFICE
from tests.district import EAST, WEST, A, B, C
from tests.unit.report.small import page_of, small_district

from ledgersync.report.marks import STATES


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return page_of(small_district(tmp_path_factory.mktemp("district")))


@pytest.fixture(scope="module")
def file(made: dict[str, Any]) -> Path:
    (one,) = made["files"]
    assert one["format"] == "html"
    return Path(one["path"])


@pytest.fixture(scope="module")
def page(file: Path) -> Any:
    return html.parse(str(file)).getroot()


def block(page: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(page.get_element_by_id("data").text)
    return found


def test_it_is_one_file_of_the_unit_and_period(file: Path) -> None:
    assert file.name == "看板-章贡区-2022H1.html"
    assert file.stat().st_size < 2_000_000
    assert file.stat().st_mode & 0o077 == 0


def test_nothing_is_loaded_and_nothing_else_may_run(page: Any) -> None:
    (policy,) = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert page.xpath("//@src | //link | //@style | //*[@onclick] | //iframe | //form") == []
    assert all(href.startswith("#") for href in page.xpath("//@href"))
    text = html.tostring(page, encoding="unicode")
    assert "http:" not in text and "https:" not in text and "url(" not in text


def test_every_id_stands_once_and_every_link_leads_somewhere(page: Any) -> None:
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    units = {f"unit.{unit['code']}" for unit in block(page)["units"]}
    assert {href[1:] for href in page.xpath("//@href")} <= {*ids, *units}


def test_every_figure_that_stands_in_the_file_is_a_number(page: Any, made: dict[str, Any]) -> None:
    numbers = {n["anchor"]: n for n in made["numbers"]}
    assert len(numbers) == len(made["numbers"])
    drawn = {e.get("id"): e.text for e in page.xpath("//*[contains(@id, '.')][not(*)]")}
    with_digits = {a for a, text in drawn.items() if re.fullmatch(r"[-+]?[\d,.]+%?\D{0,4}", text)}
    assert with_digits and with_digits <= set(numbers)
    for name in set(drawn) & set(numbers):
        assert drawn[name] == numbers[name]["text"]


def test_numbers_carry_their_roles(made: dict[str, Any]) -> None:
    numbers = {n["anchor"]: n for n in made["numbers"]}
    assert numbers[f"now.{A}.visits_made"]["value"] == 30
    base = numbers[f"base.{OFFICE}.visits_made"]
    assert (base["role"], base["period"], base["value"]) == ("base", "2021H1", 45)
    rate = numbers[f"yoy.{A}.visits_made"]
    assert (rate["role"], rate["text"], rate["against"]) == ("change_rate", "+20.0%", "2021H1")
    assert f"now.{C}.visits_made" not in numbers
    roles = {n["role"] for n in made["numbers"]}
    assert roles == {"value", "base", "change", "change_rate", "numerator", "denominator"}


def test_the_data_block_holds_what_the_page_shows(page: Any, made: dict[str, Any]) -> None:
    """Names of units and indicators, and the texts of the cells: figures, or words for none."""
    data = block(page)
    assert set(data) == {"file", "columns", "units", "lines", "english", "cells", "notes"}
    assert [u["code"] for u in data["units"]] == [OFFICE, EAST, A, B, WEST, C]
    numbers = {n["anchor"]: n["text"] for n in made["numbers"]}
    words = {"—", "不可比", "*", *(state.zh for state in STATES.values())}
    for unit, rows in zip(data["units"], data["cells"], strict=True):
        for line, cells in zip(data["lines"], rows, strict=True):
            for (column, _), text in zip(data["columns"], cells, strict=False):
                name = f"{column}.{unit['code']}.{line['id']}"
                assert text == numbers[name] if name in numbers else text in words, name


def test_an_indicator_leads_to_its_meaning_and_its_rows(page: Any) -> None:
    (link,) = page.xpath(f"//*[@id='now.{OFFICE}.visits_made']/@href")
    meaning = page.get_element_by_id(link[1:])
    said = meaning.text_content()
    assert "走访日期在期内的走访记录" in said
    assert "trace visits_made --period 2022H1" in said
    assert "走访台账.xlsx" in said and "2-31" in said


def test_of_very_many_places_the_first_ones_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ledgersync.report.page.writer.PLACES_SHOWN", 1)
    page = html.parse(page_of(small_district(tmp_path))["files"][0]["path"]).getroot()
    details = page.get_element_by_id("def.visits_made").find("details")
    assert len(details.xpath(".//tbody/tr")) == 1
    assert "另有 1 处没有列出" in details.text_content()


def test_a_note_is_kept_once_and_all_of_them_are_told(page: Any) -> None:
    data = block(page)
    used = {row[5] for unit in data["cells"] for row in unit if len(row) > 5}
    assert used == set(range(1, len(data["notes"]))) and data["notes"][0] == ""
    assert len(set(data["notes"])) == len(data["notes"])
    told = {
        int(tr.get("data-line")): tr.xpath("string(td[@class='note'])")
        for tr in page.xpath("//table[@id='figures']/tbody/tr")
    }
    for line, row in enumerate(data["cells"][0]):
        assert told[line] == data["notes"][row[5] if len(row) > 5 else 0]


def test_months_in_which_ledgers_were_there_are_told_by_unit(page: Any) -> None:
    (table,) = page.xpath("//table[@class='months']")
    heads = table.xpath("./thead//th/text()")
    assert heads == [
        "单位",
        *(f"2021-{m:02d}" for m in range(7, 13)),
        *(f"2022-{m:02d}" for m in range(1, 7)),
    ]
    rows = {row.xpath("string(th)"): row.xpath("td/text()") for row in table.xpath("./tbody/tr")}
    assert set(rows) == {"幸福社区", "光明社区", "和平社区"}
    assert set(rows["和平社区"]) == {"缺报"} and set(rows["幸福社区"]) == {"部分"}


def test_nobody_is_named_or_located(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    assert not re.search(r"东街|西街|\d+号(?!码)", text)
    assert not re.search(r"\d{17}[\dX]", text)
    (author,) = html.fromstring(text.encode()).xpath("//meta[@name='author']/@content")
    assert author == "章贡区"
