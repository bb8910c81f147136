"""A mail in parts, shown alike as plain text and as HTML, with the footer every mail has."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.conf import settings
from django.template.loader import render_to_string

from verbund.web.core import outbox
from verbund.web.core.models import Mail


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    url: str
    is_primary: bool = False


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a mail, in the order they are read; empty ones are left out.

    `remark` and `box` are a heading and a text; a card is lines that belong together, such as a
    person with phone and mail, the first of them bold.
    """

    subject: str
    greeting: str
    paragraphs: list[str]
    sender: str
    signature: str
    points_title: str = ""
    points: list[str] = field(default_factory=list)
    remark: tuple[str, str] = ("", "")
    cards: list[list[str]] = field(default_factory=list)
    buttons: list[Button] = field(default_factory=list)
    note: str = ""
    box: tuple[str, str] = ("", "")
    basis: str = ""
    page: str = ""


def post(
    letter: Letter,
    to: str,
    *,
    about: str,
    language: str,
    reply_to: str = "",
    network_key: str = "",
) -> Mail:
    """Put a letter into the outbox; called with its language active."""
    context = {
        "letter": letter,
        "language": language,
        "choices": outbox.choices_url(to, about),
        "demo": settings.DEMO,
    }
    return outbox.post(
        to,
        letter.subject,
        render_to_string("core/mail_letter.txt", context),
        html=render_to_string("core/mail_letter.html", context),
        about=about,
        language=language,
        reply_to=reply_to,
        sender=letter.sender,
        network_key=network_key,
    )
