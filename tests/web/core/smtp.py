"""A real SMTP server on loopback, that does with mails what a test tells it to."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Letterbox:
    """Takes mails, or answers `RCPT TO` and the message itself as `replies` say."""

    def __init__(self) -> None:
        self.envelopes: list[tuple[str, list[str]]] = []
        self.messages: list[EmailMessage] = []
        self.was_encrypted: list[bool] = []
        self.recipient_replies: dict[str, str] = {}
        self.data_reply = ""
        self.drops_line = False

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if reply := self.recipient_replies.get(address):
            return reply
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.drops_line:
            cast("Any", server).transport.abort()
        if self.data_reply:
            return self.data_reply
        content = cast("bytes", envelope.content)
        message = email.message_from_bytes(content, policy=email.policy.default)
        self.messages.append(message)
        self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        self.was_encrypted.append(session.ssl is not None)
        return "250 taken"


@contextmanager
def mail_server(
    letterbox: Letterbox, *, login: tuple[str, str] | None = None, tls: ssl.SSLContext | None = None
) -> Iterator[int]:
    """Run a server for a while; yields its port."""

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        wanted = LoginPassword(*(word.encode() for word in login or ("", "")))
        return AuthResult(success=data == wanted, handled=False)

    options: dict[str, Any] = {}
    if login:
        options = {
            "authenticator": authenticate,
            "auth_required": True,
            "auth_require_tls": tls is not None,
        }
    if tls:
        options |= {"tls_context": tls, "require_starttls": True}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    controller = Controller(letterbox, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def certificate(folder: Path) -> Path:
    """Write a certificate for `localhost` with its key, as one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(pem) + secret)
    return path
