"""Which profiles want a confirmation, who was asked, and what a link may still do."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from verbund.web.agreements.sharing import visible
from verbund.web.core.models import MailAddress
from verbund.web.directory.confirming.tokens import Ticket
from verbund.web.directory.models import ContactPerson, Profile
from verbund.web.directory.queries import unconfirmed
from verbund.web.directory.recipients import doors_of
from verbund.web.networks.models import Membership, Organisation, Role, holds
from verbund.web.networks.rules import Viewer

CONFIRM = "confirm"  # kind of mails
ASKED_EVERY = dt.timedelta(days=183)
REMINDED_AFTER = dt.timedelta(days=14)
STATES = ("unconfirmed", "due", "waiting", "silent", "bad", "unreachable")


class LinkState(StrEnum):
    OPEN = "open"
    DONE = "done"  # the profile was confirmed since
    SUPERSEDED = "superseded"  # a newer mail was sent
    EXPIRED = "expired"
    GONE = "gone"  # the organisation or its person is no longer there


def due(on: dt.date) -> Q:
    """Return the condition that nobody confirmed a profile for six months."""
    return Q(confirmed_on=None) | Q(confirmed_on__lt=on - ASKED_EVERY)


def waiting() -> Q:
    """Return the condition that somebody was asked and has not answered."""
    return Q(asked_on__isnull=False) & (Q(confirmed_on=None) | Q(confirmed_on__lt=F("asked_on")))


def is_waiting(profile: Profile) -> bool:
    asked, confirmed = profile.asked_on, profile.confirmed_on
    return asked is not None and (confirmed is None or confirmed < asked)


def silent(on: dt.date) -> Q:
    """Return the condition that the reminder, too, has had no answer."""
    return waiting() & Q(reminded_on__lte=on - REMINDED_AFTER)


def to_ask(on: dt.date) -> QuerySet[Profile]:
    """Return the profiles the machine asks about by itself.

    The first mail to a member is the office's: who never confirmed and was never asked is not
    among them.
    """
    known = ~Q(confirmed_on=None) | ~Q(asked_on=None)
    not_lately = Q(asked_on=None) | Q(asked_on__lt=on - ASKED_EVERY)
    return _members(on).filter(due(on), known, not_lately).order_by("pk")


def to_remind(on: dt.date) -> QuerySet[Profile]:
    return (
        _members(on)
        .filter(waiting(), reminded_on=None, asked_on__lte=on - REMINDED_AFTER)
        .order_by("pk")
    )


def _members(on: dt.date) -> QuerySet[Profile]:
    member = Membership.objects.filter(holds(on), organisation=OuterRef("organisation"))
    return Profile.objects.filter(Exists(member)).select_related("organisation")


def profiles_of_office(viewer: Viewer, on: dt.date) -> QuerySet[Profile]:
    """Return the profiles of the members whose data this person keeps."""
    member = Membership.objects.filter(
        holds(on), network__in=viewer.edited, organisation=OuterRef("organisation")
    )
    rows = Profile.objects.filter(Exists(member)).select_related("organisation")
    return visible(rows, to=viewer, on=on).order_by("organisation__name", "pk")


def in_state(rows: QuerySet[Profile], state: str, on: dt.date) -> QuerySet[Profile]:
    if state == "unreachable":
        return rows.filter(_unreachable(on))
    if state == "bad":
        return with_bad_address(rows, on)
    conditions = {"unconfirmed": unconfirmed(on), "due": due(on), "waiting": waiting()}
    return rows.filter(conditions.get(state) or silent(on))


def with_bad_address(rows: QuerySet[Profile], on: dt.date) -> QuerySet[Profile]:
    """Keep profiles of organisations from one of whose people mail came back."""
    bad = MailAddress.objects.exclude(bounced_at=None).values("address")
    return rows.filter(_has_person(on, address__in=bad))


def has_address(rows: QuerySet[Profile], address: str, on: dt.date) -> bool:
    """Tell whether a person of one of these organisations has an address (in small letters)."""
    return rows.filter(_has_person(on, address=address)).exists()


def _unreachable(on: dt.date) -> Q:
    """No address is known, or mail comes back from all of them."""
    bad = MailAddress.objects.exclude(bounced_at=None).values("address")
    good = Q(address__gt="") & ~Q(address__in=bad)
    people, roles = _people(on).filter(good), _roles(on).filter(good)
    return ~Q(Exists(people)) & ~Q(Exists(roles))


def _has_person(on: dt.date, **wanted: object) -> Q:
    return Q(Exists(_people(on).filter(**wanted))) | Q(Exists(_roles(on).filter(**wanted)))


def _people(on: dt.date) -> QuerySet[ContactPerson]:
    theirs = ContactPerson.objects.filter(holds(on), organisation=OuterRef("organisation"))
    return theirs.annotate(address=Lower("email"))


def _roles(on: dt.date) -> QuerySet[Role]:
    theirs = Role.objects.filter(holds(on), organisation=OuterRef("organisation"))
    return theirs.filter(user__is_active=True).annotate(address=Lower("user__email"))


@dataclass(frozen=True)
class Link:
    """A link as it stands today."""

    ticket: Ticket
    state: LinkState
    profile: Profile | None = None
    address: MailAddress | None = None


def link_of(ticket: Ticket, on: dt.date, *, is_old: bool) -> Link:
    """Say what a link may still do: an answer or a newer mail makes it old, so does time."""
    profile = _members(on).filter(organisation=ticket.organisation).first()
    address = MailAddress.objects.filter(pk=ticket.address).first()
    if profile is None or address is None or not _is_theirs(profile.organisation, address, on):
        return Link(ticket, LinkState.GONE)
    state = LinkState.OPEN
    if profile.confirmed_on != ticket.confirmed_on:
        state = LinkState.DONE
    elif profile.asked_on != ticket.asked_on:
        state = LinkState.SUPERSEDED
    elif is_old:
        state = LinkState.EXPIRED
    return Link(ticket, state, profile, address)


def _is_theirs(organisation: Organisation, address: MailAddress, on: dt.date) -> bool:
    doors = doors_of([organisation], on, about=CONFIRM)
    return doors[organisation.pk].knows(address.address)
