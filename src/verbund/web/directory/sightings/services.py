"""Keeping who of other networks had a request before them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.cache import caches
from django.db.models import Exists, OuterRef

from verbund.web.directory.models import Request, Sighting
from verbund.web.networks.models import Membership, Network, Organisation, holds
from verbund.web.networks.rules import Viewer

_DAY = 24 * 60 * 60  # seconds


def note_sightings(
    requests: Iterable[Request], *, viewer: Viewer, place: Sighting.Place, on: dt.date
) -> None:
    """Note that a person of another network got requests on a page or in a file, once a day.

    Nobody is noted at home, nor who is not signed in. What is noted already costs no query, what is
    new two, however many requests there are.
    """
    if viewer.user_id is None or not viewer.networks:
        return
    key = f"sighting:{viewer.user_id}:{place}:{on}:"
    wanted = {f"{key}{request.pk}": request.pk for request in requests}
    noted = caches["process"].get_many(wanted)
    new = {name: pk for name, pk in wanted.items() if name not in noted}
    if not new:
        return
    at_home = Membership.objects.filter(
        holds(on), network__in=viewer.networks, organisation=OuterRef("organisation")
    )
    foreign = Request.objects.filter(~Exists(at_home), pk__in=new.values())
    foreign = foreign.exclude(organisation__in=viewer.organisations)
    organisation = None if viewer.offices else min(viewer.organisations, default=None)
    Sighting.objects.bulk_create(
        (
            Sighting(
                request_id=pk,
                network_id=min(viewer.offices or viewer.networks),
                organisation_id=organisation,
                user_id=viewer.user_id,
                place=place,
                on=on,
            )
            for pk in foreign.order_by().values_list("pk", flat=True)
        ),
        ignore_conflicts=True,
    )
    caches["process"].set_many(dict.fromkeys(new, True), _DAY)


def note_mailed(
    requests: Iterable[Request], *, organisation: Organisation, network: Network, on: dt.date
) -> None:
    """Note that a request was quoted in a mail to an organisation of another network."""
    for request in requests:
        Sighting.objects.get_or_create(
            request=request,
            network=network,
            organisation=organisation,
            user=None,
            place=Sighting.Place.MAIL,
            on=on,
        )
