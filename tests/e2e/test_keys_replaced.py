"""Keys that were lost or replaced: what is refused then, what still holds, what to do next."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from tests.district import EAST, A, values, visits
from tests.upward import Unit, Units

from ledgersync.workspace import Workspace

JUNE = ("--period", "2022-06")


pytestmark = pytest.mark.usefixtures("july_day")


def status(unit: Unit, file: Path) -> tuple[object, object]:
    [told] = unit.receive(file)
    return told["status"], told["reason"]


def lose(unit: Unit, name: str = "own.json") -> Path:
    """The file of keys, away from where the program looks for it."""
    path = Workspace.open(unit.root).keys / name
    return path.rename(path.with_suffix(".away"))


def test_a_community_that_replaces_its_keys(units: Units, tmp_path: Path) -> None:
    """Until the street believes the new ones nothing new comes in; what came in stays."""
    street, community = units[EAST], units[A]
    first = community.submit()
    assert status(street, first) == ("accepted", None)
    old = community.public().read_bytes()
    held_back = community.submit("2022-05")  # signed with the old keys, on a stick somewhere

    community.capsys.readouterr()
    assert community.run("keys", "init", "--replace") == 0
    assert "上级重新 keys trust" in community.capsys.readouterr().out
    community.fill(visits("2022-06-01", "2022-06-02", "2022-06-03"))
    second = community.submit()
    [told] = street.receive(second)
    assert (told["status"], told["reason"]) == ("refused", "unknown_sender")
    assert street.run("receive", second) == 1
    assert "keys trust" in street.capsys.readouterr().err
    assert values(street.told("rollup", *JUNE), "visits_made")[A] == 2

    replaced = street.run("keys", "trust", A, community.public())
    assert replaced == 0 and "已换掉" in street.capsys.readouterr().out
    assert status(street, second) == ("accepted", None)
    assert values(street.told("rollup", *JUNE), "visits_made")[A] == 3
    assert status(street, first) == ("duplicate", None), "it came when its key was believed"
    assert status(street, held_back) == ("refused", "unknown_sender")
    assert street.run("verify") == 0

    outdated = tmp_path / "old.lskey"
    outdated.write_bytes(old)
    assert street.run("keys", "grant", A, "-o", tmp_path / "grant.lskey") == 0
    assert community.run("keys", "trust", EAST, tmp_path / "grant.lskey") == 0
    assert street.run("keys", "trust", A, outdated) == 0, "a person may go back"
    assert street.run("keys", "grant", A, "-o", tmp_path / "former.lskey") == 0
    assert community.run("keys", "trust", EAST, tmp_path / "former.lskey") == 0, "it still opens"


def test_a_street_that_replaces_its_keys(units: Units, tmp_path: Path) -> None:
    """Packages sealed for the old ones still open; its own letters are believed once it is."""
    street, community = units[EAST], units[A]
    assert street.run("keys", "init", "--replace") == 0
    assert status(street, community.submit()) == ("accepted", None)
    said = ("review", A, *JUNE, "--return", "户次偏少")
    letter = Path(street.told(*said)["letter"])
    assert status(community, letter) == ("refused", "unknown_sender")
    assert community.run("keys", "trust", EAST, street.public()) == 0
    assert status(community, letter) == ("accepted", None)
    assert status(street, community.submit()) == ("accepted", None)


def test_lost_keys_let_nothing_out_unsigned(units: Units) -> None:
    """Somebody else is logged in, or the folder was copied to another computer."""
    street, community = units[EAST], units[A]
    sealed = community.submit()
    away = lose(community)
    for command in (("submit", *JUNE), ("keys", "init"), ("keys", "show")):
        told = community.told(*command)
        assert told["exit"] != 0 and "密钥不见了" in told["message"], command
        assert "2022-07-05" in told["message"] and "--replace" in told["next_step"]
    away.rename(away.with_suffix(".json"))
    assert status(street, community.submit()) == ("accepted", None)

    lose(street)
    told = street.told("receive", sealed)
    assert told["exit"] != 0 and "密钥不见了" in told["message"]
    assert street.run("keys", "init", "--replace") == 0
    [told] = street.receive(sealed)
    assert (told["status"], told["reason"]) == ("refused", "wrong_recipient")
    assert "打不开" in told["message"], "the keys that opened it are gone for good"
    assert community.run("keys", "trust", EAST, street.public()) == 0
    assert status(street, community.submit()) == ("accepted", None)


def test_a_damaged_file_of_keys_says_so(units: Units) -> None:
    community = units[A]
    (Workspace.open(community.root).keys / "own.json").write_text("{", "utf-8")
    told = community.told("submit", *JUNE)
    assert told["exit"] != 0 and "已损坏" in told["message"] and "--replace" in told["next_step"]
    assert community.run("keys", "init", "--replace") == 0
    assert units[EAST].run("keys", "trust", A, community.public()) == 0
    assert status(units[EAST], community.submit()) == ("accepted", None)


class Ring(KeyringBackend):
    """A keyring of this process."""

    priority = 1.0  # type: ignore[assignment]

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, made = keyring.get_keyring(), Ring()
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_keys_in_the_systems_keyring(units: Units, ring: Ring) -> None:
    """No file holds them; without the session that has the keyring nothing goes out."""
    street, community = units[EAST], units[A]
    assert community.run("keys", "init", "--replace", "--keyring") == 0
    assert "钥匙串" in community.capsys.readouterr().out
    [secret] = ring.kept.values()
    kept = (Workspace.open(community.root).keys / "own.json").read_text("utf-8")
    assert json.loads(secret)["sign"] not in kept and "keyring" in kept
    assert street.run("keys", "trust", A, community.public()) == 0
    assert status(street, community.submit()) == ("accepted", None)

    keyring.set_keyring(fail.Keyring())
    told = community.told("submit", *JUNE)
    assert told["exit"] != 0 and "读不到" in told["message"] and "--replace" in told["next_step"]
    told = community.told("keys", "init", "--replace", "--keyring")
    assert told["exit"] == 2 and "没有存住" in told["message"]
    keyring.set_keyring(ring)
    assert status(street, community.submit()) == ("accepted", None), "nothing was replaced"
    assert community.run("keys", "init", "--replace") == 0
    assert street.run("keys", "trust", A, community.public()) == 0
    assert status(street, community.submit()) == ("accepted", None)


def test_without_the_library_it_says_what_to_install(
    units: Units, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    told = units[A].told("keys", "init", "--replace", "--keyring")
    assert told["exit"] == 2 and "ledgersync[keyring]" in told["next_step"]
    assert status(units[EAST], units[A].submit()) == ("accepted", None)
