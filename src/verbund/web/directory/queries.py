"""What a viewer sees of the members: the one start of every list, count, map and search here."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Avg, Count, Exists, OuterRef, Q, QuerySet

from verbund.language.spelling import fold
from verbund.language.vocabulary import Concept, ConceptKind
from verbund.web.agreements.models import Agreement, is_in_force
from verbund.web.agreements.sharing import grants, visible
from verbund.web.core.texts import current_language
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.map import Town, joined
from verbund.web.directory.models import Competence, Entry, Offer, Profile, Request
from verbund.web.networks.models import (
    DataClass,
    Membership,
    Network,
    Organisation,
    Visibility,
    holds,
)
from verbund.web.networks.rules import Viewer

_KINDS = list(ConceptKind)
CONFIRMED_FOR = dt.timedelta(days=365)


@dataclass(frozen=True)
class Sight:
    """What somebody sees of the members on a day, by the sharing rule."""

    viewer: Viewer
    on: dt.date
    organisations: QuerySet[Organisation]
    memberships: QuerySet[Membership]
    offers: QuerySet[Offer]
    requests: QuerySet[Request]


def sight_of(viewer: Viewer, on: dt.date) -> Sight:
    return Sight(
        viewer,
        on,
        _organisations(viewer, on),
        _memberships(viewer, on),
        visible(Offer.objects.filter(goes_on(on)), to=viewer, on=on),
        visible(Request.objects.filter(goes_on(on)), to=viewer, on=on),
    )


def goes_on(on: dt.date) -> Q:
    """Return the condition that an offer or a request has not ended before a day."""
    return Q(ends_on=None) | Q(ends_on__gte=on)


def _organisations(viewer: Viewer, on: dt.date) -> QuerySet[Organisation]:
    """Members today; who left the last network is seen by its own people only."""
    member = Exists(Membership.objects.filter(holds(on), organisation=OuterRef("pk")))
    found = Organisation.objects.filter(Q(member) | Q(pk__in=viewer.organisations))
    return visible(found, to=viewer, on=on)


def _memberships(viewer: Viewer, on: dt.date) -> QuerySet[Membership]:
    """Memberships in networks that show this viewer the organisation, not in others besides."""
    givers = {grant.giver for grant in grants(viewer, DataClass.PROFILE, on=on)}
    shared = (Visibility.PARTNERS, Visibility.PUBLIC)
    return Membership.objects.filter(holds(on)).filter(
        Q(network__in=viewer.networks)
        | Q(network__in=givers, organisation__visibility__in=shared)
        | Q(organisation__visibility=Visibility.PUBLIC)
        | Q(organisation__in=viewer.organisations)
    )


def networks_by_organisation(
    sight: Sight, organisations: Iterable[Organisation]
) -> dict[int, list[Network]]:
    found: dict[int, list[Network]] = defaultdict(list)
    rows = sight.memberships.filter(organisation__in=[o.pk for o in organisations])
    for membership in rows.select_related("network").order_by("network__name", "network_id"):
        found[membership.organisation_id].append(membership.network)
    return found


def number_of_entries(
    entries: QuerySet[Offer] | QuerySet[Request], organisations: Iterable[Organisation]
) -> dict[int, int]:
    counted = (
        entries.filter(organisation__in=[o.pk for o in organisations])
        .order_by()
        .values_list("organisation")
        .annotate(number=Count("pk"))
    )
    return dict(counted)


def towns_of(sight: Sight, found: QuerySet[Organisation]) -> list[Town]:
    """Return the towns of organisations with how many members of which network are there."""
    known = found.exclude(place_unknown()).order_by()
    counted = (
        sight.memberships.filter(organisation__in=known.values("pk"))
        .order_by()
        .values_list("organisation__city", "organisation__country", "network__slug")
        .annotate(Count("pk"))
    )
    numbers: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for city, country, slug, number in counted:
        numbers[city, country][slug] = number
    places = known.values_list("city", "country").annotate(Avg("lat"), Avg("lon"), Count("pk"))
    return joined(
        Town(city, lat, lon, total, numbers[city, country])
        for city, country, lat, lon, total in places
    )


def place_unknown() -> Q:
    return Q(city="") | Q(lat=None) | Q(lon=None)


def concepts_by_organisation(organisations: Iterable[Organisation]) -> dict[int, list[Concept]]:
    """Return what profiles name of the vocabulary, technologies first."""
    known = vocabulary_in_use().concepts
    found: dict[int, list[Concept]] = defaultdict(list)
    rows = Competence.objects.filter(organisation__in=[o.pk for o in organisations])
    for organisation, concept in rows.values_list("organisation", "concept"):
        if concept in known:
            found[organisation].append(known[concept])
    for concepts in found.values():
        concepts.sort(key=lambda concept: (_KINDS.index(concept.kind), label_of(concept)))
    return found


def label_of(concept: Concept) -> str:
    return concept.label_en if current_language() == "en" else concept.label_de


def unconfirmed(on: dt.date, *, prefix: str = "") -> Q:
    """Return the condition that nobody confirmed a profile for twelve months."""
    return Q(**{f"{prefix}confirmed_on": None}) | Q(
        **{f"{prefix}confirmed_on__lt": on - CONFIRMED_FOR}
    )


def is_unconfirmed(profile: Profile, on: dt.date) -> bool:
    return profile.confirmed_on is None or profile.confirmed_on < on - CONFIRMED_FOR


def unconfirmed_among(organisations: Iterable[Organisation], on: dt.date) -> set[int]:
    """Return the keys of those whose profile nobody confirmed for twelve months."""
    given = {organisation.pk for organisation in organisations}
    confirmed = Profile.objects.exclude(unconfirmed(on)).filter(organisation__in=given)
    return given - set(confirmed.values_list("organisation_id", flat=True))


def unconfirmed_members(viewer: Viewer, on: dt.date) -> QuerySet[Organisation]:
    """Members of the networks this person works for whose profile wants a confirmation."""
    member = Membership.objects.filter(
        holds(on), network__in=viewer.offices, organisation=OuterRef("pk")
    )
    return visible(
        Organisation.objects.filter(Exists(member), unconfirmed(on, prefix="profile__")),
        to=viewer,
        on=on,
    )


def represented(viewer: Viewer) -> QuerySet[Profile]:
    """Profiles of the organisations this person represents."""
    return (
        Profile.objects.filter(organisation__in=viewer.organisations)
        .select_related("organisation")
        .order_by("organisation__name", "pk")
    )


def own_entries(organisation: Organisation, kind: str) -> list[Entry]:
    """All offers or requests of an organisation for those who edit them, ended ones too."""
    rows = organisation.offers if kind == "offers" else organisation.requests
    return list(rows.order_by("pk"))


def home_networks(organisation: Organisation, on: dt.date) -> list[Network]:
    """Return the networks whose member an organisation is."""
    return list(
        Network.objects.filter(
            holds(on, prefix="memberships__"), memberships__organisation=organisation
        ).distinct()
    )


def partners_of(networks: Iterable[Network], on: dt.date) -> list[Network]:
    """Return the networks that have an agreement in force with one of these.

    Where another office recorded it, it is none before the one concerned has confirmed it.
    """
    given = [network.pk for network in networks]
    in_force = Agreement.objects.filter(
        is_in_force(on), signing__network__in=given, signing__is_confirmed=True
    )
    return list(Network.objects.filter(agreements__in=in_force).exclude(pk__in=given).distinct())


def namesakes(viewer: Viewer, on: dt.date, name: str) -> list[Organisation]:
    """Return organisations of that name among those the viewer sees anyway."""
    wanted = fold(name)
    found = sight_of(viewer, on).organisations.filter(search__startswith=wanted)
    return [organisation for organisation in found if fold(organisation.name) == wanted]
