"""One file by mail: SMTP with STARTTLS or TLS, the password never from the settings."""

import os
import smtplib
import socket
import ssl
from email.message import EmailMessage
from hashlib import sha256

from ledgersync.errors import os_reason
from ledgersync.messages import Message, literal, message
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
    """Sends one file; raises MailFault."""
    try:
        with _connected(target) as server:
            if target.user:
                server.login(target.user, _password(target))
            server.send_message(_letter(target, name, content))
    except (smtplib.SMTPException, OSError) as error:
        raise MailFault(_reason(target, error)) from error


def _reason(target: Delivery, error: Exception) -> Message:
    """Why a server did not take it, in words that say what to look at."""
    host = target.host or ""
    match error:
        case smtplib.SMTPAuthenticationError():
            return message(
                "邮件服务器不认 {user} 的密码（有的邮箱要用授权码，不用登录密码），答的是 {code}",
                user=target.user or "",
                code=error.smtp_code,
            )
        case ssl.SSLError():
            why = getattr(error, "verify_message", "") or str(error)
            return message("与邮件服务器 {host} 加不了密（证书）：{reason}", host=host, reason=why)
        case socket.gaierror():
            return message("找不到邮件服务器 {host}：名字写错了，或没有网络", host=host)
        case TimeoutError():
            return message("邮件服务器 {host} {seconds} 秒没有应答", host=host, seconds=_SECONDS)
        case ConnectionRefusedError():
            port = target.port or _PORTS[target.security]
            return message("邮件服务器 {host} 的端口 {port} 连不上", host=host, port=port)
        case smtplib.SMTPException():
            reason = str(error)[:200]
            return message("邮件没有发出：{reason}", reason=literal(reason, reason))
    assert isinstance(error, OSError)
    return os_reason(error)


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
