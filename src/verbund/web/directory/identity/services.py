"""Writes of what an organisation is beyond its name, and of its membership in a network."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.records.places import find_place
from verbund.web.core.services import record
from verbund.web.directory.services.index import announce_change, index_organisation
from verbund.web.networks.models import Alias, Identifier, Membership, Organisation, Site

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

Row = Alias | Site | Identifier


@transaction.atomic
def save_part(row: Row, *, by: User | None, on: dt.date) -> None:
    """Write a name, a site or a number; a site is put on the map where its town is."""
    if isinstance(row, Site):
        place = find_place(row.city, country=row.country, postal_code=row.postal_code)
        row.lat, row.lon = (place.lat, place.lon) if place else (None, None)
    row.save()
    _changed(row, by, on)


@transaction.atomic
def delete_part(row: Row, *, by: User | None, on: dt.date) -> None:
    """Take a name, a site or a number away that was never right."""
    row.delete()
    _changed(row, by, on)


def _changed(row: Row, by: User | None, on: dt.date) -> None:
    organisation = row.organisation
    index_organisation(organisation)
    record(by, "update", organisation, {"fields": [row._meta.model_name]})
    announce_change([organisation], on)


@transaction.atomic
def save_belonging(
    organisation: Organisation, legal_form: str, parent: Organisation | None, *, by: User | None
) -> bool:
    """Write legal form and parent; returns whether anything changed."""
    before = (organisation.legal_form, organisation.parent_id)
    organisation.legal_form, organisation.parent = legal_form, parent
    if before == (organisation.legal_form, organisation.parent_id):
        return False
    organisation.save(update_fields=["legal_form", "parent", "changed_at"])
    record(by, "update", organisation, {"fields": ["legal_form", "parent"]})
    return True


@transaction.atomic
def save_membership(membership: Membership, *, changed: list[str], by: User | None) -> None:
    """Write status, number and first day of a membership; its end has a service of its own."""
    if changed:
        membership.save(update_fields=changed)
        about = {"network": membership.network.slug, "fields": sorted(changed)}
        record(by, "membership", membership.organisation, about)
