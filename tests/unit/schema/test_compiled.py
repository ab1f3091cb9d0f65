"""Ledgers that open fast say what their TOML says."""

import json
from pathlib import Path

import pytest

from ledgersync.schema import catalog, load_catalog
from ledgersync.schema.catalog import parse_ledger
from ledgersync.schema.compiled import FOLDER, compile_ledgers, compiled_data, text_hash
from ledgersync.schema.faults import toml_data


def texts() -> dict[str, str]:
    return {path.stem: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.toml")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in texts().items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_every_packaged_ledger_is_compiled_as_it_is(folder: Path) -> None:
    compile_ledgers(folder)
    found = compiled_data(folder)
    assert len(found) == len(texts()) == len(list(load_catalog()))
    for name, text in texts().items():
        assert repr(found[text_hash(text)]) == repr(toml_data(text)), "numbers keep their kind"
        assert parse_ledger(text, name, found[text_hash(text)]) == parse_ledger(text, name)


def test_another_text_is_parsed(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def counting(text: str) -> dict[str, object]:
        parsed.append(text)
        return toml_data(text)

    compile_ledgers(folder)
    found = compiled_data(folder)
    monkeypatch.setattr(catalog, "toml_data", counting)
    text = texts()["dibao"]
    parse_ledger(text, "dibao.toml", found.get(text_hash(text)))
    assert not parsed
    changed = text.replace("低保", "特困", 1)
    parse_ledger(changed, "dibao.toml", found.get(text_hash(changed)))
    assert parsed == [changed]


@pytest.mark.parametrize("content", [None, "", "[]", "{", "\x00"])
def test_what_is_not_whole_is_none(content: str | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "compiled.json").write_text(content, encoding="utf-8")
    assert compiled_data(tmp_path) == {}


def test_what_json_cannot_hold_stays_toml(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("day = 2022-06-30\n", encoding="utf-8")
    compile_ledgers(tmp_path)
    assert json.loads((tmp_path / "compiled.json").read_text(encoding="utf-8")) == {}
