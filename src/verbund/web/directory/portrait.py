"""An organisation as one viewer sees it: everything on its page, by the sharing rule."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model

from verbund.web.agreements.sharing import Why, owner_of, visible, whys
from verbund.web.core.registries import Panel, organisation_panels
from verbund.web.directory.competences.queries import Shown, competences_of
from verbund.web.directory.finding import Wanted
from verbund.web.directory.identity.queries import Identity, identity_of
from verbund.web.directory.map import Distance, Rings, rings_around
from verbund.web.directory.models import ContactPerson, Figures, Offer, Profile, Request
from verbund.web.directory.queries import Sight, towns_of
from verbund.web.directory.rows import with_addresses
from verbund.web.directory.size.queries import Verdict, size_of
from verbund.web.networks.models import DataClass, Membership, Network, Organisation, holds

_DEGREES = 4.5  # around the place; the widest ring reaches as far


@dataclass(frozen=True)
class NearbyTown:
    distance: Distance
    numbers: list[tuple[Network, int]]


@dataclass(frozen=True)
class Portrait:
    organisation: Organisation
    profile: Profile
    memberships: list[Membership]
    competences: list[Shown]
    mentioned: list[Shown]
    topics: list[str]
    offers: list[Offer]
    requests: list[Request]
    contacts: list[ContactPerson]
    figures: Figures | None
    sme: Verdict | None
    identity: Identity
    rings: Rings | None
    nearby: list[NearbyTown]
    panels: list[Panel]
    reasons: dict[str, list[Why]]


def portrait_of(organisation: Organisation, sight: Sight) -> Portrait:
    """Collect what the viewer may see of an organisation that the viewer may see."""
    viewer, on = sight.viewer, sight.on
    offers = list(sight.offers.filter(organisation=organisation))
    requests = list(sight.requests.filter(organisation=organisation))
    contacts = list(visible(organisation.contact_persons.filter(holds(on)), to=viewer, on=on))
    figures = visible(Figures.objects.filter(organisation=organisation), to=viewer, on=on).first()
    first: dict[DataClass, Model | None] = {
        DataClass.PROFILE: organisation,
        DataClass.OFFERS: next(iter(offers), None),
        DataClass.REQUESTS: next(iter(requests), None),
        DataClass.CONTACT: next(iter(contacts), None),
        DataClass.FIGURES: figures,
    }
    owner = owner_of(organisation, on)
    profile = Profile.objects.filter(organisation=organisation).first() or Profile()
    rings = _rings(organisation, sight)
    size = size_of(organisation, viewer, on) if figures else None
    competences = competences_of(organisation, viewer, on)
    memberships = sight.memberships.filter(organisation=organisation).select_related("network")
    return Portrait(
        organisation,
        profile,
        list(memberships.order_by("network__name")),
        [one for one in competences if one.is_declared],
        [one for one in competences if not one.is_declared],
        [topic for topic in profile.topics.split("\n") if topic.strip()],
        offers,
        requests,
        contacts,
        figures,
        size.verdicts[0] if size and size.verdicts else None,
        identity_of(organisation, sight),
        rings,
        _nearby(rings),
        [panel for panels in organisation_panels for panel in panels(viewer, organisation.pk, on)],
        {
            data_class.value: whys(thing, to=viewer, on=on, owner=owner)
            for data_class, thing in first.items()
            if thing
        },
    )


def _rings(organisation: Organisation, sight: Sight) -> Rings | None:
    if organisation.lat is None or organisation.lon is None:
        return None
    homes = list(
        sight.memberships.filter(organisation=organisation)
        .order_by("network__name")
        .values_list("network", "network__slug")
    )
    at_home = sight.memberships.filter(network__in=[network for network, _ in homes])
    partners = sight.organisations.exclude(pk__in=at_home.values("organisation")).filter(
        lat__range=(organisation.lat - _DEGREES, organisation.lat + _DEGREES),
        lon__range=(organisation.lon - 2 * _DEGREES, organisation.lon + 2 * _DEGREES),
    )
    place = (organisation.lat, organisation.lon)
    slug = homes[0][1] if homes else ""
    towns = towns_of(sight, partners.exclude(pk=organisation.pk))
    return rings_around(place, slug, with_addresses(towns, Wanted()))


def _nearby(rings: Rings | None) -> list[NearbyTown]:
    distances = rings.distances if rings else []
    slugs = {slug for distance in distances for slug in distance.town.numbers}
    networks = list(Network.objects.filter(slug__in=slugs))
    return [
        NearbyTown(
            distance,
            [
                (n, distance.town.numbers[n.slug])
                for n in networks
                if n.slug in distance.town.numbers
            ],
        )
        for distance in distances
    ]
