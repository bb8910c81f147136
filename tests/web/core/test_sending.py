"""Mails on their way through a real SMTP server: taken, encrypted, refused, sent again."""

from __future__ import annotations

import datetime as dt
import ssl
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.core.smtp import Letterbox, certificate, mail_server
from verbund.web.core import addresses, background
from verbund.web.core.health import examine
from verbund.web.core.models import Mail, MailAddress
from verbund.web.core.outbox import Sending, post, send_again, send_waiting

pytestmark = pytest.mark.django_db
BUSY, UNKNOWN = "451 4.3.0 try later", "550 5.1.1 no such user"


@pytest.fixture
def letterbox() -> Letterbox:
    return Letterbox()


@pytest.fixture
def server(letterbox: Letterbox, settings: Any) -> Any:
    with mail_server(letterbox) as port:
        _use(settings, port)
        yield


def _use(settings: Any, port: int, **more: Any) -> None:
    settings.EMAIL_HOST, settings.EMAIL_PORT = "localhost", port
    settings.EMAIL_USE_TLS = settings.DEMO = False
    settings.MAIL_FROM, settings.MAIL_RETURN = "Verbund <post@verbund.example>", ""
    for name, value in more.items():
        setattr(settings, name, value)


def _states() -> dict[str, str]:
    return dict(Mail.objects.order_by("to").values_list("to", "state"))


def test_mail_arrives_with_the_headers_a_mail_of_a_machine_has(
    server: None, letterbox: Letterbox, settings: Any
) -> None:
    settings.MAIL_RETURN = "returned@verbund.example"
    mail = post(
        "erika@firma.example",
        "Grüße aus Jena",
        "Größe: 5 µm",
        html="<p>Größe: 5 µm</p>",
        about="introduction",
        language="de",
        reply_to="buero@netz.example",
        sender="Netz, Jena",
    )

    assert send_waiting() == Sending(sent=1)
    (got,) = letterbox.messages
    assert letterbox.envelopes == [("returned@verbund.example", ["erika@firma.example"])]
    assert {name: got[name] for name in ("From", "To", "Reply-To", "Subject")} == {
        "From": '"Netz, Jena" <post@verbund.example>',
        "To": "erika@firma.example",
        "Reply-To": "buero@netz.example",
        "Subject": "Grüße aus Jena",
    }
    assert (got["Auto-Submitted"], got["Content-Language"]) == ("auto-generated", "de")
    assert got["Message-ID"].startswith(f"<{mail.pk}.")
    assert got["Message-ID"].endswith("@verbund.example>")
    assert abs(parsedate_to_datetime(got["Date"]) - timezone.now()) < dt.timedelta(minutes=5)
    plain, html = got.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert plain.get_content().strip() == "Größe: 5 µm"


