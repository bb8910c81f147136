"""Mails are first written to the outbox, with the change they belong to; sending follows.

Every mail says that a machine wrote it, has an id by which one that comes back is known again, and
offers, if its kind is not necessary, to stop that kind with one click (RFC 8058).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import formataddr, parseaddr
from smtplib import (
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from verbund.web.core import addresses
from verbund.web.core.models import Mail
from verbund.web.core.texts import current_language

_PAUSES = [dt.timedelta(minutes=minutes) for minutes in (1, 10, 60, 360)]  # before each new attempt
_LOST = dt.timedelta(hours=1)  # a mail that is "being sent" for so long was interrupted
_AT_ONCE = 500
STUCK = (Mail.State.FAILED, Mail.State.BOUNCED, Mail.State.SUPPRESSED)
_PERMANENT = 500  # replies of an SMTP server from here on are final
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_NO_STATUS = "5.0.0"
_BAD_ADDRESS = ("5.1.", "5.2.1", _NO_STATUS)  # what a status says of the address, not of the mail
_BAD_SENDER = ("5.1.7", "5.1.8")
_ID = re.compile(r"<(\d+)\.([\w-]+)@")
_signer = signing.Signer(salt="core.mail", sep=".")


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
    sender: str = "",
    network_key: str = "",
) -> Mail:
    """Put a mail into the outbox; the worker sends it when a mail server is set.

    One of a kind that its reader does not want, or to an address from which mail came back, is kept
    there with the reason and does not go out.
    """
    hindrance = addresses.hindrance(to, about)
    return Mail.objects.create(
        state=Mail.State.SUPPRESSED if hindrance else Mail.State.WAITING,
        problem=hindrance,
        to=to,
        subject=" ".join(subject.split())[:300],
        text=text,
        html=html,
        about=about,
        language=language or current_language(),
        reply_to=reply_to,
        sender=sender,
        network_key=network_key,
    )


def as_message(mail: Mail) -> EmailMultiAlternatives:
    """Return a mail as it goes out; the envelope names where it comes back to."""
    message = EmailMultiAlternatives(
        mail.subject,
        mail.text,
        from_email=settings.MAIL_RETURN or settings.MAIL_FROM,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers={
            "From": _from(mail),
            "Message-ID": message_id(mail),
            "Auto-Submitted": "auto-generated",
            "Content-Language": mail.language,
            **_way_to_stop(mail),
        },
    )
    if mail.html:
        message.attach_alternative(mail.html, "text/html")
    return message


def _from(mail: Mail) -> str:
    """Name the network beside our address: it is known to the reader, the address is not."""
    if not mail.sender:
        return settings.MAIL_FROM
    return formataddr((mail.sender, parseaddr(settings.MAIL_FROM)[1]))


def message_id(mail: Mail) -> str:
    """Return the id of a mail, signed, so that nobody else can say it came back."""
    domain = parseaddr(settings.MAIL_FROM)[1].rpartition("@")[2] or "localhost"
    return f"<{_signer.sign(str(mail.pk))}@{domain}>"


def mail_with_id(text: str) -> Mail | None:
    """Return the mail whose id stands in a text, if we made that id."""
    for key, signature in _ID.findall(text):
        try:
            return Mail.objects.filter(pk=_signer.unsign(f"{key}.{signature}")).first()
        except signing.BadSignature:
            continue
    return None


def choices_url(address: str, about: str) -> str:
    """Return the page where somebody says which mails they get; empty for a necessary kind."""
    if not addresses.is_choosable(about):
        return ""
    return settings.URL + reverse("mail_choices", args=[addresses.choice_token(address, about)])


def _way_to_stop(mail: Mail) -> dict[str, str]:
    url = choices_url(mail.to, mail.about)
    if not url:
        return {}
    return {"List-Unsubscribe": f"<{url}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


@dataclass(frozen=True)
class Sending:
    """What came of one round: mails sent, mails refused, and why the server went away."""

    sent: int = 0
    refused: int = 0
    problem: str = ""


def can_send() -> bool:
    """A mail server is set, and this is not the demo, whose addresses are invented."""
    return bool(settings.EMAIL_HOST) and not settings.DEMO


def send_waiting(now: dt.datetime | None = None, server: BaseEmailBackend | None = None) -> Sending:
    """Send what waits; one refused for now keeps the reason and is tried again after a pause.

    What the server refuses for good is not tried again, and an address it does not know gets no
    more mails. Each mail is marked before it goes out, so that two rounds at once send it once. A
    mail whose sending was interrupted is not sent again: nobody can tell whether it arrived. While
    the server cannot be reached, mails wait and no attempt is counted.
    """
    now = now or timezone.now()
    if not can_send():
        return Sending()
    _give_up_interrupted(now)
    keys = list(due(now).order_by("written_at", "id").values_list("pk", flat=True)[:_AT_ONCE])
    if not keys:
        return Sending()
    server = server or EmailBackend()
    went: list[bool | None] = []
    try:
        server.open()
        for key in keys:
            went.append(_send(key, server, now))
    except (OSError, SMTPException) as error:  # the others wait for the next round
        return Sending(went.count(True), went.count(False), _reason(error))
    finally:
        server.close()
    return Sending(went.count(True), went.count(False))


def due(now: dt.datetime) -> QuerySet[Mail]:
    """Mails to send now: new ones, and refused ones whose pause is over."""
    is_due = Q(attempts=0)
    for attempt, pause in enumerate(_PAUSES, start=1):
        is_due |= Q(attempts=attempt, tried_at__lte=now - pause)
    return Mail.objects.filter(is_due, state=Mail.State.WAITING).exclude(to="")  # erased ones


def waiting(*, to: str = "") -> list[Mail]:
    """Return what has not gone out yet, the newest last; `to` names one receiver."""
    mails = Mail.objects.filter(state=Mail.State.WAITING).order_by("written_at", "id")
    return list(mails.filter(to__iexact=to) if to else mails)


def send_again(mail: Mail) -> bool:
    """Let a mail that did not get through start anew; returns whether it may go there at all."""
    if addresses.hindrance(mail.to, mail.about):
        return False
    Mail.objects.filter(pk=mail.pk, state__in=STUCK).update(
        state=Mail.State.WAITING, attempts=0, tried_at=None, problem=""
    )
    return True


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
    try:
        server.send_messages([as_message(mail)])
    except (OSError, SMTPException, ValueError) as error:
        _keep_refusal(mail, error)
        if _concerns_all(error):
            raise
        return False
    mail.state, mail.sent_at, mail.problem = Mail.State.SENT, timezone.now(), ""
    mail.save(update_fields=["state", "sent_at", "problem"])
    return True


def _concerns_all(error: Exception) -> bool:
    """Tell a broken line, or a sender the server does not take, from a refusal of one mail."""
    is_answer = isinstance(error, (SMTPException, ValueError))
    return not is_answer or isinstance(error, (SMTPServerDisconnected, SMTPSenderRefused))


def _keep_refusal(mail: Mail, error: Exception) -> None:
    """Write down what becomes of a mail, and mark an address at which nobody is."""
    code, answer = _answer_of(error)
    mail.state = Mail.State.WAITING
    if isinstance(error, SMTPSenderRefused):  # the fault is ours: the mail keeps its attempts
        mail.attempts -= 1
    elif isinstance(error, SMTPRecipientsRefused) and code >= _PERMANENT:
        mail.state = Mail.State.BOUNCED
        status = _STATUS.search(answer)
        if names_bad_address(status[1] if status else _NO_STATUS):
            addresses.note_bounce(mail.to, f"{code} {answer}")
    elif code >= _PERMANENT or isinstance(error, ValueError) or mail.attempts > len(_PAUSES):
        mail.state = Mail.State.FAILED
    mail.problem = _reason(error)
    mail.save(update_fields=["state", "attempts", "problem"])


def names_bad_address(status: str) -> bool:
    """Tell whether a status (RFC 3463) says that nobody can be reached at an address.

    A full mailbox or a mail that somebody's rules refuse says nothing about the address.
    """
    return status.startswith(_BAD_ADDRESS) and not status.startswith(_BAD_SENDER)


def _answer_of(error: Exception) -> tuple[int, str]:
    answer: bytes | str
    if isinstance(error, SMTPRecipientsRefused):
        code, answer = next(iter(error.recipients.values()))
    elif isinstance(error, SMTPResponseException):
        code, answer = error.smtp_code, error.smtp_error
    else:
        return 0, ""
    return code, answer.decode(errors="replace") if isinstance(answer, bytes) else answer


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
