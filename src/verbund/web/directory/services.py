"""Writes to members' data: from a list, or typed by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction

from verbund.language.spelling import fold
from verbund.language.vocabulary import vocabulary
from verbund.records.organisation import Organisation as Record
from verbund.records.places import position_of
from verbund.web.core.services import record
from verbund.web.directory.models import (
    Competence,
    ContactPerson,
    Entry,
    Figures,
    Offer,
    Profile,
    Request,
)
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import (
    Alias,
    Membership,
    Network,
    Organisation,
    Visibility,
    holds,
)

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

_SURE = 0.6  # confidence from which a concept counts as named


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


def index_entry(entry: Entry) -> None:
    """Note which concepts an offer or request names, and its folded text for the search."""
    texts = [text for text in (entry.text_de, entry.text_en) if text]
    named = sorted({id_ for text in texts for id_ in _concepts(text)})
    entry.concepts = f"|{'|'.join(named)}|" if named else ""
    entry.search = fold(" ".join(texts))


def index_organisation(organisation: Organisation) -> None:
    """Recompute what searches and filters need: folded texts, competences of the profile."""
    profile = Profile.objects.filter(organisation=organisation).first()
    names = organisation.aliases.values_list("name", flat=True)
    organisation.search = fold(" ".join((organisation.name, *names, organisation.city)))
    organisation.save(update_fields=["search"])
    if profile is None:
        return
    texts = [profile.text_de, profile.text_en, profile.segment, *profile.topics.split("\n")]
    profile.search = fold(" ".join(text for text in texts if text))
    profile.save(update_fields=["search"])
    named = {id_ for text in texts for id_ in _concepts(text)}
    Competence.objects.filter(organisation=organisation).exclude(concept__in=named).delete()
    known = set(
        Competence.objects.filter(organisation=organisation).values_list("concept", flat=True)
    )
    Competence.objects.bulk_create(
        Competence(organisation=organisation, concept=id_) for id_ in sorted(named - known)
    )


def _concepts(text: str) -> set[str]:
    return {id_ for id_, sure in vocabulary().find(text).items() if sure >= _SURE}


def announce_change(organisations: Iterable[Organisation], on: dt.date) -> None:
    """Tell the other apps, once the change is committed, whose members' data changed."""
    networks = set(
        Membership.objects.filter(
            holds(on), organisation__in=[organisation.pk for organisation in organisations]
        ).values_list("network_id", flat=True)
    )
    transaction.on_commit(
        lambda: profile_changed.send(sender=Organisation, networks=frozenset(networks))
    )
