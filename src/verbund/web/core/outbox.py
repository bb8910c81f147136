"""Mails are first written to the outbox, with the change they belong to; sending follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from verbund.web.core.models import Mail
from verbund.web.core.texts import current_language

_PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 10, 60, 360)]  # before each new attempt
_LOST = dt.timedelta(hours=1)  # a mail that is "being sent" for so long was interrupted
_AT_ONCE = 500


class OutboxBackend(BaseEmailBackend):
    """Django's way in: whatever a library sends is kept like our own mails."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            alternatives = getattr(message, "alternatives", [])
            html = next((str(body) for body, kind in alternatives if kind == "text/html"), "")
            for address in message.recipients():
                post(address, str(message.subject), str(message.body), html=html, about="account")
        return len(email_messages)


def post(
    to: str,
    subject: str,
    text: str,
    *,
    html: str = "",
    about: str = "",
    language: str | None = None,
    reply_to: str = "",
    network_key: str = "",
) -> Mail:
    """Put a mail into the outbox; the worker sends it when a mail server is set."""
    return Mail.objects.create(
        to=to,
        subject=" ".join(subject.split())[:300],
        text=text,
        html=html,
        about=about,
        language=language or current_language(),
        reply_to=reply_to,
        network_key=network_key,
    )


def as_message(mail: Mail) -> EmailMultiAlternatives:
    message = EmailMultiAlternatives(
        mail.subject, mail.text, to=[mail.to], reply_to=[mail.reply_to] if mail.reply_to else None
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


@dataclass(frozen=True)
class Sending:
    """What came of one round: mails sent, mails refused, and why the server was not reached."""

    sent: int = 0
    refused: int = 0
    problem: str = ""


def can_send() -> bool:
    """A mail server is set, and this is not the demo, whose addresses are invented."""
    return bool(settings.EMAIL_HOST) and not settings.DEMO


def send_waiting(now: dt.datetime | None = None, server: BaseEmailBackend | None = None) -> Sending:
    """Send what waits; a refused mail keeps the reason and is tried again after a pause.

    Each mail is marked before it goes out, so that two rounds at once send it once. A mail whose
    sending was interrupted is not sent again: nobody can tell whether it arrived. While the server
    cannot be reached, mails wait and no attempt is counted.
    """
    now = now or timezone.now()
    if not can_send():
        return Sending()
    _give_up_interrupted(now)
    keys = list(due(now).order_by("written_at", "id").values_list("pk", flat=True)[:_AT_ONCE])
    if not keys:
        return Sending()
    server = server or EmailBackend()
    try:
        server.open()
    except (OSError, SMTPException) as error:
        return Sending(problem=_reason(error))
    try:
        went = [_send(key, server, now) for key in keys]
    finally:
        server.close()
    return Sending(sent=went.count(True), refused=went.count(False))


def due(now: dt.datetime) -> QuerySet[Mail]:
    """Mails to send now: new ones, and refused ones whose pause is over."""
    is_due = Q(attempts=0)
    for attempt, pause in enumerate(_PAUSES, start=1):
        is_due |= Q(attempts=attempt, tried_at__lte=now - pause)
    return Mail.objects.filter(is_due, state=Mail.State.WAITING)


def waiting(*, to: str = "") -> list[Mail]:
    """Return what has not gone out yet, the newest last; `to` names one receiver."""
    mails = Mail.objects.filter(state=Mail.State.WAITING).order_by("written_at", "id")
    return list(mails.filter(to__iexact=to) if to else mails)


def _give_up_interrupted(now: dt.datetime) -> None:
    Mail.objects.filter(state=Mail.State.SENDING, tried_at__lte=now - _LOST).update(
        state=Mail.State.FAILED, problem="interrupted while sending"
    )


def _send(key: int, server: BaseEmailBackend, now: dt.datetime) -> bool | None:
    """Return whether the server took the mail; None if another round has it."""
    waiting = Mail.objects.filter(pk=key, state=Mail.State.WAITING)
    if not waiting.update(state=Mail.State.SENDING, tried_at=now, attempts=F("attempts") + 1):
        return None
    mail = Mail.objects.get(pk=key)
    message = as_message(mail)
    try:
        server.send_messages([message])
    except (OSError, SMTPException, ValueError) as error:
        is_last = mail.attempts > len(_PAUSES)
        mail.state = Mail.State.FAILED if is_last else Mail.State.WAITING
        mail.problem = _reason(error)
        mail.save(update_fields=["state", "problem"])
        return False
    mail.state, mail.sent_at, mail.problem = Mail.State.SENT, timezone.now(), ""
    mail.save(update_fields=["state", "sent_at", "problem"])
    return True


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