def test_one_click_of_a_mail_program_stops_the_kind(server: None, letterbox: Letterbox) -> None:
    post("erika@firma.example", "Frage", "Text", about="introduction")
    post("erika@firma.example", "Code", "Text", about="account")
    send_waiting()
    choosable, necessary = letterbox.messages

    assert necessary["List-Unsubscribe"] is None
    assert choosable["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = "/mails/" + choosable["List-Unsubscribe"].strip("<>").split("/mails/")[1]
    browser = Client(enforce_csrf_checks=True)
    assert browser.get(path).status_code == 200
    assert MailAddress.objects.get().unwanted == []  # a scanner that follows links stops nothing
    assert browser.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert MailAddress.objects.get().unwanted == ["introduction"]

    for about in ("introduction", "account", "unheard-of"):
        post("Erika@firma.example", about, "Text", about=about)
    rows = Mail.objects.order_by("pk")[2:].values_list("about", "state", "problem")
    assert list(rows) == [
        ("introduction", "suppressed", "unwanted"),
        ("account", "waiting", ""),
        ("unheard-of", "waiting", ""),
    ]


def test_way_is_encrypted_and_the_login_given(
    letterbox: Letterbox, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = certificate(tmp_path)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(path)
    with mail_server(letterbox, login=("verbund", "geheim"), tls=tls) as port:
        _use(settings, port, EMAIL_USE_TLS=True, EMAIL_HOST_USER="verbund")
        post("erika@firma.example", "Hallo", "Text")

        settings.EMAIL_HOST_PASSWORD = "geheim"  # noqa: S105  # of this test
        unknown_certificate = send_waiting()  # nobody vouches for it
        monkeypatch.setenv("SSL_CERT_FILE", str(path))
        settings.EMAIL_HOST_PASSWORD = "falsch"  # noqa: S105
        wrong_password = send_waiting()
        assert _states() == {"erika@firma.example": "waiting"}
        settings.EMAIL_HOST_PASSWORD = "geheim"  # noqa: S105
        taken = send_waiting()

    assert "CERTIFICATE_VERIFY_FAILED" in unknown_certificate.problem
    assert "535" in wrong_password.problem
    assert (taken, letterbox.was_encrypted) == (Sending(sent=1), [True])


def test_refused_for_now_is_sent_after_a_pause(server: None, letterbox: Letterbox) -> None:
    letterbox.recipient_replies = {"erika@firma.example": BUSY}
    post("erika@firma.example", "Hallo", "Text")
    start = timezone.now()

    first = send_waiting(start)
    letterbox.recipient_replies = {}
    at_once = send_waiting(start)
    later = send_waiting(start + dt.timedelta(minutes=2))

    assert (first, at_once, later) == (Sending(refused=1), Sending(), Sending(sent=1))
    assert (Mail.objects.get().attempts, Mail.objects.get().problem) == (2, "")
    assert not MailAddress.objects.exists()


def test_unknown_address_is_marked_at_once_and_gets_nothing_more(
    server: None, letterbox: Letterbox
) -> None:
    letterbox.recipient_replies = {
        "weg@firma.example": UNKNOWN,
        "voll@firma.example": "552 5.2.2 mailbox full",
        "fremd@firma.example": "550 5.7.1 relaying denied",
    }
    for name in ("weg", "voll", "fremd", "da"):
        post(f"{name}@firma.example", "Hallo", "Text")

    assert send_waiting() == Sending(sent=1, refused=3)
    assert _states() == {
        "da@firma.example": "sent",
        "fremd@firma.example": "bounced",
        "voll@firma.example": "bounced",
        "weg@firma.example": "bounced",
    }
    bad = MailAddress.objects.exclude(bounced_at=None).get()
    assert (bad.address, bad.problem) == ("weg@firma.example", UNKNOWN)
    again = post("weg@firma.example", "Noch einmal", "Text")
    assert (again.state, again.problem) == ("suppressed", "bounced")
    assert not send_again(again)

    letterbox.recipient_replies = {}
    assert addresses.trust("weg@firma.example")
    assert send_again(again)
    assert send_waiting() == Sending(sent=1)


def test_mail_the_server_never_takes_is_given_up_without_blaming_the_address(
    server: None, letterbox: Letterbox
) -> None:
    letterbox.data_reply = "554 5.6.0 content refused"
    post("erika@firma.example", "Hallo", "Text")

    assert send_waiting() == Sending(refused=1)
    assert _states() == {"erika@firma.example": "failed"}
    assert not MailAddress.objects.exists()


def test_broken_line_ends_the_round_and_the_rest_waits(server: None, letterbox: Letterbox) -> None:
    letterbox.drops_line = True
    for name in ("a", "b"):
        post(f"{name}@firma.example", "Hallo", "Text")

    done = send_waiting()

    assert (done.sent, done.refused) == (0, 0)
    assert done.problem
    assert list(Mail.objects.order_by("to").values_list("state", "attempts")) == [
        ("waiting", 1),
        ("waiting", 0),
    ]


def test_server_that_is_away_is_told_to_the_operator(letterbox: Letterbox, settings: Any) -> None:
    with mail_server(letterbox) as port:
        pass  # it has gone again
    _use(settings, port)
    mail = post("erika@firma.example", "Hallo", "Text")
    Mail.objects.filter(pk=mail.pk).update(written_at=timezone.now() - dt.timedelta(hours=1))

    background.tick()

    assert _states() == {"erika@firma.example": "waiting"}
    assert "refused" in background.mail_trouble()
    found = {finding.check: finding for finding in examine()}
    assert (found["mails"].level, found["mails"].code) == ("wrong", "wrong")
    assert "refused" in str(found["mails"].values["why"])
    assert found["server"].level == "wrong"

    with mail_server(letterbox) as port:
        _use(settings, port)
        background.tick()
    assert (_states(), background.mail_trouble()) == ({"erika@firma.example": "sent"}, "")
