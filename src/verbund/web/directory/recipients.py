"""Whom mails to an organisation go to: who represents it, else a contact person."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from verbund.web.core.addresses import hindrances
from verbund.web.directory.models import ContactPerson
from verbund.web.networks.models import Organisation, Role, holds


@dataclass(frozen=True, slots=True)
class Recipient:
    name: str
    email: str


@dataclass
class Door:
    """The people of an organisation with a mail address, and those whom mail does not reach."""

    representatives: list[Recipient] = field(default_factory=list)
    contacts: list[Recipient] = field(default_factory=list)
    stopped: dict[str, str] = field(default_factory=dict)  # why, by address in small letters

    @property
    def people(self) -> list[Recipient]:
        return self.representatives + self.contacts

    @property
    def reached(self) -> list[Recipient]:
        """Return whom a question goes to: all who represent the organisation, else one contact."""
        representatives = [one for one in self.representatives if not self.hindrance(one)]
        return representatives or [one for one in self.contacts if not self.hindrance(one)][:1]

    def hindrance(self, person: Recipient) -> str:
        return self.stopped.get(person.email.lower(), "")

    def knows(self, address: str) -> bool:
        return any(one.email.lower() == address.lower() for one in self.people)


def doors_of(organisations: Iterable[Organisation], on: dt.date, *, about: str) -> dict[int, Door]:
    """Return who is reached by a kind of mails (`Mail.about`), in three queries for all."""
    doors: dict[int, Door] = defaultdict(Door)
    keys = [organisation.pk for organisation in organisations]
    roles = Role.objects.filter(holds(on), organisation__in=keys, user__is_active=True)
    for key, name, email in roles.order_by("pk").values_list(
        "organisation_id", "user__name", "user__email"
    ):
        doors[key].representatives.append(Recipient(name, email))
    persons = ContactPerson.objects.filter(holds(on), organisation__in=keys).exclude(email="")
    for key, name, email in persons.order_by("pk").values_list("organisation_id", "name", "email"):
        doors[key].contacts.append(Recipient(name, email))
    stopped = hindrances((one.email for door in doors.values() for one in door.people), about)
    for door in doors.values():
        door.stopped = stopped
    return doors


def people_to_reach(organisation: Organisation, on: dt.date, *, about: str) -> list[Recipient]:
    return doors_of([organisation], on, about=about)[organisation.pk].reached
