"""Who of other networks has seen a request."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from verbund.web.agreements.sharing import visible
from verbund.web.directory.models import Approach, Request, Sighting
from verbund.web.networks.models import Network, Organisation
from verbund.web.networks.rules import Viewer

_Key = tuple[Network, str, str]
_NAMED = (Approach.State.NAMED, Approach.State.REVEALED)


@dataclass(frozen=True)
class Seen:
    """Some of another network who had a request before them in one place.

    `who` is an organisation; "" stands for the network's office, "?" for members not to be named.
    """

    network: Network
    who: str
    place: str
    days: list[dt.date]

    @property
    def first(self) -> dt.date:
        return self.days[0]

    @property
    def last(self) -> dt.date:
        return self.days[-1]


def seen_by(request: Request, *, to: Viewer, on: dt.date) -> list[Seen]:
    """List who has seen a request and where, the latest first; persons are not named."""
    rows = Sighting.objects.filter(request=request).order_by("on").select_related("network")
    known = set(_nameable(request, rows, to, on).values_list("pk", flat=True))
    days: dict[_Key, list[dt.date]] = {}
    for row in rows.select_related("organisation"):
        who = str(row.organisation or "")
        if row.organisation_id and row.organisation_id not in known:
            who = "?"
        found = days.setdefault((row.network, who, str(row.get_place_display())), [])
        if row.on not in found:
            found.append(row.on)
    seen = [Seen(*key, when) for key, when in days.items()]
    return sorted(seen, key=lambda one: (-one.last.toordinal(), one.network.name, one.who))


def _nameable(
    request: Request, rows: Iterable[Sighting], viewer: Viewer, on: dt.date
) -> QuerySet[Organisation]:
    """Return the organisations a reader may see, but none that may have written without a name."""
    if request.is_anonymous:
        return Organisation.objects.none()
    unnamed = Approach.objects.filter(request=request).exclude(state__in=_NAMED)
    readers = Organisation.objects.filter(pk__in={row.organisation_id for row in rows})
    readers = readers.exclude(pk__in=unnamed.values("organisation"))
    return visible(readers, to=viewer, on=on)
