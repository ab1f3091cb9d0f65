"""Packages that travel by themselves: folders that come and go, a real SMTP server, receipts."""

import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.district import EAST, A, B
from tests.upward import Unit, Units

from ledgersync.upward import delivery
from ledgersync.upward.office import office_session
from ledgersync.watch.package_rounds import PackageRounds
from ledgersync.workspace import Workspace, clock

pytestmark = pytest.mark.usefixtures("july_day")


def configure(unit: Unit, text: str) -> None:
    toml = unit.root / "ledgersync.toml"
    toml.write_text(f"{toml.read_text('utf-8')}\n{text}\n", "utf-8")


def by_folder(units: Units, share: Path) -> None:
    """Up into the street's `units/inbox`, back into a folder on a share."""
    up, back = units[EAST].root / "units" / "inbox", share / "back"
    configure(units[A], f'[[delivery]]\nname = "街道"\nkind = "folder"\npath = "{up}"')
    configure(units[A], f'[paths]\nextra_inbox = ["{back}"]')
    text = f'[[delivery]]\nname = "幸福"\nkind = "folder"\nunit = "{A}"\npath = "{back}"'
    configure(units[EAST], text)


def rounds(unit: Unit, said: list[str]) -> PackageRounds:
    return PackageRounds(Workspace.open(unit.root), lambda told: said.append(told.zh))


def later(unit: Unit, minutes: int) -> list[delivery.Handed]:
    from datetime import timedelta

    with office_session(Workspace.open(unit.root), "test") as office:
        return delivery.deliver(office, clock.now() + timedelta(minutes=minutes))


def test_a_folder_that_comes_back_and_a_receipt(units: Units, tmp_path: Path) -> None:
    share, street, community = tmp_path / "share", units[EAST], units[A]
    by_folder(units, share)
    community.submit()
    status = community.told("status")
    assert [(d["target"], d["tries"]) for d in status["deliveries"]] == [("街道", 1)]
    assert "不在" in status["deliveries"][0]["fault"]
    assert later(community, 1) == []  # not yet
    inbox = street.root / "units" / "inbox"
    inbox.mkdir(parents=True)
    assert [h.fault for h in later(community, 10)] == [None]
    assert later(community, 10_000) == []  # never twice
    assert community.told("status")["deliveries"] == []
    said: list[str] = []
    watching = rounds(street, said)
    assert watching.round() == []  # the file has to rest first
    assert [r.status for r in watching.round()] == ["accepted"]
    assert list(inbox.iterdir()) == [] and watching.round() == []
    (share / "back").mkdir(parents=True)
    assert [h.fault for h in later(street, 10_000)] == [None]
    assert community.run("receive") == 0
    assert community.told("status")["receipts"] == [
        {
            "office": f"{EAST}000",
            "period": "2022-06",
            "version": 1,
            "status": "accepted",
            "reason": None,
        }
    ]
    assert list((share / "back").iterdir()) == []


def test_refused_ones_stay_and_are_answered(units: Units, tmp_path: Path) -> None:
    share, street, community = tmp_path / "share", units[EAST], units[A]
    by_folder(units, share)
    (share / "back").mkdir(parents=True)
    inbox = street.root / "units" / "inbox"
    inbox.mkdir(parents=True)
    first = community.submit()
    community.submit()
    (inbox / first.name).rename(tmp_path / first.name)
    assert street.run("receive") == 0
    (tmp_path / first.name).rename(inbox / first.name)
    (inbox / "坏的.lsp").write_bytes(b"no package at all")
    said: list[str] = []
    watching = rounds(street, said)
    watching.round()
    found = {r.file.name: r.reason for r in watching.round()}
    assert found == {first.name: "older_version", "坏的.lsp": "unreadable"}
    assert watching.round() == [] and {p.name for p in inbox.iterdir()} == set(found)
    assert sum("没有收" in text for text in said) == 2
    assert community.run("receive") == 0
    receipts = {r["version"]: r["status"] for r in community.told("status")["receipts"]}
    assert receipts[1] == "refused"
    assert community.run("status") == 0  # the latest version was taken
    assert "上级没有收 2022-06 第 1 版" in community.capsys.readouterr().out


class Mailbox:
    """A server that refuses the first letters, and keeps the others."""

    def __init__(self, refusing: int) -> None:
        self.refusing, self.letters = refusing, list[EmailMessage]()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refusing > 0:
            self.refusing -= 1
            return "451 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        self.letters.append(message_from_bytes(content, policy=default))  # type: ignore[arg-type]
        return "250 OK"


@pytest.fixture
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box = Mailbox(refusing=2)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def test_by_mail_refused_twice_then_once(
    units: Units, tmp_path: Path, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    configure(
        units[A],
        f'[[delivery]]\nname = "邮件"\nkind = "mail"\nhost = "127.0.0.1"\nport = {port}\n'
        'security = "none"\nfrom = "a@example.org"\nto = "street@example.org"',
    )
    package = units[A].submit()
    assert box.letters == []
    waiting = units[A].told("status")["deliveries"]
    assert waiting[0]["tries"] == 1 and "邮件没有发出" in waiting[0]["fault"]
    assert [h.fault is None for h in later(units[A], 6)] == [False]
    assert later(units[A], 7) == []  # the pause grows
    assert [h.fault is None for h in later(units[A], 30)] == [True]
    assert later(units[A], 10_000) == []
    assert len(box.letters) == 1
    letter = box.letters[0]
    attachment = next(letter.iter_attachments())
    assert attachment.get_filename() == package.name
    got = tmp_path / "附件.lsp"
    got.write_bytes(attachment.get_payload(decode=True))  # type: ignore[arg-type]
    assert got.read_bytes() == package.read_bytes()
    assert units[EAST].receive(got)[0]["status"] == "accepted"


def test_nobody_there_and_no_password(
    units: Units, monkeypatch: pytest.MonkeyPatch, mailbox: tuple[Mailbox, int]
) -> None:
    box, port = mailbox
    text = '[[delivery]]\nname = "{}"\nkind = "mail"\nhost = "127.0.0.1"\nport = {}\n'
    text += 'security = "none"\nfrom = "a@example.org"\nto = "s@example.org"\n'
    configure(units[A], text.format("没人", 9) + text.format("没密码", port) + 'user = "a"')
    monkeypatch.setitem(__import__("sys").modules, "keyring", None)
    units[A].submit()
    faults = {d["target"]: d["fault"] for d in units[A].told("status")["deliveries"]}
    assert set(faults) == {"没人", "没密码"} and "密码" in faults["没密码"]
    assert box.letters == []
    configure(units[B] if B in units else units[A], '[[delivery]]\nname = "x"\nkind = "mail"')
    assert units[A].run("status") == 4
    assert "要写 host、from、to" in units[A].capsys.readouterr().err


def test_watch_once_takes_packages_in(units: Units) -> None:
    inbox = units[EAST].root / "units" / "inbox"
    inbox.mkdir(parents=True)
    package = units[A].submit()
    (inbox / package.name).write_bytes(package.read_bytes())
    units[EAST].run("watch", "--once")
    assert list(inbox.iterdir()) == []
    told = units[EAST].told("review", "--period", "2022-06")
    assert [(u["unit"], u["state"]) for u in told["units"]] == [(A, "submitted"), (B, "missing")]
