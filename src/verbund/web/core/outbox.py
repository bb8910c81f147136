"""Mails are first written to the outbox, with the change they belong to; sending follows."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend

from verbund.web.core.models import Mail
from verbund.web.core.texts import current_language


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
