"""Keys by the commands: made once, shown, granted, believed, replaced."""

import json
import stat
from pathlib import Path

import pytest
from tests.district import DISTRICT, EAST, A, run

from ledgersync.upward.keys.own import own_keys
from ledgersync.workspace import Workspace


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def units(tmp_path: Path) -> dict[str, Path]:
    """A street and a community of it, both with keys."""
    folders = {EAST: tmp_path / "street", A: tmp_path / "community"}
    for code, level, name in ((EAST, "street", "东门街道"), (A, "community", "幸福社区")):
        run("init", folders[code], "--name", name, "--code", code, "--level", level)
        assert run("-C", folders[code], "keys", "init") == 0
    return folders


def document(capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, str]:
    capsys.readouterr()
    assert run(*arguments, "--json") == 0
    found: dict[str, str] = json.loads(capsys.readouterr().out)
    return found


def test_private_keys_are_the_owners_only_and_not_in_the_workspace(
    units: dict[str, Path], tmp_path: Path
) -> None:
    files = [p for p in (tmp_path / "state").rglob("*") if p.is_file()]
    assert [p.name for p in files] == ["own.json", "own.json"]
    assert {stat.S_IMODE(p.stat().st_mode) for p in files} == {0o600}
    assert {stat.S_IMODE(p.parent.stat().st_mode) for p in files} == {0o700}
    secret = json.loads(files[0].read_text())["encrypt"]
    for path in units[EAST].rglob("*"):
        assert not path.is_file() or secret.encode() not in path.read_bytes()


def test_state_elsewhere_holds_the_keys(tmp_path: Path) -> None:
    run("init", tmp_path / "c", "--name", "幸福社区", "--code", A, "--level", "community")
    toml = tmp_path / "c" / "ledgersync.toml"
    elsewhere = tmp_path / "elsewhere"
    (tmp_path / "c" / ".ledgersync").rename(elsewhere)
    toml.write_text(toml.read_text("utf-8") + f'\n[paths]\nstate = "{elsewhere}"\n', "utf-8")
    assert run("-C", tmp_path / "c", "keys", "init") == 0
    assert stat.S_IMODE((elsewhere / "keys" / "own.json").stat().st_mode) == 0o600


def test_made_once_and_replaced_on_purpose(
    units: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    workspace = Workspace.open(units[A])
    first = own_keys(workspace.keys, workspace.unit)
    assert first is not None
    assert run("-C", units[A], "keys", "init") == 2
    assert own_keys(workspace.keys, workspace.unit) == first
    shown = document(capsys, "-C", units[A], "keys", "init", "--replace")
    second = own_keys(workspace.keys, workspace.unit)
    assert second is not None
    assert shown["fingerprint"] == second.public.fingerprint != first.public.fingerprint
    assert second.former == (first.encrypt,)


def test_grant_is_for_one_unit_and_matches_across_units(
    units: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    public, granted = tmp_path / "a.lskey", tmp_path / "grant.lskey"
    shown = document(capsys, "-C", units[A], "keys", "show", "-o", public)
    assert shown["unit"] == A and shown["file"] == str(public)
    assert run("-C", units[EAST], "keys", "grant", A, "-o", granted) == 2  # not yet believed
    believed = document(capsys, "-C", units[EAST], "keys", "trust", A, public)
    assert believed["fingerprint"] == shown["fingerprint"]
    document(capsys, "-C", units[EAST], "keys", "grant", A, "-o", granted)
    key = next((tmp_path / "state").rglob("matching.key")).read_text().strip()
    assert key not in granted.read_text("utf-8")
    document(capsys, "-C", units[A], "keys", "trust", "东门街道", granted)
    kept = next((tmp_path / "state").rglob("granted.key"))
    assert kept.read_text().strip() == key
    kept.write_text("damaged")
    document(capsys, "-C", units[A], "keys", "trust", "东门街道", granted)
    assert kept.read_text().strip() == key
    other = tmp_path / "other"
    run("init", other, "--name", "光明社区", "--code", "360702001002", "--level", "community")
    run("-C", other, "keys", "init")
    capsys.readouterr()
    assert run("-C", other, "keys", "trust", EAST, granted) == 2
    assert "不是给本单位" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("unit", "change", "code", "words"),
    [
        (A, lambda text: text.replace("幸福", "光明"), 3, "被改动过"),
        (A, lambda text: text[:-40], 3, "不是公钥文件"),
        (A, lambda text: "[" * 50_000, 3, "不是公钥文件"),
        ("360702001002", lambda text: text, 2, "不是 360702001002 的"),
    ],
)
def test_a_public_part_that_was_changed_or_is_anothers(
    units: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    unit: str,
    change: object,
    code: int,
    words: str,
) -> None:
    public = tmp_path / "a.lskey"
    run("-C", units[A], "keys", "show", "-o", public)
    public.write_text(change(public.read_text("utf-8")), "utf-8")  # type: ignore[operator]
    capsys.readouterr()
    assert run("-C", units[EAST], "keys", "trust", unit, public) == code
    assert words in capsys.readouterr().err


def test_nobody_grants_to_a_unit_that_is_not_below(
    units: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("-C", units[A], "keys", "grant", EAST) == 2
    assert run("-C", units[EAST], "keys", "grant", DISTRICT) == 2
    own = tmp_path / "own.lskey"
    run("-C", units[EAST], "keys", "show", "-o", own)
    assert run("-C", units[EAST], "keys", "trust", EAST, own) == 2
    assert "自己的公钥" in capsys.readouterr().err
