"""The example in docs/ledger-toml.md is a ledger that works."""

import re
from pathlib import Path

from ledgersync.schema import load_catalog

PAGE = Path(__file__).resolve().parents[3] / "docs" / "ledger-toml.md"


def test_the_documented_ledger_is_valid(tmp_path: Path) -> None:
    [text] = re.findall(r"```toml\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    (tmp_path / "patrol.toml").write_text(text, encoding="utf-8")
    ledger = load_catalog([tmp_path]).ledger("巡查")
    assert [f.id for f in ledger.tables[0].fields] == ["round_no", "date", "kind", "hazards"]
    assert [i.id for i in ledger.indicators] == ["patrols"]
