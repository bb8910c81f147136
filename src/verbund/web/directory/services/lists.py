"""A member as a list states it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.language.spelling import fold
from verbund.records.organisation import Organisation as Record
from verbund.records.places import position_of
from verbund.web.core.services import record
from verbund.web.directory.models import ContactPerson, Figures, Offer, Profile, Request
from verbund.web.directory.services.index import announce_change, index_entry, index_organisation
from verbund.web.networks.models import Alias, Membership, Network, Organisation, Visibility

if TYPE_CHECKING:
    from verbund.web.accounts.models import User


@transaction.atomic
def take_over_member(
    member: Record,
    network: Network,
    *,
    existing: Organisation | None,
    by: User | None,
    on: dt.date,
    entries_default: Visibility = Visibility.OWN,
) -> Organisation:
    """Write one row of a member list: a new organisation, or what it adds to an existing one.

    Empty cells never erase, and offers or requests the row does not repeat stay. Where the row
    says nothing about visibility, new entries get `entries_default`.
    """
    organisation = existing or Organisation()
    is_new = organisation.pk is None
    _fill_identity(organisation, member, keep_visibility=not is_new)
    organisation.save()
    for alias in {*member.aliases} - {organisation.name}:
        Alias.objects.get_or_create(organisation=organisation, name=alias)
    Membership.objects.update_or_create(
        network=network,
        organisation=organisation,
        defaults={
            "number": member.id if not member.id.startswith("#") else "",
            "valid_until": None,
        },
    )
    _fill_profile(organisation, member, network)
    _fill_figures(organisation, member, on)
    _fill_contact(organisation, member)
    visibility = Visibility(member.visibility.value) if member.visibility else entries_default
    language = _language_of(member, network)
    for model, texts in ((Offer, member.offers), (Request, member.requests)):
        _add_entries(model, organisation, texts, visibility, language, on)
    index_organisation(organisation)
    record(by, "create" if is_new else "update", organisation, {"network": network.slug})
    announce_change([organisation], on)
    return organisation


def _fill_identity(organisation: Organisation, member: Record, *, keep_visibility: bool) -> None:
    organisation.name = member.name
    if member.type:
        organisation.kind = member.type.value
    for field in ("postal_code", "city", "state", "country", "website", "language", "pic"):
        if value := getattr(member, field):
            setattr(organisation, field, value)
    if place := position_of(member):
        organisation.lat, organisation.lon = place
    if member.visibility and not keep_visibility:
        organisation.visibility = member.visibility.value


def _language_of(member: Record, network: Network) -> str:
    return member.language if member.language in ("de", "en") else network.language


def _fill_profile(organisation: Organisation, member: Record, network: Network) -> None:
    profile, _ = Profile.objects.get_or_create(organisation=organisation)
    if member.profile:
        setattr(profile, f"text_{_language_of(member, network)}", member.profile)
    if member.topics:
        known = [topic for topic in profile.topics.split("\n") if topic]
        profile.topics = "\n".join(dict.fromkeys((*known, *member.topics)))
    if member.segment:
        profile.segment = member.segment
    profile.save()


def _fill_figures(organisation: Organisation, member: Record, on: dt.date) -> None:
    if member.employees is None and member.turnover_eur is None:
        return
    figures, _ = Figures.objects.get_or_create(organisation=organisation)
    if member.employees is not None:
        figures.employees = member.employees
    if member.turnover_eur is not None:
        figures.turnover_eur = Decimal(str(member.turnover_eur))
    figures.as_of = on
    figures.save()


def _fill_contact(organisation: Organisation, member: Record) -> None:
    if not member.contact_name and not member.contact_email:
        return
    name = member.contact_name or member.contact_email
    person, _ = ContactPerson.objects.get_or_create(organisation=organisation, name=name)
    if member.contact_email:
        person.email = member.contact_email
        person.save()


def _add_entries(
    model: type[Offer] | type[Request],
    organisation: Organisation,
    texts: Iterable[str],
    visibility: Visibility,
    language: str,
    on: dt.date,
) -> None:
    known = {
        fold(text)
        for entry in model.objects.filter(organisation=organisation)
        for text in (entry.text_de, entry.text_en)
        if text
    }
    for text in texts:
        if fold(text) in known:
            continue
        known.add(fold(text))
        entry = model(organisation=organisation, visibility=visibility, made_on=on)
        setattr(entry, f"text_{language}", text)
        index_entry(entry)
        entry.save()
