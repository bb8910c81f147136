"""Changing the vocabulary of an installation, and finding its concepts anew in all texts."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import TYPE_CHECKING, TypeVar

from django.db import transaction
from django.db.models import Model, QuerySet
from django.utils import timezone

from verbund.language.skos import SkosFile
from verbund.web.core.services import end_run, note_progress, record, start_run
from verbund.web.directory.concepts import forget_version, row_of
from verbund.web.directory.models import Competence, Offer, Profile, Request, VocabularyVersion
from verbund.web.directory.services.index import concepts_of, index_entry
from verbund.web.directory.signals import profile_changed
from verbund.web.networks.models import Network, Organisation

if TYPE_CHECKING:
    from verbund.web.accounts.models import User

M = TypeVar("M", bound=Model)
RUN_KIND = "vocabulary"
_AT_ONCE = 200


@transaction.atomic
def read_version(file: SkosFile, *, name: str, by: User | None) -> VocabularyVersion:
    """Keep a vocabulary that was read, to be looked at; nothing changes for anybody yet."""
    version = VocabularyVersion.objects.create(
        made_by=by,
        title=(file.title or name)[:200],
        source=(file.source or name)[:300],
        concepts=[row_of(concept) for concept in file.concepts],
    )
    record(by, "read", version, {"concepts": len(file.concepts)})
    return version


@transaction.atomic
def use_version(version: VocabularyVersion | None, *, by: User | None) -> VocabularyVersion:
    """Go by a version from now on; None stands for the vocabulary the product brings.

    What members state under concepts the version lacks is kept and stands there again when it is
    taken back. The texts are searched anew by `find_concepts_anew`.
    """
    version = version or VocabularyVersion.objects.create(made_by=by)
    version.used_from = timezone.now()
    version.save(update_fields=["used_from"])
    record(by, "use", version)
    transaction.on_commit(forget_version)
    return version


@transaction.atomic
def discard_version(version: VocabularyVersion, *, by: User | None) -> bool:
    """Forget a version that was never in use; returns whether it was one."""
    if version.used_from:
        return False
    record(by, "discard", version)
    version.delete()
    return True


def find_concepts_anew() -> None:
    """Find the concepts of the vocabulary in use in all profiles, offers and requests.

    May run twice without harm; each batch is a transaction of its own.
    """
    run = start_run(RUN_KIND, "")
    profiles, offers, requests = Profile.objects.all(), Offer.objects.all(), Request.objects.all()
    total = sum(rows.count() for rows in (profiles, offers, requests)) or 1
    done = 0
    for batch in _batches(profiles):
        _anew_in_profiles(batch)
        done += len(batch)
        note_progress(run, done / total)
    for entries in chain[list[Offer] | list[Request]](_batches(offers), _batches(requests)):
        for entry in entries:
            index_entry(entry)
            type(entry).objects.filter(pk=entry.pk).update(concepts=entry.concepts)
        done += len(entries)
        note_progress(run, done / total)
    end_run(run)
    everywhere = frozenset(Network.objects.values_list("pk", flat=True))
    profile_changed.send(sender=Organisation, networks=everywhere)


def _batches(rows: QuerySet[M]) -> Iterator[list[M]]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        yield batch
        last = batch[-1].pk


@transaction.atomic
def _anew_in_profiles(profiles: list[Profile]) -> None:
    """Replace what the texts named; what somebody stated stays."""
    owners = [profile.organisation_id for profile in profiles]
    mine = Competence.objects.filter(organisation__in=owners)
    mine.filter(evidence=Competence.Evidence.TEXT).delete()
    stated = set(mine.values_list("organisation_id", "concept"))
    Competence.objects.bulk_create(
        Competence(organisation_id=profile.organisation_id, concept=concept)
        for profile in profiles
        for concept in sorted(concepts_of(profile))
        if (profile.organisation_id, concept) not in stated
    )
