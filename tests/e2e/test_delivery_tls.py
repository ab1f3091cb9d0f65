"""Mail over TLS and STARTTLS to a real server with its own certificate, and what is refused."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.district import A
from tests.upward import Units

from ledgersync.upward import delivery
from ledgersync.upward.mail import MailFault, send_mail
from ledgersync.upward.office import office_session
from ledgersync.workspace import Workspace, clock
from ledgersync.workspace.config import Delivery

HOST = "127.0.0.1"


pytestmark = pytest.mark.usefixtures("july_day")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of a server that nobody but its own certificate vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    form = serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


class Box:
    """Keeps letters, and whether each came encrypted and from somebody who logged in."""

    def __init__(self) -> None:
        self.came: list[tuple[bool, bool]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert server.transport is not None
        encrypted = session.ssl or server.transport.get_extra_info("ssl_object")
        self.came.append((encrypted is not None, bool(session.authenticated)))
        return "250 OK"


def knows(server: SMTP, session: Session, envelope: Envelope, how: str, who: Any) -> AuthResult:
    """`handled=False`: the server itself answers who is refused, as real ones do at once."""
    is_she = isinstance(who, LoginPassword) and who == LoginPassword(b"a", b"secret")
    return AuthResult(success=is_she, handled=False)


@contextmanager
def server(certificate: Path, way: str) -> Iterator[tuple[Box, int]]:
    box = Box()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    more: dict[str, Any] = {"authenticator": knows}
    if way == "tls":
        more |= {"ssl_context": context, "auth_require_tls": False}
    elif way == "starttls":
        more |= {"tls_context": context, "require_starttls": True, "auth_required": True}
    with socket.socket() as free:
        free.bind((HOST, 0))
        port = free.getsockname()[1]
    controller = Controller(box, hostname=HOST, port=port, **more)
    controller.start()
    try:
        yield box, port
    finally:
        controller.stop()


def submit(units: Units, port: int, way: str) -> list[str | None]:
    """Submits over that way; the faults of what still waits."""
    toml = units[A].root / "ledgersync.toml"
    text = (
        f'\n[[delivery]]\nname = "邮件"\nkind = "mail"\nhost = "{HOST}"\nport = {port}\n'
        f'security = "{way}"\nfrom = "a@example.org"\nto = "s@example.org"\n'
        'user = "a"\npassword_env = "MAIL_PASSWORD"\n'
    )
    toml.write_text(toml.read_text("utf-8") + text, "utf-8")
    units[A].submit()
    return [d["fault"] for d in units[A].told("status")["deliveries"]]


@pytest.mark.parametrize("way", ["tls", "starttls"])
def test_encrypted_and_logged_in(
    units: Units, certificate: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("MAIL_PASSWORD", "secret")
    with server(certificate, way) as (box, port):
        assert submit(units, port, way) == []
        assert box.came == [(True, True)]


@pytest.mark.parametrize(
    ("offered", "way", "password", "known", "said"),
    [
        ("tls", "tls", "secret", False, "证书"),  # nobody vouches for it
        ("starttls", "starttls", "secret", False, "证书"),
        ("none", "starttls", "secret", True, "STARTTLS"),  # not offered: nothing in the clear
        ("starttls", "starttls", "wrong", True, "授权码"),
    ],
)
def test_rather_nothing_than_in_the_clear(
    units: Units,
    certificate: Path,
    monkeypatch: pytest.MonkeyPatch,
    offered: str,
    way: str,
    password: str,
    known: bool,
    said: str,
) -> None:
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("MAIL_PASSWORD", password)
    with server(certificate, offered) as (box, port):
        [fault] = submit(units, port, way)
        assert fault and said in fault and "secret" not in fault and box.came == []


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (socket.gaierror(-2, "Name or service not known"), "名字写错了，或没有网络"),
        (TimeoutError("timed out"), "30 秒没有应答"),
        (ConnectionRefusedError(111, "Connection refused"), "端口 587 连不上"),
        (ssl.SSLError(1, "wrong version number"), "证书"),
        (PermissionError(13, "denied"), "没有权限"),
    ],
)
def test_what_hinders_a_letter_is_said_in_words(
    monkeypatch: pytest.MonkeyPatch, fault: OSError, said: str
) -> None:
    """The network's answers, which no server here can be made to give."""

    def answer(*_: object, **__: object) -> None:
        raise fault

    monkeypatch.setattr("socket.create_connection", answer)
    target = Delivery.validated(
        {"name": "邮件", "kind": "mail", "host": "smtp.example.org", "from": "a@b.c", "to": "d@e.f"}
    )
    with pytest.raises(MailFault) as told:
        send_mail(target, "a.lsp", b"")
    assert said in told.value.message.zh


def test_what_has_no_delivery_any_more_is_told_once_and_rests(units: Units, tmp_path: Path) -> None:
    share = tmp_path / "share"
    toml = units[A].root / "ledgersync.toml"
    before = toml.read_text("utf-8")
    entry = f'\n[[delivery]]\nname = "街道"\nkind = "folder"\npath = "{share}"\n'
    toml.write_text(before + entry, "utf-8")
    units[A].submit()

    def later(days: int) -> list[str | None]:
        with office_session(Workspace.open(units[A].root), "test") as office:
            handed = delivery.deliver(office, clock.now() + timedelta(days=days))
        return [None if h.fault is None else h.fault.zh for h in handed]

    toml.write_text(before, "utf-8")
    assert len(found := later(1)) == 1 and "不再送" in str(found[0])
    assert later(2) == later(400) == []
    assert "不再送" in units[A].told("status")["deliveries"][0]["fault"]
    toml.write_text(before + entry, "utf-8")
    share.mkdir()
    assert later(401) == [None] and len(list(share.iterdir())) == 1
    assert later(402) == []
