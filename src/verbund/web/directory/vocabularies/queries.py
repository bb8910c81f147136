"""Versions of the vocabulary, and what a change of it means for the members."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count

from verbund.language.skos import Differences, compare
from verbund.language.vocabulary import Concept, ConceptKind, vocabulary
from verbund.web.directory.concepts import concept_of, vocabulary_in_use
from verbund.web.directory.models import Competence, VocabularyVersion

_SHOWN = 200  # concepts a list on the page names; the file has them all


def version_in_use() -> VocabularyVersion | None:
    """Return the version in use; None for the product's own."""
    used = VocabularyVersion.objects.exclude(used_from=None).order_by("-used_from", "-pk")
    newest = used.defer("concepts").first()
    return newest if newest and newest.title else None


def concepts_of_version(version: VocabularyVersion) -> list[Concept]:
    if not version.concepts:
        return list(vocabulary().concepts.values())
    return [concept_of(row) for row in version.concepts]


@dataclass(frozen=True)
class Removed:
    """A concept that goes, and how many members state it: kept, should it return."""

    concept: Concept
    stated: int


@dataclass(frozen=True)
class Preview:
    """What changes against the vocabulary in use; lists are cut, numbers are not."""

    differences: Differences
    new: list[Concept]
    changed: list[tuple[Concept, Concept]]
    removed: list[Removed]
    members: int


def preview_of(version: VocabularyVersion) -> Preview:
    now = vocabulary_in_use().concepts.values()
    differences = compare(now, concepts_of_version(version))
    gone = [concept.id for concept in differences.removed]
    stated = Competence.objects.filter(concept__in=gone).exclude(evidence=Competence.Evidence.TEXT)
    numbers = dict(stated.order_by().values_list("concept").annotate(Count("pk")))
    removed = [Removed(concept, numbers.get(concept.id, 0)) for concept in differences.removed]
    removed.sort(key=lambda one: (-one.stated, one.concept.id))
    return Preview(
        differences,
        list(differences.new[:_SHOWN]),
        list(differences.changed[:_SHOWN]),
        removed[:_SHOWN],
        stated.values("organisation").distinct().count(),
    )


def numbers_by_kind(concepts: Iterable[Concept]) -> list[tuple[ConceptKind, int]]:
    counted = Counter(concept.kind for concept in concepts)
    return [(kind, counted[kind]) for kind in ConceptKind]
