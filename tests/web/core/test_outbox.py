"""Mails that wait are sent once, and refused ones again after a pause."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
from django.core import mail as django_mail
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as Kept
from django.utils import timezone

from verbund.web.core.models import Mail
from verbund.web.core.outbox import Sending, post, send_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mail_server(settings: Any) -> None:
    settings.EMAIL_HOST = "mail.example.org"


class Refusing(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        raise SMTPRecipientsRefused({"a@example.org": (450, b"mailbox busy, no such user yet")})


class Unreachable(BaseEmailBackend):
    def open(self) -> bool | None:
        raise ConnectionRefusedError(111, "Connection refused")


class TickingMeanwhile(Kept):
    """A server so slow that another round begins while it takes a mail."""

    others: list[Sending]

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        self.others = [*getattr(self, "others", []), send_waiting(server=Kept())]
        return super().send_messages(messages)


def test_waiting_mail_goes_out_once_as_it_was_written() -> None:
    post("a@example.org", "Hallo", "Text", html="<p>Text</p>", reply_to="b@example.org")

    rounds = [send_waiting(server=Kept()) for _ in range(2)]

    assert rounds == [Sending(sent=1), Sending()]
    (sent,) = django_mail.outbox
    assert (sent.to, sent.reply_to, sent.subject, sent.body) == (
        ["a@example.org"],
        ["b@example.org"],
        "Hallo",
        "Text",
    )
    assert isinstance(sent, EmailMultiAlternatives)
    assert sent.alternatives == [("<p>Text</p>", "text/html")]
    mail = Mail.objects.get()
    assert (mail.state, mail.attempts, mail.problem) == ("sent", 1, "")
    assert mail.sent_at


def test_round_within_a_round_sends_nothing_twice() -> None:
    post("a@example.org", "Eins", "Text")
    post("b@example.org", "Zwei", "Text")
    server = TickingMeanwhile()

    done = send_waiting(server=server)

    assert sorted(m.subject for m in django_mail.outbox) == ["Eins", "Zwei"]
    assert done.sent + sum(other.sent for other in server.others) == 2


def test_refused_mail_keeps_the_reason_and_is_tried_five_times() -> None:
    post("a@example.org", "Hallo", "Text")
    start = timezone.now()
    states = []
    for minutes in (0, 0, 2, 3, 30, 120, 600, 3000):
        done = send_waiting(start + dt.timedelta(minutes=minutes), Refusing())
        states.append((minutes, done.refused, Mail.objects.get().state))

    assert states == [
        (0, 1, "waiting"),
        (0, 0, "waiting"),
        (2, 1, "waiting"),
        (3, 0, "waiting"),
        (30, 1, "waiting"),
        (120, 1, "waiting"),
        (600, 1, "failed"),
        (3000, 0, "failed"),
    ]
    assert "no such user" in Mail.objects.get().problem


def test_unreachable_server_counts_no_attempt() -> None:
    post("a@example.org", "Hallo", "Text")

    done = send_waiting(server=Unreachable())

    assert (done.sent, done.refused) == (0, 0)
    assert "Connection refused" in done.problem
    assert (Mail.objects.get().state, Mail.objects.get().attempts) == ("waiting", 0)


def test_interrupted_mail_is_not_sent_again() -> None:
    mail = post("a@example.org", "Hallo", "Text")
    long_ago = timezone.now() - dt.timedelta(hours=2)
    Mail.objects.filter(pk=mail.pk).update(state="sending", tried_at=long_ago, attempts=1)

    send_waiting(server=Kept())

    assert Mail.objects.get().state == "failed"
    assert django_mail.outbox == []


@pytest.mark.parametrize(("host", "demo"), [("", False), ("mail.example.org", True)])
def test_nothing_is_sent_without_a_server_or_in_the_demo(
    host: str, demo: bool, settings: Any
) -> None:
    settings.EMAIL_HOST, settings.DEMO = host, demo
    post("a@example.org", "Hallo", "Text")

    assert send_waiting(server=Kept()) == Sending()
    assert (Mail.objects.get().state, django_mail.outbox) == ("waiting", [])
