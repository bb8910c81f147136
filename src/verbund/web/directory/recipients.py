"""Whom mails to an organisation go to."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from verbund.web.core.addresses import hindrances
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Organisation, Role, holds


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str


def people_to_reach(organisation: Organisation, on: dt.date, *, about: str) -> list[Recipient]:
    """Return whom a question to an organisation goes to: who represents it, else a contact.

    Left out are people whom mails of this kind (`Mail.about`) do not reach.
    """
    everybody = _representatives(organisation, on), _contacts(organisation, on)
    stopped = hindrances((one.email for some in everybody for one in some), about)
    representatives, contacts = (
        [one for one in some if one.email.lower() not in stopped] for some in everybody
    )
    return representatives or contacts[:1]


def _representatives(organisation: Organisation, on: dt.date) -> list[Recipient]:
    roles = Role.objects.filter(holds(on), organisation=organisation, user__is_active=True)
    rows = roles.order_by("pk").values_list("user__name", "user__email")
    return [Recipient(name, email) for name, email in rows]


def _contacts(organisation: Organisation, on: dt.date) -> list[Recipient]:
    people = ContactPerson.objects.filter(holds(on), organisation=organisation).exclude(email="")
    return [Recipient(name, email) for name, email in people.values_list("name", "email")]
