"""What members, or their office for them, change by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext

from verbund.records.names import legal_form_in
from verbund.records.places import find_place
from verbund.web.core.consequences import tell_affected
from verbund.web.core.services import record
from verbund.web.directory.models import ContactPerson, Entry, Figures, Profile
from verbund.web.directory.services.index import announce_change, index_entry, index_organisation
from verbund.web.directory.size.services import keep_figures
from verbund.web.networks.models import Membership, Network, Organisation

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_PLACE = frozenset(("city", "postal_code", "state", "country"))
_SIZE = frozenset(("employees", "turnover_eur", "balance_eur", "as_of"))


@transaction.atomic
def add_member(
    organisation: Organisation, network: Network, *, by: User | None, on: dt.date
) -> Organisation:
    """Write a new organisation and make it a member of a network from this day on."""
    _locate(organisation)
    organisation.legal_form = legal_form_in(organisation.name)
    organisation.save()
    Profile.objects.create(organisation=organisation)
    Membership.objects.create(network=network, organisation=organisation, valid_from=on)
    index_organisation(organisation)
    record(by, "create", organisation, {"network": network.slug})
    announce_change([organisation], on)
    return organisation


@transaction.atomic
def save_portrait(
    organisation: Organisation,
    profile: Profile,
    figures: Figures | None,
    *,
    changed: Iterable[str],
    by: User | None,
    on: dt.date,
) -> None:
    """Write who an organisation is, what it says of itself and its size; `changed` names fields."""
    changed = sorted(set(changed))
    if not changed:
        return
    if _PLACE & set(changed):
        _locate(organisation)
    organisation.legal_form = legal_form_in(organisation.name) or organisation.legal_form
    organisation.save()
    profile.save()
    if figures and _SIZE & set(changed):
        keep_figures(figures, on=on)
    index_organisation(organisation)
    record(by, "update", organisation, {"fields": changed})
    announce_change([organisation], on)


def _locate(organisation: Organisation) -> None:
    """Put an organisation where its town is; nowhere if that is unknown."""
    place = organisation.city and find_place(
        organisation.city,
        country=organisation.country,
        state=organisation.state,
        postal_code=organisation.postal_code,
    )
    organisation.lat = place.lat if place else None
    organisation.lon = place.lon if place else None
    if place and not organisation.state:
        organisation.state = place.state


@transaction.atomic
def confirm_profile(
    organisation: Organisation, *, by: User | None, on: dt.date, name: str = ""
) -> Profile:
    """Note that somebody found everything right; a second click changes nothing.

    `name` is how the profile calls them, where that is not the name of an account.
    """
    profile, _ = Profile.objects.select_for_update().get_or_create(organisation=organisation)
    name = (name or str(by))[:120]
    if (profile.confirmed_on, profile.confirmed_by) != (on, name):
        profile.confirmed_on, profile.confirmed_by = on, name
        profile.save(update_fields=["confirmed_on", "confirmed_by"])
        record(by, "confirm", organisation)
    return profile


@transaction.atomic
def save_entry(entry: Entry, organisation: Organisation, *, by: User | None, on: dt.date) -> None:
    """Write an offer or a request, with what it names of the vocabulary."""
    is_new = entry.pk is None
    if is_new:
        entry.made_on = on
    index_entry(entry)
    entry.save()
    record(by, "create" if is_new else "update", entry, {"organisation": organisation.pk})
    announce_change([organisation], on)


@transaction.atomic
def end_entry(
    entry: Entry,
    organisation: Organisation,
    *,
    last_day: dt.date | None,
    by: User | None,
    on: dt.date,
) -> dt.date | None:
    """Let an offer or a request end with a day, or go on (None); return the end it had before."""
    before = entry.ends_on
    if before != last_day:
        entry.ends_on = last_day
        entry.save(update_fields=["ends_on"])
        record(by, "update", entry, {"organisation": organisation.pk, "ends_on": last_day})
        announce_change([organisation], on)
    return before


@transaction.atomic
def delete_entry(entry: Entry, organisation: Organisation, *, by: User | None, on: dt.date) -> None:
    """Take an offer or a request away for good; who relied on it is told."""
    tell_affected(entry, on, subject=_taken_back, but=by.email if by else "")
    record(by, "delete", entry, {"organisation": organisation.pk})
    entry.delete()
    announce_change([organisation], on)


@transaction.atomic
def save_contact(person: ContactPerson, *, by: User | None) -> None:
    """Write a contact person; whether partners see them is a matter of consent."""
    is_new = person.pk is None
    person.save()
    record(by, "create" if is_new else "update", person, {"organisation": person.organisation_id})


@transaction.atomic
def delete_contact(person: ContactPerson, *, by: User | None, on: dt.date) -> None:
    """Forget a contact person; the audit log keeps that it was done, not who it was."""
    tell_affected(person, on, subject=_contact_gone, but=by.email if by else "")
    record(by, "delete", person.organisation, {"contact_person": person.pk})
    person.delete()


def _taken_back() -> str:
    return gettext("An offer or a request was deleted")


def _contact_gone() -> str:
    return gettext("A contact person was deleted")
