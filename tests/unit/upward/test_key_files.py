"""Key files that are proven and yet say what no unit is called, or no key is."""

import base64
from pathlib import Path

import pytest
from tests.district import EAST, A, run
from tests.unit.upward.parcels import COMMUNITY, keys_of

from ledgersync.errors import UnreadableFile
from ledgersync.upward.keys.public import KeyFile, read_key_file


def key_file(folder: Path, **said: str) -> Path:
    """Signed by the unit itself, whatever it says."""
    own = keys_of(COMMUNITY)
    public = own.public.changed(**said)
    proof = base64.b64encode(own.signature(public.statement())).decode()
    path = folder / "a.lskey"
    path.write_bytes(KeyFile(public, proof).text().encode("utf-8", "surrogatepass"))
    return path


@pytest.mark.parametrize("name", ["幸福社区", "幸福 社区（东）", "x" * 200])
def test_names_of_units(tmp_path: Path, name: str) -> None:
    assert read_key_file(key_file(tmp_path, name=name)).name == name


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"name": "x" * 201},
        {"name": "幸福\n社区"},
        {"name": "幸福\x00社区"},
        {"name": "幸福\x7f社区"},
        {"encrypt": "age1" + "q" * 58},
    ],
)
def test_what_is_no_name_or_no_key_is_no_key_file(tmp_path: Path, said: dict[str, str]) -> None:
    with pytest.raises(UnreadableFile, match="不是公钥文件"):
        read_key_file(key_file(tmp_path, **said))


def test_a_lone_surrogate_is_no_name(tmp_path: Path) -> None:
    path = key_file(tmp_path, name="幸福\ud800")
    path.write_bytes(
        path.read_bytes().replace("\ud800".encode("utf-8", "surrogatepass"), b"\\ud800")
    )
    with pytest.raises(UnreadableFile, match="不是公钥文件"):
        read_key_file(path)


def test_a_grant_stays_in_the_workspace(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    street = tmp_path / "deep" / "street"
    run("init", street, "--name", "东门街道", "--code", EAST, "--level", "street")
    assert run("-C", street, "keys", "init") == 0
    (street / "授权-a").mkdir()
    assert run("-C", street, "keys", "trust", A, key_file(tmp_path, name="a/../../../b")) == 0
    assert run("-C", street, "keys", "grant", A) == 0
    assert [p.parent for p in tmp_path.rglob("*.lskey") if p.name != "a.lskey"] == [street]
