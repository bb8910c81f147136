"""What follows for the directory when a person or a member goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from verbund.web.core.consequences import Consequence, consequences
from verbund.web.core.personal import Person
from verbund.web.directory.models import ContactPerson, Offer, Request
from verbund.web.networks.changes import homes_of
from verbund.web.networks.follows import office_of
from verbund.web.networks.models import Membership, holds


def announce_consequences() -> None:
    consequences.add("directory", _follows, place=30)


def _follows(thing: object, on: dt.date) -> Iterator[Consequence]:
    if isinstance(thing, Person) and thing.email:
        yield from _without_person(thing, on)
    elif isinstance(thing, ContactPerson):
        yield from _without_contact(thing, on)
    elif isinstance(thing, Membership):
        yield from _without_member(thing)


def _without_person(person: Person, on: dt.date) -> Iterator[Consequence]:
    rows = ContactPerson.objects.filter(email__iexact=person.email)
    for contact in rows.select_related("organisation").order_by("pk"):
        found = list(_without_contact(contact, on))
        lost = _("%(name)s loses a contact person.") % {"name": contact.organisation}
        yield from found or [Consequence(lost, told=office_of(homes_of(contact.organisation), on))]


def _without_contact(contact: ContactPerson, on: dt.date) -> Iterator[Consequence]:
    others = contact.organisation.contact_persons.filter(holds(on)).exclude(pk=contact.pk)
    if contact.email:
        others = others.exclude(email__iexact=contact.email)
    if others.exists():
        return
    text = _("%(name)s has no contact person then: introductions reach nobody there.")
    told = office_of(homes_of(contact.organisation), on)
    yield Consequence(text % {"name": contact.organisation}, told=told)


def _without_member(membership: Membership) -> Iterator[Consequence]:
    own = {"organisation": membership.organisation_id}
    count = Offer.objects.filter(**own).count() + Request.objects.filter(**own).count()
    if count:
        text = ngettext(
            "%(count)d offer or request is no longer shown to partners of %(network)s.",
            "%(count)d offers and requests are no longer shown to partners of %(network)s.",
            count,
        )
        yield Consequence(text % {"count": count, "network": membership.network})
