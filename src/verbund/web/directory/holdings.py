"""What is kept of organisations, held in memory: what a member list may say and change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import Model, QuerySet

from verbund.records.values import text_of
from verbund.web.agreements.sharing import visible
from verbund.web.directory.models import (
    ContactPerson,
    Entry,
    Figures,
    Offer,
    Profile,
    Request,
)
from verbund.web.networks.models import (
    Alias,
    Identifier,
    Membership,
    Network,
    Organisation,
    holds,
)
from verbund.web.networks.rules import Viewer

M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Change:
    """A field of the member list, or `membership`, and what it becomes.

    `opens` tells that more people than before may see something by it.
    """

    field: str
    old: Any
    new: Any
    opens: bool = False


@dataclass
class Holding:
    """An organisation with everything that a row can touch; `touched` waits to be written."""

    organisation: Organisation
    profile: Profile
    figures: Figures
    membership: Membership
    aliases: list[Alias] = field(default_factory=list)
    identifiers: list[Identifier] = field(default_factory=list)
    contacts: list[ContactPerson] = field(default_factory=list)
    offers: list[Offer] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    touched: dict[int, Model] = field(default_factory=dict)

    def touch(self, thing: Model) -> None:
        self.touched[id(thing)] = thing

    def set(self, thing: Model, attribute: str, value: Any, *, said_as: str = "") -> None:
        old = getattr(thing, attribute)
        if plain(old) != plain(value):
            setattr(thing, attribute, value)
            self.changes.append(Change(said_as or attribute, old, value))
            self.touch(thing)

    @property
    def entries(self) -> list[Entry]:
        return [*self.offers, *self.requests]

    def things(self) -> Iterator[Model]:
        """Yield everything that is kept; what does not exist yet has no key."""
        yield from (self.organisation, self.profile, self.figures, self.membership)
        yield from (*self.aliases, *self.identifiers, *self.contacts)
        yield from (*self.offers, *self.requests)


def new_holding(network: Network) -> Holding:
    return _holding(Organisation(), network)


def _holding(organisation: Organisation, network: Network) -> Holding:
    return Holding(
        organisation,
        Profile(organisation=organisation),
        Figures(organisation=organisation),
        Membership(organisation=organisation, network=network),
    )


def holdings_of(
    organisations: Iterable[Organisation],
    network: Network | None,
    *,
    on: dt.date,
    to: Viewer | None = None,
) -> dict[int, Holding]:
    """Read what is kept of organisations today, in a fixed number of queries.

    Of memberships the one in `network` is read. `to` leaves out what that viewer may not see;
    without it everything is there, for writing.
    """
    network = network or Network()
    held = {one.pk: _holding(one, network) for one in organisations}

    def rows(queryset: QuerySet[M]) -> QuerySet[M]:
        mine = queryset.filter(organisation__in=held)
        return visible(mine, to=to, on=on) if to else mine

    for profile in rows(Profile.objects.all()):
        held[profile.organisation_id].profile = profile
    for figures in rows(Figures.objects.all()):
        held[figures.organisation_id].figures = figures
    for membership in Membership.objects.filter(network=network.pk, organisation__in=held):
        membership.network = network
        held[membership.organisation_id].membership = membership
    for alias in rows(Alias.objects.all()):
        held[alias.organisation_id].aliases.append(alias)
    for identifier in rows(Identifier.objects.all()):
        held[identifier.organisation_id].identifiers.append(identifier)
    for person in rows(ContactPerson.objects.filter(holds(on))):
        held[person.organisation_id].contacts.append(person)
    for offer in rows(Offer.objects.all()):
        held[offer.organisation_id].offers.append(offer)
    for request in rows(Request.objects.all()):
        held[request.organisation_id].requests.append(request)
    return held


def plain(value: Any) -> Any:
    """Compare texts as a list gives them back: blanks and line breaks do not count."""
    return " ".join(text_of(value).split()) if isinstance(value, str) else value
