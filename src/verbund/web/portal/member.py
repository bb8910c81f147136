"""What the first page shows a member: their card, their introductions, requests that fit."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext, ngettext

from verbund.web.agreements.sharing import visible
from verbund.web.directory.models import Competence, ContactPerson, Figures, Offer, Profile, Request
from verbund.web.directory.queries import (
    home_networks,
    networks_by_organisation,
    partners_of,
    sight_of,
)
from verbund.web.networks.models import Network, Organisation
from verbund.web.networks.rules import Viewer, viewer_for_network
from verbund.web.partnering.models import Introduction
from verbund.web.partnering.queries import introductions_for

_SHOWN, _LOOKED_AT = 5, 200
_LEARNED = (Organisation.Kind.RESEARCH, Organisation.Kind.EDUCATION)


@dataclass(frozen=True)
class PartnerSight:
    """What the members of a partner network see of an organisation today."""

    network: Network
    profile: bool
    offers: int
    requests: int
    contact: bool
    figures: bool

    @property
    def words(self) -> list[str]:
        """Name what they see, in the order of the profile."""
        offers = ngettext("%(count)s offer", "%(count)s offers", self.offers)
        requests = ngettext("%(count)s request", "%(count)s requests", self.requests)
        parts = (
            (self.profile, gettext("profile")),
            (self.offers, offers % {"count": self.offers}),
            (self.requests, requests % {"count": self.requests}),
            (self.contact, gettext("contact person")),
            (self.figures, gettext("figures")),
        )
        return [word for is_seen, word in parts if is_seen]


@dataclass(frozen=True)
class Card:
    """An organisation as its own people and its partners see it."""

    organisation: Organisation
    networks: list[Network]
    profile: Profile | None
    offers: int
    requests: int
    partners: list[PartnerSight]

    @property
    def is_learned(self) -> bool:
        return self.organisation.kind in _LEARNED


def cards(viewer: Viewer, on: dt.date) -> list[Card]:
    """Return a card of each organisation the viewer speaks for."""
    organisations = Organisation.objects.filter(pk__in=viewer.organisations)
    return [_card(one, on) for one in organisations.select_related("profile")]


def _card(organisation: Organisation, on: dt.date) -> Card:
    networks = home_networks(organisation, on)
    return Card(
        organisation,
        networks,
        Profile.objects.filter(organisation=organisation).first(),
        Offer.objects.filter(organisation=organisation).count(),
        Request.objects.filter(organisation=organisation).count(),
        [_seen_by(organisation, partner, on) for partner in partners_of(networks, on)],
    )


def _seen_by(organisation: Organisation, network: Network, on: dt.date) -> PartnerSight:
    there = viewer_for_network(network)

    def of(model: type[Profile | Offer | Request | ContactPerson | Figures]) -> int:
        rows: QuerySet[Profile | Offer | Request | ContactPerson | Figures]
        rows = model._default_manager.filter(organisation=organisation)
        return visible(rows, to=there, on=on).count()

    return PartnerSight(
        network,
        profile=bool(of(Profile)),
        offers=of(Offer),
        requests=of(Request),
        contact=bool(of(ContactPerson)),
        figures=bool(of(Figures)),
    )


@dataclass(frozen=True)
class Introduced:
    """An introduction of one's own, and whom one was introduced to."""

    introduction: Introduction
    other: Organisation
    other_network: Network


def introductions(viewer: Viewer, on: dt.date) -> list[Introduced]:
    """Return the newest introductions of the organisations the viewer speaks for."""
    own = Q(left__in=viewer.organisations) | Q(right__in=viewer.organisations)
    found = introductions_for(viewer, on).filter(own)
    found = found.exclude(state=Introduction.State.WITHDRAWN)
    rows = []
    for one in found[:_SHOWN]:
        is_left = one.left_id in viewer.organisations
        other = one.right if is_left else one.left
        rows.append(Introduced(one, other, one.right_network if is_left else one.left_network))
    return rows


@dataclass(frozen=True)
class Fitting:
    """A request that names something the viewer's organisation knows."""

    request: Request
    networks: list[Network]


def fitting_requests(viewer: Viewer, on: dt.date) -> list[Fitting]:
    """Return visible requests that name most concepts of one's own profile and offers."""
    own = Offer.objects.filter(organisation__in=viewer.organisations)
    known = {concept for offer in own for concept in offer.concept_ids}
    known.update(
        Competence.objects.filter(organisation__in=viewer.organisations).values_list(
            "concept", flat=True
        )
    )
    named = Q(pk__in=[])
    for concept in sorted(known):
        named |= Q(concepts__contains=f"|{concept}|")
    sight = sight_of(viewer, on)
    # An agreement may share requests and no profiles: then nobody may be named.
    named &= Q(organisation__in=sight.organisations.values("pk"))
    found = sight.requests.filter(named).exclude(organisation__in=viewer.organisations)
    newest = found.select_related("organisation").order_by("-made_on", "-pk")[:_LOOKED_AT]
    rows = sorted(newest, key=lambda row: -len(known.intersection(row.concept_ids)))[:_SHOWN]
    networks = networks_by_organisation(sight, [row.organisation for row in rows])
    return [Fitting(row, networks[row.organisation_id]) for row in rows]
