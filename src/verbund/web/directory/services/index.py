"""What searches and filters need, worked out when members' data change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from verbund.language.searching import kept
from verbund.web.directory.concepts import subjects_of
from verbund.web.directory.models import Competence, Entry, Profile
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import Membership, Organisation, holds


def index_entry(entry: Entry) -> None:
    """Note which concepts an offer or request is about, and its folded text for the search."""
    texts = [text for text in (entry.text_de, entry.text_en) if text]
    concepts = sorted(subjects_of(texts))
    entry.concepts = f"|{'|'.join(concepts)}|" if concepts else ""
    entry.search = kept(texts)


def index_organisation(organisation: Organisation) -> None:
    """Recompute what searches and filters need: folded texts, competences of the profile."""
    profile = Profile.objects.filter(organisation=organisation).first()
    names = organisation.aliases.values_list("name", flat=True)
    organisation.search = searched_names(organisation, names)
    organisation.save(update_fields=["search"])
    if profile is None:
        return
    profile.search = searched_profile(profile)
    profile.save(update_fields=["search"])
    named = concepts_of(profile)
    found = Competence.objects.filter(organisation=organisation, evidence=Competence.Evidence.TEXT)
    found.exclude(concept__in=named).delete()
    known = set(
        Competence.objects.filter(organisation=organisation).values_list("concept", flat=True)
    )
    Competence.objects.bulk_create(
        Competence(organisation=organisation, concept=id_) for id_ in sorted(named - known)
    )


def searched_names(organisation: Organisation, aliases: Iterable[str]) -> str:
    place = (organisation.postal_code, organisation.city)
    return kept((organisation.name, *aliases, *place))


def searched_profile(profile: Profile) -> str:
    return kept(_texts_of(profile))


def concepts_of(profile: Profile) -> set[str]:
    """Return the concepts that profile, topics and field of business are about."""
    return subjects_of(_texts_of(profile))


def _texts_of(profile: Profile) -> list[str]:
    return [profile.text_de, profile.text_en, profile.segment, *profile.topics.split("\n")]


def announce_change(organisations: Iterable[Organisation], on: dt.date) -> None:
    """Tell the other apps, once the change is committed, whose members' data changed."""
    changed = frozenset(organisation.pk for organisation in organisations)
    homes = Membership.objects.filter(holds(on), organisation__in=changed)
    networks = frozenset(homes.values_list("network_id", flat=True))
    transaction.on_commit(
        lambda: profile_changed.send(sender=Organisation, networks=networks, organisations=changed)
    )
