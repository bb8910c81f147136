"""What follows when something goes that others rely on: shown first, then told to those affected.

Each app announces what follows for what it keeps. A view asks with `ask_first` and calls
`tell_affected` inside the transaction, before the thing is gone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation

from verbund.web.core import outbox
from verbund.web.core.models import Mail
from verbund.web.core.registries import Registry, Text

CONFIRMED = "confirmed"  # the field that says: I have read what follows


@dataclass(frozen=True)
class Receiver:
    """Whom a mail reaches, and in which language."""

    email: str
    language: str = "de"


@dataclass(frozen=True)
class Consequence:
    """One thing that follows; `told` learn of it, so the text says only what they may know.

    `prevents` stops the whole; `is_shown` is False for what only those who are told should read.
    """

    text: str
    told: tuple[Receiver, ...] = ()
    prevents: bool = False
    is_shown: bool = True
    url: str = ""


Rule = Callable[[object, dt.date], Iterable[Consequence]]
consequences: Registry[Rule] = Registry()


def what_follows(thing: object, on: dt.date) -> list[Consequence]:
    """Return what follows when a thing goes, as each app announces it."""
    return [one for rule in consequences for one in rule(thing, on)]


def ask_first(
    request: HttpRequest,
    thing: object,
    on: dt.date,
    *,
    title: Text,
    button: Text,
    back: str,
) -> HttpResponse | None:
    """Return a page that shows what follows; None if nothing does or it was read already."""
    shown = [one for one in what_follows(thing, on) if one.is_shown]
    prevented = any(one.prevents for one in shown)
    if not shown or (CONFIRMED in request.POST and not prevented):
        return None
    context = {
        "title": title,
        "consequences": shown,
        "prevented": prevented,
        "button": button,
        "back": back,
        "sent": [(k, v) for k, v in request.POST.items() if k != "csrfmiddlewaretoken"],
    }
    return render(request, "core/consequences.html", context)


def tell_affected(
    thing: object, on: dt.date, *, subject: Callable[[], str], but: str = ""
) -> list[Mail]:
    """Write to those who rely on a thing what is gone for them, each in their language.

    Nobody is told by mail what they did themselves (`but`).
    """
    told = {one: None for follows in what_follows(thing, on) for one in follows.told}
    return [_tell(thing, on, to, subject) for to in told if to.email != but]


def _tell(thing: object, on: dt.date, to: Receiver, subject: Callable[[], str]) -> Mail:
    with translation.override(to.language):
        texts = [one.text for one in what_follows(thing, on) if to in one.told]
        context = {"subject": subject(), "texts": texts}
        text = render_to_string("core/mail_consequences.txt", context)
        return outbox.post(to.email, subject(), text, about="consequences", language=to.language)
