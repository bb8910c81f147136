"""Links in mails that open one profile without sign-in: signed, for a time, for this alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core import signing

_SALT = "directory.confirming"
DAYS = 60


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a link stands for: a profile as it was asked about, and the address it went to.

    `address` is the key of a `MailAddress`; `asked_on` and `confirmed_on` are what the profile said
    when the mail went out: a later mail or an answer makes the link old.
    """

    organisation: int
    address: int
    name: str
    asked_on: dt.date | None
    confirmed_on: dt.date | None


def sign(ticket: Ticket) -> str:
    days = (ticket.asked_on, ticket.confirmed_on)
    content = [ticket.organisation, ticket.address, ticket.name]
    return signing.dumps([*content, *(day and day.isoformat() for day in days)], salt=_SALT)


def read(token: str) -> tuple[Ticket, bool] | None:
    """Return what a link stands for and whether it is too old; None if it was not made here."""
    try:
        content = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    organisation, address, name, *days = content
    asked_on, confirmed_on = (day and dt.date.fromisoformat(day) for day in days)
    return Ticket(organisation, address, name, asked_on, confirmed_on), _is_old(token)


def _is_old(token: str) -> bool:
    try:
        signing.loads(token, salt=_SALT, max_age=dt.timedelta(days=DAYS))
    except signing.SignatureExpired:
        return True
    return False
