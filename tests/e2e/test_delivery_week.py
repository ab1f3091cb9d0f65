"""A week, machines off, the share gone and mails refused by turns: everything arrives once."""

import socket
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from random import Random

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.district import DISTRICT, EAST, PARENTS, A, B, visits
from tests.upward import Unit, introduce, make_unit

from ledgersync.upward import paper
from ledgersync.upward.making import submitted
from ledgersync.upward.office import office_session
from ledgersync.watch.package_rounds import PackageRounds
from ledgersync.workspace import Workspace
from ledgersync.workspace.unitcodes import full_code

PERIOD, DAYS = "2022-06", [f"2022-07-{day:02d}" for day in range(5, 12)]
LATER = ["2022-07-12", "2022-07-13", "2022-07-14"]
Units = dict[str, Unit]


@pytest.fixture
def units(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Units:
    """Everybody has an inbox on the share, and hands over into the others'."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("LEDGERSYNC_TODAY", DAYS[0])
    monkeypatch.setattr(paper, "office_program", lambda: None)
    below = {DISTRICT: (EAST, A, B), EAST: (A, B), A: (), B: ()}
    made = {code: make_unit(tmp_path, code, capsys, more) for code, more in below.items()}
    introduce(made)
    for code, unit in made.items():
        (tmp_path / "share" / code).mkdir(parents=True)
        text = f'[paths]\nextra_inbox = ["{tmp_path}/share/{code}"]\n'
        if PARENTS.get(code) in made:
            text += _delivery(tmp_path, PARENTS[code])
        for child in made:
            if PARENTS.get(child) == code:
                text += _delivery(tmp_path, child) + f'unit = "{child}"\n'
        toml = unit.root / "ledgersync.toml"
        toml.write_text(f"{toml.read_text('utf-8')}\n{text}", "utf-8")
    made[A].fill(visits("2022-06-01"))
    made[B].fill(visits("2022-06-02"))
    return made


class Mailbox:
    """The street's: what is taken lies in its inbox, as a person saves it there."""

    def __init__(self, inbox: Path, random: Random) -> None:
        self.inbox, self.random, self.refused = inbox, random, 0

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.random.random() < 0.6:
            self.refused += 1
            return "451 try again later"
        content = envelope.content
        assert isinstance(content, bytes)
        letter = message_from_bytes(content, policy=default)
        [attachment] = letter.iter_attachments()  # type: ignore[attr-defined]
        (self.inbox / attachment.get_filename()).write_bytes(attachment.get_payload(decode=True))
        return "250 OK"


@pytest.fixture
def mailbox(units: Units) -> Iterator[Mailbox]:
    """B hands in by mail; what it mails is taken on the street's machine."""
    inbox = units[EAST].root / "units" / "inbox"
    inbox.mkdir(parents=True, exist_ok=True)
    box = Mailbox(inbox, Random(3))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    toml = units[B].root / "ledgersync.toml"
    by_folder = toml.read_text("utf-8")
    head, _, _ = by_folder.partition("\n[[delivery]]")
    by_mail = f'\n[[delivery]]\nname = "邮件"\nkind = "mail"\nhost = "127.0.0.1"\nport = {port}\n'
    by_mail += 'security = "none"\nfrom = "b@example.org"\nto = "s@example.org"\n'
    toml.write_text(head + by_mail, "utf-8")
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box
    controller.stop()


def _delivery(folder: Path, to: str) -> str:
    return f'\n[[delivery]]\nname = "{to}"\nkind = "folder"\npath = "{folder}/share/{to}"\n'


class Machine:
    """What one office's machine does while it is on."""

    def __init__(self, unit: Unit) -> None:
        self.workspace = Workspace.open(unit.root)
        self.said: list[str] = []

    def watch(self) -> None:
        """It has just been switched on: a watcher that knows of nothing before."""
        rounds = PackageRounds(self.workspace, lambda told: self.said.append(told.zh))
        rounds.round()
        rounds.round()

    def submit(self) -> None:
        with office_session(self.workspace, "submit") as office:
            submitted(office, PERIOD)

    def versions(self, sender: str) -> list[int]:
        with office_session(self.workspace, "test", write=False) as office:
            found = office.journal.packages.versions("in", full_code(sender), PERIOD)
            return [p.version for p in found]

    def sent(self) -> list[int]:
        with office_session(self.workspace, "test", write=False) as office:
            return [p.version for p in office.journal.packages.all("out")]

    def faults(self) -> int:
        """Attempts that came to nothing."""
        with office_session(self.workspace, "test", write=False) as office:
            rows = office.journal.connection.execute("SELECT tries - 1 FROM delivery").fetchall()
        return sum(row[0] for row in rows)

    def answers(self) -> Counter[tuple[int, str]]:
        with office_session(self.workspace, "test", write=False) as office:
            assert office.journal.deliveries.waiting() == []
            return Counter((x.version, x.status) for x in office.journal.reviews.letters())


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (2, 4))]
)
def test_everything_arrives_once(
    units: Units, mailbox: Mailbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    random = Random(seed)
    machines = {code: Machine(unit) for code, unit in units.items()}
    share, away = tmp_path / "share", tmp_path / "away"
    for n, day in enumerate(DAYS + LATER):
        monkeypatch.setenv("LEDGERSYNC_TODAY", day)
        is_week = day in DAYS
        is_gone = is_week and random.random() < 0.75
        if is_gone and share.exists():
            share.rename(away)
        elif not is_gone and away.exists():
            away.rename(share)
        order = random.sample(list(machines), len(machines))
        for code in order if is_week else [*order, *order]:
            if is_week and random.random() < 0.4:
                continue  # switched off
            machine = machines[code]
            if code in (A, B) and (not machine.sent() or (code == A and machine.sent() == [1])):
                if code == A and machine.sent():
                    units[A].fill(visits("2022-06-01", "2022-06-09"))
                machine.submit()
            if code == EAST and not machine.sent() and n >= len(DAYS) - 1:
                machine.submit()
            machine.watch()
    assert sum(m.faults() for m in machines.values()), "nothing went wrong, nothing is proved"
    assert mailbox.refused, "no mail was refused"
    assert machines[EAST].versions(A) == [1, 2] and machines[EAST].versions(B) == [1]
    assert machines[DISTRICT].versions(EAST) == [1]
    assert machines[A].answers() == {(1, "accepted"): 1, (2, "accepted"): 1}
    assert machines[B].answers() == machines[EAST].answers() == {(1, "accepted"): 1}
    assert [p for p in share.rglob("*") if p.is_file()] == []
