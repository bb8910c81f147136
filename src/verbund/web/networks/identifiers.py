"""Numbers of registers, read for many organisations at once."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from verbund.web.networks.models import Identifier, Organisation


def pics_of(organisations: QuerySet[Organisation] | Iterable[Organisation]) -> dict[int, str]:
    """Return the participant code by organisation, the lowest where several are kept.

    An organisation's numbers are as visible as its profile: whoever sees the one sees the other.
    """
    rows = Identifier.objects.filter(scheme=Identifier.Scheme.PIC, organisation__in=organisations)
    return dict(rows.order_by("-value").values_list("organisation_id", "value"))
