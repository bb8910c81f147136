"""What the search over everything finds among the members, and where it stands."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Case, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _
from rapidfuzz import fuzz, process

from verbund.language.spelling import fold
from verbund.web.core.registries import Hit
from verbund.web.core.searching import Place, says, where_found
from verbund.web.core.texts import text_of
from verbund.web.directory.concepts import vocabulary_in_use
from verbund.web.directory.finding import Wanted, entries_saying, narrowed, ordered
from verbund.web.directory.models import Profile, Request, Sighting
from verbund.web.directory.queries import Sight, networks_by_organisation, sight_of
from verbund.web.directory.sightings.services import note_sightings
from verbund.web.networks.models import Organisation
from verbund.web.networks.rules import Viewer

_COMPARED, _NEAR, _SIMILAR = 20_000, 70, 3  # names looked at, likeness in percent, proposals


def find_organisations(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    """Find members; those whose name says it first."""
    sight = sight_of(viewer, on)
    wanted = Wanted.read({"q": text})
    if not wanted.q:
        return 0, []
    found = narrowed(sight, wanted)
    shown = list(by_fit(found, wanted.q)[:limit])
    networks = networks_by_organisation(sight, shown)
    places = _places(sight, shown)
    return found.count(), [
        Hit(
            one.name,
            one.get_absolute_url(),
            ", ".join(filter(None, (str(one.get_kind_display()), one.city))),
            tuple(network.slug for network in networks[one.pk]),
            *where_found([Place("", f"{one.name} {one.city}"), *places[one.pk]], wanted.q),
        )
        for one in shown
    ]


def by_fit(found: QuerySet[Organisation], text: str) -> QuerySet[Organisation]:
    """Put first whose name begins with the text, then whose name or town says it."""
    fit = Case(
        When(search__startswith=fold(text), then=Value(0)),
        When(says(Organisation, text), then=Value(1)),
        default=Value(2),
    )
    by_name = ordered(found, "name").query.order_by
    return found.annotate(fit=fit).order_by("fit", *by_name)


def find_offers(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    sight = sight_of(viewer, on)
    return _find_entries(sight, sight.offers, text, limit)


def find_requests(viewer: Viewer, text: str, on: dt.date, limit: int) -> tuple[int, list[Hit]]:
    sight = sight_of(viewer, on)
    return _find_entries(sight, sight.requests, text, limit)


def _find_entries(
    sight: Sight, entries: QuerySet[Any], text: str, limit: int
) -> tuple[int, list[Hit]]:
    wanted = Wanted.read({"q": text})
    if not wanted.q:
        return 0, []
    inside = entries.filter(organisation__in=sight.organisations.values("pk"))
    found = entries_saying(inside, wanted.q)
    shown = list(found.select_related("organisation").order_by("organisation__name", "pk")[:limit])
    seen = [entry for entry in shown if isinstance(entry, Request)]
    note_sightings(seen, viewer=sight.viewer, place=Sighting.Place.SEARCH, on=sight.on)
    networks = networks_by_organisation(sight, [entry.organisation for entry in shown])
    return found.count(), [
        Hit(
            str(text_of(entry, "text")),
            f"{entry.organisation.get_absolute_url()}#{entry._meta.model_name}s",
            entry.organisation.name,
            tuple(network.slug for network in networks[entry.organisation_id]),
        )
        for entry in shown
    ]


def _places(sight: Sight, organisations: Sequence[Organisation]) -> dict[int, list[Place]]:
    """Return the texts of organisations that the reader may see, in a fixed order."""
    keys = [organisation.pk for organisation in organisations]
    found: dict[int, list[Place]] = defaultdict(list)
    for profile in Profile.objects.filter(organisation__in=keys):
        topics = ", ".join(profile.topics.split("\n"))
        for label, text in (
            (_("Profile"), str(text_of(profile, "text"))),
            (_("Profile"), profile.text_de),
            (_("Profile"), profile.text_en),
            (_("Topics"), topics),
            (_("Field of business"), profile.segment),
        ):
            found[profile.organisation_id].append(Place(label, text))
    for label, entries in ((_("Offer"), sight.offers), (_("Request"), sight.requests)):
        for entry in entries.filter(organisation__in=keys):
            for text in (str(text_of(entry, "text")), entry.text_de, entry.text_en):
                found[entry.organisation_id].append(Place(label, text))
    return found


def similar(viewer: Viewer, text: str, on: dt.date) -> list[str]:
    """Return names and terms spelt nearly like a text that found nothing; only names in sight."""
    sight = sight_of(viewer, on)
    terms = {
        fold(name): name
        for concept in vocabulary_in_use().concepts.values()
        for name in (concept.label_de, concept.label_en)
    }
    names = sight.organisations.order_by("pk").values_list("name", flat=True)[:_COMPARED]
    known = {fold(name): name for name in names} | terms
    near = process.extract(
        fold(text), list(known), scorer=fuzz.ratio, score_cutoff=_NEAR, limit=_SIMILAR
    )
    return [known[spelling] for spelling, _score, _place in near]
