"""One file by mail: SMTP with STARTTLS or TLS, the password never from the settings."""

import os
import smtplib
import ssl
from email.message import EmailMessage
from hashlib import sha256

from ledgersync.messages import Message, message
from ledgersync.upward.keys.keyring import stored
from ledgersync.workspace.config import Delivery

_SECONDS = 30
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


class MailFault(Exception):
    """It was not handed over, and why."""

    def __init__(self, message: Message) -> None:
        self.message = message
        super().__init__(message.zh)


def send_mail(target: Delivery, name: str, content: bytes) -> None:
    """Sends one file; raises SMTPException, OSError or MailFault."""
    with _connected(target) as server:
        if target.user:
            server.login(target.user, _password(target))
        server.send_message(_letter(target, name, content))


def _connected(target: Delivery) -> smtplib.SMTP:
    host, port = target.host or "", target.port or _PORTS[target.security]
    if target.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
    server = smtplib.SMTP(host, port, timeout=_SECONDS)
    if target.security == "starttls":
        server.starttls(context=ssl.create_default_context())
    return server


def _letter(target: Delivery, name: str, content: bytes) -> EmailMessage:
    """The same file has the same message id, whenever it is sent."""
    letter = EmailMessage()
    letter["Subject"] = name
    letter["From"], letter["To"] = target.sender or "", target.to or ""
    letter["Message-ID"] = f"<{sha256(content).hexdigest()[:40]}@ledgersync>"
    letter.set_content("附件是 LedgerSync 的上报包或回复，请用 ledgersync receive 收。\n")
    letter.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return letter


def _password(target: Delivery) -> str:
    if target.password_env:
        found = os.environ.get(target.password_env)
        if found:
            return found
    kept = stored(target.user or "")
    if not kept:
        raise MailFault(
            message(
                "没有邮箱 {user} 的密码：请设环境变量 {name}，或存进系统的钥匙串",
                user=target.user or "",
                name=target.password_env or "password_env",
            )
        )
    return kept
